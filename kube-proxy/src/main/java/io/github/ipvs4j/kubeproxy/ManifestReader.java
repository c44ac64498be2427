// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads Kubernetes manifests: what a file holds of Services, EndpointSlices and Nodes, single or in lists, one or many
 * documents. Bytes of any kind give objects or located problems, never an exception.
 */
final class ManifestReader {
    private static final String PROXY_LABEL = "service.kubernetes.io/service-proxy-name";
    private static final String HEADLESS_LABEL = "service.kubernetes.io/headless";
    private static final String LIST = "List";

    private final String file;
    private final Map<ObjectId, Manifest> objects = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> leftOut = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Integer> otherKinds = new TreeMap<>();

    private ManifestReader(String file) {
        this.file = file;
    }

    /**
     * Reads the content of a file.
     *
     * @param file its name, for messages; one that ends in {@code .json} is read as JSON, all others as YAML
     * @param bytes what is in it
     * @return its objects and what is wrong with it
     */
    static FileContent read(String file, byte[] bytes) {
        List<Node> documents;
        try {
            if (bytes.length == 0) {
                throw new UnreadableManifest(
                        Place.whole(file), "the file is empty; write its objects, or delete the file to remove them");
            }
            String text = Utf8.decode(file, bytes);
            documents = file.toLowerCase(Locale.ROOT).endsWith(".json")
                    ? JsonText.documents(file, text)
                    : YamlText.documents(file, text);
        } catch (UnreadableManifest e) {
            return FileContent.unreadable(e.problem());
        }
        ManifestReader reader = new ManifestReader(file);
        documents.stream()
                .filter(document -> !document.getTag().equals(Tag.NULL))
                .forEach(reader::document);
        return reader.content();
    }

    private FileContent content() {
        if (!otherKinds.isEmpty()) {
            List<String> counted = new ArrayList<>();
            otherKinds.forEach((kind, count) -> counted.add(count + " " + kind));
            notes.add(file + ": ignored " + String.join(", ", counted)
                    + "; only Service (v1), EndpointSlice (discovery.k8s.io/v1) and Node (v1) matter here");
        }
        return new FileContent(objects, problems, leftOut, notes);
    }

    private void document(Node document) {
        object(document, "", Optional.empty(), true);
    }

    /** Reads one object; an item of a list of one kind need not say its kind. */
    private void object(Node node, String title, Optional<ObjectId.Kind> impliedKind, boolean mayBeList) {
        ObjectReport report = new ObjectReport(file, title.isEmpty() ? "object" : title);
        if (!(node instanceof MappingNode)) {
            report.add(node, "", "not a Kubernetes object; write a mapping with apiVersion, kind and metadata");
            problems.addAll(report.problems());
            return;
        }
        Field object = Field.root(report, node);
        Field kindField = object.get("kind");
        Field versionField = object.get("apiVersion");
        String kind = kindField.text();
        String version = versionField.text();
        if (impliedKind.isPresent() && !kindField.present()) {
            kind = impliedKind.get().kindName();
            version = version.isEmpty() ? impliedKind.get().apiVersion() : version;
        }
        requirePresent(kindField, kind, report);
        requirePresent(versionField, version, report);
        if (!report.clean()) {
            problems.addAll(report.problems());
        } else if (isList(kind, version)) {
            list(object, report, kind, mayBeList);
        } else {
            Optional<ObjectId.Kind> known = kindOf(kind, version);
            if (known.isPresent()) {
                known(known.get(), node, object, report);
            } else {
                otherKinds.merge(kind + " (" + version + ")", 1, Integer::sum);
            }
        }
    }

    private static void requirePresent(Field field, String value, ObjectReport report) {
        if (value.isEmpty() && report.clean()) {
            field.wrong("missing; every Kubernetes object says its apiVersion and kind");
        }
    }

    private static Optional<ObjectId.Kind> kindOf(String kind, String version) {
        for (ObjectId.Kind known : ObjectId.Kind.values()) {
            if (known.kindName().equals(kind) && known.apiVersion().equals(version)) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    private static boolean isList(String kind, String version) {
        boolean general = kind.equals(LIST) && version.equals("v1");
        return general || listedKind(kind, version).isPresent();
    }

    private static Optional<ObjectId.Kind> listedKind(String kind, String version) {
        return kind.endsWith(LIST)
                ? kindOf(kind.substring(0, kind.length() - LIST.length()), version)
                : Optional.empty();
    }

    private void list(Field object, ObjectReport report, String kind, boolean mayBeList) {
        report.title(kind);
        if (!mayBeList) {
            object.wrong("a list in a list; put its items into the outer one");
        }
        Optional<ObjectId.Kind> itemKind =
                listedKind(kind, object.get("apiVersion").text());
        List<Node> items = mayBeList ? object.get("items").nodes() : List.of();
        problems.addAll(report.problems());
        for (int i = 0; i < items.size(); i++) {
            object(items.get(i), kind + " items[" + i + "]", itemKind, false);
        }
    }

    private void known(ObjectId.Kind kind, Node node, Field object, ObjectReport report) {
        if (report.title().equals("object")) {
            report.title(kind.kindName());
        }
        Metadata metadata = Metadata.read(object, kind, report);
        TreeCheck.check(report, node);
        Optional<String> ignored = report.clean() ? ignored(kind, object, metadata) : Optional.empty();
        if (ignored.isPresent()) {
            notes.add(object.where() + ": " + metadata.id() + ": " + ignored.get());
            return;
        }
        Optional<? extends Manifest.Body> body = switch (kind) {
            case SERVICE -> ServiceManifest.read(object, metadata, report).map(Manifest.OfService::new);
            case ENDPOINT_SLICE ->
                EndpointSliceManifest.read(object, metadata, report).map(Manifest.OfSlice::new);
            case NODE -> NodeManifest.read(object, metadata, report).map(Manifest.OfNode::new);
        };
        body.ifPresent(value -> add(new Manifest(metadata.id(), object.where(), value), object));
        problems.addAll(report.problems());
        leftOut.addAll(report.leftOut());
    }

    private void add(Manifest manifest, Field object) {
        Manifest first = objects.putIfAbsent(manifest.id(), manifest);
        if (first != null) {
            object.wrong("also stands in " + first.place() + ", which is used; remove one of them");
        }
    }

    /** Returns why an object is none of this program's business; empty if it is. */
    private static Optional<String> ignored(ObjectId.Kind kind, Field object, Metadata metadata) {
        if (kind == ObjectId.Kind.NODE) {
            return Optional.empty();
        }
        if (metadata.labels().containsKey(PROXY_LABEL)) {
            return Optional.of("left to the proxy that its label " + PROXY_LABEL + " names");
        }
        if (metadata.labels().containsKey(HEADLESS_LABEL)) {
            return Optional.of("ignored, its label " + HEADLESS_LABEL + " says that no proxy handles it");
        }
        if (kind == ObjectId.Kind.ENDPOINT_SLICE && EndpointSliceManifest.ofNames(object)) {
            return Optional.of("ignored, endpoints of addressType FQDN have no addresses");
        }
        if (kind == ObjectId.Kind.ENDPOINT_SLICE
                && metadata.label(EndpointSliceManifest.SERVICE_LABEL).isEmpty()) {
            return Optional.of("ignored, it has no label " + EndpointSliceManifest.SERVICE_LABEL
                    + "; set it to the name of the Service");
        }
        return Optional.empty();
    }
}
