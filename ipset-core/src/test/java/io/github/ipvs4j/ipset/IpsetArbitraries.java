// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generators of sets and entries. */
final class IpsetArbitraries {
    private IpsetArbitraries() {}

    static Arbitrary<IpAddress> addresses(IpFamily family) {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofSize(family.addressLength())
                .map(IpAddress::of);
    }

    /** All protocols, those with ports most often. */
    static Arbitrary<SetProtocol> protocols() {
        return Arbitraries.oneOf(
                Arbitraries.of(SetProtocol.TCP, SetProtocol.UDP, SetProtocol.SCTP),
                Arbitraries.integers().between(1, 255).map(SetProtocol::new));
    }

    private static Arbitrary<Integer> ports(SetProtocol protocol) {
        return protocol.hasPorts() ? Arbitraries.integers().between(0, 65535) : Arbitraries.just(0);
    }

    static Arbitrary<IpFamily> families() {
        return Arbitraries.of(IpFamily.class);
    }

    /** Entries that fit into a set of the type and, where it has one, the family. */
    static Arbitrary<SetEntry> entries(SetType type, IpFamily family) {
        Arbitrary<SetEntry.IpPort> ipPorts = protocols()
                .flatMap(protocol -> Combinators.combine(addresses(family), ports(protocol))
                        .as((address, port) -> new SetEntry.IpPort(address, protocol, port)));
        return switch (type) {
            case HASH_IP -> addresses(family).map(SetEntry.Ip::new);
            case HASH_IP_PORT -> ipPorts.map(entry -> entry);
            case HASH_IP_PORT_IP ->
                Combinators.combine(ipPorts, addresses(family))
                        .as((first, second) ->
                                new SetEntry.IpPortIp(first.address(), first.protocol(), first.port(), second));
            case BITMAP_PORT -> Arbitraries.integers().between(0, 65535).map(SetEntry.Port::new);
        };
    }

    static SetDefinition definition(String name, SetType type, IpFamily family) {
        return switch (type) {
            case HASH_IP -> SetDefinition.hashIp(name, family);
            case HASH_IP_PORT -> SetDefinition.hashIpPort(name, family);
            case HASH_IP_PORT_IP -> SetDefinition.hashIpPortIp(name, family);
            case BITMAP_PORT -> SetDefinition.bitmapPort(name, 0, 65535);
        };
    }

    /**
     * Up to four sets with small contents out of few values, so that two of these states have much in common: the same
     * names now with the same type and now with another, entries in both and in one, limits that are just reached.
     */
    static Arbitrary<List<IpSet>> states() {
        return Arbitraries.of("a", "b", "c", "d")
                .set()
                .ofMaxSize(4)
                .flatMap(names -> Combinators.combine(
                                names.stream().map(IpsetArbitraries::smallSet).toList())
                        .as(sets -> sets));
    }

    private static Arbitrary<IpSet> smallSet(String name) {
        Arbitrary<List<SetEntry>> addresses = Arbitraries.integers()
                .between(1, 12)
                .map(number -> (SetEntry) new SetEntry.Ip(IpAddress.of("10.0.0." + number)))
                .list()
                .uniqueElements()
                .ofMaxSize(6);
        Arbitrary<IpSet> hashes = Combinators.combine(addresses, Arbitraries.of(6L, 6L, 6L, 100L))
                .as((entries, limit) ->
                        IpSet.of(SetDefinition.hashIp(name, IpFamily.IPV4).withMaxElements(limit), entries));
        Arbitrary<IpSet> bitmaps = Arbitraries.integers()
                .between(0, 9)
                .map(SetEntry.Port::new)
                .list()
                .ofMaxSize(6)
                .map(entries -> IpSet.of(SetDefinition.bitmapPort(name, 0, 9), entries));
        return Arbitraries.frequencyOf(Tuple.of(3, hashes), Tuple.of(1, bitmaps));
    }
}
