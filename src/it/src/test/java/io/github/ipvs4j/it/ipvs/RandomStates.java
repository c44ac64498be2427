// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipvs;

import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.Forwarding;
import io.github.ipvs4j.ipvs.Granularity;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceFlags;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Makes small states over few keys, so that two of them have much in common; the same for the same seed. The few
 * destinations also keep the kernel's list of deleted ones short, which it searches at each addition.
 */
final class RandomStates {
    private static final List<ServiceKey> SERVICES = List.of(
            ServiceKey.tcp(IpAddress.of("198.18.80.1"), 443),
            ServiceKey.tcp(IpAddress.of("198.18.80.1"), 53),
            ServiceKey.udp(IpAddress.of("198.18.80.1"), 53),
            ServiceKey.tcp(IpAddress.of("2001:db8:80::1"), 443),
            ServiceKey.sctp(IpAddress.of("198.18.80.2"), 30000),
            ServiceKey.firewallMark(IpFamily.IPV6, 17));

    private static final List<DestinationKey> DESTINATIONS = List.of(
            new DestinationKey(IpAddress.of("198.18.81.1"), 80),
            new DestinationKey(IpAddress.of("198.18.81.1"), 81),
            new DestinationKey(IpAddress.of("198.18.81.2"), 80),
            new DestinationKey(IpAddress.of("2001:db8:81::1"), 80),
            new DestinationKey(IpAddress.of("2001:db8:81::2"), 80));

    private final Random random;

    RandomStates(long seed) {
        random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Draws a key of a service that states may have. */
    ServiceKey key() {
        return SERVICES.get(below(SERVICES.size()));
    }

    IpvsState next() {
        List<VirtualServer> servers = new ArrayList<>();
        List<ServiceKey> keys = new ArrayList<>(SERVICES);
        Collections.shuffle(keys, random);
        for (ServiceKey key : keys.subList(0, below(SERVICES.size() + 1))) {
            servers.add(new VirtualServer(service(key), destinations(key)));
        }
        return IpvsState.of(servers);
    }

    private VirtualService service(ServiceKey key) {
        VirtualService service = VirtualService.of(key, Scheduler.WEIGHTED_ROUND_ROBIN);
        return switch (below(5)) {
            case 0 -> service;
            case 1 -> service.withScheduler(Scheduler.MAGLEV_HASHING).withFlags(ServiceFlags.MAGLEV_PORT);
            case 2 ->
                service.withScheduler(Scheduler.SOURCE_HASHING)
                        .withFlags(ServiceFlags.SOURCE_HASH_FALLBACK.plus(ServiceFlags.SOURCE_HASH_PORT));
            case 3 -> service.withPersistence(Duration.ofSeconds(1 + below(3)));
            default -> service.withPersistence(Duration.ofHours(3), Granularity.prefix(24));
        };
    }

    private List<Destination> destinations(ServiceKey service) {
        List<DestinationKey> keys = new ArrayList<>(DESTINATIONS);
        Collections.shuffle(keys, random);
        return keys.subList(0, below(DESTINATIONS.size() + 1)).stream()
                .map(key -> destination(service, key))
                .toList();
    }

    private Destination destination(ServiceKey service, DestinationKey key) {
        boolean mixed = key.address().family() != service.family();
        Forwarding forwarding = mixed
                ? Forwarding.IPIP
                : switch (below(4)) {
                    case 0 -> Forwarding.gue(6080, Forwarding.Checksum.FULL);
                    case 1 -> Forwarding.DIRECT_ROUTE;
                    default -> Forwarding.MASQUERADE;
                };
        Destination destination =
                Destination.of(key.address(), key.port(), forwarding).withWeight(below(3));
        return below(4) == 0 ? destination.withThresholds(100, below(2) * 50) : destination;
    }
}
