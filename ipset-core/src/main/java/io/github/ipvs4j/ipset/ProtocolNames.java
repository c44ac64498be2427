// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.Locale;
import java.util.Map;

/** The names that {@code ipset} uses for protocols and for the messages of ICMP. */
final class ProtocolNames {
    private static final Map<String, Integer> PROTOCOLS = Map.<String, Integer>ofEntries(
            Map.entry("icmp", 1),
            Map.entry("igmp", 2),
            Map.entry("ggp", 3),
            Map.entry("ipencap", 4),
            Map.entry("st", 5),
            Map.entry("tcp", 6),
            Map.entry("egp", 8),
            Map.entry("igp", 9),
            Map.entry("pup", 12),
            Map.entry("udp", 17),
            Map.entry("hmp", 20),
            Map.entry("xns-idp", 22),
            Map.entry("rdp", 27),
            Map.entry("iso-tp4", 29),
            Map.entry("dccp", 33),
            Map.entry("xtp", 36),
            Map.entry("ddp", 37),
            Map.entry("idpr-cmtp", 38),
            Map.entry("ipv6", 41),
            Map.entry("ipv6-route", 43),
            Map.entry("ipv6-frag", 44),
            Map.entry("idrp", 45),
            Map.entry("rsvp", 46),
            Map.entry("gre", 47),
            Map.entry("esp", 50),
            Map.entry("ah", 51),
            Map.entry("skip", 57),
            Map.entry("icmpv6", 58),
            Map.entry("ipv6-icmp", 58),
            Map.entry("ipv6-nonxt", 59),
            Map.entry("ipv6-opts", 60),
            Map.entry("rspf", 73),
            Map.entry("vmtp", 81),
            Map.entry("eigrp", 88),
            Map.entry("ospf", 89),
            Map.entry("ax.25", 93),
            Map.entry("ipip", 94),
            Map.entry("etherip", 97),
            Map.entry("encap", 98),
            Map.entry("pim", 103),
            Map.entry("ipcomp", 108),
            Map.entry("vrrp", 112),
            Map.entry("l2tp", 115),
            Map.entry("isis", 124),
            Map.entry("sctp", 132),
            Map.entry("fc", 133),
            Map.entry("mobility-header", 135),
            Map.entry("udplite", 136),
            Map.entry("mpls-in-ip", 137),
            Map.entry("manet", 138),
            Map.entry("hip", 139),
            Map.entry("shim6", 140),
            Map.entry("wesp", 141),
            Map.entry("rohc", 142),
            Map.entry("ethernet", 143));

    private static final Map<String, Integer> ICMP = Map.<String, Integer>ofEntries(
            Map.entry("echo-reply", 0),
            Map.entry("pong", 0),
            Map.entry("network-unreachable", 3 << 8),
            Map.entry("host-unreachable", 3 << 8 | 1),
            Map.entry("protocol-unreachable", 3 << 8 | 2),
            Map.entry("port-unreachable", 3 << 8 | 3),
            Map.entry("fragmentation-needed", 3 << 8 | 4),
            Map.entry("source-route-failed", 3 << 8 | 5),
            Map.entry("network-unknown", 3 << 8 | 6),
            Map.entry("host-unknown", 3 << 8 | 7),
            Map.entry("network-prohibited", 3 << 8 | 9),
            Map.entry("host-prohibited", 3 << 8 | 10),
            Map.entry("TOS-network-unreachable", 3 << 8 | 11),
            Map.entry("TOS-host-unreachable", 3 << 8 | 12),
            Map.entry("communication-prohibited", 3 << 8 | 13),
            Map.entry("host-precedence-violation", 3 << 8 | 14),
            Map.entry("precedence-cutoff", 3 << 8 | 15),
            Map.entry("source-quench", 4 << 8),
            Map.entry("network-redirect", 5 << 8),
            Map.entry("host-redirect", 5 << 8 | 1),
            Map.entry("TOS-network-redirect", 5 << 8 | 2),
            Map.entry("TOS-host-redirect", 5 << 8 | 3),
            Map.entry("echo-request", 8 << 8),
            Map.entry("ping", 8 << 8),
            Map.entry("router-advertisement", 9 << 8),
            Map.entry("router-solicitation", 10 << 8),
            Map.entry("ttl-zero-during-transit", 11 << 8),
            Map.entry("ttl-zero-during-reassembly", 11 << 8 | 1),
            Map.entry("ip-header-bad", 12 << 8),
            Map.entry("required-option-missing", 12 << 8 | 1),
            Map.entry("timestamp-request", 13 << 8),
            Map.entry("timestamp-reply", 14 << 8),
            Map.entry("address-mask-request", 17 << 8),
            Map.entry("address-mask-reply", 18 << 8));

    private static final Map<String, Integer> ICMPV6 = Map.<String, Integer>ofEntries(
            Map.entry("no-route", 1 << 8),
            Map.entry("communication-prohibited", 1 << 8 | 1),
            Map.entry("address-unreachable", 1 << 8 | 3),
            Map.entry("port-unreachable", 1 << 8 | 4),
            Map.entry("packet-too-big", 2 << 8),
            Map.entry("ttl-zero-during-transit", 3 << 8),
            Map.entry("ttl-zero-during-reassembly", 3 << 8 | 1),
            Map.entry("bad-header", 4 << 8),
            Map.entry("unknown-header-type", 4 << 8 | 1),
            Map.entry("unknown-option", 4 << 8 | 2),
            Map.entry("echo-request", 128 << 8),
            Map.entry("ping", 128 << 8),
            Map.entry("echo-reply", 129 << 8),
            Map.entry("pong", 129 << 8),
            Map.entry("router-solicitation", 133 << 8),
            Map.entry("router-advertisement", 134 << 8),
            Map.entry("neighbour-solicitation", 135 << 8),
            Map.entry("neigbour-solicitation", 135 << 8),
            Map.entry("neighbour-advertisement", 136 << 8),
            Map.entry("neigbour-advertisement", 136 << 8),
            Map.entry("redirect", 137 << 8));

    private ProtocolNames() {}

    static boolean isIcmp(int protocol) {
        return protocol == SetProtocol.ICMP.number() || protocol == SetProtocol.ICMPV6.number();
    }

    static int protocol(String text) {
        Integer known = PROTOCOLS.get(text.toLowerCase(Locale.ROOT));
        int number = known != null ? known : text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
        if (!SetProtocol.isNumber(number)) {
            throw new IllegalArgumentException("unknown protocol '" + text + "'");
        }
        return number;
    }

    /** Reads a port; of ICMP a name, or type and code with a slash in between. */
    static int port(int protocol, String text) {
        if (isIcmp(protocol)) {
            Integer known = (protocol == SetProtocol.ICMP.number() ? ICMP : ICMPV6).get(text);
            if (known != null) {
                return known;
            }
            int slash = text.indexOf('/');
            if (slash > 0) {
                return number(text.substring(0, slash), 0xff) << Byte.SIZE | number(text.substring(slash + 1), 0xff);
            }
        }
        return number(text, 0xffff);
    }

    private static int number(String text, int most) {
        int number = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
        if (number < 0 || number > most) {
            throw new IllegalArgumentException("port '" + text + "': expected a number of at most " + most);
        }
        return number;
    }
}
