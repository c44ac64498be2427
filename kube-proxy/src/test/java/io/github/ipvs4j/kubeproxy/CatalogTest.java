// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private static final String BROKEN = "a: [";

    private final Catalog catalog = new Catalog();

    @Test
    void tellsWhatIsNewChangedAndGone() {
        assertThat(ids(update("a.yaml", services("x 1", "y 2")))).containsExactly("put x", "put y");
        assertThat(ids(update("a.yaml", services("x 1", "y 3", "z 4")))).containsExactly("put y", "put z");
        assertThat(ids(update("a.yaml", services("z 4")))).containsExactly("remove x", "remove y");
        assertThat(ids(update("a.yaml", null))).containsExactly("remove z");
        assertThat(catalog.count(ObjectId.Kind.SERVICE)).isZero();
    }

    @Test
    void tellsNothingOfAFileThatOnlyLooksDifferent() {
        update("a.yaml", services("x 1"));

        assertThat(update("a.yaml", "# moved\n" + services("x 1")).isEmpty()).isTrue();
    }

    @Test
    void keepsTheLastGoodStateOfABrokenFile() {
        update("a.yaml", services("x 1", "y 2"));

        assertThat(update("a.yaml", BROKEN).isEmpty()).isTrue();
        assertThat(catalog.problems()).hasSize(1);
        assertThat(catalog.count(ObjectId.Kind.SERVICE)).isEqualTo(2);
        assertThat(ids(update("a.yaml", services("x 3")))).containsExactly("put x", "remove y");
        assertThat(catalog.problems()).isEmpty();
    }

    @Test
    void keepsAllObjectsOfAFileAsTheyWereWhileOneIsWrong() {
        update("a.yaml", services("x 1", "y 2"));

        assertThat(update("a.yaml", services("x 9", "y nonsense")).isEmpty()).isTrue();
        assertThat(ids(update("a.yaml", services("x 9", "y 2")))).containsExactly("put x");
    }

    @Test
    void takesNewGoodObjectsOfABrokenFile() {
        update("a.yaml", services("x 1"));

        assertThat(ids(update("a.yaml", services("x 1", "y 2", "z nonsense")))).containsExactly("put y");
    }

    @Test
    void removesTheObjectsOfABrokenFileThatIsDeleted() {
        update("a.yaml", services("x 1"));
        update("a.yaml", BROKEN);

        assertThat(ids(update("a.yaml", null))).containsExactly("remove x");
        assertThat(catalog.problems()).isEmpty();
    }

    @Test
    void leavesAnObjectToTheFileThatHadItFirst() {
        update("b.yaml", services("x 1"));

        assertThat(update("a.yaml", services("x 2")).isEmpty()).isTrue();
        assertThat(problems())
                .containsExactly(
                        "a.yaml:1:1: Service default/x: also stands in b.yaml:1:1, which is used; remove one of"
                                + " them");
        assertThat(ids(update("b.yaml", services("x 3")))).containsExactly("put x");
        assertThat(ids(update("b.yaml", null))).containsExactly("put x");
        assertThat(problems()).isEmpty();
    }

    @Test
    void leavesAnObjectToTheFirstNameAmongFilesThatComeTogether() {
        Delta delta = catalog.update(
                Map.of("b.yaml", read("b.yaml", services("x 1")), "a.yaml", read("a.yaml", services("x 2"))));

        assertThat(delta.puts()).extracting(manifest -> manifest.place().file()).containsExactly("a.yaml");
        assertThat(problems()).hasSize(1).first().asString().startsWith("b.yaml:1:1: ");
    }

    @Test
    void followsAnObjectThatMovesToAnotherFile() {
        update("a.yaml", services("x 1"));
        Map<String, Optional<FileContent>> renamed = new HashMap<>();
        renamed.put("a.yaml", Optional.empty());
        renamed.put("b.yaml", read("b.yaml", services("x 1")));

        assertThat(catalog.update(renamed).isEmpty()).isTrue();
        assertThat(catalog.count(ObjectId.Kind.SERVICE)).isEqualTo(1);
    }

    private List<String> problems() {
        return catalog.problems().stream().map(Problem::toString).toList();
    }

    private Delta update(String file, @Nullable String text) {
        Map<String, Optional<FileContent>> changes = new HashMap<>();
        changes.put(file, text == null ? Optional.empty() : read(file, text));
        return catalog.update(changes);
    }

    private static Optional<FileContent> read(String file, String text) {
        return Optional.of(ManifestReader.read(file, text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    /** Makes Services of names and last numbers of their addresses. */
    private static String services(String... namesAndNumbers) {
        return String.join(
                "---\n",
                List.of(namesAndNumbers).stream()
                        .map(text -> text.split(" "))
                        .map(parts -> Manifests.service(parts[0], "10.96.0." + parts[1]))
                        .toList());
    }

    private static List<String> ids(Delta delta) {
        List<String> ids = new java.util.ArrayList<>();
        delta.puts().forEach(manifest -> ids.add("put " + manifest.id().name()));
        delta.removals().forEach(id -> ids.add("remove " + id.name()));
        return ids;
    }
}
