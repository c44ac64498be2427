// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.testkit.SetKind.Part;
import org.jspecify.annotations.Nullable;

/**
 * Reads an element from a request, with the checks in the kernel's order.
 *
 * <p>Follows {@code hash_ip4_uadt}, {@code hash_netport6_uadt}, {@code bitmap_port_uadt}, {@code list_set_uadt} and
 * their like, and {@code ip_set_get_extensions}, in {@code net/netfilter/ipset/}.
 */
final class ElementParser {
    private final SimulatedIpsets sets;
    private final SetSettings settings;
    private final SetKind kind;
    private final Attributes data;
    private final KernelRelease release;
    private @Nullable ElementOptions options;
    private long mac = -1;
    private boolean lineKnown;
    private ElementOptions.Placement placement = ElementOptions.Placement.ANYWHERE;

    ElementParser(SimulatedIpsets sets, SetSettings settings, Attributes data, KernelRelease release) {
        this.sets = sets;
        this.settings = settings;
        this.kind = settings.kind();
        this.data = data;
        this.release = release;
        // This one type looks at other things first.
        this.lineKnown = kind != SetKind.HASH_IP_MAC;
    }

    /** Returns the number of the line that is told if the element is refused, 0 for none. */
    int line() {
        return lineKnown && data.has(IpsetNumbers.LINE) ? data.i32(IpsetNumbers.LINE) : 0;
    }

    /** Returns what stands beside the element; only after {@link #element}. */
    ElementOptions options() {
        if (options == null) {
            throw new IllegalStateException("the element was not read yet");
        }
        int flags = data.has(IpsetNumbers.CADT_FLAGS) ? data.i32be(IpsetNumbers.CADT_FLAGS) : 0;
        return new ElementOptions(
                options.timeout(),
                options.packets(),
                options.bytes(),
                options.comment(),
                options.skb(),
                kind.hasNetworks() ? flags : 0,
                mac,
                placement);
    }

    /** Returns the one element that a request without ranges is about. */
    SetElement element() {
        return switch (kind) {
            case LIST_SET -> member();
            case BITMAP_PORT -> port();
            case BITMAP_IP, BITMAP_IP_MAC -> inBitmap();
            case HASH_MAC -> hardware();
            case HASH_IP_MAC -> addressAndHardware();
            default -> hashed();
        };
    }

    private SetElement member() {
        require(data.has(IpsetNumbers.NAME) && isNetworkOrderIfThere(IpsetNumbers.CADT_FLAGS));
        options = extensions();
        SimulatedSet set = sets.find(data.string(IpsetNumbers.NAME));
        if (set == null) {
            throw new Refused(IpsetNumbers.ERR_NAME);
        }
        if (set.settings().kind() == SetKind.LIST_SET) {
            throw new Refused(IpsetNumbers.ERR_LOOP);
        }
        boolean before = data.has(IpsetNumbers.CADT_FLAGS)
                && (data.i32be(IpsetNumbers.CADT_FLAGS) & IpsetNumbers.FLAG_BEFORE) != 0;
        boolean referenced = data.has(IpsetNumbers.NAME_REFERENCE);
        if (before && !referenced) {
            throw new Refused(IpsetNumbers.ERR_BEFORE);
        }
        if (referenced) {
            SimulatedSet reference = sets.find(data.string(IpsetNumbers.NAME_REFERENCE));
            if (reference == null) {
                throw new Refused(IpsetNumbers.ERR_NAME_REFERENCE);
            }
            placement = new ElementOptions.Placement(before ? 1 : -1, sets.indexOf(reference));
        }
        return SetElement.ofSet(sets.indexOf(set));
    }

    private SetElement port() {
        require(data.isNetworkOrder(IpsetNumbers.PORT) && isNetworkOrderIfThere(IpsetNumbers.PORT_TO));
        int port = data.u16be(IpsetNumbers.PORT);
        requireInBitmap(port);
        options = extensions();
        return SetElement.NONE.withPort(0, port);
    }

    private SetElement inBitmap() {
        require(data.has(IpsetNumbers.IP));
        IpAddress address = address(IpsetNumbers.IP);
        options = extensions();
        requireInBitmap(Ipv4Range.number(address));
        if (kind == SetKind.BITMAP_IP_MAC && data.has(IpsetNumbers.ETHER)) {
            mac = mac();
        }
        return SetElement.NONE.with(settings.masked(address), 0);
    }

    void requireInBitmap(long number) {
        SetSettings.Range range = settings.range();
        if (range == null || number < range.first() || number > range.last()) {
            throw new Refused(IpsetNumbers.ERR_BITMAP_RANGE);
        }
    }

    private long mac() {
        require(data.length(IpsetNumbers.ETHER) == IpsetNumbers.ETHER_LENGTH);
        long number = 0;
        for (byte part : data.field(IpsetNumbers.ETHER, IpsetNumbers.ETHER_LENGTH)) {
            number = number << Byte.SIZE | Byte.toUnsignedLong(part);
        }
        return number;
    }

