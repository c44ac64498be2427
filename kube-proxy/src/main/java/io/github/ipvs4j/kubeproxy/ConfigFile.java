// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A file with kube-proxy's configuration, YAML or JSON. Unknown fields and fields that stand twice are read as
 * kube-proxy reads them, the unknown not at all and of two the last, with a warning.
 */
final class ConfigFile implements ConfigSource {
    private static final String VERSION = "kubeproxy.config.k8s.io/v1alpha1";
    private static final String KIND = "KubeProxyConfiguration";

    private final ObjectReport report;
    private final Field root;
    private final List<String> warnings = new ArrayList<>();
    private final Set<ConfigField> present = new LinkedHashSet<>();

    private ConfigFile(ObjectReport report, Node document) {
        this.report = report;
        visit(document, "");
        this.root = Field.root(report, document);
        checkKind();
        tellWithoutEffect();
    }

    /**
     * Reads a file.
     *
     * @param path its path
     * @return the file; what is wrong in it is told by {@link #problems()}
     * @throws UnreadableManifest if it cannot be read or is not YAML
     */
    static ConfigFile read(Path path) throws UnreadableManifest {
        String file = path.toString();
        List<Node> documents = YamlText.documents(file, Utf8.decode(file, bytes(path))).stream()
                .filter(document -> !document.getTag().equals(Tag.NULL))
                .toList();
        if (documents.isEmpty() || !(documents.get(0) instanceof MappingNode)) {
            throw new UnreadableManifest(
                    Place.whole(file), "no configuration; write a mapping with apiVersion, kind and fields");
        }
        ConfigFile read = new ConfigFile(new ObjectReport(file, ""), documents.get(0));
        if (documents.size() > 1) {
            read.warn(documents.get(1), "a second document is not read; put all fields into the first one");
        }
        return read;
    }

    private static byte[] bytes(Path path) throws UnreadableManifest {
        try {
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw new UnreadableManifest(Place.whole(path.toString()), "there is no such file; correct --config");
        } catch (IOException e) {
            throw new UnreadableManifest(
                    Place.whole(path.toString()), "cannot be read (" + e + "); check its owner and permissions");
        }
    }

    @Override
    public Field get(ConfigField field) {
        Field found = root;
        for (String name : field.path().split("\\.", -1)) {
            found = found.get(name);
        }
        return found;
    }

    @Override
    public List<Problem> problems() {
        return report.problems();
    }

    @Override
    public List<String> warnings() {
        return warnings;
    }

    /** Says which flags count for nothing, as this file is there. */
    void override(List<String> flags) {
        if (!flags.isEmpty()) {
            warnings.add("ignored because --config is given: " + String.join(", ", flags));
        }
    }

    private void warn(Node at, String text) {
        warnings.add(report.place(at) + ": " + text);
    }

    private void checkKind() {
        Field kind = root.get("kind");
        Field version = root.get("apiVersion");
        kind.require("write kind: " + KIND);
        version.require("write apiVersion: " + VERSION);
        if (kind.present() && !kind.text().equals(KIND)) {
            kind.wrong("'" + kind.text() + "' is not a configuration of kube-proxy; write " + KIND);
        } else if (version.present() && !version.text().equals(VERSION)) {
            version.wrong("'" + version.text() + "' is not known here; write the file in " + VERSION);
        }
    }

    /** Looks for unknown fields and for those that stand twice, of which all but the last are taken out of the tree. */
    private void visit(Node node, String path) {
        if (!(node instanceof MappingNode mapping)) {
            return;
        }
        Map<String, NodeTuple> last = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                NodeTuple earlier = last.put(key.getValue(), tuple);
                if (earlier != null) {
                    String again = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
                    int line = report.place(earlier.getKeyNode()).line();
                    warn(key, again + ": stands here a second time, which counts; remove the first, in line " + line);
                }
            } else {
                warn(tuple.getKeyNode(), "a key that is not a text is not read; write 'name: value'");
            }
        }
        mapping.setValue(new ArrayList<>(last.values()));
        last.forEach((name, tuple) -> entry(path, name, tuple));
    }

    private void entry(String group, String name, NodeTuple tuple) {
        String path = group.isEmpty() ? name : group + "." + name;
        if (ConfigField.isGroup(path)) {
            visit(tuple.getValueNode(), path);
            return;
        }
        ConfigField.of(path)
                .ifPresentOrElse(
                        field -> note(field, tuple.getValueNode()),
                        () -> unknown(group, name, path, tuple.getKeyNode()));
    }

    private void note(ConfigField field, Node value) {
        boolean empty = value instanceof ScalarNode scalar
                && (scalar.getTag().equals(Tag.NULL) || scalar.getValue().isEmpty());
        if (!empty) {
            present.add(field);
        }
    }

    private void unknown(String group, String name, String path, Node key) {
        if (group.isEmpty() && (name.equals("apiVersion") || name.equals("kind"))) {
            return;
        }
        List<String> known = ConfigField.namesIn(group);
        String remedy = known.stream()
                .filter(other -> other.equalsIgnoreCase(name))
                .findFirst()
                .map(other -> "write " + other)
                .orElseGet(() -> "remove it, or write one of " + String.join(", ", known));
        warn(key, path + ": there is no such field, it is not read; " + remedy);
    }

    private void tellWithoutEffect() {
        for (ConfigField.Effect effect : ConfigField.Effect.values()) {
            List<String> paths = present.stream()
                    .filter(field -> field.effect() == effect)
                    .map(ConfigField::path)
                    .toList();
            if (effect != ConfigField.Effect.HONOURED && !paths.isEmpty()) {
                warnings.add(
                        root.where().file() + ": without effect, " + effect.reason() + ": " + String.join(", ", paths));
            }
        }
    }
}
