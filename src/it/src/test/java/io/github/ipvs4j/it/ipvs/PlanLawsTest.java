// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.ipvs4j.ipvs.Applied;
import io.github.ipvs4j.ipvs.Change;
import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.IpvsadmScript;
import io.github.ipvs4j.ipvs.OnFailure;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.ipvs.PlanFailed;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.Snapshot;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.NetworkNamespace;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The laws of plans on the kernel, from one random state to the next, beside a service that belongs to somebody else.
 * The system property {@code ipvs4j.pairs} says how many pairs of states.
 */
@LabTest
class PlanLawsTest {
    private static final int PAIRS = Integer.getInteger("ipvs4j.pairs", 2_000);

    /** For one pair in so many, every change of the plan is made to fail, and not only one. */
    private static final int THOROUGH_EVERY = 50;

    private static final ServiceKey FOREIGN = ServiceKey.tcp(IpAddress.of("198.18.90.1"), 80);
    private static final VirtualServer SOMEBODYS = VirtualServer.of(
            VirtualService.of(FOREIGN, Scheduler.LEAST_CONNECTION),
            Destination.masquerade(IpAddress.of("198.18.81.1"), 80).withWeight(7));
    private static final Ownership OURS = Ownership.only(key -> !key.equals(FOREIGN));

    /** What the kernel refuses at once: no host has this address. */
    private static final Destination NOBODY = Destination.masquerade(IpAddress.of("224.0.0.1"), 80);

    private NetworkNamespace namespace;
    private IpvsClient ipvs;

    @BeforeEach
    void opensAClientBesideTheServiceOfSomebodyElse() {
        namespace = NetworkNamespace.create("laws");
        ipvs = IpvsClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC).namespace(Path.of("/run/netns/laws")));
        ipvs.apply(Plan.between(IpvsState.EMPTY, IpvsState.of(SOMEBODYS), Ownership.everything()), OnFailure.ROLL_BACK);
    }

    @AfterEach
    void closes() {
        ipvs.close();
        namespace.close();
    }

    /** Reads the table, in which the other one's service is as it was, and takes that out. */
    private IpvsState ours() {
        Snapshot snapshot = ipvs.snapshot();
        assertThat(snapshot.consistent()).isTrue();
        assertThat(snapshot.state().find(FOREIGN)).contains(SOMEBODYS);
        return snapshot.state().without(FOREIGN);
    }

    @Test
    void holdFromEachStateToTheNext() {
        RandomStates states = new RandomStates(PAIRS);
        IpvsState a = IpvsState.EMPTY;
        for (int pair = 0; pair < PAIRS; pair++) {
            IpvsState b = states.next();
            Plan plan = Plan.between(a.with(SOMEBODYS), b, OURS);
            if (!plan.isEmpty()) {
                boolean thorough = pair % THOROUGH_EVERY == 0;
                for (int at = thorough ? 0 : states.below(plan.size() + 1); at <= plan.size(); at++) {
                    assertRollsBack(a, plan, at);
                    if (!thorough) {
                        break;
                    }
                }
            }
            assertLeadsThere(a, b, plan, states.below(plan.size() + 1));
            assertThat(IpvsadmScript.parse(b.toString())).isEqualTo(b);
            assertThat(IpvsadmScript.parsePlan(plan.toString(), a)).isEqualTo(plan);
            a = b;
        }
    }

    private void assertRollsBack(IpvsState a, Plan plan, int at) {
        List<Change> changes = new ArrayList<>(plan.changes());
        Change odd = new Change.AddDestination(FOREIGN, NOBODY);
        changes.add(at, odd);
        PlanFailed failed =
                catchThrowableOfType(PlanFailed.class, () -> ipvs.apply(Plan.of(changes), OnFailure.ROLL_BACK));
        assertThat(failed.failedChange()).isEqualTo(odd);
        assertThat(failed.rolledBack()).isTrue();
        assertThat(ours()).isEqualTo(a);
    }

    private void assertLeadsThere(IpvsState a, IpvsState b, Plan plan, int pause) {
        assertThat(apply(plan.changes().subList(0, pause)).corrections()).isEmpty();
        IpvsState between = ours();
        keeps(a, between, b, destination -> true);
        keeps(a, between, b, destination -> destination.weight() > 0);
        assertThat(apply(plan.changes().subList(pause, plan.size())).rereads()).isZero();
        IpvsState reached = ours();
        assertThat(reached).isEqualTo(b);
        assertThat(Plan.between(reached, b, OURS).isEmpty()).isTrue();
    }

    private Applied apply(List<Change> changes) {
        return ipvs.apply(Plan.of(changes), OnFailure.ROLL_BACK);
    }

    private static void keeps(IpvsState a, IpvsState between, IpvsState b, Predicate<Destination> useful) {
        for (ServiceKey key : a.byKey().keySet()) {
            if (has(a, key, useful) && has(b, key, useful)) {
                assertThat(has(between, key, useful)).as("%s", key).isTrue();
            }
        }
    }

    private static boolean has(IpvsState state, ServiceKey key, Predicate<Destination> useful) {
        return state.find(key).stream()
                .flatMap(server -> server.destinations().stream())
                .anyMatch(useful);
    }
}
