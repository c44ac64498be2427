// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Turns JSON text (RFC 8259) into the same trees as {@link YamlText}. The YAML parser reads most of JSON, but not
 * several values in a row, keys of more than 1024 characters, or a line break before a colon.
 */
final class JsonText {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");
    private static final int[] NO_BUFFER = {};

    private final String file;
    private final String text;
    private int at;
    private int line;
    private int lineStart;
    private int depth;
    private int counted;
    private int countedColumns;

    private JsonText(String file, String text) {
        this.file = file;
        this.text = text;
    }

    /**
     * Reads all values of a text, which follow one another with nothing but space between them.
     *
     * @param file the file's name
     * @param text what is in it
     * @return a tree for each value
     * @throws UnreadableManifest if it is not JSON
     */
    static List<Node> documents(String file, String text) throws UnreadableManifest {
        JsonText json = new JsonText(file, text);
        List<Node> documents = new ArrayList<>();
        json.skipSpace();
        while (json.at < text.length()) {
            documents.add(json.value());
            json.skipSpace();
        }
        return documents;
    }

    private Node value() throws UnreadableManifest {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> literal();
        };
    }

    private Node object() throws UnreadableManifest {
        Optional<Mark> start = mark();
        List<NodeTuple> entries = new ArrayList<>();
        descend();
        boolean more = !take('}');
        while (more) {
            if (peek() != '"') {
                throw unexpected("a key in double quotes");
            }
            Node key = string();
            skipSpace();
            expect(':', "':' after the key");
            skipSpace();
            entries.add(new NodeTuple(key, value()));
            skipSpace();
            more = take(',');
            if (!more) {
                expect('}', "',' or '}'");
            } else {
                skipSpace();
            }
        }
        depth--;
        return new MappingNode(Tag.MAP, true, entries, FlowStyle.FLOW, start, start);
    }

    private Node array() throws UnreadableManifest {
        Optional<Mark> start = mark();
        List<Node> items = new ArrayList<>();
        descend();
        boolean more = !take(']');
        while (more) {
            items.add(value());
            skipSpace();
            more = take(',');
            if (!more) {
                expect(']', "',' or ']'");
            } else {
                skipSpace();
            }
        }
        depth--;
        return new SequenceNode(Tag.SEQ, true, items, FlowStyle.FLOW, start, start);
    }

    private void descend() throws UnreadableManifest {
        depth++;
        if (depth > Nesting.DEEPEST) {
            throw new UnreadableManifest(
                    place(), "nested more than " + Nesting.DEEPEST + " levels deep; make it flatter");
        }
        at++;
        skipSpace();
    }

    private Node string() throws UnreadableManifest {
        Optional<Mark> start = mark();
        StringBuilder value = new StringBuilder();
        at++;
        while (peek() != '"') {
            char c = peek();
            if (c < ' ') {
                throw unexpected("the closing double quote");
            }
            at++;
            value.append(c == '\\' ? escape() : c);
        }
        at++;
        return new ScalarNode(Tag.STR, true, value.toString(), ScalarStyle.DOUBLE_QUOTED, start, start);
    }

    private char escape() throws UnreadableManifest {
        char c = peek();
        int known = "\"\\/bfnrt".indexOf(c);
        if (known >= 0) {
            at++;
            return "\"\\/\b\f\n\r\t".charAt(known);
        }
        if (c != 'u') {
            throw unexpected("one of \" \\ / b f n r t u after the backslash");
        }
        at++;
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
            if (digit < 0) {
                throw unexpected("four hexadecimal digits after \\u");
            }
            unit = unit << 4 | digit;
            at++;
        }
        return (char) unit;
    }

    private Node literal() throws UnreadableManifest {
        Optional<Mark> start = mark();
        int from = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String word = text.substring(from, at);
        Tag tag;
        if (word.equals("null")) {
            tag = Tag.NULL;
        } else if (word.equals("true") || word.equals("false")) {
            tag = Tag.BOOL;
        } else if (NUMBER.matcher(word).matches()) {
            tag = INTEGER.matcher(word).matches() ? Tag.INT : Tag.FLOAT;
        } else {
            at = from;
            throw unexpected("a value");
        }
        return new ScalarNode(tag, true, word, ScalarStyle.PLAIN, start, start);
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            if (text.charAt(at) == '\n') {
                line++;
                lineStart = at + 1;
            }
            at++;
        }
    }

    /** Returns the next character; NUL, which JSON has nowhere, at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean take(char wanted) {
        boolean there = peek() == wanted;
        if (there) {
            at++;
        }
        return there;
    }

    private void expect(char wanted, String description) throws UnreadableManifest {
        if (!take(wanted)) {
            throw unexpected(description);
        }
    }

    private UnreadableManifest unexpected(String expected) {
        String found;
        if (at >= text.length()) {
            found = "the file ends";
        } else if (text.charAt(at) < ' ') {
            found = String.format("U+%04X stands", (int) text.charAt(at));
        } else {
            found = "'" + Character.toString(text.codePointAt(at)) + "' stands";
        }
        return new UnreadableManifest(place(), "not JSON: " + found + " where " + expected + " is expected");
    }

    private Place place() {
        return new Place(file, line + 1, column() + 1);
    }

    /** Counts on from where it was asked last, so that a long line costs its length once. */
    private int column() {
        if (counted < lineStart) {
            counted = lineStart;
            countedColumns = 0;
        }
        countedColumns += Character.codePointCount(text, counted, at);
        counted = at;
        return countedColumns;
    }

    private Optional<Mark> mark() {
        return Optional.of(new Mark(file, at, line, column(), NO_BUFFER, 0));
    }
}
