// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AttributeReaderTest {
    private static final int TYPE = 40;

    private final ByteBuf bytes = Unpooled.buffer();
    private final MessageWriter writer = new MessageWriter(bytes);

    private AttributeReader attributes() {
        MessageReader reader = new MessageReader().over(bytes);
        assertThat(reader.next()).isTrue();
        return reader.attributes(0);
    }

    @Property
    void integersComeBackInBothByteOrders(@ForAll long value) {
        bytes.clear();
        MessageWriter out = new MessageWriter(bytes);
        out.begin(TYPE, 0, 1)
                .u8(1, (int) value)
                .u16(2, (int) value)
                .u16be(3, (int) value)
                .u32(4, (int) value)
                .u32be(5, (int) value)
                .u64(6, value)
                .u64be(7, value)
                .u32pair(8, (int) value, ~(int) value)
                .end();

        AttributeReader in = attributes();
        assertThat(in.next()).isTrue();
        assertThat(in.u8()).isEqualTo((int) (value & 0xff));
        assertThat(in.next()).isTrue();
        assertThat(in.u16()).isEqualTo((int) (value & 0xffff));
        assertThat(in.next()).isTrue();
        assertThat(in.u16be()).isEqualTo((int) (value & 0xffff));
        assertThat(in.next()).isTrue();
        assertThat(in.u32()).isEqualTo((int) value);
        assertThat(in.next()).isTrue();
        assertThat(in.u32be()).isEqualTo((int) value);
        assertThat(in.next()).isTrue();
        assertThat(in.u64()).isEqualTo(value);
        assertThat(in.next()).isTrue();
        assertThat(in.u64be()).isEqualTo(value);
        assertThat(in.next()).isTrue();
        assertThat(in.u32(0)).isEqualTo((int) value);
        assertThat(in.u32(4)).isEqualTo(~(int) value);
        assertThat(in.next()).isFalse();
    }

    /** Lengths that are no multiple of four were the last regressions of the best known library. */
    @Property
    void payloadsOfAnyLengthComeBackAndArePaddedWithZeros(
            @ForAll @Size(max = 64) List<byte @Size(max = 40) []> payloads) {
        bytes.clear();
        bytes.setZero(0, bytes.capacity());
        MessageWriter out = new MessageWriter(bytes).begin(TYPE, 0, 1);
        payloads.forEach(payload -> out.bytes(9, payload));
        out.end();

        assertThat(bytes.readableBytes() % 4).isZero();
        List<byte[]> read = new ArrayList<>();
        AttributeReader in = attributes();
        while (in.next()) {
            read.add(in.bytes());
        }
        assertThat(read).containsExactly(payloads.toArray(byte[][]::new));
    }

    @Test
    void paddingIsZeroedOverOldContent() {
        bytes.setBytes(
                0, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1});
        bytes.setInt(20, -1);

        writer.begin(TYPE, 0, 1).u8(1, 7).end();

        assertThat(bytes.getInt(20) & 0xffffff).isZero();
        assertThat(bytes.getByte(20)).isEqualTo((byte) 7);
    }

    @Test
    void nestIsEnteredLeftAndSkipped() {
        writer.begin(TYPE, 0, 1);
        int outer = writer.beginNested(1);
        writer.u8(2, 5);
        int inner = writer.beginNested(3);
        writer.string(4, "deep");
        writer.endNested(inner).u8(5, 6);
        writer.endNested(outer).u8(6, 9).end();

        AttributeReader in = attributes();
        assertThat(in.next()).isTrue();
        in.enter();
        assertThat(in.next()).isTrue();
        assertThat(in.u8()).isEqualTo(5);
        assertThat(in.next()).isTrue();
        in.enter();
        assertThat(in.next()).isTrue();
        assertThat(in.string()).isEqualTo("deep");
        in.leave();
        assertThat(in.next()).isTrue();
        assertThat(in.type()).isEqualTo(5);
        // Left before its end: what remains in the nest is skipped.
        in.leave();
        assertThat(in.next()).isTrue();
        assertThat(in.type()).isEqualTo(6);
        assertThat(in.u8()).isEqualTo(9);
        assertThat(in.next()).isFalse();
    }

    @Test
    void stringWithoutNulIsReadToItsEnd() {
        writer.begin(TYPE, 0, 1).bytes(1, new byte[] {'r', 'r'}).end();

        AttributeReader in = attributes();
        in.next();
        assertThat(in.string()).isEqualTo("rr");
    }

    @Test
    void shortPayloadIsNamedWithOffsetAndPath() {
        writer.begin(TYPE, 0, 1);
        int nest = writer.beginNested(1);
        writer.u16(10, 1).endNested(nest).end();

        AttributeReader in = attributes();
        in.next();
        in.enter();
        in.next();

        assertThatThrownBy(in::u32)
                .isInstanceOf(MalformedReply.class)
                .hasMessage(
                        "decode netlink message: payload has 2 bytes where 4 are needed (offset 24, attribute 1/10)");
    }

    @Test
    void attributePastItsParentIsRefused() {
        writer.begin(TYPE, 0, 1);
        int nest = writer.beginNested(1);
        writer.u32(2, 0).endNested(nest).end();
        HostOrder.u16(bytes, 20, 9);

        AttributeReader in = attributes();
        in.next();
        in.enter();

        assertThatThrownBy(in::next).isInstanceOf(MalformedReply.class).hasMessageContaining("length 9");
    }

    @Test
    void attributeOfLengthZeroIsRefusedInsteadOfReadForEver() {
        writer.begin(TYPE, 0, 1).u32(2, 0).end();
        HostOrder.u16(bytes, 16, 0);

        AttributeReader in = attributes();

        assertThatThrownBy(in::next).isInstanceOf(MalformedReply.class).hasMessageContaining("length 0");
    }

    @Test
    void nestHundredDeepIsRefused() {
        writer.begin(TYPE, 0, 1);
        int[] marks = new int[100];
        for (int i = 0; i < marks.length; i++) {
            marks[i] = writer.beginNested(1);
        }
        for (int i = marks.length - 1; i >= 0; i--) {
            writer.endNested(marks[i]);
        }
        writer.end();

        AttributeReader in = attributes();

        assertThatThrownBy(() -> {
                    while (in.next()) {
                        in.enter();
                    }
                })
                .isInstanceOf(MalformedReply.class)
                .hasMessageContaining("deeper than 16");
    }

    @Test
    void messageThatLiesAboutItsLengthIsRefused() {
        writer.begin(TYPE, 0, 1).u32(2, 0).end();
        HostOrder.i32(bytes, 0, 4000);

        MessageReader reader = new MessageReader().over(bytes);

        assertThatThrownBy(reader::next).isInstanceOf(MalformedReply.class).hasMessageContaining("4000");
    }

    /** Whatever the bytes are: a walk to the end, or the one exception; never another, never without end. */
    @Property(tries = 5000)
    void noiseIsWalkedOrRefused(@ForAll byte @Size(max = 512) [] noise, @ForAll @IntRange(max = 3) int header) {
        MessageReader reader = new MessageReader().over(Unpooled.wrappedBuffer(noise));
        try {
            while (reader.next()) {
                walk(reader.attributes(header * 4));
            }
        } catch (MalformedReply refused) {
            assertThat(refused.offset()).isBetween(0, noise.length);
        }
    }

    private static void walk(AttributeReader attributes) {
        while (attributes.next()) {
            attributes.string();
            if (attributes.length() >= AttributeHeader.SIZE && attributes.type() % 2 == 0) {
                attributes.enter();
                walk(attributes);
                attributes.leave();
            }
        }
    }
}
