// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.reconciler.Node;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NewsTest {
    private final RecordingTarget target = new RecordingTarget();
    private final News news = new News(target);

    @Test
    void handsOnWhatItCounts() {
        news.put(Manifests.onlyService(Manifests.yaml(Manifests.service("a", "10.96.0.1"))));
        news.put(Manifests.onlySlice(Manifests.yaml(Manifests.slice("a-1", "a", "10.1.0.1"))));
        news.put(new Node("node-a", List.of(), Map.of(), List.of()));
        news.removeService(Manifests.name("b"));
        news.removeEndpointSlice(Manifests.name("b-1"));
        news.removeNode("node-b");

        assertThat(target.asked())
                .containsExactly(
                        "put Service default/a",
                        "put EndpointSlice default/a-1",
                        "put Node node-a",
                        "remove Service default/b",
                        "remove EndpointSlice default/b-1",
                        "remove Node node-b");
        assertThat(news.isEmpty()).isFalse();
        assertThat(news.take()).isEqualTo("2 Services, 2 EndpointSlices, 2 Nodes");
    }

    @Test
    void remembersWhatCameUntilItIsTaken() {
        news.removeService(Manifests.name("a"));
        news.removeService(Manifests.name("b"));

        assertThat(news.take()).isEqualTo("2 Services");
        assertThat(news.isEmpty()).isTrue();
    }
}
