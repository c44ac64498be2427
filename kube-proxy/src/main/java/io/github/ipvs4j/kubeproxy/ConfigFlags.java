// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** kube-proxy's flags for the fields of its configuration. */
final class ConfigFlags implements ConfigSource {
    /** Flags without a field, or of older releases, that may stand in a unit file: they are accepted. */
    private static final List<String> WITHOUT_EFFECT = List.of(
            "--master",
            "--boot-id-file",
            "--machine-id-file",
            "--healthz-port",
            "--metrics-port",
            "--log-json-info-buffer-size",
            "--log-text-info-buffer-size",
            "--resource-container",
            "--azure-container-registry-config");

    private static final List<String> SWITCHES_WITHOUT_EFFECT =
            List.of("--log-json-split-stream", "--log-text-split-stream", "--cleanup-ipvs", "--cleanup-iptables");

    private static final List<String> TRUE = List.of("1", "t", "T", "true", "TRUE", "True");
    private static final List<String> FALSE = List.of("0", "f", "F", "false", "FALSE", "False");

    private final Map<ConfigField, ObjectReport> reports = new EnumMap<>(ConfigField.class);
    private final Map<ConfigField, Field> fields = new EnumMap<>(ConfigField.class);
    private final ParseResult arguments;

    private ConfigFlags(ParseResult arguments) {
        this.arguments = arguments;
        for (ConfigField field : ConfigField.values()) {
            ObjectReport report = new ObjectReport(field.flag(), "");
            reports.put(field, report);
            fields.put(field, Field.root(report, value(field)));
        }
    }

    /** Returns what the flags of a command line say. */
    static ConfigFlags of(ParseResult arguments) {
        return new ConfigFlags(arguments);
    }

    /** Adds the flags to a command; all are texts to it, and repeated ones add up or the last counts. */
    static void addTo(CommandSpec command) {
        for (ConfigField field : ConfigField.values()) {
            if (!field.flag().isEmpty()) {
                String effect = field.effect().reason();
                command.addOption(option(field.flag(), field.shape() == ConfigShape.TRUTH)
                        .paramLabel(field.shape().name())
                        .description(
                                "Sets " + field.path() + (effect.isEmpty() ? "." : "; without effect: " + effect + "."))
                        .build());
            }
        }
        WITHOUT_EFFECT.forEach(
                flag -> command.addOption(option(flag, false).hidden(true).build()));
        SWITCHES_WITHOUT_EFFECT.forEach(
                flag -> command.addOption(option(flag, true).hidden(true).build()));
    }

    private static OptionSpec.Builder option(String flag, boolean truth) {
        OptionSpec.Builder option = OptionSpec.builder(flag).type(List.class).auxiliaryTypes(String.class);
        return truth ? option.arity("0..1").fallbackValue("true") : option.arity("1");
    }

    @Override
    public Field get(ConfigField field) {
        return Objects.requireNonNull(fields.get(field));
    }

    @Override
    public List<Problem> problems() {
        return reports.values().stream()
                .flatMap(report -> report.problems().stream())
                .toList();
    }

    @Override
    public List<String> warnings() {
        List<String> idle = Stream.concat(
                        Arrays.stream(ConfigField.values())
                                .filter(field -> field.effect() != ConfigField.Effect.HONOURED)
                                .map(ConfigField::flag),
                        Stream.concat(WITHOUT_EFFECT.stream(), SWITCHES_WITHOUT_EFFECT.stream()))
                .filter(this::given)
                .toList();
        return idle.isEmpty() ? List.of() : List.of("without effect here: " + String.join(", ", idle));
    }

    /** Returns the flags that set fields and are given, which a file overrides. */
    List<String> given() {
        return Arrays.stream(ConfigField.values())
                .map(ConfigField::flag)
                .filter(this::given)
                .toList();
    }

    private boolean given(String flag) {
        return !flag.isEmpty() && arguments.hasMatchedOption(flag);
    }

    private Node value(ConfigField field) {
        List<String> texts = given(field.flag())
                ? Objects.requireNonNull(arguments.matchedOption(field.flag())).stringValues()
                : List.of();
        if (texts.isEmpty()) {
            return scalar(Tag.NULL, "");
        }
        String last = texts.get(texts.size() - 1);
        if (field.shape() == ConfigShape.TEXTS) {
            return list(texts);
        }
        if (field.shape() == ConfigShape.TRUTH && (TRUE.contains(last) || FALSE.contains(last))) {
            return scalar(Tag.BOOL, Boolean.toString(TRUE.contains(last)));
        }
        return scalar(field.shape().isNumber() && last.matches("[-+]?[0-9]+") ? Tag.INT : Tag.STR, last);
    }

    private static Node list(List<String> texts) {
        List<Node> items = new ArrayList<>();
        for (String text : texts) {
            for (String item : text.split(",", -1)) {
                items.add(scalar(Tag.STR, item.strip()));
            }
        }
        return new SequenceNode(Tag.SEQ, items, FlowStyle.FLOW);
    }

    private static Node scalar(Tag tag, String value) {
        return new ScalarNode(tag, true, value, ScalarStyle.PLAIN, Optional.empty(), Optional.empty());
    }
}
