// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.io.IOException;
import java.util.LinkedHashMap;
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
     */
    static Map<String, String> wanted(String kernel) {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("net/ipv4/vs/conntrack", "1");
        if (dropsReusedPorts(kernel)) {
            wanted.put("net/ipv4/vs/conn_reuse_mode", "0");
        }
        wanted.put("net/ipv4/vs/expire_nodest_conn", "1");
        wanted.put("net/ipv4/vs/expire_quiescent_template", "1");
        wanted.put("net/ipv4/ip_forward", "1");
        return wanted;
    }

    /**
     * Makes all settings that are not as they must be.
     *
     * @return whether none failed
     */
    static boolean bring(KernelSettings settings, Pass pass) {
        boolean all = true;
        String kernel = "";
        try {
            kernel = settings.read("kernel/osrelease");
        } catch (IOException e) {
            all = false;
            pass.failed("the kernel's release: " + e);
        }
        for (Map.Entry<String, String> wanted : wanted(kernel).entrySet()) {
            try {
                if (!settings.read(wanted.getKey()).equals(wanted.getValue())) {
                    settings.write(wanted.getKey(), wanted.getValue());
                    pass.changed();
                }
            } catch (IOException e) {
                all = false;
                pass.failed("setting " + wanted.getKey().replace('/', '.') + " = " + wanted.getValue() + ": " + e);
            }
        }
        return all;
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
