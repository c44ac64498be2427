// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a file holds, reading it gives objects or located problems: no exception, no end of the process. */
class ManifestReaderPropertyTest {
    private static final String GOOD = Manifests.service("web", "10.96.0.20")
            + "  sessionAffinity: ClientIP\n  ipFamilies: [IPv4]\n---\n"
            + Manifests.slice("web-1", "web", "10.244.1.1", "10.244.1.2")
            + "    conditions: {ready: true, serving: true}\n    hints: {forZones: [{name: a}]}\n---\n"
            + "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Node\n  metadata: {name: node-a}\n"
            + "  status: {addresses: [{type: InternalIP, address: 192.168.100.10}]}\n";
    private static final String GOOD_JSON = """
            {"apiVersion": "v1", "kind": "List", "items": [
             {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "labels": {"x": "\\u00e9"}},
              "spec": {"clusterIP": "10.96.0.1", "type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]}}]}
            """;

    @Property(tries = 1000)
    void anyBytesGiveObjectsOrLocatedProblems(@ForAll byte[] bytes, @ForAll boolean json) {
        check(bytes, json);
    }

    @Property(tries = 1000)
    void anyYamlLikeTextGivesObjectsOrLocatedProblems(@ForAll("fragments") String text) {
        check(text.getBytes(StandardCharsets.UTF_8), false);
    }

    @Property(tries = 1000)
    void anyDamageToManifestsGivesObjectsOrLocatedProblems(@ForAll("damaged") byte[] bytes) {
        check(bytes, false);
    }

    @Property(tries = 1000)
    void anyDamageToJsonGivesObjectsOrLocatedProblems(@ForAll("damagedJson") byte[] bytes) {
        check(bytes, true);
    }

    @Property(tries = 500)
    void anyValueOfAFieldGivesObjectsOrLocatedProblems(@ForAll("fields") String field, @ForAll("values") String value) {
        String text = GOOD.replaceFirst(
                field + ": .*", field + ": " + value.replace("\\", "\\\\").replace("$", "\\$"));

        check(text.getBytes(StandardCharsets.UTF_8), false);
    }

    private static void check(byte[] bytes, boolean json) {
        FileContent content = ManifestReader.read(json ? "m.json" : "m.yaml", bytes);

        assertThat(Stream.concat(content.problems().stream(), content.leftOut().stream()))
                .allSatisfy(problem -> {
                    assertThat(problem.place().line()).isGreaterThanOrEqualTo(bytes.length == 0 ? 0 : 1);
                    assertThat(problem.place().column()).isGreaterThanOrEqualTo(bytes.length == 0 ? 0 : 1);
                    assertThat(problem.text()).isNotBlank().doesNotContain("\n").doesNotContain("null");
                });
    }

    @Provide
    Arbitrary<String> fragments() {
        return Arbitraries.of(
                        "a",
                        ": ",
                        ":\n",
                        "- ",
                        "\n",
                        "  ",
                        "[",
                        "]",
                        "{",
                        "}",
                        ",",
                        "&x ",
                        "*x",
                        "!!int ",
                        "!!merge ",
                        "<<: ",
                        "'",
                        "\"",
                        "|\n",
                        ">-\n",
                        "#",
                        "---\n",
                        "...\n",
                        "? ",
                        "%YAML 1.2\n",
                        "\t",
                        "kind: Service\n",
                        "apiVersion: v1\n",
                        "metadata:\n",
                        "spec:\n",
                        "1",
                        "~",
                        "\u00e9",
                        "\ud83d\ude00")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<byte[]> damaged() {
        return damage(GOOD);
    }

    @Provide
    Arbitrary<byte[]> damagedJson() {
        return damage(GOOD_JSON);
    }

    private static Arbitrary<byte[]> damage(String good) {
        byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
        Arbitrary<Integer> place = Arbitraries.integers().between(0, bytes.length - 1);
        Arbitrary<Integer> length = Arbitraries.integers().between(0, 30);
        Arbitrary<byte[]> instead = Arbitraries.of(
                        "", " ", "\n", "\t", "{", "]", ":", "\"", "*x", "&x ", "0", "\u0000", "\\u")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
        return Combinators.combine(place, length, instead).as((at, removed, added) -> {
            int rest = Math.min(bytes.length, at + removed);
            byte[] damaged = new byte[at + added.length + bytes.length - rest];
            System.arraycopy(bytes, 0, damaged, 0, at);
            System.arraycopy(added, 0, damaged, at, added.length);
            System.arraycopy(bytes, rest, damaged, at + added.length, bytes.length - rest);
            return damaged;
        });
    }

    @Provide
    Arbitrary<String> fields() {
        return Arbitraries.of(List.of(
                "apiVersion",
                "kind",
                "name",
                "metadata",
                "labels",
                "spec",
                "clusterIP",
                "port",
                "ports",
                "sessionAffinity",
                "ipFamilies",
                "addressType",
                "endpoints",
                "conditions",
                "hints",
                "items",
                "status",
                "addresses"));
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "",
                        "~",
                        "5",
                        "-1",
                        "1e9",
                        ".inf",
                        "0x10",
                        "true",
                        "[]",
                        "{}",
                        "[[]]",
                        "{a: b}",
                        "''",
                        "\"\\0\"",
                        "None",
                        "[None]",
                        "[~]",
                        "[5]",
                        "[{}]",
                        "[{port: ~}]",
                        "&a [*a]",
                        "!!str 5",
                        "!!int x",
                        "!!null x",
                        "? ",
                        "|"),
                Arbitraries.strings().withChars("ab01.:-/% ").ofMaxLength(20));
    }
}
