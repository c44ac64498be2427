// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/**
 * Numbers of the commands of the generic-netlink family IPVS, and of the attributes at the top of a message.
 *
 * <pre>
 *   nlmsghdr | genlmsghdr: command, version 1 | SERVICE { ... } | DESTINATION { ... }
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

    /** Nest of {@link ServiceAttributes}. */
    static final int SERVICE = 1;

    /** Nest of {@link DestinationAttributes}. */
    static final int DESTINATION = 2;

    private IpvsCommands() {}
}
