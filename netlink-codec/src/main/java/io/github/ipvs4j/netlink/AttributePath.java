// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/**
 * A request written once more, in order to find out which attribute stands at an offset that the kernel complains
 * about.
 */
final class AttributePath {
    private static final int FIRST_SIZE = 256;

    private final ByteBuf bytes;
    private final Optional<MessageFormat> format;

    private AttributePath(ByteBuf bytes, Optional<MessageFormat> format) {
        this.bytes = bytes;
        this.format = format;
    }

    /** Writes a request anew; the result needs no releasing. */
    static AttributePath in(NetlinkProtocol protocol, Request request) {
        ByteBuf bytes = Unpooled.buffer(FIRST_SIZE);
        MessageWriter out = new MessageWriter(bytes).begin(request.type(), 0, 0);
        request.write(out);
        out.end();
        int command = bytes.writerIndex() > NetlinkHeader.SIZE ? bytes.getUnsignedByte(NetlinkHeader.SIZE) : 0;
        return new AttributePath(
                bytes,
                request instanceof GenericClient.Addressed addressed
                        ? Optional.of(MessageFormat.generic(addressed.family(), command))
                        : MessageFormat.of(protocol, request.type(), command));
    }

    /**
     * Returns the names that lead to an attribute, where they are known, else its numbers.
     *
     * @param offset of the attribute from the start of {@code nlmsghdr}
     * @return for example {@code IPVS_CMD_ATTR_DAEMON/IPVS_DAEMON_ATTR_MCAST_IFN}
     */
    String at(int offset) {
        return find(offset).map(Step::path).orElse("at offset " + Integer.toUnsignedString(offset));
    }

    /** Returns the names that lead to an attribute that is missing in a nest; the nest is -1 at the top level. */
    String missing(int type, int nest) {
        if (nest < 0) {
            return format.map(known -> known.attributes().attribute(type).name())
                    .orElse(Integer.toString(type));
        }
        String name = find(nest)
                .map(step -> step.attribute.nest().attribute(type).name())
                .orElse(Integer.toString(type));
        return at(nest) + "/" + name;
    }

    private Optional<Step> find(int offset) {
        return format.flatMap(known -> {
            int first = NetlinkHeader.SIZE + NetlinkHeader.align(known.header().length());
            return find(offset, first, bytes.writerIndex(), "", known.attributes());
        });
    }

    /** An attribute on the way to the one that is looked for. */
    private record Step(String path, AttributeTable.Attribute attribute) {}

    /** Looks among the attributes between two indexes; goes into the one whose payload reaches over the offset. */
    private Optional<Step> find(int offset, int from, int to, String path, AttributeTable table) {
        int index = from;
        while (to - index >= AttributeHeader.SIZE) {
            int length = HostOrder.u16(bytes, index + AttributeHeader.LENGTH);
            if (length < AttributeHeader.SIZE || length > to - index) {
                return Optional.empty();
            }
            int type = HostOrder.u16(bytes, index + AttributeHeader.TYPE) & AttributeHeader.TYPE_MASK;
            Step step = new Step(path + table.attribute(type).name(), table.attribute(type));
            if (offset == index) {
                return Optional.of(step);
            }
            if (offset > index && offset < index + length) {
                Optional<Step> deeper = find(
                        offset, index + AttributeHeader.SIZE, index + length, step.path + "/", step.attribute.nest());
                // In the midst of a payload: the attribute itself is the closest that can be named.
                return deeper.isPresent() ? deeper : Optional.of(step);
            }
            index += NetlinkHeader.align(length);
        }
        return Optional.empty();
    }
}
