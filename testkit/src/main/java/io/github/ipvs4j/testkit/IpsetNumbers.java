// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * Numbers of the nfnetlink subsystem ipset. Integers are in network order, and flagged so, but for the nfnetlink
 * header.
 *
 * <p>Source: {@code include/uapi/linux/netfilter/nfnetlink.h}, {@code include/uapi/linux/netfilter/ipset/ip_set.h},
 * {@code ip_set_hash.h} and {@code ip_set_bitmap.h}.
 */
final class IpsetNumbers {
    static final int SUBSYSTEM = 6;

    /** Length of {@code struct nfgenmsg}: family, version, resource. */
    static final int HEADER = 4;

    static final int FAMILY_IPV4 = 2;
    static final int PROTOCOL_VERSION = 7;
    static final int PROTOCOL_OLDEST = 6;
    static final int MAX_NAME = 31;

    static final int NONE = 0;
    static final int PROTOCOL = 1;
    static final int CREATE = 2;
    static final int DESTROY = 3;
    static final int FLUSH = 4;
    static final int RENAME = 5;
    static final int SWAP = 6;
    static final int LIST = 7;
    static final int SAVE = 8;
    static final int ADD = 9;
    static final int DEL = 10;
    static final int TEST = 11;
    static final int GET_HEADER = 12;
    static final int TYPE = 13;
    static final int GET_BY_NAME = 14;
    static final int GET_BY_INDEX = 15;

    static final int ATTR_PROTOCOL = 1;
    static final int ATTR_NAME = 2;
    static final int ATTR_TYPE_NAME = 3;
    static final int ATTR_NAME2 = 3;
    static final int ATTR_REVISION = 4;
    static final int ATTR_FAMILY = 5;
    static final int ATTR_FLAGS = 6;
    static final int ATTR_DATA = 7;
    static final int ATTR_ENTRIES = 8;
    static final int ATTR_LINE = 9;
    static final int ATTR_PROTOCOL_MIN = 10;
    static final int ATTR_REVISION_MIN = 10;
    static final int ATTR_INDEX = 11;
    static final int ATTR_MAX = 11;

    /** In DATA, whatever the command. */
    static final int IP = 1;

    static final int IP_TO = 2;
    static final int CIDR = 3;
    static final int PORT = 4;
    static final int PORT_TO = 5;
    static final int TIMEOUT = 6;
    static final int PROTO = 7;
    static final int CADT_FLAGS = 8;
    static final int LINE = 9;
    static final int MARK = 10;
    static final int MARK_MASK = 11;

    /** In DATA of CREATE. */
    static final int BITMASK = 12;

    static final int INITVAL = 17;

    static final int HASH_SIZE = 18;
    static final int MAX_ELEMENTS = 19;
    static final int NETMASK = 20;
    static final int BUCKET_SIZE = 21;
    static final int RESIZE = 22;
    static final int SIZE = 23;
    static final int ELEMENTS = 24;
    static final int REFERENCES = 25;
    static final int MEMORY = 26;
    static final int CREATE_MAX = 27;

    /** In DATA of ADD, DEL and TEST. */
    static final int ETHER = 17;

    static final int NAME = 18;
    static final int NAME_REFERENCE = 19;
    static final int IP2 = 20;
    static final int CIDR2 = 21;
    static final int IP2_TO = 22;
    static final int DEVICE = 23;
    static final int BYTES = 24;
    static final int PACKETS = 25;
    static final int COMMENT = 26;
    static final int SKB_MARK = 27;
    static final int SKB_PRIORITY = 28;
    static final int SKB_QUEUE = 29;
    static final int ADT_MAX = 30;

    /** Within an address. */
    static final int ADDRESS_IPV4 = 1;

    static final int ADDRESS_IPV6 = 2;
    static final int ADDRESS_MAX = 2;

    static final int FLAG_LIST_NAMES = 2;
    static final int FLAG_LIST_HEADERS = 4;

    static final int FLAG_BEFORE = 1;
    static final int FLAG_PHYSICAL = 2;
    static final int FLAG_NOMATCH = 4;
    static final int FLAG_COUNTERS = 8;
    static final int FLAG_COMMENT = 16;
    static final int FLAG_FORCE_ADD = 32;
    static final int FLAG_SKBINFO = 64;
    static final int FLAG_WILDCARD = 128;

    static final int MAX_COMMENT = 255;
    static final int MAX_DEVICE = 15;
    static final int ETHER_LENGTH = 6;

    /** Where it is the default of a set, elements stay. */
    static final int NO_TIMEOUT = -1;

    /** In seconds: more does not fit into 32 bits of milliseconds. */
    static final int LONGEST_TIMEOUT = 2_147_483;

    static final int ERR_PROTOCOL = 4097;
    static final int ERR_FIND_TYPE = 4098;
    static final int ERR_BUSY = 4100;
    static final int ERR_EXIST_NAME2 = 4101;
    static final int ERR_TYPE_MISMATCH = 4102;
    static final int ERR_EXIST = 4103;
    static final int ERR_INVALID_CIDR = 4104;
    static final int ERR_INVALID_NETMASK = 4105;
    static final int ERR_INVALID_FAMILY = 4106;
    static final int ERR_TIMEOUT = 4107;
    static final int ERR_REFERENCED = 4108;
    static final int ERR_COUNTER = 4111;
    static final int ERR_COMMENT = 4112;
    static final int ERR_SKBINFO = 4114;
    static final int ERR_HASH_FULL = 4352;
    static final int ERR_HASH_ELEMENT = 4353;
    static final int ERR_INVALID_PROTO = 4354;
    static final int ERR_MISSING_PROTO = 4355;
    static final int ERR_RANGE_UNSUPPORTED = 4356;
    static final int ERR_HASH_RANGE = 4357;
    static final int ERR_INVALID_MARK_MASK = 4113;
    static final int ERR_TWO_MASKS = 4115;
    static final int ERR_BITMAP_RANGE_SIZE = 4353;
    static final int ERR_NAME = 4352;
    static final int ERR_LOOP = 4353;
    static final int ERR_BEFORE = 4354;
    static final int ERR_NAME_REFERENCE = 4355;
    static final int ERR_REFERENCE_EXISTS = 4357;

    /** Of {@code hash:ip,mac} alone, and positive on the wire. */
    static final int ERR_POSITIVE_ONE = -1;

    static final int ERR_BITMAP_RANGE = 4352;

    private IpsetNumbers() {}
}
