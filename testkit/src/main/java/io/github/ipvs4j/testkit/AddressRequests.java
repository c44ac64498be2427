// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.testkit.AttributePolicy.Kind;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Requests to bind and take off addresses.
 *
 * <p>Follows {@code inet_rtm_newaddr} and {@code inet_rtm_deladdr} in {@code net/ipv4/devinet.c}, and their IPv6
 * counterparts in {@code net/ipv6/addrconf.c}, whose ways of matching differ. Not simulated: lifetimes, and what
 * duplicate address detection does.
 */
final class AddressRequests {
    static final AttributePolicy IPV4 = AttributePolicy.upTo(RouteNumbers.IFA_MAX)
            .with(
                    Kind.U32,
                    RouteNumbers.IFA_ADDRESS,
                    RouteNumbers.IFA_LOCAL,
                    RouteNumbers.IFA_BROADCAST,
                    RouteNumbers.IFA_FLAGS)
            .withLimited(Kind.STRING, RouteNumbers.MAX_NAME, RouteNumbers.IFA_LABEL)
            .with(Kind.U8, RouteNumbers.IFA_PROTO);

    private static final String NO_DEVICE = "ipv4: Device not found";
    private static final String NO_INTERFACE = "ipv6: Unable to find the interface";

    private static final AttributePolicy IPV6 = AttributePolicy.upTo(RouteNumbers.IFA_MAX)
            .withLimited(Kind.AT_LEAST, 16, RouteNumbers.IFA_ADDRESS, RouteNumbers.IFA_LOCAL)
            .with(Kind.U32, RouteNumbers.IFA_FLAGS)
            .with(Kind.U8, RouteNumbers.IFA_PROTO);

    private final SimulatedLinks links;
    private final KernelRelease release;

    AddressRequests(SimulatedLinks links, KernelRelease release) {
        this.links = links;
        this.release = release;
    }

    void add(RequestMessage request, IpFamily family) {
        if (family == IpFamily.IPV4) {
            addIpv4(request);
        } else {
            addIpv6(request);
        }
        links.changed();
    }

    private LinkEntry link(RequestMessage request, String otherwise) {
        return links.at(request.i32(RouteNumbers.ADDRESS_INDEX))
                .orElseThrow(() -> refused(ErrorNumbers.ENODEV, otherwise));
    }

    /** Refuses with a text, which earlier kernels do not give. */
    private Refused refused(int errno, String text) {
        return release.explainsAddresses() ? new Refused(errno, text) : new Refused(errno);
    }

    private static int flags(RequestMessage request, Attributes attributes) {
        return attributes.has(RouteNumbers.IFA_FLAGS)
                ? attributes.i32(RouteNumbers.IFA_FLAGS)
                : request.u8(RouteNumbers.ADDRESS_FLAGS);
    }

    private void addIpv4(RequestMessage request) {
        Attributes attributes = request.attributes(RouteNumbers.ADDRESS_HEADER, IPV4);
        int prefix = request.u8(RouteNumbers.ADDRESS_PREFIX);
        if (prefix > IpFamily.IPV4.maxPrefixLength()) {
            throw refused(ErrorNumbers.EINVAL, "ipv4: Invalid prefix length");
        }
        if (!attributes.has(RouteNumbers.IFA_LOCAL)) {
            throw refused(ErrorNumbers.EINVAL, "ipv4: Local address is not supplied");
        }
        IpAddress local = attributes.address(RouteNumbers.IFA_LOCAL, IpFamily.IPV4);
        if (local.isUnspecified() && release.forgetsNoAddressAtOnce()) {
            return;
        }
        LinkEntry link = link(request, NO_DEVICE);
        String label = attributes.has(RouteNumbers.IFA_LABEL) ? attributes.string(RouteNumbers.IFA_LABEL) : link.name();
        IpAddress peer = attributes.has(RouteNumbers.IFA_ADDRESS)
                ? attributes.address(RouteNumbers.IFA_ADDRESS, IpFamily.IPV4)
                : local;
        int flags = (flags(request, attributes) & ~RouteNumbers.SECONDARY) | RouteNumbers.PERMANENT;
        LinkAddress wanted = new LinkAddress(local, peer, prefix, flags, label);
        boolean secondary = false;
        for (LinkAddress other : link.addresses(IpFamily.IPV4)) {
            if (other.sharesNetwork(wanted)) {
                if (other.address().equals(local)) {
                    refuseUnlessReplacing(request, "ipv4: Address already assigned");
                    return;
                }
                secondary = true;
            }
        }
        // The kernel takes 0.0.0.0 and forgets it.
        if (!local.isUnspecified()) {
            link.insert(secondary ? wanted.asSecondary() : wanted);
        }
    }

    private void refuseUnlessReplacing(RequestMessage request, String text) {
        if (request.has(NetlinkNumbers.FLAG_EXCLUSIVE) || !request.has(NetlinkNumbers.FLAG_REPLACE)) {
            throw refused(ErrorNumbers.EEXIST, text);
        }
    }

