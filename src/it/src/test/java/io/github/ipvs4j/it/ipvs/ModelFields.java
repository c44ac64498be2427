// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipvs;

import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.Forwarding;
import io.github.ipvs4j.ipvs.Forwarding.Checksum;
import io.github.ipvs4j.ipvs.Granularity;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceFlags;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Two states over the same keys, which between them give every field of the model several values: what {@code ipvsadm}
 * has words for.
 */
final class ModelFields {
    private static final IpAddress VIP = IpAddress.of("198.18.80.1");
    private static final IpAddress VIP6 = IpAddress.of("2001:db8:80::1");
    private static final IpAddress POD = IpAddress.of("198.18.81.5");
    private static final IpAddress POD6 = IpAddress.of("2001:db8:81::5");

    private final List<VirtualServer> first = new ArrayList<>();
    private final List<VirtualServer> second = new ArrayList<>();
    private int port = 1000;

    ModelFields(List<Scheduler> schedulers) {
        keys();
        schedulers.forEach(scheduler -> services(ModelFields::plain, service -> service.withScheduler(scheduler)));
        flags();
        persistence();
        destinations();
    }

    /** Returns the services and destinations before their change. */
    IpvsState before() {
        return IpvsState.of(first);
    }

    /** Returns the same services and destinations with other attributes. */
    IpvsState after() {
        return IpvsState.of(second);
    }

    private static VirtualService plain(ServiceKey key) {
        return VirtualService.of(key, Scheduler.ROUND_ROBIN);
    }

    private interface Make {
        VirtualService of(ServiceKey key);
    }

    /** Adds a service in both families that becomes another, and one that the other becomes. */
    private void services(Make made, UnaryOperator<VirtualService> changed) {
        for (IpAddress address : List.of(VIP, VIP6)) {
            for (boolean back : List.of(false, true)) {
                VirtualService service = made.of(ServiceKey.udp(address, port++));
                first.add(VirtualServer.of(back ? changed.apply(service) : service));
                second.add(VirtualServer.of(back ? service : changed.apply(service)));
            }
        }
    }

    private void keys() {
        List<ServiceKey> keys = new ArrayList<>();
        for (TransportProtocol protocol : TransportProtocol.values()) {
            keys.add(ServiceKey.of(protocol, VIP, 1));
            keys.add(ServiceKey.of(protocol, VIP6, 65535));
        }
        for (IpFamily family : IpFamily.values()) {
            for (int mark : new int[] {1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x9abc_def0, -1}) {
                keys.add(ServiceKey.firewallMark(family, mark));
            }
        }
        for (ServiceKey key : keys) {
            Destination pod = Destination.masquerade(key.family() == IpFamily.IPV4 ? POD : POD6, 8080);
            first.add(VirtualServer.of(plain(key), pod));
            second.add(VirtualServer.of(plain(key).withScheduler(Scheduler.LEAST_CONNECTION), pod.withWeight(2)));
        }
        for (IpAddress address : List.of(VIP, VIP6)) {
            VirtualService everyPort = plain(ServiceKey.tcp(address, 0)).withPersistence(Duration.ofSeconds(60));
            first.add(VirtualServer.of(everyPort));
            second.add(VirtualServer.of(everyPort.withScheduler(Scheduler.SOURCE_HASHING)));
        }
    }

    private void flags() {
        services(ModelFields::plain, service -> service.withFlags(ServiceFlags.ONE_PACKET));
        List.of(
                        ServiceFlags.SOURCE_HASH_FALLBACK,
                        ServiceFlags.SOURCE_HASH_PORT,
                        ServiceFlags.SOURCE_HASH_FALLBACK.plus(ServiceFlags.SOURCE_HASH_PORT))
                .forEach(flags -> services(
                        key -> plain(key).withScheduler(Scheduler.SOURCE_HASHING),
                        service -> service.withFlags(flags)));
        List.of(
                        ServiceFlags.MAGLEV_FALLBACK,
                        ServiceFlags.MAGLEV_PORT,
                        ServiceFlags.MAGLEV_FALLBACK.plus(ServiceFlags.MAGLEV_PORT))
                .forEach(flags -> services(
                        key -> plain(key).withScheduler(Scheduler.MAGLEV_HASHING),
                        service -> service.withFlags(flags)));
        services(ModelFields::plain, service -> service.withFlags(new ServiceFlags(0x38)));
    }

