// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.ConntrackEntry;
import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import io.github.ipvs4j.netlink.ConntrackTuple;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.SocketFailed;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What ctnetlink takes, refuses and deletes, the traps of its filters included. */
class ConntrackRulesTest {
    private static final int CONFIRMED = 0x0e;
    private static final String FIRST = "udp 10.1.0.1:1001 -> 10.0.0.10:53, answers 10.244.0.5:5353 -> 10.1.0.1:1001\n";
    private static final String MARKED =
            "tcp 10.1.0.4:1004 -> 10.9.9.9:80, answers 10.9.9.9:80 -> 10.1.0.4:1004, mark 0x8001\n";
    private static final String SIX = "udp [fd00::1]:1001 -> [fd00::10]:53, answers [fd00::10]:53 -> [fd00::1]:1001\n";

    private SimulatedKernel kernel = SimulatedKernel.create();

    @AfterEach
    void assertQuiescent() {
        kernel.assertQuiescent();
    }

    private static ConntrackEntry entry(ConntrackTuple original, ConntrackTuple reply, int mark) {
        return new ConntrackEntry(original, reply, Zone.DEFAULT, CONFIRMED, mark, Duration.ofSeconds(600), 0);
    }

    private static IpAddress ip(String text) {
        return IpAddress.of(text);
    }

    private void fill() {
        kernel.conntrack()
                .add(entry(
                        ConntrackTuple.udp(ip("10.1.0.1"), 1001, ip("10.0.0.10"), 53),
                        ConntrackTuple.udp(ip("10.244.0.5"), 5353, ip("10.1.0.1"), 1001),
                        0));
        kernel.conntrack()
                .add(entry(
                        ConntrackTuple.tcp(ip("10.1.0.4"), 1004, ip("10.9.9.9"), 80),
                        ConntrackTuple.tcp(ip("10.9.9.9"), 80, ip("10.1.0.4"), 1004),
                        0x8001));
        kernel.conntrack()
                .add(entry(
                        ConntrackTuple.udp(ip("fd00::1"), 1001, ip("fd00::10"), 53),
                        ConntrackTuple.udp(ip("fd00::10"), 53, ip("fd00::1"), 1001),
                        0));
    }

