// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.ObjectSink;
import io.github.ipvs4j.reconciler.ServiceSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a folder of manifests, and says in the log, once, what is wrong with them. What it feeds costs as much as the
 * files that changed. Used by one thread.
 */
final class ManifestSource implements ServiceSource {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestSource.class);

    private final Path path;
    private final ManifestFolder folder;
    private final Catalog catalog = new Catalog();
    private Set<Problem> told = Set.of();
    private boolean listed;
    private boolean folderMissing;

    ManifestSource(Path path, LastGood lastGood) {
        this.path = path;
        this.folder = new ManifestFolder(path, lastGood);
    }

    /** Feeds what changed since the last call; what cannot be read changes nothing. */
    @Override
    public boolean feed(ObjectSink sink) {
        Delta delta = changes();
        delta.puts().forEach(manifest -> manifest.body().putInto(sink));
        delta.removals().forEach(id -> id.removeFrom(sink));
        return !delta.isEmpty();
    }

    private Delta changes() {
        try {
            Map<String, Optional<FileContent>> changes = folder.changes();
            listed = true;
            changes.values()
                    .forEach(content -> content.ifPresent(read -> read.notes().forEach(LOG::info)));
            Delta delta = catalog.update(changes);
            folderMissing = false;
            tellProblems();
            return delta;
        } catch (IOException e) {
            if (!folderMissing) {
                folderMissing = true;
                LOG.warn("folder {} cannot be read ({}): everything stays as it is until it can", path, e.toString());
            }
            return Delta.empty();
        }
    }

    private void tellProblems() {
        List<Problem> problems = catalog.problems();
        problems.stream().filter(problem -> !told.contains(problem)).forEach(problem -> LOG.warn("{}", problem));
        if (problems.isEmpty() && !told.isEmpty()) {
            LOG.info("all manifests are right again");
        } else if (!told.containsAll(problems)) {
            LOG.warn(
                    "{} in the manifests; objects that cannot be used stay as they are in the kernel",
                    Counted.of(problems.size(), "problem"));
        }
        told = new HashSet<>(problems);
    }

    /** Tells whether the folder and every file in it could be read, and all objects in them could be used. */
    boolean complete() {
        return !folderMissing && told.isEmpty();
    }

    /** Tells whether the folder could be listed at any time; until then, nothing is known of what is wanted. */
    @Override
    public boolean hasSynced() {
        return listed;
    }

    /** Returns how many objects of a kind are in use. */
    long count(ObjectId.Kind kind) {
        return catalog.count(kind);
    }
}
