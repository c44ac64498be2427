// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Opening and closing thousands of times, also in vain, leaves no descriptor, no buffer and no thread. */
class OpeningTest {
    private static final int OPENINGS = 10_000;

    /** For each of the faces and each of the six reasons, so that each face fails more than a thousand times. */
    private static final int FAILURES = 170;

    private static final int WARM_UP = 20;
    private static final int NO_SUCH_PROTOCOL = 31;
    /** A protocol that every kernel has, whose groups are not for everybody. */
    private static final int FIB_LOOKUP = 10;

    private static final int NO_SUCH_GROUP = 1_000_000;

    private static final Path OWN_DESCRIPTORS = Path.of("/proc/self/fd");

    private static MultiThreadIoEventLoopGroup loops;

    @BeforeAll
    static void startLoop() {
        loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    @AfterAll
    static void stopLoop() {
        shutDown(loops);
    }

    private static void shutDown(MultiThreadIoEventLoopGroup group) {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static NetlinkClient.Builder route() {
        return NetlinkClient.builder(NetlinkProtocol.ROUTE);
    }

    /** What opens sockets. */
    enum Face {
        BLOCKING {
            @Override
            void openAndClose(NetlinkClient.Builder settings, MultiThreadIoEventLoopGroup on) {
                settings.open().close();
            }
        },

        ASYNCHRONOUS {
            @Override
            void openAndClose(NetlinkClient.Builder settings, MultiThreadIoEventLoopGroup on) {
                try (AsyncNetlinkClient client = AsyncNetlinkClient.open(settings, on)) {
                    // The first call opens the socket.
                    client.query(new LinkRequest.Get("lo"), RouteClient::link).join();
                }
            }
        },

        EVENTS {
            @Override
            void openAndClose(NetlinkClient.Builder settings, MultiThreadIoEventLoopGroup on) {
                NetlinkEvents.open(settings, on, DEAF, RouteLayout.GROUP_LINK).close();
            }
        };

        abstract void openAndClose(NetlinkClient.Builder settings, MultiThreadIoEventLoopGroup on);
    }

    /** Why a socket cannot be opened. */
    enum Reason {
        NAMESPACE_MISSING("open: ENOENT; check the path") {
            @Override
            NetlinkClient.Builder settings() {
                return route().namespace(Path.of("/run/netns/no-such"));
            }
        },

        PROCESS_MISSING("/proc/4611686018427387904/ns/net: open: ENOENT") {
            @Override
            NetlinkClient.Builder settings() {
                return route().namespace(1L << 62);
            }
        },

        NO_NAMESPACE("setns: E") {
            @Override
            NetlinkClient.Builder settings() {
                return route().namespace(Path.of("/proc/self/status"));
            }
        },

        NOT_PERMITTED("setns: EPERM; the path must be a network namespace and the process needs CAP_SYS_ADMIN") {
            @Override
            NetlinkClient.Builder settings() {
                SocketSettings own = SocketSettings.DEFAULT.in(Path.of("/proc/self/ns/net"));
                return route().transport(protocol -> Unprivileged.call(() -> own.open(protocol)));
            }
        },

        PROTOCOL_UNKNOWN("open NETLINK_31 socket: socket: EPROTONOSUPPORT: this kernel was built without") {
            @Override
            NetlinkClient.Builder settings() {
                return route().transport(protocol -> SocketSettings.DEFAULT.open("NETLINK_31", NO_SUCH_PROTOCOL));
            }
        },

        FACTORY_BROKEN("gave up half-way") {
            @Override
            NetlinkClient.Builder settings() {
                return route().transport(protocol -> {
                    Transport.Factory.kernel().open(protocol).close();
                    throw new IllegalStateException("gave up half-way");
                });
            }
        };

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        abstract NetlinkClient.Builder settings();
    }

    private static final NetlinkEvents.Listener DEAF =
            new TypedListener<>(RouteDecoder::event, new RouteEvent.Lost(), RouteEvent.Ended::new, event -> {});

    @ParameterizedTest
    @EnumSource
    void openingAndClosingLeavesNothingBehind(Face face) throws IOException {
        leavesNothing(OPENINGS, () -> face.openAndClose(route(), loops));
    }

    @ParameterizedTest
    @EnumSource
    void openingInVainLeavesNothingBehind(Face face) throws IOException {
        for (Reason reason : Reason.values()) {
            leavesNothing(
                    FAILURES,
                    () -> assertThatThrownBy(() -> face.openAndClose(reason.settings(), loops))
                            .hasMessageContaining(reason.words));
        }
    }

    @Test
    void clientOfAFamilyThatIsMissingLeavesNothingBehind() throws IOException {
        GenericFamily family = new GenericFamily("NO_SUCH", 1, "no kernel has it");

        leavesNothing(
                FAILURES,
                () -> assertThatThrownBy(
                                () -> GenericClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC), family))
                        .isInstanceOf(KernelRejected.class));
    }

