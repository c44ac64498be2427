// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipset;

import io.github.ipvs4j.ipset.EntryOptions;
import io.github.ipvs4j.ipset.IpSet;
import io.github.ipvs4j.ipset.MacAddress;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetExtensions;
import io.github.ipvs4j.ipset.SetMember;
import io.github.ipvs4j.ipset.SetProtocol;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** Makes sets of any type with contents that the kernel takes, the same ones for the same seed. */
final class RandomSets {
    private static final int LONG_ENOUGH = 100_000;

    private final Random random;
    private final SetType type;
    private final IpFamily family;

    RandomSets(long seed, SetType type, IpFamily family) {
        this.random = new Random(seed);
        this.type = type;
        this.family = family;
    }

    IpSet set(String name, int size) {
        SetDefinition definition = definition(name);
        Set<SetEntry> entries = new LinkedHashSet<>();
        for (int i = 0; i < size; i++) {
            entries.add(entry(i));
        }
        List<SetMember> members = new ArrayList<>();
        for (SetEntry entry : entries) {
            members.add(new SetMember(entry, options(definition.extensions())));
        }
        return IpSet.ofMembers(definition, members);
    }

    private SetDefinition definition(String name) {
        SetDefinition plain = switch (type) {
            case BITMAP_IP, BITMAP_IP_MAC ->
                SetDefinition.bitmap(name, type, IpAddress.of("10.7.0.0"), IpAddress.of("10.7.255.255"));
            case BITMAP_PORT -> SetDefinition.bitmapPort(name, 0, 65535);
            case HASH_MAC -> SetDefinition.hashMac(name);
            case LIST_SET -> SetDefinition.list(name);
            default -> SetDefinition.hash(name, type, family);
        };
        return plain.withExtensions(new SetExtensions(
                random.nextBoolean() ? OptionalLong.of(LONG_ENOUGH) : OptionalLong.empty(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean()));
    }

    private EntryOptions options(SetExtensions extensions) {
        EntryOptions options = EntryOptions.NONE.withNomatch(type.hasNetworks() && random.nextInt(4) == 0);
        if (extensions.timeout().isPresent()) {
            options = options.withTimeout(random.nextBoolean() ? 0 : LONG_ENOUGH + random.nextInt(LONG_ENOUGH));
        }
        if (extensions.counters()) {
            options = options.withCounters(random.nextLong() >>> 1, random.nextLong() >>> 1);
        }
        if (extensions.comment() && random.nextBoolean()) {
            options = options.withComment("no. " + random.nextInt() + ", äöü 'x'");
        }
        if (extensions.packetInfo() && random.nextBoolean()) {
            options = options.withMark(random.nextInt(), random.nextInt() | 1)
                    .withPriority(1 + random.nextInt(0xffff), random.nextInt(0xffff))
                    .withQueue(1 + random.nextInt(0xfffe));
        }
        return options;
    }

    private SetEntry entry(int number) {
        SetProtocol protocol = protocol();
        int port = protocol.hasPorts() ? random.nextInt(65536) : 0;
        return switch (type) {
            case BITMAP_IP -> new SetEntry.Ip(inBitmap(number));
            case BITMAP_IP_MAC -> new SetEntry.IpMac(inBitmap(number), mac());
            case BITMAP_PORT -> new SetEntry.Port(random.nextInt(65536));
            case HASH_IP -> new SetEntry.Ip(address());
            case HASH_MAC -> new SetEntry.Mac(mac());
            case HASH_IP_MAC -> new SetEntry.IpMac(address(), mac());
            case HASH_IP_MARK -> new SetEntry.IpMark(address(), random.nextInt());
            case HASH_NET -> new SetEntry.Net(prefix(1));
            case HASH_NET_NET -> new SetEntry.NetNet(prefix(1), prefix(1));
            case HASH_IP_PORT -> new SetEntry.IpPort(address(), protocol, port);
            case HASH_NET_PORT -> new SetEntry.NetPort(prefix(1), protocol, port);
            case HASH_IP_PORT_IP -> new SetEntry.IpPortIp(address(), protocol, port, address());
            case HASH_IP_PORT_NET -> new SetEntry.IpPortNet(address(), protocol, port, prefix(1));
            case HASH_NET_PORT_NET -> new SetEntry.NetPortNet(prefix(1), protocol, port, prefix(1));
            case HASH_NET_INTERFACE ->
                new SetEntry.NetInterface(prefix(0), "eth" + random.nextInt(50), random.nextBoolean(), false);
            case LIST_SET -> new SetEntry.Member("member-" + random.nextInt(20));
        };
    }

    private SetProtocol protocol() {
        return switch (random.nextInt(6)) {
            case 0 -> family == IpFamily.IPV4 ? SetProtocol.ICMP : SetProtocol.ICMPV6;
            case 1 -> SetProtocol.UDP;
            case 2 -> SetProtocol.SCTP;
            case 3 -> SetProtocol.UDPLITE;
            case 4 -> new SetProtocol(47);
            default -> SetProtocol.TCP;
        };
    }

    private IpAddress inBitmap(int number) {
        return IpAddress.of("10.7." + (number >> 8) + "." + (number & 255));
    }

    /** Never the unspecified one, which most types refuse. */
    private IpAddress address() {
        byte[] bytes = new byte[family.addressLength()];
        random.nextBytes(bytes);
        bytes[bytes.length - 1] |= 1;
        return IpAddress.of(bytes);
    }

    private IpPrefix prefix(int shortest) {
        return new IpPrefix(address(), shortest + random.nextInt(family.maxPrefixLength() - shortest + 1));
    }

    private MacAddress mac() {
        return new MacAddress(random.nextLong() >>> 16 | 1);
    }
}
