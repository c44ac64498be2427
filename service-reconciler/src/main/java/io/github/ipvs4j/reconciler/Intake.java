// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.ObservedServer;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.netlink.NetlinkException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns what the owner has told into what is wanted of the kernel, Service by Service, and tells what it cannot. */
final class Intake {
    private final ObjectStore objects;
    private final DesiredState state;
    private final @Nullable HealthCheckServers healthChecks;
    private final Map<ObjectName, List<String>> refused = new TreeMap<>();
    private final Clashes clashes = new Clashes();
    private final LocalGaps gaps = new LocalGaps();

    /**
     * Begins.
     *
     * @param objects what the owner tells
     * @param state takes what is wanted
     * @param healthChecks take what load balancers are told, if there are such servers
     */
    Intake(ObjectStore objects, DesiredState state, @Nullable HealthCheckServers healthChecks) {
        this.objects = objects;
        this.state = state;
        this.healthChecks = healthChecks;
    }

    /** Compiles the Services that changed. */
    void compile(NodeFacts node, Pass pass) {
        int changes = objects.takeChanges((name, inputs) -> {
            refused.remove(name);
            note(name, inputs, node);
            try {
                Fragment fragment = inputs.isEmpty()
                        ? Fragment.EMPTY
                        : ServiceCompiler.compile(
                                inputs.get().service(), inputs.get().slices(), node);
                state.put(name, clashes.withhold(name, fragment));
            } catch (IllegalArgumentException e) {
                refused.put(name, List.of(Objects.requireNonNullElse(e.getMessage(), e.toString())));
            }
        });
        pass.compiled(changes);
    }

    /** Notes what of a Service does not go into the kernel. */
    private void note(ObjectName name, Optional<ObjectStore.Inputs> inputs, NodeFacts node) {
        Choices choices = inputs.isEmpty()
                ? Choices.NONE
                : Choices.of(inputs.get().service().annotations());
        state.drainTime(name, choices.drainTime());
        if (!choices.problems().isEmpty()) {
            refused.put(name, choices.problems());
        }
        if (inputs.isPresent()) {
            gaps.put(inputs.get().service(), inputs.get().slices(), node);
        } else {
            gaps.remove(name);
        }
        if (healthChecks != null) {
            String nodeName = node.settings().nodeName();
            healthChecks.put(name, inputs.flatMap(it -> HealthCheck.of(it.service(), it.slices(), nodeName)));
        }
    }

    /**
     * Looks for virtual servers of others that Services want, and forgets those that are gone. What somebody tells
     * meanwhile is compiled along, and looked at as well.
     */
    void compileAround(Observation seen, NodeFacts node, Pass pass) {
        while (meet(seen, node)) {
            compile(node, pass);
        }
    }

    private boolean meet(Observation seen, NodeFacts node) {
        Set<ObjectName> touched = clashes.retain(seen.servers().stream().map(ObservedServer::key));
        touched.addAll(clashes.add(Adoption.foreign(seen, node, state), state.servers()::owners));
        objects.touch(touched);
        return !touched.isEmpty();
    }

    /**
     * Looks whether others have made virtual servers that are to be added now. Those of which that cannot be found out
     * are put off, and the rest goes on.
     *
     * @param doubtful whether what is met may be our own, since it is not known what the kernel has
     * @return false if the kernel must be read first, to find out whose it is, or what was left behind of it
     */
    boolean meetAmongNew(Applier applier, NodeFacts node, boolean doubtful, Pass pass) {
        List<ServiceKey> added = applier.added();
        try {
            List<ServiceKey> met = applier.present(added);
            while (!met.isEmpty()) {
                if (doubtful || met.stream().anyMatch(state::hasLeftBehind)) {
                    return false;
                }
                objects.touch(clashes.add(met, state.servers()::owners));
                compile(node, pass);
                added = applier.added();
                met = applier.present(added);
            }
        } catch (NetlinkException e) {
            applier.putOff(added, Pass.text(e), pass);
        }
        return true;
    }

    /** Returns the virtual servers that are known to be of others. */
    Set<ServiceKey> foreign() {
        return clashes.keys();
    }

    /** Returns where traffic cannot stay on the node. */
    LocalGaps gaps() {
        return gaps;
    }

    /** Tells by Service what cannot be as it is wanted. */
    void tell(Pass pass) {
        refused.forEach((name, reasons) -> reasons.forEach(reason -> pass.failed(List.of(name), reason)));
        clashes.report(pass);
    }

    /** Tells whether nothing is remembered. */
    boolean isEmpty() {
        return objects.isEmpty() && refused.isEmpty() && clashes.isEmpty() && gaps.isEmpty();
    }
}
