// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipset;

import io.github.ipvs4j.ipset.EntryOptions;
import io.github.ipvs4j.ipset.EntryRange;
import io.github.ipvs4j.ipset.EntrySpec;
import io.github.ipvs4j.ipset.MacAddress;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetExtensions;
import io.github.ipvs4j.ipset.SetMask;
import io.github.ipvs4j.ipset.SetMember;
import io.github.ipvs4j.ipset.SetOptions;
import io.github.ipvs4j.ipset.SetProtocol;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/** Makes sets of any type, with any of its options, and contents that the kernel takes; the same for the same seed. */
final class RandomSets {
    /** Names that a {@code list:set} may hold. */
    static final List<String> LISTABLE = List.of("one", "two", "three", "four", "five", "six", "seven", "eight");

    private static final int LONG_ENOUGH = 100_000;
    private static final int LONGEST_COMMENT = 255;

    /** A net of addresses for the bitmaps: 10.7.0.0/16. */
    private static final int BITMAP = 0x0a07_0000;

    private final Random random;
    private final SetType type;
    private final IpFamily family;
    private final boolean newMasks;
    private Optional<SetMask> mask = Optional.empty();
    private int bitmapStep = 1;

    /**
     * Begins a set.
     *
     * @param newMasks whether the kernel has the masks that came with Linux 6.3
     */
    RandomSets(long seed, SetType type, IpFamily family, boolean newMasks) {
        this.random = new Random(seed);
        this.type = type;
        this.family = family;
        this.newMasks = newMasks;
    }

    /** Makes a set with entries that are all different, and with ranges behind them. */
    RandomSet set(String name, int entries, int ranges) {
        SetDefinition definition = definition(name);
        Map<Object, SetEntry> some = new LinkedHashMap<>();
        for (int i = 0; i < entries; i++) {
            SetEntry entry = entry();
            // A bitmap has one place for an address, whatever else belongs to it.
            some.putIfAbsent(type == SetType.BITMAP_IP_MAC ? ((SetEntry.IpMac) entry).address() : entry, entry);
        }
        List<SetMember> members = new ArrayList<>();
        for (SetEntry entry : some.values()) {
            members.add(new SetMember(entry, options(definition.extensions(), members)));
        }
        for (int i = 0; i < ranges && hasRanges(); i++) {
            members.add(new SetMember(range(), options(definition.extensions(), members)));
        }
        return new RandomSet(definition, members);
    }

