// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads objects as a real API server served them, every default filled in. */
class GoldenObjectsTest {
    @ParameterizedTest
    @CsvSource({
        "clusterip-basic, 5, 5, 2, 0",
        "nodeport, 3, 3, 2, 0",
        "dual-stack, 6, 7, 2, 0",
        "headless-externalname, 4, 2, 2, 3",
        "endpoint-conditions, 9, 9, 2, 0",
        "topology-hints, 9, 9, 2, 0"
    })
    void readsWhatTheApiServerServes(String scenario, int services, int slices, int nodes, int leftOut)
            throws IOException {
        FileContent content = read(scenario);

        assertThat(content.problems()).isEmpty();
        assertThat(count(content, ObjectId.Kind.SERVICE)).isEqualTo(services);
        assertThat(count(content, ObjectId.Kind.ENDPOINT_SLICE)).isEqualTo(slices);
        assertThat(count(content, ObjectId.Kind.NODE)).isEqualTo(nodes);
        assertThat(content.notes()).hasSize(leftOut + 1).last().asString().contains("ignored 1 ServiceCIDR");
    }

    private static long count(FileContent content, ObjectId.Kind kind) {
        return content.objects().keySet().stream()
                .filter(id -> id.kind() == kind)
                .count();
    }

    private static FileContent read(String scenario) throws IOException {
        String name = scenario + ".json";
        try (InputStream in = GoldenObjectsTest.class.getResourceAsStream("/golden/" + name)) {
            return ManifestReader.read(name, Objects.requireNonNull(in).readAllBytes());
        }
    }
}
