// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.nio.file.Path;
import java.util.List;

/** The kernel lab around this program, if there is one: see {@code src/it/lab} and CONTRIBUTING.md. */
public final class Lab {

    /** Set inside the lab only. */
    private static final String MARK = "IPVS4J_LAB";

    private Lab() {}

    /**
     * Tells whether this program runs in the lab.
     *
     * @return whether it does
     */
    public static boolean isHere() {
        return System.getenv(MARK) != null;
    }

    /**
     * Makes sure that this program runs in the lab.
     *
     * @throws IllegalStateException if it does not, with what to do about it
     */
    public static void require() {
        if (!isHere()) {
            throw new IllegalStateException(
                    "this needs the kernel lab: run it by mvn -Plab verify or inside script/lab, see CONTRIBUTING.md");
        }
    }

    /**
     * Brings the lab's network back to what it was after boot: no virtual servers, sets, rules, devices or tracked
     * connections, first values of sysctls. Everything that this program has started is killed.
     */
    public static void reset() {
        require();
        Commands.kill(ProcessHandle.current().descendants());
        CommandResult result = Place.HERE.attempt(script("reset.sh"));
        if (!result.succeeded() || !result.errors().isEmpty()) {
            throw new CommandFailedException(result);
        }
    }

    /**
     * What the kernel holds, as the usual tools print it: for the report of a failed test.
     *
     * @return addresses, routes, virtual servers, connections, sets, rules and the kernel's last messages since boot
     */
    public static String describe() {
        StringBuilder text = new StringBuilder();
        for (List<String> command : List.of(
                List.of("ip", "-brief", "address"),
                List.of("ip", "route"),
                List.of("ipvsadm", "--save", "--numeric"),
                List.of("ipvsadm", "--list", "--connection", "--numeric"),
                List.of("ipset", "save"),
                List.of("iptables-save"),
                List.of("ip6tables-save"),
                List.of("sh", "-c", "dmesg | sed '1,/lab: ready/d' | tail -n 20"))) {
            CommandResult result = Place.HERE.attempt(command.toArray(String[]::new));
            text.append("$ ").append(String.join(" ", command)).append('\n');
            text.append(result.output()).append(result.errors());
        }
        return text.toString();
    }

    static String script(String name) {
        require();
        return Path.of(System.getenv("IPVS4J_LAB_HOME"), name).toString();
    }
}
