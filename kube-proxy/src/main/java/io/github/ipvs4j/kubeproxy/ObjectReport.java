// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong with one object, so that all of it is told at once. */
final class ObjectReport {
    /** How much is told of one object; who corrects that finds the rest. */
    private static final int MOST = 20;

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private String title;

    /**
     * Begins a report.
     *
     * @param file the name of what the object stands in
     * @param title what the object is called; empty if the file is the object
     */
    ObjectReport(String file, String title) {
        this.file = file;
        this.title = title;
    }

    /** Sets what the object is called in messages from now on. */
    void title(String newTitle) {
        this.title = newTitle;
    }

    String title() {
        return title;
    }

    void add(Node at, String path, String text) {
        String subject = title.isEmpty() ? "" : title + ": ";
        Problem problem = new Problem(place(at), subject + (path.isEmpty() ? "" : path + ": ") + text);
        if (problems.size() < MOST && !problems.contains(problem)) {
            boolean last = problems.size() == MOST - 1;
            problems.add(last ? new Problem(place(at), subject + "more is wrong from here on") : problem);
        }
    }

    Place place(Node node) {
        return Place.of(file, node.getStartMark());
    }

    boolean clean() {
        return problems.isEmpty();
    }

    List<Problem> problems() {
        return problems;
    }
}
