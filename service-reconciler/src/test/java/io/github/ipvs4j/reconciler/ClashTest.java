// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.name;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A Service needs a virtual server that somebody else has made. */
class ClashTest extends OnSimulatedNode {
    private static final ServiceKey KEY = ServiceKey.tcp(IpAddress.of("10.96.0.1"), 80);
    private static final String[] FOREIGN = {"-A -t 10.96.0.1:80 -s wlc", "-a -t 10.96.0.1:80 -r 10.9.9.9:80 -m -w 3"};

    @Test
    void leavesItAsItIsAndTellsTheService() {
        addForeign();
        put(service("web", "10.96.0.1"), slice("web", remote("10.1.0.1")));
        put(service("other", "10.96.0.2"), slice("other", remote("10.1.0.2")));

        assertClash(reconciler.sync());

        assertThat(node.servers())
                .contains(FOREIGN)
                .contains("-A -t 10.96.0.2:80 -s rr")
                .hasSize(4);
        assertClash(reconciler.sync());
        assertClash(reconciler.resync());
        assertThat(node.servers()).contains(FOREIGN).hasSize(4);
    }

    @Test
    void findsItWhereAServiceComesLater() {
        sync();
        addForeign();
        put(service("web", "10.96.0.1"), slice("web", remote("10.1.0.1")));

        assertClash(reconciler.sync());

        assertThat(node.servers()).containsExactly(FOREIGN);
        assertThat(node.entries()).noneMatch(entry -> entry.contains("10.96.0.1"));
        assertThat(node.addresses()).isEmpty();
    }

