// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static io.github.ipvs4j.netlink.AttributeKind.ADDRESS;
import static io.github.ipvs4j.netlink.AttributeKind.BITS32;
import static io.github.ipvs4j.netlink.AttributeKind.BYTES;
import static io.github.ipvs4j.netlink.AttributeKind.FLAG;
import static io.github.ipvs4j.netlink.AttributeKind.STRING;
import static io.github.ipvs4j.netlink.AttributeKind.U16;
import static io.github.ipvs4j.netlink.AttributeKind.U32;
import static io.github.ipvs4j.netlink.AttributeKind.U8;

import io.github.ipvs4j.netlink.MessageFormat.Field;
import java.util.List;
import java.util.Optional;

/**
 * Names of rtnetlink's messages and attributes for links, addresses and routes.
 *
 * <p>Source: {@code include/uapi/linux/rtnetlink.h}, {@code if_link.h}, {@code if_addr.h}.
 */
final class RouteNames {
    private static final MessageFormat.Header LINK_HEADER = new MessageFormat.Header(
            RouteLayout.LINK_HEADER,
            List.of(
                    new Field(0, "ifi_family", U8),
                    new Field(2, "ifi_type", U16),
                    new Field(4, "ifi_index", U32),
                    new Field(8, "ifi_flags", BITS32),
                    new Field(12, "ifi_change", BITS32)));

    private static final MessageFormat.Header ADDRESS_HEADER = new MessageFormat.Header(
            RouteLayout.ADDRESS_HEADER,
            List.of(
                    new Field(0, "ifa_family", U8),
                    new Field(1, "ifa_prefixlen", U8),
                    new Field(2, "ifa_flags", U8),
                    new Field(3, "ifa_scope", U8),
                    new Field(4, "ifa_index", U32)));

    private static final MessageFormat.Header ROUTE_HEADER = new MessageFormat.Header(
            RouteLayout.ROUTE_HEADER,
            List.of(
                    new Field(0, "rtm_family", U8),
                    new Field(1, "rtm_dst_len", U8),
                    new Field(2, "rtm_src_len", U8),
                    new Field(3, "rtm_tos", U8),
                    new Field(4, "rtm_table", U8),
                    new Field(5, "rtm_protocol", U8),
                    new Field(6, "rtm_scope", U8),
                    new Field(7, "rtm_type", U8),
                    new Field(8, "rtm_flags", BITS32)));

    private static final AttributeTable LINK_INFO = AttributeTable.builder()
            .is(1, "IFLA_INFO_KIND", STRING)
            .is(2, "IFLA_INFO_DATA", BYTES)
            .is(3, "IFLA_INFO_XSTATS", BYTES)
            .is(4, "IFLA_INFO_SLAVE_KIND", STRING)
            .is(5, "IFLA_INFO_SLAVE_DATA", BYTES)
            .build();

    private static final AttributeTable LINK_PROPERTIES =
            AttributeTable.builder().is(53, "IFLA_ALT_IFNAME", STRING).build();

    private static final AttributeTable LINK = AttributeTable.builder()
            .is(1, "IFLA_ADDRESS", BYTES)
            .is(2, "IFLA_BROADCAST", BYTES)
            .is(3, "IFLA_IFNAME", STRING)
            .is(4, "IFLA_MTU", U32)
            .is(5, "IFLA_LINK", U32)
            .is(6, "IFLA_QDISC", STRING)
            .is(7, "IFLA_STATS", BYTES)
            .is(10, "IFLA_MASTER", U32)
            .is(12, "IFLA_PROTINFO", BYTES)
            .is(13, "IFLA_TXQLEN", U32)
            .is(14, "IFLA_MAP", BYTES)
            .is(16, "IFLA_OPERSTATE", U8)
            .is(17, "IFLA_LINKMODE", U8)
            .nest(18, "IFLA_LINKINFO", LINK_INFO)
            .is(19, "IFLA_NET_NS_PID", U32)
            .is(20, "IFLA_IFALIAS", STRING)
            .is(21, "IFLA_NUM_VF", U32)
            .is(23, "IFLA_STATS64", BYTES)
            .is(26, "IFLA_AF_SPEC", BYTES)
            .is(27, "IFLA_GROUP", U32)
            .is(28, "IFLA_NET_NS_FD", U32)
            .is(29, "IFLA_EXT_MASK", BITS32)
            .is(30, "IFLA_PROMISCUITY", U32)
            .is(31, "IFLA_NUM_TX_QUEUES", U32)
            .is(32, "IFLA_NUM_RX_QUEUES", U32)
            .is(33, "IFLA_CARRIER", U8)
            .is(34, "IFLA_PHYS_PORT_ID", BYTES)
            .is(35, "IFLA_CARRIER_CHANGES", U32)
            .is(36, "IFLA_PHYS_SWITCH_ID", BYTES)
            .is(37, "IFLA_LINK_NETNSID", U32)
            .is(38, "IFLA_PHYS_PORT_NAME", STRING)
            .is(39, "IFLA_PROTO_DOWN", U8)
            .is(40, "IFLA_GSO_MAX_SEGS", U32)
            .is(41, "IFLA_GSO_MAX_SIZE", U32)
            .is(42, "IFLA_PAD", FLAG)
            .is(43, "IFLA_XDP", BYTES)
            .is(44, "IFLA_EVENT", U32)
            .is(45, "IFLA_NEW_NETNSID", U32)
            .is(46, "IFLA_TARGET_NETNSID", U32)
            .is(47, "IFLA_CARRIER_UP_COUNT", U32)
            .is(48, "IFLA_CARRIER_DOWN_COUNT", U32)
            .is(49, "IFLA_NEW_IFINDEX", U32)
            .is(50, "IFLA_MIN_MTU", U32)
            .is(51, "IFLA_MAX_MTU", U32)
            .nest(52, "IFLA_PROP_LIST", LINK_PROPERTIES)
            .is(53, "IFLA_ALT_IFNAME", STRING)
            .is(54, "IFLA_PERM_ADDRESS", BYTES)
            .is(56, "IFLA_PARENT_DEV_NAME", STRING)
            .is(57, "IFLA_PARENT_DEV_BUS_NAME", STRING)
            .is(58, "IFLA_GRO_MAX_SIZE", U32)
            .is(59, "IFLA_TSO_MAX_SIZE", U32)
            .is(60, "IFLA_TSO_MAX_SEGS", U32)
            .is(61, "IFLA_ALLMULTI", U32)
            .is(63, "IFLA_GSO_IPV4_MAX_SIZE", U32)
            .is(64, "IFLA_GRO_IPV4_MAX_SIZE", U32)
            .build();

