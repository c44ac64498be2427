// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.it.Java;
import io.github.ipvs4j.it.lab.CommandResult;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.NeedsIptables;
import io.github.ipvs4j.it.lab.Place;
import io.github.ipvs4j.it.lab.Topology;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.reconciler.Reconciler;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A process that is killed while it changes fifty Services leaves what the next one completes, and what stays the same
 * is there all the time. By default it is killed ten times, evenly over the way; {@code -Dipvs4j.kills=N}, as
 * {@code script/test --long} says it, kills at N places; {@code -Dipvs4j.kills.from=A} and {@code -Dipvs4j.kills.to=B}
 * take a part of these, from the A-th on and up to, but without, the B-th.
 */
@LabTest
@NeedsIptables
class KillTest {
    private static final int KILLS = Integer.getInteger("ipvs4j.kills", 10);
    private static final int FROM = Integer.getInteger("ipvs4j.kills.from", 0);
    private static final int TO = Integer.getInteger("ipvs4j.kills.to", KILLS);

    @Test
    void whereverAProcessIsKilledTheNextOneCompletesItAndNothingThatStaysWasLost(Topology topology) {
        sync(FiftyServices.AFTER, new HashSet<>(), Set.of());
        List<String> wanted = state();
        sync(FiftyServices.BEFORE, new HashSet<>(), Set.of());
        Set<String> staying = new TreeSet<>(servers());
        staying.retainAll(wanted.get(0).lines().toList());
        int steps = wholeWay();
        int died = 0;
        for (int i = FROM; i < TO; i++) {
            sync(FiftyServices.BEFORE, new HashSet<>(), Set.of());
            int step = 1 + (int) ((long) i * steps / KILLS);
            died += mortal(step).succeeded() ? 0 : 1;
            Set<String> lost = missing(staying);

            sync(FiftyServices.AFTER, lost, staying);

            assertThat(lost)
                    .as("lost though it stays, killed after %s datagrams", step)
                    .isEmpty();
            assertThat(state()).as("killed after %s datagrams", step).isEqualTo(wanted);
        }
        System.out.println("killed " + died + " times on a way of " + steps + " datagrams");
        assertThat(steps).isGreaterThan(200);
        assertThat(died).isEqualTo(TO - FROM).isPositive();
    }

    /** Returns how many datagrams it is when nobody is killed. */
    private static int wholeWay() {
        CommandResult result = mortal(Integer.MAX_VALUE);
        assertThat(result.succeeded()).as(result.errors()).isTrue();
        String last = result.output().strip();
        return Integer.parseInt(last.substring(last.lastIndexOf(' ') + 1));
    }

    private static CommandResult mortal(int steps) {
        return Place.HERE.attempt(Java.smallProgram(256, MortalSync.class.getName(), Integer.toString(steps)));
    }

    /** Syncs in this process, and looks after each datagram whether what stays is there. */
    private static void sync(FiftyServices services, Set<String> lost, Set<String> staying) {
        TappedTransport.Tap tap = new TappedTransport.Tap() {
            @Override
            public void sent(NetlinkProtocol protocol) {
                if (!staying.isEmpty() && protocol == NetlinkProtocol.GENERIC) {
                    lost.addAll(missing(staying));
                }
            }
        };
        try (Reconciler reconciler = Reconciler.builder()
                .nodeName(Objects.NODE)
                .transport(TappedTransport.of(tap))
                .open()) {
            services.feed(reconciler);
            assertThat(reconciler.sync().failures()).isEmpty();
        }
    }

    private static Set<String> missing(Set<String> staying) {
        Set<String> missing = new TreeSet<>(staying);
        missing.removeAll(new HashSet<>(servers()));
        return missing;
    }

    private static List<String> servers() {
        try (IpvsClient ipvs = IpvsClient.open()) {
            return ipvs.snapshot().state().toString().lines().sorted().toList();
        }
    }

    /** Returns virtual servers, addresses, sets and rules. */
    private static List<String> state() {
        return List.of(
                String.join("\n", servers()),
                sorted("ip -brief address show dev kube-ipvs0 | tr ' ' '\\n'"),
                sorted("ipset save | sed 's/ initval [^ ]*//; s/ bucketsize [^ ]*//'"),
                sorted("iptables-save | grep ^-A"),
                sorted("ip6tables-save | grep ^-A"));
    }

    private static String sorted(String shell) {
        return Place.HERE.run("sh", "-c", shell + " | sort");
    }
}
