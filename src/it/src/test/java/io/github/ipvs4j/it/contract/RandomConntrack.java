// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageWriter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes requests to ctnetlink, most of them legal, about few connections, so that they meet each other. */
final class RandomConntrack implements RandomRequests {
    private static final int NESTED = 0x8000;
    private static final String[] V4 = {"10.1.0.1", "10.1.0.2", "10.96.0.10"};
    private static final String[] V6 = {"fd00::1", "fd00::2"};
    private static final int[] PROTOCOLS = {6, 6, 17, 17, 132, 136, 1, 58, 50, 47};

    private final Dice dice;
    private int command;

    RandomConntrack(Dice dice) {
        this.dice = dice;
    }

    @Override
    public int type() {
        command = dice.once(60) ? dice.of(3, 4, 6, 7, 8, 200) : dice.of(0, 0, 0, 0, 1, 1, 2, 2, 2);
        return 1 << 8 | command;
    }

    @Override
    public int flags() {
        int flags = MessageFlags.REQUEST | (dice.once(3) ? MessageFlags.ACK : 0);
        if (command == 0) {
            return flags | (dice.once(8) ? 0 : MessageFlags.CREATE) | (dice.once(3) ? MessageFlags.EXCLUSIVE : 0);
        }
        return flags;
    }

    /** Time, users and number. */
    @Override
    public Set<Integer> chance() {
        return Set.of(7, 11, 12);
    }

    @Override
    public List<String> state(Conversation kernel) {
        Set<Integer> chance = chance();
        return kernel
                .list(Messages.message(
                        1 << 8 | 1, MessageFlags.REQUEST | MessageFlags.DUMP, 1, out -> out.netfilterHeader(0, 0, 0)))
                .stream()
                .map(answer -> Attribute.of(answer, Integer.BYTES).stream()
                        .filter(part -> !chance.contains(part.type()))
                        .map(Attribute::toString)
                        .collect(Collectors.joining(" ", answer[0] + " ", "")))
                .sorted()
                .toList();
    }

    @Override
    public void write(MessageWriter out) {
        boolean ipv6 = dice.once(3);
        boolean flush = command == 2 && dice.once(4);
        int family = dice.once(60) ? dice.of(0, 7, 2) : ipv6 ? 10 : 2;
        out.netfilterHeader(family, flush && dice.once(2) ? 1 : 0, 0);
        int protocol = dice.of(PROTOCOLS);
        if (!flush) {
            if (!dice.once(40)) {
                tuple(out, 1, ipv6, protocol);
            }
            if (command == 0 ? !dice.once(40) : dice.once(10)) {
                tuple(out, 2, ipv6, dice.once(60) ? dice.of(PROTOCOLS) : protocol);
            }
        }
        if (command == 0) {
            contents(out, protocol);
        } else if (flush) {
            filters(out, ipv6, protocol);
        }
        if (command == 2 && !flush && dice.once(40)) {
            out.u32be(12, dice.bits());
        }
        if (dice.once(200)) {
            out.u16be(18, dice.below(3));
        }
        if (dice.once(200)) {
            out.u32(dice.of(60, 3, 40), dice.bits());
        }
    }

    private void tuple(MessageWriter out, int type, boolean ipv6, int protocol) {
        int tuple = begin(out, type);
        if (!dice.once(100)) {
            int ip = begin(out, 1);
            boolean six = dice.once(100) != ipv6;
            address(out, six ? 3 : 1, dice.address(six ? V6 : V4));
            address(out, six ? 4 : 2, dice.address(six ? V6 : V4));
            out.endNested(ip);
        }
        if (!dice.once(100)) {
            int proto = begin(out, 2);
            if (!dice.once(100)) {
                out.u8(1, protocol);
            }
            selector(out, protocol);
            out.endNested(proto);
        }
        if (dice.once(200)) {
            out.u16be(3, dice.below(2));
        }
        out.endNested(tuple);
    }

    private void address(MessageWriter out, int type, IpAddress address) {
        if (dice.once(150)) {
            out.u16(type, 1);
        } else if (!dice.once(150)) {
            out.address(type, address);
        }
    }

