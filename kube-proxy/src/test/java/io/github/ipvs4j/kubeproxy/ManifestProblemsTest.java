// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static io.github.ipvs4j.kubeproxy.Manifests.json;
import static io.github.ipvs4j.kubeproxy.Manifests.problems;
import static io.github.ipvs4j.kubeproxy.Manifests.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is said of manifests that are wrong, word for word: place, object, field, value and remedy. The cases stand in
 * {@code src/test/resources/problems}, one a paragraph, with Java's escapes.
 */
class ManifestProblemsTest {
    private static final String GOOD_SERVICE = """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
            spec:
              type: NodePort
              clusterIP: 10.96.0.20
              ports:
              - {name: a, port: 80, nodePort: 30080}
              - {name: b, port: 81}
            """;

    private static final String GOOD_SLICE = Manifests.slice("web-1", "web", "10.244.1.1", "10.244.1.2");

    @ParameterizedTest
    @MethodSource("service")
    void namesPlaceFieldValueAndRemedyInAService(List<String> example) {
        checkReplacement(GOOD_SERVICE, example);
    }

    static Stream<List<String>> service() {
        return cases("service.txt");
    }

    @ParameterizedTest
    @MethodSource("endpointSlice")
    void namesPlaceFieldValueAndRemedyInAnEndpointSlice(List<String> example) {
        checkReplacement(GOOD_SLICE, example);
    }

    static Stream<List<String>> endpointSlice() {
        return cases("endpoint-slice.txt");
    }

    @ParameterizedTest
    @MethodSource("document")
    void namesPlaceFieldValueAndRemedyInOtherDocuments(List<String> example) {
        assertThat(problems(yaml(example.get(0)))).isEqualTo(example.subList(1, example.size()));
    }

    static Stream<List<String>> document() {
        return cases("document.txt");
    }

    @ParameterizedTest
    @MethodSource("notYaml")
    void namesThePlaceOfWhatIsNotYaml(List<String> example) {
        FileContent content = yaml(example.get(0));

        assertThat(problems(content)).containsExactly(example.get(1));
        assertThat(content.objects()).isEmpty();
    }

    static Stream<List<String>> notYaml() {
        return cases("yaml.txt");
    }

    @ParameterizedTest
    @MethodSource("notJson")
    void namesThePlaceOfWhatIsNotJson(List<String> example) {
        FileContent content = json(example.get(0));

        assertThat(problems(content)).containsExactly(example.get(1));
        assertThat(content.objects()).isEmpty();
    }

    static Stream<List<String>> notJson() {
        return cases("json.txt");
    }

    @Test
    void refusesTextThatGrowsByAliases() {
        String text = "a: &a [b]\nc: [" + "*a, ".repeat(1001) + "]\n";

        assertThat(problems(yaml(text)))
                .containsExactly("m.yaml:2:4005: not YAML: more than 1000 aliases; write out what they stand for");
    }

    @Test
    void tellsOnlySoMuchOfOneObject() {
        String text = Manifests.slice("web-1", "web", "10.244.1.1") + "  - addresses: [nonsense]\n".repeat(1000);

        assertThat(problems(yaml(text)))
                .hasSize(20)
                .last()
                .isEqualTo("m.yaml:31:17: EndpointSlice default/web-1: more is wrong from here on");
    }

    private static void checkReplacement(String good, List<String> example) {
        assertThat(good).contains(example.get(0));

        String bad = good.replace(example.get(0), example.get(1));
        assertThat(problems(yaml(bad))).isEqualTo(example.subList(2, example.size()));
    }

    /** Reads paragraphs as lists of their lines; the first paragraph explains the file. */
    private static Stream<List<String>> cases(String file) {
        try (InputStream in = ManifestProblemsTest.class.getResourceAsStream("/problems/" + file)) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n\n"))
                    .skip(1)
                    .map(paragraph -> paragraph
                            .lines()
                            .map(line -> line.equals("\"\"") ? "" : line.translateEscapes())
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
