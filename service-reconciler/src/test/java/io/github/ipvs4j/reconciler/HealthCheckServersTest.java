// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HealthCheckServersTest {
    private static final ObjectName WEB = new ObjectName("default", "web");
    private static final ObjectName DNS = new ObjectName("kube-system", "dns");
    private static final Optional<List<IpAddress>> EVERYWHERE = Optional.empty();
    private static final IpAddress LOCALHOST = IpAddress.of("127.0.0.1");

    private final AtomicBoolean healthy = new AtomicBoolean(true);
    private final HealthCheckServers servers = new HealthCheckServers(healthy::get);

    @AfterEach
    void leaveNoThread() throws InterruptedException {
        servers.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("ipvs4j-health-check")) {
                thread.join();
            }
        }
    }

    @Test
    void answersByTheStateOfTheService() {
        int port = freePort();
        put(WEB, port, 2);
        assertThat(servers.bring(EVERYWHERE)).isEmpty();
        assertThat(get(port)).startsWith("HTTP/1.1 200 OK").contains("\"localEndpoints\": 2");

        put(WEB, port, 0);
        servers.bring(EVERYWHERE);
        assertThat(get(port)).startsWith("HTTP/1.1 503").contains("\"localEndpoints\": 0");

        put(WEB, port, 1);
        servers.bring(EVERYWHERE);
        healthy.set(false);
        assertThat(get(port)).startsWith("HTTP/1.1 503").contains("\"serviceProxyHealthy\": false");
    }

    @Test
    void answersAnyPathAndMethod() throws IOException {
        int port = freePort();
        put(WEB, port, 2);
        servers.bring(EVERYWHERE);

        assertThat(ask(port, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"))
                .startsWith("HTTP/1.1 200 OK")
                .endsWith("}");
        assertThat(ask(port, "HEAD / HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK")
                .endsWith("\r\n\r\n");
        assertThat(ask(port, "GET / HTTP/1.0\n\n")).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void closesConnectionsThatSendNoRequest() throws IOException {
        int port = freePort();
        put(WEB, port, 2);
        servers.bring(EVERYWHERE);

        assertThat(ask(port, "x".repeat(10_000))).isEmpty();
    }

    @Test
    void closesAndOpensAsPortsChange() {
        int first = freePort();
        put(WEB, first, 1);
        servers.bring(EVERYWHERE);
        int second = freePort();

        put(WEB, second, 1);
        assertThat(servers.bring(EVERYWHERE)).isEmpty();
        assertThat(get(second)).contains("200 OK");
        assertThatThrownBy(() -> ask(first, "GET / HTTP/1.0\r\n\r\n")).isInstanceOf(ConnectException.class);

        servers.put(WEB, Optional.empty());
        servers.bring(EVERYWHERE);
        assertThatThrownBy(() -> ask(second, "GET / HTTP/1.0\r\n\r\n")).isInstanceOf(ConnectException.class);
    }

    @Test
    void letsTwoServicesSwapTheirPorts() {
        int first = freePort();
        put(WEB, first, 1);
        servers.bring(EVERYWHERE);
        int second = freePort();
        put(DNS, second, 1);
        servers.bring(EVERYWHERE);

        put(WEB, second, 1);
        put(DNS, first, 1);

        assertThat(servers.bring(EVERYWHERE)).isEmpty();
        assertThat(get(first)).contains("\"dns\"");
        assertThat(get(second)).contains("\"web\"");
    }

    @Test
    void tellsByServiceThatThereIsNoEventLoopHere() {
        try (HealthCheckServers without =
                new HealthCheckServers(healthy::get, () -> new UnsatisfiedLinkError("no such library"))) {
            without.put(WEB, Optional.of(new HealthCheck(WEB, 8080, Map.of())));

            assertThat(without.bring(EVERYWHERE).get(WEB))
                    .startsWith(
                            "health-check node port 8080: Netty's native epoll transport did not load (no such library)"
                                    + "; put netty-transport-native-epoll");
        }
    }

    @Test
    void tellsByServiceWhichPortIsInUseAndTriesAgain() throws IOException {
        Map<ObjectName, String> failures;
        int free;
        int port;
        try (ServerSocket taken = new ServerSocket(0)) {
            free = freePort();
            put(DNS, free, 1);
            port = taken.getLocalPort();
            put(WEB, port, 1);
            failures = servers.bring(EVERYWHERE);
            assertThat(servers.bring(EVERYWHERE)).containsOnlyKeys(WEB);
        }

        assertThat(failures).containsOnlyKeys(WEB);
        assertThat(failures.get(WEB))
                .startsWith("health-check node port " + port + ": bind ")
                .contains("Address already in use; end whoever has the port, or give the Service another");
        assertThat(get(free)).contains("200 OK");
        assertThat(servers.bring(EVERYWHERE)).isEmpty();
        assertThat(get(port)).contains("200 OK");
    }

    @Test
    void listensOnTheGivenAddressesOnlyAndFollowsThem() throws IOException {
        int port = freePort();
        put(WEB, port, 1);
        servers.bring(Optional.of(List.of(LOCALHOST)));

        assertThat(get(port)).contains("200 OK");
        try (ServerSocket elsewhere = new ServerSocket()) {
            elsewhere.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), port));
        }
        servers.bring(Optional.of(List.of(IpAddress.of("127.0.0.2"))));
        assertThatThrownBy(() -> ask(port, "GET / HTTP/1.0\r\n\r\n")).isInstanceOf(ConnectException.class);
        servers.bring(EVERYWHERE);
        assertThat(get(port)).contains("200 OK");
    }

    @Test
    void hasNoThreadWithoutServers() {
        servers.put(WEB, Optional.empty());
        assertThat(servers.bring(EVERYWHERE)).isEmpty();

        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("ipvs4j-health-check"));
    }

    @Test
    void answersEachFamilyByItsOwnEndpointsOnOneSocket() throws IOException {
        int port = freePort();
        servers.put(WEB, Optional.of(new HealthCheck(WEB, port, Map.of(IpFamily.IPV4, 0, IpFamily.IPV6, 4))));
        assertThat(servers.bring(EVERYWHERE)).isEmpty();

        assertThat(get(port)).contains("503 Service Unavailable", "\"localEndpoints\": 0");
        if (hasIpv6()) {
            assertThat(ask("::1", port, "GET / HTTP/1.0\r\n\r\n")).contains("200 OK", "\"localEndpoints\": 4");
        }
    }

    @Test
    void opensAPortOnEachOfSeveralAddresses() throws IOException {
        String other = hasIpv6() ? "::1" : "127.0.0.2";
        int port = freePort();
        put(WEB, port, 1);
        assertThat(servers.bring(Optional.of(List.of(LOCALHOST, IpAddress.of(other)))))
                .isEmpty();

        assertThat(get(port)).contains("200 OK");
        assertThat(ask(other, port, "GET / HTTP/1.0\r\n\r\n")).contains("200 OK");
    }

    @Test
    void areRunByTheReconcilerForWhatIsInTheKernel(@TempDir Path root) throws IOException {
        int port = freePort();
        SimulatedNode node = new SimulatedNode(root);
        try (Reconciler reconciler =
                node.settings().healthCheckServers(Duration.ofMinutes(1)).open()) {
            reconciler.put(Samples.service("web", "10.96.0.1")
                    .type(ServiceType.LOAD_BALANCER)
                    .externalPolicy(TrafficPolicy.LOCAL)
                    .healthCheckNodePort(port)
                    .build());
            reconciler.put(Samples.slice("web", Samples.local("10.244.1.5")));
            assertThatThrownBy(() -> ask(port, "GET / HTTP/1.0\r\n\r\n")).isInstanceOf(ConnectException.class);
            try (ServerSocket taken = new ServerSocket(port)) {
                SyncReport failed = reconciler.sync();
                assertThat(failed.failures()).singleElement().satisfies(failure -> {
                    assertThat(failure.service()).contains(WEB);
                    assertThat(failure.reason()).startsWith("health-check node port " + taken.getLocalPort());
                });
            }
            assertThat(reconciler.sync().succeeded()).isTrue();
            assertThat(get(port)).contains("200 OK", "\"localEndpoints\": 1", "\"serviceProxyHealthy\": true");

            reconciler.put(Samples.slice("web", Samples.remote("10.244.2.5")));
            assertThat(get(port)).contains("200 OK");
            node.pass(Duration.ofMinutes(2));
            assertThat(get(port)).contains("503 Service Unavailable", "\"serviceProxyHealthy\": false");
            reconciler.sync();
            assertThat(get(port))
                    .contains("503 Service Unavailable", "\"localEndpoints\": 0", "\"serviceProxyHealthy\": true");

            reconciler.removeService(WEB);
            reconciler.sync();
            assertThatThrownBy(() -> ask(port, "GET / HTTP/1.0\r\n\r\n")).isInstanceOf(ConnectException.class);
        }
        node.kernel.assertQuiescent();
    }

    @Test
    void areWhereNodePortsAreReached() {
        NodePortAddresses within = new NodePortAddresses.Within(List.of(IpPrefix.of("192.168.1.0/24")));
        NodePortAddresses open = new NodePortAddresses.Within(List.of(IpPrefix.of("0.0.0.0/0"), IpPrefix.of("::/0")));

        assertThat(where(NodePortAddresses.all())).isEmpty();
        assertThat(where(open)).isEmpty();
        assertThat(where(within)).contains(List.of(IpAddress.of("192.168.1.10"), IpAddress.of("fd00:1::10")));
    }

    @Test
    void areNowhereIfNoAddressOfTheNodeIsOneOfThoseWhereNodePortsAreReached() {
        NodePortAddresses elsewhere =
                new NodePortAddresses.Within(List.of(IpPrefix.of("172.16.0.0/12"), IpPrefix.of("fd00:2::/64")));

        assertThat(where(elsewhere)).contains(List.of());
        ReconcilerBuilder primary = Samples.settings()
                .nodePortAddresses(new NodePortAddresses.Primary())
                .nodeIp(IpAddress.of("172.16.0.1"));
        assertThat(HealthCheckServers.where(Samples.node(primary.settings(), "192.168.1.10")))
                .contains(List.of());
    }

    @Test
    void haveNoSocketWhereNodePortsAreReachedNowhereAndFollowThat() {
        int port = freePort();
        put(WEB, port, 1);

        assertThat(servers.bring(Optional.of(List.of()))).isEmpty();
        assertThatThrownBy(() -> ask(port, "GET / HTTP/1.0\r\n\r\n")).isInstanceOf(ConnectException.class);
        assertThat(servers.bring(EVERYWHERE)).isEmpty();
        assertThat(get(port)).contains("200 OK");
        assertThat(servers.bring(Optional.of(List.of()))).isEmpty();
        assertThatThrownBy(() -> ask(port, "GET / HTTP/1.0\r\n\r\n")).isInstanceOf(ConnectException.class);
    }

    private static Optional<List<IpAddress>> where(NodePortAddresses choice) {
        Settings settings = Samples.settings().nodePortAddresses(choice).settings();
        return HealthCheckServers.where(Samples.node(settings, "192.168.1.10", "10.0.0.1", "fd00:1::10"));
    }

    private static boolean hasIpv6() throws IOException {
        return NetworkInterface.getByName("lo").inetAddresses().anyMatch(Inet6Address.class::isInstance);
    }

    private void put(ObjectName service, int port, int endpoints) {
        servers.put(service, Optional.of(new HealthCheck(service, port, Map.of(IpFamily.IPV4, endpoints))));
    }

    private static String get(int port) {
        try {
            return ask(port, "GET /healthz HTTP/1.1\r\nHost: node\r\n\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String ask(int port, String request) throws IOException {
        return ask("127.0.0.1", port, request);
    }

    private static String ask(String host, int port, String request) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
