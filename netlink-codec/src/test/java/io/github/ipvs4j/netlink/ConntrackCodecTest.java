// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.ConntrackEntry.Direction;
import io.github.ipvs4j.netlink.ConntrackEntry.SynProxy;
import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Entries of the connection table survive the wire, and what does not fit is refused before it gets there. */
class ConntrackCodecTest {
    private static final IpAddress CLIENT = IpAddress.of("10.1.0.1");
    private static final IpAddress SERVER = IpAddress.of("10.0.0.10");
    private static final ConntrackTuple THERE = ConntrackTuple.udp(CLIENT, 1001, SERVER, 53);
    private static final ConntrackTuple BACK = ConntrackTuple.udp(SERVER, 53, CLIENT, 1001);

    @Property(edgeCases = EdgeCasesMode.NONE)
    void entryIsReadAsItWasWritten(@ForAll("entries") ConntrackEntry entry) {
        assertThat(ConntrackCodec.read(Bytes.message(new ConntrackRequest.Add(entry), 0)))
                .contains(entry);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void eventTellsItsKindAndEntry(@ForAll("entries") ConntrackEntry entry) {
        assertThat(ConntrackCodec.event(Bytes.message(new ConntrackRequest.Add(entry), 0)))
                .contains(new ConntrackEvent.Changed(ConntrackEvent.Kind.CREATED, entry));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void textOfATupleNamesBothEnds(@ForAll("tuples") ConntrackTuple tuple) {
        assertThat(tuple.toString())
                .contains(tuple.source().toString(), " -> ", tuple.destination().toString());
    }

    @Property
    void numbersOutOfRangeAreRefused(@ForAll @IntRange(min = 0x1_0000) int number) {
        assertThatThrownBy(() -> ConntrackTuple.udp(CLIENT, number, SERVER, 53))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("source port " + number + ": expected 0 to 65535");
        assertThatThrownBy(() -> Zone.of(number)).hasMessageContaining("zone " + number);
        assertThatThrownBy(() -> new ConntrackTuple(CLIENT, SERVER, number, ConntrackTuple.Selector.NONE))
                .hasMessageContaining("protocol " + number);
    }

    @Example
    void tupleOfTwoFamiliesIsRefused() {
        assertThatThrownBy(() -> ConntrackTuple.udp(CLIENT, 1, IpAddress.of("::1"), 2))
                .hasMessage("destination ::1: expected IPV4 like the source 10.1.0.1");
    }

    @Example
    void icmpTypeIsRefusedForOtherProtocols() {
        assertThatThrownBy(() -> new ConntrackTuple(CLIENT, SERVER, 17, new ConntrackTuple.Icmp(1, 8, 0)))
                .hasMessageContaining("protocol 17");
    }

    @Example
    void textsReadLikeAnAdministratorWouldWriteThem() {
        IpAddress six = IpAddress.of("fd00::1");
        assertThat(THERE).hasToString("udp 10.1.0.1:1001 -> 10.0.0.10:53");
        assertThat(ConntrackTuple.tcp(six, 5, six, 80)).hasToString("tcp [fd00::1]:5 -> [fd00::1]:80");
        assertThat(new ConntrackTuple(CLIENT, SERVER, 1, new ConntrackTuple.Icmp(7, 8, 0)))
                .hasToString("icmp 10.1.0.1 -> 10.0.0.10 (id 7, type 8, code 0)");
        assertThat(new ConntrackTuple(CLIENT, SERVER, 50, ConntrackTuple.Selector.NONE))
                .hasToString("protocol 50 10.1.0.1 -> 10.0.0.10");
        assertThat(ConntrackFilter.ALL.ofFamily(IpFamily.IPV6).marked(1, 0xff)).hasToString("IPV6 mark 0x1/0xff");
        assertThat(ConntrackFilter.ALL).hasToString("all");
    }

    @Example
    void timeOutIsCutToWholeSecondsAndBounded() {
        assertThat(new ConntrackEntry(THERE, BACK, Zone.DEFAULT, 0, 0, Duration.ofMillis(1999), 0).timeout())
                .isEqualTo(Duration.ofSeconds(1));
        assertThatThrownBy(() -> new ConntrackEntry(THERE, BACK, Zone.DEFAULT, 0, 0, Duration.ofSeconds(-1), 0))
                .hasMessageContaining("timeout");
        assertThatThrownBy(() -> new ConntrackEntry(THERE, BACK, Zone.DEFAULT, 0, 0, Duration.ofDays(100_000), 0))
                .hasMessageContaining("timeout");
    }

    @Example
    void markOutsideItsMaskIsRefusedForTheKernelWouldFindNothing() {
        assertThatThrownBy(() -> ConntrackFilter.ALL.marked(0x101, 0xff))
                .hasMessage("mark 0x101: has bits outside the mask 0xff");
    }

    @Example
    void entryWithoutATupleIsMalformed() {
        Request half = request(out -> {
            ConntrackCodec.header(out, 2);
            ConntrackCodec.key(out, THERE, Zone.DEFAULT, 0);
        });

        assertThatThrownBy(() -> ConntrackCodec.read(Bytes.message(half, 0)))
                .isInstanceOf(MalformedReply.class)
                .hasMessageContaining("without both tuples");
    }

    @Example
    void tupleWithoutAddressesIsMalformed() {
        Request hollow = request(out -> {
            ConntrackCodec.header(out, 2);
            out.endNested(out.beginNested(ConntrackLayout.ORIGINAL));
        });

        assertThatThrownBy(() -> ConntrackCodec.read(Bytes.message(hollow, 0))).isInstanceOf(MalformedReply.class);
    }

    @Example
    void entryOfAnotherFamilyIsSteppedOver() {
        assertThat(ConntrackCodec.read(Bytes.message(request(out -> ConntrackCodec.header(out, 7)), 0)))
                .isEmpty();
    }

    @Example
    void messageAboutOtherThingsIsNoEvent() {
        assertThat(ConntrackCodec.event(Bytes.message(new ExchangeContract.Number(1), 0)))
                .isEmpty();
    }

    private interface Body {
        void write(MessageWriter out);
    }

    private static Request request(Body body) {
        return new Request() {
            @Override
            public int type() {
                return ConntrackLayout.NEW;
            }

            @Override
            public void write(MessageWriter out) {
                body.write(out);
            }

            @Override
            public String describe() {
                return "test";
            }
        };
    }

    @Provide
    Arbitrary<ConntrackTuple> tuples() {
        return Arbitraries.of(IpFamily.values()).flatMap(ConntrackCodecTest::tuples);
    }

    @Provide
    Arbitrary<ConntrackEntry> entries() {
        Arbitrary<Zone> zones = Combinators.combine(
                        Arbitraries.integers().between(0, 0xffff), Arbitraries.of(Direction.values()))
                .as(Zone::new);
        Arbitrary<SynProxy> proxies = Combinators.combine(
                        Arbitraries.integers(), Arbitraries.integers(), Arbitraries.integers())
                .as(SynProxy::new);
        return Arbitraries.of(IpFamily.values())
                .flatMap(family -> Combinators.combine(
                                tuples(family),
                                tuples(family),
                                zones,
                                Arbitraries.integers(),
                                Arbitraries.integers(),
                                Arbitraries.longs().between(0, 0xffff_ffffL).map(Duration::ofSeconds),
                                Arbitraries.integers(),
                                proxies.optional())
                        .as(ConntrackEntry::new));
    }

    private static Arbitrary<ConntrackTuple> tuples(IpFamily family) {
        Arbitrary<IpAddress> addresses = Arbitraries.bytes()
                .array(byte[].class)
                .ofSize(family.addressLength())
                .map(IpAddress::of);
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 0xffff);
        Arbitrary<Integer> octets = Arbitraries.integers().between(0, 0xff);
        Arbitrary<ConntrackTuple> withPorts = Combinators.combine(
                        addresses, addresses, octets.filter(p -> p != 1 && p != 58), numbers, numbers)
                .as((source, destination, protocol, from, to) ->
                        new ConntrackTuple(source, destination, protocol, new ConntrackTuple.Ports(from, to)));
        Arbitrary<ConntrackTuple> withIcmp = Combinators.combine(
                        addresses, addresses, Arbitraries.of(1, 58), numbers, octets, octets)
                .as((source, destination, protocol, id, type, code) ->
                        new ConntrackTuple(source, destination, protocol, new ConntrackTuple.Icmp(id, type, code)));
        Arbitrary<ConntrackTuple> bare = Combinators.combine(addresses, addresses, octets)
                .as((source, destination, protocol) ->
                        new ConntrackTuple(source, destination, protocol, ConntrackTuple.Selector.NONE));
        return Arbitraries.oneOf(withPorts, withIcmp, bare);
    }
}
