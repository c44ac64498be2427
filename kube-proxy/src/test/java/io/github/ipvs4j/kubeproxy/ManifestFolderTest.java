// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFolderTest {
    private static final String BROKEN = "a: [";

    @TempDir
    private Path root;

    private Path folder;
    private ManifestFolder manifests;

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectory(root.resolve("manifests"));
        manifests = restarted();
    }

    @Test
    void readsOnlyFilesOfKnownNames() throws IOException {
        for (String name : List.of("a.yaml", "b.yml", "c.YAML")) {
            write(name, Manifests.service("x", "10.96.0.1"));
        }
        for (String name :
                List.of(".a.yaml", ".a.yaml.swp", "a.yaml~", "#a.yaml#", "a.yaml.tmp", "yaml", "readme.md", "4913")) {
            write(name, BROKEN);
        }
        Files.createDirectory(folder.resolve("d.yaml"));
        Files.createDirectory(folder.resolve("sub"));
        Files.writeString(folder.resolve("sub/e.yaml"), BROKEN);

        assertThat(changes()).containsExactly("a.yaml good", "b.yml good", "c.YAML good");
    }

    @Test
    void tellsEachChangeOnce() throws IOException {
        write("a.yaml", Manifests.service("x", "10.96.0.1"));
        write("b.yaml", Manifests.service("y", "10.96.0.2"));

        assertThat(changes()).containsExactly("a.yaml good", "b.yaml good");
        assertThat(changes()).isEmpty();
        write("b.yaml", Manifests.service("y", "10.96.0.3"));
        assertThat(changes()).containsExactly("b.yaml good");
        Files.delete(folder.resolve("a.yaml"));
        assertThat(changes()).containsExactly("a.yaml gone");
        assertThat(changes()).isEmpty();
    }

    @Test
    void tellsOfAFileThatWasRenamedIntoPlace() throws IOException {
        write("a.yaml", Manifests.service("x", "10.96.0.1"));
        changes();
        write("a.yaml.new", Manifests.service("x", "10.96.0.2"));
        Files.move(folder.resolve("a.yaml.new"), folder.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(changes()).containsExactly("a.yaml good");
    }

    @Test
    void followsLinksAsThoseOfMountedConfigMaps() throws IOException {
        Path first = Files.createDirectory(folder.resolve("..first"));
        Path second = Files.createDirectory(folder.resolve("..second"));
        Files.writeString(first.resolve("a.yaml"), Manifests.service("x", "10.96.0.1"));
        Files.writeString(second.resolve("a.yaml"), Manifests.service("x", "10.96.0.2"));
        Files.createSymbolicLink(folder.resolve("..data"), first);
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data", "a.yaml"));
        changes();

        Files.createSymbolicLink(folder.resolve("..new"), second);
        Files.move(folder.resolve("..new"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(changes()).containsExactly("a.yaml good");
    }

    @Test
    void noticesAChangeWithinTheSameTimeStamp() throws IOException {
        // So late that it is in doubt however long this test takes.
        FileTime late = FileTime.from(Instant.now().plusSeconds(3600));
        Path file = write("a.yaml", Manifests.service("x", "10.96.0.1"));
        Files.setLastModifiedTime(file, late);
        changes();
        write("a.yaml", Manifests.service("x", "10.96.0.2"));
        Files.setLastModifiedTime(file, late);

        assertThat(changes()).containsExactly("a.yaml good");
    }

    @Test
    void doesNotReadAgainWhatIsSurelyTheSame() throws IOException {
        FileTime old = FileTime.from(Instant.now().minusSeconds(60));
        Path file = write("a.yaml", Manifests.service("x", "10.96.0.1"));
        Files.setLastModifiedTime(file, old);
        changes();
        write("a.yaml", Manifests.service("x", "10.96.0.2"));
        Files.setLastModifiedTime(file, old);

        assertThat(changes()).isEmpty();
    }

    @Test
    void tellsOfLinksThatLeadNowhere() throws IOException {
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("nowhere"));

        assertThat(manifests.changes().get("a.yaml").orElseThrow().problems())
                .extracting(Problem::toString)
                .containsExactly("a.yaml: a link to a file that does not exist; correct the link, or remove it");
        assertThat(changes()).isEmpty();
        Files.writeString(folder.resolve("nowhere"), Manifests.service("x", "10.96.0.1"));
        assertThat(changes()).containsExactly("a.yaml good");
    }

    @Test
    void changesNothingWhenTheFolderIsGone() throws IOException {
        write("a.yaml", Manifests.service("x", "10.96.0.1"));
        changes();
        Path aside = root.resolve("aside");
        Files.move(folder, aside);

        assertThatThrownBy(manifests::changes).isInstanceOf(NoSuchFileException.class);
        Files.move(aside, folder);
        assertThat(changes()).isEmpty();
    }

    @Test
    void knowsTheLastGoodStateOfABrokenFileAfterARestart() throws IOException {
        write("a.yaml", Manifests.service("x", "10.96.0.1"));
        changes();
        write("a.yaml", BROKEN);
        changes();

        FileContent content = restarted().changes().get("a.yaml").orElseThrow();

        assertThat(content.broken()).isTrue();
        assertThat(content.objects().keySet()).containsExactly(Manifests.serviceId("x"));
    }

    @Test
    void forgetsTheLastGoodStateOfAFileThatIsGone() throws IOException {
        write("a.yaml", Manifests.service("x", "10.96.0.1"));
        write("b.yaml", Manifests.service("y", "10.96.0.2"));
        changes();
        Files.delete(folder.resolve("a.yaml"));
        changes();
        Files.delete(folder.resolve("b.yaml"));
        restarted().changes();
        write("a.yaml", BROKEN);
        write("b.yaml", BROKEN);

        assertThat(restarted().changes().values())
                .allSatisfy(
                        content -> assertThat(content.orElseThrow().objects()).isEmpty());
    }

    @Test
    void worksWithoutAPlaceForTheLastGoodState() throws IOException {
        Path file = Files.createFile(root.resolve("file"));
        ManifestFolder without = new ManifestFolder(folder, LastGood.in(file, folder));
        write("a.yaml", Manifests.service("x", "10.96.0.1"));
        write("b.yaml", BROKEN);

        assertThat(describe(without.changes())).containsExactly("a.yaml good", "b.yaml broken");
    }

    private ManifestFolder restarted() {
        return new ManifestFolder(folder, LastGood.in(root.resolve("state"), folder));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Stream<String> changes() throws IOException {
        return describe(manifests.changes());
    }

    private static Stream<String> describe(Map<String, Optional<FileContent>> changes) {
        return changes.entrySet().stream()
                .map(change -> change.getKey() + " "
                        + change.getValue()
                                .map(content -> content.broken() ? "broken" : "good")
                                .orElse("gone"));
    }
}
