// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.name;
import static io.github.ipvs4j.reconciler.Samples.nodePort;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.testkit.SimulatedKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of failures: they stay with the Service they hit, are told, and end. */
class FailureTest extends OnSimulatedNode {
    @Test
    void aServiceThatTheKernelRefusesDoesNotStopTheOthers() {
        // The kernel refuses a destination that is no host's address.
        reconciler.put(service("bad", "10.96.0.1").build());
        reconciler.put(slice("bad", remote("255.255.255.255"), remote("10.244.1.1")));
        reconciler.put(service("good", "10.96.0.2").build());
        reconciler.put(slice("good", remote("10.244.1.5")));

        SyncReport report = reconciler.sync();

        assertThat(report.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.service()).contains(name("bad"));
            assertThat(failure.reason()).contains("255.255.255.255:8080", "tcp 10.96.0.1:80", "EINVAL");
        });
        assertThat(node.servers())
                .contains(
                        "-a -t 10.96.0.1:80 -r 10.244.1.1:8080 -m -w 1",
                        "-a -t 10.96.0.2:80 -r 10.244.1.5:8080 -m -w 1");
        node.iptables.runs.clear();
        assertThat(reconciler.sync().failures()).hasSize(1);
        assertThat(node.iptables.runs).isEmpty();

        reconciler.put(slice("bad", remote("10.244.1.1")));
        assertThat(reconciler.sync().succeeded()).isTrue();
    }

    @Test
    void whatTheNodeCannotDoWithoutIsTriedAndReportedOnceASyncAsAllElseIs() {
        reconciler.sync();

        assertThat(datagramsOfAFailure("kubernetes")).isEqualTo(datagramsOfAFailure("some"));
    }

    /** Lets the endpoint of a Service be refused, once. */
    private long datagramsOfAFailure(String service) {
        reconciler.put(service(service, "10.96.0.1").build());
        reconciler.put(slice(service, remote("255.255.255.255")));
        node.steps.clear();
        assertThat(reconciler.sync().failures()).hasSize(1);
        long datagrams = node.steps.stream().filter("GENERIC"::equals).count();
        reconciler.removeService(name(service));
        assertThat(reconciler.sync().failures()).isEmpty();
        return datagrams;
    }

    @ParameterizedTest
    @CsvSource({"GENERIC, 1", "GENERIC, 2", "NETFILTER, 1", "ROUTE, 1"})
    void whatWasRefusedOnceIsDoneByTheNextSync(NetlinkProtocol protocol, int number) {
        reconciler.sync();
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", local("10.244.1.5")));
        node.kernel.faults(protocol).failRequest(number, Errno.EBUSY);

        SyncReport failed = reconciler.sync();

        assertThat(failed.failures())
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure.service()).contains(name("web")));
        assertThat(reconciler.sync().succeeded()).isTrue();
        assertComplete();
    }

    @Test
    void aRequestWithManyEntriesThatIsRefusedAsAWholeIsTriedEntryByEntry() {
        reconciler.sync();
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", local("10.244.1.5")));
        node.kernel.faults(NetlinkProtocol.NETFILTER).failRequest(2, Errno.EBUSY);

        assertThat(reconciler.sync().failures()).isEmpty();
        assertComplete();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GENERIC", "NETFILTER", "ROUTE"})
    void whatAnAnswerWasLostOfIsFoundOut(NetlinkProtocol protocol) {
        reconciler.sync();
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", local("10.244.1.5")));
        node.kernel.faults(protocol).overrunAtReply(1);

        reconciler.sync();

        assertThat(reconciler.sync().succeeded()).isTrue();
        assertComplete();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GENERIC", "NETFILTER", "ROUTE"})
    void changesNothingWhileTheKernelCannotBeRead(NetlinkProtocol protocol) throws IOException {
        reconciler.put(service("web", "10.96.0.1").build());
        String before = node.everything();
        node.kernel.faults(protocol).failRequest(1, Errno.EBUSY);

        SyncReport report = reconciler.sync();

        assertThat(report.changed()).isZero();
        assertThat(report.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.service()).isEmpty());
        assertThat(node.everything()).isEqualTo(before);
        assertThat(reconciler.sync().succeeded()).isTrue();
        assertThat(node.servers()).hasSize(1);
    }

    @Test
    void noticesThatSomebodyDeletedItsVirtualServerAndMakesItAgainAtOnce() {
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.sync();
        try (IpvsClient ipvs =
                IpvsClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(node.kernel.transports()))) {
            ipvs.deleteService(ServiceKey.tcp(IpAddress.of("10.96.0.1"), 80));
        }

        reconciler.put(slice("web", local("10.244.1.5")));

        assertThat(reconciler.sync().succeeded()).isTrue();

        assertComplete();
    }

    @Test
    void programsThatFailDoNotStopVirtualServersAndAreTriedAgain() {
        node.iptables.breakRestore(true);
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", local("10.244.1.5")));

        SyncReport failed = reconciler.sync();

        assertThat(failed.failures())
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure.reason())
                        .startsWith("iptables rules of IPV")
                        .endsWith("tables-restore: Resource temporarily unavailable."));
        assertComplete();
        node.iptables.breakRestore(false);
        assertThat(reconciler.sync().succeeded()).isTrue();
        assertThat(node.iptables.chain("iptables", "nat", "KUBE-SERVICES")).hasSize(4);
        assertThat(node.iptables.chain("iptables", "filter", "INPUT")).hasSize(3);
    }

    @Test
    void aRetryAfterAFailureInTheSecondTableInsertsNoJumpTwice() {
        node.iptables.breakRestoreAfter(1);
        reconciler.put(service("web", "10.96.0.1").build());
        assertThat(reconciler.sync().succeeded()).isFalse();
        node.iptables.breakRestore(false);

        assertThat(reconciler.sync().succeeded()).isTrue();

        assertThat(Rules.JUMPS)
                .allSatisfy(jump -> assertThat(node.iptables.chain("iptables", jump.table(), jump.from()))
                        .containsOnlyOnce(jump.rule()));
    }

    @ParameterizedTest
    @EnumSource
    void aVirtualServerThatCouldNotBeDeletedIsFoundByTheNextRun(TransportProtocol protocol) {
        reconciler.put(nodePort("np", protocol, 30_080, "10.96.0.1").build());
        reconciler.put(slice("np", protocol, local("10.244.1.5")));
        assertThat(reconciler.sync().succeeded()).isTrue();
        List<String> servers = node.servers();
        List<String> addresses = node.addresses();
        reconciler.removeService(name("np"));
        node.kernel.faults(NetlinkProtocol.GENERIC).failRequest(1, Errno.EBUSY).failRequest(2, Errno.EBUSY);
        assertThat(reconciler.sync().failures()).hasSize(2);
        assertThat(node.servers()).isEqualTo(servers);
        assertThat(node.addresses()).isEqualTo(addresses);

        reconciler.close();
        reconciler = node.start();
        assertThat(reconciler.sync().succeeded()).isTrue();

        assertThat(node.servers()).isEmpty();
        assertThat(node.addresses()).isEmpty();
        assertThat(node.entries()).isEmpty();
    }

    @Test
    void keepsWhatTellsAVirtualServerAsItsOwnUntilItIsKnownToBeDeleted() {
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", local("10.244.1.5")));
        reconciler.put(service("other", "10.96.0.2").build());
        reconciler.sync();
        reconciler.removeService(name("web"));
        reconciler.removeService(name("other"));
        // The answers to both deletions are lost, and the look at what became of them fails.
        node.kernel.faults(NetlinkProtocol.GENERIC).overrunAtReply(1).failRequest(3, Errno.EBUSY);
        assertThat(reconciler.sync().succeeded()).isFalse();
        assertThat(node.entries())
                .containsExactly(
                        "KUBE-CLUSTER-IP 10.96.0.1,tcp:80",
                        "KUBE-CLUSTER-IP 10.96.0.2,tcp:80",
                        "KUBE-IPVS-IPS 10.96.0.1",
                        "KUBE-IPVS-IPS 10.96.0.2");
        assertThat(node.addresses()).containsExactly("10.96.0.1/32", "10.96.0.2/32");

        assertThat(reconciler.sync().succeeded()).isTrue();

        assertThat(node.entries()).isEmpty();
        assertThat(node.addresses()).isEmpty();
    }

    @Test
    void keepsNothingForAVirtualServerThatWasDeletedWhileAnotherWasNot() {
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.sync();
        reconciler.put(service("other", "10.96.0.2").build());
        reconciler.sync();
        reconciler.removeService(name("web"));
        reconciler.removeService(name("other"));
        node.kernel.faults(NetlinkProtocol.GENERIC).failRequest(1, Errno.EBUSY);

        assertThat(reconciler.sync().failures()).hasSize(1);

        assertThat(node.servers()).hasSize(1);
        assertThat(node.addresses()).hasSize(1);
        assertThat(node.entries()).hasSize(2);
    }

    @Test
    void saysThatIptablesIsMissing() {
        node.iptables.uninstall("iptables");

        assertThat(reconciler.sync().failures())
                .singleElement()
                .hasToString("iptables rules of IPV4: Cannot run program \"iptables-save\"");
    }

    @Test
    void saysThatASetIsOfAnotherTypeAndFillsTheOthers() {
        try (IpsetClient ipset = IpsetClient.open(
                NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(node.kernel.transports()))) {
            ipset.create(SetDefinition.hashIp("KUBE-LOOP-BACK", IpFamily.IPV4));
        }
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", local("10.244.1.5")));

        SyncReport report = reconciler.sync();

        assertThat(report.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason())
                        .contains("set KUBE-LOOP-BACK is there, but of another type than KUBE-LOOP-BACK hash:ip"));
        assertThat(node.entries()).containsExactly("KUBE-CLUSTER-IP 10.96.0.1,tcp:80", "KUBE-IPVS-IPS 10.96.0.1");
        assertThat(node.servers()).hasSize(2);
    }

    @Test
    void saysThatTheDeviceIsNoDummy() {
        node.kernel.links().addHardware("kube-ipvs0");
        reconciler.put(service("web", "10.96.0.1").build());

        assertThat(reconciler.sync().failures())
                .singleElement()
                .satisfies(
                        failure -> assertThat(failure.reason()).contains("device kube-ipvs0 is there, but of kind ''"));
    }

    @Test
    void saysWhichSettingTheKernelLacksAndTriesAgain() throws IOException {
        Files.delete(node.proc("sys/net/ipv4/vs/conntrack"));

        assertThat(reconciler.sync().failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason()).startsWith("setting net.ipv4.vs.conntrack = 1: "));
        Files.writeString(node.proc("sys/net/ipv4/vs/conntrack"), "0\n");
        assertThat(reconciler.sync().succeeded()).isTrue();
        assertThat(node.proc("sys/net/ipv4/vs/conntrack")).hasContent("1");
    }

    @Test
    void tellsTheServiceThatCannotHaveTheVirtualServerOfAnother() {
        reconciler.put(service("b", "10.96.0.1").build());
        reconciler.put(slice("b", remote("10.244.1.2")));
        assertThat(reconciler.sync().succeeded()).isTrue();
        reconciler.put(service("a", "10.96.0.1").build());
        reconciler.put(slice("a", remote("10.244.1.1")));

        SyncReport report = reconciler.sync();

        assertThat(report.failures())
                .singleElement()
                .hasToString("Service default/b: virtual server tcp 10.96.0.1:80 belongs to Service default/a, too,"
                        + " which has it");
        assertThat(node.servers())
                .containsExactly("-A -t 10.96.0.1:80 -s rr", "-a -t 10.96.0.1:80 -r 10.244.1.1:8080 -m -w 1");
        reconciler.removeService(name("a"));
        assertThat(reconciler.sync().succeeded()).isTrue();
        assertThat(node.servers())
                .containsExactly("-A -t 10.96.0.1:80 -s rr", "-a -t 10.96.0.1:80 -r 10.244.1.2:8080 -m -w 1");
    }

    @Test
    void namesTheModuleOfASchedulerThatIsMissing() throws IOException {
        SimulatedKernel kernel =
                SimulatedKernel.builder().withoutModule("ip_vs_mh").build();
        SimulatedNode bare = new SimulatedNode(proc.resolve("bare"), kernel);
        try (Reconciler other =
                bare.settings().scheduler(Scheduler.MAGLEV_HASHING).open()) {
            other.put(service("web", "10.96.0.1").build());

            assertThat(other.sync().failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.reason()).contains("ip_vs_mh"));
        }
    }

    @ParameterizedTest
    @CsvSource({"ip_vs, modprobe ip_vs", "ip_set, ip_set"})
    void doesNotStartWhereTheKernelLacksAPartAndNamesTheModule(String module, String remedy) throws IOException {
        SimulatedKernel kernel = SimulatedKernel.builder().withoutModule(module).build();
        SimulatedNode bare = new SimulatedNode(proc.resolve("bare"), kernel);

        assertThatThrownBy(bare::start).isInstanceOf(KernelRejected.class).hasMessageContaining(remedy);
        kernel.assertQuiescent();
    }

    @Test
    void doesNotStartWithoutTheCapabilityAndNamesIt() throws IOException {
        SimulatedKernel kernel = SimulatedKernel.builder().withoutCapability().build();
        SimulatedNode bare = new SimulatedNode(proc.resolve("bare"), kernel);

        assertThatThrownBy(bare::start).isInstanceOf(KernelRejected.class).hasMessageContaining("CAP_NET_ADMIN");
        kernel.assertQuiescent();
    }

    @Test
    void doesNotStartWithoutANodeName() {
        assertThatThrownBy(() -> Reconciler.builder().open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("node name '': set the name of the own node");
    }

    @Test
    void doesNotStartWithAMarkThatDoesNotExist() {
        assertThatThrownBy(() -> node.settings().masqueradeBit(32).open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("masquerade bit 32: expected 0 to 31");
    }

    private void assertComplete() {
        assertThat(node.servers())
                .containsExactly("-A -t 10.96.0.1:80 -s rr", "-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 1");
        assertThat(node.addresses()).containsExactly("10.96.0.1/32");
        assertThat(node.entries())
                .isEqualTo(List.of(
                        "KUBE-CLUSTER-IP 10.96.0.1,tcp:80",
                        "KUBE-IPVS-IPS 10.96.0.1",
                        "KUBE-LOOP-BACK 10.244.1.5,tcp:8080,10.244.1.5"));
    }
}
