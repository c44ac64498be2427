// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** What a client loads, in a JVM of its own, without Netty's native code on its class path. */
class FreshProcessTest {
    /** Netty's holder of the addresses of all devices, which the JVM needs seconds for where there are many. */
    private static final String LISTS_ALL_ADDRESSES = "io.netty.util.NetUtil ";

    @Test
    void blockingClientLoadsNothingThatListsTheAddressesOfAllDevices() throws Exception {
        String output = run("blocking");

        assertThat(output).contains("found lo").contains(NetlinkSocket.class.getName() + " ");
        assertThat(output).doesNotContain(LISTS_ALL_ADDRESSES);
    }

    @Test
    void loopOfAnotherKindIsNamedWithTheRemedyThoughNothingNativeIsThere() throws Exception {
        assertThat(run("nio")).contains("make the group with EpollIoHandler.newFactory()");
    }

    private static String run(String face) throws IOException, InterruptedException {
        String classPath = Stream.of(
                        FreshProcessTest.class,
                        NetlinkClient.class,
                        ByteBuf.class,
                        Future.class,
                        IoEventLoopGroup.class,
                        EpollIoHandle.class,
                        FileDescriptor.class,
                        Native.class,
                        Logger.class)
                .map(FreshProcessTest::place)
                .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java, "-Xlog:class+load", "-cp", classPath, FreshProcessTest.class.getName(), face)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static String place(Class<?> one) {
        return one.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    /**
     * Uses a client and prints what it said.
     *
     * @param arguments {@code blocking} or {@code nio}
     */
    public static void main(String[] arguments) {
        NetlinkClient.Builder route = NetlinkClient.builder(NetlinkProtocol.ROUTE);
        if (arguments[0].equals("blocking")) {
            try (RouteClient client = RouteClient.open(route)) {
                client.link("lo").ifPresent(link -> System.out.println("found " + link.name()));
            }
            return;
        }
        MultiThreadIoEventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (AsyncNetlinkClient client = AsyncNetlinkClient.open(route, nio)) {
            client.query(new LinkRequest.Get("lo"), RouteClient::link).join();
        } catch (CompletionException e) {
            System.out.println(e.getCause().getMessage());
        } finally {
            nio.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
