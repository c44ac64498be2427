// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of recordings: objects as maps, arrays as lists, whole numbers as {@code Integer}. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static @Nullable Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        if (json.peek() != '\0') {
            throw json.unexpected();
        }
        return value;
    }

    private @Nullable Object value() {
        char first = peek();
        return switch (first) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        at++;
        while (peek() != '}') {
            String key = string();
            take(':');
            object.put(key, value());
            if (peek() != '}') {
                take(',');
            }
        }
        at++;
        return object;
    }

    private List<@Nullable Object> array() {
        List<@Nullable Object> array = new ArrayList<>();
        at++;
        while (peek() != ']') {
            array.add(value());
            if (peek() != ']') {
                take(',');
            }
        }
        at++;
        return array;
    }

    private String string() {
        take('"');
        StringBuilder string = new StringBuilder();
        while (text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c == '\\') {
                c = text.charAt(at++);
                if ("\"\\/".indexOf(c) < 0) {
                    throw unexpected();
                }
            }
            string.append(c);
        }
        at++;
        return string.toString();
    }

    private Integer number() {
        int from = at;
        while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '-')) {
            at++;
        }
        return Integer.valueOf(text.substring(from, at));
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            throw unexpected();
        }
        at += word.length();
        return value;
    }

    private void take(char expected) {
        if (peek() != expected) {
            throw unexpected();
        }
        at++;
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("not what was expected at character " + at);
    }
}
