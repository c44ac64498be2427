// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents say of the code, each of them. */
class DocumentsTest {
    /** A class of tests, with a method of it or without. */
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Test|Contract))(?:\\.(\\w+))?`");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^):#]+)\\)");

    @ParameterizedTest
    @ValueSource(strings = {"differences.md", "kernel.md"})
    void namesTestsThatThereAre(String document) throws IOException {
        List<MatchResult> named =
                TEST.matcher(read("docs/" + document)).results().toList();

        assertThat(named).isNotEmpty().allSatisfy(test -> {
            Path source = source(test.group(1));
            if (test.group(2) != null) {
                assertThat(source).content().contains("void " + test.group(2) + "(");
            }
        });
    }

    @Test
    void linksToFilesThatThereAre() throws IOException {
        for (String document : List.of("README.md", "docs/differences.md")) {
            Path folder = Repository.ROOT.resolve(document).getParent();
            assertThat(LINK.matcher(read(document)).results().map(link -> folder.resolve(link.group(1))))
                    .isNotEmpty()
                    .allSatisfy(target -> assertThat(target).exists());
        }
    }

    private static String read(String document) throws IOException {
        return Files.readString(Repository.ROOT.resolve(document));
    }

    private static Path source(String test) throws IOException {
        try (Stream<Path> modules = Files.list(Repository.ROOT)) {
            List<Path> roots = Stream.concat(modules, Stream.of(Repository.ROOT.resolve("src/it")))
                    .map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList();
            for (Path root : roots) {
                try (Stream<Path> files = Files.walk(root)) {
                    Path found = files.filter(file -> file.endsWith(test + ".java"))
                            .findAny()
                            .orElse(null);
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        throw new AssertionError("there is no test " + test);
    }
}
