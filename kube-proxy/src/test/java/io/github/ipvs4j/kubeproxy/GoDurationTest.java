// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "30s, PT30S",
        "1h30m, PT1H30M",
        "24h0m0s, PT24H",
        "1.5h, PT1H30M",
        ".5s, PT0.5S",
        "500ms, PT0.5S",
        "250us, PT0.00025S",
        "250µs, PT0.00025S",
        "1ns, PT0.000000001S",
        "-1m, PT-1M",
        "+2s, PT2S",
        "0, PT0S",
        "0s, PT0S",
        "0.0000000001s, PT0S"
    })
    void readsWhatKubernetesWrites(String text, Duration span) {
        assertThat(GoDuration.parse(text)).isEqualTo(span);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "30", "s", "30 s", "1d", "1s1", "1s 1m", "1,5s", "1e3s", "PT30S", "300000h1m9999999h"})
    void refusesWhatIsNoSpan(String text) {
        assertThatThrownBy(() -> GoDuration.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Property
    void readsAnyNumberOfNanoseconds(@ForAll @LongRange(min = 0) long nanos) {
        assertThat(GoDuration.parse(nanos + "ns")).isEqualTo(Duration.ofNanos(nanos));
    }
}
