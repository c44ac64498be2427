// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says in words what the kernel's errors mean, and what to do. An empty text leaves it at the general meaning.
 *
 * <p>Follows {@code net/netfilter/ipset/ip_set_core.c}, {@code ip_set_hash_gen.h} and {@code ip_set_bitmap_gen.h}.
 */
final class SetErrors {
    private static final String NO_IPSET =
            "the kernel's ip_set is not available; load it with 'modprobe ip_set', or use a kernel that has it";

    private SetErrors() {}

    /** Explains what any request on a set by name can be answered. */
    static String explain(Errno errno) {
        if (errno.equals(Errno.EINVAL)) {
            return NO_IPSET;
        }
        if (errno.equals(Errno.ENOENT)) {
            return "there is no set of this name; create it first";
        }
        return switch (errno.number()) {
            case IpsetErrors.PROTOCOL ->
                "the kernel takes the request for malformed; version " + IpsetMessage.PROTOCOL_VERSION
                        + " of the ipset protocol needs Linux 4.20 or newer";
            case IpsetErrors.BUSY ->
                "the set is in use; remove the rules of iptables or nftables and the list:set that"
                        + " refer to it first, or try again if somebody is listing it at this moment";
            default -> "";
        };
    }

    static String explainType(Errno errno, SetType type, Optional<IpFamily> family) {
        return switch (errno.number()) {
            case IpsetErrors.FIND_TYPE, IpsetErrors.INVALID_FAMILY ->
                "this kernel has no " + type
                        + family.map(f -> " for family " + SetDefinition.familyText(f))
                                .orElse("") + "; load it with 'modprobe " + type.module()
                        + "', or use a kernel that has it";
            default -> explain(errno);
        };
    }

    static String explainCreate(Errno errno, SetDefinition definition) {
        if (errno.equals(Errno.EEXIST)) {
            return "a set of this name exists already; destroy it first, or allow for it with createIfAbsent";
        }
        if (errno.name().equals("ENOMEM")) {
            return "the kernel has no memory for it; choose a smaller hashSize";
        }
        return errno.number() == IpsetErrors.MAX_SETS
                ? "the kernel has no room for another set; destroy some that are not needed"
                : explainType(errno, definition.type(), definition.family());
    }

    /** Explains why a set of this name stands in the way of a definition. */
    static String explainExisting(SetDefinition wanted, @Nullable ObservedSet existing) {
        if (existing == null) {
            return explainCreate(Errno.EEXIST, wanted);
        }
        String found = existing.contents()
                .map(set -> set.definition().type() + " " + set.definition().options())
                .orElse(existing.header().typeName());
        List<String> unread = existing.contents().isPresent() ? existing.unread() : List.of();
        return "a set of this name exists as " + found
                + (unread.isEmpty() ? "" : " with " + String.join(", ", unread))
                + "; destroy or rename that set, or take another name";
    }

    /** Tells whether an entry was refused because the set is full or because the port lies outside its range. */
    static boolean isBeyondLimit(Errno errno) {
        return errno.number() == IpsetErrors.HASH_FULL || errno.number() == IpsetErrors.BITMAP_RANGE;
    }

    static String explainDestroy(Errno errno) {
        return errno.equals(Errno.ENOENT)
                ? "there is no set of this name; allow for that with destroyIfPresent"
                : explain(errno);
    }

    static String explainEntry(Errno errno, SetRequest.Entry request) {
        if (errno.equals(Errno.EINVAL) && hasUnspecifiedAddress(request.entry())) {
            return "the kernel takes no unspecified address into a set of type " + request.setType();
        }
        if (errno.number() == IpsetErrors.PROTOCOL) {
            return "the set of this name is not " + request.setType()
                    + " of this address family; somebody may have replaced it, look it up again";
        }
        String byType = request.setType().isHash()
                ? explainHashEntry(errno.number(), request)
                : explainBitmapEntry(errno.number(), request);
        return byType.isEmpty() ? explain(errno) : byType;
    }

    private static String explainHashEntry(int number, SetRequest.Entry request) {
        return switch (number) {
            case IpsetErrors.HASH_FULL ->
                "the set is full"
                        + (request.options() instanceof SetOptions.Hash hash
                                ? " (maxelem " + hash.maxElements() + ")"
                                : "")
                        + "; delete entries, or create it again with a higher maxElements";
            case IpsetErrors.HASH_ELEMENT ->
                "the kernel takes no unspecified address into a set of type " + request.setType();
            case IpsetErrors.HASH_INVALID_PROTOCOL -> "the kernel takes no protocol 0";
            default -> "";
        };
    }

    private static String explainBitmapEntry(int number, SetRequest.Entry request) {
        if (number != IpsetErrors.BITMAP_RANGE) {
            return "";
        }
        return "the port is outside the set's range"
                + (request.options() instanceof SetOptions.PortRange range
                        ? " (" + range.first() + "-" + range.last() + ")"
                        : "")
                + "; create the set again with a wider one";
    }

    private static boolean hasUnspecifiedAddress(SetEntry entry) {
        if (entry instanceof SetEntry.Ip ip) {
            return ip.address().isUnspecified();
        }
        if (entry instanceof SetEntry.IpPort ipPort) {
            return ipPort.address().isUnspecified();
        }
        return entry instanceof SetEntry.IpPortIp both && isUnspecified(both.address(), both.second());
    }

    private static boolean isUnspecified(IpAddress first, IpAddress second) {
        return first.isUnspecified() || second.isUnspecified();
    }
}