    @Test
    void subscriptionToAGroupThatIsRefusedLeavesNothingBehind() throws IOException {
        leavesNothing(
                FAILURES,
                () -> assertThatThrownBy(() -> NetlinkEvents.open(route(), loops, DEAF, NO_SUCH_GROUP))
                        .hasMessageContaining("join multicast group 1000000"));
    }

    @Test
    void groupThatNeedsACapabilityIsNamedWithIt() {
        assertThatThrownBy(() -> Unprivileged.call(() -> {
                    try (Transport socket = SocketSettings.DEFAULT.open("NETLINK_FIB_LOOKUP", FIB_LOOKUP)) {
                        socket.join(1);
                        return socket.portId();
                    }
                }))
                .hasMessage(
                        "join multicast group 1: EPERM: operation not permitted; the groups of NETLINK_NETFILTER need"
                                + " CAP_NET_ADMIN");
    }

    @Test
    void loopOfAnotherKindIsNamedWithTheRemedyAndLeavesNothingBehind() throws IOException {
        MultiThreadIoEventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            leavesNothing(
                    FAILURES,
                    () -> assertThatThrownBy(() -> Face.ASYNCHRONOUS.openAndClose(route(), nio))
                            .hasMessageContaining("make the group with EpollIoHandler.newFactory()"));
            leavesNothing(FAILURES, () -> Face.EVENTS.openAndClose(route(), nio));
        } finally {
            shutDown(nio);
        }
    }

    @Test
    void loopThatIsShutDownIsNamedAndLeavesNothingBehind() throws IOException {
        MultiThreadIoEventLoopGroup ended = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        shutDown(ended);

        leavesNothing(
                FAILURES,
                () -> assertThatThrownBy(() -> Face.EVENTS.openAndClose(route(), ended))
                        .hasMessageContaining("the event loop is shut down"));
    }

    @Test
    void clientThatWouldNotHearOfLostAnswersIsRefusedAndLeavesNothingBehind() throws IOException {
        NetlinkClient.Builder deaf = route().reportOverruns(false);

        leavesNothing(
                FAILURES,
                () -> assertThatThrownBy(deaf::open)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("a client would take lost answers for success"));
        leavesNothing(
                FAILURES,
                () -> assertThatThrownBy(() -> AsyncNetlinkClient.open(deaf, loops))
                        .isInstanceOf(IllegalArgumentException.class));
    }

    private static void leavesNothing(int times, Runnable cycle) throws IOException {
        // What the first rounds load and open for good is not a leak.
        for (int i = 0; i < WARM_UP; i++) {
            cycle.run();
        }
        Set<String> descriptors = descriptors();
        long memory = UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        Set<Thread> threads = Thread.getAllStackTraces().keySet();

        for (int i = 0; i < times; i++) {
            cycle.run();
        }

        // The machine itself may have closed one.
        assertThat(descriptors()).isSubsetOf(descriptors);
        assertThat(UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()).isEqualTo(memory);
        assertThat(Thread.getAllStackTraces().keySet()).isSubsetOf(threads);
    }

    /** Returns what every descriptor stands for, but for the one of the listing itself; sockets bear numbers. */
    private static Set<String> descriptors() throws IOException {
        Set<String> targets = new HashSet<>();
        try (Stream<Path> open = Files.list(OWN_DESCRIPTORS)) {
            for (Path descriptor : (Iterable<Path>) open::iterator) {
                target(descriptor).ifPresent(target -> targets.add(descriptor.getFileName() + " " + target));
            }
        }
        return targets;
    }

    private static Optional<String> target(Path descriptor) throws IOException {
        try {
            Path target = Files.readSymbolicLink(descriptor);
            return target.endsWith("fd") ? Optional.empty() : Optional.of(target.toString());
        } catch (NoSuchFileException e) {
            // Somebody else's, who has closed it since.
            return Optional.empty();
        }
    }
}
