// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.URISyntaxException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes are: a value or {@link MalformedReply}, never another exception, never an endless loop. The
 * seeds are the captured datagrams; they run as ordinary tests, and {@code script/test --long} lets Jazzer go on from
 * them.
 */
class DecoderFuzzTest {
    static List<byte[]> vectors() throws URISyntaxException {
        return VectorTest.all().stream()
                .map(name -> ByteBufUtil.getBytes(Bytes.vector(name)))
                .toList();
    }

    @MethodSource("vectors")
    @FuzzTest(maxDuration = "60s")
    void attributesOfAnyDepth(byte[] datagram) {
        eachMessage(datagram, message -> {
            for (int header = 0; header <= 16; header += 4) {
                walk(message.attributes(header));
            }
        });
    }

    @MethodSource("vectors")
    @FuzzTest(maxDuration = "60s")
    void errorsAndTheirTexts(byte[] datagram) {
        eachMessage(datagram, message -> {
            if (Reply.error(message) != 0) {
                Reply.rejection(NetlinkProtocol.ROUTE, new LinkRequest.Get("lo"), message);
            }
        });
    }

    @MethodSource("vectors")
    @FuzzTest(maxDuration = "60s")
    void linksAndAddresses(byte[] datagram) {
        eachMessage(datagram, message -> {
            RouteClient.link(message);
            RouteClient.address(message);
        });
    }

    @MethodSource("vectors")
    @FuzzTest(maxDuration = "60s")
    void familyNumbers(byte[] datagram) {
        eachMessage(datagram, GenericClient::familyNumber);
    }

    @MethodSource("vectors")
    @FuzzTest(maxDuration = "60s")
    void everythingThatIsPrinted(byte[] datagram) {
        for (NetlinkProtocol protocol : NetlinkProtocol.values()) {
            // Printing shows damage in its text and throws nothing at all.
            new MessagePrinter(protocol).family(28, "IPVS").print(Unpooled.wrappedBuffer(datagram));
        }
    }

    private static void eachMessage(byte[] datagram, Consumer<MessageReader> decoder) {
        MessageReader reader = new MessageReader().over(Unpooled.wrappedBuffer(datagram));
        try {
            while (reader.next()) {
                decoder.accept(reader);
            }
        } catch (MalformedReply refused) {
            // The one exception that is allowed, at a place within the datagram.
            if (refused.offset() < 0 || refused.offset() > datagram.length) {
                throw new AssertionError("offset outside the datagram", refused);
            }
        }
    }

    /** Enters every attribute that could be a nest, as deep as the cursor goes. */
    static void walk(AttributeReader attributes) {
        while (attributes.next()) {
            attributes.string();
            attributes.bytes();
            if (attributes.length() >= AttributeHeader.SIZE && attributes.type() % 3 == 0) {
                attributes.enter();
                walk(attributes);
                attributes.leave();
            }
        }
    }
}
