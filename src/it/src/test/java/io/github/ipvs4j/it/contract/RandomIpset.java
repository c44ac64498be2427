// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes requests to ipset, most of them legal, on few sets, so that they meet each other. After some hundred requests
 * the sets go and others take their names.
 */
final class RandomIpset implements RandomRequests {
    private static final int ROUND = 250;
    private static final String[] MASKS = {
        "255.255.0.255", "255.255.255.254", "255.255.255.255", "0.0.0.0", "ffff:ffff::ffff", "::"
    };
    private static final String[] NAMES = {"ipvs4j-a", "ipvs4j-b", "ipvs4j-c"};

    private static final int TIMEOUT = 6;

    /** Stands where the place of an element in its message wants it. */
    private static final int PADDING = 30;

    private static final byte[] NEVER = new byte[Integer.BYTES];

    /** The start of the hash, the size of the table and its memory. */
    private static final Set<Integer> CHANCE = Set.of(17, 18, 26);

    private final Dice dice;
    private final RandomElement elements;
    private final String[] types = new String[NAMES.length];
    private final int[] families = new int[NAMES.length];

    /** Whether the sets of a round count: then all elements say how much, as a hash keeps what was in a slot before. */
    private boolean counted;

    private int left;
    private int command;

    RandomIpset(Dice dice) {
        this.dice = dice;
        this.elements = new RandomElement(dice);
    }

    @Override
    public int type() {
        if (left-- <= 0) {
            beginRound();
        }
        // First the lists let go of their members, then all sets go.
        if (left >= ROUND - 2) {
            command = left == ROUND - 1 ? 4 : 3;
        } else {
            // Everything but listings, which are compared on their own.
            command = dice.once(60)
                    ? dice.of(0, 1, 12, 13, 14, 15, 16, 99)
                    : dice.of(2, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9, 9, 10, 10, 11, 11);
        }
        return 6 << 8 | command;
    }

    private void beginRound() {
        left = ROUND - 1;
        counted = dice.once(3);
        for (int i = 0; i < NAMES.length; i++) {
            types[i] = dice.of(RandomElement.TYPES);
            families[i] = types[i].equals("hash:mac") || types[i].equals("list:set")
                    ? 0
                    : types[i].startsWith("bitmap") || !dice.once(3) ? 2 : 10;
        }
    }

    private boolean isPreparation() {
        return left >= ROUND - 2;
    }

    @Override
    public int flags() {
        return MessageFlags.REQUEST
                | (dice.once(3) ? MessageFlags.ACK : 0)
                | (dice.once(2) ? MessageFlags.EXCLUSIVE : 0);
    }

    private boolean keeps() {
        return !dice.once(150);
    }

    /** All sets; of timeouts, which run, only whether there is one. */
    @Override
    public List<String> state(Conversation kernel) {
        Map<String, String> headers = new TreeMap<>();
        Map<String, List<String>> elements = new TreeMap<>();
        for (byte[] answer : kernel.list(Messages.message(
                6 << 8 | 7,
                MessageFlags.REQUEST | MessageFlags.DUMP,
                1,
                out -> out.netfilterHeader(2, 0, 0).u8(1, 7)))) {
            String name = "";
            StringBuilder header = new StringBuilder();
            for (Attribute part : Attribute.of(answer, Integer.BYTES)) {
                if (part.type() == 2) {
                    name = part.toString();
                } else if (part.type() == 8) {
                    List<String> known = elements.computeIfAbsent(name, unknown -> new ArrayList<>());
                    part.nested().forEach(element -> known.add(words(element, Set.of())));
                } else {
                    header.append(part.type() == 7 ? words(part, CHANCE) : part).append(' ');
                }
            }
            headers.merge(name, header.toString(), (first, next) -> first);
        }
        // Hashes have orders of their own; lists are compared in order by what the clients read.
        return headers.entrySet().stream()
                .map(set -> set.getKey() + " " + set.getValue()
                        + elements.getOrDefault(set.getKey(), List.of()).stream()
                                .sorted()
                                .toList())
                .toList();
    }

