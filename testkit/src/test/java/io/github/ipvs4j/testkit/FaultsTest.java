// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.DeadlineExceeded;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.Link;
import io.github.ipvs4j.netlink.ListingDisturbed;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import io.github.ipvs4j.netlink.Request;
import io.github.ipvs4j.netlink.RouteClient;
import io.github.ipvs4j.netlink.SocketFailed;
import io.github.ipvs4j.netlink.Transport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Faults reach the library's clients as the failures that they are meant to be. */
class FaultsTest {
    private static final VirtualService WEB =
            VirtualService.of(ServiceKey.tcp(IpAddress.of("10.96.0.1"), 80), Scheduler.ROUND_ROBIN);

    private final SimulatedKernel kernel = SimulatedKernel.create();

    private NetlinkClient.Builder on(NetlinkProtocol protocol) {
        return NetlinkClient.builder(protocol).transport(kernel.transports()).deadline(Duration.ofMillis(50));
    }

    private record LookUp(String family) implements Request {
        @Override
        public int type() {
            return GenericNumbers.CONTROLLER;
        }

        @Override
        public void write(MessageWriter out) {
            out.genericHeader(GenericNumbers.GET_FAMILY, 1).string(GenericNumbers.FAMILY_NAME, family);
        }

        @Override
        public String describe() {
            return "look up " + family;
        }
    }

    @AfterEach
    void assertQuiescent() {
        kernel.assertQuiescent();
    }

    @Test
    void carriesOutARequestWhoseReplyIsLost() {
        try (IpvsClient ipvs = IpvsClient.open(on(NetlinkProtocol.GENERIC))) {
            kernel.faults(NetlinkProtocol.GENERIC).loseReply(1);
            assertThatExceptionOfType(DeadlineExceeded.class).isThrownBy(() -> ipvs.addService(WEB));
            assertThat(ipvs.services()).hasSize(1);
        }
    }

    @Test
    void refusesTheRequestThatIsToFail() {
        try (IpvsClient ipvs = IpvsClient.open(on(NetlinkProtocol.GENERIC))) {
            kernel.faults(NetlinkProtocol.GENERIC).failRequest(2, new Errno(12));
            ipvs.addService(WEB);
            assertThatExceptionOfType(KernelRejected.class)
                    .isThrownBy(() -> ipvs.deleteService(WEB.key()))
                    .satisfies(e -> assertThat(e.errno().name()).isEqualTo("ENOMEM"));
            assertThat(ipvs.services()).hasSize(1);
        }
    }

    @Test
    void leavesTheOutcomeOpenAfterAnOverrun() {
        try (IpsetClient ipset = IpsetClient.open(on(NetlinkProtocol.NETFILTER))) {
            ipset.create(SetDefinition.hashIp("web", IpFamily.IPV4));
            ipset.header("web");
            SetEntry entry = new SetEntry.Ip(IpAddress.of("10.0.0.1"));
            ipset.add("web", List.of(entry));
            kernel.faults(NetlinkProtocol.NETFILTER).overrunAtReply(2);
            SetEntry other = new SetEntry.Ip(IpAddress.of("10.0.0.2"));
            List<Outcome> outcomes = ipset.add("web", List.of(other));
            assertThat(outcomes).singleElement().isInstanceOf(Outcome.Unknown.class);
        }
        assertThat(kernel.ipsets().save()).contains("add web 10.0.0.2");
    }

    @Test
    void interruptsListingsOfLinks() {
        try (RouteClient route = RouteClient.open(on(NetlinkProtocol.ROUTE))) {
            kernel.faults(NetlinkProtocol.ROUTE).interruptDumps(2);
            assertThat(route.links()).extracting(Link::name).containsExactly("lo");
            kernel.faults(NetlinkProtocol.ROUTE).interruptDumps(5);
            assertThatExceptionOfType(ListingDisturbed.class).isThrownBy(route::addresses);
        }
    }

    @Test
    void sendsForeignRepliesThatTheClientCountsAndDrops() {
        try (NetlinkClient client = on(NetlinkProtocol.GENERIC).open()) {
            kernel.faults(NetlinkProtocol.GENERIC).foreignReplyBefore(1);
            int number = client.query(new LookUp("IPVS"), message -> {
                AttributeReader attributes = message.genericAttributes();
                attributes.next();
                attributes.next();
                return attributes.u16();
            });
            assertThat(number).isEqualTo(28);
            assertThat(client.strayMessages()).isEqualTo(2);
        }
    }

