// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipset.EntryOptions;
import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.netlink.ConntrackClient;
import io.github.ipvs4j.netlink.ConntrackFilter;
import io.github.ipvs4j.netlink.ControllerClient;
import io.github.ipvs4j.netlink.FamilyDescription;
import io.github.ipvs4j.netlink.InterfaceAddress;
import io.github.ipvs4j.netlink.Link;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.RouteClient;
import io.github.ipvs4j.netlink.Transport;
import io.github.ipvs4j.testkit.SimulatedKernel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The simulated kernel against the real one: random requests, legal and illegal, one or several to a datagram, get the
 * same answers, and the state is the same after each datagram. It imitates the release that runs. The system property
 * {@code ipvs4j.operations} says how many requests a family gets, {@code ipvs4j.seed} which ones.
 */
@LabTest
class KernelComparisonTest {
    private static final int OPERATIONS = Integer.getInteger("ipvs4j.operations", 20_000);
    private static final long SEED = Long.getLong("ipvs4j.seed", 1);

    /** How often the state is compared through the clients, beside the bytes after each datagram. */
    private static final int CLIENTS_EVERY = 200;

    private final SimulatedKernel simulation = RunningKernel.imitated();

    @AfterEach
    void assertQuiescent() {
        simulation.assertQuiescent();
    }

    private NetlinkClient.Builder simulated(NetlinkProtocol protocol) {
        return NetlinkClient.builder(protocol).transport(simulation.transports());
    }

    private static NetlinkClient.Builder real(NetlinkProtocol protocol) {
        return NetlinkClient.builder(protocol);
    }

    /** Makes the same choices for both kernels; the requests differ in numbers that a kernel gives by chance. */
    private void compare(
            NetlinkProtocol protocol,
            Function<Dice, RandomRequests> ofSimulation,
            Function<Dice, RandomRequests> ofReal,
            Runnable compareState) {
        Dice dice = new Dice(SEED);
        RandomRequests toSimulation = ofSimulation.apply(new Dice(~SEED));
        RandomRequests toReal = ofReal.apply(new Dice(~SEED));
        try (Conversation simulated = new Conversation(simulation.transports(), protocol, toSimulation.chance());
                Conversation real = new Conversation(Transport.Factory.kernel(), protocol, toReal.chance())) {
            int left = OPERATIONS;
            for (int i = 1; left > 0; i++) {
                int messages = dice.once(3) ? 1 + dice.below(5) : 1;
                left -= messages;
                Set<Integer> silent = new HashSet<>();
                ByteBuf forSimulation = datagram(toSimulation, messages, silent);
                ByteBuf forReal = datagram(toReal, messages, silent);
                int number = i;
                assertThat(simulated.ask(forSimulation, silent))
                        .as(() -> "datagram " + number + ": " + ByteBufUtil.hexDump(forReal))
                        .isEqualTo(real.ask(forReal, silent));
                assertThat(toSimulation.state(simulated))
                        .as(() -> "state after datagram " + number + ": " + ByteBufUtil.hexDump(forReal))
                        .isEqualTo(toReal.state(real));
                forSimulation.release();
                forReal.release();
                if (i % CLIENTS_EVERY == 0 || left <= 0) {
                    compareState.run();
                }
            }
        }
    }

    /** Notes which requests may succeed without an answer. */
    private static ByteBuf datagram(RandomRequests requests, int messages, Set<Integer> silent) {
        ByteBuf datagram = Unpooled.directBuffer();
        MessageWriter out = new MessageWriter(datagram);
        for (int sequence = 1; sequence <= messages; sequence++) {
            out.begin(requests.type(), requests.flags(), sequence);
            requests.write(out);
            out.end();
            if (requests.maySucceedSilently()) {
                silent.add(sequence);
            }
        }
        return datagram;
    }

    private static int familyOf(NetlinkClient.Builder settings) {
        try (ControllerClient controller = ControllerClient.open(settings)) {
            return controller.find("IPVS").map(FamilyDescription::number).orElseThrow();
        }
    }

    @Test
    void agreesOnIpvs() {
        int simulatedFamily = familyOf(simulated(NetlinkProtocol.GENERIC));
        int realFamily = familyOf(real(NetlinkProtocol.GENERIC));
        try (RouteClient simulated = RouteClient.open(simulated(NetlinkProtocol.ROUTE));
                RouteClient real = RouteClient.open(real(NetlinkProtocol.ROUTE))) {
            for (RouteClient route : List.of(simulated, real)) {
                route.addDummy("i4j-a");
                route.setUp(route.addDummy("i4j-b"), true);
            }
        }
        List.of(simulated(NetlinkProtocol.GENERIC), real(NetlinkProtocol.GENERIC))
                .forEach(KernelComparisonTest::makeAndDeleteAService);
        compare(
                NetlinkProtocol.GENERIC,
                dice -> new RandomIpvs(dice, simulatedFamily),
                dice -> new RandomIpvs(dice, realFamily),
                () -> {
                    try (IpvsClient simulated = IpvsClient.open(simulated(NetlinkProtocol.GENERIC));
                            IpvsClient real = IpvsClient.open(real(NetlinkProtocol.GENERIC))) {
                        assertThat(new HashSet<>(simulated.snapshot().servers()))
                                .isEqualTo(new HashSet<>(real.snapshot().servers()));
                    }
                });
    }

