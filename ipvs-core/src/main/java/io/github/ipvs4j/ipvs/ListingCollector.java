// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.DumpConsumer;
import io.github.ipvs4j.netlink.MessageReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;

/** Collects the entries of one listing, each once. */
final class ListingCollector<T, K> implements DumpConsumer {
    /** Up to so many entries are compared with each other, which costs less than a set of their keys. */
    private static final int FEW = 12;

    private final Function<MessageReader, T> decoder;
    private final BiPredicate<T, T> sameKey;
    private final Function<T, K> keyOf;
    private final boolean asksForMemory;
    private final List<T> entries = new ArrayList<>();
    private int pieces;
    private int length;
    private int piece;
    private int longestPiece;
    private int longest;
    private int memory;

    ListingCollector(
            Function<MessageReader, T> decoder,
            BiPredicate<T, T> sameKey,
            Function<T, K> keyOf,
            boolean asksForMemory) {
        this.decoder = decoder;
        this.sameKey = sameKey;
        this.keyOf = keyOf;
        this.asksForMemory = asksForMemory;
    }

    @Override
    public void prepared(Supplier<OptionalInt> firstPiece) {
        if (asksForMemory) {
            memory = firstPiece.get().orElse(0);
        }
    }

    @Override
    public void accept(MessageReader message) {
        entries.add(decoder.apply(message));
        if (message.isFirst()) {
            pieces++;
            piece = 0;
        }
        piece += message.length();
        length += message.length();
        longestPiece = Math.max(longestPiece, piece);
        longest = Math.max(longest, message.length());
    }

    @Override
    public void restart() {
        entries.clear();
        pieces = 0;
        length = 0;
        piece = 0;
        longestPiece = 0;
        longest = 0;
    }

    Listing<T> listing() {
        int listed = entries.size();
        if (listed > FEW || someKeyIsThereTwice()) {
            Set<K> seen = new HashSet<>(listed * 4 / 3 + 1);
            entries.removeIf(entry -> !seen.add(keyOf.apply(entry)));
        }
        return new Listing<>(entries, entries.size() < listed, pieces, length, longestPiece, longest, memory);
    }

    private boolean someKeyIsThereTwice() {
        for (int i = 1; i < entries.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (sameKey.test(entries.get(i), entries.get(j))) {
                    return true;
                }
            }
        }
        return false;
    }
}
