// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;

/** Reads an entry with what it carries, as it stands behind the name of a set. */
final class EntryParser {
    private final ScriptLine line;
    private final SetDefinition set;
    private final EntryParts from = new EntryParts();
    private final EntryParts to = new EntryParts();
    private EntryOptions options = EntryOptions.NONE;
    private long packets;
    private long bytes;
    private boolean counts;
    private boolean wildcard;

    EntryParser(ScriptLine line, SetDefinition set) {
        this.line = line;
        this.set = set;
    }

    SetMember member() {
        String text = line.next("an entry of a set of type " + set.type());
        int place = line.mark();
        while (line.hasNext()) {
            try {
                option(line.next("an option"));
            } catch (IpsetSyntaxException e) {
                throw e;
            } catch (IllegalArgumentException e) {
                throw line.problem(String.valueOf(e.getMessage()));
            }
        }
        if (counts) {
            options = options.withCounters(packets, bytes);
        }
        SetMember member = new SetMember(spec(text, place), options);
        if (!set.accepts(member)) {
            throw line.problemAt(place, 0, "entry " + member + " does not fit into set " + set);
        }
        return member;
    }

    private void option(String option) {
        switch (option) {
            case "timeout" -> options = options.withTimeout(line.number("timeout"));
            case "packets" -> packets = counter(line.next("a number"));
            case "bytes" -> bytes = counter(line.next("a number"));
            case "comment" -> options = options.withComment(line.next("a comment"));
            case "skbmark" -> options = withMark(line.next("a mark"));
            case "skbprio" -> options = withPriority(line.next("a priority"));
            case "skbqueue" -> options = options.withQueue((int) line.number("skbqueue"));
            case "nomatch" -> options = options.withNomatch(true);
            case "wildcard" -> wildcard = true;
            case "before" -> options = options.withPlacement(new EntryOptions.Placement(true, line.name()));
            case "after" -> options = options.withPlacement(new EntryOptions.Placement(false, line.name()));
            default -> throw line.problem("unknown option '" + option + "'");
        }
    }

    private long counter(String text) {
        counts = true;
        return Long.parseUnsignedLong(text);
    }

    private EntryOptions withMark(String text) {
        int slash = text.indexOf('/');
        long mark = line.number("skbmark", slash < 0 ? text : text.substring(0, slash), 0);
        long mask = slash < 0 ? -1 : line.number("mask", text.substring(slash + 1), slash + 1);
        return options.withMark((int) mark, (int) mask);
    }

    private EntryOptions withPriority(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw line.problem("skbprio '" + text + "': expected two hexadecimal numbers such as 1:2");
        }
        return options.withPriority(
                Integer.parseInt(text.substring(0, colon), 16), Integer.parseInt(text.substring(colon + 1), 16));
    }

    private EntrySpec spec(String text, int place) {
        String[] kinds = set.type()
                .kernelName()
                .substring(set.type().kernelName().indexOf(':') + 1)
                .split(",", -1);
        String[] parts = text.split(",", -1);
        boolean shortened = set.type() == SetType.BITMAP_IP_MAC && parts.length == 1;
        if (parts.length != kinds.length && !shortened) {
            throw line.problemAt(
                    place, 0, "entry '" + text + "': expected " + kinds.length + " parts, as " + set.type() + " says");
        }
        from.clear();
        to.clear();
        from.wildcard = wildcard;
        to.wildcard = wildcard;
        int offset = 0;
        for (int i = 0; i < parts.length; i++) {
            try {
                part(kinds[i], parts[i], i == 0);
            } catch (IllegalArgumentException e) {
                throw line.problemAt(place, offset, String.valueOf(e.getMessage()));
            }
            offset += parts[i].length() + 1;
        }
        SetEntry first = from.entry(set.type());
        SetEntry last = to.entry(set.type());
        if (first == null || last == null) {
            throw line.problemAt(place, 0, "entry '" + text + "' does not fit into a set of type " + set.type());
        }
        try {
            return first.equals(last) ? first : new EntryRange(first, last);
        } catch (IllegalArgumentException e) {
            throw line.problemAt(place, 0, String.valueOf(e.getMessage()));
        }
    }

    private void part(String kind, String text, boolean first) {
        switch (kind) {
            case "ip" -> address(text, first, false);
            case "net" -> address(text, first, true);
            case "port" -> port(text);
            case "mac" -> {
                from.mac = MacAddress.of(text);
                to.mac = from.mac;
            }
            case "mark" -> {
                from.mark = Long.decode(text).intValue();
                from.hasMark = true;
                to.mark = from.mark;
                to.hasMark = true;
            }
            case "iface" -> device(text);
            default -> {
                from.name = text;
                to.name = text;
            }
        }
    }

    private void device(String text) {
        boolean physical = text.startsWith("physdev:");
        from.name = physical ? text.substring("physdev:".length()) : text;
        from.physical = physical;
        to.name = from.name;
        to.physical = physical;
    }

    private void address(String text, boolean first, boolean network) {
        String plain = text.replace("[", "").replace("]", "");
        int dash = plain.indexOf('-');
        IpPrefix low = IpPrefix.of(dash < 0 ? plain : plain.substring(0, dash));
        IpAddress high = dash < 0 ? low.address() : IpAddress.of(plain.substring(dash + 1));
        int prefix = low.length() == low.family().maxPrefixLength() ? -1 : low.length();
        if (prefix >= 0 && (dash >= 0 || (!network && !first))) {
            throw new IllegalArgumentException("block '" + text + "': expected an address");
        }
        if (prefix >= 0 && !network) {
            high = CreateParser.last(low);
            prefix = -1;
        }
        boolean ascending = low.address().compareTo(high) <= 0;
        set(from, first, ascending ? low.address() : high, prefix);
        set(to, first, ascending ? high : low.address(), prefix);
    }

    private static void set(EntryParts parts, boolean first, IpAddress address, int prefix) {
        if (first) {
            parts.address = address;
            parts.prefix = prefix;
        } else {
            parts.second = address;
            parts.secondPrefix = prefix;
        }
    }

    private void port(String text) {
        int colon = text.indexOf(':');
        int protocol = set.type() == SetType.BITMAP_PORT
                ? 0
                : colon < 0 ? SetProtocol.TCP.number() : ProtocolNames.protocol(text.substring(0, colon));
        String ports = text.substring(colon + 1);
        int dash = ProtocolNames.isIcmp(protocol) ? -1 : ports.indexOf('-');
        int first = ProtocolNames.port(protocol, dash < 0 ? ports : ports.substring(0, dash));
        int last = dash < 0 ? first : ProtocolNames.port(protocol, ports.substring(dash + 1));
        port(from, protocol, Math.min(first, last));
        port(to, protocol, Math.max(first, last));
    }

    private static void port(EntryParts parts, int protocol, int port) {
        parts.protocol = protocol;
        parts.port = port;
        parts.hasPort = true;
    }
}
