// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Listings in parts, and what happens to them in between. */
class DumpTest {
    private static final byte[] LIST_SERVICES =
            Bytes.ipvs(IpvsNumbers.GET_SERVICE, Bytes.REQUEST | Bytes.DUMP, 7, out -> {});

    private final SimulatedKernel kernel = SimulatedKernel.create();

    private static byte[] newService(int port) {
        return Bytes.ipvs(IpvsNumbers.NEW_SERVICE, Bytes.REQUEST, 1, out -> {
            int service = out.beginNested(IpvsNumbers.SERVICE);
            out.u16(IpvsNumbers.SVC_FAMILY, 2)
                    .u16(IpvsNumbers.SVC_PROTOCOL, 6)
                    .bytes(IpvsNumbers.SVC_ADDRESS, new byte[] {10, 96, 0, 1})
                    .u16be(IpvsNumbers.SVC_PORT, port)
                    .string(IpvsNumbers.SVC_SCHEDULER, "rr")
                    .u32pair(IpvsNumbers.SVC_FLAGS, 0, -1)
                    .u32(IpvsNumbers.SVC_TIMEOUT, 0)
                    .u32(IpvsNumbers.SVC_NETMASK, -1);
            out.endNested(service);
        });
    }

    private static byte[] deleteService(int port) {
        return Bytes.ipvs(IpvsNumbers.DEL_SERVICE, Bytes.REQUEST, 1, out -> {
            int service = out.beginNested(IpvsNumbers.SERVICE);
            out.u16(IpvsNumbers.SVC_FAMILY, 2)
                    .u16(IpvsNumbers.SVC_PROTOCOL, 6)
                    .bytes(IpvsNumbers.SVC_ADDRESS, new byte[] {10, 96, 0, 1})
                    .u16be(IpvsNumbers.SVC_PORT, port);
            out.endNested(service);
        });
    }

    private static int messages(byte[] datagram) {
        int count = 0;
        for (int at = 0;
                RequestMessage.isAt(datagram, at);
                at = RequestMessage.at(datagram, at).next()) {
            count++;
        }
        return count;
    }

    private static List<Integer> sizes(List<byte[]> datagrams) {
        List<Integer> sizes = new ArrayList<>();
        datagrams.forEach(datagram -> sizes.add(datagram.length));
        return sizes;
    }

    @Test
    void makesPartsAsLargeAsTheClientsBufferAllows() {
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.GENERIC)) {
            for (int port = 1; port <= 300; port++) {
                socket.send(newService(port));
            }
            List<byte[]> parts = socket.ask(LIST_SERVICES);
            // Before the first receive the kernel knows nothing of the client's buffer.
            assertThat(parts.get(0).length).isLessThanOrEqualTo(3776);
            assertThat(parts.get(1).length).isBetween(32000, 32448);
            assertThat(parts.stream().mapToInt(DumpTest::messages).sum()).isEqualTo(301);
            assertThat(parts.get(parts.size() - 1)).hasSize(20);
            assertThat(socket.ask(LIST_SERVICES).get(0).length).isBetween(32000, 32448);
        }
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.GENERIC, 8192)) {
            assertThat(sizes(socket.ask(LIST_SERVICES))).allMatch(size -> size <= 8192);
        }
    }

    @Test
    void skipsEntriesWhenOthersVanishBetweenTheParts() {
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.GENERIC)) {
            for (int port = 1; port <= 300; port++) {
                socket.send(newService(port));
            }
            socket.send(LIST_SERVICES);
            assertThat(socket.receive()).isEqualTo(Transport.Received.DATAGRAM);
            int seen = messages(socket.received());
            // The second part was made when the first one was received, so five are missing from the third.
            for (int port = 1; port <= 5; port++) {
                socket.send(deleteService(port));
            }
            seen += socket.rest().stream().mapToInt(DumpTest::messages).sum() - 1;
            assertThat(seen).isEqualTo(295);
        }
    }

    @Test
    void keepsASocketToOneListing() {
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.GENERIC)) {
            socket.send(newService(1));
            List<byte[]> answers = socket.ask(Bytes.join(LIST_SERVICES, LIST_SERVICES));
            assertThat(answers.stream().filter(answer -> Bytes.type(answer) == NetlinkNumbers.ERROR))
                    .singleElement()
                    .satisfies(error -> assertThat(Bytes.error(error)).isEqualTo(ErrorNumbers.EBUSY));
            assertThat(socket.ask(LIST_SERVICES)).hasSize(2);
        }
    }

    @Test
    void listsNothingForAnUnknownServiceWithoutAnError() {
        byte[] request = Bytes.ipvs(IpvsNumbers.GET_DEST, Bytes.REQUEST | Bytes.DUMP, 1, out -> {});
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.GENERIC)) {
            assertThat(socket.errorsOf(request)).containsExactly(0);
            assertThat(socket.errorsOf(Bytes.vector("ipvs-get-dests.req"))).containsExactly(0);
        }
    }

    @Test
    void holdsASetWhileAListingStandsInIt() {
        byte[] create = Bytes.ipset(
                IpsetNumbers.CREATE,
                Bytes.REQUEST,
                out -> out.string(2, "large").string(3, "hash:ip").u8(4, 0).u8(5, 2));
        byte[] fill = Bytes.ipset(IpsetNumbers.ADD, Bytes.REQUEST, out -> {
            out.string(2, "large");
            int data = out.beginNested(IpsetNumbers.ATTR_DATA);
            int address = out.beginNested(IpsetNumbers.IP);
            out.u32be(IpsetNumbers.ADDRESS_IPV4 | NetlinkNumbers.ATTRIBUTE_NETWORK_ORDER, 0x0a000000);
            out.endNested(address);
            out.u8(IpsetNumbers.CIDR, 20);
            out.endNested(data);
        });
        byte[] destroy = Bytes.ipset(IpsetNumbers.DESTROY, Bytes.REQUEST | Bytes.ACK, out -> out.string(2, "large"));
        byte[] list = Bytes.ipset(IpsetNumbers.LIST, Bytes.REQUEST | Bytes.DUMP, out -> {});
        try (RawSocket other = new RawSocket(kernel, NetlinkProtocol.NETFILTER)) {
            try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.NETFILTER)) {
                socket.send(Bytes.join(create, fill));
                socket.send(list);
                assertThat(other.errorsOf(destroy)).containsExactly(IpsetNumbers.ERR_BUSY);
            }
            assertThat(other.errorsOf(destroy)).containsExactly(0);
        }
        kernel.assertQuiescent();
    }

    @Test
    void marksWhatFollowsAChangeOfLinks() {
        byte[] list = Bytes.message(
                RouteNumbers.GET_ADDRESS,
                Bytes.REQUEST | Bytes.DUMP,
                1,
                out -> out.headerU32(0).headerU32(0));
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.ROUTE)) {
            kernel.links().addHardware("eth0");
            for (int i = 1; i <= 100; i++) {
                kernel.links().addAddress("eth0", IpAddress.of("10.0.0." + i), 24);
            }
            socket.send(list);
            kernel.links().addAddress("eth0", IpAddress.of("fd00::1"), 64);
            List<byte[]> parts = socket.rest();
            assertThat(Bytes.flags(parts.get(0)) & NetlinkNumbers.FLAG_DUMP_INTERRUPTED)
                    .isZero();
            assertThat(Bytes.flags(parts.get(1)) & NetlinkNumbers.FLAG_DUMP_INTERRUPTED)
                    .isPositive();
        }
    }
}