    private static String words(Attribute nest, Set<Integer> chance) {
        return nest.nested().stream()
                .filter(part -> !chance.contains(part.type()) && part.type() != PADDING)
                .map(part ->
                        part.type() == TIMEOUT ? "timeout " + Arrays.equals(part.payload(), NEVER) : part.toString())
                .collect(Collectors.joining(" "));
    }

    @Override
    public void write(MessageWriter out) {
        out.netfilterHeader(dice.of(0, 2, 10), 0, 0);
        if (isPreparation()) {
            out.u8(1, 7);
            return;
        }
        if (keeps()) {
            out.u8(1, dice.once(60) ? dice.of(5, 6, 8) : 7);
        }
        int set = dice.below(NAMES.length);
        if (keeps() && command != 15) {
            out.string(2, dice.once(100) ? "a-name-of-thirty-two-characters!" : NAMES[set]);
        }
        switch (command) {
            case 2 -> create(out, set);
            case 5, 6 -> out.string(3, dice.of(NAMES));
            case 9, 10 -> change(out, set);
            case 11 -> element(out, nested(7), set, 0);
            case 13 -> out.string(3, dice.of(RandomElement.TYPES)).u8(5, dice.of(0, 2, 10));
            default -> {
                // The name is all there is.
            }
        }
        if (dice.once(200)) {
            out.u32(dice.of(12, 200), dice.bits());
        }
    }

    private int nested(int type) {
        return dice.once(150) ? type : type | RandomElement.NESTED;
    }

    private void create(MessageWriter out, int set) {
        String type = dice.once(30) ? dice.of(RandomElement.TYPES) : types[set];
        if (keeps()) {
            out.string(3, type);
        }
        if (keeps()) {
            out.u8(4, dice.once(60) ? dice.of(4, 7, 9) : 1);
        }
        if (keeps()) {
            out.u8(5, dice.once(40) ? dice.of(0, 2, 10, 7) : families[set]);
        }
        if (!type.startsWith("bitmap") && dice.once(4)) {
            return;
        }
        int data = RandomElement.begin(out, nested(7));
        if (type.startsWith("hash")) {
            hashOptions(out, type);
        } else if (type.equals("list:set")) {
            if (dice.once(2)) {
                out.u32be(23 | elements.order(), dice.of(0, 4, 8));
            }
        } else {
            elements.bitmapRange(out, type);
        }
        extensions(out, type);
        out.endNested(data);
    }

    private void hashOptions(MessageWriter out, String type) {
        if (dice.once(3)) {
            out.u32be(18 | elements.order(), dice.of(0, 1, 64, 1000, 1024));
        }
        if (dice.once(3)) {
            out.u32be(19 | elements.order(), dice.of(0, 3, 8, 65536));
        }
        if (dice.once(30)) {
            out.u8(21, dice.of(0, 3, 12, 200));
        }
        // Two of these have masks since 6.12.
        boolean masked = type.equals("hash:ip") || type.equals("hash:ip,port") || type.equals("hash:net,net");
        if (dice.once(masked ? 5 : 100)) {
            out.u8(20, dice.of(0, 30, 31, 32, 64, 128, 200));
        }
        if (dice.once(masked ? 8 : 100)) {
            elements.address(out, 12, dice.address(MASKS));
        }
        if (type.equals("hash:ip,mark") && dice.once(3)) {
            out.u32be(11 | elements.order(), dice.of(0, 0xff, 0xff00ff, -1));
        }
        if (dice.once(100)) {
            out.u16(18, 1);
        }
    }