    @Test
    void findsItAmongManyServicesThatCome() {
        sync();
        addForeign();
        for (int i = 1; i <= 80; i++) {
            put(service("s" + i, "10.96.0." + i));
        }

        SyncReport report = reconciler.sync();

        assertThat(report.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.service()).contains(name("s1")));
        assertThat(node.servers()).contains(FOREIGN).hasSize(81);
    }

    @Test
    void servesTheOtherPortsOfTheService() {
        addForeign();
        put(service("web", "10.96.0.1")
                .ports(List.of(
                        ServicePort.of("http", TransportProtocol.TCP, 80),
                        ServicePort.of("more", TransportProtocol.TCP, 81))));

        assertClash(reconciler.sync());

        assertThat(node.servers())
                .contains(FOREIGN)
                .contains("-A -t 10.96.0.1:81 -s rr")
                .hasSize(3);
        assertThat(node.entries()).contains("KUBE-CLUSTER-IP 10.96.0.1,tcp:81", "KUBE-IPVS-IPS 10.96.0.1");
        assertThat(node.addresses()).hasSize(1);
        assertClash(reconciler.resync());
        assertThat(node.servers()).contains(FOREIGN);
    }

    @Test
    void doesNotTakeItForItsOwnAfterARestart() {
        addForeign();
        put(service("web", "10.96.0.1"));
        assertClash(reconciler.sync());
        restart();
        put(service("web", "10.96.0.1"));

        assertClash(reconciler.sync());

        assertThat(node.servers()).containsExactly(FOREIGN);
    }

    @Test
    void leavesOneOnANodePortThroughARestartAndACleanUp() {
        Service.Builder web = Samples.nodePort("web", TransportProtocol.TCP, 30080, "10.96.0.1");
        String foreign = "-A -t 192.168.1.10:30080 -s wlc";
        tamper(ipvs -> ipvs.addService(VirtualService.of(
                ServiceKey.tcp(IpAddress.of("192.168.1.10"), 30080), Scheduler.WEIGHTED_LEAST_CONNECTION)));
        put(web, slice("web", remote("10.1.0.1")));

        assertThat(reconciler.sync().failures()).hasSize(1);
        assertThat(node.servers()).contains(foreign, "-A -t 10.96.0.1:80 -s rr");
        assertThat(node.entries()).noneMatch(entry -> entry.contains("NODE-PORT"));
        restart();
        put(web, slice("web", remote("10.1.0.1")));
        assertThat(reconciler.sync().failures()).hasSize(1);
        assertThat(node.servers()).contains(foreign).hasSize(3);
        restart();

        assertThat(reconciler.cleanup().failures()).isEmpty();
        assertThat(node.servers()).containsExactly(foreign);
    }

    @Test
    void leavesItWhileItIsInDoubtWhatTheKernelHas() {
        try (IpsetClient ipset = IpsetClient.open(
                NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(node.kernel.transports()))) {
            ipset.create(SetDefinition.hashIp("KUBE-NODE-PORT-TCP", IpFamily.IPV4));
        }
        reconciler.sync();
        assertThat(reconciler.sync().failures()).isNotEmpty();
        addForeign();
        put(service("web", "10.96.0.1"), slice("web", remote("10.1.0.1")));
        put(service("other", "10.96.0.2"), slice("other", remote("10.1.0.2")));

        assertThat(reconciler.sync().failures())
                .anySatisfy(failure -> assertThat(failure.reason()).contains("was not made by this program"));

        assertThat(node.servers())
                .contains(FOREIGN)
                .contains("-A -t 10.96.0.2:80 -s rr")
                .hasSize(4);
        assertThat(reconciler.resync().failures())
                .anySatisfy(failure -> assertThat(failure.reason()).contains("was not made by this program"));
        assertThat(node.servers()).contains(FOREIGN).hasSize(4);
    }

    @Test
    void servesTheServiceWhenItIsGone() {
        addForeign();
        put(service("web", "10.96.0.1"), slice("web", remote("10.1.0.1")));
        assertClash(reconciler.sync());
        tamper(ipvs -> ipvs.deleteService(KEY));

        assertThat(reconciler.resync().failures()).isEmpty();

        assertThat(node.servers())
                .containsExactly("-A -t 10.96.0.1:80 -s rr", "-a -t 10.96.0.1:80 -r 10.1.0.1:8080 -m -w 1");
        assertThat(node.entries()).contains("KUBE-CLUSTER-IP 10.96.0.1,tcp:80");
    }

    @Test
    void leavesItWhenTheServiceIsGoneAndWhenAllIsRemoved() {
        addForeign();
        put(service("web", "10.96.0.1"));
        put(service("same", "10.96.0.1").ports(List.of(ServicePort.of("more", TransportProtocol.TCP, 81))));
        reconciler.sync();
        reconciler.removeService(name("web"));

        sync();
        assertThat(reconciler.resync().failures()).isEmpty();
        assertThat(node.servers()).contains(FOREIGN).hasSize(3);

        assertThat(reconciler.cleanup().failures()).isEmpty();
        assertThat(node.servers()).containsExactly(FOREIGN);
    }

    @Test
    void takesWhatItMadeItselfForItsOwnThoughItsSetsAreGone() {
        put(service("web", "10.96.0.1"), slice("web", remote("10.1.0.1")));
        sync();
        tamper(ipvs -> ipvs.deleteService(KEY));
        addForeign();

        assertThat(reconciler.resync().failures()).isEmpty();

        assertThat(node.servers())
                .containsExactly("-A -t 10.96.0.1:80 -s rr", "-a -t 10.96.0.1:80 -r 10.1.0.1:8080 -m -w 1");
    }

    private static void assertClash(SyncReport report) {
        assertThat(report.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.service()).contains(name("web"));
            assertThat(failure.reason())
                    .contains("tcp 10.96.0.1:80", "was not made by this program", "stays as it is", "ipvsadm -D");
        });
    }

    private void addForeign() {
        tamper(ipvs -> {
            ipvs.addService(VirtualService.of(KEY, Scheduler.WEIGHTED_LEAST_CONNECTION));
            ipvs.addDestination(
                    KEY, Destination.masquerade(IpAddress.of("10.9.9.9"), 80).withWeight(3));
        });
    }

    private void tamper(Consumer<IpvsClient> what) {
        try (IpvsClient ipvs =
                IpvsClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(node.kernel.transports()))) {
            what.accept(ipvs);
        }
    }
}
