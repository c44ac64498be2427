// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What rtnetlink takes and refuses, its traps included. */
class RouteRulesTest {
    private final SimulatedKernel kernel = SimulatedKernel.create();
    private RawSocket socket;
    private int link;

    @BeforeEach
    void open() {
        socket = new RawSocket(kernel, NetlinkProtocol.ROUTE);
        link = kernel.links().addHardware("eth0");
    }

    @AfterEach
    void close() {
        socket.close();
        kernel.assertQuiescent();
    }

    private int error(int type, int flags, Consumer<MessageWriter> body) {
        return socket.errorsOf(Bytes.message(type, Bytes.REQUEST | Bytes.ACK | flags, 1, body))
                .get(0);
    }

    private static Consumer<MessageWriter> header(int family, int prefix, int index) {
        return out -> out.headerU8(family).headerU8(prefix).headerU16(0).headerU32(index);
    }

    private static Consumer<MessageWriter> address(int type, String text) {
        return out -> out.address(type, IpAddress.of(text));
    }

    private int add(int family, int prefix, Consumer<MessageWriter> attributes) {
        return error(
                RouteNumbers.NEW_ADDRESS,
                NetlinkNumbers.FLAG_CREATE | NetlinkNumbers.FLAG_EXCLUSIVE,
                header(family, prefix, link).andThen(attributes));
    }

    private int delete(int family, int prefix, Consumer<MessageWriter> attributes) {
        return error(RouteNumbers.DEL_ADDRESS, 0, header(family, prefix, link).andThen(attributes));
    }

    @Test
    void wantsTheLocalAddressOfIpv4Only() {
        assertThat(add(2, 24, address(1, "10.0.0.1"))).isEqualTo(ErrorNumbers.EINVAL);
        assertThat(add(2, 33, address(2, "10.0.0.1"))).isEqualTo(ErrorNumbers.EINVAL);
        assertThat(add(2, 24, address(2, "10.0.0.1"))).isZero();
        assertThat(add(10, 64, address(1, "fd00::1"))).isZero();
        assertThat(add(10, 129, address(1, "fd00::2"))).isEqualTo(ErrorNumbers.EINVAL);
        assertThat(add(10, 64, out -> {})).isEqualTo(ErrorNumbers.EINVAL);
        assertThat(add(5, 64, out -> {})).isEqualTo(ErrorNumbers.EOPNOTSUPP);
    }

    @Test
    void tellsIpv4AddressesApartByTheirPrefixToo() {
        assertThat(add(2, 24, address(2, "10.0.0.1"))).isZero();
        assertThat(add(2, 32, address(2, "10.0.0.1"))).isZero();
        assertThat(add(2, 32, address(2, "10.0.0.1"))).isEqualTo(ErrorNumbers.EEXIST);
        assertThat(add(10, 64, address(1, "fd00::1"))).isZero();
        assertThat(add(10, 128, address(1, "fd00::1"))).isEqualTo(ErrorNumbers.EEXIST);
        assertThat(error(
                        RouteNumbers.NEW_ADDRESS,
                        NetlinkNumbers.FLAG_REPLACE,
                        header(10, 128, link).andThen(address(1, "fd00::1"))))
                .isZero();
        assertThat(kernel.links().save()).contains("fd00::1/64").doesNotContain("fd00::1/128");
    }

    @Test
    void hardlyLooksAtIpv4Addresses() {
        assertThat(add(2, 32, address(2, "224.0.0.1"))).isZero();
        assertThat(add(2, 32, address(2, "0.0.0.0"))).isZero();
        assertThat(add(10, 128, address(1, "::"))).isEqualTo(ErrorNumbers.EADDRNOTAVAIL);
        assertThat(add(10, 128, address(1, "ff02::1"))).isEqualTo(ErrorNumbers.EADDRNOTAVAIL);
        assertThat(kernel.links().save()).contains("224.0.0.1/32").doesNotContain("0.0.0.0");
    }

    @Test
    void deletesTheFirstAddressWhenNoneIsNamed() {
        add(2, 32, address(2, "10.0.0.1"));
        add(2, 32, address(2, "10.0.0.2"));
        assertThat(delete(2, 32, out -> {})).isZero();
        assertThat(kernel.links().save()).contains("10.0.0.2/32").doesNotContain("10.0.0.1/32");
        assertThat(delete(10, 128, out -> {})).isEqualTo(ErrorNumbers.EINVAL);
    }

    @Test
    void comparesPrefixesOnlyWithAnAddress() {
        add(2, 24, address(2, "10.0.1.1"));
        assertThat(delete(2, 32, address(2, "10.0.1.1").andThen(address(1, "10.0.1.1"))))
                .isEqualTo(ErrorNumbers.EADDRNOTAVAIL);
        assertThat(delete(2, 32, address(2, "10.0.1.1"))).isZero();
        add(2, 24, address(2, "10.0.1.1"));
        assertThat(delete(2, 24, address(1, "10.0.1.77"))).isZero();
        add(10, 64, address(1, "fd00::1"));
        assertThat(delete(10, 128, address(2, "fd00::1"))).isEqualTo(ErrorNumbers.EADDRNOTAVAIL);
        assertThat(delete(10, 64, address(2, "fd00::1"))).isZero();
    }

