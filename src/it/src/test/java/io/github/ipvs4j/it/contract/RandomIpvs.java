// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Makes requests to the family {@code IPVS}, most of them legal, on few services, so that they meet each other. */
final class RandomIpvs implements RandomRequests {
    static final int GET_SERVICE = 4;
    static final int GET_DEST = 8;
    private static final int NEW_DAEMON = 9;
    private static final int DEL_DAEMON = 10;
    private static final int GET_DAEMON = 11;
    private static final int GET_CONFIG = 13;
    private static final int GET_INFO = 15;
    private static final int FLUSH = 17;
    private static final int DUMP = 0x300;
    private static final int KEY_LAST = 5;
    private static final String[] V4 = {"198.18.80.1", "198.18.80.2"};
    private static final String[] V6 = {"2001:db8:80::1", "2001:db8:80::2"};
    private static final String[] PODS = {"198.18.81.1", "198.18.81.2", "198.18.81.3", "127.0.0.1"};
    private static final String[] PODS6 = {"2001:db8:81::1", "2001:db8:81::2", "::1"};
    private static final String[] NOBODY = {"0.0.0.0", "224.0.0.1", "255.255.255.255", "127.255.255.255", "240.0.0.1"};
    private static final String[] NOBODY6 = {"::", "ff02::1", "fe80::1", "::ffff:10.0.0.1", "::10.0.0.1", "fec0::1"};

    private final Dice dice;
    private final int family;
    private int command;

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
        command = dice.once(300) ? FLUSH : dice.once(50) ? anyCommand() : dice.of(1, 1, 2, 3, 4, 5, 5, 5, 6, 6, 7);
        // The version does not matter.
        out.genericHeader(command, dice.once(20) ? dice.below(9) : 1);
        if (command == 12) {
            timeouts(out);
        }
        if (command == NEW_DAEMON || command == DEL_DAEMON) {
            if (!dice.once(20)) {
                daemon(out);
            }
            return;
        }
        if (!dice.once(60)) {
            service(out);
        }
        if (command >= 5 && command <= 7 && !dice.once(60)) {
            destination(out);
        }
    }

    /**
     * A daemon whose thread has not run yet when it is stopped makes {@code kthread_stop} answer {@code EINTR}, and
     * netlink then leaves the acknowledgement away: whether it comes depends on the scheduler of the machine.
     */
    @Override
    public boolean maySucceedSilently() {
        return command == DEL_DAEMON;
    }

    private int anyCommand() {
        return dice.of(
                0,
                8,
                NEW_DAEMON,
                NEW_DAEMON,
                NEW_DAEMON,
                DEL_DAEMON,
                DEL_DAEMON,
                11,
                12,
                12,
                13,
                14,
                15,
                16,
                16,
                18,
                99);
    }

    private void timeouts(MessageWriter out) {
        for (int type = 4; type <= 6; type++) {
            if (dice.once(2)) {
                out.u32(type, dice.of(0, 1, 900, 120, 300, -1, 21_474_836, 21_474_837));
            }
        }
    }

    private void daemon(MessageWriter out) {
        int nest = out.beginNested(3);
        if (!dice.once(20)) {
            out.u32(1, dice.once(10) ? dice.of(0, 3, -1) : dice.of(1, 2));
        }
        if (!dice.once(20)) {
            out.string(2, dice.once(8) ? dice.of("i4j-no", "", "a-name-of-16-chs") : dice.of("lo", "i4j-a", "i4j-b"));
        }
        if (!dice.once(20)) {
            out.u32(3, dice.of(0, 7, 255, 300));
        }
        if (dice.once(2)) {
            out.u16(4, dice.of(0, 1, 500, 1400, 9000, 65535));
        }
        if (dice.once(3)) {
            out.address(5, dice.address("224.0.0.82", "239.1.2.3", "10.0.0.1"));
        }
        if (dice.once(3)) {
            out.address(6, dice.address("ff02::81", "ff05::81", "2001:db8::1"));
        }
        if (dice.once(3)) {
            out.u16(7, dice.of(0, 8849)).u8(8, dice.of(0, 1, 255));
        }
        if (dice.once(20)) {
            out.bytes(dice.of(1, 4, 5, 6), new byte[dice.below(20)]);
        }
        out.endNested(nest);
    }

    @Override
    public List<String> state(Conversation kernel) {
        List<String> services = new ArrayList<>();
        for (byte[] answer : ask(kernel, GET_SERVICE, DUMP, out -> {})) {
            Attribute service = Attribute.of(answer, Integer.BYTES).get(0);
            services.add(service + " " + destinations(kernel, service));
        }
        // In the order of a hash.
        services.sort(null);
        services.add(words(ask(kernel, GET_DAEMON, DUMP, out -> {})));
        services.add(words(ask(kernel, GET_CONFIG, MessageFlags.ACK, out -> {})));
        services.add(words(ask(kernel, GET_INFO, MessageFlags.ACK, out -> {})));
        return services;
    }

    /** Asks for the destinations of a service, in their order. */
    private String destinations(Conversation kernel, Attribute service) {
        return words(ask(kernel, GET_DEST, DUMP, out -> {
            int nest = out.beginNested(1);
            for (Attribute part : service.nested()) {
                if (part.type() <= KEY_LAST) {
                    out.bytes(part.type(), part.payload());
                }
            }
            out.endNested(nest);
        }));
    }

    private List<byte[]> ask(Conversation kernel, int command, int flags, Consumer<MessageWriter> body) {
        return kernel.list(Messages.message(
                family, MessageFlags.REQUEST | flags, 1, out -> body.accept(out.genericHeader(command, 1))));
    }

    private static String words(List<byte[]> answers) {
        return answers.stream().map(HexFormat.of()::formatHex).collect(Collectors.joining(" "));
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
