// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An offset in a refused request becomes the names of the attributes that lead there. */
class AttributePathTest {
    private static final int EINVAL = -22;

    /** Starts a sync daemon on an interface whose name is too long, as spec'd by the kernel's policy. */
    private record StartDaemon(String link) implements GenericRequest {
        @Override
        public int command() {
            return 9;
        }

        @Override
        public void write(MessageWriter out) {
            int daemon = out.beginNested(3);
            out.u32(1, 1).string(2, link).u32(3, 7);
            out.endNested(daemon);
        }

        @Override
        public String describe() {
            return "start sync daemon on " + link;
        }
    }

    private static final Request DAEMON =
            new GenericClient.Addressed(new StartDaemon("a-name-too-long-"), "IPVS", 28, 1);

    private static AttributePath daemon() {
        return AttributePath.in(NetlinkProtocol.GENERIC, DAEMON);
    }

    @Test
    void offsetOfAnAttributeIsNamedWithTheNestsAroundIt() {
        assertThat(daemon().at(20)).isEqualTo("IPVS_CMD_ATTR_DAEMON");
        assertThat(daemon().at(24)).isEqualTo("IPVS_CMD_ATTR_DAEMON/IPVS_DAEMON_ATTR_STATE");
        assertThat(daemon().at(32)).isEqualTo("IPVS_CMD_ATTR_DAEMON/IPVS_DAEMON_ATTR_MCAST_IFN");
    }

    @Test
    void offsetInsideAPayloadNamesTheAttributeItBelongsTo() {
        assertThat(daemon().at(40)).isEqualTo("IPVS_CMD_ATTR_DAEMON/IPVS_DAEMON_ATTR_MCAST_IFN");
    }

    @Test
    void offsetOutsideOfAllAttributesIsToldAsItIs() {
        assertThat(daemon().at(16)).isEqualTo("at offset 16");
        assertThat(daemon().at(5000)).isEqualTo("at offset 5000");
        assertThat(daemon().at(Integer.MAX_VALUE)).isEqualTo("at offset 2147483647");
    }

    @Test
    void missingAttributeIsNamedInItsNest() {
        assertThat(daemon().missing(3, 20)).isEqualTo("IPVS_CMD_ATTR_DAEMON/IPVS_DAEMON_ATTR_SYNC_ID");
        assertThat(daemon().missing(1, -1)).isEqualTo("IPVS_CMD_ATTR_SERVICE");
        assertThat(daemon().missing(1, 9999)).isEqualTo("at offset 9999/1");
    }

    @Test
    void numbersStandWhereAFamilyIsUnknown() {
        Request foreign = new GenericClient.Addressed(new StartDaemon("eth0"), "nl80211", 28, 1);

        assertThat(AttributePath.in(NetlinkProtocol.GENERIC, foreign).at(20)).isEqualTo("3");
        assertThat(AttributePath.in(NetlinkProtocol.GENERIC, foreign).missing(5, -1))
                .isEqualTo("5");
    }

    @Test
    void numbersStandWhereEvenTheHeaderIsUnknown() {
        Request neighbour = new Request() {
            @Override
            public int type() {
                return 28;
            }

            @Override
            public void write(MessageWriter out) {
                out.headerU32(2).u32(1, 1);
            }

            @Override
            public String describe() {
                return "add neighbour";
            }
        };

        assertThat(AttributePath.in(NetlinkProtocol.ROUTE, neighbour).at(20)).isEqualTo("at offset 20");
        assertThat(AttributePath.in(NetlinkProtocol.ROUTE, neighbour).missing(2, 20))
                .isEqualTo("at offset 20/2");
    }

    @Test
    void refusalTellsAttributeAndWhatItShouldHaveBeen() {
        ScriptedKernel kernel = new ScriptedKernel().then((requests, answers) -> {
            requests.next();
            answers.raw(refusal(requests.sequence(), out -> {
                out.string(1, "Attribute failed policy validation").u32(2, 32);
                int policy = out.beginNested(4);
                out.u32(1, 12).u32(7, 15);
                out.endNested(policy);
            }));
        });
        try (NetlinkClient client = open(kernel)) {
            assertThatThrownBy(() -> client.execute(DAEMON))
                    .hasMessage("start sync daemon on a-name-too-long-: EINVAL: invalid argument (the kernel says:"
                            + " Attribute failed policy validation; attribute"
                            + " IPVS_CMD_ATTR_DAEMON/IPVS_DAEMON_ATTR_MCAST_IFN; expected a string that ends in NUL of"
                            + " at most 15 bytes)")
                    .isInstanceOfSatisfying(
                            KernelRejected.class,
                            rejected -> assertThat(rejected.attributePath())
                                    .contains("IPVS_CMD_ATTR_DAEMON/IPVS_DAEMON_ATTR_MCAST_IFN"));
        }
    }

    @Test
    void refusalInABatchTellsItsAttributeToo() {
        ScriptedKernel kernel = new ScriptedKernel().then((requests, answers) -> {
            requests.next();
            requests.next();
            answers.raw(refusal(requests.sequence(), out -> out.u32(5, 2)));
        });
        try (NetlinkClient client = open(kernel)) {
            assertThat(client.batch(List.of(DAEMON, DAEMON)).get(1))
                    .isInstanceOfSatisfying(
                            Outcome.Rejected.class,
                            rejected -> assertThat(rejected.why())
                                    .hasMessageEndingWith("(missing attribute IPVS_CMD_ATTR_DEST)"));
        }
    }

    private static NetlinkClient open(ScriptedKernel kernel) {
        return NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel).open();
    }

    private interface Attributes {
        void write(MessageWriter out);
    }

    private static ByteBuf refusal(int sequence, Attributes attributes) {
        ByteBuf bytes = Unpooled.buffer();
        MessageWriter out = new MessageWriter(bytes)
                .begin(NetlinkHeader.TYPE_ERROR, MessageFlags.CAPPED | MessageFlags.ACK_ATTRIBUTES, sequence)
                .headerU32(EINVAL);
        out.headerU32(NetlinkHeader.SIZE).headerU32(0).headerU32(sequence).headerU32(0);
        attributes.write(out);
        out.end();
        HostOrder.i32(bytes, NetlinkHeader.PORT_ID, ScriptedKernel.PORT_ID);
        return bytes;
    }
}