    @Test
    void takesSecondaryAddressesAwayWithTheirPrimary() {
        add(2, 24, address(2, "10.0.1.1"));
        add(2, 24, address(2, "10.0.1.2"));
        add(2, 24, address(2, "10.0.2.1"));
        assertThat(delete(2, 24, address(2, "10.0.1.1"))).isZero();
        assertThat(kernel.links().save()).contains("10.0.2.1/24").doesNotContain("10.0.1.");
    }

    @Test
    void missesLinksThatAreNotThere() {
        assertThat(error(RouteNumbers.NEW_ADDRESS, 0, header(2, 32, 99).andThen(address(2, "10.0.0.1"))))
                .isEqualTo(ErrorNumbers.ENODEV);
        assertThat(error(RouteNumbers.DEL_ADDRESS, 0, header(10, 128, 99).andThen(address(2, "fd00::1"))))
                .isEqualTo(ErrorNumbers.ENODEV);
    }

    private static Consumer<MessageWriter> linkHeader(int index, int flags, int change) {
        return out -> out.headerU32(0).headerU32(index).headerU32(flags).headerU32(change);
    }

    private static Consumer<MessageWriter> named(String name) {
        return linkHeader(0, 0, 0).andThen(out -> out.string(RouteNumbers.IFLA_NAME, name));
    }

    @Test
    void changesALinkThatIsThereUnlessToldToCreateOnly() {
        assertThat(error(RouteNumbers.NEW_LINK, NetlinkNumbers.FLAG_CREATE, named("eth0")))
                .isZero();
        assertThat(error(
                        RouteNumbers.NEW_LINK,
                        NetlinkNumbers.FLAG_CREATE | NetlinkNumbers.FLAG_EXCLUSIVE,
                        named("eth0")))
                .isEqualTo(ErrorNumbers.EEXIST);
        assertThat(error(RouteNumbers.NEW_LINK, 0, named("d0"))).isEqualTo(ErrorNumbers.ENODEV);
        assertThat(error(RouteNumbers.NEW_LINK, NetlinkNumbers.FLAG_CREATE, named("d0")))
                .isEqualTo(ErrorNumbers.EOPNOTSUPP);
        assertThat(error(RouteNumbers.DEL_LINK, 0, named("lo"))).isEqualTo(ErrorNumbers.EOPNOTSUPP);
        assertThat(error(RouteNumbers.DEL_LINK, 0, linkHeader(0, 0, 0))).isEqualTo(ErrorNumbers.EINVAL);
        assertThat(error(RouteNumbers.GET_LINK, 0, linkHeader(0, 0, 0))).isEqualTo(ErrorNumbers.EINVAL);
        assertThat(error(RouteNumbers.GET_LINK, 0, named("d0"))).isEqualTo(ErrorNumbers.ENODEV);
    }

    @Test
    void losesIpv6AddressesWhenALinkIsSwitchedOff() {
        add(2, 24, address(2, "10.0.1.1"));
        add(10, 64, address(1, "fd00::1"));
        assertThat(error(RouteNumbers.SET_LINK, 0, linkHeader(link, 0, RouteNumbers.UP)))
                .isZero();
        assertThat(kernel.links().save())
                .contains("2: eth0 down\n    10.0.1.1/24\n")
                .doesNotContain("fd00");
    }

    @Test
    void filtersListingsOnlyAsFarAsTheKernelDoes() {
        assertThat(error(RouteNumbers.GET_LINK, Bytes.DUMP, linkHeader(1, 0, 0)))
                .isEqualTo(ErrorNumbers.EINVAL);
        assertThat(error(RouteNumbers.GET_LINK, Bytes.DUMP, named("lo"))).isEqualTo(ErrorNumbers.EINVAL);
        assertThat(error(RouteNumbers.GET_ADDRESS, Bytes.DUMP, header(2, 24, 1)))
                .isEqualTo(ErrorNumbers.EINVAL);
        assertThat(error(RouteNumbers.GET_ADDRESS, Bytes.DUMP, header(2, 0, 99)))
                .isEqualTo(ErrorNumbers.ENODEV);
        assertThat(error(RouteNumbers.GET_ADDRESS, Bytes.DUMP, header(2, 0, 1).andThen(address(2, "10.0.0.1"))))
                .isEqualTo(ErrorNumbers.EINVAL);
    }

    @Test
    void listsIpv4InThePlaceOfIpv6WithoutItsModule() {
        SimulatedKernel old = SimulatedKernel.builder().withoutModule("ipv6").build();
        byte[] list = Bytes.message(RouteNumbers.GET_ADDRESS, Bytes.REQUEST | Bytes.DUMP, 1, header(10, 0, 0));
        try (RawSocket other = new RawSocket(old, NetlinkProtocol.ROUTE)) {
            assertThat(other.ask(list).get(0)[16]).isEqualTo((byte) 2);
        }
    }
}
