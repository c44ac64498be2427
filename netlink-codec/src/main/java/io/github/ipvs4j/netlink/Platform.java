// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.Set;
import java.util.TreeSet;

/** Tells whether this machine can speak netlink at all. */
final class Platform {
    /** Of 64 bits, with the numbers for errors and options that most machines share. */
    private static final Set<String> MACHINES = Set.of("amd64", "aarch64", "riscv64");

    private Platform() {}

    /**
     * Loads what is native.
     *
     * @param what is being tried, for the error
     * @throws SocketFailed if there is no netlink here, or no way to it
     */
    static void require(String what) {
        requireLinux(what, System.getProperty("os.name", "unknown"));
        requireMachine(what, System.getProperty("os.arch", "unknown"));
        try {
            LibC.lastError();
        } catch (LinkageError e) {
            throw new SocketFailed(
                    what + ": the native code of JNA did not load (" + e.getMessage()
                            + "); name a folder from which code may be run with -Djna.tmpdir",
                    e);
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

    static void requireMachine(String what, String machine) {
        if (!MACHINES.contains(machine)) {
            throw new SocketFailed(
                    what + ": this Java is for " + machine
                            + ", whose sizes and numbers are not known here; use one for "
                            + String.join(", ", new TreeSet<>(MACHINES)),
                    null);
        }
    }
}
