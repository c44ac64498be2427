// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.MessageWriter;

/**
 * Renames a set, or lets two sets change places.
 *
 * @param command RENAME or SWAP
 * @param name name of the set
 * @param second the new name, or the name of the other set
 */
record NamesRequest(int command, String name, String second) implements SetRequest {
    @Override
    public void writeAttributes(MessageWriter out) {
        out.string(IpsetMessage.SET_NAME, name);
        out.string(IpsetMessage.SECOND_NAME, second);
    }

    @Override
    public String describe() {
        return command == IpsetCommands.RENAME
                ? "rename set " + name + " to " + second
                : "swap set " + name + " with " + second;
    }

    @Override
    public String explain(Errno errno) {
        return switch (errno.number()) {
            case IpsetErrors.EXIST_SECOND_NAME ->
                command == IpsetCommands.RENAME
                        ? "a set " + second + " exists already; destroy it or take another name"
                        : "there is no set " + second + "; create it first";
            case IpsetErrors.TYPE_MISMATCH ->
                "the sets are of different types or address families; only sets that match the same parts of a packet"
                        + " can change places";
            case IpsetErrors.REFERENCED ->
                "the set is in use; remove the rules and list:set that refer to it first, or swap it";
            default ->
                errno.equals(Errno.EBUSY) ? "somebody is listing one of the sets; try again" : SetErrors.explain(errno);
        };
    }
}
