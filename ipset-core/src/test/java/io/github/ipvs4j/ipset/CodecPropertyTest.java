// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MalformedReply;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.MessageWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class CodecPropertyTest {
    /** A set and an entry that fits into it, with what it carries. */
    record Fitting(SetDefinition set, SetMember member) {}

    @Provide
    Arbitrary<Fitting> fitting() {
        return definitions()
                .flatMap(set -> Combinators.combine(
                                IpsetArbitraries.entries(
                                        set.type(), set.family().orElse(IpFamily.IPV4)),
                                IpsetArbitraries.options(set))
                        .as((entry, options) -> new Fitting(set, new SetMember(entry, options))));
    }

    @Provide
    Arbitrary<SetDefinition> definitions() {
        return Arbitraries.of(SetType.class)
                .flatMap(type ->
                        IpsetArbitraries.families().flatMap(family -> IpsetArbitraries.definitions("x", type, family)));
    }

    @Property
    void readsEveryEntryAsItWasWritten(@ForAll("fitting") Fitting fitting) {
        byte[] message = message(out -> {
            int nest = out.beginNested(IpsetMessage.DATA);
            new EntryCodec().write(out, fitting.member());
            out.endNested(nest);
        });

        assertThat(fitting.set().accepts(fitting.member())).isTrue();
        assertThat(readMember(fitting.set().type(), message)).isEqualTo(fitting.member());
    }

    @Property
    void readsTheTextOfEveryEntryAndSet(@ForAll("fitting") Fitting fitting) {
        IpSet set = IpSet.ofMembers(fitting.set(), List.of(fitting.member()));

        assertThat(IpsetScript.parse(IpsetScript.save(List.of(set))))
                .containsExactly(
                        new IpsetCommand.Create(fitting.set(), false),
                        new IpsetCommand.Add("x", fitting.member(), false));
    }

    @Property
    void readsEveryDefinitionAsItWasWritten(@ForAll("definitions") SetDefinition definition) {
        assertThat(readDefinition(definition)).isEqualTo(definition);
    }

    @Property
    void readsOptionsAsTheyWereWritten(
            @ForAll IpFamily family,
            @ForAll @LongRange(min = 1, max = 1L << 31) long hashSize,
            @ForAll @LongRange(max = 0xffff_ffffL) long maxElements,
            @ForAll @IntRange(min = 1, max = 32) int netmask) {
        SetDefinition definition = SetDefinition.hashIpPort("x", family)
                .withHashSize(hashSize)
                .withMaxElements(maxElements)
                .withMask(new SetMask.Netmask(netmask));

        assertThat(readDefinition(definition)).isEqualTo(definition);
    }

    @Property
    void readsRangesAsTheyWereWritten(
            @ForAll @IntRange(max = 65535) int first, @ForAll @IntRange(max = 65535) int second) {
        SetDefinition definition = SetDefinition.bitmapPort("x", Math.min(first, second), Math.max(first, second));

        assertThat(readDefinition(definition)).isEqualTo(definition);
    }

    @Property(tries = 5000)
    void readsAnyBytesOrCallsThemMalformed(@ForAll @Size(max = 200) byte[] attributes) {
        readListing(listing(attributes));
    }

    @Property(tries = 5000)
    void readsAnyDamagedListingOrCallsItMalformed(
            @ForAll("listings") byte[] listing, @ForAll @IntRange(max = 10_000) int place, @ForAll byte value) {
        byte[] damaged = listing.clone();
        // The header says how long the message is; from behind it everything may be damaged.
        damaged[20 + place % (damaged.length - 20)] = value;

        readListing(damaged);
    }

    @Provide
    Arbitrary<byte[]> listings() {
        return Arbitraries.of(
                Hex.vector("list-hash-ip.rsp"),
                Hex.vector("list-hash-ip-port-ext.rsp"),
                Hex.vector("list-list-set.rsp"),
                Hex.golden("list-hash-ip-port-ip-inet6.rsp"),
                Hex.golden("list-bitmap-port.rsp"),
                Hex.golden("list-hash-ip-options.rsp"),
                Hex.golden("list-hash-net.rsp"));
    }

    private static void readListing(byte[] datagram) {
        SetListing listing = new SetListing();
        try {
            listing.accept(Hex.first(datagram));
        } catch (MalformedReply expected) {
            assertThat(expected.offset()).isBetween(0, datagram.length);
            return;
        }
        assertThat(listing.sets().stream().map(ListedSet::observed).toList()).hasSize(1);
    }

    private static byte[] listing(byte[] attributes) {
        ByteBuffer message = ByteBuffer.allocate(20 + attributes.length).order(ByteOrder.nativeOrder());
        message.putInt(message.capacity())
                .putShort((short) IpsetMessage.type(IpsetCommands.LIST))
                .position(20);
        return message.put(attributes).array();
    }

    private static SetDefinition readDefinition(SetDefinition definition) {
        byte[] message = message(out -> new SetRequest.Create(definition, 0, true).writeAttributes(out));
        SetListing listing = new SetListing();
        listing.accept(Hex.first(message));
        List<ListedSet> sets = listing.sets();
        assertThat(sets).hasSize(1);
        return sets.get(0).definition();
    }

    private static SetMember readMember(SetType type, byte[] message) {
        MessageReader reader = Hex.first(message);
        AttributeReader attributes = reader.attributes(IpsetMessage.HEADER_SIZE);
        assertThat(attributes.next()).isTrue();
        EntryCodec codec = new EntryCodec();
        SetEntry entry = codec.read(type, attributes);
        assertThat(entry).isNotNull();
        return new SetMember(entry, codec.options());
    }

    private static byte[] message(Consumer<MessageWriter> content) {
        ByteBuf bytes = Unpooled.buffer();
        try {
            MessageWriter out = new MessageWriter(bytes).begin(IpsetMessage.type(IpsetCommands.LIST), 0, 1);
            out.netfilterHeader(IpsetMessage.HEADER_FAMILY, 0, 0);
            content.accept(out);
            out.end();
            return ByteBufUtil.getBytes(bytes);
        } finally {
            bytes.release();
        }
    }
}
