// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageWriter;

/** Makes requests to the family {@code IPVS}, most of them legal, on few services, so that they meet each other. */
final class RandomIpvs implements RandomRequests {
    static final int GET_SERVICE = 4;
    static final int GET_DEST = 8;
    private static final int FLUSH = 17;
    private static final String[] V4 = {"198.18.80.1", "198.18.80.2"};
    private static final String[] V6 = {"2001:db8:80::1", "2001:db8:80::2"};
    private static final String[] PODS = {"198.18.81.1", "198.18.81.2", "198.18.81.3", "127.0.0.1"};
    private static final String[] PODS6 = {"2001:db8:81::1", "2001:db8:81::2", "::1"};
    private static final String[] NOBODY = {"0.0.0.0", "224.0.0.1", "255.255.255.255", "127.255.255.255", "240.0.0.1"};
    private static final String[] NOBODY6 = {"::", "ff02::1", "fe80::1", "::ffff:10.0.0.1", "::10.0.0.1", "fec0::1"};

    private final Dice dice;
    private final int family;

    RandomIpvs(Dice dice, int family) {
        this.dice = dice;
        this.family = family;
    }

    @Override
    public int type() {
        return family;
    }

    @Override
    public int flags() {
        return MessageFlags.REQUEST
                | (dice.once(3) ? MessageFlags.ACK : 0)
                | (dice.once(40) ? dice.of(0x100, 0x200, 0x400) : 0);
    }

    @Override
    public void write(MessageWriter out) {
        int command = dice.once(300) ? FLUSH : dice.once(50) ? command() : dice.of(1, 1, 2, 3, 4, 5, 5, 5, 6, 6, 7);
        // The version does not matter.
        out.genericHeader(command, dice.once(20) ? dice.below(9) : 1);
        if (command == 12) {
            timeouts(out);
        }
        if (!dice.once(60)) {
            service(out);
        }
        if (command >= 5 && command <= 7 && !dice.once(60)) {
            destination(out);
        }
    }

    /** Returns any command but those for the synchronisation daemons, which the simulation does not have. */
    private int command() {
        return dice.of(0, 8, 11, 12, 12, 13, 14, 15, 16, 16, 18, 99);
    }

    private void timeouts(MessageWriter out) {
        for (int type = 4; type <= 6; type++) {
            if (dice.once(2)) {
                out.u32(type, dice.of(0, 1, 900, 120, 300, -1, 21_474_836, 21_474_837));
            }
        }
    }

    private boolean keeps() {
        return !dice.once(120);
    }

    private void service(MessageWriter out) {
        boolean ipv6 = dice.once(3);
        int nest = out.beginNested(1);
        if (keeps()) {
            out.u16(1, dice.once(100) ? dice.of(0, 1, 99) : ipv6 ? 10 : 2);
        }
        if (dice.once(6)) {
            out.u32(5, dice.of(0x123480, 0x123480, 0x123481));
        }
        if (keeps()) {
            out.u16(2, dice.of(6, 6, 17, 132));
        }
        if (keeps()) {
            address(out, 3, dice.address(ipv6 ? V6 : V4));
        }
        if (keeps()) {
            out.u16be(4, dice.of(80, 80, 443));
        }
        if (keeps()) {
            scheduler(out);
        }
        if (keeps()) {
            out.u32pair(7, dice.once(10) ? dice.bits() & ~2 : dice.of(0, 1, 4, 0x18), dice.once(10) ? dice.bits() : -1);
        }
        if (keeps()) {
            out.u32(8, dice.of(0, 0, 50, 10800, Integer.MAX_VALUE, 42_949_673));
        }
        if (keeps()) {
            out.u32(9, dice.once(30) ? dice.of(0, 129, 24) : ipv6 ? dice.of(128, 64, 1) : dice.of(-1, 0x00ffffff));
        }
        if (dice.once(100)) {
            out.string(11, dice.of("", "ipvs4j"));
        }
        extras(out);
        out.endNested(nest);
    }

    private void scheduler(MessageWriter out) {
        if (dice.once(400)) {
            out.bytes(6, new byte[] {'r', 'r'});
        } else if (dice.once(400)) {
            out.string(6, "a-name-of-sixteen");
        } else {
            out.string(6, dice.once(300) ? dice.of("ipvs4j", "") : dice.of("rr", "wrr", "lc", "sh", "mh", "none"));
        }
    }

    private void address(MessageWriter out, int type, IpAddress address) {
        if (dice.once(200)) {
            out.bytes(type, new byte[dice.below(20)]);
        } else if (dice.once(4)) {
            out.address(type, address);
        } else {
            out.wideAddress(type, address);
        }
    }

    /** Adds now and then what the kernel does not expect. */
    private void extras(MessageWriter out) {
        if (dice.once(100)) {
            out.u32(dice.of(99, 200, 16383), dice.bits());
        }
        if (dice.once(100)) {
            out.bytes(dice.of(1, 2, 4, 7), new byte[dice.below(12)]);
        }
    }

    private void destination(MessageWriter out) {
        boolean ipv6 = dice.once(4);
        int method = dice.once(20) ? dice.below(256) : dice.of(0, 0, 2, 3);
        String[] pool = dice.once(12) ? (ipv6 ? NOBODY6 : NOBODY) : ipv6 ? PODS6 : PODS;
        int nest = out.beginNested(2);
        if (keeps()) {
            address(out, 1, dice.address(pool));
        }
        if (keeps()) {
            out.u16be(2, dice.of(80, 8080));
        }
        if (keeps()) {
            out.u32(3, method);
        }
        if (keeps()) {
            out.u32(4, dice.once(30) ? dice.of(-1, Integer.MIN_VALUE, Integer.MAX_VALUE) : dice.below(5));
        }
        if (keeps()) {
            out.u32(5, dice.of(0, 0, 0, 100, 2000));
        }
        if (keeps()) {
            out.u32(6, dice.of(0, 0, 0, 0, 50, 100));
        }
        if (!dice.once(4)) {
            out.u16(11, dice.once(60) ? dice.of(0, 1, 99) : ipv6 ? 10 : 2);
        }
        if (dice.once(4)) {
            out.u8(13, dice.of(0, 1, 2, 3)).u16be(14, dice.of(0, 6080)).u16(15, dice.of(0, 1, 2));
        }
        extras(out);
        out.endNested(nest);
    }
}
