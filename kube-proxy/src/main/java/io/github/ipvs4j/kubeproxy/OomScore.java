// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How willing the kernel is to end this process when memory runs out. */
final class OomScore {
    private static final Logger LOG = LoggerFactory.getLogger(OomScore.class);

    private OomScore() {}

    /**
     * Sets the score, or says in the log why it stays as it is.
     *
     * @param file {@code /proc/self/oom_score_adj}, but in tests
     * @param score -1000 for never, 1000 for first
     */
    static void set(Path file, int score) {
        String text = Integer.toString(score);
        try {
            if (!Files.readString(file).strip().equals(text)) {
                Files.writeString(file, text);
            }
        } catch (IOException e) {
            LOG.info("oomScoreAdj: {} cannot be set to {} ({}): it stays as it is", file, score, e.toString());
        }
    }
}