    private SetDefinition definition(String name) {
        SetDefinition plain = switch (type) {
            case BITMAP_IP -> addresses(name);
            case BITMAP_IP_MAC -> SetDefinition.bitmap(name, type, v4(BITMAP), v4(BITMAP | 0xffff));
            case BITMAP_PORT -> SetDefinition.bitmapPort(name, random.nextInt(100), 65535 - random.nextInt(100));
            case HASH_MAC -> hashing(SetDefinition.hashMac(name));
            case LIST_SET -> SetDefinition.list(name).withOptions(new SetOptions.ListSize(8 + random.nextInt(8)));
            default -> hashing(SetDefinition.hash(name, type, family));
        };
        return plain.withExtensions(new SetExtensions(
                random.nextBoolean() ? OptionalLong.of(random.nextBoolean() ? 0 : LONG_ENOUGH) : OptionalLong.empty(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean()));
    }

    private SetDefinition addresses(String name) {
        int netmask = random.nextBoolean() ? Integer.SIZE : 20 + random.nextInt(11);
        bitmapStep = 1 << Integer.SIZE - netmask;
        return SetDefinition.bitmap(name, type, v4(BITMAP), v4(BITMAP | 0xffff))
                .withOptions(new SetOptions.AddressRange(v4(BITMAP), v4(BITMAP | 0xffff), netmask));
    }

    private SetDefinition hashing(SetDefinition plain) {
        SetOptions.Hash hash = (SetOptions.Hash) plain.options();
        mask = random.nextBoolean() ? Optional.empty() : mask();
        return plain.withOptions(new SetOptions.Hash(
                hash.addressFamily(),
                64L << random.nextInt(6),
                10_000 + random.nextInt(100_000),
                mask,
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(2 + 2 * random.nextInt(5)),
                random.nextBoolean()
                        ? OptionalLong.empty()
                        : OptionalLong.of(Integer.toUnsignedLong(random.nextInt() | 1)),
                random.nextInt(4) == 0));
    }

    private Optional<SetMask> mask() {
        if (type == SetType.HASH_IP_MARK) {
            return Optional.of(new SetMask.Markmask(random.nextInt() | 1));
        }
        boolean old = type == SetType.HASH_IP;
        if (!old && !(newMasks && (type == SetType.HASH_IP_PORT || type == SetType.HASH_NET_NET))) {
            return Optional.empty();
        }
        if (newMasks && random.nextBoolean()) {
            byte[] bits = new byte[family.addressLength()];
            random.nextBytes(bits);
            bits[0] |= 3;
            return Optional.of(new SetMask.Bitmask(IpAddress.of(bits)));
        }
        return Optional.of(new SetMask.Netmask(8 + random.nextInt(family.maxPrefixLength() - 8)));
    }

    private EntryOptions options(SetExtensions extensions, List<SetMember> others) {
        EntryOptions options = EntryOptions.NONE.withNomatch(type.hasNetworks() && random.nextInt(4) == 0);
        if (extensions.timeout().isPresent() && random.nextInt(4) > 0) {
            options = options.withTimeout(random.nextBoolean() ? 0 : LONG_ENOUGH + random.nextInt(LONG_ENOUGH));
        }
        if (extensions.counters() && random.nextInt(4) > 0) {
            options = options.withCounters(random.nextLong() & ~1, random.nextLong() & ~1);
        }
        if (extensions.comment() && random.nextBoolean()) {
            options = options.withComment(comment());
        }
        if (extensions.packetInfo()) {
            options = random.nextBoolean() ? options.withMark(random.nextInt(), random.nextInt() | 1) : options;
            options = random.nextBoolean()
                    ? options.withPriority(1 + random.nextInt(0xffff), random.nextInt(0xffff))
                    : options;
            options = random.nextBoolean() ? options.withQueue(1 + random.nextInt(0xfffe)) : options;
        }
        if (type == SetType.LIST_SET && !others.isEmpty() && random.nextBoolean()) {
            SetMember next = others.get(random.nextInt(others.size()));
            options = options.withPlacement(
                    new EntryOptions.Placement(random.nextBoolean(), next.spec().toString()));
        }
        return options;
    }

    /** Anything but quotation marks, which the language of ipset cannot say, up to the longest. */
    private String comment() {
        return switch (random.nextInt(4)) {
            case 0 -> "x".repeat(1 + random.nextInt(LONGEST_COMMENT));
            case 1 -> "  two  blanks, # no comment \\ 'x' add create ";
            default -> "no. " + random.nextInt() + ", äöü €";
        };
    }

    private SetEntry entry() {
        SetProtocol protocol = protocol();
        int port = protocol.hasPorts() ? random.nextInt(65536) : 0;
        return switch (type) {
            case BITMAP_IP, BITMAP_IP_MAC -> inBitmap(random.nextInt(65536 / bitmapStep));
            case BITMAP_PORT -> new SetEntry.Port(100 + random.nextInt(65300));
            case HASH_IP -> new SetEntry.Ip(address());
            case HASH_MAC -> new SetEntry.Mac(mac());
            case HASH_IP_MAC -> new SetEntry.IpMac(address(), mac());
            case HASH_IP_MARK -> new SetEntry.IpMark(address(), mark());
            case HASH_NET -> new SetEntry.Net(prefix());
            case HASH_NET_NET -> new SetEntry.NetNet(prefix(), prefix());
            case HASH_IP_PORT -> new SetEntry.IpPort(address(), protocol, port);
            case HASH_NET_PORT -> new SetEntry.NetPort(prefix(), protocol, port);
            case HASH_IP_PORT_IP -> new SetEntry.IpPortIp(address(), protocol, port, address());
            case HASH_IP_PORT_NET -> new SetEntry.IpPortNet(address(), protocol, port, prefix());
            case HASH_NET_PORT_NET -> new SetEntry.NetPortNet(anyPrefix(), protocol, port, anyPrefix());
            case HASH_NET_INTERFACE -> netInterface();
            case LIST_SET -> new SetEntry.Member(LISTABLE.get(random.nextInt(LISTABLE.size())));
        };
    }

    /** The network of a wildcard is one of its own: the kernel takes such entries for the same as those they cover. */
    private SetEntry netInterface() {
        boolean wildcard = random.nextInt(4) == 0;
        IpPrefix network = wildcard
                ? IpPrefix.single(address())
                : new IpPrefix(address(), random.nextInt(family.maxPrefixLength()));
        String device = "if" + random.nextInt(50) + (random.nextBoolean() ? "" : ".4-_x");
        return new SetEntry.NetInterface(network, device, random.nextBoolean(), wildcard);
    }

    private boolean hasRanges() {
        boolean addresses = family == IpFamily.IPV4 && type != SetType.BITMAP_IP_MAC && type != SetType.HASH_IP_MAC;
        return type != SetType.HASH_MAC
                && type != SetType.LIST_SET
                && mask.isEmpty()
                && bitmapStep == 1
                && (addresses || type.kernelName().contains("port"));
    }

    /** A short range: of addresses or networks in IPv4, of ports, of both, and of second networks. */
    private EntrySpec range() {
        boolean v4 = family == IpFamily.IPV4;
        boolean ports = !v4 || random.nextBoolean();
        int low = 1 + random.nextInt(60000);
        int high = ports ? low + 1 + random.nextInt(5) : low;
        IpAddress from = address();
        IpAddress to = v4 && (!ports || random.nextBoolean()) ? plus(from, random.nextInt(9)) : from;
        IpPrefix one = IpPrefix.single(from);
        IpPrefix last = IpPrefix.single(to);
        IpPrefix second = prefix();
        SetProtocol tcp = SetProtocol.TCP;
        SetEntry lower = ranging(from, one, low, second, tcp);
        SetEntry upper = ranging(to, last, high, second, tcp);
        return lower.equals(upper) ? lower : new EntryRange(lower, upper);
    }

    private SetEntry ranging(IpAddress first, IpPrefix network, int port, IpPrefix second, SetProtocol protocol) {
        return switch (type) {
            case BITMAP_IP -> new SetEntry.Ip(v4(BITMAP | bits(first) & 0xffff));
            case BITMAP_PORT -> new SetEntry.Port(100 + port);
            case HASH_IP -> new SetEntry.Ip(first);
            case HASH_IP_MARK -> new SetEntry.IpMark(first, 7);
            case HASH_NET -> new SetEntry.Net(network);
            case HASH_NET_NET -> new SetEntry.NetNet(network, second);
            case HASH_IP_PORT -> new SetEntry.IpPort(first, protocol, port);
            case HASH_NET_PORT -> new SetEntry.NetPort(network, protocol, port);
            case HASH_IP_PORT_IP -> new SetEntry.IpPortIp(first, protocol, port, second.address());
            case HASH_IP_PORT_NET -> new SetEntry.IpPortNet(first, protocol, port, second);
            case HASH_NET_PORT_NET -> new SetEntry.NetPortNet(network, protocol, port, second);
            case HASH_NET_INTERFACE -> new SetEntry.NetInterface(network, "eth0", false, false);
            default -> throw new IllegalStateException(type + " has no ranges");
        };
    }

    private SetProtocol protocol() {
        return switch (random.nextInt(6)) {
            case 0 -> family == IpFamily.IPV4 ? SetProtocol.ICMP : SetProtocol.ICMPV6;
            case 1 -> SetProtocol.UDP;
            case 2 -> SetProtocol.SCTP;
            case 3 -> SetProtocol.UDPLITE;
            // Numbers without names, which depend on the machine.
            case 4 -> new SetProtocol(150 + random.nextInt(100));
            default -> SetProtocol.TCP;
        };
    }

    private SetEntry inBitmap(int number) {
        IpAddress address = v4(BITMAP + number * bitmapStep);
        return type == SetType.BITMAP_IP
                ? new SetEntry.Ip(address)
                : new SetEntry.IpMac(address, random.nextInt(4) == 0 ? Optional.empty() : Optional.of(mac()));
    }

    /** Never the unspecified one, which most types refuse; and so low that there are others after it. */
    private IpAddress address() {
        while (true) {
            byte[] bytes = new byte[family.addressLength()];
            random.nextBytes(bytes);
            bytes[0] &= 0x7f;
            IpAddress address = masked(bytes);
            if (!address.isUnspecified()) {
                return address;
            }
        }
    }

    private IpAddress masked(byte[] bytes) {
        if (mask.isPresent() && mask.get() instanceof SetMask.Netmask net) {
            return IpAddress.of(bytes).masked(net.length());
        }
        if (mask.isPresent() && mask.get() instanceof SetMask.Bitmask bits) {
            byte[] others = bits.mask().bytes();
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] &= others[i];
            }
        }
        return IpAddress.of(bytes);
    }

    /** All addresses as one network now and then, where the type takes it. */
    private IpPrefix anyPrefix() {
        return random.nextInt(8) == 0 ? new IpPrefix(address(), 0) : prefix();
    }

    private IpPrefix prefix() {
        while (true) {
            IpPrefix prefix = new IpPrefix(address(), 1 + random.nextInt(family.maxPrefixLength()));
            if (!prefix.address().isUnspecified()) {
                return prefix;
            }
        }
    }

    private int mark() {
        int bits = random.nextInt();
        return mask.isPresent() && mask.get() instanceof SetMask.Markmask mark ? bits & mark.mask() : bits;
    }

    private MacAddress mac() {
        return new MacAddress(random.nextLong() >>> 16 | 1);
    }

    private static IpAddress plus(IpAddress address, int more) {
        return v4(bits(address) + more);
    }

    private static int bits(IpAddress address) {
        return ByteBuffer.wrap(address.bytes()).getInt();
    }

    private static IpAddress v4(int bits) {
        return IpAddress.of(ByteBuffer.allocate(Integer.BYTES).putInt(bits).array());
    }
}
