// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Finds out which node this is. */
final class NodeName {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private NodeName() {}

    /**
     * Returns the name of the own node, as its Node object and its endpoints have it.
     *
     * @param override what the command line says, empty if nothing
     * @return the override or else the host name, trimmed and in lower case; empty if neither is there
     */
    static String of(String override) {
        String name = override.isBlank() ? hostName() : override;
        return name.strip().toLowerCase(Locale.ROOT);
    }

    private static String hostName() {
        try {
            return Files.exists(HOST_NAME)
                    ? Files.readString(HOST_NAME)
                    : InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "";
        }
    }
}
