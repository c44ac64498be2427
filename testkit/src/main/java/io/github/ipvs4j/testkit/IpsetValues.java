// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.ipset.EntryOptions;
import io.github.ipvs4j.ipset.EntryRange;
import io.github.ipvs4j.ipset.EntrySpec;
import io.github.ipvs4j.ipset.IpSet;
import io.github.ipvs4j.ipset.IpsetCommand;
import io.github.ipvs4j.ipset.MacAddress;
import io.github.ipvs4j.ipset.Replacement;
import io.github.ipvs4j.ipset.SetChange;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetExtensions;
import io.github.ipvs4j.ipset.SetHeader;
import io.github.ipvs4j.ipset.SetMask;
import io.github.ipvs4j.ipset.SetMember;
import io.github.ipvs4j.ipset.SetOptions;
import io.github.ipvs4j.ipset.SetPlan;
import io.github.ipvs4j.ipset.SetProtocol;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.ipset.TypeRevisions;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.testkit.LibraryValues.Registry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Generators of the values of ipset-core. */
final class IpsetValues {
    private static final int LONGEST_NAME = 31;
    private static final long LAST_MAC = (1L << 48) - 1;

    private IpsetValues() {}

    static void register(Registry all) {
        all.add(MacAddress.class, IpsetValues::macs);
        all.add(SetProtocol.class, () -> NetlinkValues.families().flatMap(IpsetValues::protocols));
        all.add(SetExtensions.class, IpsetValues::extensions);
        all.add(SetMask.class, IpsetValues::masks);
        all.addKind(SetMask.Netmask.class, IpsetValues::masks);
        all.addKind(SetMask.Bitmask.class, IpsetValues::masks);
        all.addKind(SetMask.Markmask.class, IpsetValues::masks);
        all.add(SetOptions.class, () -> definitions().map(SetDefinition::options));
        all.addKind(SetOptions.Hash.class, () -> definitions().map(SetDefinition::options));
        all.addKind(SetOptions.PortRange.class, () -> definitions().map(SetDefinition::options));
        all.addKind(SetOptions.AddressRange.class, () -> definitions().map(SetDefinition::options));
        all.addKind(SetOptions.ListSize.class, () -> definitions().map(SetDefinition::options));
        all.add(SetDefinition.class, IpsetValues::definitions);
        all.add(
                SetHeader.class,
                () -> definitions()
                        .map(set -> new SetHeader(
                                set.name(),
                                set.type().kernelName(),
                                set.family().map(IpFamily::number).orElse(0),
                                1)));
        all.add(
                TypeRevisions.class,
                () -> Arbitraries.integers().between(0, 9).map(highest -> new TypeRevisions(0, highest)));
        registerEntries(all);
        all.add(IpSet.class, () -> definitions().flatMap(IpsetValues::sets));
        registerChanges(all);
    }

    private static void registerEntries(Registry all) {
        all.add(SetEntry.class, () -> kinds().flatMap(kind -> entries(kind.type, kind.family)));
        entry(all, SetEntry.Ip.class, SetType.HASH_IP);
        entry(all, SetEntry.IpMac.class, SetType.HASH_IP_MAC);
        entry(all, SetEntry.IpMark.class, SetType.HASH_IP_MARK);
        entry(all, SetEntry.IpPort.class, SetType.HASH_IP_PORT);
        entry(all, SetEntry.IpPortIp.class, SetType.HASH_IP_PORT_IP);
        entry(all, SetEntry.IpPortNet.class, SetType.HASH_IP_PORT_NET);
        entry(all, SetEntry.Mac.class, SetType.HASH_MAC);
        entry(all, SetEntry.Member.class, SetType.LIST_SET);
        entry(all, SetEntry.Net.class, SetType.HASH_NET);
        entry(all, SetEntry.NetInterface.class, SetType.HASH_NET_INTERFACE);
        entry(all, SetEntry.NetNet.class, SetType.HASH_NET_NET);
        entry(all, SetEntry.NetPort.class, SetType.HASH_NET_PORT);
        entry(all, SetEntry.NetPortNet.class, SetType.HASH_NET_PORT_NET);
        entry(all, SetEntry.Port.class, SetType.BITMAP_PORT);
        all.add(EntryRange.class, IpsetValues::ranges);
        all.add(
                EntrySpec.class,
                () -> kinds().flatMap(kind -> entries(kind.type, kind.family)).map(entry -> entry));
        all.add(EntryOptions.class, () -> definitions().flatMap(IpsetValues::options));
        all.add(
                EntryOptions.Counters.class,
                () -> Combinators.combine(counts(), counts()).as(EntryOptions.Counters::new));
        all.add(
                EntryOptions.Mark.class,
                () -> Combinators.combine(Arbitraries.integers(), Arbitraries.integers())
                        .as(EntryOptions.Mark::new));
        all.add(
                EntryOptions.Priority.class,
                () -> Combinators.combine(NetlinkValues.ports(), NetlinkValues.ports())
                        .as(EntryOptions.Priority::new));
        all.add(
                EntryOptions.Placement.class,
                () -> Combinators.combine(NetlinkValues.booleans(), NetlinkValues.names(LONGEST_NAME))
                        .as(EntryOptions.Placement::new));
        all.add(SetMember.class, () -> definitions().flatMap(IpsetValues::members));
    }

