// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageWriter;

/** Makes requests to ipset, most of them legal, on few sets, so that they meet each other. */
final class RandomIpset implements RandomRequests {
    private static final int ORDER = MessageWriter.NETWORK_ORDER;
    private static final int NESTED = 0x8000;
    private static final String[] NAMES = {"ipvs4j-a", "ipvs4j-b", "ipvs4j-c"};
    private static final String[] TYPES = {"hash:ip", "hash:ip,port", "hash:ip,port,ip", "bitmap:port"};
    private static final String[] V4 = {"198.18.80.1", "198.18.80.2", "198.18.80.3", "198.18.80.9"};
    private static final String[] V6 = {"2001:db8:80::1", "2001:db8:80::2", "2001:db8:80::3"};

    private final Dice dice;
    private int command;

    RandomIpset(Dice dice) {
        this.dice = dice;
    }

    @Override
    public int type() {
        // Everything but listings, which are compared on their own.
        command = dice.once(60)
                ? dice.of(0, 1, 12, 13, 14, 15, 16, 99)
                : dice.of(2, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9, 10, 10, 11);
        return 6 << 8 | command;
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

    private int order() {
        return dice.once(150) ? 0 : ORDER;
    }

    @Override
    public void write(MessageWriter out) {
        out.netfilterHeader(dice.of(0, 2, 10), 0, 0);
        if (keeps()) {
            out.u8(1, dice.once(60) ? dice.of(5, 6, 8) : 7);
        }
        if (keeps() && command != 15) {
            out.string(2, dice.once(100) ? "a-name-of-thirty-two-characters!" : dice.of(NAMES));
        }
        switch (command) {
            case 2 -> create(out);
            case 5, 6 -> out.string(3, dice.of(NAMES));
            case 9, 10 -> change(out);
            case 11 -> element(out, nested(7), 0);
            case 13 -> out.string(3, dice.of(TYPES)).u8(5, dice.of(0, 2, 10));
            default -> {
                // The name is all there is.
            }
        }
        if (dice.once(200)) {
            out.u32(dice.of(12, 200), dice.bits());
        }
    }

    private int nested(int type) {
        return dice.once(150) ? type : type | NESTED;
    }

    /** Begins a nest whose flag may be missing. */
    private static int begin(MessageWriter out, int rawType) {
        int mark = out.size();
        out.flag(rawType);
        return mark;
    }

    private void create(MessageWriter out) {
        String type = dice.once(60) ? "ipvs4j" : dice.of(TYPES);
        if (keeps()) {
            out.string(3, type);
        }
        if (keeps()) {
            out.u8(4, dice.once(30) ? dice.of(7, 8) : dice.below(4));
        }
        if (keeps()) {
            out.u8(5, dice.once(60) ? dice.of(0, 5) : dice.of(2, 2, 10));
        }
        if (dice.once(20)) {
            return;
        }
        int data = begin(out, nested(7));
        if (type.equals("bitmap:port") != dice.once(60)) {
            out.u16be(4 | order(), dice.of(79, 80, 90));
            if (keeps()) {
                out.u16be(5 | order(), dice.of(79, 84, 100));
            }
        } else {
            hashOptions(out);
        }
        out.endNested(data);
    }

    private void hashOptions(MessageWriter out) {
        if (dice.once(3)) {
            out.u32be(18 | order(), dice.of(0, 1, 64, 1000, 1024));
        }
        if (dice.once(3)) {
            out.u32be(19 | order(), dice.of(0, 3, 8, 65536));
        }
        if (dice.once(30)) {
            out.u8(21, dice.of(0, 3, 12, 200));
        }
        if (dice.once(100)) {
            out.u8(20, dice.of(0, 200));
        }
        if (dice.once(100)) {
            out.u16(18, 1);
        }
    }

    private void change(MessageWriter out) {
        if (!dice.once(3)) {
            if (dice.once(4)) {
                out.u32(9, dice.bits());
            }
            element(out, nested(7), dice.once(3) ? dice.below(5) : 0);
            return;
        }
        if (keeps()) {
            out.u32(9, dice.bits());
        }
        int list = begin(out, nested(8));
        int count = dice.below(6);
        for (int line = 1; line <= count; line++) {
            element(out, dice.once(200) ? 6 | NESTED : nested(7), dice.once(8) ? 0 : line);
        }
        out.endNested(list);
        if (dice.once(100)) {
            element(out, nested(7), 0);
        }
    }

    private void element(MessageWriter out, int rawType, int line) {
        boolean ipv6 = dice.once(3);
        int data = begin(out, rawType);
        if (dice.once(40)) {
            // Never as the start of a range, which would be half of all addresses.
            address(out, 1, dice.address(ipv6 ? "::" : "0.0.0.0"));
        } else if (!dice.once(8)) {
            address(out, 1, dice.address(ipv6 ? V6 : V4));
            range(out, ipv6);
        }
        if (!dice.once(5)) {
            out.u16be(4 | order(), dice.of(79, 80, 81, 84, 90));
            if (dice.once(10)) {
                out.u16be(5 | order(), dice.of(79, 82, 100));
            }
        }
        if (!dice.once(4)) {
            out.u8(7, dice.of(6, 6, 17, 132, 136, 1, 58, 47, 0));
        }
        if (dice.once(2)) {
            address(out, 20, dice.address(ipv6 ? V6 : V4));
        }
        if (line != 0) {
            out.u32(9, line);
        }
        if (dice.once(100)) {
            extension(out);
        }
        out.endNested(data);
    }

    private void range(MessageWriter out, boolean ipv6) {
        if (dice.once(12)) {
            address(out, 2, dice.address(ipv6 ? V6 : V4));
        }
        if (dice.once(12)) {
            out.u8(3, dice.of(0, 29, 30, 32, 33, 128));
        }
    }

    private void extension(MessageWriter out) {
        switch (dice.below(5)) {
            case 0 -> out.u32be(6 | order(), 10);
            case 1 -> out.u64be(24 | order(), 10);
            case 2 -> out.string(26, "comment");
            case 3 -> out.u16be(29 | order(), 1);
            default -> out.u8(dice.of(10, 31, 99), 1);
        }
    }

    private void address(MessageWriter out, int type, IpAddress address) {
        int nest = begin(out, nested(type));
        out.address((address.family() == IpFamily.IPV4 ? 1 : 2) | order(), address);
        out.endNested(nest);
    }
}
