// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.ConntrackEntry.SynProxy;
import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What conntrack-tools 1.4.7 and kernel 6.1 said to each other about connections. */
class ConntrackVectorTest {
    private static final ConntrackTuple TO_VIRTUAL_ADDRESS =
            ConntrackTuple.udp(IpAddress.of("10.1.0.1"), 1001, IpAddress.of("10.0.0.10"), 53);
    private static final ConntrackTuple FROM_BACKEND =
            ConntrackTuple.udp(IpAddress.of("10.244.0.5"), 5353, IpAddress.of("10.1.0.1"), 1001);

    private static final SynProxy IDLE_PROXY = new SynProxy(0, 0, 0);

    private static ConntrackEntry read(String vector) {
        return ConntrackCodec.read(Bytes.firstMessage(vector)).orElseThrow();
    }

    @Test
    void translatedEntryIsReadWithBothItsTuples() {
        assertThat(read("ct-get-udp-nat.rsp"))
                .isEqualTo(new ConntrackEntry(
                        TO_VIRTUAL_ADDRESS,
                        FROM_BACKEND,
                        Zone.DEFAULT,
                        0xe,
                        0,
                        Duration.ofSeconds(599),
                        0x7d1a0480,
                        Optional.of(IDLE_PROXY)))
                .matches(ConntrackEntry::isTranslated)
                .matches(ConntrackEntry::isAnswered)
                .matches(ConntrackEntry::isAssured);
    }

    @Test
    void markedEntryOfAListingIsReadPastItsProtocolState() {
        ConntrackTuple original = ConntrackTuple.tcp(IpAddress.of("10.1.0.4"), 1004, IpAddress.of("10.9.9.9"), 80);
        ConntrackTuple reply = ConntrackTuple.tcp(IpAddress.of("10.9.9.9"), 80, IpAddress.of("10.1.0.4"), 1004);

        assertThat(read("ct-dump-tcp.rsp"))
                .isEqualTo(new ConntrackEntry(
                        original,
                        reply,
                        Zone.DEFAULT,
                        0xe,
                        0x8001,
                        Duration.ofSeconds(599),
                        0x9961624a,
                        Optional.of(IDLE_PROXY)))
                .matches(entry -> !entry.isTranslated());
    }

    @Test
    void wholeTableIsAskedForAsTheToolDoes() {
        assertThat(Bytes.writtenLike("ct-dump.req", new ConntrackRequest.List(ConntrackFilter.ALL), MessageFlags.DUMP))
                .isEqualTo(Bytes.hexOfFirstMessage("ct-dump.req"));
    }

    @Test
    void entriesOfAMarkAreAskedForAsTheToolDoes() {
        Request request = new ConntrackRequest.List(ConntrackFilter.ALL.marked(0x8001, -1));

        assertThat(Bytes.writtenLike("ct-dump-mark.req", request, MessageFlags.DUMP))
                .isEqualTo(Bytes.hexOfFirstMessage("ct-dump-mark.req"));
    }

    @Test
    void tableIsFlushedAsTheToolDoes() {
        assertThat(Bytes.writtenLike("ct-flush.req", new ConntrackRequest.Flush(), MessageFlags.ACK))
                .isEqualTo(Bytes.hexOfFirstMessage("ct-flush.req"));
    }

    /** The tool sends back the whole entry as it was listed; the kernel looks at the original tuple alone. */
    @Test
    void wholeEntryIsWrittenAsTheToolDoes() {
        Duration timeout = Duration.ofSeconds(598);
        ConntrackEntry listed = new ConntrackEntry(
                TO_VIRTUAL_ADDRESS, FROM_BACKEND, Zone.DEFAULT, 0xe, 0, timeout, 0, Optional.of(IDLE_PROXY));
        Request request = new Request() {
            @Override
            public int type() {
                return ConntrackLayout.DELETE;
            }

            @Override
            public void write(MessageWriter out) {
                new ConntrackRequest.Add(listed).write(out);
            }

            @Override
            public String describe() {
                return "delete as the tool does";
            }
        };

        assertThat(Bytes.writtenLike("ct-delete-tuple.req", request, MessageFlags.ACK))
                .isEqualTo(Bytes.hexOfFirstMessage("ct-delete-tuple.req"));
        assertThat(read("ct-delete-tuple.req")).isEqualTo(listed);
    }

    @Test
    void deletionSendsWhatTheToolSendsUpToTheOriginalTupleAndThenTheNumber() {
        Request request = new ConntrackRequest.Delete(TO_VIRTUAL_ADDRESS, Zone.DEFAULT, 0x7d1a0480);
        String length = "50000000";
        int headers = 2 * (NetlinkHeader.SIZE + ConntrackLayout.HEADER);
        int tuple = 2 * 52;

        assertThat(Bytes.writtenLike("ct-delete-tuple.req", request, MessageFlags.ACK))
                .isEqualTo(length
                        + Bytes.hexOfFirstMessage("ct-delete-tuple.req").substring(8, headers + tuple)
                        + "08000c007d1a0480");
    }
}
