// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.nodePort;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanupTest {
    private static final String WEB = "10.96.0.1";

    @TempDir
    private Path proc;

    private SimulatedNode node;

    @BeforeEach
    void prepare() throws IOException {
        node = new SimulatedNode(proc);
    }

    @Test
    void leavesOfTheKernelWhatItWasBefore() {
        String servers = node.kernel.ipvs().save();
        String sets = node.kernel.ipsets().save();
        String links = node.kernel.links().save();
        String rules = node.iptables.save("iptables") + node.iptables.save("ip6tables");
        run();
        assertThat(node.servers()).isNotEmpty();

        SyncReport report = cleanup(node.settings());

        assertThat(report.failures()).isEmpty();
        assertThat(node.kernel.ipvs().save()).isEqualTo(servers);
        assertThat(node.kernel.ipsets().save()).isEqualTo(sets);
        assertThat(node.kernel.links().save()).isEqualTo(links);
        assertThat(node.iptables.save("iptables") + node.iptables.save("ip6tables"))
                .isEqualTo(rules);
    }

    @Test
    void doesNothingWhereNothingIs() {
        assertThat(cleanup(node.settings()).changed()).isZero();
        assertThat(node.iptables.runs).noneMatch(run -> run.contains("restore"));
        assertThat(proc.resolve("sys/net/ipv4/ip_forward")).hasContent("0");
    }

    @Test
    void leavesAloneWhatOthersMade() {
        run();
        try (IpvsClient ipvs = IpvsClient.open(client(NetlinkProtocol.GENERIC));
                IpsetClient ipset = IpsetClient.open(client(NetlinkProtocol.NETFILTER))) {
            ipvs.addService(VirtualService.of(ServiceKey.tcp(IpAddress.of("172.31.0.1"), 80), Scheduler.ROUND_ROBIN));
            ipvs.addService(VirtualService.of(ServiceKey.firewallMark(IpFamily.IPV4, 7), Scheduler.ROUND_ROBIN));
            ipset.create(SetDefinition.hashIp("KUBE-OLD", IpFamily.IPV4));
        }
        node.iptables.chain("iptables", "nat", "KUBE-SVC-OLD").add("-j KUBE-MARK-MASQ");
        node.iptables.chain("iptables", "filter", "INPUT").add("-p tcp -m tcp --dport 22 -j ACCEPT");

        SyncReport report = cleanup(node.settings());

        assertThat(node.servers()).containsExactly("-A -f 7 -s rr", "-A -t 172.31.0.1:80 -s rr");
        assertThat(node.kernel.ipsets().save()).startsWith("create KUBE-OLD hash:ip");
        assertThat(node.iptables.chain("iptables", "filter", "INPUT"))
                .containsExactly("-p tcp -m tcp --dport 22 -j ACCEPT");
        assertThat(node.iptables.chain("iptables", "nat", "KUBE-MARK-MASQ"))
                .containsExactly("-j MARK --set-xmark 0x4000/0x4000");
        assertThat(report.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason())
                        .isEqualTo("chain nat KUBE-MARK-MASQ of IPV4 stays, because rules of others lead to it"));
    }

    @Test
    void saysThatWhatIsOfIpv6StaysWhereIp6tablesDoesNotWork() {
        run();
        node.iptables.uninstall("ip6tables");

        SyncReport report = cleanup(node.settings());

        assertThat(report.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason())
                        .isEqualTo("sets, rules and virtual servers of IPv6 stay, because ip6tables does not work:"
                                + " Cannot run program \"ip6tables-save\""));
        assertThat(node.kernel.ipsets().save().lines()).allMatch(line -> line.contains(" KUBE-6-"));
    }

    @Test
    void missesNoIp6tablesWhereNothingIsOfIpv6() {
        node.iptables.uninstall("ip6tables");
        run();

        assertThat(cleanup(node.settings()).failures()).isEmpty();
        assertThat(node.kernel.ipsets().save()).isEmpty();
    }

    @Test
    void leavesVirtualServersInExcludedBlocks() {
        run();

        cleanup(node.settings().excludeCidrs(List.of(IpPrefix.of("10.96.0.0/24"))));

        assertThat(node.servers()).allMatch(line -> line.contains(WEB)).isNotEmpty();
        assertThat(node.entries()).isEmpty();
    }

    @Test
    void startsAnewWithWhatIsPutLater() {
        try (Reconciler reconciler = node.start()) {
            put(reconciler);
            reconciler.sync();
            List<String> servers = node.servers();
            reconciler.cleanup();
            assertThat(node.servers()).isEmpty();

            put(reconciler);
            assertThat(reconciler.sync().failures()).isEmpty();

            assertThat(node.servers()).isEqualTo(servers);
            assertThat(node.addresses()).isNotEmpty();
            assertThat(node.iptables.chain("iptables", "nat", "PREROUTING")).hasSize(1);
        }
    }

    private void run() {
        try (Reconciler reconciler = node.start()) {
            put(reconciler);
            assertThat(reconciler.sync().failures()).isEmpty();
        }
    }

    private static void put(Reconciler reconciler) {
        reconciler.put(nodePort("web", TransportProtocol.TCP, 30_080, WEB, "fd00:96::1")
                .externalIps(List.of(IpAddress.of("203.0.113.1")))
                .build());
        reconciler.put(slice("web", local("10.244.0.1")));
        reconciler.put(Samples.service("other", "10.96.1.9").build());
    }

    private static SyncReport cleanup(ReconcilerBuilder settings) {
        try (Reconciler reconciler = settings.open()) {
            return reconciler.cleanup();
        }
    }

    private NetlinkClient.Builder client(NetlinkProtocol protocol) {
        return NetlinkClient.builder(protocol).transport(node.kernel.transports());
    }
}