    /** 7.2 makes the table of connections with the first service, which the real one may have had in another test. */
    private static void makeAndDeleteAService(NetlinkClient.Builder settings) {
        try (IpvsClient ipvs = IpvsClient.open(settings)) {
            ipvs.addService(VirtualService.of(ServiceKey.tcp(TestServices.VIP, 80), Scheduler.ROUND_ROBIN));
            ipvs.flush();
        }
    }

    @Test
    void agreesOnIpset() {
        compare(NetlinkProtocol.NETFILTER, RandomIpset::new, RandomIpset::new, () -> {
            try (IpsetClient simulated = IpsetClient.open(simulated(NetlinkProtocol.NETFILTER));
                    IpsetClient real = IpsetClient.open(real(NetlinkProtocol.NETFILTER))) {
                assertThat(sets(simulated)).isEqualTo(sets(real));
            }
        });
    }

    /** Returns all sets; of timeouts, which run on one of the two, only which entries have any; no sizes of tables. */
    private static List<Object> sets(IpsetClient client) {
        return client.list().stream()
                .<Object>map(set -> List.of(
                        // As a table of Linux grows when many entries meet by chance.
                        set.definition().type().isHash() ? set.definition().withHashSize(1024) : set.definition(),
                        set.members().stream()
                                .map(member -> List.of(member.spec(), withoutTime(member.options())))
                                .collect(Collectors.<Object, Collection<Object>>toCollection(
                                        set.definition().type() == SetType.LIST_SET ? ArrayList::new : HashSet::new))))
                .toList();
    }

    private static EntryOptions withoutTime(EntryOptions options) {
        boolean ends = options.timeout().orElse(0) > 0;
        return options.timeout().isPresent() ? options.withTimeout(ends ? 1 : 0) : options;
    }

    @Test
    void agreesOnConnections() {
        compare(NetlinkProtocol.NETFILTER, RandomConntrack::new, RandomConntrack::new, () -> {
            try (ConntrackClient simulated = ConntrackClient.open(simulated(NetlinkProtocol.NETFILTER));
                    ConntrackClient real = ConntrackClient.open(real(NetlinkProtocol.NETFILTER))) {
                assertThat(connections(simulated)).isEqualTo(connections(real));
            }
        });
    }

    private static Set<List<Object>> connections(ConntrackClient client) {
        return client.list(ConntrackFilter.ALL).stream()
                .map(entry ->
                        List.<Object>of(entry.original(), entry.reply(), entry.zone(), entry.status(), entry.mark()))
                .collect(Collectors.toSet());
    }

    @Test
    void agreesOnAddresses() {
        try (RouteClient simulated = RouteClient.open(simulated(NetlinkProtocol.ROUTE));
                RouteClient real = RouteClient.open(real(NetlinkProtocol.ROUTE))) {
            List<Link> simulatedLinks = List.of(simulated.addDummy("i4j-a"), simulated.addDummy("i4j-b"));
            List<Link> realLinks = List.of(real.addDummy("i4j-a"), real.addDummy("i4j-b"));
            compareAddresses(simulated, simulatedLinks, real, realLinks);
        }
    }

    private void compareAddresses(
            RouteClient simulated, List<Link> simulatedLinks, RouteClient real, List<Link> realLinks) {
        compare(
                NetlinkProtocol.ROUTE,
                dice -> requests(dice, simulatedLinks),
                dice -> requests(dice, realLinks),
                () -> {
                    for (int i = 0; i < realLinks.size(); i++) {
                        assertThat(addresses(simulated, simulatedLinks.get(i)))
                                .isEqualTo(addresses(real, realLinks.get(i)));
                    }
                });
    }

    private static RandomRequests requests(Dice dice, List<Link> links) {
        return new RandomRoute(dice, links.get(0).index(), links.get(1).index());
    }

    private static List<String> addresses(RouteClient route, Link link) {
        return route.addresses(link).stream().map(KernelComparisonTest::words).toList();
    }

    private static String words(InterfaceAddress address) {
        return address.address() + "/" + address.prefixLength();
    }
}
