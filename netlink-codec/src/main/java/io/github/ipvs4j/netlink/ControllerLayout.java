// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Numbers of the generic-netlink controller {@code nlctrl}, which tells the numbers of all other families. Integers are
 * in host order.
 *
 * <pre>
 *   0          16        17        18         20
 *   +----------+---------+---------+----------+------------------------------
 *   | nlmsghdr | command | version | reserved | FAMILY_NAME FAMILY_ID ...
 *   +----------+---------+---------+----------+------------------------------
 *
 *   OPERATIONS    = { 1 { ID FLAGS }  2 { ID FLAGS } ... }
 *   GROUPS        = { 1 { NAME ID }   2 { NAME ID }  ... }
 *   POLICY        = { policy { attribute { what it must look like } } }   one attribute a message
 *   OPERATION_POLICY = { command { DO, DUMP } }                           one command a message
 * </pre>
 *
 * <p>Source: {@code include/uapi/linux/genetlink.h}.
 */
final class ControllerLayout {
    /** The controller's own family number is fixed. */
    static final int FAMILY = 16;

    static final int VERSION = 1;
    static final int GET_FAMILY = 3;
    static final int GET_POLICY = 10;

    /** u16. */
    static final int FAMILY_ID = 1;

    /** NUL-terminated, at most 15 characters. */
    static final int FAMILY_NAME = 2;

    /** u32 each. */
    static final int FAMILY_VERSION = 3;

    static final int HEADER_SIZE = 4;
    static final int MAX_ATTRIBUTE = 5;

    /** Nests of nests. */
    static final int OPERATIONS = 6;

    static final int GROUPS = 7;
    static final int POLICY = 8;
    static final int OPERATION_POLICY = 9;

    /** u32 each. */
    static final int OPERATION_ID = 1;

    static final int OPERATION_FLAGS = 2;

    /** String and u32. */
    static final int GROUP_NAME = 1;

    static final int GROUP_ID = 2;

    /** u32 each: number of the policy that the plain and the listing form of a command follow. */
    static final int POLICY_DO = 1;

    static final int POLICY_DUMP = 2;

    /** Bytes of {@code struct genlmsghdr}. */
    static final int GENERIC_HEADER = 4;

    private ControllerLayout() {}
}