    private SetElement hardware() {
        require(data.has(IpsetNumbers.ETHER));
        long number = mac();
        options = extensions();
        return SetElement.NONE.withMac(notZero(number));
    }

    private static long notZero(long number) {
        if (number == 0) {
            throw new Refused(IpsetNumbers.ERR_HASH_ELEMENT);
        }
        return number;
    }

    private SetElement addressAndHardware() {
        require(data.has(IpsetNumbers.IP) && data.has(IpsetNumbers.ETHER));
        long number = mac();
        requireExtensionsInOrder();
        lineKnown = true;
        IpAddress address;
        try {
            address = address(IpsetNumbers.IP);
            options = extensions();
        } catch (Refused ignored) {
            throw new Refused(IpsetNumbers.ERR_POSITIVE_ONE);
        }
        return SetElement.NONE.with(address, 0).withMac(notZero(number));
    }

    private SetElement hashed() {
        require(data.has(IpsetNumbers.IP) && (!kind.hasSecond() || data.has(IpsetNumbers.IP2)));
        require(!kind.has(Part.MARK) || data.isNetworkOrder(IpsetNumbers.MARK));
        require(!kind.has(Part.PORT)
                || (data.isNetworkOrder(IpsetNumbers.PORT) && isNetworkOrderIfThere(IpsetNumbers.PORT_TO)));
        require(!kind.hasNetworks() || isNetworkOrderIfThere(IpsetNumbers.CADT_FLAGS));
        require(!kind.has(Part.DEVICE) || data.has(IpsetNumbers.DEVICE));
        if (settings.isIpv6()) {
            refuseIpv6Ranges();
        }
        IpAddress first = address(IpsetNumbers.IP);
        boolean secondFirst = kind == SetKind.HASH_NET_NET || kind == SetKind.HASH_NET_PORT_NET;
        IpAddress second = secondFirst ? address(IpsetNumbers.IP2) : null;
        options = extensions();
        if (kind.hasSecond() && second == null) {
            second = address(IpsetNumbers.IP2);
        }
        SetElement element = kind.has(Part.NET) ? network(first) : host(first);
        if (second != null) {
            element = withSecond(element, second);
        }
        refuseNoNetwork(element);
        if (kind.has(Part.PORT)) {
            element = withPort(element);
        }
        if (kind.has(Part.MARK)) {
            element = element.withMark(data.i32be(IpsetNumbers.MARK) & settings.markMask());
        }
        if (kind.has(Part.DEVICE)) {
            element = withDevice(element);
        }
        checkNull(element);
        return element;
    }

    private void refuseIpv6Ranges() {
        boolean secondToo = kind == SetKind.HASH_NET_NET || kind == SetKind.HASH_NET_PORT_NET;
        if (data.has(IpsetNumbers.IP_TO) || (secondToo && data.has(IpsetNumbers.IP2_TO))) {
            throw new Refused(IpsetNumbers.ERR_RANGE_UNSUPPORTED);
        }
        if (kind.has(Part.HOST)
                && data.has(IpsetNumbers.CIDR)
                && data.u8(IpsetNumbers.CIDR) != settings.addressFamily().maxPrefixLength()) {
            throw new Refused(IpsetNumbers.ERR_INVALID_CIDR);
        }
    }

    private SetElement network(IpAddress address) {
        int length = length(IpsetNumbers.CIDR, kind == SetKind.HASH_NET_INTERFACE || kind == SetKind.HASH_NET_PORT_NET);
        return SetElement.NONE.with(settings.masked(address.masked(length)), length);
    }

    private SetElement host(IpAddress address) {
        IpAddress counted = settings.masked(address);
        if (kind == SetKind.HASH_IP_PORT && counted.isUnspecified() && release.hasBitmasks()) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        return SetElement.NONE.with(counted, 0);
    }

    /** The one type of networks for which later kernels look whether anything is left of an address. */
    private void refuseNoNetwork(SetElement element) {
        IpAddress address = element.address();
        if (kind == SetKind.HASH_NET_NET
                && release.hasBitmasks()
                && settings.isIpv6()
                && address != null
                && address.isUnspecified()
                && element.length() == settings.addressFamily().maxPrefixLength()) {
            throw new Refused(IpsetNumbers.ERR_HASH_ELEMENT);
        }
    }

    private SetElement withSecond(SetElement element, IpAddress second) {
        if (kind.has(Part.SECOND_HOST)) {
            return element.withSecond(second, 0);
        }
        int length = length(IpsetNumbers.CIDR2, kind == SetKind.HASH_NET_PORT_NET);
        return element.withSecond(settings.masked(second.masked(length)), length);
    }

    private int length(int type, boolean mayBeZero) {
        int longest = settings.addressFamily().maxPrefixLength();
        int length = data.has(type) ? data.u8(type) : longest;
        if (length > longest || (length == 0 && !mayBeZero)) {
            throw new Refused(IpsetNumbers.ERR_INVALID_CIDR);
        }
        return length;
    }

