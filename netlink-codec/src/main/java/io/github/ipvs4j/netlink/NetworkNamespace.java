// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import com.sun.jna.LastErrorException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Opens sockets inside another network namespace without moving the calling thread there. */
final class NetworkNamespace {
    private NetworkNamespace() {}

    /**
     * Opens a socket in the namespace behind a path such as {@code /run/netns/blue}. A thread that has entered a
     * namespace cannot be trusted to come back, so one of its own opens the socket and ends.
     */
    static Transport open(String action, int protocol, SocketSettings settings, Path namespace) {
        String what = action + " in network namespace " + namespace;
        FutureTask<Transport> opening = new FutureTask<>(() -> {
            enter(what, namespace);
            return NetlinkSocket.open(what, protocol, settings);
        });
        Thread thread = new Thread(opening, "ipvs4j-namespace");
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    thread.join();
                    return opening.get();
                } catch (InterruptedException e) {
                    // Opening does not block; leaving now would lose the socket.
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NetlinkException failure) {
                throw failure;
            }
            throw new IllegalStateException(what, e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void enter(String what, Path namespace) {
        int descriptor;
        try {
            descriptor = LibC.open(namespace.toString(), LibC.O_RDONLY | LibC.O_CLOEXEC);
        } catch (LastErrorException e) {
            Errno errno = new Errno(e.getErrorCode());
            String remedy = errno.equals(Errno.ENOENT)
                    ? "check the path"
                    : errno.meaning() + "; the namespace of another process needs CAP_SYS_PTRACE";
            throw new SocketFailed(what + ": open: " + errno + "; " + remedy, e);
        }
        try {
            LibC.setns(descriptor, LibC.CLONE_NEWNET);
        } catch (LastErrorException e) {
            throw new SocketFailed(
                    what + ": setns: " + new Errno(e.getErrorCode())
                            + "; the path must be a network namespace and the process needs CAP_SYS_ADMIN",
                    e);
        } finally {
            LibC.close(descriptor);
        }
    }
}
