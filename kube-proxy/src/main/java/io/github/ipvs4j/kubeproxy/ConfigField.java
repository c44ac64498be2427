// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static io.github.ipvs4j.kubeproxy.ConfigField.Effect.ANOTHER_MODE;
import static io.github.ipvs4j.kubeproxy.ConfigField.Effect.HONOURED;
import static io.github.ipvs4j.kubeproxy.ConfigField.Effect.NEEDS_API_SERVER;
import static io.github.ipvs4j.kubeproxy.ConfigField.Effect.NO_SERVER;
import static io.github.ipvs4j.kubeproxy.ConfigField.Effect.OTHERWISE_HERE;
import static io.github.ipvs4j.kubeproxy.ConfigShape.ANY;
import static io.github.ipvs4j.kubeproxy.ConfigShape.BIT;
import static io.github.ipvs4j.kubeproxy.ConfigShape.COUNT;
import static io.github.ipvs4j.kubeproxy.ConfigShape.SCORE;
import static io.github.ipvs4j.kubeproxy.ConfigShape.SPAN;
import static io.github.ipvs4j.kubeproxy.ConfigShape.SPAN_OR_NANOSECONDS;
import static io.github.ipvs4j.kubeproxy.ConfigShape.TEXT;
import static io.github.ipvs4j.kubeproxy.ConfigShape.TEXTS;
import static io.github.ipvs4j.kubeproxy.ConfigShape.TRUTH;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The fields of kube-proxy's configuration, v1alpha1, with the flags that set them. */
enum ConfigField {
    FEATURE_GATES("featureGates", "--feature-gates", ANY, OTHERWISE_HERE),
    KUBECONFIG("clientConnection.kubeconfig", "--kubeconfig", TEXT, NEEDS_API_SERVER),
    ACCEPT_CONTENT_TYPES("clientConnection.acceptContentTypes", "", TEXT, NEEDS_API_SERVER),
    CONTENT_TYPE("clientConnection.contentType", "--kube-api-content-type", TEXT, NEEDS_API_SERVER),
    QPS("clientConnection.qps", "--kube-api-qps", ANY, NEEDS_API_SERVER),
    BURST("clientConnection.burst", "--kube-api-burst", COUNT, NEEDS_API_SERVER),
    LOG_FORMAT("logging.format", "--logging-format", TEXT, OTHERWISE_HERE),
    LOG_FLUSH("logging.flushFrequency", "--log-flush-frequency", SPAN_OR_NANOSECONDS, OTHERWISE_HERE),
    LOG_VERBOSITY("logging.verbosity", "", COUNT, HONOURED),
    LOG_MODULES("logging.vmodule", "--vmodule", ANY, OTHERWISE_HERE),
    LOG_OPTIONS("logging.options", "", ANY, OTHERWISE_HERE),
    HOSTNAME_OVERRIDE("hostnameOverride", "", TEXT, HONOURED),
    BIND_ADDRESS("bindAddress", "--bind-address", TEXT, HONOURED),
    HEALTHZ_ADDRESS("healthzBindAddress", "--healthz-bind-address", TEXT, NO_SERVER),
    METRICS_ADDRESS("metricsBindAddress", "--metrics-bind-address", TEXT, NO_SERVER),
    BIND_HARD_FAIL("bindAddressHardFail", "--bind-address-hard-fail", TRUTH, NO_SERVER),
    PROFILING("enableProfiling", "--profiling", TRUTH, NO_SERVER),
    HIDDEN_METRICS("showHiddenMetricsForVersion", "--show-hidden-metrics-for-version", TEXT, NO_SERVER),
    MODE("mode", "--proxy-mode", TEXT, HONOURED),
    MASQUERADE_BIT("iptables.masqueradeBit", "--iptables-masquerade-bit", BIT, HONOURED),
    MASQUERADE_ALL("iptables.masqueradeAll", "--masquerade-all", TRUTH, HONOURED),
    LOCALHOST_NODE_PORTS("iptables.localhostNodePorts", "--iptables-localhost-nodeports", TRUTH, ANOTHER_MODE),
    IPTABLES_SYNC("iptables.syncPeriod", "--iptables-sync-period", SPAN, ANOTHER_MODE),
    IPTABLES_MIN_SYNC("iptables.minSyncPeriod", "--iptables-min-sync-period", SPAN, ANOTHER_MODE),
    SYNC("ipvs.syncPeriod", "--ipvs-sync-period", SPAN, HONOURED),
    MIN_SYNC("ipvs.minSyncPeriod", "--ipvs-min-sync-period", SPAN, HONOURED),
    SCHEDULER("ipvs.scheduler", "--ipvs-scheduler", TEXT, HONOURED),
    EXCLUDE_CIDRS("ipvs.excludeCIDRs", "--ipvs-exclude-cidrs", TEXTS, HONOURED),
    STRICT_ARP("ipvs.strictARP", "--ipvs-strict-arp", TRUTH, HONOURED),
    TCP_TIMEOUT("ipvs.tcpTimeout", "--ipvs-tcp-timeout", SPAN, HONOURED),
    TCP_FIN_TIMEOUT("ipvs.tcpFinTimeout", "--ipvs-tcpfin-timeout", SPAN, HONOURED),
    UDP_TIMEOUT("ipvs.udpTimeout", "--ipvs-udp-timeout", SPAN, HONOURED),
    NFTABLES_BIT("nftables.masqueradeBit", "", BIT, ANOTHER_MODE),
    NFTABLES_ALL("nftables.masqueradeAll", "", TRUTH, ANOTHER_MODE),
    NFTABLES_SYNC("nftables.syncPeriod", "", SPAN, ANOTHER_MODE),
    NFTABLES_MIN_SYNC("nftables.minSyncPeriod", "", SPAN, ANOTHER_MODE),
    WINDOWS_NETWORK("winkernel.networkName", "", TEXT, ANOTHER_MODE),
    WINDOWS_SOURCE("winkernel.sourceVip", "", TEXT, ANOTHER_MODE),
    WINDOWS_DSR("winkernel.enableDSR", "", TRUTH, ANOTHER_MODE),
    WINDOWS_ENDPOINT("winkernel.rootHnsEndpointName", "", TEXT, ANOTHER_MODE),
    WINDOWS_HEALTH("winkernel.forwardHealthCheckVip", "", TRUTH, ANOTHER_MODE),
    WINDOWS_SERVICE("windowsRunAsService", "", TRUTH, ANOTHER_MODE),
    DETECT_LOCAL_MODE("detectLocalMode", "--detect-local-mode", TEXT, HONOURED),
    BRIDGE("detectLocal.bridgeInterface", "--pod-bridge-interface", TEXT, HONOURED),
    INTERFACE_PREFIX("detectLocal.interfaceNamePrefix", "--pod-interface-name-prefix", TEXT, HONOURED),
    CLUSTER_CIDR("clusterCIDR", "--cluster-cidr", TEXT, HONOURED),
    NODE_PORT_ADDRESSES("nodePortAddresses", "--nodeport-addresses", TEXTS, HONOURED),
    OOM_SCORE("oomScoreAdj", "--oom-score-adj", SCORE, HONOURED),
    CONNTRACK_PER_CORE("conntrack.maxPerCore", "--conntrack-max-per-core", COUNT, HONOURED),
    CONNTRACK_MIN("conntrack.min", "--conntrack-min", COUNT, HONOURED),
    CONNTRACK_ESTABLISHED("conntrack.tcpEstablishedTimeout", "--conntrack-tcp-timeout-established", SPAN, HONOURED),
    CONNTRACK_CLOSE_WAIT("conntrack.tcpCloseWaitTimeout", "--conntrack-tcp-timeout-close-wait", SPAN, HONOURED),
    CONNTRACK_LIBERAL("conntrack.tcpBeLiberal", "--conntrack-tcp-be-liberal", TRUTH, HONOURED),
    CONNTRACK_UDP("conntrack.udpTimeout", "--conntrack-udp-timeout", SPAN, HONOURED),
    CONNTRACK_UDP_STREAM("conntrack.udpStreamTimeout", "--conntrack-udp-timeout-stream", SPAN, HONOURED),
    CONFIG_SYNC("configSyncPeriod", "--config-sync-period", SPAN, NEEDS_API_SERVER),
    PORT_RANGE("portRange", "--proxy-port-range", TEXT, OTHERWISE_HERE),
    UDP_IDLE("udpIdleTimeout", "--udp-timeout", SPAN, OTHERWISE_HERE);

