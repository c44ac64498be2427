// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The servers on health-check node ports, one for each Service that wants one, for both families together. All share
 * one thread, which there is only while there are servers. Used by one thread at a time.
 */
final class HealthCheckServers implements AutoCloseable {
    private static final int LONGEST_CLOSING_SECONDS = 5;

    private final BooleanSupplier proxyHealthy;
    private final Supplier<@Nullable Throwable> obstacle;
    private final Map<ObjectName, HealthCheck> wanted = new TreeMap<>();
    private final Map<ObjectName, Server> servers = new HashMap<>();
    private Optional<List<IpAddress>> addresses = Optional.empty();
    private @Nullable EventLoopGroup loop;

    /**
     * Makes no server yet.
     *
     * @param proxyHealthy whether the kernel is kept in step with the objects; asked for every answer
     */
    HealthCheckServers(BooleanSupplier proxyHealthy) {
        this(proxyHealthy, Epoll::unavailabilityCause);
    }

    /**
     * Makes no server yet.
     *
     * @param proxyHealthy whether the kernel is kept in step with the objects; asked for every answer
     * @param obstacle why there is no event loop here, null if there is one; asked for every server
     */
    HealthCheckServers(BooleanSupplier proxyHealthy, Supplier<@Nullable Throwable> obstacle) {
        this.proxyHealthy = proxyHealthy;
        this.obstacle = obstacle;
    }

    /** A Service's open port; what it answers may change. */
    private static final class Server {
        private final int port;
        private final List<Channel> channels = new ArrayList<>();
        private volatile HealthCheck check;

        Server(HealthCheck check) {
            this.port = check.port();
            this.check = check;
        }

        void close() {
            channels.forEach(channel -> channel.close().awaitUninterruptibly());
            channels.clear();
        }
    }

    /** Takes what a Service wants; {@link #bring} does it. */
    void put(ObjectName service, Optional<HealthCheck> check) {
        check.ifPresentOrElse(it -> wanted.put(service, it), () -> wanted.remove(service));
    }

    /**
     * Returns where there are servers.
     *
     * @return the addresses that take node ports, which may be none; empty if those of no family are restricted
     */
    static Optional<List<IpAddress>> where(NodeFacts node) {
        boolean everywhere = Stream.of(IpFamily.values()).allMatch(node::takesNodePortsEverywhere);
        return everywhere ? Optional.empty() : Optional.of(node.nodePortAddresses());
    }

    /**
     * Opens, changes and closes servers as it was put.
     *
     * @param where the node's addresses on which there are servers, which may be none; empty for all addresses
     * @return for each Service whose port could not be opened the reason; the next call tries again
     */
    Map<ObjectName, String> bring(Optional<List<IpAddress>> where) {
        boolean moved = !where.equals(addresses);
        addresses = where.map(List::copyOf);
        servers.entrySet().removeIf(entry -> {
            HealthCheck check = wanted.get(entry.getKey());
            Server server = entry.getValue();
            if (!moved && check != null && check.port() == server.port) {
                server.check = check;
                return false;
            }
            server.close();
            return true;
        });
        Map<ObjectName, String> failures = new LinkedHashMap<>();
        wanted.forEach((service, check) -> {
            if (!servers.containsKey(service)) {
                open(check).ifPresent(reason -> failures.put(service, reason));
            }
        });
        if (servers.isEmpty()) {
            stopLoop();
        }
        return failures;
    }

    private Optional<String> open(HealthCheck check) {
        Throwable missing = obstacle.get();
        if (missing != null) {
            return Optional.of("health-check node port " + check.port()
                    + ": Netty's native epoll transport did not load (" + reason(missing)
                    + "); put netty-transport-native-epoll with the classifier for " + System.getProperty("os.arch")
                    + " on the class path");
        }
        Server server = new Server(check);
        for (InetSocketAddress address : sockets(check.port())) {
            ChannelFuture bound = bootstrap(server).bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                server.close();
                return Optional.of("health-check node port " + check.port() + ": bind "
                        + address.getAddress().getHostAddress()
                        + ": " + reason(bound.cause())
                        + "; end whoever has the port, or give the Service another spec.healthCheckNodePort");
            }
            server.channels.add(bound.channel());
        }
        servers.put(check.service(), server);
        return Optional.empty();
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
    }

    /** Returns one socket for all addresses, of both families, or one for each. */
    private List<InetSocketAddress> sockets(int port) {
        return addresses
                .map(some -> some.stream()
                        .map(address -> new InetSocketAddress(inet(address), port))
                        .toList())
                .orElseGet(() -> List.of(new InetSocketAddress(port)));
    }

    private static InetAddress inet(IpAddress address) {
        try {
            return InetAddress.getByAddress(address.bytes());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + address.bytes().length + " bytes", e);
        }
    }

    private ServerBootstrap bootstrap(Server server) {
        return new ServerBootstrap()
                .group(loop())
                // A port that is closed is free at once; with NIO it is so only after the next select.
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new HealthConnection(asked -> answer(server.check, asked)));
                    }
                });
    }

    private HealthAnswer answer(HealthCheck check, InetAddress asked) {
        IpFamily family = asked instanceof Inet4Address ? IpFamily.IPV4 : IpFamily.IPV6;
        return new HealthAnswer(check.service(), check.localEndpoints(family), proxyHealthy.getAsBoolean());
    }

    private EventLoopGroup loop() {
        EventLoopGroup running = loop;
        if (running == null) {
            running = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("ipvs4j-health-check", true), EpollIoHandler.newFactory());
            loop = running;
        }
        return running;
    }

    private void stopLoop() {
        if (loop != null) {
            loop.shutdownGracefully(0, LONGEST_CLOSING_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(LONGEST_CLOSING_SECONDS, TimeUnit.SECONDS);
            loop = null;
        }
    }

    /** Closes all servers. */
    @Override
    public void close() {
        wanted.clear();
        servers.values().forEach(Server::close);
        servers.clear();
        stopLoop();
    }
}
