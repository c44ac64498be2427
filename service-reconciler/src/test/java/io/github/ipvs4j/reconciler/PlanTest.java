// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.name;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a sync would do is told without doing it. */
class PlanTest extends OnSimulatedNode {
    @Test
    void tellsAllThatTheFirstSyncWouldDoAndDoesNothing() throws IOException {
        put(service("web", "10.96.0.1"), slice("web", local("10.244.1.5")));
        String before = node.everything();

        SyncPlan plan = reconciler.plan();

        assertThat(node.everything()).isEqualTo(before);
        assertThat(plan.failures()).isEmpty();
        assertThat(plan.text().lines())
                .containsSubsequence(
                        "# settings of the kernel",
                        "sysctl -w net.ipv4.vs.conntrack=1",
                        "sysctl -w net.ipv4.ip_forward=1",
                        "# sets, for ipset restore",
                        "create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536",
                        "create KUBE-6-CLUSTER-IP hash:ip,port family inet6 hashsize 1024 maxelem 65536",
                        "add KUBE-LOOP-BACK 10.244.1.5,tcp:8080,10.244.1.5",
                        "add KUBE-CLUSTER-IP 10.96.0.1,tcp:80",
                        "add KUBE-IPVS-IPS 10.96.0.1",
                        "# rules, for iptables-restore --noflush",
                        "*nat",
                        "COMMIT",
                        "# rules, for ip6tables-restore --noflush",
                        "# addresses",
                        "ip link add kube-ipvs0 type dummy",
                        "ip address add 10.96.0.1/32 dev kube-ipvs0",
                        "# virtual servers, for ipvsadm -R",
                        "-A -t 10.96.0.1:80 -s rr",
                        "-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 1");
    }

    @Test
    void doesNotKeepTheNextSyncFromDoingIt() throws IOException {
        put(service("web", "10.96.0.1"), slice("web", local("10.244.1.5")));
        reconciler.plan();

        assertThat(reconciler.plan().text()).contains("-A -t 10.96.0.1:80");
        sync();

        assertThat(node.servers()).hasSize(2);
        assertThat(reconciler.plan().isEmpty()).isTrue();
        assertThat(reconciler.plan().toString()).isEmpty();
        String before = node.everything();
        reconciler.resync();
        assertThat(node.everything()).isEqualTo(before);
    }

    @Test
    void tellsWhatWouldBeRemovedAndDrained() throws IOException {
        put(service("web", "10.96.0.1"), slice("web", remote("10.244.1.5"), remote("10.244.1.6")));
        put(service("gone", "10.96.0.2"));
        sync();
        node.kernel
                .ipvs()
                .setConnections(
                        ServiceKey.tcp(IpAddress.of("10.96.0.1"), 80),
                        new DestinationKey(IpAddress.of("10.244.1.6"), 8080),
                        1,
                        0);
        reconciler.put(slice("web", remote("10.244.1.5")));
        reconciler.removeService(name("gone"));
        String before = node.everything();

        SyncPlan plan = reconciler.plan();

        assertThat(node.everything()).isEqualTo(before);
        assertThat(plan.text()).isEqualTo("""
                        # virtual servers, for ipvsadm -R
                        -e -t 10.96.0.1:80 -r 10.244.1.6:8080 -m -w 0
                        -D -t 10.96.0.2:80
                        # addresses of no Service
                        ip address del 10.96.0.2/32 dev kube-ipvs0
                        # entries of no Service, for ipset restore
                        del KUBE-CLUSTER-IP 10.96.0.2,tcp:80
                        del KUBE-IPVS-IPS 10.96.0.2
                        """);
        sync();
        assertThat(node.servers())
                .containsExactly(
                        "-A -t 10.96.0.1:80 -s rr",
                        "-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 1",
                        "-a -t 10.96.0.1:80 -r 10.244.1.6:8080 -m -w 0");
    }

    @Test
    void tellsWhatCouldNotBeDone() {
        put(service("a", "10.96.0.1"));
        put(service("b", "10.96.0.1"));
        assertThat(reconciler.plan().failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.service()).contains(name("b")));

        node.kernel.faults(NetlinkProtocol.ROUTE).failRequest(1, Errno.EBUSY);
        SyncPlan unknown = reconciler.plan();
        assertThat(unknown.text()).isEmpty();
        assertThat(unknown.failures()).singleElement().asString().contains("EBUSY");
    }

    @Test
    void tellsThatAnotherDeviceHasTheNameOfOurs() {
        node.kernel.links().addHardware("kube-ipvs0");
        put(service("a", "10.96.0.1"));

        SyncPlan plan = reconciler.plan();

        assertThat(plan.failures()).singleElement().asString().contains("kube-ipvs0 is there, but of kind ''");
        assertThat(plan.text()).contains("-A -t 10.96.0.1:80").doesNotContain("ip address", "ip link");
    }

    @Test
    void makesTheSettingsAndNothingElse() {
        SyncReport report = reconciler.prepare();

        assertThat(report.cause()).isEqualTo(SyncCause.PREPARATION);
        assertThat(report.changes().keySet()).isEqualTo(Set.of(ChangeKind.SETTING));
        assertThat(node.proc("sys/net/ipv4/ip_forward")).hasContent("1");
        assertThat(node.addresses()).isEqualTo(List.of());
        assertThat(node.kernel.ipsets().save()).isEmpty();
        assertThat(reconciler.prepare().changed()).isZero();
    }
}
