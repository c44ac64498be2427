// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static io.github.ipvs4j.kubeproxy.Manifests.json;
import static io.github.ipvs4j.kubeproxy.Manifests.onlyNode;
import static io.github.ipvs4j.kubeproxy.Manifests.onlyService;
import static io.github.ipvs4j.kubeproxy.Manifests.onlySlice;
import static io.github.ipvs4j.kubeproxy.Manifests.problems;
import static io.github.ipvs4j.kubeproxy.Manifests.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.reconciler.Endpoint;
import io.github.ipvs4j.reconciler.EndpointPort;
import io.github.ipvs4j.reconciler.EndpointSlice;
import io.github.ipvs4j.reconciler.Node;
import io.github.ipvs4j.reconciler.ObjectName;
import io.github.ipvs4j.reconciler.Service;
import io.github.ipvs4j.reconciler.ServicePort;
import io.github.ipvs4j.reconciler.ServiceType;
import io.github.ipvs4j.reconciler.SessionAffinity;
import io.github.ipvs4j.reconciler.TrafficPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ManifestReaderTest {
    @Test
    void readsIpv4AddressesInTheFormOfIpv6AsThoseOfIpv4() {
        Service service = Manifests.onlyService(Manifests.yaml(Manifests.service("web", "10.96.0.1") + """
                  externalIPs: ['::ffff:203.0.113.5']
                  loadBalancerSourceRanges: ['::ffff:10.0.0.0/104']
                status: {loadBalancer: {ingress: [{ip: '::ffff:203.0.113.6'}]}}
                """));
        EndpointSlice slice =
                Manifests.onlySlice(Manifests.yaml(Manifests.slice("web-1", "web", "'::ffff:10.244.1.5'")));

        assertThat(service.externalIps()).containsExactly(IpAddress.of("203.0.113.5"));
        assertThat(service.loadBalancerIps()).containsExactly(IpAddress.of("203.0.113.6"));
        assertThat(service.sourceRanges()).containsExactly(IpPrefix.of("10.0.0.0/8"));
        assertThat(slice.endpoints().get(0).address()).isEqualTo(IpAddress.of("10.244.1.5"));
    }

    @Test
    void readsAddressesOfLoopbackWhichTheApiServerTakesForALoadBalancer() {
        Service service = Manifests.onlyService(Manifests.yaml(
                Manifests.service("web", "10.96.0.1") + "status: {loadBalancer: {ingress: [{ip: 127.0.0.5}]}}\n"));

        assertThat(service.loadBalancerIps()).containsExactly(IpAddress.of("127.0.0.5"));
    }

    @Test
    void fillsInWhatTheApiServerWouldFillIn() {
        Service service = onlyService(yaml(Manifests.service("web", "10.96.0.20")));

        assertThat(service)
                .isEqualTo(Service.builder(new ObjectName("default", "web"))
                        .type(ServiceType.CLUSTER_IP)
                        .clusterIps(List.of(IpAddress.of("10.96.0.20")))
                        .ports(List.of(new ServicePort("", TransportProtocol.TCP, 80, 0)))
                        .affinity(SessionAffinity.none())
                        .internalPolicy(TrafficPolicy.CLUSTER)
                        .externalPolicy(TrafficPolicy.CLUSTER)
                        .build());
    }

    @Test
    void readsEveryFieldOfAService() {
        Service service = onlyService(yaml("""
                apiVersion: v1
                kind: Service
                metadata:
                  name: dns
                  namespace: kube-system
                  labels: {k8s-app: dns}
                  annotations: {note: "yes"}
                spec:
                  type: NodePort
                  clusterIP: 10.96.0.10
                  clusterIPs: [10.96.0.10, "fd00:96::a"]
                  ipFamilies: [IPv4, IPv6]
                  ipFamilyPolicy: RequireDualStack
                  selector: {k8s-app: dns}
                  sessionAffinity: ClientIP
                  sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}
                  internalTrafficPolicy: Local
                  externalTrafficPolicy: Local
                  ports:
                    - {name: dns, protocol: UDP, port: 53, targetPort: dns, nodePort: 30053}
                    - {name: dns-tcp, protocol: TCP, port: 53, targetPort: 53, nodePort: 30053}
                    - {name: sctp, protocol: SCTP, port: 54}
                status: {loadBalancer: {}}
                """));

        assertThat(service)
                .isEqualTo(Service.builder(new ObjectName("kube-system", "dns"))
                        .type(ServiceType.NODE_PORT)
                        .clusterIps(List.of(IpAddress.of("10.96.0.10"), IpAddress.of("fd00:96::a")))
                        .ports(List.of(
                                new ServicePort("dns", TransportProtocol.UDP, 53, 30_053),
                                new ServicePort("dns-tcp", TransportProtocol.TCP, 53, 30_053),
                                new ServicePort("sctp", TransportProtocol.SCTP, 54, 0)))
                        .affinity(SessionAffinity.clientIp(Duration.ofMinutes(1)))
                        .internalPolicy(TrafficPolicy.LOCAL)
                        .externalPolicy(TrafficPolicy.LOCAL)
                        .labels(Map.of("k8s-app", "dns"))
                        .annotations(Map.of("note", "yes"))
                        .build());
    }

    @Test
    void remembersClientsThreeHoursIfNotToldOtherwise() {
        String text = Manifests.service("web", "10.96.0.20") + "  sessionAffinity: ClientIP\n";

        assertThat(onlyService(yaml(text)).affinity()).isEqualTo(SessionAffinity.clientIp(Duration.ofHours(3)));
    }

    @Test
    void takesClusterAddressFromEitherField() {
        String text =
                Manifests.service("web", "10.96.0.20").replace("clusterIP: 10.96.0.20", "clusterIPs: [10.96.0.20]");

        assertThat(onlyService(yaml(text)).clusterIps()).containsExactly(IpAddress.of("10.96.0.20"));
    }

    @Test
    void readsServicesWithoutClusterAddress() {
        String headless = Manifests.service("db", "None");
        String external = "apiVersion: v1\nkind: Service\nmetadata: {name: ext}\n"
                + "spec: {type: ExternalName, externalName: example.org}\n";

        assertThat(onlyService(yaml(headless)).clusterIps()).isEmpty();
        assertThat(onlyService(yaml(external)).type()).isEqualTo(ServiceType.EXTERNAL_NAME);
    }

    @Test
    void readsEveryFieldOfAnEndpointSlice() {
        EndpointSlice slice = onlySlice(yaml("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
                addressType: IPv6
                ports: [{name: http, protocol: TCP, port: 8080}, {name: any}, {port: 0}, {name: null, port: 9090}]
                endpoints:
                  - addresses: ["fd00::1", "fd00::2"]
                    conditions: {ready: false, serving: true, terminating: true}
                    nodeName: node-a
                    zone: zone-a
                    hints: {forZones: [{name: zone-a}, {name: zone-b}], forNodes: [{name: node-a}]}
                  - addresses: ["fd00::3"]
                    conditions: {ready: null}
                  - addresses: []
                """));

        assertThat(slice)
                .isEqualTo(new EndpointSlice(
                        new ObjectName("default", "web-1"),
                        "web",
                        IpFamily.IPV6,
                        List.of(
                                new EndpointPort("http", TransportProtocol.TCP, 8080),
                                new EndpointPort("", TransportProtocol.TCP, 9090)),
                        List.of(
                                new Endpoint(
                                        IpAddress.of("fd00::1"),
                                        false,
                                        true,
                                        true,
                                        "node-a",
                                        Set.of("zone-a", "zone-b"),
                                        Set.of("node-a")),
                                Endpoint.ready(IpAddress.of("fd00::3"), "")),
                        Map.of("kubernetes.io/service-name", "web")));
    }

    @Test
    void readsInternalBeforeExternalAddressesOfANode() {
        Node node = onlyNode(yaml("""
                apiVersion: v1
                kind: Node
                metadata: {name: node-a, labels: {topology.kubernetes.io/zone: z}}
                spec: {podCIDR: 10.244.1.0/24, podCIDRs: [10.244.1.0/24, "fd00:10::/64"]}
                status:
                  addresses:
                    - {type: Hostname, address: node-a}
                    - {type: ExternalIP, address: 203.0.113.1}
                    - {type: InternalIP, address: 192.168.100.10}
                """));

        assertThat(node)
                .isEqualTo(new Node(
                        "node-a",
                        List.of(IpAddress.of("192.168.100.10"), IpAddress.of("203.0.113.1")),
                        Map.of("topology.kubernetes.io/zone", "z"),
                        List.of(IpPrefix.of("10.244.1.0/24"), IpPrefix.of("fd00:10::/64"))));
    }

    @Test
    void readsManyDocumentsAndLists() {
        String item = Manifests.service("c", "10.96.0.3")
                .indent(4)
                .strip()
                .replace("apiVersion: v1\n    kind: Service\n", "");
        String text = "# nothing here\n---\n" + Manifests.service("a", "10.96.0.1") + "---\n---\n"
                + "apiVersion: v1\nkind: List\nitems:\n  - "
                + Manifests.service("b", "10.96.0.2").indent(4).strip()
                + "\n---\napiVersion: v1\nkind: ServiceList\nmetadata: {resourceVersion: '7'}\nitems:\n  - "
                + item.strip()
                + "\n---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSliceList\nitems: []\n"
                + "---\napiVersion: v1\nkind: NodeList\nitems:\n";

        FileContent content = yaml(text);

        assertThat(problems(content)).isEmpty();
        assertThat(content.objects().keySet())
                .containsExactly(Manifests.serviceId("a"), Manifests.serviceId("b"), Manifests.serviceId("c"));
    }

    @Test
    void readsJsonWithTabsEscapesAndSeveralValues() {
        String one =
                "{\n\t\"apiVersion\":\"v1\",\"kind\"\n:\n\"Service\",\n\t\"metadata\":{\"name\":\"\\u0061\\u002d1\","
                        + "\"annotations\":{\"" + "k".repeat(2000) + "\":\"\\\"\\/\\n\\ud83d\\ude00\"}},"
                        + "\"spec\":{\"clusterIP\":\"10.96.0.1\",\"ports\":[{\"port\":80}]}}";

        FileContent content = json(one + " " + one.replace("\\u002d1", "\\u002d2") + "\n");

        assertThat(problems(content)).isEmpty();
        assertThat(content.objects().keySet()).containsExactly(Manifests.serviceId("a-1"), Manifests.serviceId("a-2"));
    }

    @Test
    void readsTheSameJsonInAFileNamedYaml() {
        String text = "{\n\t\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {\"name\": \"a\"},"
                + " \"spec\": {\"clusterIP\": \"10.96.0.1\", \"ports\": [{\"port\": 80}]}}";

        assertThat(onlyService(yaml(text))).isEqualTo(onlyService(json(text)));
    }

    @Test
    void takesWhatAnchorsStandFor() {
        String text = Manifests.service("web", "10.96.0.20")
                .replace("  name: web", "  name: web\n  labels: &labels {app: web}\n  annotations: *labels");

        Service service = onlyService(yaml(text));

        assertThat(service.annotations()).isEqualTo(service.labels()).isEqualTo(Map.of("app", "web"));
    }

    @Test
    void skipsTheMarkThatWindowsProgramsBeginFilesWith() {
        assertThat(onlyService(yaml("\ufeff" + Manifests.service("web", "10.96.0.20")))
                        .name()
                        .name())
                .isEqualTo("web");
    }

    @Test
    void tellsOnceAFileWhatKindsItIgnores() {
        FileContent content = yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: a}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: b}
                ---
                apiVersion: serving.knative.dev/v1
                kind: Service
                spec: {ports: none of our business}
                """);

        assertThat(problems(content)).isEmpty();
        assertThat(content.objects()).isEmpty();
        assertThat(content.notes())
                .containsExactly("m.yaml: ignored 2 Deployment (apps/v1), 1 Service (serving.knative.dev/v1);"
                        + " only Service (v1), EndpointSlice (discovery.k8s.io/v1) and Node (v1) matter here");
    }

    @Test
    void leavesToOthersWhatTheirLabelsSay() {
        String proxied = Manifests.service("a", "10.96.0.1")
                .replace("name: a", "name: a\n  labels: {service.kubernetes.io/service-proxy-name: other}");
        String headless =
                Manifests.slice("b", "a").replace("  labels:", "  labels:\n    service.kubernetes.io/headless: ''");
        String names = Manifests.slice("c", "a").replace("IPv4", "FQDN");
        String stray = Manifests.slice("d", "''");

        FileContent content = yaml(String.join("---\n", proxied, headless, names, stray));

        assertThat(content.objects()).isEmpty();
        assertThat(problems(content)).isEmpty();
        assertThat(content.notes())
                .containsExactly(
                        "m.yaml:1:1: Service default/a: left to the proxy that its label"
                                + " service.kubernetes.io/service-proxy-name names",
                        "m.yaml:11:1: EndpointSlice default/b: ignored, its label service.kubernetes.io/headless says"
                                + " that no proxy handles it",
                        "m.yaml:23:1: EndpointSlice default/c: ignored, endpoints of addressType FQDN have no"
                                + " addresses",
                        "m.yaml:34:1: EndpointSlice default/d: ignored, it has no label kubernetes.io/service-name; set"
                                + " it to the name of the Service");
    }

    @Test
    void keepsTheGoodObjectsOfAFileWithABadOne() {
        FileContent content = yaml(Manifests.service("a", "10.96.0.1") + "---\n" + Manifests.service("b", "nonsense")
                + "---\n" + Manifests.service("c", "10.96.0.3"));

        assertThat(content.objects().keySet()).containsExactly(Manifests.serviceId("a"), Manifests.serviceId("c"));
        assertThat(problems(content))
                .containsExactly(
                        "m.yaml:15:14: Service default/b: spec.clusterIP: 'nonsense' is not an IP address; write"
                                + " one such as 10.96.0.10 or fd00::10");
    }

    @Test
    void tellsAllThatIsWrongWithAnObject() {
        FileContent content = yaml("""
                apiVersion: v1
                kind: Service
                metadata: {name: Web}
                spec:
                  clusterIP: 10.96.0.1
                  ports: [{port: 0}]
                """);

        assertThat(content.problems()).hasSize(2);
    }

    @Test
    void refusesOtherEncodings() {
        FileContent latin = ManifestReader.read("m.yaml", "a: b\nc: \u00fc".getBytes(StandardCharsets.ISO_8859_1));
        FileContent wide = ManifestReader.read("m.yaml", "a: b".getBytes(StandardCharsets.UTF_16));

        assertThat(problems(latin)).containsExactly("m.yaml:2:4: not UTF-8: the byte 0xfc; save the file as UTF-8");
        assertThat(problems(wide)).containsExactly("m.yaml:1:1: not UTF-8: the byte 0xfe; save the file as UTF-8");
    }

    @Test
    void takesAFileThatIsBeingRewrittenForBroken() {
        assertThat(problems(yaml("")))
                .containsExactly("m.yaml: the file is empty; write its objects, or delete the file to remove them");
    }

    @Test
    void takesAFileOfCommentsForOneWithoutObjects() {
        assertThat(yaml("# all gone\n")).isEqualTo(new FileContent(Map.of(), List.of(), List.of(), List.of()));
    }
}
