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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** What a client loads, in a JVM of its own, without Netty's native code on its class path. */
class FreshProcessTest {
    /** Netty's holder of the addresses of all devices, which the JVM needs seconds for where there are many. */
    private static final String LISTS_ALL_ADDRESSES = "io.netty.util.NetUtil ";

    private static final List<Class<?>> ON_THE_CLASS_PATH = List.of(
            FreshProcessTest.class,
            NetlinkClient.class,
            ByteBuf.class,
            Future.class,
            IoEventLoopGroup.class,
            EpollIoHandle.class,
            FileDescriptor.class,
            Native.class,
            Logger.class);

    @Test
    void blockingClientDoesWithoutTheNativeCodeOfNetty(@TempDir Path folder) throws Exception {
        String output = run(folder, "blocking", "-Xlog:class+load");

        assertThat(output).contains("found lo").contains(NetlinkSocket.class.getName() + " ");
        assertThat(output).doesNotContain(LISTS_ALL_ADDRESSES);
    }

    @Test
    void loopOfAnotherKindIsNamedWithTheRemedyThoughNothingNativeIsThere(@TempDir Path folder) throws Exception {
        assertThat(run(folder, "nio")).contains("make the group with EpollIoHandler.newFactory()");
    }

    @Test
    void nativeCodeOfJnaThatDoesNotLoadIsNamedWithTheRemedy(@TempDir Path folder) throws Exception {
        assertThat(run(folder, "blocking", "-Djna.nounpack=true"))
                .contains("open NETLINK_ROUTE socket: the native code of JNA did not load")
                .contains("with -Djna.tmpdir");
    }

    private static String run(Path folder, String face, String... options) throws Exception {
        List<String> classPath = new ArrayList<>();
        for (Class<?> one : ON_THE_CLASS_PATH) {
            URI place = one.getProtectionDomain().getCodeSource().getLocation().toURI();
            classPath.add(Path.of(place).toString());
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(List.of(options));
        command.addAll(
                List.of("-cp", String.join(File.pathSeparator, classPath), FreshProcessTest.class.getName(), face));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return Files.readString(output);
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * Uses a client and prints what it said, which is how the test's own JVM hears of it.
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
