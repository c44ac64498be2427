// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.testkit.SetKind.Part;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The elements of a range that a request to add or delete names, in the order in which the kernel acts on them.
 *
 * <p>Follows the loops of {@code hash_ip4_uadt}, {@code hash_netportnet4_uadt} and their like.
 */
final class ElementRange {
    private final SetSettings settings;
    private final SetKind kind;
    private final Attributes data;
    private final ElementParser parser;

    ElementRange(SetSettings settings, Attributes data, ElementParser parser) {
        this.settings = settings;
        this.kind = settings.kind();
        this.data = data;
        this.parser = parser;
    }

    /** Hands out the elements; they were acted on up to the one where the action throws. */
    void each(SetElement base, Consumer<SetElement> action) {
        if (kind == SetKind.BITMAP_PORT) {
            eachPortOfBitmap(base.port(), action);
        } else if (kind == SetKind.BITMAP_IP) {
            eachAddressOfBitmap(action);
        } else if (kind.isBitmap() || !kind.hasRange()) {
            action.accept(base);
        } else if (settings.isIpv6()) {
            boolean range = kind.has(Part.PORT) && hasPorts(base) && data.has(IpsetNumbers.PORT_TO);
            eachPort(base, range, action);
        } else if (isRange(base)) {
            eachHashed(base, action);
        } else {
            action.accept(base);
        }
    }

    private static boolean hasPorts(SetElement element) {
        return SetElement.hasPorts(element.protocol());
    }

    private void eachPortOfBitmap(int first, Consumer<SetElement> action) {
        int to = data.has(IpsetNumbers.PORT_TO) ? data.u16be(IpsetNumbers.PORT_TO) : first;
        int low = Math.min(first, to);
        int high = Math.max(first, to);
        parser.requireInBitmap(low);
        parser.requireInBitmap(high);
        for (int port = low; port <= high; port++) {
            action.accept(SetElement.NONE.withPort(0, port));
        }
    }

    private void eachAddressOfBitmap(Consumer<SetElement> action) {
        Bounds bounds = hosts(Ipv4Range.number(parser.address(IpsetNumbers.IP)));
        parser.requireInBitmap(bounds.low);
        parser.requireInBitmap(bounds.high);
        for (long number = bounds.low; number <= bounds.high; number += step()) {
            action.accept(SetElement.NONE.with(settings.masked(Ipv4Range.address(number)), 0));
        }
    }

    /** Returns how many addresses share an element. */
    private long step() {
        return settings.netmask() == 0 ? 1 : Ipv4Range.lastOf(0, settings.netmask()) + 1;
    }

    private record Bounds(long low, long high) {}

    private Bounds hosts(long from) {
        if (data.has(IpsetNumbers.IP_TO)) {
            long to = Ipv4Range.number(parser.address(IpsetNumbers.IP_TO));
            return new Bounds(Math.min(from, to), Math.max(from, to));
        }
        if (data.has(IpsetNumbers.CIDR)) {
            int length = data.u8(IpsetNumbers.CIDR);
            if (length == 0 || length > settings.addressFamily().maxPrefixLength()) {
                throw new Refused(IpsetNumbers.ERR_INVALID_CIDR);
            }
            return new Bounds(Ipv4Range.firstOf(from, length), Ipv4Range.lastOf(from, length));
        }
        return new Bounds(from, from);
    }

    private Bounds blocks(long from, int length, int toType) {
        if (!data.has(toType)) {
            return new Bounds(Ipv4Range.firstOf(from, length), Ipv4Range.lastOf(from, length));
        }
        long to = Ipv4Range.number(parser.address(toType));
        Bounds bounds = new Bounds(Math.min(from, to), Math.max(from, to));
        if (bounds.low == 0 && bounds.high == Ipv4Range.LAST) {
            throw new Refused(IpsetNumbers.ERR_HASH_RANGE);
        }
        return bounds;
    }