    private static <T extends SetEntry> void entry(Registry all, Class<T> kind, SetType type) {
        all.addKind(kind, () -> NetlinkValues.families().flatMap(family -> entries(type, family)));
    }

    private static void registerChanges(Registry all) {
        all.add(SetPlan.class, IpsetValues::plans);
        all.add(SetChange.class, IpsetValues::changes);
        all.addKind(SetChange.AddEntry.class, IpsetValues::changes);
        all.addKind(SetChange.CreateSet.class, IpsetValues::changes);
        all.addKind(SetChange.DeleteEntry.class, IpsetValues::changes);
        all.addKind(SetChange.DestroySet.class, IpsetValues::changes);
        all.add(
                SetChange.SwapSets.class,
                () -> definitions().map(set -> new SetChange.SwapSets(set, set.withName("other"))));
        all.add(
                SetChange.UpdateEntry.class,
                () -> entries(SetType.HASH_IP, IpFamily.IPV4)
                        .map(entry -> new SetChange.UpdateEntry(
                                SetDefinition.hashIp("updated", IpFamily.IPV4).withComment(),
                                entry,
                                EntryOptions.NONE.withComment("before"),
                                EntryOptions.NONE.withComment("after"))));
        all.add(IpsetCommand.class, IpsetValues::commands);
        all.addKind(IpsetCommand.Add.class, IpsetValues::commands);
        all.addKind(IpsetCommand.Create.class, IpsetValues::commands);
        all.addKind(IpsetCommand.Delete.class, IpsetValues::commands);
        all.addKind(IpsetCommand.Destroy.class, IpsetValues::commands);
        all.addKind(IpsetCommand.Flush.class, IpsetValues::commands);
        all.addKind(IpsetCommand.Rename.class, IpsetValues::commands);
        all.addKind(IpsetCommand.Swap.class, IpsetValues::commands);
        all.add(
                Replacement.class,
                () -> Combinators.combine(
                                Arbitraries.of(Replacement.Way.class),
                                Arbitraries.integers().between(0, 100),
                                Arbitraries.integers().between(0, 100))
                        .as((way, put, deleted) -> new Replacement(way, put, deleted, Optional.empty())));
    }

    /** A type and the family of its addresses, which not every type has. */
    private record SetFamily(SetType type, IpFamily family) {}

    private static Arbitrary<SetFamily> kinds() {
        return Combinators.combine(Arbitraries.of(SetType.class), NetlinkValues.families())
                .as(SetFamily::new);
    }

    private static Arbitrary<MacAddress> macs() {
        return Arbitraries.longs().between(1, LAST_MAC).map(MacAddress::new);
    }

    private static Arbitrary<Long> counts() {
        return Arbitraries.longs().between(0, 1L << 40);
    }

    private static Arbitrary<SetProtocol> protocols(IpFamily family) {
        return Arbitraries.of(
                SetProtocol.TCP,
                SetProtocol.UDP,
                SetProtocol.SCTP,
                family == IpFamily.IPV4 ? SetProtocol.ICMP : SetProtocol.ICMPV6,
                new SetProtocol(47));
    }

    /** A protocol with a port that it can have. */
    private record ProtocolPort(SetProtocol protocol, int port) {}

    private static Arbitrary<ProtocolPort> protocolPorts(IpFamily family) {
        return Combinators.combine(protocols(family), NetlinkValues.ports())
                .as((protocol, port) -> new ProtocolPort(
                        protocol, SetElement.hasPorts(protocol.number()) || isIcmp(protocol) ? port : 0));
    }

    private static boolean isIcmp(SetProtocol protocol) {
        return protocol.equals(SetProtocol.ICMP) || protocol.equals(SetProtocol.ICMPV6);
    }

    /** Addresses within the range of the bitmaps that {@link #definition} makes. */
    private static Arbitrary<IpAddress> inBitmap() {
        return Arbitraries.integers()
                .between(0, 0xffff)
                .map(host -> IpAddress.of(new byte[] {10, 0, (byte) (host >>> Byte.SIZE), (byte) (int) host}));
    }

