// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** How the program ends; the numbers stay as they are. 14 is that of the start script where no Java is found. */
enum ExitCode {
    /** All was applied, or the program was told to end. */
    OK(0, "all done (--once, --cleanup, ...), or ended by SIGTERM or SIGINT; the kernel keeps its state"),

    /** Where the program does one thing and ends: something could not be done. */
    INCOMPLETE(
            1,
            "--once, --dry-run: a file could not be read or an object not be applied as it stands; --cleanup,"
                    + " --init-only: something could not be done; the rest was"),

    /** The command line or the configuration is wrong. */
    USAGE(2, "wrong arguments or configuration"),

    /** There is no netlink here. */
    NOT_LINUX(10, "this system is not Linux"),

    /** The kernel has no IPVS or ipset. */
    MODULE_MISSING(11, "the kernel lacks a part, such as the module ip_vs"),

    /** The process may not do it. */
    NOT_PERMITTED(12, "the capability CAP_NET_ADMIN is missing"),

    /** The system refused something else. */
    SYSTEM(13, "the kernel could not be spoken to for another reason"),

    /** The configuration file has changed; whoever supervises the program starts it anew. */
    CONFIGURATION_CHANGED(15, "the file of --config has changed; start the program anew"),

    /** A fault of this program. */
    INTERNAL(70, "a fault of this program");

    /** What the kernel says where a subsystem is not there; EINVAL is nfnetlink's word for it. */
    private static final Set<Errno> MISSING =
            Set.of(Errno.EINVAL, Errno.ENOENT, Errno.EOPNOTSUPP, new Errno(93), new Errno(94), new Errno(97));

    private static final Set<Errno> FORBIDDEN = Set.of(Errno.EPERM, new Errno(13));

    private final int status;
    private final String meaning;

    ExitCode(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    /** Returns the exit status of the process. */
    int status() {
        return status;
    }

    /** Returns the table for {@code --help}. */
    static Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        Arrays.stream(values()).forEach(code -> table.put(Integer.toString(code.status), code.meaning));
        return table;
    }

    /**
     * Returns how the program ends after it could not open what it needs of the kernel.
     *
     * @param failure why not
     * @param system the name of the operating system
     * @return never {@link #OK}
     */
    static ExitCode of(NetlinkException failure, String system) {
        if (!system.equals("Linux")) {
            return NOT_LINUX;
        }
        if (failure instanceof KernelRejected rejected) {
            if (FORBIDDEN.contains(rejected.errno())) {
                return NOT_PERMITTED;
            }
            if (MISSING.contains(rejected.errno())) {
                return MODULE_MISSING;
            }
        }
        return SYSTEM;
    }
}
