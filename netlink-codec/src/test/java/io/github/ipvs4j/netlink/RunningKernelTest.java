// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What needs a kernel, but no rights: every Linux has a loopback interface. */
class RunningKernelTest {
    private static final int CAP_SYS_ADMIN = 21;

    private static NetlinkClient.Builder route() {
        return NetlinkClient.builder(NetlinkProtocol.ROUTE);
    }

    @Test
    void loopbackInterfaceIsFoundByNameAndInTheListing() {
        try (RouteClient client = RouteClient.open(route())) {
            Link loopback = client.link("lo").orElseThrow();

            assertThat(client.links()).contains(loopback);
            assertThat(client.addresses(loopback)).allMatch(address -> address.linkIndex() == loopback.index());
        }
    }

    @Test
    void asynchronousFaceWaitsOnTheEventLoop() {
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (RouteClient blocking = RouteClient.open(route());
                AsyncNetlinkClient client = AsyncNetlinkClient.open(route(), loops)) {
            Link loopback = blocking.link("lo").orElseThrow();

            assertThat(client.query(new LinkRequest.Get("lo"), RouteClient::link)
                            .join())
                    .isEqualTo(loopback);
            List<Link> listed = new ArrayList<>();
            client.dump(new LinkRequest.List(), message -> listed.add(RouteClient.link(message)))
                    .join();
            assertThat(listed).contains(loopback);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void missingInterfaceIsEmpty() {
        try (RouteClient client = RouteClient.open(route())) {
            assertThat(client.link("no-such-link")).isEmpty();
        }
    }

    @Test
    void missingFamilyIsARefusalWithItsRemedy() {
        GenericFamily family = new GenericFamily("NO_SUCH", 1, "no kernel has it");

        assertThatThrownBy(() -> GenericClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC), family))
                .isInstanceOf(KernelRejected.class)
                .hasMessage("look up generic-netlink family NO_SUCH: ENOENT: no kernel has it");
    }

    @Test
    void missingNamespaceIsNamed() {
        assertThatThrownBy(
                        () -> route().namespace(Path.of("/run/netns/no-such")).open())
                .isInstanceOf(SocketFailed.class)
                .hasMessage("open NETLINK_ROUTE socket in network namespace /run/netns/no-such: open: ENOENT;"
                        + " check the path");
    }

    @Test
    void namespaceIsEnteredWithTheCapabilityAndNamedWithoutIt() throws IOException {
        Path own = Path.of("/proc/self/ns/net");
        if (hasCapability(CAP_SYS_ADMIN)) {
            try (RouteClient client = RouteClient.open(route().namespace(own))) {
                assertThat(client.link("lo")).isPresent();
            }
        } else {
            assertThatThrownBy(() -> route().namespace(own).open())
                    .isInstanceOf(SocketFailed.class)
                    .hasMessageContaining("setns: EPERM")
                    .hasMessageContaining("CAP_SYS_ADMIN");
        }
    }

    private static boolean hasCapability(int number) throws IOException {
        String effective = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(effective.substring(7).strip(), 16) >>> number & 1) == 1;
    }

    @Test
    void openingAndClosingLeavesNothingBehind() throws IOException {
        leavesNothing(10_000, () -> route().open().close());
    }

    @Test
    void openingInVainLeavesNothingBehind() throws IOException {
        GenericFamily family = new GenericFamily("NO_SUCH", 1, "no kernel has it");

        leavesNothing(
                500,
                () -> assertThatThrownBy(
                                () -> GenericClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC), family))
                        .isInstanceOf(KernelRejected.class));
        leavesNothing(
                500,
                () -> assertThatThrownBy(() ->
                                route().namespace(Path.of("/run/netns/no-such")).open())
                        .isInstanceOf(SocketFailed.class));
    }

    private static void leavesNothing(int times, Runnable cycle) throws IOException {
        // What the first rounds load and open for good is not a leak.
        for (int i = 0; i < 20; i++) {
            cycle.run();
        }
        long descriptors = descriptors();
        long memory = UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();

        for (int i = 0; i < times; i++) {
            cycle.run();
        }

        assertThat(descriptors()).isEqualTo(descriptors);
        assertThat(UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()).isEqualTo(memory);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("ipvs4j"));
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
