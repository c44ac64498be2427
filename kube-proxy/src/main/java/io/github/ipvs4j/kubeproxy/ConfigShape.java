// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

/** What a field of the configuration is written as. */
enum ConfigShape {
    TEXT,
    TEXTS,
    TRUTH,

    /** A span of time such as {@code 30s}. */
    SPAN,

    /** A span of time, or a number of nanoseconds. */
    SPAN_OR_NANOSECONDS,

    /** The number of a bit of the packet mark. */
    BIT(0, 31),

    COUNT(0, Integer.MAX_VALUE),

    /** How willing the kernel is to end the process when memory runs out. */
    SCORE(-1000, 1000),

    /** Whatever; it is not looked at. */
    ANY;

    private final int lowest;
    private final int highest;

    ConfigShape() {
        this(0, 0);
    }

    ConfigShape(int lowest, int highest) {
        this.lowest = lowest;
        this.highest = highest;
    }

    int lowest() {
        return lowest;
    }

    int highest() {
        return highest;
    }

    /** Tells whether the values are numbers. */
    boolean isNumber() {
        return lowest < highest;
    }

    /** Reports if a field is written otherwise. */
    void check(Field field) {
        switch (this) {
            case TEXT -> field.text();
            case TEXTS -> field.items().forEach(Field::text);
            case TRUTH -> field.truth(false);
            case SPAN -> field.span();
            case SPAN_OR_NANOSECONDS -> {
                if (!field.isWholeNumber()) {
                    field.span();
                }
            }
            case BIT, COUNT, SCORE -> field.number(lowest, highest, lowest);
            case ANY -> {}
        }
    }
}
