// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All entries from one to another: every part that both have runs from that of the first to that of the last. The
 * kernel makes the entries; where it fails in between, those before remain.
 *
 * <p>Addresses and networks run only in IPv4; a network of a range is one address, and the kernel covers the range
 * with as few networks as possible. Ports run in both families. {@code toString} gives the text that {@code ipset}
 * uses, for example {@code 10.0.0.2-10.0.0.5,tcp:80-82}.
 *
 * @param first the lowest entry
 * @param last the highest one, of the same kind, family and protocol
 */
public record EntryRange(SetEntry first, SetEntry last) implements EntrySpec {
    /** Checks that there is a range between the two. */
    public EntryRange {
        if (first.getClass() != last.getClass() || !isRange(first, last)) {
            throw new IllegalArgumentException("range from " + first + " to " + last
                    + ": expected entries of one kind, with ports or IPv4 addresses in ascending order and all else"
                    + " equal");
        }
    }

    private static boolean isRange(SetEntry first, SetEntry last) {
        EntryParts from = new EntryParts();
        EntryParts to = new EntryParts();
        from.take(first);
        to.take(last);
        boolean runs = !Objects.equals(from.address, to.address) || !Objects.equals(from.second, to.second);
        return from.port <= to.port
                && from.protocol == to.protocol
                && from.mark == to.mark
                && Objects.equals(from.mac, to.mac)
                && (from.mac == null || !runs)
                && Objects.equals(from.name, to.name)
                && (from.name == null || from.address != null)
                && from.physical == to.physical
                && from.wildcard == to.wildcard
                && runs(from.address, from.prefix, to.address, to.prefix)
                && runs(from.second, from.secondPrefix, to.second, to.secondPrefix)
                && (!(first instanceof SetEntry.IpPortIp) || Objects.equals(from.second, to.second));
    }

    private static boolean runs(@Nullable IpAddress from, int fromPrefix, @Nullable IpAddress to, int toPrefix) {
        if (from == null || to == null) {
            return from == null && to == null;
        }
        if (from.equals(to)) {
            return fromPrefix == toPrefix;
        }
        return from.family() == IpFamily.IPV4
                && to.family() == IpFamily.IPV4
                && from.compareTo(to) < 0
                && fromPrefix < 0
                && toPrefix < 0;
    }

    @Override
    public Optional<IpFamily> family() {
        return first.family();
    }

    /** Returns the text that {@code ipset} uses. */
    @Override
    public String toString() {
        String[] from = first.toString().split(",", -1);
        String[] to = last.toString().split(",", -1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < from.length; i++) {
            text.append(i == 0 ? "" : ",").append(from[i]);
            if (!from[i].equals(to[i])) {
                text.append('-').append(to[i].substring(to[i].indexOf(':') + 1));
            }
        }
        return text.toString();
    }
}
