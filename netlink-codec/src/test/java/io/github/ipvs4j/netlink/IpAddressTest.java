// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.UnknownHostException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @Provide
    Arbitrary<IpAddress> addresses() {
        Arbitrary<byte[]> four = Arbitraries.bytes().array(byte[].class).ofSize(4);
        Arbitrary<byte[]> sixteen = Arbitraries.bytes().array(byte[].class).ofSize(16);
        return Arbitraries.oneOf(four, sixteen).map(IpAddress::of);
    }

    @Property
    void textIsParsedBack(@ForAll("addresses") IpAddress address) {
        assertThat(IpAddress.of(address.toString())).isEqualTo(address);
    }

    /** Netty's parser and printer are the second opinion. */
    @Property
    void textIsWhatNettyPrintsAndReads(@ForAll("addresses") IpAddress address) throws UnknownHostException {
        assertThat(NetUtil.createByteArrayFromIpAddressString(address.toString()))
                .isEqualTo(address.bytes());
        if (address.family() == IpFamily.IPV6) {
            assertThat(address)
                    .hasToString(NetUtil.toAddressString(Inet6Address.getByAddress(null, address.bytes(), -1)));
        }
    }

    @Property
    void sparseAddressesArePrintedShort(@ForAll @Size(16) @ByteRange(max = 1) byte[] bytes)
            throws UnknownHostException {
        IpAddress address = IpAddress.of(bytes);

        assertThat(address).hasToString(NetUtil.toAddressString(Inet6Address.getByAddress(null, bytes, -1)));
        assertThat(IpAddress.of(address.toString())).isEqualTo(address);
    }

    @Property
    void whatIsReadIsReadByNettyAlike(
            @ForAll @CharRange(from = '0', to = ';') @Chars({'a', 'F', '.', ':'}) @StringLength(max = 20) String text) {
        byte[] read = IpText.parse(text);

        if (read != null) {
            assertThat(NetUtil.createByteArrayFromIpAddressString(text)).isEqualTo(read);
        }
    }

    @Property
    void bytesAreTakenBack(@ForAll("addresses") IpAddress address) {
        assertThat(IpAddress.of(address.bytes())).isEqualTo(address).hasSameHashCodeAs(address);
    }

    @Property
    void wireFormIsReadBack(@ForAll("addresses") IpAddress address) {
        ByteBuf buffer = Unpooled.buffer(32);
        address.write(buffer, 3);

        assertThat(IpAddress.read(address.family(), buffer, 3)).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({
        "10.96.0.1, 10.96.0.1",
        "FD00:0:0::1, fd00::1",
        "::, ::",
        "::1, ::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    })
    void textIsCanonical(String written, String printed) {
        assertThat(IpAddress.of(written)).hasToString(printed);
    }

    @Test
    void mappedAddressStaysInItsFamily() {
        IpAddress mapped = IpAddress.of("::ffff:1.2.3.4");

        assertThat(mapped.family()).isEqualTo(IpFamily.IPV6);
        assertThat(mapped).isNotEqualTo(IpAddress.of("1.2.3.4"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.96.0",
                "10.96.0.256",
                "example.org",
                "fe80::1%eth0",
                "[::1]",
                "10.0.0.1/32",
                "1:2",
                "010.0.0.1",
                "1::2::3",
                ":1",
                "1:2:3:4:5:6:7:8:9",
                "::12345",
                "1:2:3:4:5:6:7::8",
                "1.2.3.4::"
            })
    void whatIsNoAddressIsRefusedByName(String text) {
        assertThatThrownBy(() -> IpAddress.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("address '" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 8, 10.0.0.0",
        "10.1.2.3, 0, 0.0.0.0",
        "10.1.2.3, 32, 10.1.2.3",
        "fd00:1::ff, 64, fd00:1::",
        "fd00:1::ff, 0, ::",
        "fd00:1::ff, 128, fd00:1::ff",
        "fd00::8000:0:0:1, 65, fd00::8000:0:0:0",
    })
    void maskKeepsTheFirstBits(String address, int length, String masked) {
        assertThat(IpAddress.of(address).masked(length)).isEqualTo(IpAddress.of(masked));
    }

    @ParameterizedTest
    @CsvSource({
        "10.244.0.0/16, 10.244.9.9, true",
        "10.244.0.0/16, 10.245.0.0, false",
        "10.244.7.7/16, 10.244.9.9, true",
        "0.0.0.0/0, 1.2.3.4, true",
        "::/0, 1.2.3.4, false",
        "10.0.0.1, 10.0.0.1, true",
        "fd00::/64, fd00::abcd, true",
        "fd00::/64, fd00:0:0:1::, false",
    })
    void blockContainsItsOwnFamilyOnly(String block, String address, boolean contained) {
        assertThat(IpPrefix.of(block).contains(IpAddress.of(address))).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::/129", "10.0.0.0/-1", "x/8"})
    void whatIsNoBlockIsRefused(String text) {
        assertThatThrownBy(() -> IpPrefix.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void kindsOfAddressesAreToldApart() {
        assertThat(IpAddress.of("127.8.8.8").isLoopback()).isTrue();
        assertThat(IpAddress.of("::1").isLoopback()).isTrue();
        assertThat(IpAddress.of("128.0.0.1").isLoopback()).isFalse();
        assertThat(IpAddress.of("169.254.1.1").isLinkLocal()).isTrue();
        assertThat(IpAddress.of("fe80::1").isLinkLocal()).isTrue();
        assertThat(IpAddress.of("fec0::1").isLinkLocal()).isFalse();
        assertThat(IpAddress.of("224.0.0.81").isMulticast()).isTrue();
        assertThat(IpAddress.of("ff02::1").isMulticast()).isTrue();
        assertThat(IpAddress.of("0.0.0.0").isUnspecified()).isTrue();
        assertThat(IpAddress.of("::").isUnspecified()).isTrue();
    }
}