    private void persistence() {
        for (int seconds : new int[] {1, 300, 10_800, 2_678_400}) {
            services(ModelFields::plain, service -> service.withPersistence(Duration.ofSeconds(seconds)));
        }
        services(
                key -> plain(key).withPersistence(Duration.ofSeconds(50)),
                service -> service.withPersistence(Duration.ofSeconds(50), Granularity.prefix(24)));
        services(
                key -> plain(key).withPersistence(Duration.ofSeconds(50), Granularity.prefix(1)),
                service -> service.withPersistence(Duration.ofSeconds(51), Granularity.prefix(31)));
        services(
                key -> plain(key).withPersistence(Duration.ofSeconds(50)),
                service -> service.withPersistenceEngine("sip"));
        VirtualService masked = plain(ServiceKey.tcp(VIP, port++)).withPersistence(Duration.ofSeconds(50));
        first.add(VirtualServer.of(masked));
        second.add(VirtualServer.of(
                masked.withPersistence(Duration.ofSeconds(50), Granularity.mask(IpAddress.of("255.0.255.0")))));
    }

    private void destinations() {
        List<Forwarding> ways = new ArrayList<>(List.of(
                Forwarding.MASQUERADE,
                Forwarding.DIRECT_ROUTE,
                Forwarding.IPIP,
                Forwarding.gre(Checksum.NONE),
                Forwarding.gre(Checksum.FULL)));
        for (Checksum checksum : Checksum.values()) {
            ways.add(Forwarding.gue(1, checksum));
            ways.add(Forwarding.gue(65535, checksum));
        }
        for (int i = 0; i < ways.size(); i++) {
            Forwarding from = ways.get(i);
            Forwarding to = ways.get((i + 1) % ways.size());
            destination(POD, from, pod -> pod.withForwarding(to));
            destination(POD6, from, pod -> pod.withForwarding(to));
            if (i > 1) {
                Forwarding tunnel = i + 1 < ways.size() ? to : Forwarding.IPIP;
                mixed(from, tunnel);
            }
        }
        for (int weight : new int[] {0, 2, 65535, 65536, Integer.MAX_VALUE}) {
            destination(POD, Forwarding.MASQUERADE, pod -> pod.withWeight(weight));
        }
        destination(POD, Forwarding.MASQUERADE, pod -> pod.withThresholds(2000, 1000));
        destination(POD6, Forwarding.DIRECT_ROUTE, pod -> pod.withThresholds(1, 0));
        destination(POD, Forwarding.IPIP, pod -> pod.withThresholds(Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    /** Adds a destination that changes, and one that changes back; at the service's port, which ipvsadm insists on. */
    private void destination(IpAddress pod, Forwarding way, UnaryOperator<Destination> change) {
        IpAddress address = pod.family() == IpFamily.IPV4 ? VIP : VIP6;
        for (boolean back : List.of(false, true)) {
            Destination before = Destination.of(pod, port, way);
            pair(address, back ? change.apply(before) : before, back ? before : change.apply(before));
        }
    }

    private void mixed(Forwarding from, Forwarding to) {
        pair(VIP, Destination.of(POD6, port, from), Destination.of(POD6, port, to));
        pair(VIP6, Destination.of(POD, port, from), Destination.of(POD, port, to));
    }

    private void pair(IpAddress address, Destination before, Destination after) {
        VirtualService service = plain(ServiceKey.tcp(address, port++));
        first.add(VirtualServer.of(service, before));
        second.add(VirtualServer.of(service, after));
    }
}
