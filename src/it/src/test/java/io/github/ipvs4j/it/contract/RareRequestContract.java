// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.netlink.ConntrackClient;
import io.github.ipvs4j.netlink.ConntrackEntry;
import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import io.github.ipvs4j.netlink.ConntrackTuple;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.Link;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.RouteClient;
import io.github.ipvs4j.netlink.Transport;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a kernel does with requests that the clients never make; random ones have found each. */
abstract class RareRequestContract {
    private static final int ORDER = MessageWriter.NETWORK_ORDER;
    private static final int NEW_CONNECTION = 1 << 8;
    private static final int NEW_ADDRESS = 20;
    private static final int GET_ADDRESS = 22;
    private static final int IPSET_ADD = 6 << 8 | 9;
    private static final int NO_DAD = 2;
    private static final int REPLACE = 0x100;
    private static final String SET = "ipvs4j-rare";

    /** Returns what opens sockets. */
    abstract Transport.Factory transports();

    private NetlinkClient.Builder settings(NetlinkProtocol protocol) {
        return NetlinkClient.builder(protocol).transport(transports());
    }

    /** Returns the error of one acknowledged request. */
    private int error(NetlinkProtocol protocol, int type, int flags, Consumer<MessageWriter> body) {
        ByteBuf message = Messages.message(type, MessageFlags.REQUEST | MessageFlags.ACK | flags, 1, body);
        try (Conversation conversation = new Conversation(transports(), protocol, Set.of())) {
            String answer = conversation.ask(message).get(0);
            return Integer.parseInt(answer.split(" ")[2]);
        } finally {
            message.release();
        }
    }

    private static void nest(MessageWriter out, int type, Consumer<MessageWriter> content) {
        int mark = out.beginNested(type);
        content.accept(out);
        out.endNested(mark);
    }

    @Test
    void changesAConnectionUpToWhatIsWrongInTheRequest() {
        IpAddress from = IpAddress.of("198.18.81.1");
        IpAddress to = IpAddress.of("198.18.80.1");
        ConntrackTuple tuple = ConntrackTuple.udp(from, 1001, to, 53);
        try (ConntrackClient client = ConntrackClient.open(settings(NetlinkProtocol.NETFILTER))) {
            client.add(new ConntrackEntry(
                    tuple, ConntrackTuple.udp(to, 53, from, 1001), Zone.DEFAULT, 0x0e, 0, Duration.ofMinutes(10), 0));
            int error = error(NetlinkProtocol.NETFILTER, NEW_CONNECTION, MessageFlags.CREATE, out -> {
                out.netfilterHeader(IpFamily.IPV4.number(), 0, 0);
                nest(out, 1, key -> {
                    nest(key, 1, hosts -> hosts.address(1, from).address(2, to));
                    nest(key, 2, ports -> ports.u8(1, 17).u16be(2, 1001).u16be(3, 53));
                });
                out.u32be(7, 1200).u32be(8, 0x77);
                // Two of the three numbers that there must be.
                nest(out, 24, numbers -> numbers.u32be(1, 1).u32be(2, 2));
            });
            assertThat(client.find(tuple, Zone.DEFAULT)).hasValueSatisfying(entry -> {
                // Not where the kernel is built without the proxy.
                assertThat(error).isIn(0, 22);
                assertThat(entry.mark()).isEqualTo(0x77);
                assertThat(entry.timeout()).isGreaterThan(Duration.ofMinutes(11));
            });
            assertThat(client.delete(tuple, Zone.DEFAULT)).isTrue();
        }
    }

    private int address(int flags, Link link, int prefix, String local, String other) {
        return error(
                NetlinkProtocol.ROUTE,
                NEW_ADDRESS,
                flags,
                out -> out.headerU8(IpFamily.IPV6.number())
                        .headerU8(prefix)
                        .headerU16(0)
                        .headerU32(link.index())
                        .address(2, IpAddress.of(local))
                        .address(1, IpAddress.of(other))
                        .u32(8, NO_DAD));
    }

