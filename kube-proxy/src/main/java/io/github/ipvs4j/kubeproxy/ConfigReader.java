// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.Timeouts;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.reconciler.LocalDetection;
import io.github.ipvs4j.reconciler.NodePortAddresses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the configuration and checks it as kube-proxy does. All that is wrong is reported at once; the result counts
 * only if nothing is.
 */
final class ConfigReader {
    private static final String MODE = "ipvs";
    private static final Set<String> OTHER_MODES = Set.of("iptables", "nftables", "kernelspace", "userspace");
    private static final String PRIMARY = "primary";
    private static final String DEVICE_REMEDY = "write one of at most 15 characters, for example cni0 or veth";
    private static final int DEFAULT_MASQUERADE_BIT = 14;
    private static final int DEFAULT_OOM_SCORE = -999;
    private static final int DEFAULT_CONNTRACK_PER_CORE = 32_768;
    private static final int DEFAULT_CONNTRACK_MIN = 131_072;
    private static final int HIGHEST_PORT = 65_535;

    private final ConfigSource source;

    private ConfigReader(ConfigSource source) {
        this.source = source;
    }

    static KubeProxyConfiguration read(ConfigSource source) {
        return new ConfigReader(source).read();
    }

    private KubeProxyConfiguration read() {
        for (ConfigField field : ConfigField.values()) {
            field.shape().check(source.get(field));
        }
        checkMode();
        checkUnused();
        return new KubeProxyConfiguration(
                source.get(ConfigField.HOSTNAME_OVERRIDE).text(),
                source.get(ConfigField.BIND_ADDRESS).address().orElse(IpAddress.of("0.0.0.0")),
                ipvs(),
                new KubeProxyConfiguration.Masquerade(
                        truth(ConfigField.MASQUERADE_ALL), number(ConfigField.MASQUERADE_BIT, DEFAULT_MASQUERADE_BIT)),
                localDetection(),
                nodePortAddresses(),
                conntrack(),
                number(ConfigField.OOM_SCORE, DEFAULT_OOM_SCORE),
                number(ConfigField.LOG_VERBOSITY, 0),
                false);
    }

    private void checkMode() {
        Field mode = source.get(ConfigField.MODE);
        String text = mode.text();
        if (OTHER_MODES.contains(text)) {
            mode.wrong("'" + text + "' is not what this program does; write " + MODE + ", or run kube-proxy itself");
        } else if (!text.isEmpty() && !text.equals(MODE)) {
            mode.wrong("'" + text + "' is not a mode; write " + MODE);
        }
    }

    /** Checks what has no effect here, but is refused by kube-proxy, so that files stay good for both. */
    private void checkUnused() {
        periods(ConfigField.IPTABLES_SYNC, ConfigField.IPTABLES_MIN_SYNC);
        positive(ConfigField.CONFIG_SYNC, Duration.ofMinutes(15));
        for (ConfigField server : List.of(ConfigField.HEALTHZ_ADDRESS, ConfigField.METRICS_ADDRESS)) {
            source.get(server)
                    .parsed(
                            ConfigReader::checkEndpoint,
                            "is not an address and a port",
                            "write one such as 127.0.0.1:10249 or [::]:10256");
        }
        Field format = source.get(ConfigField.LOG_FORMAT);
        if (!List.of("", "text", "json").contains(format.text())) {
            format.wrong("'" + format.text() + "' is not a format; write text or json");
        }
    }