    private static final AttributeTable INTERFACE_ADDRESS = AttributeTable.builder()
            .is(1, "IFA_ADDRESS", ADDRESS)
            .is(2, "IFA_LOCAL", ADDRESS)
            .is(3, "IFA_LABEL", STRING)
            .is(4, "IFA_BROADCAST", ADDRESS)
            .is(5, "IFA_ANYCAST", ADDRESS)
            .is(6, "IFA_CACHEINFO", BYTES)
            .is(7, "IFA_MULTICAST", ADDRESS)
            .is(8, "IFA_FLAGS", BITS32)
            .is(9, "IFA_RT_PRIORITY", U32)
            .is(10, "IFA_TARGET_NETNSID", U32)
            .is(11, "IFA_PROTO", U8)
            .build();

    private static final AttributeTable ROUTE = AttributeTable.builder()
            .is(1, "RTA_DST", ADDRESS)
            .is(2, "RTA_SRC", ADDRESS)
            .is(3, "RTA_IIF", U32)
            .is(4, "RTA_OIF", U32)
            .is(5, "RTA_GATEWAY", ADDRESS)
            .is(6, "RTA_PRIORITY", U32)
            .is(7, "RTA_PREFSRC", ADDRESS)
            .is(8, "RTA_METRICS", BYTES)
            .is(9, "RTA_MULTIPATH", BYTES)
            .is(11, "RTA_FLOW", U32)
            .is(12, "RTA_CACHEINFO", BYTES)
            .is(15, "RTA_TABLE", U32)
            .is(16, "RTA_MARK", BITS32)
            .is(18, "RTA_VIA", BYTES)
            .is(20, "RTA_PREF", U8)
            .is(21, "RTA_ENCAP_TYPE", U16)
            .is(22, "RTA_ENCAP", BYTES)
            .is(23, "RTA_EXPIRES", U32)
            .is(24, "RTA_PAD", FLAG)
            .is(25, "RTA_UID", U32)
            .is(30, "RTA_NH_ID", U32)
            .build();

    private RouteNames() {}

    /** Returns empty for messages about other things than links, addresses and routes. */
    static Optional<MessageFormat> message(int type) {
        return Optional.ofNullable(
                switch (type) {
                    case RouteLayout.NEW_LINK -> new MessageFormat("RTM_NEWLINK", LINK_HEADER, LINK);
                    case RouteLayout.DELETE_LINK -> new MessageFormat("RTM_DELLINK", LINK_HEADER, LINK);
                    case RouteLayout.GET_LINK -> new MessageFormat("RTM_GETLINK", LINK_HEADER, LINK);
                    case RouteLayout.SET_LINK -> new MessageFormat("RTM_SETLINK", LINK_HEADER, LINK);
                    case RouteLayout.NEW_ADDRESS -> new MessageFormat("RTM_NEWADDR", ADDRESS_HEADER, INTERFACE_ADDRESS);
                    case RouteLayout.DELETE_ADDRESS ->
                        new MessageFormat("RTM_DELADDR", ADDRESS_HEADER, INTERFACE_ADDRESS);
                    case RouteLayout.GET_ADDRESS -> new MessageFormat("RTM_GETADDR", ADDRESS_HEADER, INTERFACE_ADDRESS);
                    case RouteLayout.NEW_ROUTE -> new MessageFormat("RTM_NEWROUTE", ROUTE_HEADER, ROUTE);
                    case RouteLayout.DELETE_ROUTE -> new MessageFormat("RTM_DELROUTE", ROUTE_HEADER, ROUTE);
                    case RouteLayout.GET_ROUTE -> new MessageFormat("RTM_GETROUTE", ROUTE_HEADER, ROUTE);
                    default -> null;
                });
    }
}
