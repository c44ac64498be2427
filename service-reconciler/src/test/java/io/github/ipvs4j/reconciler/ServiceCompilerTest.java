// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.nodePort;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The scenarios of kube-proxy's own tests that concern cluster addresses and node ports. */
class ServiceCompilerTest {
    private static final NodeFacts NODE = Samples.node("100.101.102.103", "2001:db8::1:1");

    @Test
    void reachesANodePortServiceOnItsClusterAddressAndEachNodeAddressOfItsFamily() {
        Fragment wanted = compile(
                nodePort("web", TransportProtocol.TCP, 3001, "10.20.30.41").build(),
                NODE,
                slice("web", remote("10.180.0.1")),
                slice("web", remote("1002:ab8::2:10")));

        assertThat(servers(wanted))
                .containsExactlyInAnyOrder(
                        "-A -t 10.20.30.41:80 -s rr",
                        "-a -t 10.20.30.41:80 -r 10.180.0.1:8080 -m -w 1",
                        "-A -t 100.101.102.103:3001 -s rr",
                        "-a -t 100.101.102.103:3001 -r 10.180.0.1:8080 -m -w 1");
        assertThat(wanted.addresses()).extracting(Object::toString).containsExactly("10.20.30.41");
        assertThat(members(wanted))
                .containsExactlyInAnyOrder(
                        "KUBE-CLUSTER-IP 10.20.30.41,tcp:80", "KUBE-IPVS-IPS 10.20.30.41", "KUBE-NODE-PORT-TCP 3001");
    }

    @Test
    void keepsVirtualServersOfAServiceWithoutEndpoints() {
        Fragment wanted = compile(
                nodePort("web", TransportProtocol.UDP, 3001, "10.20.30.41").build(), NODE);

        assertThat(servers(wanted))
                .containsExactlyInAnyOrder("-A -u 10.20.30.41:80 -s rr", "-A -u 100.101.102.103:3001 -s rr");
        assertThat(members(wanted)).contains("KUBE-NODE-PORT-UDP 3001");
    }

    @Test
    void keepsSctpNodePortsByAddress() {
        NodeFacts node = Samples.node("100.101.102.103", "100.101.102.104", "100.101.102.105");
        Service web =
                nodePort("web", TransportProtocol.SCTP, 3001, "10.20.30.41").build();

        Fragment wanted = compile(web, node, slice("web", TransportProtocol.SCTP, remote("10.180.0.1")));

        assertThat(wanted.servers()).hasSize(4);
        assertThat(members(wanted))
                .contains(
                        "KUBE-NODE-PORT-SCTP-HASH 100.101.102.103,sctp:3001",
                        "KUBE-NODE-PORT-SCTP-HASH 100.101.102.104,sctp:3001",
                        "KUBE-NODE-PORT-SCTP-HASH 100.101.102.105,sctp:3001");
    }

    @Test
    void putsLocalNodePortsInBothSetsAndUsesLocalEndpointsOnly() {
        Service web = nodePort("web", TransportProtocol.SCTP, 3001, "10.20.30.41")
                .externalPolicy(TrafficPolicy.LOCAL)
                .build();

        Fragment wanted =
                compile(web, NODE, slice("web", TransportProtocol.SCTP, local("10.180.0.1"), remote("10.180.1.1")));

        assertThat(servers(wanted))
                .containsExactlyInAnyOrder(
                        "-A --sctp-service 10.20.30.41:80 -s rr",
                        "-a --sctp-service 10.20.30.41:80 -r 10.180.0.1:8080 -m -w 1",
                        "-a --sctp-service 10.20.30.41:80 -r 10.180.1.1:8080 -m -w 1",
                        "-A --sctp-service 100.101.102.103:3001 -s rr",
                        "-a --sctp-service 100.101.102.103:3001 -r 10.180.0.1:8080 -m -w 1");
        assertThat(members(wanted))
                .contains(
                        "KUBE-NODE-PORT-SCTP-HASH 100.101.102.103,sctp:3001",
                        "KUBE-NODE-PORT-LOCAL-SCTP-HASH 100.101.102.103,sctp:3001",
                        "KUBE-LOOP-BACK 10.180.0.1,sctp:8080,10.180.0.1");
    }

