// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Answers that kernels were seen to give, read. */
class ListingVectorTest {
    @Test
    void readsHeaderAndEntriesOfOneMessage() {
        ObservedSet set = only(Hex.vector("list-hash-ip.rsp"));

        assertThat(set.header()).isEqualTo(new SetHeader("hip", "hash:ip", 2, 5));
        assertThat(set.elements()).isEqualTo(4);
        assertThat(set.references()).isEqualTo(1);
        assertThat(set.memory()).isEqualTo(352);
        assertThat(set.unread()).isEmpty();
        assertThat(set.contents())
                .contains(new IpSet(
                        SetDefinition.hashIp("hip", IpFamily.IPV4),
                        addresses("10.0.0.1", "10.0.0.3", "10.0.0.2", "10.0.0.4")));
    }

    @Test
    void readsWhatEntriesCarry() {
        ObservedSet set = only(Hex.vector("list-hash-ip-port-ext.rsp"));
        SetEntry api = new SetEntry.IpPort(IpAddress.of("10.96.0.1"), SetProtocol.TCP, 443);
        IpSet contents = set.contents().orElseThrow();

        assertThat(set.header()).isEqualTo(new SetHeader("KUBE-CLUSTER-IP", "hash:ip,port", 2, 7));
        assertThat(set.unread()).isEmpty();
        assertThat(set.initialValue()).isPresent();
        assertThat(contents.definition())
                .isEqualTo(SetDefinition.hashIpPort("KUBE-CLUSTER-IP", IpFamily.IPV4)
                        .withCounters()
                        .withComment());
        assertThat(contents.entries()).containsExactly(api);
        assertThat(contents.optionsOf(api).counters()).isPresent();
        assertThat(contents.optionsOf(api).comment()).isNotEmpty();
    }

    @Test
    void readsListsAndNetworks() {
        ObservedSet list = only(Hex.vector("list-list-set.rsp"));
        ObservedSet nets = only(Hex.golden("list-hash-net.rsp"));

        assertThat(list.header()).isEqualTo(new SetHeader("ls", "list:set", 0, 3));
        assertThat(list.elements()).isEqualTo(2);
        assertThat(list.contents().orElseThrow().entries())
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry).isInstanceOf(SetEntry.Member.class));
        assertThat(nets.contents().orElseThrow().entries())
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry).isInstanceOf(SetEntry.Net.class));
        assertThat(nets.unread()).isEmpty();
    }

    @Test
    void readsPairsOfIpv6Addresses() {
        ObservedSet set = only(Hex.golden("list-hash-ip-port-ip-inet6.rsp"));
        IpAddress first = IpAddress.of("fd00::1");

        assertThat(set.contents())
                .contains(new IpSet(
                        SetDefinition.hashIpPortIp("v6", IpFamily.IPV6),
                        Set.of(
                                new SetEntry.IpPortIp(first, SetProtocol.TCP, 80, IpAddress.of("fd00::2")),
                                new SetEntry.IpPortIp(first, SetProtocol.UDP, 53, IpAddress.of("fd00::2")),
                                new SetEntry.IpPortIp(first, SetProtocol.SCTP, 36412, IpAddress.of("fd00::3")))));
    }

    @Test
    void readsPortsAndTheirRange() {
        ObservedSet set = only(Hex.golden("list-bitmap-port.rsp"));

        assertThat(set.header()).isEqualTo(new SetHeader("ports", "bitmap:port", 0, 3));
        assertThat(set.contents())
                .contains(new IpSet(
                        SetDefinition.bitmapPort("ports", 30000, 32767),
                        Set.of(new SetEntry.Port(30080), new SetEntry.Port(32767))));
    }

    @Test
    void readsSetWithoutEntries() {
        assertThat(only(Hex.golden("list-empty.rsp")).contents())
                .contains(IpSet.empty(SetDefinition.hashIpPort("none", IpFamily.IPV4)));
    }

    @Test
    void readsAllOptionsOfASet() {
        ObservedSet set = only(Hex.golden("list-hash-ip-options.rsp"));
        SetDefinition definition = set.definition().orElseThrow();

        assertThat(set.unread()).isEmpty();
        assertThat(definition.extensions().timeout()).isPresent();
        assertThat(definition.extensions().counters()).isTrue();
        assertThat(definition.extensions().comment()).isTrue();
        assertThat(definition.extensions().packetInfo()).isTrue();
        assertThat(definition.options()).isInstanceOfSatisfying(SetOptions.Hash.class, hash -> {
            assertThat(hash.maxElements()).isEqualTo(10);
            assertThat(hash.mask()).containsInstanceOf(SetMask.Netmask.class);
            assertThat(hash.forceAdd()).isTrue();
        });
        assertThat(set.contents().orElseThrow().entries()).isEqualTo(addresses("10.0.0.0"));
    }

    @Test
    void handsEntriesOnWithoutKeepingThem() {
        List<SetMember> seen = new ArrayList<>();
        SetListing listing = new SetListing(seen::add);

        listing.accept(Hex.first(Hex.golden("list-continued-1.rsp")));
        listing.accept(Hex.first(Hex.golden("list-continued-2.rsp")));

        assertThat(seen).hasSize(300);
        assertThat(listing.sets()).hasSize(1);
        assertThat(listing.sets().get(0).observed().contents()).isEmpty();
    }

    @Test
    void joinsContinuedMessagesByName() {
        ObservedSet set = only(Hex.golden("list-continued-1.rsp"), Hex.golden("list-continued-2.rsp"));

        Set<SetEntry> expected = IntStream.range(0, 300)
                .mapToObj(i -> new SetEntry.Ip(IpAddress.of("10.2." + (i >> 8) + "." + (i & 255))))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        assertThat(set.contents().orElseThrow().entries()).isEqualTo(expected);
        assertThat(set.elements()).isEqualTo(300);
    }

    @Test
    void keepsSetsApartThatFollowEachOther() {
        List<ObservedSet> sets = read(
                Hex.golden("list-continued-1.rsp"),
                Hex.golden("list-continued-2.rsp"),
                Hex.golden("list-bitmap-port.rsp"),
                Hex.golden("list-empty.rsp"));

        assertThat(sets).extracting(ObservedSet::name).containsExactly("long", "ports", "none");
    }

    @Test
    void forgetsWhatItReadWhenTheListingBeginsAnew() {
        SetListing listing = new SetListing();
        listing.accept(Hex.first(Hex.golden("list-bitmap-port.rsp")));

        listing.restart();

        assertThat(listing.sets()).isEmpty();
    }

    @Test
    void readsHeaders() {
        assertThat(SetListing.header(Hex.first(Hex.golden("header.rsp"))))
                .isEqualTo(new SetHeader("v6", "hash:ip,port,ip", 10, 6));
        assertThat(only(Hex.golden("list-headers.rsp")).elements()).isEqualTo(3);
        assertThat(only(Hex.golden("list-names.rsp")).name()).isEqualTo("v6");
    }

    private static ObservedSet only(byte[]... datagrams) {
        List<ObservedSet> sets = read(datagrams);
        assertThat(sets).hasSize(1);
        return sets.get(0);
    }

    private static List<ObservedSet> read(byte[]... datagrams) {
        SetListing listing = new SetListing();
        Arrays.stream(datagrams).map(Hex::first).forEach(listing::accept);
        return listing.sets().stream().map(ListedSet::observed).toList();
    }

    private static Set<SetEntry> addresses(String... texts) {
        return Arrays.stream(texts)
                .map(text -> new SetEntry.Ip(IpAddress.of(text)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