    private void addIpv6(RequestMessage request) {
        Attributes attributes = request.attributes(RouteNumbers.ADDRESS_HEADER, IPV6);
        IpAddress address = ipv6(attributes);
        LinkEntry link = link(request, NO_INTERFACE);
        Optional<LinkAddress> present = link.addresses(IpFamily.IPV6).stream()
                .filter(other -> other.address().equals(address))
                .findFirst();
        if (present.isPresent()) {
            refuseUnlessReplacing(request, "ipv6: address already assigned");
            link.replace(present.get(), replaced(present.get(), request, attributes));
            return;
        }
        int prefix = request.u8(RouteNumbers.ADDRESS_PREFIX);
        if (prefix > IpFamily.IPV6.maxPrefixLength()) {
            throw refused(ErrorNumbers.EINVAL, "ipv6: Invalid prefix length");
        }
        refuseUnlessUnicast(address, link);
        link.insert(new LinkAddress(
                address, ipv6Peer(attributes).orElse(address), prefix, ipv6Flags(request, attributes), ""));
    }

    private static int ipv6Flags(RequestMessage request, Attributes attributes) {
        return (flags(request, attributes) & RouteNumbers.NO_DAD) | RouteNumbers.PERMANENT;
    }

    /** The length of the prefix stays, and so does the other end that a request does not tell. */
    private static LinkAddress replaced(LinkAddress own, RequestMessage request, Attributes attributes) {
        return new LinkAddress(
                own.address(),
                ipv6Peer(attributes).orElse(own.peer()),
                own.prefixLength(),
                ipv6Flags(request, attributes),
                own.label());
    }

    /** Returns the other end if there is any; the unspecified address stands for none, which is the address itself. */
    private static Optional<IpAddress> ipv6Peer(Attributes attributes) {
        IpAddress address = ipv6(attributes);
        if (!attributes.has(RouteNumbers.IFA_ADDRESS)) {
            return Optional.empty();
        }
        IpAddress peer = attributes.address(RouteNumbers.IFA_ADDRESS, IpFamily.IPV6);
        return peer.equals(address) ? Optional.empty() : Optional.of(peer.isUnspecified() ? address : peer);
    }

    private void refuseUnlessUnicast(IpAddress address, LinkEntry link) {
        if (address.isUnspecified()) {
            throw refused(ErrorNumbers.EADDRNOTAVAIL, "ipv6: Invalid address");
        }
        if (address.isMulticast()) {
            throw refused(
                    ErrorNumbers.EADDRNOTAVAIL,
                    "ipv6: Cannot assign multicast address without \"IFA_F_MCAUTOJOIN\" flag");
        }
        if (address.isLoopback() && !link.isLoopback()) {
            throw refused(ErrorNumbers.EADDRNOTAVAIL, "ipv6: Cannot assign loopback address on this device");
        }
    }

    /** Returns the address that an IPv6 request means: the local one, or the only one. */
    private static IpAddress ipv6(Attributes attributes) {
        for (int type : new int[] {RouteNumbers.IFA_LOCAL, RouteNumbers.IFA_ADDRESS}) {
            if (attributes.has(type)) {
                return attributes.address(type, IpFamily.IPV6);
            }
        }
        throw new Refused(ErrorNumbers.EINVAL);
    }

    void delete(RequestMessage request, IpFamily family) {
        if (family == IpFamily.IPV4) {
            deleteIpv4(request);
        } else {
            deleteIpv6(request);
        }
        links.changed();
    }

    /** What a request does not say matches every address; without attributes the first one goes. */
    private void deleteIpv4(RequestMessage request) {
        Attributes attributes = request.attributes(RouteNumbers.ADDRESS_HEADER, IPV4);
        int prefix = request.u8(RouteNumbers.ADDRESS_PREFIX);
        List<LinkAddress> addresses = link(request, NO_DEVICE).addresses(IpFamily.IPV4);
        for (LinkAddress own : addresses) {
            if (matches(own, attributes, prefix)) {
                addresses.remove(own);
                if (!own.isSecondary()) {
                    addresses.removeIf(other -> other.isSecondary() && other.sharesNetwork(own));
                }
                return;
            }
        }
        throw refused(ErrorNumbers.EADDRNOTAVAIL, "ipv4: Address not found");
    }

    private static boolean matches(LinkAddress own, Attributes attributes, int prefix) {
        if (attributes.has(RouteNumbers.IFA_LOCAL)
                && !attributes.address(RouteNumbers.IFA_LOCAL, IpFamily.IPV4).equals(own.address())) {
            return false;
        }
        if (attributes.has(RouteNumbers.IFA_LABEL)
                && !attributes.string(RouteNumbers.IFA_LABEL).equals(own.label())) {
            return false;
        }
        if (!attributes.has(RouteNumbers.IFA_ADDRESS)) {
            return true;
        }
        return prefix == own.prefixLength()
                && own.isInNetwork(attributes.address(RouteNumbers.IFA_ADDRESS, IpFamily.IPV4));
    }

    private void deleteIpv6(RequestMessage request) {
        IpAddress address = ipv6(request.attributes(RouteNumbers.ADDRESS_HEADER, IPV6));
        int prefix = request.u8(RouteNumbers.ADDRESS_PREFIX);
        if (prefix > IpFamily.IPV6.maxPrefixLength()) {
            throw refused(ErrorNumbers.EINVAL, "ipv6: Invalid prefix length");
        }
        Iterator<LinkAddress> addresses =
                link(request, NO_INTERFACE).addresses(IpFamily.IPV6).iterator();
        while (addresses.hasNext()) {
            LinkAddress own = addresses.next();
            if (own.address().equals(address) && own.prefixLength() == prefix) {
                addresses.remove();
                return;
            }
        }
        throw refused(ErrorNumbers.EADDRNOTAVAIL, "ipv6: address not found");
    }
}
