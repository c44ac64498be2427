// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether the configuration file is still the one that was read. As with kube-proxy, a change ends the program,
 * and whoever supervises it starts it with the new configuration. A file that is gone is taken for one that is being
 * replaced.
 */
final class ConfigWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

    private final @Nullable Path file;
    private final Optional<State> read;
    private boolean changed;

    /** What changes when a file is written or replaced. */
    private record State(
            Object modified, long size, @Nullable Object fileKey) {}

    /**
     * Remembers the file as it is now.
     *
     * @param file null if there is none, which never changes
     */
    ConfigWatch(@Nullable Path file) {
        this.file = file;
        this.read = state();
    }

    /** Returns whether the program may go on. */
    boolean test() {
        Optional<State> now = state();
        if (!changed && now.isPresent() && !now.equals(read)) {
            changed = true;
            LOG.info("{} has changed: this program ends, to be started anew with it", file);
        }
        return !changed;
    }

    private Optional<State> state() {
        if (file == null) {
            return Optional.empty();
        }
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new State(now.lastModifiedTime(), now.size(), now.fileKey()));
        } catch (IOException e) {
            LOG.debug("{} cannot be looked at", file, e);
            return Optional.empty();
        }
    }
}
