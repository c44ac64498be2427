// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * Numbers of the generic-netlink family {@code IPVS}. Integers are in host order but for ports and the IPv4 netmask.
 *
 * <p>Source: {@code include/uapi/linux/ip_vs.h}.
 */
final class IpvsNumbers {
    static final String FAMILY_NAME = "IPVS";
    static final int VERSION = 1;

    static final int NEW_SERVICE = 1;
    static final int SET_SERVICE = 2;
    static final int DEL_SERVICE = 3;
    static final int GET_SERVICE = 4;
    static final int NEW_DEST = 5;
    static final int SET_DEST = 6;
    static final int DEL_DEST = 7;
    static final int GET_DEST = 8;
    static final int NEW_DAEMON = 9;
    static final int DEL_DAEMON = 10;
    static final int GET_DAEMON = 11;
    static final int SET_CONFIG = 12;
    static final int GET_CONFIG = 13;
    static final int SET_INFO = 14;
    static final int GET_INFO = 15;
    static final int ZERO = 16;
    static final int FLUSH = 17;

    static final int SERVICE = 1;
    static final int DEST = 2;
    static final int DAEMON = 3;
    static final int TIMEOUT_TCP = 4;
    static final int TIMEOUT_TCP_FIN = 5;
    static final int TIMEOUT_UDP = 6;
    static final int COMMAND_MAX = 6;

    static final int INFO_VERSION = 1;
    static final int INFO_TABLE_SIZE = 2;

    static final int SVC_FAMILY = 1;
    static final int SVC_PROTOCOL = 2;
    static final int SVC_ADDRESS = 3;
    static final int SVC_PORT = 4;
    static final int SVC_MARK = 5;
    static final int SVC_SCHEDULER = 6;
    static final int SVC_FLAGS = 7;
    static final int SVC_TIMEOUT = 8;
    static final int SVC_NETMASK = 9;
    static final int SVC_STATS = 10;
    static final int SVC_ENGINE = 11;
    static final int SVC_STATS64 = 12;
    static final int SVC_MAX = 12;

    static final int DEST_ADDRESS = 1;
    static final int DEST_PORT = 2;
    static final int DEST_METHOD = 3;
    static final int DEST_WEIGHT = 4;
    static final int DEST_UPPER = 5;
    static final int DEST_LOWER = 6;
    static final int DEST_ACTIVE = 7;
    static final int DEST_INACTIVE = 8;
    static final int DEST_PERSISTENT = 9;
    static final int DEST_STATS = 10;
    static final int DEST_FAMILY = 11;
    static final int DEST_STATS64 = 12;
    static final int DEST_TUNNEL_TYPE = 13;
    static final int DEST_TUNNEL_PORT = 14;
    static final int DEST_TUNNEL_FLAGS = 15;
    static final int DEST_MAX = 15;

    static final int DAEMON_STATE = 1;
    static final int DAEMON_INTERFACE = 2;
    static final int DAEMON_SYNC_ID = 3;
    static final int DAEMON_MAX_LENGTH = 4;
    static final int DAEMON_GROUP = 5;
    static final int DAEMON_GROUP_IPV6 = 6;

    /** In host order, unlike other ports. */
    static final int DAEMON_PORT = 7;

    static final int DAEMON_TTL = 8;
    static final int DAEMON_MAX = 8;

    static final int MASTER = 1;
    static final int BACKUP = 2;

    /** Connections, packets and bytes both ways, then the rates of all five, numbered from 1. */
    static final int STATS_COUNT = 10;

    static final int STATS_IN_BYTES = 4;
    static final int STATS_OUT_BYTES = 5;
    static final int STATS_PAD = 11;

    static final int FLAG_PERSISTENT = 0x0001;
    static final int FLAG_HASHED = 0x0002;
    static final int FLAG_ONE_PACKET = 0x0004;
    static final int FLAG_SCHEDULER_1 = 0x0008;
    static final int FLAG_SCHEDULER_2 = 0x0010;

    static final int METHOD_MASK = 7;
    static final int METHOD_MASQUERADE = 0;
    static final int METHOD_TUNNEL = 2;
    static final int METHOD_DIRECT = 3;

    static final int TUNNEL_GUE = 1;
    static final int TUNNEL_GRE = 2;

    /** A union of both address types. */
    static final int ADDRESS_SIZE = 16;

    static final int SCHEDULER_NAME_MAX = 15;
    static final int ENGINE_NAME_MAX = 16;

    private IpvsNumbers() {}
}
