// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.ObjectName;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The part that all objects have.
 *
 * @param id what the object is called; without a name if it has none, which has been reported then
 * @param labels its labels
 * @param annotations its annotations
 */
record Metadata(ObjectId id, Map<String, String> labels, Map<String, String> annotations) {
    private static final String DEFAULT_NAMESPACE = "default";
    private static final int LONGEST_NAME = 253;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
    private static final String NAME_RULE =
            "write small letters, digits, '-' and '.', beginning and ending with a letter" + " or digit, at most "
                    + LONGEST_NAME + " characters";

    static Metadata read(Field object, ObjectId.Kind kind, ObjectReport report) {
        Field metadata = object.get("metadata");
        Field nameField = metadata.get("name");
        String name = nameField.text();
        String namespace = "";
        if (kind != ObjectId.Kind.NODE) {
            Field namespaceField = metadata.get("namespace");
            namespace = namespaceField.text();
            if (namespace.isEmpty()) {
                namespace = DEFAULT_NAMESPACE;
            }
            checkName(namespaceField, namespace);
        }
        nameField.require("give the " + kind + " a name");
        if (!name.isEmpty()) {
            checkName(nameField, name);
            report.title(new ObjectId(kind, namespace, name).toString());
        }
        return new Metadata(
                new ObjectId(kind, namespace, name),
                metadata.get("labels").texts(),
                metadata.get("annotations").texts());
    }

    private static void checkName(Field field, String name) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            field.wrong("'" + name + "' is not a name; " + NAME_RULE);
        }
    }

    ObjectName objectName() {
        return new ObjectName(id.namespace(), id.name());
    }

    String label(String key) {
        return labels.getOrDefault(key, "");
    }
}
