// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * All laws of plans together on many pairs of random states in memory, from one state to the next; {@code PlanLawsTest}
 * tests them on the real kernel. The system property {@code ipvs4j.pairs.memory} says how many pairs.
 */
class LawsTest {
    private static final int PAIRS = Integer.getInteger("ipvs4j.pairs.memory", 10_000);
    private static final long SEED = 4_711;

    /** One pair in so many is also carried out on bytes, with every change refused in its turn. */
    private static final int ON_BYTES_EVERY = 100;

    private final Random random = new Random(SEED);

    @Test
    void holdFromEachStateToTheNext() {
        TinyKernel kernel = new TinyKernel();
        try (IpvsClient ipvs = IpvsClient.open(
                NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel).deadline(Duration.ofMillis(20)))) {
            IpvsState a = IpvsState.EMPTY;
            for (int pair = 0; pair < PAIRS; pair++) {
                IpvsState b = state();
                try {
                    assertLaws(a, b);
                    if (pair % ON_BYTES_EVERY == 0) {
                        assertOnBytes(ipvs, kernel, a, b);
                    }
                } catch (AssertionError e) {
                    throw new AssertionError("pair " + pair + " of seed " + SEED + ":\n" + a + "to\n" + b, e);
                }
                a = b;
            }
        }
    }

    /** Makes a state of which half is in the next one, too. */
    private IpvsState state() {
        List<VirtualServer> servers = new ArrayList<>();
        for (ServiceKey key : IpvsArbitraries.FEW_SERVICES) {
            if (random.nextBoolean()) {
                List<Destination> destinations = new ArrayList<>();
                for (DestinationKey destination : IpvsArbitraries.FEW_DESTINATIONS) {
                    if (random.nextBoolean()) {
                        destinations.add(IpvsArbitraries.destination(key, destination, random.nextInt(3)));
                    }
                }
                Collections.shuffle(destinations, random);
                List<VirtualService> ways = IpvsArbitraries.fewServices(key);
                servers.add(new VirtualServer(ways.get(random.nextInt(ways.size())), destinations));
            }
        }
        return IpvsState.of(servers);
    }

    private void assertLaws(IpvsState a, IpvsState b) {
        int owned = random.nextInt();
        Ownership ownership =
                Ownership.only(key -> (owned >> IpvsArbitraries.FEW_SERVICES.indexOf(key) & 1) != 0 || owned % 2 == 0);
        Plan plan = Plan.between(a, b, ownership);
        require(plan.changes().stream().allMatch(change -> ownership.test(change.key())), "a foreign service stays");

        IpvsState end = new TableModel(a).carryOut(plan.changes()).state();
        for (ServiceKey key : IpvsArbitraries.FEW_SERVICES) {
            require(end.find(key).equals((ownership.test(key) ? b : a).find(key)), "the plan leads there");
        }
        require(Plan.between(end, b, ownership).isEmpty(), "the plan from there is empty");
        follow(a, end, plan);
        require(
                new TableModel(end).carryOut(plan.inverse().changes()).state().equals(a),
                "the inverse of the whole plan leads back");
        require(IpvsadmScript.parse(b.toString()).equals(b), "a printed state is parsed to what it was");
        require(IpvsadmScript.parsePlan(plan.toString(), a).equals(plan), "a printed plan is parsed to what it was");
    }

    /** Carries a plan out change by change, undoes and repeats each of them, and looks at its service. */
    private static void follow(IpvsState a, IpvsState end, Plan plan) {
        TableModel table = new TableModel(a);
        for (Change change : plan.changes()) {
            ServiceKey key = change.key();
            Optional<VirtualServer> before = table.find(key);
            table.carryOut(change);
            Optional<VirtualServer> now = table.find(key);
            requireKept(a.find(key), now, end.find(key), destination -> true);
            requireKept(a.find(key), now, end.find(key), destination -> destination.weight() > 0);
            // So the inverse of each prefix leads back: its last change's, and then that of the prefix before it.
            require(table.carryOut(change.inverse()).find(key).equals(before), "the inverse leads back");
            table.carryOut(change);
        }
        require(table.state().equals(end), "repeating an undone change leads to the same");
    }

    private static void requireKept(
            Optional<VirtualServer> a,
            Optional<VirtualServer> now,
            Optional<VirtualServer> end,
            Predicate<Destination> useful) {
        require(has(now, useful) || !has(a, useful) || !has(end, useful), "a service is never without destinations");
    }

    private static boolean has(Optional<VirtualServer> server, Predicate<Destination> useful) {
        return server.isPresent() && server.get().destinations().stream().anyMatch(useful);
    }

    private static void require(boolean condition, String law) {
        if (!condition) {
            throw new AssertionError(law);
        }
    }

    /** Lets each change of the plan be refused, and then none. */
    private static void assertOnBytes(IpvsClient ipvs, TinyKernel kernel, IpvsState a, IpvsState b) {
        Plan plan = Plan.between(a, b, Ownership.everything());
        for (int refused = 0; refused < plan.size(); refused++) {
            kernel.set(a).refuseAfter(refused, Errno.EBUSY);
            PlanFailed failure = catchThrowableOfType(PlanFailed.class, () -> ipvs.apply(plan, OnFailure.ROLL_BACK));
            assertThat(failure.failedChange()).isEqualTo(plan.changes().get(refused));
            assertThat(failure.rolledBack()).isTrue();
            assertThat(kernel.state()).isEqualTo(a);
        }
        kernel.set(a);
        assertThat(ipvs.apply(plan, OnFailure.ROLL_BACK).corrections()).isEmpty();
        assertThat(kernel.state()).isEqualTo(b);
    }
}
