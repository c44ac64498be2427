// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeNameTest {
    @Test
    void trimsTheNameAndMakesItLowerCase() {
        assertThat(NodeName.of(" Node-A\n")).isEqualTo("node-a");
    }

    @Test
    void takesTheHostNameIfNoneIsGiven() {
        assertThat(NodeName.of("")).isNotEmpty().isEqualTo(NodeName.of(NodeName.of(" ")));
    }
}
