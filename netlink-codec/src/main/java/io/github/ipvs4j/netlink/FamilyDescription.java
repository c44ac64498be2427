// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.List;
import java.util.OptionalInt;

/**
 * A generic-netlink family as the running kernel has it.
 *
 * @param name as it is registered
 * @param number its message type, which differs between kernels and between loads of its module
 * @param version its version
 * @param headerSize bytes of the family's own fixed header behind {@code genlmsghdr}
 * @param maxAttribute highest attribute number that it knows
 * @param operations its commands; a kernel tells of those only that can be asked for
 * @param groups its multicast groups
 */
public record FamilyDescription(
        String name,
        int number,
        int version,
        int headerSize,
        int maxAttribute,
        List<Operation> operations,
        List<Group> groups) {
    private static final int ADMIN = 0x01;
    private static final int DO = 0x02;
    private static final int DUMP = 0x04;
    private static final int NAMESPACE_ADMIN = 0x10;

    /**
     * A command.
     *
     * @param command its number
     * @param flags the kernel's bits ({@code GENL_ADMIN_PERM} and its siblings)
     */
    public record Operation(int command, int flags) {
        /**
         * Tells whether the command needs {@code CAP_NET_ADMIN}.
         *
         * @return true if it does, in the initial user namespace or in that of the network namespace's owner
         */
        public boolean needsAdmin() {
            return (flags & (ADMIN | NAMESPACE_ADMIN)) != 0;
        }

        /**
         * Tells whether the command can be sent as a plain request.
         *
         * @return false for commands that only list
         */
        public boolean answersRequest() {
            return (flags & DO) != 0;
        }

        /**
         * Tells whether the command can be sent as a listing.
         *
         * @return false for commands that only act or answer once
         */
        public boolean answersDump() {
            return (flags & DUMP) != 0;
        }
    }

    /**
     * A multicast group.
     *
     * @param name its name within the family
     * @param number by which it is joined, for example with {@link NetlinkEvents#open}
     */
    public record Group(String name, int number) {}

    /** Copies the lists. */
    public FamilyDescription {
        operations = List.copyOf(operations);
        groups = List.copyOf(groups);
    }

    /**
     * Looks a multicast group up by name.
     *
     * @param wanted its name
     * @return its number, empty if the family has no such group
     */
    public OptionalInt group(String wanted) {
        return groups.stream()
                .filter(group -> group.name().equals(wanted))
                .mapToInt(Group::number)
                .findFirst();
    }
}