    private boolean isRange(SetElement base) {
        boolean hosts = data.has(IpsetNumbers.IP_TO) || (kind.has(Part.HOST) && data.has(IpsetNumbers.CIDR));
        boolean ports = kind.has(Part.PORT)
                && data.has(IpsetNumbers.PORT_TO)
                && (hasPorts(base) || kind == SetKind.HASH_IP_PORT || kind == SetKind.HASH_IP_PORT_IP);
        return kind == SetKind.HASH_IP
                || hosts
                || ports
                || (kind.has(Part.SECOND_NET) && data.has(IpsetNumbers.IP2_TO));
    }

    private void eachHashed(SetElement base, Consumer<SetElement> action) {
        long from = Ipv4Range.number(parser.address(IpsetNumbers.IP));
        boolean needsPorts = kind == SetKind.HASH_IP_PORT || kind == SetKind.HASH_IP_PORT_IP;
        boolean portRange = kind.has(Part.PORT) && data.has(IpsetNumbers.PORT_TO) && (hasPorts(base) || !needsPorts);
        Consumer<SetElement> withPorts;
        if (kind.has(Part.HOST)) {
            Bounds bounds = hosts(Ipv4Range.number(settings.masked(number(from))));
            refuseNull(base, bounds, from);
            withPorts = seconds(base, portRange, action);
            eachHost(base, bounds, withPorts);
        } else {
            Bounds bounds = blocks(from, base.length(), IpsetNumbers.IP_TO);
            withPorts = seconds(base, portRange, action);
            eachBlock(bounds, (number, length) -> withPorts.accept(base.with(number(number), length)));
        }
    }

    private static IpAddress number(long number) {
        return Ipv4Range.address(number);
    }

    private void eachHost(SetElement base, Bounds bounds, Consumer<SetElement> action) {
        long step = kind == SetKind.HASH_IP ? step() : 1;
        for (long number = bounds.low; number <= bounds.high; number += step) {
            action.accept(base.with(number(number), 0));
        }
    }

    /** A range must not be turned round so that it begins with the null element. */
    private void refuseNull(SetElement base, Bounds bounds, long from) {
        boolean turned = data.has(IpsetNumbers.IP_TO) && bounds.low == 0 && from > 0;
        boolean nullable = kind == SetKind.HASH_IP || (kind == SetKind.HASH_IP_MARK && base.mark() == 0);
        if (turned && nullable) {
            throw new Refused(IpsetNumbers.ERR_HASH_ELEMENT);
        }
    }

    /** Returns what to do for each first address: for each port, for each second network. */
    private Consumer<SetElement> seconds(SetElement base, boolean portRange, Consumer<SetElement> action) {
        if (!kind.has(Part.SECOND_NET)) {
            return first -> eachPort(first, portRange, action);
        }
        long from = Ipv4Range.number(parser.address(IpsetNumbers.IP2));
        Bounds bounds = blocks(from, base.secondLength(), IpsetNumbers.IP2_TO);
        Consumer<SetElement> inner = element ->
                eachBlock(bounds, (number, length) -> action.accept(element.withSecond(number(number), length)));
        return first -> eachPort(first, portRange, inner);
    }

    private void eachPort(SetElement element, boolean range, Consumer<SetElement> action) {
        if (!range) {
            action.accept(element);
            return;
        }
        int to = data.u16be(IpsetNumbers.PORT_TO);
        int last = Math.max(element.port(), to);
        for (int port = Math.min(element.port(), to); port <= last; port++) {
            action.accept(element.withPort(element.protocol(), port));
        }
    }

    /** Takes the first number and the length of a block. */
    private interface BlockConsumer {
        void accept(long number, int length);
    }

    /** One type stores all addresses as one network, which the others do not know. */
    private void eachBlock(Bounds bounds, BlockConsumer action) {
        if (kind == SetKind.HASH_NET_PORT_NET && bounds.low == 0 && bounds.high == Ipv4Range.LAST) {
            action.accept(0, 0);
            return;
        }
        LongConsumer each = number -> action.accept(number, Ipv4Range.longestBlock(number, bounds.high));
        Ipv4Range.eachBlock(bounds.low, bounds.high, each);
    }
}
