// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/** A text is not what {@code ipvsadm -R} takes; the message begins with line and column. */
public final class IpvsadmSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Counted from 1. */
    private final int line;

    /** Counted from 1. */
    private final int column;

    IpvsadmSyntaxException(int line, int column, String problem) {
        super("line " + line + ", column " + column + ": " + problem);
        this.line = line;
        this.column = column;
    }

    /**
     * Returns the line of the problem.
     *
     * @return counted from 1
     */
    public int line() {
        return line;
    }

    /**
     * Returns the column of the problem.
     *
     * @return counted from 1
     */
    public int column() {
        return column;
    }
}
