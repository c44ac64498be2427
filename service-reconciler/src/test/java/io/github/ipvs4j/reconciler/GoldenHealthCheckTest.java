// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpFamily;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is answered on health-check node ports for the recorded objects is what kube-proxy answered. */
class GoldenHealthCheckTest {
    private static final String START = "healthcheck-nodeport-";

    /** The recordings that have answers. */
    static Stream<Recording> recordings() {
        return Recording.all().filter(recording -> !recording.files(START).isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordings")
    void answersAsKubeProxyDid(Recording recording) {
        ObjectStore store = new ObjectStore("node-a");
        recording.feed(store);
        Map<Integer, HealthCheck> checks = checks(store);

        for (String file : recording.files(START)) {
            int port = Integer.parseInt(file.substring(START.length(), file.indexOf('.')));
            HealthCheck check = checks.get(port);
            assertThat(check).as(file).isNotNull();
            // It was asked by IPv4.
            HealthAnswer answer = new HealthAnswer(check.service(), check.localEndpoints(IpFamily.IPV4), true);
            assertThat(lines(new String(answer.http(Instant.EPOCH, true), StandardCharsets.UTF_8)
                            .lines()
                            .toList()))
                    .as(file)
                    .isEqualTo(lines(recording.lines(file)));
        }
    }

    private static Map<Integer, HealthCheck> checks(ObjectStore store) {
        Map<Integer, HealthCheck> checks = new HashMap<>();
        Samples.changes(store).values().stream()
                .flatMap(inputs -> inputs.stream())
                .flatMap(it -> HealthCheck.of(it.service(), it.slices(), "node-a").stream())
                .forEach(check -> checks.put(check.port(), check));
        return checks;
    }

    /** Leaves out the date, and that the connection is closed here. */
    private static List<String> lines(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.startsWith("Date: ") && !line.startsWith("Connection: "))
                .toList();
    }
}
