// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.GenericRequest;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.MessageWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What {@link TinyKernel} reads out of requests and writes into answers. */
final class TinyMessages {
    static final int PORT_ID = 77;
    static final int ERROR = 2;
    static final int DONE = 3;
    static final int CAPPED = 0x100;

    private TinyMessages() {}

    /** Writes an acknowledgement, an error or the end of a listing. */
    static ByteBuf control(int type, int flags, int sequence, int value) {
        ByteBuf bytes = Unpooled.buffer();
        MessageWriter out =
                new MessageWriter(bytes).begin(type, flags, sequence).headerU32(value);
        if (type == ERROR) {
            out.headerU32(Bytes.HEADER).headerU32(0).headerU32(sequence).headerU32(0);
        }
        out.end();
        return bytes.setIntLE(Bytes.PORT_ID, PORT_ID);
    }

    /** Writes an object of the family. */
    static ByteBuf object(int sequence, int command, GenericRequest content) {
        ByteBuf bytes = Unpooled.buffer();
        MessageWriter out = new MessageWriter(bytes)
                .begin(Bytes.FAMILY, MessageFlags.MULTI, sequence)
                .genericHeader(command, IpvsCommands.VERSION);
        content.write(out);
        out.end();
        return bytes.setIntLE(Bytes.PORT_ID, PORT_ID);
    }

    static GenericRequest content(Consumer<MessageWriter> attributes) {
        return new GenericRequest() {
            @Override
            public int command() {
                return 0;
            }

            @Override
            public void write(MessageWriter out) {
                attributes.accept(out);
            }

            @Override
            public String describe() {
                return "answer";
            }
        };
    }

    static @Nullable SyncRole role(MessageReader request) {
        AttributeReader attributes = request.genericAttributes();
        attributes.next();
        attributes.enter();
        attributes.next();
        return SyncRole.ofNumber(attributes.u32()).orElse(null);
    }

    static ServiceKey key(MessageReader request) {
        return service(request).key();
    }

    static VirtualService service(MessageReader request) {
        return new ServiceDecoder().decode(request.genericAttributes()).service();
    }

    static @Nullable Destination destination(MessageReader request, ServiceKey service) {
        AttributeReader attributes = request.genericAttributes();
        while (attributes.next()) {
            if (attributes.type() == IpvsCommands.DESTINATION) {
                return new DestinationDecoder(service.family()).decode(request).destination();
            }
        }
        return null;
    }

    static String words(int command, VirtualService service, @Nullable Destination destination) {
        String verb = switch (command) {
            case IpvsCommands.NEW_SERVICE, IpvsCommands.NEW_DESTINATION -> "add ";
            case IpvsCommands.SET_SERVICE, IpvsCommands.SET_DESTINATION -> "set ";
            default -> "delete ";
        };
        return destination == null ? verb + service.key() : verb + service.key() + " -> " + destination.key();
    }
}
