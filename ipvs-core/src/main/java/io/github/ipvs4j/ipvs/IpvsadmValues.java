// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.time.Duration;
import java.util.Optional;

/** Makes services and destinations of the options of a line. */
final class IpvsadmValues {
    private static final long MAX_U32 = 0xffff_ffffL;
    private static final String DEFAULT_SCHEDULER = "wlc";

    private IpvsadmValues() {}

    static ServiceKey key(IpvsadmLine line) {
        IpvsadmOption kind = line.oneOf(IpvsadmOption.TCP, IpvsadmOption.UDP, IpvsadmOption.SCTP, IpvsadmOption.MARK)
                .orElseThrow(() ->
                        line.commandWord().wrong(line.command() + " needs a service, one of -t -u --sctp-service -f"));
        IpvsadmWord argument = line.require(kind);
        if (kind == IpvsadmOption.MARK) {
            IpFamily family = line.has(IpvsadmOption.IPV6) ? IpFamily.IPV6 : IpFamily.IPV4;
            return new ServiceKey.FirewallMark(family, mark(argument));
        }
        if (line.has(IpvsadmOption.IPV6)) {
            throw line.require(IpvsadmOption.IPV6).wrong("-6 goes with -f alone");
        }
        TransportProtocol protocol = kind == IpvsadmOption.TCP
                ? TransportProtocol.TCP
                : kind == IpvsadmOption.UDP ? TransportProtocol.UDP : TransportProtocol.SCTP;
        IpvsadmWord.Endpoint endpoint = argument.endpoint();
        return ServiceKey.of(protocol, endpoint.address(), endpoint.port().orElse(0));
    }

    /** Reads a mark, also as {@code ipvsadm -S} prints one above 2<sup>31</sup>: as a negative number. */
    private static int mark(IpvsadmWord word) {
        return word.text().startsWith("-")
                ? (int) -word.from(1).number(1, 1L << (Integer.SIZE - 1))
                : (int) word.number(1, MAX_U32);
    }

    static VirtualService service(IpvsadmLine line) {
        ServiceKey key = key(line);
        Scheduler scheduler = line.find(IpvsadmOption.SCHEDULER)
                .map(word -> word.checked(() -> Scheduler.named(word.text())))
                .orElse(Scheduler.named(DEFAULT_SCHEDULER));
        ServiceFlags flags = line.has(IpvsadmOption.ONE_PACKET) ? ServiceFlags.ONE_PACKET : ServiceFlags.NONE;
        ServiceFlags all = line.find(IpvsadmOption.FLAGS)
                .map(word -> flags.plus(schedulerFlags(word, scheduler)))
                .orElse(flags);
        Granularity granularity = line.find(IpvsadmOption.NETMASK)
                .map(word -> granularity(word, key.family()))
                .orElseGet(() -> Granularity.prefix(key.family().maxPrefixLength()));
        Optional<Persistence> persistence = line.find(IpvsadmOption.PERSISTENT)
                .map(word -> new Persistence(Duration.ofSeconds(word.number(0, MAX_U32)), granularity));
        Optional<String> engine = line.find(IpvsadmOption.ENGINE).map(IpvsadmWord::text);
        return line.commandWord().checked(() -> new VirtualService(key, scheduler, all, persistence, engine));
    }

    private static Granularity granularity(IpvsadmWord word, IpFamily family) {
        if (family == IpFamily.IPV6) {
            return Granularity.prefix((int) word.number(1, IpFamily.IPV6.maxPrefixLength()));
        }
        IpAddress mask = word.address();
        return word.checked(() -> Granularity.mask(mask));
    }

    private static ServiceFlags schedulerFlags(IpvsadmWord word, Scheduler scheduler) {
        ServiceFlags flags = ServiceFlags.NONE;
        int start = 0;
        for (String name : word.text().split(",", -1)) {
            int bit = IpvsadmText.schedulerFlag(scheduler, name);
            if (bit == 0) {
                throw word.from(start).wrong("'" + name + "' is not a flag of the scheduler " + scheduler);
            }
            flags = flags.plus(new ServiceFlags(bit));
            start += name.length() + 1;
        }
        return flags;
    }

