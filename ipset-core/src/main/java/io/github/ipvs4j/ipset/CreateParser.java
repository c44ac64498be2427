// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads what stands behind the word {@code create}. */
final class CreateParser {
    private final ScriptLine line;
    private final String name;
    private final SetType type;
    private IpFamily family = IpFamily.IPV4;
    private long hashSize = SetOptions.Hash.DEFAULT_HASH_SIZE;
    private long maxElements = SetOptions.Hash.DEFAULT_MAX_ELEMENTS;
    private long size = SetOptions.ListSize.DEFAULT_SIZE;
    private OptionalInt bucketSize = OptionalInt.empty();
    private OptionalLong initialValue = OptionalLong.empty();
    private OptionalLong timeout = OptionalLong.empty();
    private @Nullable SetMask mask;
    private String range = "";
    private boolean counters;
    private boolean comment;
    private boolean packetInfo;
    private boolean forceAdd;

    CreateParser(ScriptLine line) {
        this.line = line;
        this.name = line.name();
        String typeName = line.next("the type of the set");
        this.type = SetType.named(typeName).orElseThrow(() -> line.problem("unknown set type '" + typeName + "'"));
    }

    SetDefinition definition() {
        int place = line.mark();
        while (line.hasNext()) {
            try {
                option(line.next("an option"));
            } catch (IpsetSyntaxException e) {
                throw e;
            } catch (IllegalArgumentException e) {
                throw line.problem(String.valueOf(e.getMessage()));
            }
        }
        try {
            return new SetDefinition(name, type, options(), new SetExtensions(timeout, counters, comment, packetInfo));
        } catch (IpsetSyntaxException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw line.problemAt(place, 0, String.valueOf(e.getMessage()));
        }
    }

    private void option(String option) {
        switch (option) {
            case "family" -> family = family(line.next("a family"));
            case "-4" -> family = IpFamily.IPV4;
            case "-6" -> family = IpFamily.IPV6;
            case "hashsize" -> hashSize = line.number("hashsize");
            case "maxelem" -> maxElements = line.number("maxelem");
            case "size" -> size = line.number("size");
            case "bucketsize" -> bucketSize = bucketSize(line.number("bucketsize"));
            case "initval" -> initialValue = OptionalLong.of(line.number("initval"));
            case "timeout" -> timeout = OptionalLong.of(line.number("timeout"));
            case "range" -> range = line.next("a range");
            case "netmask" -> mask = new SetMask.Netmask((int) line.number("netmask"));
            case "bitmask" -> mask = new SetMask.Bitmask(IpAddress.of(line.next("a mask")));
            case "markmask" -> mask = new SetMask.Markmask((int) line.number("markmask"));
            case "counters" -> counters = true;
            case "comment" -> comment = true;
            case "skbinfo" -> packetInfo = true;
            case "forceadd" -> forceAdd = true;
            default -> throw line.problem("unknown option '" + option + "'");
        }
    }

    /** The kernel's own value is the same as none, and the larger ones that it comes to by itself count as that. */
    private static OptionalInt bucketSize(long size) {
        boolean kernels = size >= SetOptions.Hash.DEFAULT_BUCKET_SIZE && size <= SetOptions.Hash.LARGEST_BUCKET_SIZE;
        return kernels ? OptionalInt.empty() : OptionalInt.of((int) size);
    }

    private IpFamily family(String word) {
        return switch (word) {
            case "inet", "ipv4" -> IpFamily.IPV4;
            case "inet6", "ipv6" -> IpFamily.IPV6;
            default -> throw line.problem("family '" + word + "': expected inet or inet6");
        };
    }

    private SetOptions options() {
        if (type == SetType.LIST_SET) {
            return new SetOptions.ListSize(size);
        }
        if (type.isHash()) {
            return new SetOptions.Hash(
                    type.hasFamily() ? Optional.of(family) : Optional.empty(),
                    hashSize,
                    maxElements,
                    Optional.ofNullable(mask),
                    bucketSize,
                    initialValue,
                    forceAdd);
        }
        if (range.isEmpty()) {
            throw new IllegalArgumentException(type + " needs a range");
        }
        return type == SetType.BITMAP_PORT ? ports() : addresses();
    }

    private SetOptions ports() {
        int dash = range.indexOf('-');
        int first = (int) line.number("port", dash < 0 ? range : range.substring(0, dash), 0);
        int last = dash < 0 ? first : (int) line.number("port", range.substring(dash + 1), 0);
        return new SetOptions.PortRange(Math.min(first, last), Math.max(first, last));
    }

    private SetOptions addresses() {
        int netmask = mask instanceof SetMask.Netmask net ? net.length() : Integer.SIZE;
        int dash = range.indexOf('-');
        if (dash < 0) {
            IpPrefix block = IpPrefix.of(range);
            return new SetOptions.AddressRange(block.address(), last(block), netmask);
        }
        IpAddress first = IpAddress.of(range.substring(0, dash));
        IpAddress last = IpAddress.of(range.substring(dash + 1));
        return first.compareTo(last) <= 0
                ? new SetOptions.AddressRange(first, last, netmask)
                : new SetOptions.AddressRange(last, first, netmask);
    }

    /** Returns the highest address of an IPv4 block. */
    static IpAddress last(IpPrefix block) {
        if (block.family() != IpFamily.IPV4) {
            throw new IllegalArgumentException("block " + block + ": expected IPv4 addresses");
        }
        long bits = EntryParts.bits(block.address()) | 0xffff_ffffL >>> block.length();
        return IpAddress.of(
                ByteBuffer.allocate(Integer.BYTES).putInt((int) bits).array());
    }
}
