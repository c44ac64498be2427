// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MalformedReply;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.MessageWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** What is written can be read again, whatever the order; and what nobody wrote is refused with one exception. */
@Domain(IpvsArbitraries.class)
@Domain(DomainContext.Global.class)
class CodecPropertyTest {
    @Property
    void readsTheServiceThatItWrote(@ForAll VirtualService service) {
        assertThat(service(Bytes.written(new IpvsRequest.AddService(service))).service())
                .isEqualTo(service);
    }

    @Property
    void readsTheServiceKeyThatItWrote(@ForAll ServiceKey key) {
        assertThat(service(Bytes.written(new IpvsRequest.DeleteService(key))).key())
                .isEqualTo(key);
    }

    @Property
    void readsTheDestinationThatItWrote(@ForAll ServiceKey service, @ForAll Destination destination) {
        MessageReader message = Bytes.written(new IpvsRequest.AddDestination(service, destination));

        assertThat(new DestinationDecoder(service.family()).decode(message).destination())
                .isEqualTo(destination);
        assertThat(service(message).key()).isEqualTo(service);
    }

    @Property
    void readsAttributesInAnyOrderAndStepsOverUnknownOnes(
            @ForAll VirtualService service, @ForAll Destination destination, @ForAll Random random) {
        ByteBuf ofService = shuffled(nest(new IpvsRequest.AddService(service), IpvsCommands.SERVICE), random);
        ByteBuf ofDestination = shuffled(
                nest(new IpvsRequest.AddDestination(service.key(), destination), IpvsCommands.DESTINATION), random);

        assertThat(service(message(IpvsCommands.SERVICE, ofService)).service()).isEqualTo(service);
        assertThat(new DestinationDecoder(service.key().family())
                        .decode(message(IpvsCommands.DESTINATION, ofDestination))
                        .destination())
                .isEqualTo(destination);
    }

    @Property
    void takesAnyBytesForAValueOrForMalformed(@ForAll("payloads") byte[] payload) {
        MessageReader message = Bytes.message(framed(Unpooled.wrappedBuffer(payload)));
        try {
            assertThat(service(message).key()).isNotNull();
        } catch (MalformedReply expected) {
            assertThat(expected).hasMessageContaining("offset");
        }
        try {
            assertThat(new DestinationDecoder(IpFamily.IPV6).decode(message).key())
                    .isNotNull();
        } catch (MalformedReply expected) {
            assertThat(expected).hasMessageContaining("offset");
        }
    }

    /** Half of them begin as a service or a destination does, so that the decoders get somewhere. */
    @Provide
    Arbitrary<byte[]> payloads() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(80);
        Arbitrary<byte[]> damaged = Arbitraries.of(
                        "ipvs-get-services-pad.rsp", "ipvs-get-dests-pad.rsp", "ipvs-new-dest-gue.req")
                .flatMap(name -> Arbitraries.randoms().map(random -> {
                    ByteBuf vector = Bytes.vector(name);
                    byte[] payload = new byte[vector.readableBytes() - Bytes.HEADER];
                    vector.getBytes(Bytes.HEADER, payload);
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        payload[random.nextInt(payload.length)] = (byte) random.nextInt();
                    }
                    return payload;
                }));
        return Arbitraries.oneOf(noise, damaged);
    }

    @Example
    void refusesAnAnswerWithoutAService() {
        MessageReader message = Bytes.written(new IpvsRequest.ListServices());

        assertThatThrownBy(() -> service(message))
                .isInstanceOf(MalformedReply.class)
                .hasMessageContaining("the answer holds no service");
    }

    private static ObservedService service(MessageReader message) {
        return new ServiceDecoder().decode(message.genericAttributes());
    }

    private static ByteBuf framed(ByteBuf payload) {
        ByteBuf bytes = Unpooled.buffer();
        new MessageWriter(bytes).begin(Bytes.FAMILY, 0, 0).genericHeader(1, 1).end();
        bytes.writeBytes(payload);
        return bytes.setIntLE(0, bytes.writerIndex());
    }

    private static MessageReader message(int type, ByteBuf nest) {
        ByteBuf payload = Unpooled.buffer();
        payload.writeShortLE(4 + nest.readableBytes()).writeShortLE(type).writeBytes(nest);
        return Bytes.message(framed(payload));
    }

    /** Returns the content of a nest that a request writes. */
    private static ByteBuf nest(IpvsRequest request, int type) {
        ByteBuf bytes = Unpooled.buffer();
        MessageWriter writer = new MessageWriter(bytes).begin(0, 0, 0);
        request.write(writer);
        writer.end();
        int at = 16;
        while ((bytes.getUnsignedShortLE(at + 2) & 0x3fff) != type) {
            at += bytes.getUnsignedShortLE(at);
        }
        return bytes.slice(at + 4, bytes.getUnsignedShortLE(at) - 4);
    }

    private static ByteBuf shuffled(ByteBuf nest, Random random) {
        List<ByteBuf> attributes = new ArrayList<>();
        for (int at = 0; at < nest.writerIndex(); ) {
            int length = nest.getUnsignedShortLE(at) + 3 & ~3;
            attributes.add(nest.slice(at, length));
            at += length;
        }
        attributes.add(Unpooled.buffer().writeShortLE(8).writeShortLE(300).writeInt(random.nextInt()));
        Collections.shuffle(attributes, random);
        return Unpooled.wrappedBuffer(attributes.toArray(new ByteBuf[0]));
    }
}
