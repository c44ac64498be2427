// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscribing on the running kernel, as far as that needs no rights. */
class SubscriptionTest {
    private static final int NO_SUCH_GROUP = 1_000_000;

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    @AfterEach
    void stopsLoops() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static NetlinkClient.Builder route() {
        return NetlinkClient.builder(NetlinkProtocol.ROUTE);
    }

    @Test
    void linksAndAddressesCanBeHeardWithoutRights() {
        NetlinkEvents events = RouteClient.subscribe(route(), loops, event -> {});

        events.close();
        events.close();
    }

    @Test
    void groupThatIsNotThereIsRefused() {
        NetlinkEvents.Listener deaf =
                new TypedListener<>(RouteDecoder::event, new RouteEvent.Lost(), RouteEvent.Ended::new, event -> {});

        assertThatThrownBy(() -> NetlinkEvents.open(route(), loops, deaf, NO_SUCH_GROUP))
                .isInstanceOf(SocketFailed.class)
                .hasMessage("join multicast group 1000000: EINVAL: invalid argument");
    }
}
