// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.Timeouts;
import io.github.ipvs4j.netlink.NetlinkException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel's settings without which IPVS does not carry Services. */
final class Preparation {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
    private static final int FIXED_MAJOR = 5;
    private static final int FIXED_MINOR = 9;
    private static final int KNOWN_MAJOR = 4;
    private static final int KNOWN_MINOR = 1;

    private Preparation() {}

    /**
     * Returns the settings that must be, in the order in which they are made.
     *
     * @param kernel the kernel's release, for example {@code 6.1.0-21-amd64}
     * @param settings what the owner decided
     */
    static Map<String, String> wanted(String kernel, Settings settings) {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("net/ipv4/vs/conntrack", "1");
        if (dropsReusedPorts(kernel)) {
            wanted.put("net/ipv4/vs/conn_reuse_mode", "0");
        }
        wanted.put("net/ipv4/vs/expire_nodest_conn", "1");
        wanted.put("net/ipv4/vs/expire_quiescent_template", "1");
        wanted.put("net/ipv4/ip_forward", "1");
        if (settings.strictArp()) {
            wanted.put("net/ipv4/conf/all/arp_ignore", "1");
            wanted.put("net/ipv4/conf/all/arp_announce", "2");
        }
        return wanted;
    }

    /**
     * Makes all settings that are not as they must be.
     *
     * @return whether none failed
     */
    static boolean bring(Kernel kernel, Settings settings, Pass pass) {
        boolean timed = bringTimeouts(kernel, settings.timeouts(), pass);
        return bringSysctls(kernel.settings(), settings, pass) && timed;
    }

    static boolean bringSysctls(KernelSettings files, Settings settings, Pass pass) {
        Map<String, String> differing = new LinkedHashMap<>();
        boolean all = findDiffering(files, settings, differing, pass);
        for (Map.Entry<String, String> wanted : differing.entrySet()) {
            try {
                files.write(wanted.getKey(), wanted.getValue());
                pass.changed(ChangeKind.SETTING);
            } catch (IOException e) {
                all = false;
                failed(wanted, e, pass);
            }
        }
        return all;
    }

    /**
     * Finds the settings that are not as they must be.
     *
     * @param differing takes them, with the values they must have
     * @return whether all could be read
     */
    private static boolean findDiffering(
            KernelSettings files, Settings settings, Map<String, String> differing, Pass pass) {
        boolean all = true;
        String release = "";
        try {
            release = files.read("kernel/osrelease");
        } catch (IOException e) {
            all = false;
            pass.failed("the kernel's release: " + e);
        }
        for (Map.Entry<String, String> wanted : wanted(release, settings).entrySet()) {
            try {
                if (!files.read(wanted.getKey()).equals(wanted.getValue())) {
                    differing.put(wanted.getKey(), wanted.getValue());
                }
            } catch (IOException e) {
                all = false;
                failed(wanted, e, pass);
            }
        }
        return all;
    }

    private static void failed(Map.Entry<String, String> wanted, IOException why, Pass pass) {
        pass.failed("setting " + wanted.getKey().replace('/', '.') + " = " + wanted.getValue() + ": " + why);
    }

    /** Returns what would be done, as commands. */
    static List<String> plan(Kernel kernel, Settings settings, Pass pass) {
        Map<String, String> differing = new LinkedHashMap<>();
        findDiffering(kernel.settings(), settings, differing, pass);
        List<String> commands = new ArrayList<>();
        differing.forEach((key, value) -> commands.add("sysctl -w " + key.replace('/', '.') + "=" + value));
        Timeouts timeouts = settings.timeouts();
        if (differ(kernel, timeouts)) {
            commands.add("ipvsadm --set " + timeouts.tcp().toSeconds() + " "
                    + timeouts.tcpFinWait().toSeconds() + " "
                    + timeouts.udp().toSeconds());
        }
        return commands;
    }

    private static boolean bringTimeouts(Kernel kernel, Timeouts wanted, Pass pass) {
        try {
            if (differ(kernel, wanted)) {
                kernel.ipvs().setTimeouts(wanted);
                pass.changed(ChangeKind.SETTING);
            }
            return true;
        } catch (NetlinkException e) {
            pass.failed("timeouts of connections, " + wanted + ": " + e.getMessage());
            return false;
        }
    }

    private static boolean differ(Kernel kernel, Timeouts wanted) {
        if (wanted.equals(new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO))) {
            return false;
        }
        Timeouts actual = kernel.ipvs().timeouts();
        return !actual.equals(new Timeouts(
                either(wanted.tcp(), actual.tcp()),
                either(wanted.tcpFinWait(), actual.tcpFinWait()),
                either(wanted.udp(), actual.udp())));
    }

    private static Duration either(Duration wanted, Duration actual) {
        return wanted.isZero() ? actual : wanted;
    }

    /**
     * Before 5.9, mode 1 drops the first packet of a connection that reuses the port of one that just ended, and so
     * delays it by a second (kubernetes/kubernetes#81775, #93297). 4.1 brought the setting.
     */
    private static boolean dropsReusedPorts(String kernel) {
        Matcher version = VERSION.matcher(kernel);
        return version.matches()
                && atLeast(version, KNOWN_MAJOR, KNOWN_MINOR)
                && !atLeast(version, FIXED_MAJOR, FIXED_MINOR);
    }

    private static boolean atLeast(Matcher version, int major, int minor) {
        int actual = Integer.parseInt(version.group(1));
        return actual > major || (actual == major && Integer.parseInt(version.group(2)) >= minor);
    }
}