    private static Arbitrary<SetEntry> entries(SetType type, IpFamily family) {
        Arbitrary<IpAddress> hosts = NetlinkValues.hosts(family);
        return switch (type) {
            case BITMAP_IP -> inBitmap().map(SetEntry.Ip::new);
            case BITMAP_IP_MAC ->
                Combinators.combine(inBitmap(), macs().optional()).as(SetEntry.IpMac::new);
            case BITMAP_PORT -> NetlinkValues.ports().map(SetEntry.Port::new);
            case HASH_IP -> hosts.map(SetEntry.Ip::new);
            case HASH_MAC -> macs().map(SetEntry.Mac::new);
            case HASH_IP_MAC ->
                Combinators.combine(hosts, macs()).as((host, mac) -> new SetEntry.IpMac(host, Optional.of(mac)));
            case HASH_IP_MARK ->
                Combinators.combine(hosts, Arbitraries.integers()).as(SetEntry.IpMark::new);
            case LIST_SET -> NetlinkValues.names(LONGEST_NAME).map(SetEntry.Member::new);
            case HASH_NET, HASH_NET_NET, HASH_NET_INTERFACE -> networks(type, family);
            default -> withPorts(type, family);
        };
    }

    private static Arbitrary<SetEntry> networks(SetType type, IpFamily family) {
        var nets = NetlinkValues.prefixes(family, 1);
        return switch (type) {
            case HASH_NET -> nets.map(SetEntry.Net::new);
            case HASH_NET_NET -> Combinators.combine(nets, nets).as(SetEntry.NetNet::new);
            default ->
                Combinators.combine(
                                NetlinkValues.prefixes(family, 0), NetlinkValues.names(15), NetlinkValues.booleans())
                        .as((net, device, physical) -> new SetEntry.NetInterface(net, device, physical, false));
        };
    }

    private static Arbitrary<SetEntry> withPorts(SetType type, IpFamily family) {
        var hosts = NetlinkValues.hosts(family);
        var nets = NetlinkValues.prefixes(family, 1);
        var ports = protocolPorts(family);
        return switch (type) {
            case HASH_IP_PORT ->
                Combinators.combine(hosts, ports).as((host, at) -> new SetEntry.IpPort(host, at.protocol(), at.port()));
            case HASH_NET_PORT ->
                Combinators.combine(nets, ports).as((net, at) -> new SetEntry.NetPort(net, at.protocol(), at.port()));
            case HASH_IP_PORT_IP ->
                Combinators.combine(hosts, ports, hosts)
                        .as((host, at, second) -> new SetEntry.IpPortIp(host, at.protocol(), at.port(), second));
            case HASH_IP_PORT_NET ->
                Combinators.combine(hosts, ports, nets)
                        .as((host, at, second) -> new SetEntry.IpPortNet(host, at.protocol(), at.port(), second));
            default ->
                // All addresses as one network are an entry of this type as well.
                Combinators.combine(NetlinkValues.prefixes(family, 0), ports, NetlinkValues.prefixes(family, 0))
                        .as((net, at, second) -> new SetEntry.NetPortNet(net, at.protocol(), at.port(), second));
        };
    }

    private static Arbitrary<EntryRange> ranges() {
        return Combinators.combine(NetlinkValues.ports(), NetlinkValues.ports())
                .as((one, other) -> new EntryRange(
                        new SetEntry.Port(Math.min(one, other)), new SetEntry.Port(Math.max(one, other))));
    }

    private static Arbitrary<SetExtensions> extensions() {
        return Combinators.combine(
                        Arbitraries.longs().between(-1, EntryOptions.MAX_TIMEOUT),
                        NetlinkValues.booleans(),
                        NetlinkValues.booleans(),
                        NetlinkValues.booleans())
                .as((timeout, counters, comment, packetInfo) -> new SetExtensions(
                        timeout < 0 ? OptionalLong.empty() : OptionalLong.of(timeout), counters, comment, packetInfo));
    }

    private static Arbitrary<SetMask> masks() {
        return Arbitraries.oneOf(
                Arbitraries.integers()
                        .between(1, IpFamily.IPV4.maxPrefixLength())
                        .map(SetMask.Netmask::new),
                NetlinkValues.addresses()
                        .filter(address -> !address.isUnspecified())
                        .map(SetMask.Bitmask::new),
                Arbitraries.integers().filter(mask -> mask != 0).map(SetMask.Markmask::new));
    }

    private static Arbitrary<SetDefinition> definitions() {
        return Combinators.combine(kinds(), NetlinkValues.names(LONGEST_NAME), extensions())
                .as((kind, name, extensions) ->
                        definition(name, kind.type, kind.family).withExtensions(extensions));
    }