    @Test
    void tellsOfFaultsThatDidNotHappen() {
        kernel.faults(NetlinkProtocol.ROUTE)
                .loseReply(3)
                .failRequest(1, Errno.EBUSY)
                .interruptDumps(1);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(kernel::assertQuiescent)
                .withMessageContaining("did not happen on ROUTE")
                .withMessageContaining("refuse request 1 from now")
                .withMessageContaining("LOSE reply 3 from now");
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.ROUTE)) {
            byte[] list = Bytes.message(
                    RouteNumbers.GET_LINK,
                    Bytes.REQUEST | Bytes.DUMP,
                    1,
                    out -> out.headerU32(0).headerU32(0).headerU32(0).headerU32(0));
            socket.ask(list);
            socket.ask(list);
        }
    }

    @Test
    void refusesNumbersThatCountNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kernel.faults(NetlinkProtocol.ROUTE).loseReply(0));
    }

    @Test
    void dropsAnswersThatDoNotFitIntoTheReceiveBufferUntilItWasEmptied() {
        SimulatedKernel small = SimulatedKernel.builder().receiveBuffer(2 * 768).build();
        byte[] flush = Bytes.ipvs(IpvsNumbers.FLUSH, Bytes.REQUEST | Bytes.ACK, 1, out -> {});
        try (RawSocket socket = new RawSocket(small, NetlinkProtocol.GENERIC)) {
            // The third one exceeds the buffer, as the kernel only looks before it adds.
            socket.send(Bytes.join(flush, flush, flush, flush, flush));
            assertThat(socket.receive()).isEqualTo(Transport.Received.OVERRUN);
            assertThat(socket.receive()).isEqualTo(Transport.Received.DATAGRAM);
            socket.send(flush);
            assertThat(socket.rest()).hasSize(2);
            assertThat(socket.ask(flush)).hasSize(1);
        }
    }

    @Test
    void letsAClientCopeWithRepliesThatComeTwiceOrLate() {
        NetlinkClient.Builder patient =
                NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel.transports());
        try (IpvsClient ipvs = IpvsClient.open(patient)) {
            kernel.faults(NetlinkProtocol.GENERIC).duplicateReply(1).delayReply(2, 3);
            ipvs.addService(WEB);
            assertThat(ipvs.services()).hasSize(1);
        }
    }

    @Test
    void letsAReplyOvertakeTheOneBefore() {
        kernel.faults(NetlinkProtocol.GENERIC).reorderReply(1);
        byte[] first = Bytes.ipvs(IpvsNumbers.FLUSH, Bytes.REQUEST | Bytes.ACK, 1, out -> {});
        byte[] second = Bytes.ipvs(IpvsNumbers.FLUSH, Bytes.REQUEST | Bytes.ACK, 2, out -> {});
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.GENERIC)) {
            assertThat(socket.ask(Bytes.join(first, second)))
                    .extracting(Bytes::sequence)
                    .containsExactly(2, 1);
            kernel.faults(NetlinkProtocol.GENERIC).reorderReply(1);
            assertThat(socket.ask(first)).hasSize(1);
        }
    }

    @Test
    void tellsTheClientOfADatagramThatTheSystemRefuses() {
        try (IpvsClient ipvs = IpvsClient.open(on(NetlinkProtocol.GENERIC))) {
            assertThat(ipvs.services()).isEmpty();
            kernel.faults(NetlinkProtocol.GENERIC).refuseDatagram(1);
            assertThatExceptionOfType(SocketFailed.class)
                    .isThrownBy(() -> ipvs.addService(WEB))
                    .withMessageContaining("ENOBUFS");
            assertThat(ipvs.services()).isEmpty();
        }
    }

    @Test
    void letsAnotherWriterActBeforeARequestAndBeforeADatagram() {
        try (IpvsClient ipvs = IpvsClient.open(on(NetlinkProtocol.GENERIC));
                IpvsClient other = IpvsClient.open(on(NetlinkProtocol.GENERIC))) {
            assertThat(ipvs.services()).isEmpty();
            assertThat(other.services()).isEmpty();
            kernel.faults(NetlinkProtocol.GENERIC).beforeRequest(1, () -> other.addService(WEB));
            assertThatExceptionOfType(KernelRejected.class)
                    .isThrownBy(() -> ipvs.addService(WEB))
                    .withMessageContaining("EEXIST");
            kernel.faults(NetlinkProtocol.GENERIC).beforeDatagram(1, other::flush);
            assertThat(ipvs.services()).isEmpty();
        }
    }

    @Test
    void letsAnotherWriterActBetweenThePartsOfAListing() {
        try (IpvsClient ipvs = IpvsClient.open(on(NetlinkProtocol.GENERIC));
                IpvsClient other = IpvsClient.open(on(NetlinkProtocol.GENERIC))) {
            for (int port = 1; port <= 200; port++) {
                ipvs.addService(
                        VirtualService.of(ServiceKey.tcp(IpAddress.of("10.96.0.1"), port), Scheduler.ROUND_ROBIN));
            }
            // The kernel lists by position: what is reported and deleted then makes it skip as many.
            kernel.faults(NetlinkProtocol.GENERIC)
                    .duringDump(1, () -> other.deleteService(ServiceKey.tcp(IpAddress.of("10.96.0.1"), 1)));
            assertThat(ipvs.services()).hasSize(199);
            assertThat(ipvs.services()).hasSize(199);
        }
    }

    @Test
    void tellsWhichFaultsDidNotHappen() {
        SimulatedKernel one = SimulatedKernel.create();
        one.faults(NetlinkProtocol.ROUTE)
                .delayReply(2, 1)
                .duplicateReply(3)
                .refuseDatagram(4)
                .beforeRequest(5, () -> {})
                .duringDump(1, () -> {});
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(one::assertQuiescent)
                .withMessageContaining(
                        "DUPLICATE reply 3 from now; delay reply 2 from now; refuse datagram 4 from now; "
                                + "act before request 5 from now; act during listing 1 from now");
    }
}
