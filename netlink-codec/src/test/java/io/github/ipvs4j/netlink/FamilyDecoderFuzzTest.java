// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The decoders of routes, connections and families: a value or {@link MalformedReply}, as in {@link DecoderFuzzTest}.
 */
class FamilyDecoderFuzzTest {
    private static final Request DUMMY = new LinkRequest.AddDummy("kube-ipvs0");

    static List<byte[]> vectors() throws URISyntaxException {
        return DecoderFuzzTest.vectors();
    }

    @MethodSource("vectors")
    @FuzzTest(maxDuration = "60s")
    void connections(byte[] datagram) {
        eachMessage(datagram, message -> {
            ConntrackCodec.event(message);
            ConntrackCodec.read(message).ifPresent(entry -> {
                // What was read can be written, and is the same when it is read again.
                if (!ConntrackCodec.read(Bytes.message(new ConntrackRequest.Add(entry), 0))
                        .equals(Optional.of(entry))) {
                    throw new AssertionError("not the same when read again: " + entry);
                }
            });
        });
    }

    @MethodSource("vectors")
    @FuzzTest(maxDuration = "60s")
    void routesAndTheirEvents(byte[] datagram) {
        eachMessage(datagram, message -> {
            RouteDecoder.event(message);
            RouteDecoder.localRoute(message);
        });
    }

    @MethodSource("vectors")
    @FuzzTest(maxDuration = "60s")
    void familiesAndTheirPolicies(byte[] datagram) {
        ControllerDecoder.PolicyListing listing = new ControllerDecoder.PolicyListing();
        eachMessage(datagram, message -> {
            listing.accept(message);
            ControllerDecoder.family(message);
        });
        if (listing.result().toString().isEmpty()) {
            throw new AssertionError("policies without words");
        }
    }

    @MethodSource("vectors")
    @FuzzTest(maxDuration = "60s")
    void complaintsAboutARequest(byte[] datagram) {
        eachMessage(
                datagram,
                message ->
                        Complaint.about(NetlinkProtocol.ROUTE, DUMMY, message).words());
    }

    private static void eachMessage(byte[] datagram, Consumer<MessageReader> decoder) {
        MessageReader reader = new MessageReader().over(Unpooled.wrappedBuffer(datagram));
        while (true) {
            try {
                if (!reader.next()) {
                    return;
                }
                decoder.accept(reader);
            } catch (MalformedReply refused) {
                if (refused.offset() < 0 || refused.offset() > datagram.length) {
                    throw new AssertionError("offset outside the datagram", refused);
                }
            }
        }
    }
}