    private SetElement withPort(SetElement element) {
        if (!data.has(IpsetNumbers.PROTO)) {
            throw new Refused(IpsetNumbers.ERR_MISSING_PROTO);
        }
        int protocol = data.u8(IpsetNumbers.PROTO);
        if (protocol == 0) {
            throw new Refused(IpsetNumbers.ERR_INVALID_PROTO);
        }
        boolean keepsPort = SetElement.hasPorts(protocol) || SetElement.isIcmp(protocol, settings.isIpv6());
        return element.withPort(protocol, keepsPort ? data.u16be(IpsetNumbers.PORT) : 0);
    }

    private SetElement withDevice(SetElement element) {
        int flags = data.has(IpsetNumbers.CADT_FLAGS) ? data.i32be(IpsetNumbers.CADT_FLAGS) : 0;
        return element.withDevice(
                data.string(IpsetNumbers.DEVICE),
                (flags & IpsetNumbers.FLAG_PHYSICAL) != 0,
                (flags & IpsetNumbers.FLAG_WILDCARD) != 0);
    }

    private void checkNull(SetElement element) {
        IpAddress address = element.address();
        if (address == null || !address.isUnspecified()) {
            return;
        }
        if (kind == SetKind.HASH_IP || (kind == SetKind.HASH_IP_MARK && element.mark() == 0 && !settings.isIpv6())) {
            throw new Refused(IpsetNumbers.ERR_HASH_ELEMENT);
        }
    }

    IpAddress address(int type) {
        return address(data, type, settings);
    }

    /** Reads an address from its nest. */
    static IpAddress address(Attributes data, int type, SetSettings settings) {
        require(data.isFlaggedNest(type));
        Attributes inner;
        try {
            inner = data.nestedStrict(type, IpsetPolicies.ADDRESS);
        } catch (Refused ignored) {
            throw new Refused(IpsetNumbers.ERR_PROTOCOL);
        }
        int wanted = settings.isIpv6() ? IpsetNumbers.ADDRESS_IPV6 : IpsetNumbers.ADDRESS_IPV4;
        require(inner.isNetworkOrder(wanted));
        return inner.address(wanted, settings.addressFamily());
    }

    private void requireExtensionsInOrder() {
        require(isNetworkOrderIfThere(
                IpsetNumbers.TIMEOUT,
                IpsetNumbers.PACKETS,
                IpsetNumbers.BYTES,
                IpsetNumbers.SKB_MARK,
                IpsetNumbers.SKB_PRIORITY,
                IpsetNumbers.SKB_QUEUE));
    }

    private ElementOptions extensions() {
        requireExtensionsInOrder();
        refuse(!settings.hasTimeout(), IpsetNumbers.ERR_TIMEOUT, IpsetNumbers.TIMEOUT);
        refuse(
                !settings.has(IpsetNumbers.FLAG_COUNTERS),
                IpsetNumbers.ERR_COUNTER,
                IpsetNumbers.BYTES,
                IpsetNumbers.PACKETS);
        refuse(!settings.has(IpsetNumbers.FLAG_COMMENT), IpsetNumbers.ERR_COMMENT, IpsetNumbers.COMMENT);
        refuse(
                !settings.has(IpsetNumbers.FLAG_SKBINFO),
                IpsetNumbers.ERR_SKBINFO,
                IpsetNumbers.SKB_MARK,
                IpsetNumbers.SKB_PRIORITY,
                IpsetNumbers.SKB_QUEUE);
        long mark = data.has(IpsetNumbers.SKB_MARK) ? data.i64be(IpsetNumbers.SKB_MARK) : 0;
        return new ElementOptions(
                data.has(IpsetNumbers.TIMEOUT)
                        ? SetCreation.timeout(data.i32be(IpsetNumbers.TIMEOUT))
                        : settings.timeout(),
                data.has(IpsetNumbers.PACKETS) ? data.i64be(IpsetNumbers.PACKETS) : -1,
                data.has(IpsetNumbers.BYTES) ? data.i64be(IpsetNumbers.BYTES) : -1,
                data.has(IpsetNumbers.COMMENT) ? data.string(IpsetNumbers.COMMENT) : "",
                new ElementState.SkbInfo(
                        (int) (mark >>> Integer.SIZE),
                        (int) mark,
                        data.has(IpsetNumbers.SKB_PRIORITY) ? data.i32be(IpsetNumbers.SKB_PRIORITY) : 0,
                        data.has(IpsetNumbers.SKB_QUEUE) ? data.u16be(IpsetNumbers.SKB_QUEUE) : 0),
                0,
                -1,
                ElementOptions.Placement.ANYWHERE);
    }

    private void refuse(boolean lacking, int error, int... types) {
        for (int type : types) {
            if (lacking && data.has(type)) {
                throw new Refused(error);
            }
        }
    }

    private boolean isNetworkOrderIfThere(int... types) {
        for (int type : types) {
            if (data.has(type) && !data.isNetworkOrder(type)) {
                return false;
            }
        }
        return true;
    }

    private static void require(boolean wellFormed) {
        if (!wellFormed) {
            throw new Refused(IpsetNumbers.ERR_PROTOCOL);
        }
    }
}