    @Test
    void compilesEachFamilyWithItsOwnEndpointsAndNodeAddresses() {
        Service web = nodePort("web", TransportProtocol.TCP, 3001, "2020::1").build();

        Fragment wanted = compile(web, NODE, slice("web", local("10.180.0.1")), slice("web", local("1002:ab8::2:10")));

        assertThat(servers(wanted))
                .containsExactlyInAnyOrder(
                        "-A -t [2020::1]:80 -s rr",
                        "-a -t [2020::1]:80 -r [1002:ab8::2:10]:8080 -m -w 1",
                        "-A -t [2001:db8::1:1]:3001 -s rr",
                        "-a -t [2001:db8::1:1]:3001 -r [1002:ab8::2:10]:8080 -m -w 1");
        assertThat(members(wanted))
                .containsExactlyInAnyOrder(
                        "KUBE-6-CLUSTER-IP 2020::1,tcp:80",
                        "KUBE-6-IPVS-IPS 2020::1",
                        "KUBE-6-NODE-PORT-TCP 3001",
                        "KUBE-6-LOOP-BACK 1002:ab8::2:10,tcp:8080,1002:ab8::2:10");
    }

    @Test
    void leavesOutAFamilyThatTheNodeDoesNotRun() {
        NodeFacts v4 = NodeFacts.of(Samples.SETTINGS, Optional.empty(), Set.of(IpFamily.IPV4), Set.of());

        Fragment wanted = compile(service("web", "10.20.30.41", "2020::1").build(), v4);

        assertThat(wanted.addresses()).extracting(Object::toString).containsExactly("10.20.30.41");
    }

    @Test
    void makesNothingOfANodePortWithoutANodeAddress() {
        Fragment wanted = compile(
                nodePort("web", TransportProtocol.TCP, 3001, "10.20.30.41").build(), Samples.node());

        assertThat(servers(wanted)).containsExactly("-A -t 10.20.30.41:80 -s rr");
        assertThat(members(wanted)).doesNotContain("KUBE-NODE-PORT-TCP 3001");
    }

    @Test
    void wantsNothingForAHeadlessService() {
        assertThat(compile(service("web").build(), NODE, slice("web", local("10.180.0.1"))))
                .isEqualTo(Fragment.EMPTY);
    }

    @Test
    void wantsNothingForAnExternalName() {
        Service web =
                service("web", "10.20.30.41").type(ServiceType.EXTERNAL_NAME).build();

        assertThat(compile(web, NODE)).isEqualTo(Fragment.EMPTY);
    }

    @Test
    void makesEveryVirtualServerOfAServiceWithAffinityPersistent() {
        Service web = nodePort("web", TransportProtocol.TCP, 3001, "10.20.30.41")
                .affinity(SessionAffinity.clientIp(Duration.ofHours(3)))
                .build();

        assertThat(servers(compile(web, NODE)))
                .containsExactlyInAnyOrder(
                        "-A -t 10.20.30.41:80 -s rr -p 10800", "-A -t 100.101.102.103:3001 -s rr -p 10800");
    }

    @Test
    void hashesTheSourcePortWithMaglevOnly() {
        Settings maglev = Samples.settings().scheduler(Scheduler.MAGLEV_HASHING).settings();
        Settings source = Samples.settings().scheduler(Scheduler.SOURCE_HASHING).settings();
        Service web = service("web", "10.20.30.41").build();

        assertThat(servers(compile(web, Samples.node(maglev))))
                .containsExactly("-A -t 10.20.30.41:80 -s mh -b mh-port");
        assertThat(servers(compile(web, Samples.node(source)))).containsExactly("-A -t 10.20.30.41:80 -s sh");
    }

    @Test
    void keepsPortsOfDifferentNameOrProtocolApart() {
        Service dns = service("dns", "10.20.30.41")
                .ports(List.of(
                        ServicePort.of("dns", TransportProtocol.UDP, 53),
                        ServicePort.of("dns-tcp", TransportProtocol.TCP, 53),
                        ServicePort.of("", TransportProtocol.TCP, 9153)))
                .build();
        EndpointSlice slice = new EndpointSlice(
                Samples.name("dns-1"),
                "dns",
                IpFamily.IPV4,
                List.of(
                        new EndpointPort("dns", TransportProtocol.UDP, 5353),
                        new EndpointPort("dns-tcp", TransportProtocol.TCP, 5354),
                        new EndpointPort("", TransportProtocol.TCP, 5355),
                        new EndpointPort("dns-tcp", TransportProtocol.UDP, 5356),
                        new EndpointPort("other", TransportProtocol.TCP, 5357)),
                List.of(remote("10.180.0.1")),
                Map.of());

        assertThat(servers(compile(dns, NODE, slice)))
                .contains(
                        "-a -u 10.20.30.41:53 -r 10.180.0.1:5353 -m -w 1",
                        "-a -t 10.20.30.41:53 -r 10.180.0.1:5354 -m -w 1",
                        "-a -t 10.20.30.41:9153 -r 10.180.0.1:5355 -m -w 1")
                .hasSize(6);
    }

