// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a copy of each file as it was when it was last right, so that the kernel keeps the objects of a broken file
 * also when the program starts anew. The copies belong to a network namespace, as the kernel's state does, and lie
 * where a reboot takes them away together with it. Where they cannot be written, this program works without them.
 */
final class LastGood {
    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
    private static final Path OWN_NAMESPACE = Path.of("/proc/self/ns/net");
    private static final String UNFINISHED = ".unfinished";

    private final Path copies;
    private final boolean writes;
    private boolean warned;

    private LastGood(Path copies, boolean writes) {
        this.copies = copies;
        this.writes = writes;
    }

    /**
     * Finds the copies of a folder's files.
     *
     * @param root where the copies of all folders lie; made when it is needed
     * @param folder the folder of manifests
     * @return its copies
     */
    static LastGood in(Path root, Path folder) {
        String whose = namespace() + " " + folder.toAbsolutePath().normalize();
        return new LastGood(
                root.resolve("manifests-" + UUID.nameUUIDFromBytes(whose.getBytes(StandardCharsets.UTF_8))), true);
    }

    /** Returns the same copies for one who only looks at them. */
    LastGood readOnly() {
        return new LastGood(copies, false);
    }

    private static String namespace() {
        try {
            return Files.readSymbolicLink(OWN_NAMESPACE).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** Keeps what a file that is right has in it. */
    void keep(String file, byte[] bytes) {
        if (!writes) {
            return;
        }
        try {
            Path copy = copies.resolve(file);
            if (!Files.exists(copy) || !Arrays.equals(Files.readAllBytes(copy), bytes)) {
                Files.createDirectories(copies);
                Path unfinished = Files.write(copies.resolve(UNFINISHED), bytes);
                Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Forgets the copies of all files but some. */
    void retain(Set<String> files) {
        if (!writes) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(copies)) {
            for (Path entry : entries) {
                if (!files.contains(entry.getFileName().toString())) {
                    Files.deleteIfExists(entry);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("no copies in {}", copies);
        } catch (DirectoryIteratorException | IOException e) {
            failed(e);
        }
    }

    /** Returns the objects of a file as it was when it was last right; none if there is no copy. */
    Map<ObjectId, Manifest> objects(String file) {
        try {
            Path copy = copies.resolve(file);
            if (Files.exists(copy)) {
                FileContent content = ManifestReader.read(file, Files.readAllBytes(copy));
                return content.broken() ? Map.of() : content.objects();
            }
        } catch (IOException e) {
            failed(e);
        }
        return Map.of();
    }

    private void failed(Exception e) {
        if (!warned) {
            warned = true;
            LOG.warn(
                    "cannot keep copies in {} ({}): a file that is broken when this program starts has no last good"
                            + " state; name a writable folder with --state-dir",
                    copies,
                    e.toString());
        }
    }
}