    /** Returns address, other end and prefix of each IPv6 address of a link. */
    private List<String> addresses(Link link) {
        List<String> addresses = new ArrayList<>();
        try (Conversation conversation = new Conversation(transports(), NetlinkProtocol.ROUTE, Set.of())) {
            ByteBuf request = Messages.message(
                    GET_ADDRESS,
                    MessageFlags.REQUEST | MessageFlags.DUMP,
                    1,
                    out -> out.headerU8(IpFamily.IPV6.number())
                            .headerU8(0)
                            .headerU16(0)
                            .headerU32(link.index()));
            for (byte[] answer : conversation.list(request)) {
                addresses.add(answer[1]
                        + Attribute.of(answer, Long.BYTES).stream()
                                .filter(part -> part.type() == 1 || part.type() == 2)
                                .map(part -> (part.type() == 1 ? " of " : " local ")
                                        + IpAddress.of(HexFormat.of()
                                                .formatHex(part.payload())
                                                .replaceAll("(....)(?!$)", "$1:")))
                                .sorted()
                                .collect(Collectors.joining()));
            }
        }
        return addresses.stream().filter(address -> !address.contains("fe80")).toList();
    }

    @Test
    void takesTheUnspecifiedAddressForNoOtherEnd() {
        int create = MessageFlags.CREATE | MessageFlags.EXCLUSIVE;
        try (RouteClient route = RouteClient.open(settings(NetlinkProtocol.ROUTE))) {
            Link link = route.addDummy("i4j-rare");
            assertThat(address(create, link, 128, "2001:db8:80::1", "::")).isZero();
            assertThat(address(create, link, 128, "2001:db8:80::2", "2001:db8:80::9"))
                    .isZero();
            assertThat(addresses(link))
                    .containsExactlyInAnyOrder("-128 of 2001:db8:80::1", "-128 local 2001:db8:80::2 of 2001:db8:80::9");
            // A replacement tells the other end anew, and not the length.
            assertThat(address(REPLACE, link, 128, "2001:db8:80::1", "2001:db8:80::8"))
                    .isZero();
            assertThat(address(REPLACE, link, 128, "2001:db8:80::2", "::")).isZero();
            assertThat(address(REPLACE, link, 64, "2001:db8:80::2", "2001:db8:80::2"))
                    .isZero();
            assertThat(addresses(link))
                    .containsExactlyInAnyOrder("-128 local 2001:db8:80::1 of 2001:db8:80::8", "-128 of 2001:db8:80::2");
            route.deleteLink(link);
        }
    }

    private static void address(MessageWriter out, int type, String text) {
        nest(out, type, inner -> inner.address(1 | ORDER, IpAddress.of(text)));
    }

    private int addRange(String from, String to, Consumer<MessageWriter> rest) {
        int flags = MessageFlags.EXCLUSIVE;
        return error(NetlinkProtocol.NETFILTER, IPSET_ADD, flags, out -> {
            out.netfilterHeader(IpFamily.IPV4.number(), 0, 0).u8(1, 7).string(2, SET);
            nest(out, 7, data -> {
                address(data, 1, from);
                address(data, 2, to);
                rest.accept(data);
            });
        });
    }

    private static List<String> entries(IpsetClient client) {
        return client.list(SET).orElseThrow().entries().stream()
                .map(Object::toString)
                .sorted()
                .toList();
    }

    @Test
    void storesAllAddressesAsOneNetworkWhereTheTypeKnowsIt() {
        try (IpsetClient client = IpsetClient.open(settings(NetlinkProtocol.NETFILTER))) {
            client.create(SetDefinition.hash(SET, SetType.HASH_NET_PORT_NET, IpFamily.IPV4));
            int error = addRange("198.18.80.0", "198.18.80.2", data -> {
                address(data, 20, "198.18.81.1");
                data.u8(21, 0).u16be(4 | ORDER, 80).u8(7, 6);
            });
            assertThat(error).isZero();
            assertThat(entries(client))
                    .containsExactly("198.18.80.0/31,tcp:80,0.0.0.0/0", "198.18.80.2,tcp:80,0.0.0.0/0");
            client.destroy(SET);
        }
    }

    /** 4,352 stands for a set that is full. */
    @Test
    void cutsARangeOfMoreThanHalfOfAllAddressesIntoSingleOnes() {
        try (IpsetClient client = IpsetClient.open(settings(NetlinkProtocol.NETFILTER))) {
            client.create(
                    SetDefinition.hash(SET, SetType.HASH_NET, IpFamily.IPV4).withMaxElements(2));
            assertThat(addRange("128.0.0.0", "255.255.255.255", data -> {})).isZero();
            assertThat(entries(client)).containsExactly("128.0.0.0/1");
            client.flush(SET);
            assertThat(addRange("64.0.0.0", "255.255.255.255", data -> {})).isEqualTo(4352);
            assertThat(entries(client)).containsExactly("64.0.0.0", "64.0.0.1");
            client.flush(SET);
            assertThat(addRange("0.0.0.0", "255.255.255.255", data -> {})).isNotZero();
            assertThat(entries(client)).isEmpty();
            client.destroy(SET);
        }
    }
}
