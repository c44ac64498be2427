// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Configuration files of tests, and short ways to read them. */
final class Configs {
    static final String HEAD = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

    private Configs() {}

    /** Returns a file that a real kube-proxy ran with, by the name of its scenario. */
    static Path golden(String scenario) {
        return resource("/golden/config/" + scenario + ".yaml");
    }

    static Path resource(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(Configs.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path write(Path folder, String text) {
        try {
            return Files.writeString(folder.resolve("config.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ConfigFile file(Path path) {
        try {
            return ConfigFile.read(path);
        } catch (UnreadableManifest e) {
            throw new AssertionError(e);
        }
    }

    /** Reads what must be without fault. */
    static KubeProxyConfiguration good(ConfigSource source) {
        KubeProxyConfiguration configuration = ConfigReader.read(source);
        if (!source.problems().isEmpty()) {
            throw new AssertionError(source.problems().toString());
        }
        return configuration;
    }

    static List<String> problems(ConfigSource source) {
        ConfigReader.read(source);
        return source.problems().stream().map(Problem::toString).toList();
    }
}
