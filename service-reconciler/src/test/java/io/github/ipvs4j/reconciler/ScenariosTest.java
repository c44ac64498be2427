// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * The scenarios of kube-proxy's own tests of the IPVS mode, numbered, each repeated on the simulated kernel by a test
 * that carries its number in {@link Scenario}.
 *
 * <table>
 *   <caption>Which test class has which scenarios</caption>
 *   <tr><td>1 to 22</td><td>node ports and the node's addresses</td><td>{@link NodePortScenarioTest}</td></tr>
 *   <tr><td>23 to 46</td><td>cluster, external and load balancer addresses, rules</td>
 *       <td>{@link AddressScenarioTest}</td></tr>
 *   <tr><td>47 to 60</td><td>endpoints and policies</td><td>{@link EndpointScenarioTest}</td></tr>
 *   <tr><td>61 to 81</td><td>life of virtual servers and destinations</td><td>{@link LifeScenarioTest}</td></tr>
 *   <tr><td>82 to 98</td><td>choice of endpoints by topology and state</td><td>{@link TopologyScenarioTest}</td></tr>
 * </table>
 */
class ScenariosTest {
    private static final int LAST = 98;

    private static final List<Class<?>> CLASSES = List.of(
            NodePortScenarioTest.class,
            AddressScenarioTest.class,
            EndpointScenarioTest.class,
            LifeScenarioTest.class,
            TopologyScenarioTest.class);

    @Test
    void everyScenarioIsRepeatedOnTheSimulatedKernel() {
        Map<Integer, Set<String>> tests = new TreeMap<>();
        for (Class<?> type : CLASSES) {
            assertThat(OnSimulatedNode.class).isAssignableFrom(type);
            for (Method method : type.getDeclaredMethods()) {
                Scenario scenario = method.getAnnotation(Scenario.class);
                if (scenario != null) {
                    assertThat(method.isAnnotationPresent(Test.class)
                                    || method.isAnnotationPresent(ParameterizedTest.class))
                            .as(method.toString())
                            .isTrue();
                    Arrays.stream(scenario.value())
                            .forEach(number -> tests.computeIfAbsent(number, added -> new TreeSet<>())
                                    .add(type.getSimpleName() + "." + method.getName()));
                }
            }
        }

        assertThat(tests.keySet())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, LAST).boxed().toList());
    }
}
