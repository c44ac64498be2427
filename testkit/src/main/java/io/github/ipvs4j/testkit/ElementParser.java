// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads an element, or a range of them, from a request, with the checks in the kernel's order.
 *
 * <p>Follows {@code hash_ip4_uadt}, {@code hash_ipport6_uadt}, {@code bitmap_port_uadt} and their like in
 * {@code net/netfilter/ipset/}.
 */
final class ElementParser {
    private final SetSettings settings;
    private final Attributes data;

    ElementParser(SetSettings settings, Attributes data) {
        this.settings = settings;
        this.data = data;
    }

    /** Returns the one element whose presence is to be tested. */
    SetElement single() {
        return settings.kind() == SetKind.BITMAP_PORT ? port() : hashed();
    }

    /** Hands out the elements of the range; they were acted on up to the one where the action throws. */
    void each(Consumer<SetElement> action) {
        if (settings.kind() == SetKind.BITMAP_PORT) {
            eachPort(action);
        } else {
            eachHashed(action);
        }
    }

    private SetElement port() {
        require(data.isNetworkOrder(IpsetNumbers.PORT) && isNetworkOrderIfThere(IpsetNumbers.PORT_TO));
        int port = inRange(data.u16be(IpsetNumbers.PORT));
        refuseExtensions();
        return new SetElement(null, 0, port, null, 0);
    }

    private void eachPort(Consumer<SetElement> action) {
        int from = port().port();
        int to = data.has(IpsetNumbers.PORT_TO) ? data.u16be(IpsetNumbers.PORT_TO) : from;
        int low = inRange(Math.min(from, to));
        int high = inRange(Math.max(from, to));
        for (int port = low; port <= high; port++) {
            action.accept(new SetElement(null, 0, port, null, 0));
        }
    }

    private int inRange(int port) {
        if (port < settings.first() || port > settings.last()) {
            throw new Refused(IpsetNumbers.ERR_BITMAP_RANGE);
        }
        return port;
    }

    private SetElement hashed() {
        SetKind kind = settings.kind();
        require(data.has(IpsetNumbers.IP) && (!kind.hasSecondAddress() || data.has(IpsetNumbers.IP2)));
        require(!kind.hasPort()
                || (data.isNetworkOrder(IpsetNumbers.PORT) && isNetworkOrderIfThere(IpsetNumbers.PORT_TO)));
        require(!kind.hasNetwork() || isNetworkOrderIfThere(IpsetNumbers.CADT_FLAGS));
        if (settings.isIpv6()) {
            refuseIpv6Ranges();
        }
        IpAddress address = address(IpsetNumbers.IP);
        refuseExtensions();
        @Nullable IpAddress second = kind.hasSecondAddress() ? address(IpsetNumbers.IP2) : null;
        if (!kind.hasPort()) {
            if (address.isUnspecified()) {
                throw new Refused(IpsetNumbers.ERR_HASH_ELEMENT);
            }
            return new SetElement(address, 0, 0, null, 0);
        }
        int length = kind.hasNetwork() ? length() : 0;
        int protocol = protocol();
        refuseWhatIsLeftOut();
        boolean keepsPort = SetElement.hasPorts(protocol) || SetElement.isIcmp(protocol, settings.isIpv6());
        return new SetElement(
                address,
                protocol,
                keepsPort ? data.u16be(IpsetNumbers.PORT) : 0,
                second == null || length == 0 ? second : second.masked(length),
                length);
    }

    private int length() {
        int longest = (settings.isIpv6() ? IpFamily.IPV6 : IpFamily.IPV4).maxPrefixLength();
        int length = data.has(IpsetNumbers.CIDR2) ? data.u8(IpsetNumbers.CIDR2) : longest;
        if (length == 0 || length > longest) {
            throw new Refused(IpsetNumbers.ERR_INVALID_CIDR);
        }
        return length;
    }

