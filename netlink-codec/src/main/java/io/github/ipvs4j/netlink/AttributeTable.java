// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The names and kinds of the attributes of one nest by their numbers, under the names of the kernel's header files.
 * Immutable.
 *
 * <p>A nest whose elements are all alike, and whose numbers only count them, is a table made by {@link #elements}.
 */
final class AttributeTable {
    /** Knows no attribute at all. */
    static final AttributeTable UNKNOWN = new AttributeTable(new Attribute[0], null);

    private final @Nullable Attribute[] byNumber;
    private final @Nullable Attribute element;

    /**
     * One attribute.
     *
     * @param name the kernel's name; the bare number where it is unknown
     * @param kind what its payload holds
     * @param nest what is in it if it is nested, else {@link #UNKNOWN}
     */
    record Attribute(String name, AttributeKind kind, AttributeTable nest) {}

    private AttributeTable(@Nullable Attribute[] byNumber, @Nullable Attribute element) {
        this.byNumber = byNumber;
        this.element = element;
    }

    static Builder builder() {
        return new Builder();
    }

    /** A nest of any number of nests that are all alike. */
    static AttributeTable elements(AttributeTable nest) {
        return new AttributeTable(new Attribute[0], new Attribute("", AttributeKind.NESTED, nest));
    }

    /**
     * Returns what is known of an attribute; never fails.
     *
     * @param number without the flags for nests and byte order
     */
    Attribute attribute(int number) {
        Attribute known = number < byNumber.length ? byNumber[number] : null;
        if (known != null) {
            return known;
        }
        return element == null
                ? new Attribute(Integer.toString(number), AttributeKind.BYTES, UNKNOWN)
                : new Attribute("[" + number + "]", element.kind, element.nest);
    }

    /** Collects the attributes of a table. */
    static final class Builder {
        private @Nullable Attribute[] byNumber = new Attribute[16];

        private Builder() {}

        /** Adds an attribute that is no nest. */
        Builder is(int number, String name, AttributeKind kind) {
            return put(number, new Attribute(name, kind, UNKNOWN));
        }

        /** Adds an attribute that holds others. */
        Builder nest(int number, String name, AttributeTable nest) {
            return put(number, new Attribute(name, AttributeKind.NESTED, nest));
        }

        private Builder put(int number, Attribute attribute) {
            if (number >= byNumber.length) {
                byNumber = Arrays.copyOf(byNumber, number + 16);
            }
            if (byNumber[number] != null) {
                throw new IllegalArgumentException(
                        "attribute " + number + ": named twice, the second time " + attribute.name);
            }
            byNumber[number] = attribute;
            return this;
        }

        AttributeTable build() {
            return new AttributeTable(byNumber.clone(), null);
        }
    }
}