    /** Takes an address with a port or without one, for which there is a default. */
    private static String checkEndpoint(String text) {
        int colon = text.lastIndexOf(':');
        boolean plain = text.indexOf(':') == colon;
        boolean bracketed = text.startsWith("[") && text.charAt(Math.max(0, colon - 1)) == ']';
        if (colon < 0 || !(plain || bracketed)) {
            IpAddress.of(text);
            return text;
        }
        IpAddress.of(bracketed ? text.substring(1, colon - 1) : text.substring(0, colon));
        String port = text.substring(colon + 1);
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > HIGHEST_PORT) {
            throw new IllegalArgumentException("port '" + port + "'");
        }
        return text;
    }

    private KubeProxyConfiguration.Ipvs ipvs() {
        Periods periods = periods(ConfigField.SYNC, ConfigField.MIN_SYNC);
        return new KubeProxyConfiguration.Ipvs(
                periods.longest(),
                periods.shortest(),
                source.get(ConfigField.SCHEDULER)
                        .parsed(Scheduler::named, "cannot be a scheduler", "write its name, for example rr")
                        .orElse(Scheduler.ROUND_ROBIN),
                blocks(source.get(ConfigField.EXCLUDE_CIDRS).items()),
                truth(ConfigField.STRICT_ARP),
                new Timeouts(
                        timeout(ConfigField.TCP_TIMEOUT),
                        timeout(ConfigField.TCP_FIN_TIMEOUT),
                        timeout(ConfigField.UDP_TIMEOUT)));
    }

    /**
     * How often to sync.
     *
     * @param longest the longest time between two syncs
     * @param shortest the shortest
     */
    private record Periods(Duration longest, Duration shortest) {}

    private Periods periods(ConfigField longestField, ConfigField shortestField) {
        Duration longest = positive(longestField, Duration.ofSeconds(30));
        Duration shortest = notNegative(shortestField, Duration.ofSeconds(1));
        if (source.get(shortestField).present() && shortest.compareTo(longest) > 0) {
            source.get(shortestField).wrong("longer than " + longestField.path() + "; write a shorter span");
        }
        return new Periods(longest, shortest);
    }

    private LocalDetection localDetection() {
        LocalDetection byCluster = new LocalDetection.ClusterCidrs(clusterCidrs());
        Field bridge = source.get(ConfigField.BRIDGE);
        Field prefix = source.get(ConfigField.INTERFACE_PREFIX);
        switch (source.get(ConfigField.DETECT_LOCAL_MODE)
                .oneOf(Words.DETECT_LOCAL_MODES, DetectLocalMode.CLUSTER_CIDR)) {
            case NODE_CIDR -> {
                return new LocalDetection.NodeCidrs();
            }
            case BRIDGE_INTERFACE -> {
                bridge.require("the mode BridgeInterface needs the name of the pods' bridge");
                return bridge.<LocalDetection>parsed(
                                LocalDetection.BridgeInterface::new, "is not the name of a device", DEVICE_REMEDY)
                        .orElse(byCluster);
            }
            case INTERFACE_NAME_PREFIX -> {
                prefix.require("the mode InterfaceNamePrefix needs what the names of the pods' devices begin with");
                return prefix.<LocalDetection>parsed(
                                LocalDetection.InterfaceNamePrefix::new,
                                "is not the beginning of such names",
                                DEVICE_REMEDY)
                        .orElse(byCluster);
            }
            default -> {
                return byCluster;
            }
        }
    }

    private List<IpPrefix> clusterCidrs() {
        return source.get(ConfigField.CLUSTER_CIDR)
                .parsed(
                        ConfigReader::onePerFamily,
                        "is neither a block of addresses nor one of each family",
                        "write one such as 10.244.0.0/16 or 10.244.0.0/16,fd00:10:244::/48")
                .orElse(List.of());
    }

    private static List<IpPrefix> onePerFamily(String text) {
        List<IpPrefix> blocks = new ArrayList<>();
        Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
        for (String part : text.split(",", -1)) {
            IpPrefix block = Field.block(part.strip());
            if (!families.add(block.family())) {
                throw new IllegalArgumentException("two blocks of " + block.family());
            }
            blocks.add(block);
        }
        return blocks;
    }

    private NodePortAddresses nodePortAddresses() {
        Field list = source.get(ConfigField.NODE_PORT_ADDRESSES);
        List<Field> items = list.items();
        if (items.stream().noneMatch(item -> item.text().equals(PRIMARY))) {
            return new NodePortAddresses.Within(blocks(items));
        }
        if (items.size() > 1) {
            list.wrong("'" + PRIMARY + "' stands beside others; write it alone, or blocks of addresses");
        }
        return new NodePortAddresses.Primary();
    }

    private static List<IpPrefix> blocks(List<Field> items) {
        List<IpPrefix> blocks = new ArrayList<>();
        for (Field item : items) {
            item.require("write a block of addresses, or remove the entry");
            item.block().ifPresent(blocks::add);
        }
        return blocks;
    }

    private KubeProxyConfiguration.Conntrack conntrack() {
        return new KubeProxyConfiguration.Conntrack(
                number(ConfigField.CONNTRACK_PER_CORE, DEFAULT_CONNTRACK_PER_CORE),
                number(ConfigField.CONNTRACK_MIN, DEFAULT_CONNTRACK_MIN),
                notNegative(ConfigField.CONNTRACK_ESTABLISHED, Duration.ofDays(1)),
                notNegative(ConfigField.CONNTRACK_CLOSE_WAIT, Duration.ofHours(1)),
                truth(ConfigField.CONNTRACK_LIBERAL),
                notNegative(ConfigField.CONNTRACK_UDP, Duration.ZERO),
                notNegative(ConfigField.CONNTRACK_UDP_STREAM, Duration.ZERO));
    }

    private boolean truth(ConfigField field) {
        return source.get(field).truth(false);
    }

    private int number(ConfigField field, int absent) {
        return source.get(field).number(field.shape().lowest(), field.shape().highest(), absent);
    }

    /** Reads a span; zero stands for the default, as an unset field does in files that kube-proxy wrote. */
    private Duration positive(ConfigField field, Duration absent) {
        Duration span = notNegative(field, absent);
        return span.isZero() ? absent : span;
    }

    private Duration notNegative(ConfigField field, Duration absent) {
        Field found = source.get(field);
        Optional<Duration> span = found.span();
        if (span.isPresent() && span.get().isNegative()) {
            found.wrong("less than zero; write a longer span, or 0s");
            return absent;
        }
        return span.orElse(absent);
    }

    /** Reads a span of which the whole seconds count, as in kube-proxy; of less than one nothing is left. */
    private Duration timeout(ConfigField field) {
        Duration span = Duration.ofSeconds(notNegative(field, Duration.ZERO).toSeconds());
        if (span.compareTo(Timeouts.MAX) <= 0) {
            return span;
        }
        source.get(field).wrong("more than " + Timeouts.MAX.toSeconds() + " seconds; write one such as 120s");
        return Duration.ZERO;
    }
}