    static DestinationKey destinationKey(IpvsadmLine line, ServiceKey service) {
        IpvsadmWord.Endpoint endpoint = line.require(IpvsadmOption.REAL_SERVER).endpoint();
        int servicePort = service instanceof ServiceKey.Address address ? address.port() : 0;
        return new DestinationKey(endpoint.address(), endpoint.port().orElse(servicePort));
    }

    static Destination destination(IpvsadmLine line, ServiceKey service) {
        DestinationKey key = destinationKey(line, service);
        Forwarding forwarding = forwarding(line);
        int weight = number(line, IpvsadmOption.WEIGHT, 1, Integer.MAX_VALUE);
        int upper = number(line, IpvsadmOption.UPPER_THRESHOLD, 0, MAX_U32);
        int lower = number(line, IpvsadmOption.LOWER_THRESHOLD, 0, MAX_U32);
        return line.commandWord()
                .checked(() -> new Destination(key.address(), key.port(), forwarding, weight, upper, lower));
    }

    private static int number(IpvsadmLine line, IpvsadmOption option, int absent, long max) {
        return line.find(option).map(word -> (int) word.number(0, max)).orElse(absent);
    }

    private static Forwarding forwarding(IpvsadmLine line) {
        IpvsadmOption method = line.oneOf(IpvsadmOption.DIRECT_ROUTE, IpvsadmOption.TUNNEL, IpvsadmOption.MASQUERADE)
                .orElse(IpvsadmOption.DIRECT_ROUTE);
        if (method == IpvsadmOption.TUNNEL) {
            return tunnel(line);
        }
        for (IpvsadmOption option : IpvsadmOption.values()) {
            if (option.compareTo(IpvsadmOption.TUNNEL_TYPE) >= 0 && line.has(option)) {
                throw line.require(option).wrong(option + " needs -i");
            }
        }
        return method == IpvsadmOption.MASQUERADE ? Forwarding.MASQUERADE : Forwarding.DIRECT_ROUTE;
    }

    private static Forwarding tunnel(IpvsadmLine line) {
        Optional<IpvsadmOption> sum =
                line.oneOf(IpvsadmOption.NO_CHECKSUM, IpvsadmOption.CHECKSUM, IpvsadmOption.REMOTE_CHECKSUM);
        Forwarding.Checksum checksum = sum.isEmpty() || sum.get() == IpvsadmOption.NO_CHECKSUM
                ? Forwarding.Checksum.NONE
                : sum.get() == IpvsadmOption.CHECKSUM ? Forwarding.Checksum.FULL : Forwarding.Checksum.REMOTE;
        Optional<IpvsadmWord> type = line.find(IpvsadmOption.TUNNEL_TYPE);
        String name = type.map(IpvsadmWord::text).orElse("ipip");
        Optional<IpvsadmWord> port = line.find(IpvsadmOption.TUNNEL_PORT);
        if (port.isPresent() && !name.equals("gue")) {
            throw port.get().wrong("--tun-port needs --tun-type gue");
        }
        switch (name) {
            case "ipip" -> {
                if (sum.isPresent()) {
                    throw line.require(sum.get()).wrong(sum.get() + " needs --tun-type gue or gre");
                }
                return Forwarding.IPIP;
            }
            case "gue" -> {
                return Forwarding.gue(
                        (int) line.require(IpvsadmOption.TUNNEL_PORT).number(1, 0xffff), checksum);
            }
            case "gre" -> {
                return Forwarding.gre(checksum);
            }
            default -> throw line.require(IpvsadmOption.TUNNEL_TYPE).wrong("'" + name + "': expected ipip, gue or gre");
        }
    }
}
