// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which endpoints are chosen by topology and state; see {@link ScenariosTest} for the numbers. Endpoints are written as
 * the last number of their address, then {@code +} for one on this node, {@code !} for one that is not ready, {@code ~}
 * for one that terminates and serves, {@code x} for one that terminates and does not, and the zones ({@code a}) or
 * nodes ({@code @node-a}) that it is meant for.
 */
class TopologyScenarioTest extends OnSimulatedNode {
    private static final String CLUSTER = "10.20.30.41";
    private static final String EXTERNAL = "50.60.70.81";

    @ParameterizedTest
    @CsvSource({
        "a, 3a 4b 5c 6a, 3 6",
        "a, 3 4 5 6, 3 4 5 6",
        "'', 3a 4b 5c 6a, 3 4 5 6",
        "a, 3a 4b 5 6a, 3 4 5 6",
        "a, 3b 4b 5c, 3 4 5",
        "a, 3!a 4b 5c, 4 5",
        "a, 3a 4b 5! 6a, 3 6",
        "a, 3ab 4b 5bc, 3"
    })
    @Scenario({82, 83, 84, 85, 86, 87, 88, 89})
    void usesEndpointsMeantForTheZoneWhereEachReadyOneIsMeantForSome(String zone, String endpoints, String chosen) {
        inZone(zone);
        put(service("web", CLUSTER), slice("web", endpoints(endpoints)));
        sync();

        assertThat(chosen(CLUSTER)).isEqualTo(chosen);
    }

    @Test
    @Scenario(90)
    void doesNotApplyHintsToTrafficThatStaysOnTheNode() {
        inZone("a");
        put(external().externalPolicy(TrafficPolicy.LOCAL), slice("web", endpoints("3+b 4+a 5a 6b")));
        sync();

        assertThat(chosen(EXTERNAL)).isEqualTo("3 4");
        assertThat(chosen(CLUSTER)).isEqualTo("4 5");
    }

    @ParameterizedTest
    @CsvSource({"3+ 4 5+!, 3", "3 4, ''"})
    @Scenario(91)
    void usesLocalEndpointsOnlyWhereInsideTrafficStaysAndNothingElseComes(String endpoints, String chosen) {
        put(service("web", CLUSTER).internalPolicy(TrafficPolicy.LOCAL), slice("web", endpoints(endpoints)));
        sync();

        assertThat(chosen(CLUSTER)).isEqualTo(chosen);
    }

    @Test
    @Scenario(92)
    void usesBothWhereOneKindOfTrafficStays() {
        put(external().internalPolicy(TrafficPolicy.LOCAL), slice("web", endpoints("3+ 4")));
        sync();

        assertThat(chosen(CLUSTER)).isEqualTo("3");
        assertThat(chosen(EXTERNAL)).isEqualTo("3 4");
    }

    @Test
    @Scenario(93)
    void takesNoNoticeOfAnExternalPolicyThatNothingIsReachedBy() {
        put(service("web", CLUSTER).externalPolicy(TrafficPolicy.LOCAL), slice("web", endpoints("3+ 4")));
        SyncReport report = sync();

        assertThat(chosen(CLUSTER)).isEqualTo("3 4");
        assertThat(report.families().values()).allMatch(family -> family.withoutLocalExternal() == 0);
    }

    @ParameterizedTest
    @CsvSource({"3~ 4! 5+~ 6x, 3 5, 5", "3~ 4+! 5, 5, 5", "3+~ 4 5!, 4, 3", "3+x 4x, '', ''", "3! 4+!, '', ''"})
    @Scenario({94, 95, 96, 97})
    void fallsBackToEndpointsThatEndWhileTheyServe(String endpoints, String inside, String outside) {
        put(external().externalPolicy(TrafficPolicy.LOCAL), slice("web", endpoints(endpoints)));
        SyncReport report = sync();

        assertThat(chosen(CLUSTER)).isEqualTo(inside);
        assertThat(chosen(EXTERNAL)).isEqualTo(outside);
        assertThat(report.failures()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3@node-a 4@node-b 5@node-c, 3", "3@node-b 4@node-c, 3 4", "3@node-a 4, 3 4"})
    @Scenario(98)
    void usesEndpointsMeantForTheNodeWhereEachReadyOneIsMeantForSome(String endpoints, String chosen) {
        put(service("web", CLUSTER), slice("web", endpoints(endpoints)));
        sync();

        assertThat(chosen(CLUSTER)).isEqualTo(chosen);
    }

    private void inZone(String zone) {
        Map<String, String> labels = zone.isEmpty() ? Map.of() : Map.of("topology.kubernetes.io/zone", zone);
        reconciler.put(new Node("node-a", List.of(), labels, List.of()));
    }

    private static Service.Builder external() {
        return service("web", CLUSTER).externalIps(List.of(IpAddress.of(EXTERNAL)));
    }

    private static Endpoint[] endpoints(String words) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String word : words.split(" ", -1)) {
            String[] parts = word.split("@", 2);
            boolean terminating = parts[0].matches(".*[~x].*");
            endpoints.add(new Endpoint(
                    IpAddress.of("10.180.0." + parts[0].charAt(0)),
                    !terminating && !parts[0].contains("!"),
                    !parts[0].matches(".*[!x].*"),
                    terminating,
                    parts[0].contains("+") ? "node-a" : "node-b",
                    Set.of(parts[0].replaceAll("[^a-c]", "").split("(?<=.)(?=.)", -1)).stream()
                            .filter(zone -> !zone.isEmpty())
                            .collect(Collectors.toSet()),
                    parts.length == 2 ? Set.of(parts[1]) : Set.of()));
        }
        return endpoints.toArray(Endpoint[]::new);
    }

    /** Returns the last numbers of the addresses of a virtual server's destinations. */
    private String chosen(String address) {
        return String.join(
                " ",
                node.destinations(address + ":80").stream()
                        .map(destination -> destination.substring("10.180.0.".length(), destination.indexOf(':')))
                        .toList());
    }
}
