// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What kube-proxy answered, byte for byte but for the date and that the connection is closed here. */
class HealthAnswerTest {
    private static final Instant NOW = Instant.parse("2026-11-07T05:02:11Z");

    @ParameterizedTest
    @CsvSource({"etp-local-30602, lbl, 2", "etp-local-30603, lbr, 0", "lb-source-ranges-30295, lb4local, 1"})
    void answersAsKubeProxyDoes(String recording, String service, int localEndpoints) throws IOException {
        String recorded = recorded(recording)
                .replaceFirst("Date: .*", "Date: Sat, 07 Nov 2026 05:02:11 GMT")
                .replaceFirst("(Content-Length: [0-9]+\r\n)", "$1Connection: close\r\n");

        assertThat(text(new HealthAnswer(new ObjectName("default", service), localEndpoints, true), true))
                .isEqualTo(recorded);
    }

    @Test
    void isNotGoodWhileTheProxyIsNot() {
        HealthAnswer answer = new HealthAnswer(new ObjectName("default", "web"), 3, false);

        assertThat(answer.good()).isFalse();
        assertThat(text(answer, true))
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("X-Load-Balancing-Endpoint-Weight: 3\r\n", "\"serviceProxyHealthy\": false");
    }

    @Test
    void leavesTheBodyOutWhereOnlyTheHeadIsAskedFor() {
        assertThat(text(new HealthAnswer(new ObjectName("default", "web"), 3, true), false))
                .contains("Content-Length: 114\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void staysJsonWhateverTheName() {
        assertThat(text(new HealthAnswer(new ObjectName("a\"b", "c\\d"), 0, true), true))
                .contains("\"namespace\": \"a\\\"b\"", "\"name\": \"c\\\\d\"");
    }

    private static String text(HealthAnswer answer, boolean withBody) {
        return new String(answer.http(NOW, withBody), StandardCharsets.UTF_8);
    }

    private static String recorded(String name) throws IOException {
        try (InputStream in = HealthAnswerTest.class.getResourceAsStream("/golden/healthcheck/" + name + ".txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll("\r?\n", "\n")
                    .replaceFirst("(?s)\n\n.*", "")
                    .replace("\n", "\r\n")
                    .concat("\r\n\r\n")
                    .concat(body(name));
        }
    }

    private static String body(String name) throws IOException {
        try (InputStream in = HealthAnswerTest.class.getResourceAsStream("/golden/healthcheck/" + name + ".txt")) {
            String all = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll("\r?\n", "\n");
            return all.substring(all.indexOf("\n\n") + 2);
        }
    }
}
