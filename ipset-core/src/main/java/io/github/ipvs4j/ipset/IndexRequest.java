// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the number of a set by its name, or the other way round.
 *
 * @param name the name, null to ask for it
 * @param index the number, if the name is asked for
 */
record IndexRequest(@Nullable String name, int index) implements SetRequest {
    @Override
    public int command() {
        return name == null ? IpsetCommands.GET_BY_INDEX : IpsetCommands.GET_BY_NAME;
    }

    @Override
    public void writeAttributes(MessageWriter out) {
        if (name == null) {
            out.u16be(IpsetMessage.INDEX | MessageWriter.NETWORK_ORDER, index);
        } else {
            out.string(IpsetMessage.SET_NAME, name);
        }
    }

    @Override
    public String describe() {
        return name == null ? "look up the set with index " + index : "look up the index of set " + name;
    }

    @Override
    public String explain(Errno errno) {
        return SetErrors.explain(errno);
    }
}
