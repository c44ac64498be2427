// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One line of a script as words, with the column of each. */
final class ScriptLine {
    private final int number;
    private final List<String> words = new ArrayList<>();
    private final List<Integer> columns = new ArrayList<>();
    private final int end;
    private int next;

    private ScriptLine(int number, String line) {
        this.number = number;
        this.end = line.length() + 1;
        int at = 0;
        while (at < line.length()) {
            if (Character.isWhitespace(line.charAt(at))) {
                at++;
            } else {
                at = line.charAt(at) == '"' ? quoted(line, at) : word(line, at);
            }
        }
    }

    static ScriptLine of(int number, String line) {
        return new ScriptLine(number, line);
    }

    private int word(String line, int from) {
        int at = from;
        while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
            at++;
        }
        add(line.substring(from, at), from);
        return at;
    }

    private int quoted(String line, int from) {
        int close = line.indexOf('"', from + 1);
        if (close < 0) {
            throw new IpsetSyntaxException(number, from + 1, "the quotation mark is never closed");
        }
        add(line.substring(from + 1, close), from);
        return close + 1;
    }

    private void add(String word, int from) {
        words.add(word);
        columns.add(from + 1);
    }

    boolean hasNext() {
        return next < words.size();
    }

    boolean isComment() {
        return words.get(0).startsWith("#")
                || (words.size() == 1 && words.get(0).equals("COMMIT"));
    }

    /** Takes the option -exist out, wherever it stands outside of a comment of an entry. */
    boolean takeTolerance() {
        boolean found = false;
        for (int i = words.size() - 1; i >= 0; i--) {
            boolean isText =
                    i > 0 && words.get(i - 1).equals("comment") && words.get(0).matches("add|-A|--add");
            if (!isText && words.get(i).matches("-!|-exist|--exist")) {
                words.remove(i);
                columns.subList(i, i + 1).clear();
                found = true;
            }
        }
        return found;
    }

    String next(String expected) {
        if (!hasNext()) {
            throw new IpsetSyntaxException(number, end, "the line ends where " + expected + " is expected");
        }
        return words.get(next++);
    }

    String name() {
        String name = next("the name of a set");
        if (!SetDefinition.isName(name)) {
            throw problem("set name '" + name + "': expected 1 to 31 bytes");
        }
        return name;
    }

    Optional<String> optionalName() {
        return hasNext() ? Optional.of(name()) : Optional.empty();
    }

    long number(String what) {
        return number(what, next("the number for " + what), 0);
    }

    /**
     * Reads a number, decimal, or hexadecimal behind 0x; it stands at an offset within the word that was taken last.
     */
    long number(String what, String text, int offset) {
        try {
            return Long.decode(text);
        } catch (NumberFormatException e) {
            throw problem(offset, what + " '" + text + "': expected a number");
        }
    }

    void expectEnd() {
        if (hasNext()) {
            String word = next("");
            throw problem("unexpected '" + word + "'");
        }
    }

    /** Makes the error about the word that was taken last. */
    IpsetSyntaxException problem(String problem) {
        return problem(0, problem);
    }

    IpsetSyntaxException problem(int offset, String problem) {
        return new IpsetSyntaxException(number, columns.get(Math.max(0, next - 1)) + offset, problem);
    }

    /** Returns the place of the word that was taken last, to come back to it with an error. */
    int mark() {
        return next;
    }

    IpsetSyntaxException problemAt(int mark, int offset, String problem) {
        return new IpsetSyntaxException(number, columns.get(mark - 1) + offset, problem);
    }
}
