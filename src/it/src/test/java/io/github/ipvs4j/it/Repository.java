// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it;

import java.net.URI;
import java.nio.file.Path;

/** Where things are, seen from these tests. */
final class Repository {
    /** The folder with the root pom: these classes lie in src/it/target/test-classes. */
    static final Path ROOT = Path.of(
                    URI.create(Repository.class.getResource("/").toString()))
            .resolve("../../../..")
            .normalize();

    /** The program of the README. */
    static final Path EXAMPLE = ROOT.resolve("src/it/consumers/load-balancer/src/main/java/LoadBalancer.java");

    private Repository() {}
}
