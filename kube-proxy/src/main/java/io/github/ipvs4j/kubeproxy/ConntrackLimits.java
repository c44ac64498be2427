// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits of the kernel's connection tracking that kube-proxy sets when it starts. What cannot be set is said in the
 * log and stays as it is.
 */
final class ConntrackLimits {
    private static final Logger LOG = LoggerFactory.getLogger(ConntrackLimits.class);
    private static final String NETFILTER = "sys/net/netfilter/";
    private static final String ALLOWED = "Cpus_allowed_list:";
    private static final String MAX = NETFILTER + "nf_conntrack_max";

    /** How many connections share a place of the hash table. */
    private static final long CONNECTIONS_PER_BUCKET = 4;

    private final Path proc;
    private final Path buckets;

    private ConntrackLimits(Path proc, Path sys) {
        this.proc = proc;
        this.buckets = sys.resolve("module/nf_conntrack/parameters/hashsize");
    }

    /**
     * Sets what differs.
     *
     * @param proc {@code /proc}, but in tests
     * @param sys {@code /sys}, but in tests
     * @param wanted the limits
     */
    static void set(Path proc, Path sys, KubeProxyConfiguration.Conntrack wanted) {
        ConntrackLimits limits = new ConntrackLimits(proc, sys);
        limits.set(wanted, limits.processors());
    }

    /** Counts the processors that this process may use; what a container is limited to is no measure for the node. */
    private int processors() {
        try {
            return Files.readAllLines(proc.resolve("self/status")).stream()
                    .filter(line -> line.startsWith(ALLOWED))
                    .mapToInt(line -> count(line.substring(ALLOWED.length()).strip()))
                    .findFirst()
                    .orElse(1);
        } catch (NumberFormatException | IOException e) {
            LOG.warn("{} cannot be read ({}): connections are limited as for one processor", proc, e.toString());
            return 1;
        }
    }

    /** Counts a list such as {@code 0-3,8}. */
    private static int count(String list) {
        int count = 0;
        for (String range : list.split(",", -1)) {
            String[] ends = range.split("-", 2);
            count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
        }
        return count;
    }

    private void set(KubeProxyConfiguration.Conntrack wanted, int processors) {
        values(wanted, processors).forEach((key, value) -> set(proc.resolve(key), value));
        long max = max(wanted, processors);
        if (max > 0) {
            raiseBuckets(max / CONNECTIONS_PER_BUCKET);
        }
    }

    private static Map<String, Long> values(KubeProxyConfiguration.Conntrack wanted, int processors) {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put(MAX, max(wanted, processors));
        values.put(NETFILTER + "nf_conntrack_tcp_timeout_established", seconds(wanted.established()));
        values.put(NETFILTER + "nf_conntrack_tcp_timeout_close_wait", seconds(wanted.closeWait()));
        values.put(NETFILTER + "nf_conntrack_tcp_be_liberal", wanted.beLiberal() ? 1L : 0L);
        values.put(NETFILTER + "nf_conntrack_udp_timeout", seconds(wanted.udp()));
        values.put(NETFILTER + "nf_conntrack_udp_timeout_stream", seconds(wanted.udpStream()));
        values.values().removeIf(value -> value == 0);
        return values;
    }

    private static long max(KubeProxyConfiguration.Conntrack wanted, int processors) {
        return wanted.maxPerCore() == 0 ? 0 : Math.max(wanted.min(), (long) wanted.maxPerCore() * processors);
    }

    private static long seconds(Duration span) {
        return span.toSeconds();
    }

    private void set(Path file, long value) {
        try {
            if (!Files.readString(file).strip().equals(Long.toString(value))) {
                Files.writeString(file, Long.toString(value));
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be set to {} ({}): it stays as it is", file, value, e.toString());
        }
    }

    private void raiseBuckets(long wanted) {
        try {
            if (Long.parseLong(Files.readString(buckets).strip()) < wanted) {
                Files.writeString(buckets, Long.toString(wanted));
            }
        } catch (NumberFormatException | IOException e) {
            LOG.warn("{} cannot be raised to {} ({}): it stays as it is", buckets, wanted, e.toString());
        }
    }
}
