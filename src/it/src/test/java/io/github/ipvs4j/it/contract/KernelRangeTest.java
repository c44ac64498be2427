// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import io.github.ipvs4j.testkit.SimulatedKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sets at the ends of the address space, where ranges are cut into networks, turned round or wrap: every combination
 * of first addresses, lengths and last addresses gets the same answers from the simulated and the real kernel, and
 * makes the same entries.
 */
@LabTest(tidy = true)
class KernelRangeTest {
    private static final int CREATE = 2;
    private static final int DESTROY = 3;
    private static final int FLUSH = 4;
    private static final int ADD = 9;
    private static final int DELETE = 10;
    private static final int TEST = 11;
    private static final int NONE = -1;
    private static final String NAME = "ipvs4j-ends";
    private static final int ORDER = MessageWriter.NETWORK_ORDER;

    /** So few that a range which is cut into single addresses ends soon. */
    private static final int MAX_ENTRIES = 40;

    private static final List<String> ENDS = List.of("0.0.0.0", "0.0.0.2", "127.255.255.255", "255.255.255.255");
    private static final List<String> ENDS6 = List.of("::", "::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

    private final SimulatedKernel simulation = RunningKernel.imitated();

    @AfterEach
    void assertQuiescent() {
        simulation.assertQuiescent();
    }

    static Stream<Arguments> types() {
        return Stream.of(
                        "hash:ip",
                        "hash:ip,mark",
                        "hash:ip,port",
                        "hash:ip,port,ip",
                        "hash:ip,port,net",
                        "hash:net",
                        "hash:net,port",
                        "hash:net,iface",
                        "hash:net,net",
                        "hash:net,port,net")
                .flatMap(type -> Stream.of(IpFamily.values()).map(family -> Arguments.of(type, family, NONE)));
    }

    static Stream<Arguments> masks() {
        return Stream.of(1, 30)
                .flatMap(mask -> Stream.of(IpFamily.values()).map(family -> Arguments.of("hash:ip", family, mask)));
    }

    /**
     * A range as a request tells it.
     *
     * @param length {@link #NONE} for none
     * @param to empty for none
     */
    private record Range(String from, int length, String to) {}

    private static List<Range> ranges(IpFamily family) {
        boolean ipv6 = family == IpFamily.IPV6;
        List<Range> ranges = new ArrayList<>();
        for (String from : ipv6 ? ENDS6 : ENDS) {
            for (int length : ipv6 ? new int[] {NONE, 0, 1, 127, 128, 129} : new int[] {NONE, 0, 1, 31, 32, 33}) {
                ranges.add(new Range(from, length, ""));
                for (String to : ipv6 ? List.of("::1") : ENDS) {
                    ranges.add(new Range(from, length, to));
                }
            }
        }
        return ranges;
    }

    @ParameterizedTest
    @MethodSource({"types", "masks"})
    void agreesAtTheEndsOfRanges(String type, IpFamily family, int mask) {
        Range plain = new Range(family == IpFamily.IPV6 ? "2001:db8:80::1" : "198.18.80.1", NONE, "");
        List<String> differences = new ArrayList<>();
        try (Conversation simulated = new Conversation(simulation.transports(), NetlinkProtocol.NETFILTER, Set.of());
                Conversation real = new Conversation(Transport.Factory.kernel(), NetlinkProtocol.NETFILTER, Set.of())) {
            Trial trial = new Trial(type, family, mask, simulated, real, differences);
            // Or both would only agree that there is no such set.
            assertThat(trial.both("create", CREATE, trial::creation))
                    .singleElement()
                    .asString()
                    .contains(" error 0 ");
            for (Range range : ranges(family)) {
                trial.run(range, plain);
                if (type.endsWith(",net")) {
                    trial.run(plain, range);
                    trial.run(range, range);
                }
            }
            trial.both("destroy", DESTROY, out -> {});
        }
        assertThat(differences).isEmpty();
    }

    /** One set on both kernels. */
    private record Trial(
            String type,
            IpFamily family,
            int mask,
            Conversation simulated,
            Conversation real,
            List<String> differences) {

        void run(Range first, Range second) {
            for (int portTo : type.contains("port") ? new int[] {NONE, 81} : new int[] {NONE}) {
                String what = first + " " + second + (portTo == NONE ? "" : " ports");
                Consumer<MessageWriter> element = out -> element(out, first, second, portTo);
                both("add " + what, ADD, element);
                both("state of " + what);
                both("test " + what, TEST, element);
                for (String host : family == IpFamily.IPV6 ? ENDS6 : ENDS) {
                    Range one = new Range(host, NONE, "");
                    both("test " + host + " in " + what, TEST, out -> element(out, one, one, NONE));
                }
                both("delete " + what, DELETE, element);
                both("state behind " + what);
                both("flush", FLUSH, out -> {});
            }
        }

        /** Asks both, and returns the answers of the real one. */
        List<String> both(String what, int command, Consumer<MessageWriter> body) {
            List<String> answers = ask(real, command, body);
            compare(what, ask(simulated, command, body), answers);
            return answers;
        }

        private void both(String what) {
            RandomIpset state = new RandomIpset(new Dice(0));
            compare(what, state.state(simulated), state.state(real));
        }

        private void compare(String what, List<String> ofSimulation, List<String> ofReal) {
            if (!ofSimulation.equals(ofReal)) {
                differences.add("%s: expected %s but was %s".formatted(what, ofReal, ofSimulation));
            }
        }

        /** Told when an entry is there or not, so that no request goes on behind the first one. */
        private static List<String> ask(Conversation kernel, int command, Consumer<MessageWriter> body) {
            int flags = MessageFlags.REQUEST | MessageFlags.ACK | MessageFlags.EXCLUSIVE;
            var message = Messages.message(Messages.IPSET | command, flags, 1, out -> {
                out.netfilterHeader(IpFamily.IPV4.number(), 0, 0).u8(1, 7).string(2, NAME);
                body.accept(out);
            });
            List<String> answers = kernel.ask(message);
            message.release();
            return answers;
        }

        void creation(MessageWriter out) {
            out.string(3, type).u8(4, 0).u8(5, family.number());
            int data = out.beginNested(7);
            out.u32be(19 | ORDER, MAX_ENTRIES);
            if (mask != NONE) {
                out.u8(20, mask);
            }
            out.endNested(data);
        }

        private void element(MessageWriter out, Range first, Range second, int portTo) {
            int data = out.beginNested(7);
            range(out, first, 1, 3, 2);
            if (type.endsWith(",ip") || type.endsWith(",net")) {
                range(out, second, 20, 21, 22);
            }
            if (type.contains("port")) {
                out.u16be(4 | ORDER, 80).u8(7, 6);
            }
            if (portTo != NONE) {
                out.u16be(5 | ORDER, portTo);
            }
            if (type.endsWith("mark")) {
                out.u32be(10 | ORDER, 0);
            }
            if (type.endsWith("iface")) {
                out.string(23, "eth0");
            }
            out.endNested(data);
        }

        private static void range(MessageWriter out, Range range, int from, int length, int to) {
            address(out, from, range.from);
            if (range.length != NONE) {
                out.u8(length, range.length);
            }
            if (!range.to.isEmpty()) {
                address(out, to, range.to);
            }
        }

        private static void address(MessageWriter out, int type, String text) {
            IpAddress address = IpAddress.of(text);
            int nest = out.beginNested(type);
            out.address((address.family() == IpFamily.IPV4 ? 1 : 2) | ORDER, address);
            out.endNested(nest);
        }
    }
}
