// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The examples that the README names are right, and belong together. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    @Test
    void readsAllExamples() throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(EXAMPLES)) {
            files = entries.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }

        assertThat(files).isNotEmpty().allSatisfy(file -> {
            FileContent content = ManifestReader.read(file.getFileName().toString(), Files.readAllBytes(file));
            assertThat(content.problems()).isEmpty();
            assertThat(content.notes()).isEmpty();
            assertThat(content.objects()).isNotEmpty();
        });
    }
}
