// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the settings of a builder make of a socket of the running kernel. */
class SocketSettingsTest {
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_SYS_ADMIN = 21;
    private static final int SMALL = 64 << 10;
    private static final int LARGE = 16 << 20;

    private static NetlinkClient.Builder route() {
        return NetlinkClient.builder(NetlinkProtocol.ROUTE);
    }

    private static Transport open(NetlinkClient.Builder settings) {
        return settings.factory().open(NetlinkProtocol.ROUTE);
    }

    private static int option(Transport transport, int level, int option) throws IOException {
        // Not closed: the descriptor is the transport's.
        return new Socket(transport.descriptor().orElseThrow()).getIntOpt(level, option);
    }

    private static int receiveBuffer(Transport transport) throws IOException {
        return option(transport, SocketOptions.SOL_SOCKET, SocketOptions.SO_RCVBUF);
    }

    private static int sendBuffer(Transport transport) throws IOException {
        return option(transport, SocketOptions.SOL_SOCKET, SocketOptions.SO_SNDBUF);
    }

    @Test
    void buffersAreOfTheSizeAskedForAndLimitDatagramsAndPendingAnswers() throws IOException {
        try (Transport transport = open(route().sendBuffer(SMALL).receiveBuffer(2 * SMALL))) {
            assertThat(sendBuffer(transport)).isEqualTo(2 * SMALL);
            assertThat(receiveBuffer(transport)).isEqualTo(4 * SMALL);
            assertThat(transport.maxDatagram()).isEqualTo(2 * SMALL - 32);
            assertThat(transport.maxPendingAnswers()).isEqualTo(4 * SMALL / 1024);
        }
    }

    @Test
    void buffersBeyondTheSystemsLimitAreForcedWithTheCapability() throws IOException {
        try (Transport transport = open(route().sendBuffer(LARGE).receiveBuffer(LARGE))) {
            boolean forced = hasCapability(CAP_NET_ADMIN) && isInitialUserNamespace();
            assertThat(sendBuffer(transport)).isEqualTo(2 * (forced ? LARGE : Math.min(LARGE, limit("wmem_max"))));
            assertThat(receiveBuffer(transport)).isEqualTo(2 * (forced ? LARGE : Math.min(LARGE, limit("rmem_max"))));
        }
    }

    @Test
    void buffersAreAsLargeAsTheSystemAllowsWithoutTheCapability() throws IOException {
        NetlinkClient.Builder settings = route().sendBuffer(LARGE).receiveBuffer(LARGE);
        try (Transport transport = Unprivileged.call(() -> open(settings))) {
            assertThat(sendBuffer(transport)).isEqualTo(2 * Math.min(LARGE, limit("wmem_max")));
            assertThat(receiveBuffer(transport)).isEqualTo(2 * Math.min(LARGE, limit("rmem_max")));
        }
    }

    @Test
    void overrunsAreReportedUnlessToldOtherwise() throws IOException {
        try (Transport usual = open(route());
                Transport deaf = open(route().reportOverruns(false))) {
            assertThat(option(usual, SocketOptions.SOL_NETLINK, SocketOptions.NETLINK_NO_ENOBUFS))
                    .isZero();
            assertThat(option(deaf, SocketOptions.SOL_NETLINK, SocketOptions.NETLINK_NO_ENOBUFS))
                    .isEqualTo(1);
        }
    }

    @Test
    void sizesAndProcessNumbersThatCannotBeAreRefused() {
        assertThatThrownBy(() -> route().sendBuffer(0)).hasMessage("send buffer of 0 bytes: expected more than zero");
        assertThatThrownBy(() -> route().receiveBuffer(-1)).hasMessageContaining("receive buffer of -1 bytes");
        assertThatThrownBy(() -> route().namespace(0)).hasMessage("process 0: expected a positive number");
    }

    @Test
    void namespaceIsEnteredByPathAndByProcessWithTheCapabilityAndNamedWithoutIt() throws IOException {
        NetlinkClient.Builder byPath = route().namespace(Path.of("/proc/self/ns/net"));
        NetlinkClient.Builder byProcess =
                route().namespace(ProcessHandle.current().pid());
        for (NetlinkClient.Builder settings : new NetlinkClient.Builder[] {byPath, byProcess}) {
            if (hasCapability(CAP_SYS_ADMIN)) {
                try (RouteClient client = RouteClient.open(settings)) {
                    assertThat(client.link("lo")).isPresent();
                }
            }
            assertThatThrownBy(() -> Unprivileged.call(settings::open))
                    .isInstanceOf(SocketFailed.class)
                    .hasMessageContaining("EPERM")
                    .hasMessageContaining("CAP_SYS_ADMIN");
        }
    }

    private static int limit(String name) throws IOException {
        // The kernel gives the number to one read call only, which readString makes of one byte.
        return Integer.parseInt(
                Files.readAllLines(Path.of("/proc/sys/net/core", name)).get(0));
    }

    private static boolean isInitialUserNamespace() throws IOException {
        return Files.readString(Path.of("/proc/self/uid_map"))
                .strip()
                .replaceAll(" +", " ")
                .equals("0 0 4294967295");
    }

    private static boolean hasCapability(int number) throws IOException {
        String effective = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(effective.substring(7).strip(), 16) >>> number & 1) == 1;
    }
}
