// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

/**
 * Numbers of the commands, the lower eight bits of {@code nlmsg_type} ({@code enum ipset_cmd}).
 *
 * <p>Source: {@code include/uapi/linux/netfilter/ipset/ip_set.h}.
 */
final class IpsetCommands {
    static final int PROTOCOL = 1;
    static final int CREATE = 2;
    static final int DESTROY = 3;
    static final int FLUSH = 4;
    static final int RENAME = 5;
    static final int SWAP = 6;
    static final int LIST = 7;
    static final int ADD = 9;
    static final int DELETE = 10;
    static final int TEST = 11;
    static final int HEADER = 12;
    static final int TYPE = 13;
    static final int GET_BY_NAME = 14;
    static final int GET_BY_INDEX = 15;

    private IpsetCommands() {}
}
