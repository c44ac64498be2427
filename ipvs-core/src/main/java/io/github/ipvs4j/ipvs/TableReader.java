// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.GenericClient;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import java.util.Collections;
import java.util.Optional;

/**
 * Reads services and destinations from the kernel. Its dumps are positional and never flagged as disturbed
 * ({@code ip_vs_genl_dump_services}, {@code ip_vs_genl_dump_dests}); entries that come twice are counted once.
 *
 * <p>Services are listed in large pieces, since the kernel begins anew at the first one for each piece. Destinations
 * are listed in short ones, until a list is met that is too long for that. Not safe for use by several threads.
 */
final class TableReader implements AutoCloseable {
    /** For how many lists one is taken as the measure of those that follow. */
    private static final int LISTS_REMEMBERED = 100;

    private final GenericClient kernel;
    private final GenericClient shortLists;
    private final ServiceDecoder serviceDecoder = new ServiceDecoder();
    private final DestinationDecoder ofIpv4 = new DestinationDecoder(IpFamily.IPV4);
    private final DestinationDecoder ofIpv6 = new DestinationDecoder(IpFamily.IPV6);
    private int longOnes;
    private int ambiguousOnes;

    TableReader(GenericClient kernel) {
        this.kernel = kernel;
        this.shortLists = kernel.inShortPieces();
    }

    Listing<ObservedService> services() {
        ListingCollector<ObservedService, ServiceKey> services = new ListingCollector<>(
                message -> serviceDecoder.decode(message.genericAttributes()),
                (one, other) -> one.key().equals(other.key()),
                ObservedService::key,
                false);
        kernel.dump(new IpvsRequest.ListServices(), services);
        return services.listing();
    }

    /**
     * Reads one service.
     *
     * @param key of the service
     * @param purpose what it is done for, as the beginning of an error message
     * @throws KernelRejected with {@code ESRCH} if there is no such service
     */
    ObservedService service(ServiceKey key, String purpose) {
        return kernel.query(new IpvsRequest.GetService(key, purpose), serviceDecoder::decode);
    }

    Optional<ObservedService> find(ServiceKey key) {
        try {
            return Optional.of(service(key, "read service"));
        } catch (KernelRejected e) {
            if (e.errno().equals(Errno.ESRCH)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Lists the destinations of a service, first added first; none if there is no such service. */
    Listing<ObservedDestination> destinations(ServiceKey service) {
        Listing<ObservedDestination> listing =
                destinations(service, longOnes > 0 ? kernel : shortLists, ambiguousOnes > 0);
        longOnes = listing.isLong() ? LISTS_REMEMBERED : Math.max(0, longOnes - 1);
        ambiguousOnes = listing.isAsLongAsAPiece() ? LISTS_REMEMBERED : Math.max(0, ambiguousOnes - 1);
        return listing;
    }

    private Listing<ObservedDestination> destinations(ServiceKey service, GenericClient client, boolean asksForMemory) {
        DestinationDecoder decoder = service.family() == IpFamily.IPV4 ? ofIpv4 : ofIpv6;
        ListingCollector<ObservedDestination, DestinationKey> destinations = new ListingCollector<>(
                decoder::decode,
                (one, other) -> one.destination().hasKeyOf(other.destination()),
                ObservedDestination::key,
                asksForMemory);
        client.dump(new IpvsRequest.ListDestinations(service), destinations);
        Listing<ObservedDestination> listing = destinations.listing();
        Collections.reverse(listing.entries());
        return listing;
    }

    /** Closes the socket for short lists; the other one is the owner's. */
    @Override
    public void close() {
        shortLists.close();
    }
}
