// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * Numbers of the generic-netlink controller {@code nlctrl}, in host order.
 *
 * <p>Source: {@code include/uapi/linux/genetlink.h}.
 */
final class GenericNumbers {
    /** Length of {@code struct genlmsghdr}: command, version, two reserved bytes. */
    static final int HEADER = 4;

    static final int CONTROLLER = 16;
    static final int CONTROLLER_VERSION = 2;
    static final String CONTROLLER_NAME = "nlctrl";
    static final int NEW_FAMILY = 1;
    static final int GET_FAMILY = 3;
    static final int GET_POLICY = 10;

    static final int FAMILY_ID = 1;
    static final int FAMILY_NAME = 2;
    static final int VERSION = 3;
    static final int HEADER_SIZE = 4;
    static final int MAX_ATTRIBUTE = 5;
    static final int OPERATIONS = 6;
    static final int GROUPS = 7;
    static final int OPERATION_ID = 1;
    static final int OPERATION_FLAGS = 2;
    static final int GROUP_NAME = 1;
    static final int GROUP_ID = 2;
    static final int MAX = 10;

    static final int MAX_NAME = 15;

    /** The controller's lowest command whose header is checked in full. */
    static final int FIRST_STRICT_COMMAND = 11;

    /** Request, acknowledgement, echo: all that such a command may have beside the flags of a listing. */
    static final int STRICT_FLAGS = 0x1 | 0x4 | 0x8;

    /** What an operation is: needs the capability, acts, lists, checks its attributes. */
    static final int NEEDS_ADMIN = 0x01;

    static final int CAN_DO = 0x02;
    static final int CAN_DUMP = 0x04;
    static final int HAS_POLICY = 0x08;

    private GenericNumbers() {}
}
