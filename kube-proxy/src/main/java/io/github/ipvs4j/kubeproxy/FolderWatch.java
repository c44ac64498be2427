// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for changes of a folder. What changes in quick succession, as when an editor writes a file under another name
 * and renames it, is told once, when it has settled. Where the folder cannot be watched, or is replaced by another of
 * its name, the wait ends by its time limit and the folder is watched anew. One thread waits, any other may close.
 */
final class FolderWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
    private static final Duration SETTLED = Duration.ofMillis(100);
    private static final Duration LONGEST_SETTLING = Duration.ofSeconds(1);
    private static final WatchEvent.Kind<?>[] KINDS = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE
    };

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Path folder;
    private final @Nullable WatchService watcher;
    private @Nullable WatchKey key;
    private @Nullable Object watchedFolder;
    private boolean warned;

    /**
     * Begins to watch; what changes from now on ends the next wait.
     *
     * @param folder the folder
     */
    FolderWatch(Path folder) {
        this.folder = folder;
        this.watcher = watcher(folder);
        renew();
    }

    private static @Nullable WatchService watcher(Path folder) {
        try {
            return folder.getFileSystem().newWatchService();
        } catch (IOException e) {
            LOG.warn(
                    "the system gives no means to watch files ({}): changes of {} are noticed late, by looking"
                            + " every now and then; raise the sysctl fs.inotify.max_user_instances",
                    e.getMessage(),
                    folder);
            return null;
        }
    }

    /**
     * Waits until something changed in the folder and settled, or the time is over.
     *
     * @param limit how long to wait for the first change
     * @return false once the watch is closed
     */
    boolean await(Duration limit) {
        try {
            boolean changed = poll(limit);
            long start = System.nanoTime();
            while (changed && System.nanoTime() - start < LONGEST_SETTLING.toNanos()) {
                changed = poll(SETTLED);
            }
            renew();
        } catch (ClosedWatchServiceException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return closed.getCount() > 0;
    }

    private boolean poll(Duration limit) throws InterruptedException {
        if (watcher == null) {
            closed.await(limit.toNanos(), TimeUnit.NANOSECONDS);
            return false;
        }
        WatchKey signalled = watcher.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        if (signalled == null) {
            return false;
        }
        signalled.pollEvents();
        signalled.reset();
        return true;
    }

    /** Watches the folder that has the name now, if it is not the one watched already. */
    private void renew() {
        if (watcher == null) {
            return;
        }
        try {
            Object present =
                    Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
            WatchKey current = key;
            if (current != null && current.isValid() && Objects.equals(present, watchedFolder)) {
                return;
            }
            if (current != null) {
                current.cancel();
            }
            key = folder.register(watcher, KINDS);
            watchedFolder = present;
            warned = false;
        } catch (NoSuchFileException e) {
            LOG.debug("folder {} is not there; looking for it every now and then", folder);
        } catch (IOException e) {
            if (!warned) {
                warned = true;
                LOG.warn("folder {} cannot be watched: {}; looking for it every now and then", folder, e.toString());
            }
        }
    }

    /** Ends the present wait and all later ones. */
    @Override
    public void close() {
        closed.countDown();
        if (watcher != null) {
            try {
                watcher.close();
            } catch (IOException e) {
                LOG.debug("the watch of {} did not close: {}", folder, e.getMessage());
            }
        }
    }
}
