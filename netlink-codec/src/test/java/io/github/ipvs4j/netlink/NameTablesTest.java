// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of names agree with what real tools and kernels sent. */
class NameTablesTest {
    static List<String> families() throws URISyntaxException {
        return VectorTest.all().stream().filter(name -> !name.startsWith("nl-")).toList();
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyAttributeOfEveryCaptureHasANameAndTheLengthOfItsKind(String name) {
        MessageReader message = Bytes.firstMessage(name);
        if (message.type() < NetlinkHeader.FIRST_FAMILY_TYPE) {
            assertThat(MessageFormat.of(protocol(name), message.type(), 0)).isEmpty();
            return;
        }
        MessageFormat format = name.startsWith("ipvs-")
                ? MessageFormat.generic("IPVS", message.genericCommand())
                : MessageFormat.of(protocol(name), message.type(), message.headerU8(0))
                        .orElseThrow();

        List<String> problems = new ArrayList<>();
        check(message.attributes(format.header().length()), format.attributes(), format.name(), problems);

        assertThat(problems).isEmpty();
        assertThat(format.name()).matches("(CTRL|IPVS|IPSET)_CMD_[A-Z_]+|RTM_[A-Z]+|IPCTNL_MSG_CT_[A-Z]+");
    }

    private static NetlinkProtocol protocol(String name) {
        return name.startsWith("rt-")
                ? NetlinkProtocol.ROUTE
                : name.startsWith("genl-") ? NetlinkProtocol.GENERIC : NetlinkProtocol.NETFILTER;
    }

    private static void check(AttributeReader attributes, AttributeTable table, String path, List<String> problems) {
        while (attributes.next()) {
            AttributeTable.Attribute attribute = table.attribute(attributes.type());
            String here = path + "/" + attribute.name();
            if (attribute.name().matches("\\d+") || !fits(attribute.kind(), attributes.length())) {
                problems.add(here + " of " + attributes.length() + " bytes as " + attribute.kind());
            }
            if (attribute.kind() == AttributeKind.NESTED) {
                attributes.enter();
                check(attributes, attribute.nest(), here, problems);
                attributes.leave();
            }
        }
    }

    private static boolean fits(AttributeKind kind, int length) {
        return switch (kind) {
            case FLAG -> length == 0;
            case U8 -> length == 1;
            case U16, U16BE -> length == 2;
            case U32, U32BE, BITS32, BITS32BE, IPVS_NETMASK -> length == 4;
            case U64, U64BE, MASKED_BITS32 -> length == 8;
            case ADDRESS -> length == 4 || length == 16;
            case WIDE_ADDRESS -> length == 16;
            case STRING, BYTES, NESTED -> true;
        };
    }

    @Test
    void unknownAttributeIsCalledByItsNumber() {
        assertThat(AttributeTable.UNKNOWN.attribute(4711).name()).isEqualTo("4711");
        assertThat(IpvsNames.message(1).attributes().attribute(99).name()).isEqualTo("99");
    }

    @Test
    void unknownCommandIsCalledByItsNumber() {
        assertThat(IpvsNames.message(99).name()).isEqualTo("IPVS_CMD_99");
        assertThat(IpsetNames.message(99).name()).isEqualTo("IPSET_CMD_99");
        assertThat(ConntrackNames.message(99).name()).isEqualTo("IPCTNL_MSG_CT_99");
        assertThat(ControllerNames.message(99).name()).isEqualTo("CTRL_CMD_99");
        assertThat(MessageFormat.of(NetlinkProtocol.NETFILTER, 0x0b03, 0)
                        .orElseThrow()
                        .name())
                .isEqualTo("message 2819");
        assertThat(MessageFormat.of(NetlinkProtocol.ROUTE, 28, 0)).isEmpty();
    }

    @Test
    void sameNumberHasAnotherNameInAnotherCommand() {
        assertThat(IpsetNames.message(2)
                        .attributes()
                        .attribute(7)
                        .nest()
                        .attribute(18)
                        .name())
                .isEqualTo("IPSET_ATTR_HASHSIZE");
        assertThat(IpsetNames.message(9)
                        .attributes()
                        .attribute(7)
                        .nest()
                        .attribute(18)
                        .name())
                .isEqualTo("IPSET_ATTR_NAME");
        assertThat(IpsetNames.message(6).attributes().attribute(3).name()).isEqualTo("IPSET_ATTR_SETNAME2");
        assertThat(IpvsNames.message(14).attributes().attribute(2).name()).isEqualTo("IPVS_INFO_ATTR_CONN_TAB_SIZE");
    }

    @Test
    void elementsOfAListAreCounted() {
        AttributeTable operations =
                ControllerNames.message(1).attributes().attribute(6).nest();

        assertThat(operations.attribute(3).name()).isEqualTo("[3]");
        assertThat(operations.attribute(3).nest().attribute(2).name()).isEqualTo("CTRL_ATTR_OP_FLAGS");
    }

    @Test
    void numberCannotBeNamedTwice() {
        AttributeTable.Builder table = AttributeTable.builder().is(20, "A", AttributeKind.U8);

        assertThatThrownBy(() -> table.is(20, "B", AttributeKind.U8)).hasMessageContaining("attribute 20");
    }
}
