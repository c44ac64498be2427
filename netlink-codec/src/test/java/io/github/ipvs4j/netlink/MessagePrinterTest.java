// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URISyntaxException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessagePrinterTest {
    private static final int IPVS = 28;

    private static NetlinkProtocol protocol(String vector) {
        if (vector.startsWith("rt-")) {
            return NetlinkProtocol.ROUTE;
        }
        return vector.startsWith("ipset-") || vector.startsWith("ct-")
                ? NetlinkProtocol.NETFILTER
                : NetlinkProtocol.GENERIC;
    }

    private static String print(String vector) {
        MessagePrinter printer = new MessagePrinter(protocol(vector));
        if (vector.startsWith("ipvs-") && Bytes.firstMessage(vector).type() >= 16) {
            printer.family(Bytes.firstMessage(vector).type(), "IPVS");
        }
        return printer.family(IPVS, "IPVS").print(Bytes.vector(vector));
    }

    static List<String> vectors() throws URISyntaxException {
        return VectorTest.all();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyCaptureIsShownByNames(String vector) {
        String text = print(vector);

        // Two captures carry zeros behind their message, which is where the kernel stops reading too.
        boolean padded = vector.equals("rt-getaddr-strict.req") || vector.equals("rt-getroute-local.req");
        assertThat(text.contains("decode netlink message")).isEqualTo(padded);
        assertThat(text).doesNotContainPattern("(?m)^ *[0-9]+( =|$)").doesNotContainPattern("(?m)^(message|command) ");
    }

    @Test
    void requestIsShownWithItsNamesAndValues() {
        assertThat(print("ipvs-new-service-v6-persistent.req")).isEqualTo("""
                        IPVS_CMD_NEW_SERVICE length=104 flags=REQUEST|ACK sequence=1795237344 port=788529902
                          cmd = 1
                          version = 1
                          IPVS_CMD_ATTR_SERVICE
                            IPVS_SVC_ATTR_AF = 10
                            IPVS_SVC_ATTR_PROTOCOL = 6
                            IPVS_SVC_ATTR_ADDR = fd00::1
                            IPVS_SVC_ATTR_PORT = 443
                            IPVS_SVC_ATTR_SCHED_NAME = "wlc"
                            IPVS_SVC_ATTR_FLAGS = 0x1 of 0xffffffff
                            IPVS_SVC_ATTR_TIMEOUT = 360
                            IPVS_SVC_ATTR_NETMASK = /64
                        """);
    }

    @Test
    void refusalIsShownWithTheRequestThatItAnswersAndTheKernelsText() {
        assertThat(print("rt-newlink-extack.rsp"))
                .contains("NLMSG_ERROR length=100 flags=ACK_TLVS")
                .contains("EOPNOTSUPP")
                .contains("in answer to\n  RTM_NEWLINK length=56 flags=REQUEST|ACK|EXCL|CREATE")
                .contains("IFLA_IFNAME = \"x0\"")
                .contains("NLMSGERR_ATTR_MSG = \"Unknown device type\"");
    }

    @Test
    void acknowledgementIsShownWithTheHeaderItEchoes() {
        assertThat(print("nl-ack-ok.rsp")).contains("success").contains("in answer to\n  IPVS_CMD");
    }

    @Test
    void numberOfAFamilyIsLearnedFromTheControllersAnswer() {
        MessagePrinter printer = new MessagePrinter(NetlinkProtocol.GENERIC);
        ByteBuf request = Bytes.vector("ipvs-get-services.req");
        HostOrder.u16(request, NetlinkHeader.TYPE, IPVS);

        assertThat(printer.print(request)).doesNotContain("IPVS_CMD");
        printer.print(Bytes.vector("genl-getfamily-ipvs.rsp"));
        assertThat(printer.print(request)).startsWith("IPVS_CMD_GET_SERVICE ");
    }

    @Test
    void textThatWouldDisturbTheLogIsEscaped() {
        ByteBuf bytes = Unpooled.buffer();
        MessageWriter writer = new MessageWriter(bytes).begin(RouteLayout.GET_LINK, MessageFlags.REQUEST, 1);
        RouteLayout.linkHeader(writer, 0);
        writer.string(RouteLayout.LINK_NAME, "a\n\"b\"").end();

        assertThat(new MessagePrinter(NetlinkProtocol.ROUTE).print(bytes))
                .contains("IFLA_IFNAME = \"a\\x0a\\x22b\\x22\"");
    }

    @Property
    void noiseIsShownUpToItsDamage(@ForAll NetlinkProtocol protocol, @ForAll byte @Size(max = 300) [] noise) {
        assertThat(new MessagePrinter(protocol).print(Unpooled.wrappedBuffer(noise)))
                .isNotNull();
    }
}
