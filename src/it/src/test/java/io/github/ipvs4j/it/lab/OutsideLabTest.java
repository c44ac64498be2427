// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs with the ordinary tests, outside the lab. */
@DisabledIfEnvironmentVariable(named = "IPVS4J_LAB", matches = ".*")
class OutsideLabTest {

    @Test
    void failsLabTestWithTheRemedy() {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();

        LauncherFactory.create()
                .execute(request().selectors(selectClass(Sample.class)).build(), listener);

        assertThat(listener.getSummary().getTotalFailureCount()).isEqualTo(1);
        assertThat(listener.getSummary().getFailures().get(0).getException())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("needs the kernel lab", "mvn -Plab verify", "script/lab");
    }

    @Test
    void neverResetsTheNetworkOfThisMachine() {
        assertThatThrownBy(Lab::reset).hasMessageContaining("needs the kernel lab");
        assertThatThrownBy(Topology::create).hasMessageContaining("needs the kernel lab");
    }

    @LabTest
    static class Sample {

        @Test
        void passesInTheLab() {
            assertThat(Lab.isHere()).isTrue();
        }
    }
}
