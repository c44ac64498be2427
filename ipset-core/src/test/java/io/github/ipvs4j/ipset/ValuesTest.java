// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    private static final IpAddress V4 = IpAddress.of("10.0.0.1");
    private static final IpAddress V6 = IpAddress.of("fd00::1");
    private static final SetDefinition WEB = SetDefinition.hashIpPort("web", IpFamily.IPV4);

    @Test
    void definitionsHaveTheSizesOfTheKernelUnlessToldOtherwise() {
        assertThat(WEB).hasToString("web hash:ip,port family inet hashsize 1024 maxelem 65536");
        assertThat(WEB.withHashSize(64).withMaxElements(1_000_000))
                .hasToString("web hash:ip,port family inet hashsize 64 maxelem 1000000");
        assertThat(SetDefinition.hashIp("x", IpFamily.IPV6))
                .hasToString("x hash:ip family inet6 hashsize 1024 maxelem 65536");
        assertThat(SetDefinition.bitmapPort("x", 0, 65535)).hasToString("x bitmap:port range 0-65535");
    }

    @Test
    void onlyHashTypesHaveFamilies() {
        assertThat(WEB.family()).contains(IpFamily.IPV4);
        assertThat(SetDefinition.bitmapPort("x", 1, 2).family()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12345678901234567890123456789012", "a\0b", "ääääääääääääääää"})
    void namesThatTheKernelCannotHoldAreRefused(String name) {
        assertThatThrownBy(() -> SetDefinition.hashIp(name, IpFamily.IPV4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 1 to 31 bytes without NUL");
    }

    @Test
    void namesOf31BytesAreTaken() {
        assertThat(WEB.withName("x".repeat(31)).name()).hasSize(31);
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> WEB.withHashSize(0)).hasMessageStartingWith("hash size 0: expected");
        assertThatThrownBy(() -> WEB.withHashSize((1L << 31) + 1)).hasMessageStartingWith("hash size");
        assertThatThrownBy(() -> WEB.withMaxElements(-1)).hasMessageStartingWith("max elements -1: expected");
        assertThatThrownBy(() -> WEB.withMaxElements(1L << 32)).hasMessageStartingWith("max elements");
        assertThatThrownBy(() -> SetDefinition.bitmapPort("x", 2, 1)).hasMessageStartingWith("port range 2-1");
        assertThatThrownBy(() -> SetDefinition.bitmapPort("x", 0, 65536)).hasMessageStartingWith("port range 0-65536");
        assertThatThrownBy(() -> SetDefinition.bitmapPort("x", 0, 1).withHashSize(64))
                .hasMessage("set x: bitmap:port has no hash size");
    }

    @Test
    void optionsOfAnotherTypeAreRefused() {
        assertThatThrownBy(() -> new SetDefinition("x", SetType.HASH_IP, new SetOptions.PortRange(0, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("set x: options 'range 0-1' do not belong to hash:ip");
    }

    @Test
    void numberOfBucketsMakesNoOtherSet() {
        assertThat(WEB.matches(WEB.withHashSize(64))).isTrue();
        assertThat(WEB.matches(WEB.withMaxElements(64))).isFalse();
        assertThat(WEB.matches(WEB.withName("other"))).isFalse();
        assertThat(WEB.matches(SetDefinition.hashIpPort("web", IpFamily.IPV6))).isFalse();
        assertThat(WEB.matches(SetDefinition.hashIp("web", IpFamily.IPV4))).isFalse();
        assertThat(WEB.matches(SetDefinition.bitmapPort("web", 0, 1))).isFalse();
        assertThat(SetDefinition.bitmapPort("web", 0, 1).matches(WEB)).isFalse();
    }

    @Test
    void entriesHaveTheTextOfIpset() {
        assertThat(new SetEntry.Ip(V6)).hasToString("fd00::1");
        assertThat(new SetEntry.IpPort(V4, SetProtocol.TCP, 80)).hasToString("10.0.0.1,tcp:80");
        assertThat(new SetEntry.IpPort(V4, SetProtocol.ICMP, 0x0800)).hasToString("10.0.0.1,icmp:8/0");
        assertThat(new SetEntry.IpPort(V4, new SetProtocol(47), 0)).hasToString("10.0.0.1,47:0");
        assertThat(new SetEntry.IpPortIp(V4, SetProtocol.SCTP, 8080, IpAddress.of("10.0.0.2")))
                .hasToString("10.0.0.1,sctp:8080,10.0.0.2");
        assertThat(new SetEntry.Port(30080)).hasToString("30080");
    }

    @Test
    void entriesThatNoSetTakesCannotBeBuilt() {
        assertThatThrownBy(() -> new SetEntry.Port(65536)).hasMessage("port 65536: expected 0 to 65535");
        assertThatThrownBy(() -> new SetEntry.IpPort(V4, SetProtocol.UDP, -1))
                .hasMessage("port -1: expected 0 to 65535");
        assertThatThrownBy(() -> new SetEntry.IpPort(V4, new SetProtocol(47), 1))
                .hasMessage("port 1 of protocol 47: expected 0, since this protocol has no ports");
        assertThatThrownBy(() -> new SetEntry.IpPortIp(V4, SetProtocol.TCP, 1, V6))
                .hasMessage("addresses 10.0.0.1 and fd00::1 of one entry: expected the same family");
        assertThatThrownBy(() -> new SetProtocol(0)).hasMessage("protocol 0: expected 1 to 255");
        assertThatThrownBy(() -> new SetProtocol(256)).hasMessage("protocol 256: expected 1 to 255");
    }

    @Test
    void allAddressesAreANetworkInTheTypesThatTakeIt() {
        IpPrefix all = IpPrefix.of("0.0.0.0/0");
        assertThat(new SetEntry.NetPortNet(all, SetProtocol.TCP, 80, all)).hasToString("0.0.0.0/0,tcp:80,0.0.0.0/0");
        assertThat(new SetEntry.NetInterface(all, "eth0", false, false)).hasToString("0.0.0.0/0,eth0");
        assertThatThrownBy(() -> new SetEntry.Net(all))
                .hasMessage("network 0.0.0.0/0: expected a prefix length of at least 1");
        assertThatThrownBy(() -> new SetEntry.NetPort(all, SetProtocol.TCP, 80)).hasMessageContaining("at least 1");
    }

    @Test
    void setsHoldOnlyEntriesThatFit() {
        assertThatThrownBy(() -> IpSet.of(WEB, List.of(new SetEntry.Ip(V4))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entry 10.0.0.1 does not fit into set web hash:ip,port family inet hashsize 1024 maxelem"
                        + " 65536");
        assertThatThrownBy(() -> IpSet.of(WEB, List.of(new SetEntry.IpPort(V6, SetProtocol.TCP, 1))))
                .hasMessageContaining("does not fit into set web");
        assertThatThrownBy(() -> IpSet.of(SetDefinition.bitmapPort("x", 10, 20), List.of(new SetEntry.Port(9))))
                .hasMessageContaining("entry 9 does not fit into set x bitmap:port range 10-20");
    }

    @Test
    void setsKeepWhatTheyWereMadeOf() {
        Set<SetEntry> entries = new LinkedHashSet<>(List.of(new SetEntry.IpPort(V4, SetProtocol.TCP, 1)));
        IpSet set = new IpSet(WEB, entries);

        entries.clear();

        assertThat(set.entries()).hasSize(1);
        assertThatThrownBy(() -> set.entries().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @EnumSource(SetType.class)
    void typesAreFoundByTheirNames(SetType type) {
        assertThat(SetType.named(type.kernelName())).contains(type);
    }

    @Test
    void unknownTypesAreNotFound() {
        assertThat(SetType.named("hash:future")).isEmpty();
    }
}
