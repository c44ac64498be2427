// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.name;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectStoreTest {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final ObjectStore store = new ObjectStore("node-a");

    @Test
    void joinsAServiceWithItsSlicesWhicheverComesFirst() {
        EndpointSlice first = named("web-1", "web");
        EndpointSlice second = named("web-2", "web");
        Service web = service("web", "10.96.0.1").build();
        store.put(second);
        assertThat(Samples.changes(store)).containsExactly(Map.entry(name("web"), Optional.empty()));

        store.put(web);
        store.put(first);

        assertThat(Samples.changes(store))
                .containsExactly(
                        Map.entry(name("web"), Optional.of(new ObjectStore.Inputs(web, List.of(first, second)))));
    }

    @Test
    void seesNoChangeInAnEqualObject() {
        store.put(service("web", "10.96.0.1").build());
        store.put(named("web-1", "web"));
        store.put(new Node("node-a", List.of(), Map.of("topology.kubernetes.io/zone", "a"), List.of()));
        Samples.changes(store);

        store.put(service("web", "10.96.0.1").build());
        store.put(named("web-1", "web"));
        store.put(new Node("node-a", List.of(), Map.of("topology.kubernetes.io/zone", "a"), List.of()));

        assertThat(Samples.changes(store)).isEmpty();
    }

    @Test
    void changesBothServicesWhenASliceMovesFromOneToTheOther() {
        store.put(named("slice", "old"));
        Samples.changes(store);

        store.put(named("slice", "new"));

        assertThat(Samples.changes(store)).containsOnlyKeys(name("old"), name("new"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"service.kubernetes.io/service-proxy-name", "service.kubernetes.io/headless"})
    void removesAServiceThatGainsALabelOfOthers(String label) {
        store.put(service("web", "10.96.0.1").build());
        Samples.changes(store);

        store.put(service("web", "10.96.0.1").labels(Map.of(label, "")).build());

        assertThat(Samples.changes(store)).containsExactly(Map.entry(name("web"), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"service.kubernetes.io/service-proxy-name", "service.kubernetes.io/headless"})
    void removesASliceThatGainsALabelOfOthers(String label) {
        Service web = service("web", "10.96.0.1").build();
        EndpointSlice slice = named("web-1", "web");
        store.put(web);
        store.put(slice);
        Samples.changes(store);

        store.put(new EndpointSlice(
                slice.name(), "web", IpFamily.IPV4, slice.ports(), slice.endpoints(), Map.of(label, "")));

        assertThat(Samples.changes(store))
                .containsExactly(Map.entry(name("web"), Optional.of(new ObjectStore.Inputs(web, List.of()))));
    }

    @Test
    void ignoresASliceWithoutAService() {
        store.put(new EndpointSlice(name("lost"), "", IpFamily.IPV4, List.of(), List.of(), Map.of(SERVICE_NAME, "")));

        assertThat(store.isEmpty()).isTrue();
    }

    @Test
    void doesNotMixSlicesOfServicesOfOneNameInTwoNamespaces() {
        EndpointSlice other = new EndpointSlice(
                new ObjectName("other", "web-1"), "web", IpFamily.IPV4, List.of(), List.of(), Map.of());
        store.put(service("web", "10.96.0.1").build());
        store.put(other);

        assertThat(Samples.changes(store).get(name("web")).orElseThrow().slices())
                .isEmpty();
    }

    @Test
    void knowsTheOwnNodeOnly() {
        Node own = new Node("node-a", List.of(), Map.of("topology.kubernetes.io/zone", "a"), List.of());
        store.put(new Node("node-b", List.of(), Map.of("topology.kubernetes.io/zone", "b"), List.of()));
        assertThat(store.node()).isEmpty();
        store.put(own);
        assertThat(store.node()).contains(own);
        store.removeNode("node-b");
        assertThat(store.node()).contains(own);
        store.removeNode("node-a");
        assertThat(store.node()).isEmpty();
    }

    @Test
    void isEmptyWhenEverythingWasRemoved() {
        store.put(service("web", "10.96.0.1").build());
        store.put(named("web-1", "web"));
        store.put(named("web-2", "web"));
        store.remove(name("web"));
        store.removeSlice(name("web-1"));
        store.removeSlice(name("web-2"));
        store.removeSlice(name("unknown"));
        store.remove(name("unknown"));
        Samples.changes(store);

        assertThat(store.isEmpty()).isTrue();
    }

    private static EndpointSlice named(String name, String service) {
        return slice(service, name, IpFamily.IPV4, TransportProtocol.TCP, local("10.244.0.1"));
    }
}
