// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * A place in a file.
 *
 * @param file the file's name
 * @param line counted from 1; 0 where the file as a whole is meant
 * @param column counted from 1; 0 where the file as a whole is meant
 */
record Place(String file, int line, int column) {
    /** Returns the place that a mark of the YAML parser means; without a mark, the file as a whole. */
    static Place of(String file, Optional<Mark> mark) {
        return mark.map(at -> new Place(file, at.getLine() + 1, at.getColumn() + 1))
                .orElseGet(() -> whole(file));
    }

    static Place whole(String file) {
        return new Place(file, 0, 0);
    }

    /** Returns the place of one character of a text. */
    static Place at(String file, CharSequence text, int index) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < index; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        int column = Character.codePointCount(text, lineStart, index) + 1;
        return new Place(file, line, column);
    }

    /** Returns {@code file:line:column}, as compilers print it. */
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
