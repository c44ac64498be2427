// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.util.regex.Pattern;

/** Checks names of network devices before they stand in rules. */
final class DeviceNames {
    /** The kernel's IFNAMSIZ without the byte that ends the name. */
    static final int LONGEST = 15;

    /** What the kernel takes, less what iptables gives a meaning of its own. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.@:=,~^-]+");

    private DeviceNames() {}

    /** Checks that a name is neither too long nor of other characters than names of devices have. */
    static void check(String what, String name, int longest) {
        if (name.length() > longest
                || name.startsWith("-")
                || !PLAIN.matcher(name).matches()) {
            throw new IllegalArgumentException(what + " '" + name + "': expected 1 to " + longest
                    + " letters, digits and characters such as - _ . @");
        }
    }
}