    /** So long that no run sees an end. */
    private void extensions(MessageWriter out, String type) {
        if (dice.once(4) && !type.equals("bitmap:ip,mac")) {
            out.u32be(6 | elements.order(), dice.of(0, 100_000, -1));
        }
        if (counted || dice.once(2)) {
            // Counters, comments, packet information; eviction would go by hash.
            out.u32be(8 | elements.order(), dice.below(128) & (16 | 64) | (counted ? 8 : 0));
        }
    }

    private void change(MessageWriter out, int set) {
        if (!dice.once(3)) {
            if (dice.once(4)) {
                out.u32(9, dice.bits());
            }
            element(out, nested(7), set, dice.once(3) ? dice.below(5) : 0);
            return;
        }
        if (keeps()) {
            out.u32(9, dice.bits());
        }
        int list = RandomElement.begin(out, nested(8));
        int count = dice.below(6);
        for (int line = 1; line <= count; line++) {
            element(out, dice.once(200) ? 6 | RandomElement.NESTED : nested(7), set, dice.once(8) ? 0 : line);
        }
        out.endNested(list);
        if (dice.once(100)) {
            element(out, nested(7), set, 0);
        }
    }

    private void element(MessageWriter out, int rawType, int set, int line) {
        String type = dice.once(40) ? dice.of(RandomElement.TYPES) : types[set];
        boolean ipv6 = dice.once(40) != (families[set] == IpFamily.IPV6.number());
        int data = RandomElement.begin(out, rawType);
        elements.write(out, type, ipv6, NAMES);
        if (counted || dice.once(200)) {
            out.u64be(24 | elements.order(), dice.below(1000)).u64be(25 | elements.order(), dice.below(10));
        }
        if (line != 0) {
            out.u32(9, line);
        }
        out.endNested(data);
    }

    /** Writes the parts of one element. */
    static final class RandomElement {
        static final int NESTED = 0x8000;
        static final String[] TYPES = {
            "bitmap:ip",
            "bitmap:ip,mac",
            "bitmap:port",
            "hash:ip",
            "hash:mac",
            "hash:ip,mac",
            "hash:ip,mark",
            "hash:net",
            "hash:net,net",
            "hash:ip,port",
            "hash:net,port",
            "hash:ip,port,ip",
            "hash:ip,port,net",
            "hash:net,port,net",
            "hash:net,iface",
            "list:set"
        };

        private static final int ORDER = MessageWriter.NETWORK_ORDER;
        private static final String[] V4 = {"198.18.80.1", "198.18.80.2", "198.18.80.3", "198.18.80.9"};
        private static final String[] V6 = {"2001:db8:80::1", "2001:db8:80::2", "2001:db8:80::3"};

        private final Dice dice;

        RandomElement(Dice dice) {
            this.dice = dice;
        }

        static int begin(MessageWriter out, int rawType) {
            int mark = out.size();
            out.flag(rawType);
            return mark;
        }

        int order() {
            return dice.once(150) ? 0 : ORDER;
        }

        void bitmapRange(MessageWriter out, String type) {
            if (type.equals("bitmap:port")) {
                out.u16be(4 | order(), dice.of(79, 80, 90));
                if (!dice.once(150)) {
                    out.u16be(5 | order(), dice.of(79, 84, 100));
                }
                return;
            }
            address(out, 1, IpAddress.of(dice.of("198.18.80.0", "198.18.80.4")));
            if (dice.once(2)) {
                address(out, 2, IpAddress.of(dice.of("198.18.80.7", "198.18.80.15", "198.18.0.0", "198.17.0.0")));
            } else if (!dice.once(40)) {
                out.u8(3, dice.of(28, 29, 32, 8));
            }
            if (dice.once(type.equals("bitmap:ip") ? 3 : 60)) {
                out.u8(20, dice.of(30, 31, 32, 28, 33));
            }
        }