    private static SetDefinition definition(String name, SetType type, IpFamily family) {
        return switch (type) {
            case BITMAP_IP, BITMAP_IP_MAC ->
                SetDefinition.bitmap(name, type, IpAddress.of("10.0.0.0"), IpAddress.of("10.0.255.255"));
            case BITMAP_PORT -> SetDefinition.bitmapPort(name, 0, 0xffff);
            case HASH_MAC -> SetDefinition.hashMac(name);
            case LIST_SET -> SetDefinition.list(name);
            default -> SetDefinition.hash(name, type, family);
        };
    }

    private static Arbitrary<SetEntry> entriesOf(SetDefinition set) {
        return entries(set.type(), set.family().orElse(IpFamily.IPV4));
    }

    /** What an entry of a set can carry. */
    private static Arbitrary<EntryOptions> options(SetDefinition set) {
        SetExtensions extensions = set.extensions();
        Arbitrary<String> comments =
                Arbitraries.strings().alpha().withChars(' ').ofMaxLength(40);
        return Combinators.combine(
                        NetlinkValues.booleans(),
                        Arbitraries.longs().between(0, EntryOptions.MAX_TIMEOUT),
                        counts(),
                        comments,
                        Arbitraries.integers().between(1, 0xffff))
                .as((nomatch, timeout, count, comment, number) -> {
                    EntryOptions all =
                            EntryOptions.NONE.withNomatch(nomatch && set.type().hasNetworks());
                    all = extensions.timeout().isPresent() ? all.withTimeout(timeout) : all;
                    all = extensions.counters() ? all.withCounters(count, count * 100) : all;
                    all = extensions.comment() ? all.withComment(comment) : all;
                    return extensions.packetInfo()
                            ? all.withMark(number, 0xffff).withQueue(number)
                            : all;
                });
    }

    private static Arbitrary<SetMember> members(SetDefinition set) {
        return Combinators.combine(entriesOf(set), options(set)).as(SetMember::new);
    }

    private static Arbitrary<IpSet> sets(SetDefinition set) {
        return members(set).list().ofMaxSize(6).map(members -> IpSet.ofMembers(set, firstOfEach(members)));
    }

    private static List<SetMember> firstOfEach(List<SetMember> members) {
        Map<Object, SetMember> byEntry = new LinkedHashMap<>();
        members.forEach(member -> byEntry.putIfAbsent(identity(member.spec()), member));
        return List.copyOf(byEntry.values());
    }

    /** A bitmap has one hardware address for an address. */
    private static Object identity(EntrySpec spec) {
        return spec instanceof SetEntry.IpMac both ? both.address() : spec;
    }

    /** Sets of two names at most, of addresses of a few hosts. */
    private static Arbitrary<List<IpSet>> states() {
        Arbitrary<List<SetEntry>> few = Arbitraries.subsetOf(1, 2, 3, 4)
                .map(numbers -> numbers.stream()
                        .<SetEntry>map(number -> new SetEntry.Ip(IpAddress.of("192.0.2." + number)))
                        .toList());
        return Arbitraries.subsetOf("one", "two")
                .flatMap(names -> few.map(entries -> names.stream()
                        .map(name -> IpSet.of(SetDefinition.hashIp(name, IpFamily.IPV4), entries))
                        .toList()));
    }

    private static Arbitrary<SetPlan> plans() {
        return Combinators.combine(states(), states()).as(SetPlan::between);
    }

    private static Arbitrary<SetChange> changes() {
        return plans().filter(10_000, plan -> !plan.isEmpty()).flatMap(plan -> Arbitraries.of(plan.changes()));
    }

    private static Arbitrary<IpsetCommand> commands() {
        Arbitrary<String> names = NetlinkValues.names(LONGEST_NAME);
        return Arbitraries.oneOf(
                Combinators.combine(definitions(), NetlinkValues.booleans()).as(IpsetCommand.Create::new),
                definitions()
                        .flatMap(set -> members(set).map(member -> new IpsetCommand.Add(set.name(), member, false))),
                definitions()
                        .flatMap(set -> entriesOf(set)
                                .map(entry -> new IpsetCommand.Delete(
                                        set.name(), new SetMember(entry, EntryOptions.NONE), false))),
                names.optional(0.8).map(IpsetCommand.Destroy::new),
                names.optional(0.8).map(IpsetCommand.Flush::new),
                Combinators.combine(names, names).as(IpsetCommand.Rename::new),
                Combinators.combine(names, names).as(IpsetCommand.Swap::new));
    }
}
