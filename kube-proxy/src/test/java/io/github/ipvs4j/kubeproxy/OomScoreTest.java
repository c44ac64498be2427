// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OomScoreTest {
    @TempDir
    private Path root;

    @Test
    void writesTheScoreWhereItDiffers() throws IOException {
        Path file = Files.writeString(root.resolve("oom_score_adj"), "0\n");

        OomScore.set(file, -999);
        assertThat(file).hasContent("-999");
        OomScore.set(file, -999);
        assertThat(file).hasContent("-999");
    }

    @Test
    void goesOnWhereItMayNot() {
        OomScore.set(root.resolve("missing"), -999);

        assertThat(root.resolve("missing")).doesNotExist();
    }
}
