// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the kernel accepts as an attribute, by its own account; its text says it in words.
 *
 * @param kind the kernel's number of the kind ({@code enum netlink_attribute_type}), for example 4 for 32 bits
 * @param min smallest number, or shortest payload in bytes where the kind is no number; numbers are unsigned unless the
 *     kind is signed
 * @param max largest number, or longest payload in bytes, the NUL of a string not counted
 * @param mask the only bits that may be set
 * @param nested index of the policy of the attributes inside, where the kind is a nest
 */
public record AttributePolicy(int kind, OptionalLong min, OptionalLong max, OptionalLong mask, OptionalInt nested) {
    private static final int U8 = 2;
    private static final int U64 = 5;
    private static final int S8 = 6;
    private static final int S64 = 9;
    private static final int BITFIELD = 15;
    private static final int SIGNED = 16;
    private static final int UNSIGNED = 17;

    private static final String[] WORDS = {
        "nothing",
        "a flag without payload",
        "a number of 8 bits",
        "a number of 16 bits",
        "a number of 32 bits",
        "a number of 64 bits",
        "a signed number of 8 bits",
        "a signed number of 16 bits",
        "a signed number of 32 bits",
        "a signed number of 64 bits",
        "binary data",
        "a string",
        "a string that ends in NUL",
        "nested attributes",
        "a list of nested attributes",
        "32 bits and their mask",
        "a signed number",
        "a number"
    };

    /** Reads the policy from the nest under the cursor, and leaves the nest. */
    static AttributePolicy read(AttributeReader attributes) {
        int kind = 0;
        OptionalLong min = OptionalLong.empty();
        OptionalLong max = OptionalLong.empty();
        OptionalLong mask = OptionalLong.empty();
        OptionalInt nested = OptionalInt.empty();
        attributes.enter();
        while (attributes.next()) {
            switch (attributes.type()) {
                case AttributePolicyLayout.KIND -> kind = attributes.u32();
                case AttributePolicyLayout.MIN_SIGNED, AttributePolicyLayout.MIN_UNSIGNED ->
                    min = OptionalLong.of(attributes.u64());
                case AttributePolicyLayout.MAX_SIGNED, AttributePolicyLayout.MAX_UNSIGNED ->
                    max = OptionalLong.of(attributes.u64());
                case AttributePolicyLayout.MIN_LENGTH -> min = OptionalLong.of(unsigned(attributes));
                case AttributePolicyLayout.MAX_LENGTH -> max = OptionalLong.of(unsigned(attributes));
                case AttributePolicyLayout.BITFIELD_MASK -> mask = OptionalLong.of(unsigned(attributes));
                case AttributePolicyLayout.MASK -> mask = OptionalLong.of(attributes.u64());
                case AttributePolicyLayout.NESTED_POLICY -> nested = OptionalInt.of(attributes.u32());
                default -> {
                    // Padding, the highest type inside, and what newer kernels say.
                }
            }
        }
        attributes.leave();
        return new AttributePolicy(kind, min, max, mask, nested);
    }

    private static long unsigned(AttributeReader attributes) {
        return Integer.toUnsignedLong(attributes.u32());
    }

    /** Returns what is accepted in words, for example {@code a string that ends in NUL of at most 15 bytes}. */
    @Override
    public String toString() {
        StringBuilder words =
                new StringBuilder(kind >= 0 && kind < WORDS.length ? WORDS[kind] : "an attribute of kind " + kind);
        if (isNumber()) {
            appendRange(words);
        } else {
            appendLength(words);
        }
        mask.ifPresent(bits -> words.append(" with no bits but 0x").append(Long.toHexString(bits)));
        nested.ifPresent(index -> words.append(" by policy ").append(index));
        return words.toString();
    }

    private boolean isNumber() {
        return (kind >= U8 && kind <= S64) || kind == SIGNED || kind == UNSIGNED;
    }

    private boolean isSigned() {
        return kind >= S8 && kind != UNSIGNED;
    }

    private void appendRange(StringBuilder words) {
        // The kernel states the limits of the type itself where there are no others.
        int bits = kind > S64 ? Long.SIZE : Byte.SIZE << (kind - (kind <= U64 ? U8 : S8));
        long lowest = isSigned() ? -1L << (bits - 1) : 0;
        long highest = isSigned() ? ~lowest : -1L >>> (Long.SIZE - bits);
        if (min.orElse(lowest) != lowest) {
            words.append(" from ").append(number(min.getAsLong()));
        }
        if (max.orElse(highest) != highest) {
            words.append(" up to ").append(number(max.getAsLong()));
        }
    }

    private String number(long value) {
        return isSigned() ? Long.toString(value) : Long.toUnsignedString(value);
    }

    private void appendLength(StringBuilder words) {
        if (kind == BITFIELD) {
            return;
        }
        if (min.isPresent() && min.equals(max)) {
            words.append(" of ").append(min.getAsLong()).append(" bytes");
            return;
        }
        min.ifPresent(bytes -> words.append(" of at least ").append(bytes).append(" bytes"));
        max.ifPresent(bytes -> words.append(" of at most ").append(bytes).append(" bytes"));
    }
}
