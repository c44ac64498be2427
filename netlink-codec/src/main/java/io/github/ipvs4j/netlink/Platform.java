// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.channel.epoll.Epoll;

/** Tells whether this machine can speak netlink at all, before anything native is touched. */
final class Platform {
    private Platform() {}

    static void require(String what) {
        requireLinux(what, System.getProperty("os.name", "unknown"));
        Throwable cause = Epoll.unavailabilityCause();
        if (cause != null) {
            throw new SocketFailed(
                    what + ": Netty's native epoll transport did not load; put netty-transport-native-epoll with the"
                            + " classifier for " + System.getProperty("os.arch") + " on the class path ("
                            + cause.getMessage() + ")",
                    cause);
        }
    }

    static void requireLinux(String what, String system) {
        if (!system.equals("Linux")) {
            throw new SocketFailed(
                    what + ": this system is " + system + ", and only Linux has netlink; run this program on Linux 4.20"
                            + " or newer",
                    null);
        }
    }
}