    private void selector(MessageWriter out, int protocol) {
        if (dice.once(100)) {
            out.u8(2, 1);
        } else if (protocol == 1 || protocol == 58) {
            int shift = protocol == 58 ? 3 : 0;
            out.u16be(4 + shift, dice.of(1, 2));
            if (!dice.once(60)) {
                out.u8(
                        5 + shift,
                        dice.once(40) ? dice.of(3, 19, 127, 200) : protocol == 58 ? dice.of(128, 129) : dice.of(8, 0));
            }
            out.u8(6 + shift, dice.once(10) ? 1 : 0);
        } else {
            out.u16be(2, dice.of(1001, 1002));
            if (!dice.once(60)) {
                out.u16be(3, dice.of(53, 80));
            }
        }
    }

    private void contents(MessageWriter out, int protocol) {
        if (!dice.once(40)) {
            // So long that no run sees an end.
            out.u32be(7, dice.of(100_000, 200_000, -1));
        }
        if (!dice.once(6)) {
            out.u32be(3, dice.once(20) ? dice.bits() : dice.of(0x0e, 0x0e, 0x08, 0x0a, 0x40e, 0x1ff8));
        }
        if (!dice.once(3)) {
            out.u32be(8, dice.of(0, 1, 0x8001, -1));
        }
        if (dice.once(20)) {
            out.u32be(21, dice.of(0, 1, -1));
        }
        if (dice.once(4)) {
            protocolInfo(out, protocol == 132);
        }
        if (dice.once(20)) {
            synproxy(out);
        }
        if (dice.once(60)) {
            int help = begin(out, 5);
            if (!dice.once(3)) {
                out.bytes(1, dice.once(2) ? new byte[] {0} : new byte[] {'x', 'y', 0});
            }
            out.endNested(help);
        }
    }

    private void protocolInfo(MessageWriter out, boolean sctp) {
        int info = begin(out, 4);
        int nest = begin(out, sctp ? 3 : 1);
        out.u8(1, dice.once(20) ? 30 : dice.below(9));
        if (sctp) {
            out.u32be(2, dice.of(0, 77));
            if (!dice.once(10)) {
                out.u32be(3, dice.of(0, 78));
            }
        } else {
            if (dice.once(2)) {
                out.u8(2, dice.of(3, 14, 15)).u8(3, 7);
            }
            if (dice.once(2)) {
                out.bytes(4, new byte[] {(byte) dice.bits(), (byte) dice.bits()});
            }
            if (dice.once(2)) {
                out.bytes(5, new byte[] {(byte) dice.bits(), (byte) dice.bits()});
            }
        }
        out.endNested(nest);
        out.endNested(info);
    }

    private void synproxy(MessageWriter out) {
        int nest = begin(out, 24);
        out.u32be(1, dice.bits()).u32be(2, dice.bits());
        if (!dice.once(5)) {
            out.u32be(3, dice.bits());
        }
        out.endNested(nest);
    }

    private void filters(MessageWriter out, boolean ipv6, int protocol) {
        if (dice.once(2)) {
            out.u32be(8, dice.of(0, 1, 0x8001));
        }
        if (dice.once(3)) {
            out.u32be(21, dice.of(1, 0x8000, -1));
        }
        if (dice.once(4)) {
            out.u32be(3, dice.of(0, 2, 8, 0xe));
        }
        if (dice.once(10)) {
            out.u32be(26, dice.of(0, 2, 0xe));
        }
        if (dice.once(3)) {
            int filter = begin(out, 25);
            out.u32(1, dice.once(20) ? dice.bits() : dice.of(0, 2, 0x2a, 0x3b, 0x1c0, 0xe00, 0x10, 0xfff));
            if (dice.once(3)) {
                out.u32(2, dice.of(0, 1, 0x8));
            }
            out.endNested(filter);
            if (!dice.once(10)) {
                tuple(out, 1, ipv6, protocol);
            }
            if (dice.once(2)) {
                tuple(out, 2, ipv6, protocol);
            }
        }
    }

    private int begin(MessageWriter out, int type) {
        int mark = out.size();
        out.flag(dice.once(60) ? type : type | NESTED);
        return mark;
    }
}
