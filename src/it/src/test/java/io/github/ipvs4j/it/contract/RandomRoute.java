// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Makes requests to rtnetlink for addresses of two links, and for a third link, most of them legal. */
final class RandomRoute implements RandomRequests {
    private static final String[] V4 = {"198.18.80.1", "198.18.80.2", "198.18.80.3", "198.18.81.1"};
    private static final String[] V6 = {"2001:db8:80::1", "2001:db8:80::2", "2001:db8:81::1"};

    private static final String THIRD = "i4j-c";
    private static final int GET_ADDRESS = 22;
    private static final int ADDRESS_HEADER = 8;
    private static final int LINK_HEADER = 16;

    /** Its times run. */
    private static final int CACHE_INFO = 6;

    private final Dice dice;
    private final int first;
    private final int second;
    private int type;

    RandomRoute(Dice dice, int first, int second) {
        this.dice = dice;
        this.first = first;
        this.second = second;
    }

    /** The addresses of both links in their order, and the switch of the third link. */
    @Override
    public List<String> state(Conversation kernel) {
        List<String> state = new ArrayList<>();
        for (int link : new int[] {first, second}) {
            kernel.list(Messages.message(
                            GET_ADDRESS,
                            MessageFlags.REQUEST | MessageFlags.DUMP,
                            1,
                            out -> out.headerU32(0).headerU32(link)))
                    .forEach(answer -> state.add(words(answer, link == first ? 1 : 2)));
        }
        kernel.list(Messages.message(
                        Messages.GET_LINK,
                        MessageFlags.REQUEST | MessageFlags.DUMP,
                        1,
                        out -> Messages.linkHeader(out, 0)))
                .forEach(answer -> addThird(state, answer));
        return state;
    }

    private static String words(byte[] answer, int link) {
        return link + " " + HexFormat.of().formatHex(answer, 0, Integer.BYTES) + " "
                + Attribute.of(answer, ADDRESS_HEADER).stream()
                        .map(part -> part.type() == CACHE_INFO ? "" : part.toString())
                        .collect(Collectors.joining(" "));
    }

    private static void addThird(List<String> state, byte[] answer) {
        boolean up = (answer[Long.BYTES] & 1) != 0;
        for (Attribute part : Attribute.of(answer, LINK_HEADER)) {
            if (part.type() == Messages.LINK_NAME
                    && new String(part.payload(), StandardCharsets.UTF_8).equals(THIRD + '\0')) {
                state.add(up ? "third up" : "third down");
            }
        }
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
            out.string(3, dice.once(20) ? dice.of("i4j/c", "a-name-of-16-chs", "", "..") : THIRD);
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
            // Another one is the other end of the link.
            out.address(1, dice.once(8) ? dice.address(ipv6 ? V6 : V4) : address);
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
