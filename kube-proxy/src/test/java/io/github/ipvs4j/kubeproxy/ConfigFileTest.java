// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.Timeouts;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.reconciler.LocalDetection;
import io.github.ipvs4j.reconciler.NodePortAddresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    @TempDir
    private Path root;

    static List<Path> goldenFiles() throws IOException {
        try (Stream<Path> files = Files.list(Configs.resource("/golden/config"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void readsWhatARealKubeProxyRanWith(Path path) {
        ConfigFile file = Configs.file(path);
        KubeProxyConfiguration configuration = Configs.good(file);

        assertThat(configuration.ipvs().syncPeriod()).isEqualTo(Duration.ofSeconds(30));
        assertThat(configuration.ipvs().minSyncPeriod()).isEqualTo(Duration.ofSeconds(1));
        assertThat(file.warnings())
                .containsExactly(path + ": without effect, there is no such HTTP server yet: healthzBindAddress,"
                        + " metricsBindAddress");
    }

    @Test
    void takesTheWholeSecondsOfATimeout() {
        KubeProxyConfiguration configuration =
                read("ipvs: {tcpTimeout: 1500ms, tcpFinTimeout: 500ms, udpTimeout: 1m0.9s}");

        assertThat(configuration.ipvs().timeouts())
                .isEqualTo(new Timeouts(Duration.ofSeconds(1), Duration.ZERO, Duration.ofMinutes(1)));
    }

    @Test
    void readsNumbersThatBeginWithZeroAsOctal() {
        assertThat(read("iptables: {masqueradeBit: 016}").masquerade().bit()).isEqualTo(14);
        assertThat(read("iptables: {masqueradeBit: 08}").masquerade().bit()).isEqualTo(8);
        assertThat(read("iptables: {masqueradeBit: 0}").masquerade().bit()).isZero();
    }

    @Test
    void readsTheTruthValuesOfOldYaml() {
        assertThat(List.of("yes", "On", "Y", "TRUE")).allMatch(this::isStrictArp);
        assertThat(List.of("no", "Off", "n", "False")).noneMatch(this::isStrictArp);
    }

    private boolean isStrictArp(String word) {
        return read("ipvs: {strictARP: " + word + "}").ipvs().strictArp();
    }

    @Test
    void readsIpv4BlocksInTheFormOfIpv6AsThoseOfIpv4() {
        assertThat(read("nodePortAddresses: ['::ffff:192.168.0.0/112']").nodePortAddresses())
                .isEqualTo(within("192.168.0.0/16"));
    }

    private KubeProxyConfiguration read(String field) {
        return Configs.good(Configs.file(Configs.write(root, Configs.HEAD + "mode: ipvs\n" + field + "\n")));
    }

    @Test
    void readsEachFieldOfTheRecordedFiles() {
        assertThat(golden("cluster-cidr").localDetection()).isEqualTo(cluster("10.244.0.0/16"));
        assertThat(golden("dual-stack").localDetection()).isEqualTo(cluster("10.244.0.0/16", "fd00:10:244::/48"));
        assertThat(golden("detect-bridge").localDetection()).isEqualTo(new LocalDetection.BridgeInterface("cni0"));
        assertThat(golden("detect-nodecidr").localDetection()).isEqualTo(new LocalDetection.NodeCidrs());
        assertThat(golden("random-000").localDetection()).isEqualTo(new LocalDetection.InterfaceNamePrefix("veth"));
        assertThat(golden("exclude-cidrs").ipvs().excludeCidrs()).containsExactly(IpPrefix.of("10.200.0.0/16"));
        assertThat(golden("masquerade-all").masquerade()).isEqualTo(new KubeProxyConfiguration.Masquerade(true, 14));
        assertThat(golden("random-032").masquerade()).isEqualTo(new KubeProxyConfiguration.Masquerade(false, 15));
        assertThat(golden("nodeport-addresses").nodePortAddresses())
                .isEqualTo(within("192.168.100.0/24", "fd00:100::/64"));
        assertThat(golden("random-028").nodePortAddresses()).isEqualTo(within("0.0.0.0/0", "::/0"));
        assertThat(golden("scheduler-mh").ipvs().scheduler()).isEqualTo(Scheduler.MAGLEV_HASHING);
        assertThat(golden("strict-arp").ipvs().strictArp()).isTrue();
    }

    @Test
    void fillsInKubeProxysDefaults() {
        KubeProxyConfiguration configuration = Configs.good(Configs.file(Configs.write(root, Configs.HEAD)));

        assertThat(configuration)
                .isEqualTo(new KubeProxyConfiguration(
                        "",
                        IpAddress.of("0.0.0.0"),
                        new KubeProxyConfiguration.Ipvs(
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(1),
                                Scheduler.ROUND_ROBIN,
                                List.of(),
                                false,
                                new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO)),
                        new KubeProxyConfiguration.Masquerade(false, 14),
                        cluster(),
                        NodePortAddresses.all(),
                        new KubeProxyConfiguration.Conntrack(
                                32_768,
                                131_072,
                                Duration.ofDays(1),
                                Duration.ofHours(1),
                                false,
                                Duration.ZERO,
                                Duration.ZERO),
                        -999,
                        0,
                        false));
    }

    @Test
    void readsTheFileThatKubeProxyWritesWithItsDefaults() throws IOException {
        String text = Files.readString(Configs.resource("/golden/config-defaults.yaml"));
        ConfigFile file = Configs.file(Configs.write(root, text.replace("mode: iptables", "mode: ipvs")));

        assertThat(Configs.good(file))
                .usingRecursiveComparison()
                .ignoringFields("ipvs.minSyncPeriod")
                .isEqualTo(Configs.good(Configs.file(Configs.golden("clusterip-basic"))));
        assertThat(file.warnings())
                .noneMatch(warning -> warning.contains("no such field"))
                .anyMatch(warning -> warning.contains("no API server is watched: clientConnection.burst"));
    }

    /** It says nothing by null, by nothing in quotes and by spans of zero, of which one is a bare number. */
    @Test
    void readsTheFileThatKubeadmWrites() {
        ConfigFile file = Configs.file(Configs.write(root, Configs.HEAD + """
                        bindAddress: 0.0.0.0
                        bindAddressHardFail: false
                        clientConnection:
                          {acceptContentTypes: "", burst: 0, contentType: "", kubeconfig: /kubeconfig.conf, qps: 0}
                        clusterCIDR: 10.244.0.0/16
                        configSyncPeriod: 0s
                        conntrack: {maxPerCore: null, min: null, tcpBeLiberal: false, tcpCloseWaitTimeout: null,
                          tcpEstablishedTimeout: null, udpStreamTimeout: 0s, udpTimeout: 0s}
                        detectLocal: {bridgeInterface: "", interfaceNamePrefix: ""}
                        detectLocalMode: ""
                        enableProfiling: false
                        healthzBindAddress: ""
                        hostnameOverride: ""
                        iptables: {localhostNodePorts: null, masqueradeAll: false, masqueradeBit: null,
                          minSyncPeriod: 0s, syncPeriod: 0s}
                        ipvs: {excludeCIDRs: null, minSyncPeriod: 0s, scheduler: "", strictARP: false,
                          syncPeriod: 0s, tcpFinTimeout: 0s, tcpTimeout: 0s, udpTimeout: 0s}
                        logging:
                          flushFrequency: 0
                          options: {json: {infoBufferSize: "0"}, text: {infoBufferSize: "0"}}
                          verbosity: 0
                        metricsBindAddress: ""
                        nftables: {masqueradeAll: false, masqueradeBit: null, minSyncPeriod: 0s, syncPeriod: 0s}
                        nodePortAddresses: null
                        oomScoreAdj: null
                        portRange: ""
                        showHiddenMetricsForVersion: ""
                        winkernel: {enableDSR: false, forwardHealthCheckVip: false, networkName: "",
                          rootHnsEndpointName: "", sourceVip: ""}
                        """));

        assertThat(Configs.good(file))
                .usingRecursiveComparison()
                .ignoringFields("ipvs.minSyncPeriod")
                .isEqualTo(Configs.good(Configs.file(Configs.golden("cluster-cidr"))));
        assertThat(file.warnings()).noneMatch(warning -> warning.contains("no such field"));
    }

    @Test
    void readsFieldsThatNoRecordedFileHas() {
        KubeProxyConfiguration configuration = Configs.good(Configs.file(Configs.write(root, Configs.HEAD + """
                        hostnameOverride: node-b
                        bindAddress: "192.168.100.10"
                        nodePortAddresses: [primary]
                        oomScoreAdj: -500
                        logging: {verbosity: 4, options: {json: {infoBufferSize: "0"}}}
                        ipvs: {tcpTimeout: 15m, tcpFinTimeout: 2m, udpTimeout: 300s, scheduler: wrr}
                        conntrack: {maxPerCore: 0, min: 0, tcpBeLiberal: true, udpTimeout: 30s}
                        """)));

        assertThat(configuration.hostnameOverride()).isEqualTo("node-b");
        assertThat(configuration.bindAddress()).isEqualTo(IpAddress.of("192.168.100.10"));
        assertThat(configuration.nodePortAddresses()).isEqualTo(new NodePortAddresses.Primary());
        assertThat(configuration.oomScoreAdj()).isEqualTo(-500);
        assertThat(configuration.verbosity()).isEqualTo(4);
        assertThat(configuration.ipvs().timeouts())
                .isEqualTo(new Timeouts(Duration.ofMinutes(15), Duration.ofMinutes(2), Duration.ofMinutes(5)));
        assertThat(configuration.conntrack().maxPerCore()).isZero();
        assertThat(configuration.conntrack().beLiberal()).isTrue();
        assertThat(configuration.conntrack().udp()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void warnsOfUnknownFieldsAndReadsTheRest() {
        ConfigFile file = Configs.file(Configs.write(root, Configs.HEAD + """
                        ipvs:
                          strictArp: true
                          scheduler: sh
                          turbo: true
                        clusterCidr: 10.244.0.0/16
                        """));

        assertThat(Configs.good(file).ipvs().strictArp()).isFalse();
        assertThat(Configs.good(file).ipvs().scheduler()).isEqualTo(Scheduler.SOURCE_HASHING);
        assertThat(warnings(file))
                .containsExactly(
                        "config.yaml:4:3: ipvs.strictArp: there is no such field, it is not read; write strictARP",
                        "config.yaml:6:3: ipvs.turbo: there is no such field, it is not read; remove it, or write one"
                                + " of syncPeriod, minSyncPeriod, scheduler, excludeCIDRs, strictARP, tcpTimeout,"
                                + " tcpFinTimeout, udpTimeout",
                        "config.yaml:7:1: clusterCidr: there is no such field, it is not read; write clusterCIDR");
    }

    @Test
    void takesTheLastOfFieldsThatStandTwiceAsKubeProxyDoes() {
        ConfigFile file = Configs.file(Configs.write(
                root, Configs.HEAD + "ipvs:\n  scheduler: sh\n  scheduler: lc\nmode: ipvs\nmode: ipvs\n"));

        assertThat(Configs.good(file).ipvs().scheduler()).isEqualTo(Scheduler.LEAST_CONNECTION);
        assertThat(warnings(file))
                .containsExactly(
                        "config.yaml:7:1: mode: stands here a second time, which counts; remove the first, in line 6",
                        "config.yaml:5:3: ipvs.scheduler: stands here a second time, which counts; remove the first, in"
                                + " line 4");
    }

    @Test
    void readsTheFirstDocumentOnly() {
        ConfigFile file = Configs.file(Configs.write(root, Configs.HEAD + "---\n" + Configs.HEAD + "mode: iptables\n"));

        assertThat(Configs.problems(file)).isEmpty();
        assertThat(warnings(file))
                .containsExactly("config.yaml:4:1: a second document is not read; put all fields into the first one");
    }

    @Test
    void readsJson() {
        ConfigFile file = Configs.file(Configs.write(
                root,
                "{\"apiVersion\": \"kubeproxy.config.k8s.io/v1alpha1\", \"kind\": \"KubeProxyConfiguration\","
                        + " \"ipvs\": {\"scheduler\": \"lc\"}}"));

        assertThat(Configs.good(file).ipvs().scheduler()).isEqualTo(Scheduler.LEAST_CONNECTION);
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        ConfigFile file = Configs.file(Configs.write(root, Configs.HEAD + """
                        mode: ipvs
                        bindAddress: 1.2.3
                        clusterCIDR: 10.244.0.0/16,10.245.0.0/16
                        nodePortAddresses: [primary, 10.0.0.0/8]
                        oomScoreAdj: 2000
                        ipvs:
                          syncPeriod: 10s
                          minSyncPeriod: 20s
                          tcpTimeout: 1000h
                          excludeCIDRs: [10.200.0.0]
                        iptables:
                          masqueradeBit: 32
                        """));

        assertThat(Configs.problems(file).stream().map(this::shortened))
                .containsExactlyInAnyOrder(
                        "config.yaml:4:14: bindAddress: '1.2.3' is not an IP address; write one such as 10.96.0.10 or"
                                + " fd00::10",
                        "config.yaml:5:14: clusterCIDR: '10.244.0.0/16,10.245.0.0/16' is neither a block of addresses"
                                + " nor one of each family; write one such as 10.244.0.0/16 or"
                                + " 10.244.0.0/16,fd00:10:244::/48",
                        "config.yaml:6:20: nodePortAddresses: 'primary' stands beside others; write it alone, or blocks"
                                + " of addresses",
                        "config.yaml:7:14: oomScoreAdj: 2000 is out of range; write a number from -1000 to 1000",
                        "config.yaml:10:18: ipvs.minSyncPeriod: longer than ipvs.syncPeriod; write a shorter span",
                        "config.yaml:11:15: ipvs.tcpTimeout: more than 2147483 seconds; write one such as 120s",
                        "config.yaml:12:18: ipvs.excludeCIDRs[0]: '10.200.0.0' is not a block of addresses; write one"
                                + " such as 10.244.0.0/16 or fd00::/64",
                        "config.yaml:14:18: iptables.masqueradeBit: 32 is out of range; write a number from 0 to 31");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode: iptables|mode: 'iptables' is not what this program does; write ipvs, or run kube-proxy itself",
                "mode: ip-vs|mode: 'ip-vs' is not a mode; write ipvs",
                "ipvs: {syncPeriod: 30}|ipvs.syncPeriod: 30 is not a text; put it in quotes",
                "ipvs: {syncPeriod: soon}|ipvs.syncPeriod: 'soon' is not a span of time; write one such as 30s or"
                        + " 1m30s",
                "ipvs: {syncPeriod: -1s}|ipvs.syncPeriod: less than zero; write a longer span, or 0s",
                "ipvs: {minSyncPeriod: -1s}|ipvs.minSyncPeriod: less than zero; write a longer span, or 0s",
                "ipvs: {strictARP: 'yes'}|ipvs.strictARP: 'yes' is neither true nor false; write true or false, without"
                        + " quotes",
                "ipvs: {scheduler: round robin}|ipvs.scheduler: 'round robin' cannot be a scheduler; write its name,"
                        + " for example rr",
                "ipvs: [a]|ipvs: a list is not a mapping; write its fields as 'name: value'",
                "configSyncPeriod: -1s|configSyncPeriod: less than zero; write a longer span, or 0s",
                "clientConnection: {burst: -1}|clientConnection.burst: -1 is out of range; write a number from 0 to"
                        + " 2147483647",
                "conntrack: {min: -1}|conntrack.min: -1 is out of range; write a number from 0 to 2147483647",
                "conntrack: {udpTimeout: -1s}|conntrack.udpTimeout: less than zero; write a longer span, or 0s",
                "detectLocalMode: Magic|detectLocalMode: 'Magic' is not known here; write ClusterCIDR, NodeCIDR,"
                        + " BridgeInterface, InterfaceNamePrefix",
                "detectLocalMode: BridgeInterface|detectLocal.bridgeInterface: missing; the mode BridgeInterface needs"
                        + " the name of the pods' bridge",
                "detectLocalMode: InterfaceNamePrefix|detectLocal.interfaceNamePrefix: missing; the mode"
                        + " InterfaceNamePrefix needs what the names of the pods' devices begin with",
                "healthzBindAddress: somewhere|healthzBindAddress: 'somewhere' is not an address and a port; write one"
                        + " such as 127.0.0.1:10249 or [::]:10256",
                "metricsBindAddress: 127.0.0.1:0|metricsBindAddress: '127.0.0.1:0' is not an address and a port; write"
                        + " one such as 127.0.0.1:10249 or [::]:10256",
                "logging: {format: xml}|logging.format: 'xml' is not a format; write text or json",
                "nodePortAddresses: ['']|nodePortAddresses[0]: missing; write a block of addresses, or remove the entry"
            })
    void saysWhichFieldIsWrongAndWhatToDo(String example) {
        String text = example.substring(0, example.indexOf('|'));
        ConfigFile file = Configs.file(Configs.write(root, Configs.HEAD + text + "\n"));

        assertThat(Configs.problems(file))
                .singleElement()
                .asString()
                .endsWith(": " + example.substring(example.indexOf('|') + 1))
                .startsWith(root.resolve("config.yaml") + ":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "0.0.0.0:10256", "[::]:10256", "::", "[::1]:1", "127.0.0.1:65535"})
    void takesAddressesWithAndWithoutPort(String address) {
        assertThat(Configs.problems(
                        Configs.file(Configs.write(root, Configs.HEAD + "metricsBindAddress: '" + address + "'\n"))))
                .isEmpty();
    }

    @Test
    void refusesWhatIsNoConfiguration() {
        assertThat(Configs.problems(Configs.file(Configs.write(root, "mode: ipvs\n"))).stream()
                        .map(this::shortened))
                .containsExactly(
                        "config.yaml:1:1: kind: missing; write kind: KubeProxyConfiguration",
                        "config.yaml:1:1: apiVersion: missing; write apiVersion: kubeproxy.config.k8s.io/v1alpha1");
        assertThat(Configs.problems(Configs.file(Configs.write(root, "apiVersion: v1\nkind: Service\n"))).stream()
                        .map(this::shortened))
                .containsExactly("config.yaml:2:7: kind: 'Service' is not a configuration of kube-proxy; write"
                        + " KubeProxyConfiguration");
        assertThat(
                        Configs.problems(
                                        Configs.file(Configs.write(root, Configs.HEAD.replace("v1alpha1", "v1alpha2"))))
                                .stream()
                                .map(this::shortened))
                .containsExactly("config.yaml:1:13: apiVersion: 'kubeproxy.config.k8s.io/v1alpha2' is not known here;"
                        + " write the file in kubeproxy.config.k8s.io/v1alpha1");
    }

    @Test
    void saysWhyAFileCannotBeRead() throws IOException {
        assertUnreadable(root.resolve("missing.yaml"), "missing.yaml: there is no such file; correct --config");
        assertUnreadable(Configs.write(root, ""), "config.yaml: no configuration; write a mapping");
        assertUnreadable(Configs.write(root, "- a\n"), "config.yaml: no configuration; write a mapping");
        assertUnreadable(Configs.write(root, "a: [\n"), "config.yaml:2:1: not YAML");
        assertUnreadable(
                Files.write(root.resolve("latin1.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9}),
                "latin1.yaml:1:4: not UTF-8: the byte 0xe9");
        assertUnreadable(root, "cannot be read");
    }

    private static void assertUnreadable(Path path, String message) {
        assertThatThrownBy(() -> ConfigFile.read(path))
                .isInstanceOf(UnreadableManifest.class)
                .hasMessageContaining(message);
    }

    private List<String> warnings(ConfigFile file) {
        return file.warnings().stream().map(this::shortened).toList();
    }

    private String shortened(Object message) {
        return message.toString().replace(root + "/", "");
    }

    private static KubeProxyConfiguration golden(String scenario) {
        return Configs.good(Configs.file(Configs.golden(scenario)));
    }

    private static LocalDetection cluster(String... blocks) {
        return new LocalDetection.ClusterCidrs(
                Stream.of(blocks).map(IpPrefix::of).toList());
    }

    private static NodePortAddresses within(String... blocks) {
        return new NodePortAddresses.Within(Stream.of(blocks).map(IpPrefix::of).toList());
    }
}
