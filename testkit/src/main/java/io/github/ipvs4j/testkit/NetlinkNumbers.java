// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * Layout of {@code struct nlmsghdr} and {@code struct nlattr}, and the numbers of control messages, all in host order.
 *
 * <p>Like every class of numbers in this package it repeats, on purpose, what the library keeps for itself elsewhere:
 * it is a transcription of its own, so that a slip in one of the two shows in the first test that runs both.
 *
 * <p>Source: {@code include/uapi/linux/netlink.h}.
 */
final class NetlinkNumbers {
    static final int HEADER_SIZE = 16;
    static final int HEADER_LENGTH = 0;
    static final int HEADER_TYPE = 4;
    static final int HEADER_FLAGS = 6;
    static final int HEADER_SEQUENCE = 8;
    static final int HEADER_PORT_ID = 12;

    static final int ERROR = 2;
    static final int DONE = 3;
    static final int FIRST_FAMILY_TYPE = 16;

    static final int FLAG_REQUEST = 0x001;
    static final int FLAG_MULTI = 0x002;
    static final int FLAG_ACK = 0x004;
    static final int FLAG_DUMP_INTERRUPTED = 0x010;
    static final int FLAG_DUMP_FILTERED = 0x020;
    static final int FLAG_REPLACE = 0x100;
    static final int FLAG_EXCLUSIVE = 0x200;
    static final int FLAG_CREATE = 0x400;
    static final int FLAG_DUMP = 0x300;
    static final int FLAG_CAPPED = 0x100;
    static final int FLAG_ACK_ATTRIBUTES = 0x200;

    /** Length of {@code struct nfgenmsg}: family, version, resource. */
    static final int NETFILTER_HEADER = 4;

    static final int ATTRIBUTE_HEADER = 4;
    static final int ATTRIBUTE_TYPE_MASK = 0x3fff;
    static final int ATTRIBUTE_NETWORK_ORDER = 0x4000;
    static final int ATTRIBUTE_NESTED = 0x8000;

    /** Attributes of an extended acknowledgement. */
    static final int ACK_MESSAGE = 1;

    static final int ACK_OFFSET = 2;

    private NetlinkNumbers() {}

    static int align(int length) {
        return (length + 3) & ~3;
    }
}
