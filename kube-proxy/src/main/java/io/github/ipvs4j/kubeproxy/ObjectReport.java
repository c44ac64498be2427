// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Collects what is wrong with one object, so that all of it is told at once: what keeps the object from being used, and
 * what of it is left out so that the rest can be.
 */
final class ObjectReport {
    /** How much is told of one object; who corrects that finds the rest. */
    private static final int MOST = 20;

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> leftOut = new ArrayList<>();
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

    /** Reports what keeps the object from being used. */
    void add(Node at, String path, String text) {
        Problem problem = problem(at, path, text);
        if (problems.isEmpty()) {
            // However much has been left out: this must not be lost.
            problems.add(problem);
        } else {
            note(problem, problems);
        }
    }

    /** Reports that something is left out. */
    void leaveOut(Node at, String path, String text) {
        note(problem(at, path, text), leftOut);
    }

    private Problem problem(Node at, String path, String text) {
        String subject = title.isEmpty() ? "" : title + ": ";
        return new Problem(place(at), subject + (path.isEmpty() ? "" : path + ": ") + text);
    }

    private void note(Problem problem, List<Problem> where) {
        int known = problems.size() + leftOut.size();
        if (known < MOST && !problems.contains(problem) && !leftOut.contains(problem)) {
            boolean last = known == MOST - 1;
            String subject = title.isEmpty() ? "" : title + ": ";
            where.add(last ? new Problem(problem.place(), subject + "more is wrong from here on") : problem);
        }
    }

    /** Returns a report of a part of the object, which can be left out if something is wrong with it. */
    ObjectReport part() {
        return new ObjectReport(file, title);
    }

    /**
     * Takes what is wrong with a part, which is left out then.
     *
     * @param part its report
     * @param path the part
     */
    void leaveOut(ObjectReport part, String path) {
        part.leftOut.forEach(problem -> note(problem, leftOut));
        part.problems.forEach(problem ->
                note(new Problem(problem.place(), problem.text() + "; till then " + path + " is left out"), leftOut));
    }

    Place place(Node node) {
        return Place.of(file, node.getStartMark());
    }

    /** Tells whether nothing is wrong but what can be left out. */
    boolean clean() {
        return problems.isEmpty();
    }

    /** Returns what keeps the object from being used. */
    List<Problem> problems() {
        return problems;
    }

    /** Returns what is wrong with the parts that are left out. */
    List<Problem> leftOut() {
        return leftOut;
    }
}