    /** What becomes of a field; for all but the honoured ones a reason, for the log. */
    enum Effect {
        HONOURED(""),
        NEEDS_API_SERVER("no API server is watched"),
        ANOTHER_MODE("of another mode than ipvs"),
        NO_SERVER("there is no such HTTP server yet"),
        OTHERWISE_HERE("has no meaning to this program");

        private final String reason;

        Effect(String reason) {
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    private final String path;
    private final String flag;
    private final ConfigShape shape;
    private final Effect effect;

    ConfigField(String path, String flag, ConfigShape shape, Effect effect) {
        this.path = path;
        this.flag = flag;
        this.shape = shape;
        this.effect = effect;
    }

    /** Returns the field's place in the file, with dots. */
    String path() {
        return path;
    }

    /** Returns the flag that sets the field where there is no file; empty if none does. */
    String flag() {
        return flag;
    }

    ConfigShape shape() {
        return shape;
    }

    Effect effect() {
        return effect;
    }

    /** Returns the field of a path. */
    static Optional<ConfigField> of(String path) {
        return Arrays.stream(values()).filter(field -> field.path.equals(path)).findFirst();
    }

    /** Tells whether a path is that of a group of fields. */
    static boolean isGroup(String path) {
        return Arrays.stream(values()).anyMatch(field -> field.path.startsWith(path + "."));
    }

    /** Returns the names of the fields and groups of a group; of the outermost one if its path is empty. */
    static List<String> namesIn(String group) {
        String start = group.isEmpty() ? "" : group + ".";
        return Arrays.stream(values())
                .filter(field -> field.path.startsWith(start))
                .map(field -> field.path.substring(start.length()).split("\\.", 2)[0])
                .distinct()
                .toList();
    }
}