    private List<Integer> ask(int command, int flags, int family, int version, Consumer<MessageWriter> body) {
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.NETFILTER)) {
            return socket.errorsOf(Bytes.message(
                    1 << 8 | command,
                    Bytes.REQUEST | Bytes.ACK | flags,
                    1,
                    out -> body.accept(out.netfilterHeader(family, version, 0))));
        }
    }

    private List<Integer> flush(int family, int version, Consumer<MessageWriter> body) {
        return ask(ConntrackNumbers.DELETE, 0, family, version, body);
    }

    private static Consumer<MessageWriter> filter(int flags, String destination) {
        return out -> {
            int filter = out.beginNested(ConntrackNumbers.FILTER);
            out.u32(ConntrackNumbers.FILTER_ORIGINAL, flags).endNested(filter);
            IpAddress address = ip(destination);
            int tuple = out.beginNested(ConntrackNumbers.ORIGINAL);
            int hosts = out.beginNested(ConntrackNumbers.TUPLE_IP);
            out.address(address.bytes().length == 4 ? 2 : 4, address).endNested(hosts);
            out.endNested(tuple);
        };
    }

    @Test
    void carriesOutWhatTheConntrackToolAsksFor() {
        fill();
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.NETFILTER)) {
            List<byte[]> marked = socket.ask(Bytes.vector("ct-dump-mark.req"));
            assertThat(marked).hasSize(2);
            assertThat(Bytes.flags(marked.get(0))).isEqualTo(0x22);
            assertThat(Bytes.flags(marked.get(1))).isEqualTo(0x02);
            assertThat(socket.errorsOf(Bytes.vector("ct-delete-tuple.req"))).containsExactly(0);
            assertThat(kernel.conntrack().save()).isEqualTo(MARKED + SIX);
            assertThat(socket.errorsOf(Bytes.vector("ct-delete-tuple.req"))).containsExactly(ErrorNumbers.ENOENT);
            assertThat(socket.errorsOf(Bytes.vector("ct-flush.req"))).containsExactly(0);
            assertThat(kernel.conntrack().save()).isEmpty();
        }
    }

    @Test
    void emptiesTheTableForAFamilyWithoutAVersion() {
        fill();
        assertThat(flush(10, 1, out -> {})).containsExactly(0);
        assertThat(kernel.conntrack().save()).isEqualTo(MARKED + FIRST);
        assertThat(flush(10, 0, out -> {})).containsExactly(0);
        assertThat(kernel.conntrack().save()).isEmpty();
    }

    @Test
    void emptiesTheTableForAMaskWithoutItsValue() {
        fill();
        assertThat(flush(0, 0, out -> out.u32be(ConntrackNumbers.MARK, 0x8001))).containsExactly(0);
        assertThat(kernel.conntrack().save()).isEqualTo(FIRST + SIX);
        assertThat(flush(0, 0, out -> out.u32be(ConntrackNumbers.MARK_MASK, 0x8001)))
                .containsExactly(0);
        assertThat(kernel.conntrack().save()).isEmpty();
    }

    @Test
    void deletesEverythingButTheMatchForAnIpv6Filter() {
        kernel = SimulatedKernel.builder().release(KernelRelease.LINUX_6_12).build();
        fill();
        assertThat(flush(2, 1, filter(2, "10.9.9.9"))).containsExactly(0);
        assertThat(kernel.conntrack().save()).isEqualTo(FIRST + SIX);
        assertThat(flush(10, 1, filter(2, "fd00::10"))).containsExactly(0);
        assertThat(kernel.conntrack().save()).isEqualTo(FIRST + SIX);
        assertThat(flush(10, 1, filter(2, "fd00::99"))).containsExactly(0);
        assertThat(kernel.conntrack().save()).isEqualTo(FIRST);
    }

    @Test
    void knowsNoFiltersForFlushesIn61() {
        fill();
        assertThat(flush(2, 1, filter(2, "10.9.9.9"))).containsExactly(ErrorNumbers.EINVAL);
        assertThat(flush(2, 1, out -> {
                    int nest = out.beginNested(ConntrackNumbers.FILTER);
                    out.endNested(nest);
                }))
                .containsExactly(ErrorNumbers.EOPNOTSUPP);
        assertThat(kernel.conntrack().entries()).hasSize(3);
    }

    @Test
    void marksTheEndOfAFilteredListingIn72Only() {
        for (KernelRelease release : KernelRelease.values()) {
            SimulatedKernel one = SimulatedKernel.builder().release(release).build();
            try (RawSocket socket = new RawSocket(one, NetlinkProtocol.NETFILTER)) {
                List<byte[]> end = socket.ask(Bytes.vector("ct-dump-mark.req"));
                assertThat(Bytes.flags(end.get(0))).isEqualTo(release == KernelRelease.LINUX_7_2 ? 0x22 : 0x02);
            }
        }
    }

    @Test
    void endsEntriesWhenTheirTimeHasPassed() {
        fill();
        kernel.advance(Duration.ofSeconds(599));
        assertThat(kernel.conntrack().entries())
                .hasSize(3)
                .allMatch(entry -> entry.timeout().equals(Duration.ofSeconds(1)));
        kernel.advance(Duration.ofSeconds(1));
        assertThat(kernel.conntrack().entries()).isEmpty();
        assertThatThrownBy(() -> kernel.advance(Duration.ofSeconds(-1))).hasMessageContaining("negative");
    }

    /** The request fails behind the time that it has set. */
    @Test
    void endsAnEntryInTimeWhoseChangeFailedHalfway() {
        fill();
        List<Integer> errors = ask(ConntrackNumbers.NEW, 0, 2, 0, out -> {
            int tuple = out.beginNested(ConntrackNumbers.ORIGINAL);
            int hosts = out.beginNested(ConntrackNumbers.TUPLE_IP);
            out.address(1, ip("10.1.0.1")).address(2, ip("10.0.0.10")).endNested(hosts);
            int ports = out.beginNested(2);
            out.u8(1, 17).u16be(2, 1001).u16be(3, 53).endNested(ports);
            out.endNested(tuple).u32be(ConntrackNumbers.TIMEOUT, 1);
            int proxy = out.beginNested(ConntrackNumbers.SYNPROXY);
            out.u32be(1, 1).endNested(proxy);
        });
        assertThat(errors).containsExactly(ErrorNumbers.EINVAL);
        kernel.advance(Duration.ofSeconds(2));
        assertThat(kernel.conntrack().save()).isEqualTo(MARKED + SIX);
    }

    @Test
    void tellsListenersOfEveryChange() {
        try (RawSocket listener = new RawSocket(kernel, NetlinkProtocol.NETFILTER)) {
            for (int group = 1; group <= 3; group++) {
                listener.join(group);
            }
            fill();
            assertThat(listener.rest())
                    .hasSize(3)
                    .allMatch(event -> Bytes.type(event) == 0x100 && Bytes.flags(event) == 0x600);
            flush(0, 0, out -> {});
            assertThat(listener.rest()).hasSize(3).allMatch(event -> Bytes.type(event) == 0x102);
            fill();
            listener.rest();
            kernel.advance(Duration.ofHours(1));
            assertThat(listener.rest()).hasSize(3).allMatch(event -> Bytes.type(event) == 0x102);
        }
    }

    @Test
    void letsNobodyListenWithoutTheCapability() {
        kernel = SimulatedKernel.builder().withoutCapability().build();
        try (RawSocket listener = new RawSocket(kernel, NetlinkProtocol.NETFILTER)) {
            assertThatThrownBy(() -> listener.join(1))
                    .isInstanceOf(SocketFailed.class)
                    .hasMessageContaining("EPERM");
        }
    }

    @Test
    void keepsNamespacesApart() {
        fill();
        SimulatedNamespace pod = kernel.namespace("pod");
        assertThat(kernel.namespace("pod")).isSameAs(pod);
        assertThat(pod.conntrack().entries()).isEmpty();
        assertThat(pod.links().save()).isEqualTo("1: lo down\n");
        pod.links().setUp("lo", true);
        assertThat(pod.links().save()).isEqualTo(kernel.links().save());
        assertThat(kernel.namespace("").conntrack()).isSameAs(kernel.conntrack());
    }

    @Test
    void refusesASecondEntryOfATuple() {
        fill();
        assertThatThrownBy(this::fill).hasMessageContaining("udp 10.1.0.1:1001 -> 10.0.0.10:53 already");
    }
}