    /** Refuses exceptions and ranges of networks, which the simulated kernel does not have. */
    private void refuseWhatIsLeftOut() {
        boolean exception = data.has(IpsetNumbers.CADT_FLAGS) && data.i32(IpsetNumbers.CADT_FLAGS) != 0;
        if (settings.kind().hasNetwork() && (exception || data.has(IpsetNumbers.IP2_TO))) {
            throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
    }

    private void refuseIpv6Ranges() {
        if (data.has(IpsetNumbers.IP_TO)) {
            throw new Refused(IpsetNumbers.ERR_RANGE_UNSUPPORTED);
        }
        if (data.has(IpsetNumbers.CIDR) && data.u8(IpsetNumbers.CIDR) != IpFamily.IPV6.maxPrefixLength()) {
            throw new Refused(IpsetNumbers.ERR_INVALID_CIDR);
        }
    }

    private int protocol() {
        if (!data.has(IpsetNumbers.PROTO)) {
            throw new Refused(IpsetNumbers.ERR_MISSING_PROTO);
        }
        int protocol = data.u8(IpsetNumbers.PROTO);
        if (protocol == 0) {
            throw new Refused(IpsetNumbers.ERR_INVALID_PROTO);
        }
        return protocol;
    }

    private void eachHashed(Consumer<SetElement> action) {
        SetElement first = hashed();
        long from = settings.isIpv6() || first.address() == null ? 0 : number(first.address());
        long to = from;
        if (!settings.isIpv6() && data.has(IpsetNumbers.IP_TO)) {
            to = number(address(IpsetNumbers.IP_TO));
        } else if (!settings.isIpv6() && data.has(IpsetNumbers.CIDR)) {
            int prefix = data.u8(IpsetNumbers.CIDR);
            if (prefix == 0 || prefix > IpFamily.IPV4.maxPrefixLength()) {
                throw new Refused(IpsetNumbers.ERR_INVALID_CIDR);
            }
            long hosts = 1L << (IpFamily.IPV4.maxPrefixLength() - prefix);
            from -= from % hosts;
            to = from + hosts - 1;
        }
        int portTo = SetElement.hasPorts(first.protocol()) && data.has(IpsetNumbers.PORT_TO)
                ? data.u16be(IpsetNumbers.PORT_TO)
                : first.port();
        range(first, Math.min(from, to), Math.max(from, to), portTo, action);
    }

    private void range(SetElement first, long low, long high, int portTo, Consumer<SetElement> action) {
        if (low == 0 && high > 0 && !settings.kind().hasPort()) {
            throw new Refused(IpsetNumbers.ERR_HASH_ELEMENT);
        }
        int lowPort = Math.min(first.port(), portTo);
        int highPort = Math.max(first.port(), portTo);
        for (long number = low; number <= high; number++) {
            for (int port = lowPort; port <= highPort; port++) {
                action.accept(settings.isIpv6() ? first.with(first.address(), port) : first.with(ipv4(number), port));
            }
        }
    }

    private static long number(IpAddress address) {
        long number = 0;
        for (byte part : address.bytes()) {
            number = number << Byte.SIZE | Byte.toUnsignedLong(part);
        }
        return number;
    }

    private static IpAddress ipv4(long number) {
        return IpAddress.of(
                new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
    }

    private IpAddress address(int type) {
        require(data.isFlaggedNest(type));
        Attributes inner;
        try {
            inner = data.nestedStrict(type, IpsetPolicies.ADDRESS);
        } catch (Refused ignored) {
            throw new Refused(IpsetNumbers.ERR_PROTOCOL);
        }
        int wanted = settings.isIpv6() ? IpsetNumbers.ADDRESS_IPV6 : IpsetNumbers.ADDRESS_IPV4;
        require(inner.isNetworkOrder(wanted));
        return inner.address(wanted, settings.isIpv6() ? IpFamily.IPV6 : IpFamily.IPV4);
    }

    /** Refuses what only sets with extensions take; there are none here. */
    private void refuseExtensions() {
        require(isNetworkOrderIfThere(
                IpsetNumbers.TIMEOUT,
                IpsetNumbers.PACKETS,
                IpsetNumbers.BYTES,
                IpsetNumbers.SKB_MARK,
                IpsetNumbers.SKB_PRIORITY,
                IpsetNumbers.SKB_QUEUE));
        refuse(IpsetNumbers.ERR_TIMEOUT, IpsetNumbers.TIMEOUT);
        refuse(IpsetNumbers.ERR_COUNTER, IpsetNumbers.BYTES, IpsetNumbers.PACKETS);
        refuse(IpsetNumbers.ERR_COMMENT, IpsetNumbers.COMMENT);
        refuse(IpsetNumbers.ERR_SKBINFO, IpsetNumbers.SKB_MARK, IpsetNumbers.SKB_PRIORITY, IpsetNumbers.SKB_QUEUE);
    }

    private void refuse(int error, int... types) {
        for (int type : types) {
            if (data.has(type)) {
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
