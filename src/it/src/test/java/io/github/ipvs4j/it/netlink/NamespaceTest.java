// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.it.lab.BackgroundCommand;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.Place;
import io.github.ipvs4j.netlink.Link;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkEvents;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.RouteClient;
import io.github.ipvs4j.netlink.RouteEvent;
import io.github.ipvs4j.netlink.SocketFailed;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sockets in another network namespace, while the thread that opens them stays where it is. */
@LabTest
class NamespaceTest {
    private static final Path OWN = Path.of("/proc/thread-self/ns/net");
    private static final String NAME = "lab-blue";

    @AfterEach
    void deletesNamespace() {
        Place.HERE.attempt("ip", "netns", "delete", NAME);
    }

    private static NetlinkClient.Builder route() {
        return NetlinkClient.builder(NetlinkProtocol.ROUTE);
    }

    private static List<String> names(RouteClient client) {
        return client.links().stream().map(Link::name).toList();
    }

    @Test
    void worksInANamespaceNamedByItsPathAndLeavesTheThreadWhereItIs() throws IOException, InterruptedException {
        Path home = Files.readSymbolicLink(OWN);
        Place.HERE.run("ip", "netns", "add", NAME);
        NetlinkClient.Builder blue = route().namespace(Path.of("/run/netns", NAME));
        Heard<RouteEvent> heard = new Heard<>();
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (RouteClient there = RouteClient.open(blue);
                NetlinkEvents events = RouteClient.subscribe(blue, loops, heard);
                RouteClient here = RouteClient.open(route())) {
            assertThat(events).isNotNull();
            Link added = there.addDummy("blue0");

            heard.await(new RouteEvent.LinkChanged(added)::equals);
            assertThat(names(there)).contains("blue0");
            assertThat(names(here)).doesNotContain("blue0");
            assertThat(Files.readSymbolicLink(OWN)).isEqualTo(home);
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void worksInTheNamespaceOfAProcessAndLeavesTheThreadWhereItIs() throws IOException {
        Path home = Files.readSymbolicLink(OWN);
        String script = "ip link add blue0 type dummy && echo ready && exec sleep 600";
        try (BackgroundCommand process = Place.HERE.start("unshare", "--net", "sh", "-c", script)) {
            process.awaitLine("ready"::equals, Duration.ofMinutes(1));
            long pid = process.process().pid();
            try (RouteClient there = RouteClient.open(route().namespace(pid));
                    RouteClient here = RouteClient.open(route())) {
                assertThat(names(there)).containsExactlyInAnyOrder("lo", "blue0");
                assertThat(names(here)).doesNotContain("blue0");
                assertThat(Files.readSymbolicLink(OWN)).isEqualTo(home);
            }
        }
    }

    @Test
    void saysThatTheProcessIsGone() {
        assertThatThrownBy(() -> RouteClient.open(route().namespace(Integer.MAX_VALUE)))
                .isInstanceOf(SocketFailed.class)
                .hasMessageContaining("in network namespace /proc/2147483647/ns/net: open: ENOENT; check the path");
    }
}
