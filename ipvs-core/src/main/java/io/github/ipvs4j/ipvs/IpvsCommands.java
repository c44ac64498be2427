// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/**
 * Numbers of the commands of the generic-netlink family IPVS, and of the attributes at the top of a message.
 *
 * <pre>
 *   nlmsghdr | genlmsghdr: command, version 1 | SERVICE { ... } | DESTINATION { ... } | DAEMON { ... } | TIMEOUT_* u32
 * </pre>
 *
 * <p>The answers of a listing carry the number of the command that would make what they list. Source:
 * {@code include/uapi/linux/ip_vs.h}, under the kernel's names {@code IPVS_CMD_*}.
 */
final class IpvsCommands {
    static final String FAMILY = "IPVS";
    static final int VERSION = 1;

    static final int NEW_SERVICE = 1;
    static final int SET_SERVICE = 2;
    static final int DELETE_SERVICE = 3;

    /** One service, or with the dump flag all of them; answered by {@link #NEW_SERVICE}. */
    static final int GET_SERVICE = 4;

    static final int NEW_DESTINATION = 5;
    static final int SET_DESTINATION = 6;
    static final int DELETE_DESTINATION = 7;

    /** With the dump flag only; answered by {@link #NEW_DESTINATION} without the service. */
    static final int GET_DESTINATION = 8;

    static final int NEW_DAEMON = 9;
    static final int DELETE_DAEMON = 10;

    /** With the dump flag only; answered by {@link #NEW_DAEMON}. */
    static final int GET_DAEMON = 11;

    static final int SET_CONFIG = 12;

    /** Answered by {@link #SET_CONFIG}. */
    static final int GET_CONFIG = 13;

    /** In answers only. */
    static final int SET_INFO = 14;

    /** Answered by {@link #SET_INFO}, with attributes of its own. */
    static final int GET_INFO = 15;

    /** Statistics of one service, or without attributes of all. */
    static final int ZERO = 16;

    static final int FLUSH = 17;

    /** Nest of {@link ServiceAttributes}. */
    static final int SERVICE = 1;

    /** Nest of {@link DestinationAttributes}. */
    static final int DESTINATION = 2;

    /** Nest of {@link DaemonAttributes}. */
    static final int DAEMON = 3;

    /** u32: seconds; 0 changes nothing. */
    static final int TIMEOUT_TCP = 4;

    /** u32: seconds; 0 changes nothing. */
    static final int TIMEOUT_TCP_FIN = 5;

    /** u32: seconds; 0 changes nothing. */
    static final int TIMEOUT_UDP = 6;

    /** u32, in answers to {@link #GET_INFO}: major, minor and patch in a byte each. */
    static final int INFO_VERSION = 1;

    /** u32, in answers to {@link #GET_INFO}: buckets. */
    static final int INFO_TABLE_SIZE = 2;

    private IpvsCommands() {}
}
