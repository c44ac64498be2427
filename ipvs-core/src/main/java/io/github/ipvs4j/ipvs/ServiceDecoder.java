// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MalformedReply;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads virtual services as the kernel lists them. Attributes may come in any order, unknown ones are stepped over.
 * One decoder reads one service after the other; not safe for use by several threads.
 */
final class ServiceDecoder {
    private final StatisticsDecoder statistics = new StatisticsDecoder();
    private @Nullable IpFamily family;
    private @Nullable IpAddress address;
    private byte @Nullable [] addressBytes;
    private @Nullable String scheduler;
    private @Nullable String engine;
    private int protocol;
    private int port;
    private int mark;
    private int flags;
    private int timeout;
    private int maskBits;
    private int prefixLength;

    /**
     * Reads the service in a message.
     *
     * @param attributes the message's, in front of the first one
     * @return the service
     * @throws MalformedReply if the message holds none, or one without a key
     */
    ObservedService decode(AttributeReader attributes) {
        while (attributes.next()) {
            if (attributes.type() == IpvsCommands.SERVICE) {
                reset();
                attributes.enter();
                readAttributes(attributes);
                ObservedService service = new ObservedService(service(attributes), statistics.result());
                attributes.leave();
                return service;
            }
        }
        throw attributes.malformed("the answer holds no service");
    }

    private void reset() {
        statistics.reset();
        family = null;
        address = null;
        addressBytes = null;
        scheduler = null;
        engine = null;
        protocol = -1;
        port = -1;
        mark = 0;
        flags = 0;
        timeout = 0;
        maskBits = -1;
        prefixLength = IpFamily.IPV6.maxPrefixLength();
    }

    private void readAttributes(AttributeReader attributes) {
        while (attributes.next()) {
            switch (attributes.type()) {
                case ServiceAttributes.FAMILY -> family = family(attributes, attributes.u16());
                case ServiceAttributes.PROTOCOL -> protocol = attributes.u16();
                case ServiceAttributes.ADDRESS -> readAddress(attributes);
                case ServiceAttributes.PORT -> port = attributes.u16be();
                case ServiceAttributes.MARK -> mark = attributes.u32();
                case ServiceAttributes.SCHEDULER -> scheduler = attributes.string();
                case ServiceAttributes.ENGINE -> engine = attributes.string();
                case ServiceAttributes.FLAGS -> flags = attributes.u32();
                case ServiceAttributes.TIMEOUT -> timeout = attributes.u32();
                case ServiceAttributes.NETMASK -> {
                    // Which of the two it is, the family tells when it is known.
                    maskBits = attributes.u32be();
                    prefixLength = attributes.u32();
                }
                case ServiceAttributes.STATISTICS -> statistics.read(attributes, false);
                case ServiceAttributes.STATISTICS_64 -> statistics.read(attributes, true);
                default -> {
                    // A newer kernel may say more.
                }
            }
        }
    }

    /** Reads the address at once where its family is known already, which every kernel so far sees to. */
    private void readAddress(AttributeReader attributes) {
        IpFamily known = family;
        if (known != null) {
            address = attributes.address(known);
        } else {
            addressBytes = attributes.bytes();
        }
    }

    static IpFamily family(AttributeReader attributes, int number) {
        if (number == IpFamily.IPV4.number()) {
            return IpFamily.IPV4;
        }
        if (number == IpFamily.IPV6.number()) {
            return IpFamily.IPV6;
        }
        throw attributes.malformed("address family " + number + " is neither 2 nor 10");
    }

    private VirtualService service(AttributeReader attributes) {
        IpFamily known = family;
        if (known == null) {
            throw attributes.malformed("the service has no address family");
        }
        try {
            return new VirtualService(
                    mark != 0 ? new ServiceKey.FirewallMark(known, mark) : addressKey(attributes, known),
                    scheduler == null ? Scheduler.NONE : Scheduler.named(scheduler),
                    ServiceFlags.ofKernel(flags),
                    persistence(known),
                    engine == null || engine.isEmpty() ? Optional.empty() : Optional.of(engine));
        } catch (IllegalArgumentException e) {
            throw attributes.malformed(String.valueOf(e.getMessage()));
        }
    }

    private ServiceKey addressKey(AttributeReader attributes, IpFamily known) {
        IpAddress virtual = address;
        byte[] bytes = addressBytes;
        if (virtual == null && bytes != null && bytes.length >= known.addressLength()) {
            virtual = IpAddress.of(Arrays.copyOf(bytes, known.addressLength()));
        }
        if (virtual == null || protocol < 0 || port < 0) {
            throw attributes.malformed("the service has neither a firewall mark nor protocol, address and port");
        }
        Optional<TransportProtocol> transport = TransportProtocol.ofNumber(protocol);
        return transport.isPresent()
                ? new ServiceKey.Address(transport.get(), virtual, port)
                : new ServiceKey.OtherProtocol(protocol, virtual, port);
    }

    private Optional<Persistence> persistence(IpFamily known) {
        if ((flags & ServiceAttributes.FLAG_PERSISTENT) == 0) {
            return Optional.empty();
        }
        Granularity granularity = known == IpFamily.IPV6
                ? Granularity.prefix(prefixLength)
                : Granularity.IrregularMask.orPrefix(maskBits);
        return Optional.of(new Persistence(Duration.ofSeconds(Integer.toUnsignedLong(timeout)), granularity));
    }
}
