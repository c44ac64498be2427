// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** What is printed in the language of ipvsadm is read back as it was. */
@Domain(IpvsArbitraries.class)
@Domain(DomainContext.Global.class)
class IpvsadmPropertyTest {
    private static final int SAYABLE_FLAGS = 0x3c;

    @Property(tries = 300)
    void readsTheStateThatItPrinted(@ForAll("sayable") IpvsState state) {
        assertThat(IpvsadmScript.parse(state.toString())).isEqualTo(state);
    }

    @Property(tries = 300)
    void readsTheStateThatItSavedButForThresholds(@ForAll("sayable") IpvsState state) {
        IpvsState without = IpvsState.of(state.servers().stream()
                .map(server -> new VirtualServer(
                        server.service(),
                        server.destinations().stream()
                                .map(destination -> destination.withThresholds(0, 0))
                                .toList()))
                .toList());

        assertThat(IpvsadmScript.parse(IpvsadmScript.save(state))).isEqualTo(without);
    }

    @Property
    void readsThePlanThatItPrinted(@ForAll IpvsState actual, @ForAll IpvsState desired) {
        Plan plan = Plan.between(actual, desired, Ownership.everything());

        assertThat(IpvsadmScript.parsePlan(plan.toString(), actual)).isEqualTo(plan);
    }

    @Property(tries = 300)
    void takesAnyTextForAStateOrSaysWhereItIsWrong(
            @ForAll("sayable") IpvsState state, @ForAll @IntRange(max = 200) int at, @ForAll char with) {
        StringBuilder text = new StringBuilder(state.toString());
        if (at < text.length()) {
            text.setCharAt(at, with);
        }
        try {
            assertThat(IpvsadmScript.parse(text.toString()).size()).isNotNegative();
        } catch (IpvsadmSyntaxException expected) {
            assertThat(expected.line()).isPositive();
            assertThat(expected.column()).isPositive();
        }
    }

    @Provide
    Arbitrary<IpvsState> sayable() {
        IpvsArbitraries all = new IpvsArbitraries();
        Arbitrary<VirtualService> services = all.services()
                .filter(service -> !(service.key() instanceof ServiceKey.OtherProtocol))
                .map(service ->
                        service.withFlags(new ServiceFlags(service.flags().bits() & SAYABLE_FLAGS)));
        Arbitrary<Forwarding> forwardings = Arbitraries.of(
                Forwarding.MASQUERADE,
                Forwarding.DIRECT_ROUTE,
                Forwarding.IPIP,
                Forwarding.gue(6080, Forwarding.Checksum.REMOTE),
                Forwarding.gue(1, Forwarding.Checksum.NONE),
                Forwarding.gre(Forwarding.Checksum.FULL));
        Arbitrary<Destination> destinations =
                Combinators.combine(all.destinations(), forwardings).as(Destination::withForwarding);
        return Combinators.combine(services, destinations.list().ofMaxSize(4))
                .as(IpvsadmPropertyTest::server)
                .list()
                .ofMaxSize(4)
                .map(servers -> {
                    Map<ServiceKey, VirtualServer> byKey = new LinkedHashMap<>();
                    servers.forEach(server -> byKey.put(server.key(), server));
                    return IpvsState.of(byKey.values());
                });
    }

    private static VirtualServer server(VirtualService service, List<Destination> destinations) {
        Map<DestinationKey, Destination> byKey = new LinkedHashMap<>();
        destinations.forEach(destination -> byKey.put(destination.key(), destination));
        return new VirtualServer(service, List.copyOf(byKey.values()));
    }
}
