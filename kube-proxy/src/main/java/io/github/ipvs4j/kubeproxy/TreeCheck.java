// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Finds in a whole object, known fields or not, what makes its reading ambiguous: the same key twice and the like. */
final class TreeCheck {
    private final ObjectReport report;
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private TreeCheck(ObjectReport report) {
        this.report = report;
    }

    static void check(ObjectReport report, Node object) {
        new TreeCheck(report).visit(object, "");
    }

    /** Aliases may point back; each node is looked at once. */
    private void visit(Node node, String path) {
        if (node instanceof MappingNode mapping && seen.add(node)) {
            keys(mapping.getValue(), path);
        } else if (node instanceof SequenceNode sequence && seen.add(node)) {
            int index = 0;
            for (Node item : sequence.getValue()) {
                visit(item, path + "[" + index + "]");
                index++;
            }
        }
    }

    private void keys(List<NodeTuple> tuples, String path) {
        Map<String, Node> keys = new HashMap<>();
        for (NodeTuple tuple : tuples) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                report.add(tuple.getKeyNode(), path, "a key that is not a text; write 'name: value'");
                continue;
            }
            String name = key.getValue();
            String keyPath = path.isEmpty() ? name : path + "." + name;
            if (name.equals("<<") && key.isPlain()) {
                report.add(key, keyPath, "merge keys are not part of YAML 1.2; write the fields out");
            }
            Node first = keys.putIfAbsent(name, key);
            if (first != null) {
                report.add(
                        key,
                        keyPath,
                        "stands here a second time, first in line "
                                + report.place(first).line() + "; remove one of them");
            }
            visit(tuple.getValueNode(), keyPath);
        }
    }
}
