// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/** Makes single messages for generic netlink's controller, ipset and rtnetlink. */
final class Messages {
    static final int CONTROLLER = 16;
    static final int GET_FAMILY = 3;
    static final int FAMILY_ID = 1;
    static final int FAMILY_NAME = 2;
    static final int NEW_LINK = 16;
    static final int DELETE_LINK = 17;
    static final int GET_LINK = 18;
    static final int LINK_NAME = 3;
    static final int IPSET = 6 << 8;
    static final int ERROR = 2;
    static final int DONE = 3;
    static final int CAPPED = 0x100;
    static final int ACK_ATTRIBUTES = 0x200;

    private Messages() {}

    /** A request of any kind. */
    record Any(int type, int flags, Consumer<MessageWriter> body, String describe) implements Request {
        @Override
        public void write(MessageWriter out) {
            body.accept(out);
        }
    }

    static Request lookUp(String family) {
        return new Any(CONTROLLER, 0, lookUpBody(family), "look up family " + family);
    }

    /** By number, since for a name that it does not know the kernel tries to load a module. */
    static Request lookUp(int family) {
        return new Any(
                CONTROLLER, 0, out -> out.genericHeader(GET_FAMILY, 1).u16(FAMILY_ID, family), "look up " + family);
    }

    static Consumer<MessageWriter> lookUpBody(String family) {
        return out -> out.genericHeader(GET_FAMILY, 1).string(FAMILY_NAME, family);
    }

    static void linkHeader(MessageWriter out, int index) {
        out.headerU32(0).headerU32(index).headerU32(0).headerU32(0);
    }

    static Request addLink(String name, String kind) {
        int flags = MessageFlags.CREATE | MessageFlags.EXCLUSIVE;
        return new Any(
                NEW_LINK,
                flags,
                out -> {
                    linkHeader(out, 0);
                    out.string(LINK_NAME, name);
                    int info = out.beginNested(18);
                    out.string(1, kind);
                    out.endNested(info);
                },
                "add link " + name);
    }

    static Request deleteLink(String name) {
        return new Any(
                DELETE_LINK,
                0,
                out -> {
                    linkHeader(out, 0);
                    out.string(LINK_NAME, name);
                },
                "delete link " + name);
    }

    static Request listLinks(int index) {
        return new Any(GET_LINK, 0, out -> linkHeader(out, index), "list links");
    }

    /** Writes one message; sequence numbers of tests are small. */
    static ByteBuf message(int type, int flags, int sequence, Consumer<MessageWriter> body) {
        ByteBuf bytes = Unpooled.directBuffer(64);
        MessageWriter out = new MessageWriter(bytes).begin(type, flags, sequence);
        body.accept(out);
        out.end();
        return bytes;
    }

    /** Tells a message in few words: an acknowledgement, an error, the end of a listing, or its type. */
    static String words(MessageReader message) {
        String what = switch (message.type()) {
            case ERROR -> message.headerU32(0) == 0 ? "ack" : "error " + -message.headerU32(0);
            case DONE -> message.headerU32(0) == 0 ? "done" : "done " + -message.headerU32(0);
            default -> "message";
        };
        return message.sequence() + " " + what;
    }
}
