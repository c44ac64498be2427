// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.reconciler.LocalDetection;
import io.github.ipvs4j.reconciler.NodePortAddresses;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ConfigFlagsTest {
    @Test
    void meansTheSameAsAnEmptyFileWhereNoFlagIsGiven() {
        ConfigFlags flags = flags();

        assertThat(Configs.good(flags).ipvs().scheduler()).isEqualTo(Scheduler.ROUND_ROBIN);
        assertThat(Configs.good(flags).masquerade().bit()).isEqualTo(14);
        assertThat(flags.warnings()).isEmpty();
        assertThat(flags.given()).isEmpty();
    }

    @Test
    void readsEachFlag() {
        KubeProxyConfiguration configuration = Configs.good(flags(
                "--proxy-mode=ipvs",
                "--cluster-cidr=10.244.0.0/16,fd00:10:244::/48",
                "--bind-address=::",
                "--ipvs-scheduler",
                "lc",
                "--ipvs-strict-arp",
                "--ipvs-exclude-cidrs=10.0.0.0/8,172.16.0.0/12",
                "--ipvs-exclude-cidrs=fd00::/64",
                "--ipvs-sync-period=1m",
                "--ipvs-min-sync-period=5s",
                "--ipvs-tcp-timeout=10m",
                "--masquerade-all=true",
                "--iptables-masquerade-bit=7",
                "--nodeport-addresses=192.168.0.0/16",
                "--oom-score-adj=-500",
                "--conntrack-min=1",
                "--conntrack-tcp-be-liberal=0"));

        assertThat(configuration.localDetection())
                .isEqualTo(new LocalDetection.ClusterCidrs(
                        List.of(IpPrefix.of("10.244.0.0/16"), IpPrefix.of("fd00:10:244::/48"))));
        assertThat(configuration.bindAddress()).isEqualTo(IpAddress.of("::"));
        assertThat(configuration.ipvs().scheduler()).isEqualTo(Scheduler.LEAST_CONNECTION);
        assertThat(configuration.ipvs().strictArp()).isTrue();
        assertThat(configuration.ipvs().excludeCidrs())
                .containsExactly(IpPrefix.of("10.0.0.0/8"), IpPrefix.of("172.16.0.0/12"), IpPrefix.of("fd00::/64"));
        assertThat(configuration.ipvs().syncPeriod()).isEqualTo(Duration.ofMinutes(1));
        assertThat(configuration.ipvs().minSyncPeriod()).isEqualTo(Duration.ofSeconds(5));
        assertThat(configuration.ipvs().timeouts().tcp()).isEqualTo(Duration.ofMinutes(10));
        assertThat(configuration.masquerade()).isEqualTo(new KubeProxyConfiguration.Masquerade(true, 7));
        assertThat(configuration.nodePortAddresses())
                .isEqualTo(new NodePortAddresses.Within(List.of(IpPrefix.of("192.168.0.0/16"))));
        assertThat(configuration.oomScoreAdj()).isEqualTo(-500);
        assertThat(configuration.conntrack().min()).isEqualTo(1);
        assertThat(configuration.conntrack().beLiberal()).isFalse();
    }

    @Test
    void takesTheLastOfAFlagThatIsGivenTwice() {
        assertThat(Configs.good(flags("--ipvs-scheduler=lc", "--ipvs-scheduler=sh"))
                        .ipvs()
                        .scheduler())
                .isEqualTo(Scheduler.SOURCE_HASHING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--ipvs-sync-period=30|--ipvs-sync-period: '30' is not a span of time; write one such as 30s or 1m30s",
                "--iptables-masquerade-bit=x|--iptables-masquerade-bit: 'x' is not a number; write a number from 0 to"
                        + " 31",
                "--iptables-masquerade-bit=40|--iptables-masquerade-bit: 40 is out of range; write a number from 0 to"
                        + " 31",
                "--masquerade-all=maybe|--masquerade-all: 'maybe' is neither true nor false; write true or false,"
                        + " without quotes",
                "--proxy-mode=nftables|--proxy-mode: 'nftables' is not what this program does; write ipvs, or run"
                        + " kube-proxy itself",
                "--cluster-cidr=all|--cluster-cidr: 'all' is neither a block of addresses nor one of each family; write"
                        + " one such as 10.244.0.0/16 or 10.244.0.0/16,fd00:10:244::/48"
            })
    void namesTheFlagThatIsWrong(String flag, String problem) {
        assertThat(Configs.problems(flags(flag))).containsExactly(problem);
    }

    @Test
    void saysOnceWhichFlagsHaveNoEffect() {
        ConfigFlags flags = flags(
                "--kubeconfig=/etc/kubernetes/kube-proxy.kubeconfig",
                "--cleanup-ipvs",
                "--ipvs-scheduler=rr",
                "--feature-gates=SupportIPVSProxyMode=true");

        assertThat(Configs.problems(flags)).isEmpty();
        assertThat(flags.warnings())
                .containsExactly("without effect here: --feature-gates, --kubeconfig, --cleanup-ipvs");
        assertThat(flags.given()).containsExactly("--feature-gates", "--kubeconfig", "--ipvs-scheduler");
    }

    /** The flags of kube-proxy 1.36 but --config and those that choose another action. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--bind-address=0.0.0.0",
                "--bind-address-hard-fail",
                "--boot-id-file=/proc/sys/kernel/random/boot_id",
                "--cluster-cidr=10.244.0.0/16",
                "--config-sync-period=15m0s",
                "--conntrack-max-per-core=32768",
                "--conntrack-min=131072",
                "--conntrack-tcp-be-liberal",
                "--conntrack-tcp-timeout-close-wait=1h0m0s",
                "--conntrack-tcp-timeout-established=24h0m0s",
                "--conntrack-udp-timeout=0s",
                "--conntrack-udp-timeout-stream=0s",
                "--detect-local-mode=NodeCIDR",
                "--feature-gates=A=true,B=false",
                "--healthz-bind-address=0.0.0.0:10256",
                "--iptables-localhost-nodeports",
                "--iptables-masquerade-bit=14",
                "--iptables-min-sync-period=1s",
                "--iptables-sync-period=30s",
                "--ipvs-exclude-cidrs=10.0.0.0/8",
                "--ipvs-min-sync-period=1s",
                "--ipvs-scheduler=rr",
                "--ipvs-strict-arp",
                "--ipvs-sync-period=30s",
                "--ipvs-tcp-timeout=1s",
                "--ipvs-tcpfin-timeout=1s",
                "--ipvs-udp-timeout=1s",
                "--kube-api-burst=10",
                "--kube-api-content-type=application/vnd.kubernetes.protobuf",
                "--kube-api-qps=5",
                "--kubeconfig=x",
                "--log-flush-frequency=5s",
                "--log-json-info-buffer-size=0",
                "--log-json-split-stream",
                "--log-text-info-buffer-size=0",
                "--log-text-split-stream",
                "--logging-format=text",
                "--machine-id-file=/etc/machine-id",
                "--masquerade-all",
                "--master=https://example.org",
                "--metrics-bind-address=127.0.0.1:10249",
                "--nodeport-addresses=primary",
                "--oom-score-adj=-999",
                "--pod-bridge-interface=cni0",
                "--pod-interface-name-prefix=veth",
                "--profiling",
                "--proxy-mode=ipvs",
                "--show-hidden-metrics-for-version=1.35",
                "--vmodule=a=1"
            })
    void takesEveryFlagOfKubeProxy(String flag) {
        assertThat(Configs.problems(flags(flag))).isEmpty();
    }

    private static ConfigFlags flags(String... arguments) {
        CommandLine commandLine = KubeProxy.commandLine(new KubeProxy((name, configuration) -> new RecordingTarget()));
        return ConfigFlags.of(commandLine.parseArgs(arguments));
    }
}
