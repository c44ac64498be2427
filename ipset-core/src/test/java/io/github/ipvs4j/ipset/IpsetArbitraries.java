// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.List;
import java.util.OptionalLong;
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

    private static Arbitrary<Integer> ports(SetProtocol protocol, IpFamily family) {
        return protocol.hasPorts(family) ? Arbitraries.integers().between(0, 65535) : Arbitraries.just(0);
    }

    static Arbitrary<IpFamily> families() {
        return Arbitraries.of(IpFamily.class);
    }

    static Arbitrary<IpPrefix> prefixes(IpFamily family, int shortest) {
        return Combinators.combine(
                        addresses(family), Arbitraries.integers().between(shortest, family.maxPrefixLength()))
                .as(IpPrefix::new);
    }

    private static Arbitrary<MacAddress> macs() {
        return Arbitraries.longs().between(1, (1L << 48) - 1).map(MacAddress::new);
    }

    private static Arbitrary<IpAddress> inBitmap() {
        return Arbitraries.integers()
                .between(0, 65535)
                .map(number -> IpAddress.of("10.0." + (number >> 8) + "." + (number & 255)));
    }

    private static Arbitrary<String> names() {
        return Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars('-', '_', '.')
                .ofMinLength(1)
                .ofMaxLength(15);
    }

    /** Entries that fit into a set of the type and, where it has one, the family. */
    static Arbitrary<SetEntry> entries(SetType type, IpFamily family) {
        Arbitrary<SetEntry.IpPort> ipPorts = protocols()
                .flatMap(protocol -> Combinators.combine(addresses(family), ports(protocol, family))
                        .as((address, port) -> new SetEntry.IpPort(address, protocol, port)));
        Arbitrary<IpPrefix> nets = prefixes(family, 1);
        return switch (type) {
            case BITMAP_IP -> inBitmap().map(SetEntry.Ip::new);
            case BITMAP_IP_MAC ->
                Combinators.combine(inBitmap(), macs().optional()).as(SetEntry.IpMac::new);
            case BITMAP_PORT -> Arbitraries.integers().between(0, 65535).map(SetEntry.Port::new);
            case HASH_IP -> addresses(family).map(SetEntry.Ip::new);
            case HASH_MAC -> macs().map(SetEntry.Mac::new);
            case HASH_IP_MAC ->
                Combinators.combine(addresses(family), macs()).as((address, mac) -> new SetEntry.IpMac(address, mac));
            case HASH_IP_MARK ->
                Combinators.combine(addresses(family), Arbitraries.integers()).as(SetEntry.IpMark::new);
            case HASH_NET -> nets.map(SetEntry.Net::new);
            case HASH_NET_NET -> Combinators.combine(nets, nets).as(SetEntry.NetNet::new);
            case HASH_IP_PORT -> ipPorts.map(entry -> entry);
            case HASH_NET_PORT ->
                Combinators.combine(nets, ipPorts)
                        .as((net, port) -> new SetEntry.NetPort(net, port.protocol(), port.port()));
            case HASH_IP_PORT_IP ->
                Combinators.combine(ipPorts, addresses(family))
                        .as((first, second) ->
                                new SetEntry.IpPortIp(first.address(), first.protocol(), first.port(), second));
            case HASH_IP_PORT_NET ->
                Combinators.combine(ipPorts, nets)
                        .as((first, net) ->
                                new SetEntry.IpPortNet(first.address(), first.protocol(), first.port(), net));
            case HASH_NET_PORT_NET ->
                Combinators.combine(prefixes(family, 0), ipPorts, prefixes(family, 0))
                        .as((net, port, second) -> new SetEntry.NetPortNet(net, port.protocol(), port.port(), second));
            case HASH_NET_INTERFACE ->
                Combinators.combine(
                                prefixes(family, 0), names(), Arbitraries.of(true, false), Arbitraries.of(true, false))
                        .as(SetEntry.NetInterface::new);
            case LIST_SET -> names().map(SetEntry.Member::new);
        };
    }

    /** What entries of a set of the definition may carry. */
    static Arbitrary<EntryOptions> options(SetDefinition definition) {
        SetExtensions extensions = definition.extensions();
        Arbitrary<Long> timeouts = Arbitraries.longs().between(1000, EntryOptions.MAX_TIMEOUT);
        Arbitrary<String> comments =
                Arbitraries.strings().withCharRange(' ', '~').excludeChars('"').ofMaxLength(255);
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        timeouts,
                        Arbitraries.longs().between(0, Long.MAX_VALUE),
                        comments,
                        Arbitraries.integers(),
                        Arbitraries.integers().between(1, 65535))
                .as((nomatch, timeout, count, comment, mark, number) -> {
                    EntryOptions options = EntryOptions.NONE.withNomatch(
                            nomatch && definition.type().hasNetworks());
                    options = extensions.timeout().isPresent() ? options.withTimeout(timeout) : options;
                    options = extensions.counters() ? options.withCounters(count, count >>> 3) : options;
                    options = extensions.comment() ? options.withComment(comment) : options;
                    return extensions.packetInfo()
                            ? options.withMark(mark, ~mark | 1)
                                    .withPriority(number, 3)
                                    .withQueue(number)
                            : options;
                });
    }

    /** Sets of a type with all combinations of extensions. */
    static Arbitrary<SetDefinition> definitions(String name, SetType type, IpFamily family) {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 100_000).optional(),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as((timeout, counters, comment, packetInfo) -> definition(name, type, family)
                        .withExtensions(new SetExtensions(
                                timeout.map(OptionalLong::of).orElse(OptionalLong.empty()),
                                counters,
                                comment,
                                packetInfo)));
    }

    static SetDefinition definition(String name, SetType type, IpFamily family) {
        return switch (type) {
            case BITMAP_IP, BITMAP_IP_MAC ->
                SetDefinition.bitmap(name, type, IpAddress.of("10.0.0.0"), IpAddress.of("10.0.255.255"));
            case BITMAP_PORT -> SetDefinition.bitmapPort(name, 0, 65535);
            case HASH_MAC -> SetDefinition.hashMac(name);
            case LIST_SET -> SetDefinition.list(name);
            default -> SetDefinition.hash(name, type, family);
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
