// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.KernelRejected;
import org.jspecify.annotations.Nullable;

/**
 * Says in words why the kernel refused an entry, and what to do. From 4352 on a number means something else for every
 * kind of set.
 *
 * <p>Follows {@code net/netfilter/ipset/ip_set_hash_gen.h}, {@code ip_set_bitmap_gen.h} and {@code ip_set_list_set.c}.
 */
final class EntryErrors {
    private EntryErrors() {}

    /** Tells whether an entry was refused because the set is full or because it lies outside its range. */
    static boolean isBeyondLimit(SetRequest.Entry request, KernelRejected why) {
        return why.errno().number() == IpsetErrors.HASH_FULL && request.setType() != SetType.LIST_SET;
    }

    static String explain(Errno errno, SetRequest.Entry request) {
        SetType type = request.setType();
        int number = errno.number();
        if (errno.equals(Errno.EINVAL) && hasUnspecifiedAddress(request.member().entry())) {
            return "the kernel takes no unspecified address into a set of type " + type;
        }
        if (errno.equals(Errno.EPERM) && type == SetType.HASH_IP_MAC) {
            // hash_ipmac4_uadt() answers 1 whatever is wrong.
            return "no matter of permission, as the kernel answers so for anything wrong with an entry of " + type
                    + ": leave out what the set was created without, such as timeout, counters, comment or skbinfo";
        }
        String text = number < IpsetErrors.HASH_FULL ? ofAnyType(number, type) : ofType(number, request);
        return text.isEmpty() ? SetErrors.explain(errno) : text;
    }

    private static String ofAnyType(int number, SetType type) {
        return switch (number) {
            case IpsetErrors.PROTOCOL ->
                "the set of this name is not " + type
                        + " of this address family; somebody may have replaced it, look it up again";
            case IpsetErrors.INVALID_CIDR -> "the prefix length does not fit a set of type " + type;
            case IpsetErrors.TIMEOUT -> without("timeout", "withTimeout");
            case IpsetErrors.COUNTER -> without("counters", "withCounters");
            case IpsetErrors.COMMENT -> without("comment", "withComment");
            case IpsetErrors.SKBINFO -> without("skbinfo", "withPacketInfo");
            case IpsetErrors.EXIST -> "the entry is not in the set";
            default -> "";
        };
    }

    private static String without(String option, String method) {
        return "the set was created without " + option + "; leave that out, or create it again with " + method;
    }

    private static String ofType(int number, SetRequest.Entry request) {
        if (request.setType() == SetType.LIST_SET) {
            return ofList(number, request);
        }
        return request.setType().isHash() ? ofHash(number, request) : ofBitmap(number, request);
    }

    private static String ofHash(int number, SetRequest.Entry request) {
        return switch (number) {
            case IpsetErrors.HASH_FULL ->
                "the set is full" + limit(request.options())
                        + "; delete entries, or replace the set by one with a higher maxElements";
            case IpsetErrors.HASH_ELEMENT ->
                "the kernel takes no unspecified address into a set of type " + request.setType();
            case IpsetErrors.HASH_INVALID_PROTOCOL -> "the kernel takes no protocol 0";
            case IpsetErrors.HASH_RANGE_UNSUPPORTED -> "the kernel takes no ranges of IPv6 addresses";
            case IpsetErrors.HASH_RANGE -> "the kernel takes no range of all addresses; add two halves";
            default -> "";
        };
    }

    private static String limit(@Nullable SetOptions options) {
        return options instanceof SetOptions.Hash hash ? " (maxelem " + hash.maxElements() + ")" : "";
    }

    private static String ofBitmap(int number, SetRequest.Entry request) {
        if (number != IpsetErrors.BITMAP_RANGE) {
            return "";
        }
        String what = request.setType() == SetType.BITMAP_PORT ? "port" : "address";
        String range = "";
        if (request.options() instanceof SetOptions.PortRange ports) {
            range = " (" + ports.first() + "-" + ports.last() + ")";
        } else if (request.options() instanceof SetOptions.AddressRange addresses) {
            range = " (" + addresses.first() + "-" + addresses.last() + ")";
        }
        return "the " + what + " is outside the set's range" + range + "; create the set again with a wider one";
    }

    private static String ofList(int number, SetRequest.Entry request) {
        String member = request.member().spec().toString();
        String other = request.member()
                .options()
                .placement()
                .map(EntryOptions.Placement::set)
                .orElse("");
        return switch (number) {
            case IpsetErrors.LIST_NAME -> "there is no set " + member + "; create it first";
            case IpsetErrors.LIST_LOOP -> member + " is a list:set itself; a list holds only sets of other types";
            case IpsetErrors.LIST_BEFORE -> "the kernel misses the member to go before";
            case IpsetErrors.LIST_REFERENCE -> "there is no set " + other + " to go next to";
            case IpsetErrors.LIST_FULL -> "the list has no room; create it again with a larger size";
            case IpsetErrors.LIST_REFERENCE_MISSING ->
                "set " + other + " is not on the list at that place; add it first";
            default -> "";
        };
    }

    private static boolean hasUnspecifiedAddress(SetEntry entry) {
        EntryParts parts = new EntryParts();
        parts.take(entry);
        return isUnspecified(parts.address) || isUnspecified(parts.second);
    }

    private static boolean isUnspecified(@Nullable IpAddress address) {
        return address != null && address.isUnspecified();
    }
}
