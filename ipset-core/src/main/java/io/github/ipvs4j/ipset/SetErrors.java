// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says in words what the kernel's errors mean, and what to do. An empty text leaves it at the general meaning.
 *
 * <p>Follows {@code net/netfilter/ipset/ip_set_core.c}, {@code ip_set_hash_gen.h}.
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
        return switch (errno.number()) {
            case IpsetErrors.MAX_SETS -> "the kernel has no room for another set; destroy some that are not needed";
            case IpsetErrors.INVALID_NETMASK -> "the kernel takes no such mask for this address family";
            case IpsetErrors.INVALID_MARKMASK -> "the kernel takes no empty mask";
            case IpsetErrors.PROTOCOL ->
                hasNewMask(definition)
                        ? "a bitmask, and any mask but that of hash:ip, needs Linux 6.3 or newer; leave it out"
                        : explain(errno);
            default -> explainType(errno, definition.type(), definition.family());
        };
    }

    private static boolean hasNewMask(SetDefinition definition) {
        return definition.options() instanceof SetOptions.Hash hash
                && hash.mask()
                        .map(mask -> mask instanceof SetMask.Bitmask
                                || (mask instanceof SetMask.Netmask && definition.type() != SetType.HASH_IP))
                        .orElse(false);
    }

    /** Explains why a set of this name stands in the way of a definition. */
    static String explainExisting(SetDefinition wanted, @Nullable ObservedSet existing) {
        if (existing == null) {
            return explainCreate(Errno.EEXIST, wanted);
        }
        String found = existing.contents()
                .map(set -> set.definition())
                .map(set -> set.type() + " " + set.options()
                        + (set.extensions().equals(SetExtensions.NONE) ? "" : " " + set.extensions()))
                .orElse(existing.header().typeName());
        List<String> unread = existing.contents().isPresent() ? existing.unread() : List.of();
        return "a set of this name exists as " + found
                + (unread.isEmpty() ? "" : " with " + String.join(", ", unread))
                + "; destroy or rename that set, or take another name";
    }

    /** Explains why a set that something refers to stays as it is. */
    static String explainReferences(List<String> lists, long others) {
        List<String> reasons = new ArrayList<>();
        if (!lists.isEmpty()) {
            reasons.add("it is a member of list:set " + String.join(", ", lists));
        }
        if (others > 0) {
            reasons.add((others == 1 ? "one rule refers" : others + " rules refer")
                    + " to it (see 'iptables-save | grep match-set')");
        }
        return reasons.isEmpty()
                ? "somebody was listing the set at that moment; try again"
                : "the set is in use: " + String.join(", and ", reasons)
                        + "; take it out there first, or give it other contents with replace or swap";
    }

    static String explainDestroy(Errno errno) {
        return errno.equals(Errno.ENOENT)
                ? "there is no set of this name; allow for that with destroyIfPresent"
                : explain(errno);
    }
}
