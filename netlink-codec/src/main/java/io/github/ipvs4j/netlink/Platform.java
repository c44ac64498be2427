// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/** Tells whether this machine can speak netlink at all, before anything native is touched. */
final class Platform {
    private Platform() {}

    static void require(String what) {
        requireLinux(what, System.getProperty("os.name", "unknown"));
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
