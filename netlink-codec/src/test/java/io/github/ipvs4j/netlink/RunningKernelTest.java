// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What needs a kernel, but no rights: every Linux has a loopback interface. */
class RunningKernelTest {
    private static NetlinkClient.Builder route() {
        return NetlinkClient.builder(NetlinkProtocol.ROUTE);
    }

    @Test
    void loopbackInterfaceIsFoundByNameAndInTheListing() {
        try (RouteClient client = RouteClient.open(route())) {
            Link loopback = client.link("lo").orElseThrow();

            assertThat(client.links()).contains(loopback);
            List<InterfaceAddress> addresses = client.addresses(loopback);
            assertThat(addresses).allMatch(address -> address.linkIndex() == loopback.index());
            for (IpFamily family : IpFamily.values()) {
                assertThat(client.addresses(loopback, family))
                        .isEqualTo(addresses.stream()
                                .filter(address -> address.address().family() == family)
                                .toList());
                assertThat(client.localRoutes(family))
                        .allMatch(route -> route.destination().family() == family);
            }
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
}