    @Test
    void takesTheLaterOfTwoSlicesThatNameTheSameEndpoint() {
        Endpoint unready = unready("10.180.0.1");

        assertThat(destinations(sliceNamed("web-1", local("10.180.0.1")), sliceNamed("web-2", unready)))
                .isEmpty();
        assertThat(destinations(sliceNamed("web-1", unready), sliceNamed("web-2", local("10.180.0.1"))))
                .hasSize(1);
    }

    @Test
    void prefersTheSliceInWhichAnEndpointIsNotTerminating() {
        Endpoint ending = new Endpoint(local("10.180.0.1").address(), false, true, true, "node-a", Set.of(), Set.of());

        assertThat(destinations(
                        sliceNamed("web-1", local("10.180.0.1")),
                        sliceNamed("web-2", ending),
                        sliceNamed("web-3", remote("10.180.0.9"))))
                .hasSize(2);
    }

    @Test
    void keepsTheFirstWordOnAnEndpointThatIsTerminatingWhereverItIsNamed() {
        Endpoint gone = new Endpoint(local("10.180.0.1").address(), false, false, true, "node-a", Set.of(), Set.of());
        Endpoint serving = new Endpoint(gone.address(), false, true, true, "node-a", Set.of(), Set.of());

        assertThat(destinations(slice("web", gone, serving))).isEmpty();
        assertThat(destinations(slice("web", serving, gone))).hasSize(1);
    }

    @Test
    void reachesAnExternalAddressByTheExternalPolicyEvenIfItIsTheClusterAddress() {
        Service.Builder web = service("web", "10.20.30.41")
                .externalIps(List.of(IpAddress.of("10.20.30.41")))
                .internalPolicy(TrafficPolicy.LOCAL);

        assertThat(servers(compile(web.build(), NODE, slice("web", local("10.180.0.1"), remote("10.180.0.2")))))
                .containsExactly(
                        "-A -t 10.20.30.41:80 -s rr",
                        "-a -t 10.20.30.41:80 -r 10.180.0.1:8080 -m -w 1",
                        "-a -t 10.20.30.41:80 -r 10.180.0.2:8080 -m -w 1");
    }

    @Test
    void loopsBackToEveryLocalEndpointEvenIfItIsNotReady() {
        Fragment wanted = compile(
                service("web", "10.20.30.41").build(),
                NODE,
                slice("web", unready("10.180.0.1"), local("10.180.0.2"), remote("10.180.0.3")));

        assertThat(members(wanted))
                .contains(
                        "KUBE-LOOP-BACK 10.180.0.1,tcp:8080,10.180.0.1",
                        "KUBE-LOOP-BACK 10.180.0.2,tcp:8080,10.180.0.2")
                .doesNotContain("KUBE-LOOP-BACK 10.180.0.3,tcp:8080,10.180.0.3");
    }

    @Test
    void leaksInternalLocalTrafficOfANodePortServiceToTheClusterAsKubeProxyDoes() {
        Service.Builder web =
                nodePort("web", TransportProtocol.TCP, 3001, "10.20.30.41").internalPolicy(TrafficPolicy.LOCAL);

        assertThat(servers(compile(web.build(), Samples.node(), slice("web", remote("10.180.0.1")))))
                .contains("-a -t 10.20.30.41:80 -r 10.180.0.1:8080 -m -w 1");
    }

    private static List<String> destinations(EndpointSlice... slices) {
        Fragment wanted = compile(service("web", "10.20.30.41").build(), NODE, slices);
        return servers(wanted).stream().filter(line -> line.startsWith("-a")).toList();
    }

    private static EndpointSlice sliceNamed(String name, Endpoint endpoint) {
        return slice("web", name, IpFamily.IPV4, TransportProtocol.TCP, endpoint);
    }

    private static Endpoint unready(String address) {
        return new Endpoint(local(address).address(), false, false, false, "node-a", Set.of(), Set.of());
    }

    private static Fragment compile(Service service, NodeFacts node, EndpointSlice... slices) {
        return ServiceCompiler.compile(service, Arrays.asList(slices), node);
    }

    private static List<String> servers(Fragment fragment) {
        return IpvsState.of(fragment.servers()).toString().lines().toList();
    }

    private static List<String> members(Fragment fragment) {
        return fragment.members().stream()
                .map(member -> member.set().nameIn(member.family()) + " " + member.entry())
                .toList();
    }
}