        void write(MessageWriter out, String type, boolean ipv6, String[] names) {
            String parts = type.substring(type.indexOf(':') + 1);
            boolean nets = parts.contains("net");
            if (type.equals("list:set")) {
                member(out, names);
            } else {
                addresses(out, parts, ipv6);
                rest(out, type, parts);
            }
            if ((nets || type.equals("list:set")) && dice.once(4)) {
                out.u32be(8 | order(), dice.of(0, 1, 2, 4, 128, 6));
            }
            if (dice.once(4)) {
                extension(out);
            }
        }

        private void member(MessageWriter out, String[] names) {
            if (!dice.once(60)) {
                out.string(18, dice.once(60) ? "nobody" : dice.of(names));
            }
            if (dice.once(3)) {
                out.string(19, dice.once(60) ? "nobody" : dice.of(names));
            }
        }

        private void addresses(MessageWriter out, String parts, boolean ipv6) {
            boolean first = parts.startsWith("ip") || parts.startsWith("net");
            boolean second = parts.endsWith(",ip") || parts.endsWith(",net");
            if (first && dice.once(60)) {
                // Never as the start of a range, which would be half of all addresses.
                address(out, 1, IpAddress.of(ipv6 ? "::" : "0.0.0.0"));
            } else if (first && !dice.once(60)) {
                address(out, 1, dice.address(ipv6 ? V6 : V4));
                range(out, ipv6, 2, 3);
            }
            if (second && !dice.once(60)) {
                address(out, 20, dice.address(ipv6 ? V6 : V4));
                if (parts.endsWith(",net")) {
                    range(out, ipv6, 22, 21);
                }
            }
        }

        private void range(MessageWriter out, boolean ipv6, int toType, int lengthType) {
            if (dice.once(12)) {
                address(out, toType, dice.address(ipv6 ? V6 : V4));
            }
            if (dice.once(4)) {
                out.u8(
                        lengthType,
                        dice.once(20) ? dice.of(0, 33, 129) : ipv6 ? dice.of(64, 127, 128) : dice.of(29, 30, 32));
            }
        }

        private void rest(MessageWriter out, String type, String parts) {
            if (parts.contains("port") && !dice.once(40)) {
                out.u16be(4 | order(), dice.of(79, 80, 81, 84, 90));
                if (dice.once(10)) {
                    out.u16be(5 | order(), dice.of(79, 82, 100));
                }
                if (type.startsWith("hash") && !dice.once(40)) {
                    out.u8(7, dice.of(6, 6, 17, 132, 136, 1, 58, 47, 0));
                }
            }
            if (parts.contains("mac") && !dice.once(type.startsWith("bitmap") ? 3 : 40)) {
                byte[] mac = new byte[dice.once(60) ? dice.of(5, 7) : 6];
                mac[mac.length - 1] = (byte) dice.of(0, 1, 2, 3, 4);
                out.bytes(17, mac);
            }
            if (parts.contains("mark") && !dice.once(40)) {
                out.u32be(10 | order(), dice.of(0, 1, 0x101, 0xff00));
            }
            if (parts.contains("iface") && !dice.once(40)) {
                out.string(23, dice.once(60) ? "interface-too-long" : dice.of("eth0", "eth1", "eth", "lo"));
            }
        }

        private void extension(MessageWriter out) {
            switch (dice.below(8)) {
                case 0 -> out.u32be(6 | order(), dice.of(0, 100_000, -1));
                case 1, 2, 3 -> out.string(26, dice.of("comment", "another", ""));
                case 4, 5 -> out.u64be(27 | order(), (long) dice.bits() << 32 | 0xffffL);
                case 6 -> out.u16be(29 | order(), dice.below(3)).u32be(28 | order(), dice.of(0, 0x10002));
                default -> {
                    if (dice.once(8)) {
                        out.u8(dice.of(10, 31, 99), 1);
                    }
                }
            }
        }

        private void address(MessageWriter out, int type, IpAddress address) {
            int nest = begin(out, dice.once(150) ? type : type | NESTED);
            out.address((address.family() == IpFamily.IPV4 ? 1 : 2) | order(), address);
            out.endNested(nest);
        }
    }
}
