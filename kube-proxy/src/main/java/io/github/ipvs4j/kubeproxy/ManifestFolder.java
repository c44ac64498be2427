// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a folder whose names end in {@code .yaml}, {@code .yml} or {@code .json}. Folders in it and files whose
 * names begin with a dot, as those that editors write to have, are left alone. Used by one thread.
 */
final class ManifestFolder {
    private static final Set<String> ENDINGS = Set.of("yaml", "yml", "json");
    private static final long LARGEST_FILE = 128L << 20;

    /** A file changed so shortly before it was read may have changed again without a new time stamp. */
    private static final Duration TIME_STAMP_DOUBT = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(ManifestFolder.class);

    private final Path folder;
    private final LastGood lastGood;
    private final Map<String, Seen> seen = new HashMap<>();
    private boolean pruned;

    ManifestFolder(Path folder, LastGood lastGood) {
        this.folder = folder;
        this.lastGood = lastGood;
    }

    /**
     * Reads the files that are new or changed since the last call.
     *
     * @return by file name, in order, what was read; empty for a file that is gone
     * @throws IOException if the folder cannot be listed; then nothing counts as changed
     */
    Map<String, Optional<FileContent>> changes() throws IOException {
        Set<String> names = names();
        Map<String, Optional<FileContent>> changes = new TreeMap<>();
        for (String name : names) {
            readIfChanged(name).ifPresent(content -> changes.put(name, Optional.of(content)));
        }
        Set<String> gone = new TreeSet<>(seen.keySet());
        gone.removeAll(names);
        gone.forEach(name -> changes.put(name, Optional.empty()));
        seen.keySet().retainAll(names);
        if (!pruned || !gone.isEmpty()) {
            lastGood.retain(names);
            pruned = true;
        }
        return changes;
    }

    private Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, ManifestFolder::isManifest)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    private static boolean isManifest(Path path) {
        String name = path.getFileName().toString();
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && name.contains(".") && ENDINGS.contains(ending) && !Files.isDirectory(path);
    }

    private Optional<FileContent> readIfChanged(String name) {
        Path path = folder.resolve(name);
        Seen before = seen.get(name);
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            if (before != null && before.surelySame(now)) {
                return Optional.empty();
            }
            if (!now.isRegularFile()) {
                return failed(name, "not an ordinary file; put a file or a link to one there");
            }
            if (now.size() > LARGEST_FILE) {
                return failed(name, "larger than " + (LARGEST_FILE >> 20) + " MiB; split it into several files");
            }
            Instant readAt = Instant.now();
            byte[] bytes = Files.readAllBytes(path);
            FileContent content = ManifestReader.read(name, bytes);
            if (!content.broken()) {
                lastGood.keep(name, bytes);
            }
            return remember(name, new Seen(now, readAt, content));
        } catch (NoSuchFileException e) {
            return failed(name, "a link to a file that does not exist; correct the link, or remove it");
        } catch (IOException e) {
            return failed(name, "cannot be read (" + reason(e) + "); check its owner and permissions");
        }
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }

    private Optional<FileContent> failed(String name, String text) {
        FileContent content = FileContent.unreadable(new Problem(Place.whole(name), text));
        return remember(name, new Seen(null, Instant.EPOCH, content));
    }

    private Optional<FileContent> remember(String name, Seen now) {
        Seen before = seen.put(name, now);
        if (before == null && now.content.broken()) {
            return Optional.of(withLastGood(name, now.content));
        }
        return before != null && before.content.equals(now.content) ? Optional.empty() : Optional.of(now.content);
    }

    /** Adds to a broken file, read for the first time, what an earlier run of this program knew of it. */
    private FileContent withLastGood(String name, FileContent broken) {
        Map<ObjectId, Manifest> known = lastGood.objects(name);
        if (!known.isEmpty()) {
            LOG.info("{}: broken, used as it was when it was last right", name);
        }
        Map<ObjectId, Manifest> objects = new LinkedHashMap<>(broken.objects());
        objects.putAll(known);
        return new FileContent(objects, broken.problems(), broken.leftOut(), broken.notes());
    }

    /**
     * A file as it was read last.
     *
     * @param attributes its attributes just before that, none if it could not be read
     * @param readAt when that was
     * @param content what it gave
     */
    private record Seen(@Nullable BasicFileAttributes attributes, Instant readAt, FileContent content) {
        boolean surelySame(BasicFileAttributes now) {
            if (attributes == null) {
                return false;
            }
            FileTime modified = now.lastModifiedTime();
            boolean doubtful = modified.toInstant().isAfter(readAt.minus(TIME_STAMP_DOUBT));
            return !doubtful
                    && modified.equals(attributes.lastModifiedTime())
                    && now.size() == attributes.size()
                    && Objects.equals(now.fileKey(), attributes.fileKey());
        }
    }
}
