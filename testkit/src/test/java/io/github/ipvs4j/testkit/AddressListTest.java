// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.IpAddress;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class AddressListTest {
    private static final List<IpAddress> FEW =
            List.of(IpAddress.of("10.0.0.1"), IpAddress.of("10.0.0.2"), IpAddress.of("10.0.1.1"));
    private static final LinkAddress ONE = new LinkAddress(FEW.get(0), 24, 0, "");

    @Property
    void isAListThatKnowsWhatASearchWouldFind(@ForAll("changes") List<Consumer<List<LinkAddress>>> changes) {
        AddressList addresses = new AddressList();
        List<LinkAddress> plain = new ArrayList<>();
        for (Consumer<List<LinkAddress>> change : changes) {
            change.accept(addresses);
            change.accept(plain);
            assertThat(addresses).isEqualTo(plain);
            for (IpAddress address : FEW) {
                assertThat(addresses.has(address))
                        .isEqualTo(plain.stream().anyMatch(own -> own.address().equals(address)));
            }
        }
    }

    @Provide
    Arbitrary<List<Consumer<List<LinkAddress>>>> changes() {
        Arbitrary<LinkAddress> some = Combinators.combine(Arbitraries.of(FEW), Arbitraries.of(24, 32))
                .as((address, prefix) -> new LinkAddress(address, prefix, 0, ""));
        Arbitrary<Integer> places = Arbitraries.integers().between(0, 9);
        Arbitrary<Consumer<List<LinkAddress>>> add = Combinators.combine(places, some)
                .as((place, address) -> list -> list.add(place % (list.size() + 1), address));
        Arbitrary<Consumer<List<LinkAddress>>> replace = Combinators.combine(some, some)
                .as((before, now) -> list -> list.replaceAll(own -> own.equals(before) ? now : own));
        Arbitrary<Consumer<List<LinkAddress>>> removeOne = some.map(address -> list -> list.remove(address));
        Arbitrary<Consumer<List<LinkAddress>>> removeAll =
                some.map(address -> list -> list.removeIf(own -> own.address().equals(address.address())));
        Arbitrary<Consumer<List<LinkAddress>>> clear = Arbitraries.just(List::clear);
        return Arbitraries.frequencyOf(
                        Tuple.of(6, add),
                        Tuple.of(2, replace),
                        Tuple.of(3, removeOne),
                        Tuple.of(1, removeAll),
                        Tuple.of(1, clear))
                .list()
                .ofMaxSize(30);
    }

    @Test
    void noticesWhoeverAddsWhileAnotherReads() {
        AddressList addresses = new AddressList();
        addresses.add(ONE);
        Iterator<LinkAddress> reading = addresses.iterator();
        addresses.add(ONE);
        assertThatThrownBy(reading::next).isInstanceOf(ConcurrentModificationException.class);
    }
}
