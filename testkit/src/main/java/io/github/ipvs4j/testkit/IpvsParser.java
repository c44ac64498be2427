// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpFamily;
import org.jspecify.annotations.Nullable;

/**
 * Reads services and destinations from requests, with the checks in the kernel's order.
 *
 * <p>Follows {@code ip_vs_genl_parse_service} and {@code ip_vs_genl_parse_dest} in {@code
 * net/netfilter/ipvs/ip_vs_ctl.c}.
 */
final class IpvsParser {
    static final AttributePolicy TOP = AttributePolicy.upTo(IpvsNumbers.COMMAND_MAX)
            .with(AttributePolicy.Kind.NESTED, IpvsNumbers.SERVICE, IpvsNumbers.DEST, IpvsNumbers.DAEMON)
            .with(
                    AttributePolicy.Kind.U32,
                    IpvsNumbers.TIMEOUT_TCP,
                    IpvsNumbers.TIMEOUT_TCP_FIN,
                    IpvsNumbers.TIMEOUT_UDP);

    private static final AttributePolicy SERVICE = AttributePolicy.upTo(IpvsNumbers.SVC_MAX)
            .with(AttributePolicy.Kind.U16, IpvsNumbers.SVC_FAMILY, IpvsNumbers.SVC_PROTOCOL, IpvsNumbers.SVC_PORT)
            .with(AttributePolicy.Kind.U32, IpvsNumbers.SVC_MARK, IpvsNumbers.SVC_TIMEOUT, IpvsNumbers.SVC_NETMASK)
            .withLimited(AttributePolicy.Kind.BINARY, IpvsNumbers.ADDRESS_SIZE, IpvsNumbers.SVC_ADDRESS)
            .withLimited(AttributePolicy.Kind.BINARY, 2 * Integer.BYTES, IpvsNumbers.SVC_FLAGS)
            .withLimited(AttributePolicy.Kind.NUL_STRING, IpvsNumbers.SCHEDULER_NAME_MAX, IpvsNumbers.SVC_SCHEDULER)
            .withLimited(AttributePolicy.Kind.NUL_STRING, IpvsNumbers.ENGINE_NAME_MAX, IpvsNumbers.SVC_ENGINE)
            .with(AttributePolicy.Kind.NESTED, IpvsNumbers.SVC_STATS);

    private static final AttributePolicy DESTINATION = AttributePolicy.upTo(IpvsNumbers.DEST_MAX)
            .withLimited(AttributePolicy.Kind.BINARY, IpvsNumbers.ADDRESS_SIZE, IpvsNumbers.DEST_ADDRESS)
            .with(
                    AttributePolicy.Kind.U16,
                    IpvsNumbers.DEST_PORT,
                    IpvsNumbers.DEST_FAMILY,
                    IpvsNumbers.DEST_TUNNEL_PORT,
                    IpvsNumbers.DEST_TUNNEL_FLAGS)
            .with(
                    AttributePolicy.Kind.U32,
                    IpvsNumbers.DEST_METHOD,
                    IpvsNumbers.DEST_WEIGHT,
                    IpvsNumbers.DEST_UPPER,
                    IpvsNumbers.DEST_LOWER,
                    IpvsNumbers.DEST_ACTIVE,
                    IpvsNumbers.DEST_INACTIVE,
                    IpvsNumbers.DEST_PERSISTENT)
            .with(AttributePolicy.Kind.NESTED, IpvsNumbers.DEST_STATS)
            .with(AttributePolicy.Kind.U8, IpvsNumbers.DEST_TUNNEL_TYPE);

    private final SimulatedIpvs ipvs;

    IpvsParser(SimulatedIpvs ipvs) {
        this.ipvs = ipvs;
    }

    /** Parses the nest of a service; whatever is wrong with it is EINVAL without a text. */
    Attributes service(Attributes top) {
        return nest(top, IpvsNumbers.SERVICE, SERVICE);
    }

    /** Parses the nest of a destination; whatever is wrong with it is EINVAL without a text. */
    Attributes destination(Attributes top) {
        return nest(top, IpvsNumbers.DEST, DESTINATION);
    }

    private static Attributes nest(Attributes top, int type, AttributePolicy policy) {
        if (!top.has(type)) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        try {
            return top.nested(type, policy);
        } catch (Refused ignored) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
    }

