// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageWriter;

/** Makes requests to rtnetlink for addresses of two links, and for a third link, most of them legal. */
final class RandomRoute implements RandomRequests {
    private static final String[] V4 = {"198.18.80.1", "198.18.80.2", "198.18.80.3", "198.18.81.1"};
    private static final String[] V6 = {"2001:db8:80::1", "2001:db8:80::2", "2001:db8:81::1"};

    private final Dice dice;
    private final int first;
    private final int second;
    private int type;

    RandomRoute(Dice dice, int first, int second) {
        this.dice = dice;
        this.first = first;
        this.second = second;
    }

    @Override
    public int type() {
        type = dice.once(200) ? dice.of(23, 124, 200) : dice.once(8) ? dice.of(16, 17, 19) : dice.of(20, 20, 21);
        return type;
    }

    @Override
    public int flags() {
        // Create, exclusive, replace in any combination.
        return MessageFlags.REQUEST
                | (dice.once(3) ? MessageFlags.ACK : 0)
                | (type == 20 || type == 16 ? dice.of(0x600, 0x600, 0x400, 0x100, 0x500, 0) : 0);
    }

    @Override
    public void write(MessageWriter out) {
        if (type == 16 || type == 17 || type == 19) {
            link(out);
        } else {
            address(out);
        }
    }

    private void link(MessageWriter out) {
        int switches = dice.of(0, 1);
        out.headerU32(0).headerU32(type != 16 && dice.once(20) ? 9999 : 0).headerU32(dice.of(0, 1) & switches);
        if (dice.once(60)) {
            return;
        }
        out.headerU32(switches);
        if (!dice.once(30)) {
            out.string(3, dice.once(20) ? dice.of("i4j/c", "a-name-of-16-chs", "", "..") : "i4j-c");
        }
        if (!dice.once(20)) {
            int info = out.beginNested(18);
            if (!dice.once(20)) {
                out.string(1, dice.once(200) ? "ipvs4j" : "dummy");
            }
            out.endNested(info);
        }
    }

    private void address(MessageWriter out) {
        boolean ipv6 = dice.once(2);
        int prefix = ipv6 ? dice.of(128, 128, 64) : dice.of(32, 32, 24);
        if (dice.once(60)) {
            prefix = dice.of(0, 33, 129, 200);
        }
        out.headerU8(dice.once(100) ? dice.of(0, 5, 99) : ipv6 ? 10 : 2)
                .headerU8(prefix)
                .headerU8(0)
                .headerU8(0)
                .headerU32(dice.once(60) ? 9999 : dice.of(first, second));
        IpAddress address = dice.once(40)
                ? dice.address(ipv6 ? new String[] {"::", "ff02::1", "::1"} : new String[] {"0.0.0.0"})
                : dice.address(ipv6 ? V6 : V4);
        boolean local = !dice.once(20);
        boolean other = !dice.once(10);
        if (local || (!ipv6 && type == 21 && !dice.once(20))) {
            out.address(2, address);
        }
        if (other) {
            out.address(1, address);
        }
        if (dice.once(100)) {
            out.bytes(dice.of(1, 2), new byte[dice.below(20)]);
        }
        if (ipv6) {
            out.u32(8, 2);
        }
        if (dice.once(50) && !ipv6) {
            out.string(3, dice.of("ipvs4j", "a-label-of-sixteen"));
        }
    }
}