    ServiceId serviceId(Attributes service) {
        boolean marked = service.has(IpvsNumbers.SVC_MARK);
        if (!service.has(IpvsNumbers.SVC_FAMILY)
                || !(marked
                        || service.hasAll(IpvsNumbers.SVC_PORT, IpvsNumbers.SVC_PROTOCOL, IpvsNumbers.SVC_ADDRESS))) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        IpFamily family = family(service.u16(IpvsNumbers.SVC_FAMILY));
        if (marked) {
            return ServiceId.ofMark(family, service.i32(IpvsNumbers.SVC_MARK));
        }
        return new ServiceId(
                family,
                service.u16(IpvsNumbers.SVC_PROTOCOL),
                service.address(IpvsNumbers.SVC_ADDRESS, family),
                service.u16be(IpvsNumbers.SVC_PORT),
                0);
    }

    /** Reads how a service is to balance; flags that the client does not mask stay as they are. */
    static ServiceSettings serviceSettings(Attributes service, @Nullable ServiceEntry existing) {
        if (!service.hasAll(
                IpvsNumbers.SVC_SCHEDULER, IpvsNumbers.SVC_FLAGS, IpvsNumbers.SVC_TIMEOUT, IpvsNumbers.SVC_NETMASK)) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        byte[] flagsAndMask = service.field(IpvsNumbers.SVC_FLAGS, 2 * Integer.BYTES);
        int mask = HostOrder.i32(flagsAndMask, Integer.BYTES);
        int before = existing == null ? 0 : existing.settings().flags();
        return new ServiceSettings(
                service.string(IpvsNumbers.SVC_SCHEDULER),
                service.has(IpvsNumbers.SVC_ENGINE) ? service.string(IpvsNumbers.SVC_ENGINE) : "",
                (before & ~mask) | (HostOrder.i32(flagsAndMask, 0) & mask),
                service.i32(IpvsNumbers.SVC_TIMEOUT),
                service.i32(IpvsNumbers.SVC_NETMASK));
    }

    /** Checks that what identifies a destination is there, and what describes it if that is wanted. */
    static void requireComplete(Attributes destination, boolean full) {
        boolean complete = destination.hasAll(IpvsNumbers.DEST_ADDRESS, IpvsNumbers.DEST_PORT)
                && (!full
                        || destination.hasAll(
                                IpvsNumbers.DEST_METHOD,
                                IpvsNumbers.DEST_WEIGHT,
                                IpvsNumbers.DEST_UPPER,
                                IpvsNumbers.DEST_LOWER));
        if (!complete) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
    }

    /** Reads what identifies a destination; its family is the service's where it says none. */
    DestinationId destinationId(Attributes destination, IpFamily ofService) {
        int number = destination.has(IpvsNumbers.DEST_FAMILY) ? destination.u16(IpvsNumbers.DEST_FAMILY) : 0;
        IpFamily family = number == 0 ? ofService : family(number);
        return new DestinationId(
                destination.address(IpvsNumbers.DEST_ADDRESS, family), destination.u16be(IpvsNumbers.DEST_PORT));
    }

    static DestinationSettings destinationSettings(Attributes destination) {
        return new DestinationSettings(
                destination.i32(IpvsNumbers.DEST_METHOD) & IpvsNumbers.METHOD_MASK,
                destination.i32(IpvsNumbers.DEST_WEIGHT),
                destination.i32(IpvsNumbers.DEST_UPPER),
                destination.i32(IpvsNumbers.DEST_LOWER),
                destination.has(IpvsNumbers.DEST_TUNNEL_TYPE) ? destination.u8(IpvsNumbers.DEST_TUNNEL_TYPE) : 0,
                destination.has(IpvsNumbers.DEST_TUNNEL_PORT) ? destination.u16be(IpvsNumbers.DEST_TUNNEL_PORT) : 0,
                destination.has(IpvsNumbers.DEST_TUNNEL_FLAGS) ? destination.u16(IpvsNumbers.DEST_TUNNEL_FLAGS) : 0);
    }

    private IpFamily family(int number) {
        return IpFamily.find(number)
                .filter(known -> ipvs.supports(number))
                .orElseThrow(() -> new Refused(ErrorNumbers.EAFNOSUPPORT));
    }
}
