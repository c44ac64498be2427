// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetMember;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.netlink.AddressChange;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.Link;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings the kernel to the desired state.
 *
 * <p>In an order that never leaves traffic half served: sets, then the rules that mark and masquerade, then addresses,
 * then virtual servers, each for the most urgent Services first; removals follow the other way round. What fails is
 * reported, stays marked, is tried again after a growing while, and does not stop the rest, but for one thing: while a
 * virtual server cannot be deleted, its address and entries stay, too.
 */
final class Applier {
    /** Answers that come when the set, or the device, is there no more. */
    private static final Set<Errno> GONE = Set.of(Errno.ENOENT, Errno.ENODEV);

    private final Kernel kernel;
    private final DesiredState state;
    private final Pace pace;
    private final Flows flows;
    private final ServerApplier servers;
    private final RuleApplier rules;
    private final Map<IpFamily, Set<KubeSet>> absent = new EnumMap<>(IpFamily.class);
    private final Map<IpFamily, Set<KubeSet>> unusable = new EnumMap<>(IpFamily.class);
    private @Nullable Link device;
    private boolean prepared;
    private NodeFacts node;

    Applier(Kernel kernel, Settings settings, DesiredState state, Pace pace) {
        this.kernel = kernel;
        this.node = NodeFacts.of(settings, Optional.empty(), Set.of(), Set.of());
        this.state = state;
        this.pace = pace;
        this.flows = new Flows(kernel.conntrack(), state.servers());
        this.servers = new ServerApplier(kernel.ipvs(), state, pace, flows);
        this.rules = new RuleApplier(kernel.ipset(), state);
    }

    /** Takes what is known of the own node. */
    void locate(NodeFacts facts) {
        node = facts;
    }

    /** Takes the rules of a family, which has been found to run on this node. */
    void manage(IpFamily family, Iptables programs) {
        rules.manage(family, programs);
    }

    /** Returns the families that run on this node. */
    Set<IpFamily> families() {
        return Set.copyOf(rules.families());
    }

    /** Has the kernel's settings and the rules looked at anew, though nothing speaks for a change of them. */
    void distrust() {
        prepared = false;
        rules.distrust();
    }

    /**
     * Tells whether somebody has taken rules of ours out.
     *
     * @throws NetlinkException if the kernel cannot be asked
     */
    boolean isDisturbed() {
        return rules.isDisturbed();
    }

    /** Takes what was read of the kernel: what must be created, and what cannot be used. */
    void saw(Observation seen) {
        device = seen.device().orElse(null);
        for (IpFamily family : rules.families()) {
            Set<KubeSet> missing = EnumSet.noneOf(KubeSet.class);
            Set<KubeSet> wrong = EnumSet.noneOf(KubeSet.class);
            for (KubeSet set : KubeSet.values()) {
                if (seen.seen(set, family).isEmpty()) {
                    missing.add(set);
                } else if (seen.set(set, family).isEmpty()) {
                    wrong.add(set);
                }
            }
            absent.put(family, missing);
            unusable.put(family, wrong);
        }
    }

    /** Takes that what was read is in the ledgers now. */
    void adopted() {
        servers.reread();
    }

    /** Has everything tried again at once that failed and would have to wait. */
    void endSetbacks() {
        state.ledgers().forEach(ledger -> ledger.endSetbacks(pace.now()));
    }

    /** Has the flows to all virtual servers looked at, because nothing is known of what was before. */
    void suspectFlows() {
        state.servers().heldKeys().forEach(key -> flows.moved(key, null, null));
    }

    /** Begins a pass: tells what failed before and is left alone for now. */
    void begin(Pass pass) {
        for (Ledger<?, ?> ledger : state.ledgers()) {
            ledger.beginPass();
            reportWaiting(ledger, pass);
        }
    }

    /** Applies what was touched, after {@link #begin}. */
    void apply(Pass pass) {
        prepare(pass);
        createSets(pass);
        if (state.hasUrgent()) {
            addEntries(true, pass);
        }
        boolean ruled = rules.bring(true, node, this::isBroken, pass);
        abandonExcluded();
        if (state.hasUrgent()) {
            addServers(true, pass);
        }
        addEntries(false, pass);
        addServers(false, pass);
        Leftovers leftovers = Leftovers.of(state.servers());
        changeAddresses(AddressChange.Action.DELETE, false, leftovers, pass);
        KubeSet[] sets = KubeSet.values();
        for (IpFamily family : rules.families()) {
            for (int i = sets.length - 1; i >= 0; i--) {
                changeSet(sets[i], family, false, false, leftovers, pass);
            }
        }
        if (ruled) {
            rules.bring(false, node, this::isBroken, pass);
        }
        flows.clean(pass);
        reportContests(pass);
    }

    /** Returns what {@link #apply} would do to what was touched. */
    String plan(Pass pass) {
        BiPredicate<KubeSet, IpFamily> broken =
                (set, family) -> Objects.requireNonNull(unusable.get(family)).contains(set);
        Preview preview = new Preview(state, broken);
        preview.settings(Preparation.plan(kernel, node.settings(), pass));
        preview.sets(absent);
        preview.rules(rules.plan(node, broken, pass));
        Link there = device;
        if (there == null || due(state.addresses(), true, false).isEmpty() || Observation.isOurs(there, pass)) {
            preview.addresses(there == null ? Observation.DEVICE : null);
        }
        abandonExcluded();
        preview.servers(servers.plan().toString());
        preview.removals(families());
        reportUnusable(pass);
        reportContests(pass);
        return preview.toString();
    }

    private void addEntries(boolean urgent, Pass pass) {
        for (IpFamily family : rules.families()) {
            for (KubeSet set : KubeSet.values()) {
                changeSet(set, family, true, urgent, Leftovers.NONE, pass);
            }
        }
    }

    private void addServers(boolean urgent, Pass pass) {
        changeAddresses(AddressChange.Action.ADD, urgent, Leftovers.NONE, pass);
        servers.bring(key -> !urgent || state.isUrgent(state.servers(), key), pass);
    }

    /**
     * Removes all that is ours. While a virtual server cannot be deleted, the rest stays too, for by nothing else would
     * a later run know that it is ours.
     */
    void uninstall(Observation seen, Pass pass) {
        endSetbacks();
        abandonExcluded();
        servers.bring(key -> true, pass);
        if (state.servers().heldKeys().isEmpty()) {
            rules.remove(new Removal(kernel, pass), seen, node);
        }
    }

    /** What nobody wants any more is left alone where the owner has said that nothing is to be deleted. */
    private void abandonExcluded() {
        if (node.settings().excludeCidrs().isEmpty()) {
            return;
        }
        for (ServiceKey key : state.servers().touched()) {
            if (state.servers().wanted(key) == null
                    && key instanceof ServiceKey.Address server
                    && node.settings().excludes(server.address())) {
                state.leaveBehind(key);
            }
        }
    }

    private <K> void reportWaiting(Ledger<K, ?> ledger, Pass pass) {
        ledger.waiting(pace.now()).forEach((key, reason) -> pass.failed(ledger.owners(key), reason));
    }

    private void reportContests(Pass pass) {
        state.servers()
                .contested()
                .forEach((key, services) -> pass.failed(
                        services.subList(1, services.size()),
                        "virtual server " + key + " belongs to Service " + services.get(0) + ", too, which has it"));
    }

    /** Deletes destinations at weight 0 that are idle or whose time is over. */
    void drain(Pass pass) {
        servers.drain(pass);
    }

    /** Returns after how many nanoseconds the time of a destination at weight 0 is over. */
    OptionalLong nextDrainDeadline() {
        return servers.nextDeadline();
    }

    int drainingCount() {
        return servers.drainingCount();
    }

    /** Makes the kernel's settings. */
    void prepareSettings(Pass pass) {
        prepared = Preparation.bring(kernel, node.settings(), pass);
    }

    /** Returns the virtual servers that are to be added now. */
    List<ServiceKey> added() {
        return servers.added();
    }

    /** Returns which of some virtual servers are there. */
    List<ServiceKey> present(List<ServiceKey> some) {
        return servers.present(some);
    }

    /** Leaves some virtual servers as they are in this pass, and tells why. */
    void putOff(List<ServiceKey> some, String reason, Pass pass) {
        some.forEach(key -> {
            state.servers().setBack(key, pace.now(), reason);
            pass.failed(state.servers().owners(key), "virtual server " + key + ": " + reason);
        });
    }

    private void prepare(Pass pass) {
        if (!prepared) {
            prepared = Preparation.bring(kernel, node.settings(), pass);
        }
        ensureDevice(pass);
    }

    private void ensureDevice(Pass pass) {
        try {
            if (device == null) {
                device = kernel.routes().addDummy(Observation.DEVICE);
                pass.changed(ChangeKind.ADDRESS);
            }
        } catch (NetlinkException e) {
            pass.refused(e);
        }
    }

    private void createSets(Pass pass) {
        absent.forEach((family, sets) -> sets.removeIf(set -> {
            try {
                if (kernel.ipset().createIfAbsent(set.definitionIn(family))) {
                    pass.changed(ChangeKind.SET);
                }
                return true;
            } catch (NetlinkException e) {
                pass.refused(e);
                return false;
            }
        }));
        reportUnusable(pass);
    }

    private void reportUnusable(Pass pass) {
        unusable.forEach((family, sets) -> sets.forEach(set -> pass.obstructed("set " + set.nameIn(family)
                + " is there, but of another type than " + set.definitionIn(family)
                + "; destroy it, or whoever made it must give it another name")));
    }

    private void changeSet(KubeSet set, IpFamily family, boolean add, boolean urgent, Leftovers kept, Pass pass) {
        Ledger<SetEntry, Boolean> ledger = state.set(set, family);
        List<SetEntry> entries = due(ledger, add, urgent);
        entries.removeIf(entry -> kept.have(set, entry));
        if (entries.isEmpty() || isBroken(set, family)) {
            return;
        }
        try {
            String name = set.nameIn(family);
            // Nothing hangs on an entry that could be lost by adding it once more, and many go into one request.
            List<Outcome> outcomes = add
                    ? kernel.ipset()
                            .putMembers(
                                    name, entries.stream().map(SetMember::new).toList())
                    : kernel.ipset().delete(name, entries);
            take(ChangeKind.SET_ENTRY, ledger, entries, outcomes, add, pass);
        } catch (NetlinkException e) {
            setBack(ledger, entries, e, pass);
        }
    }

    private boolean isBroken(KubeSet set, IpFamily family) {
        return unusable.getOrDefault(family, Set.of()).contains(set)
                || absent.getOrDefault(family, Set.of()).contains(set);
    }

    private void changeAddresses(AddressChange.Action action, boolean urgent, Leftovers kept, Pass pass) {
        Link onto = device;
        boolean add = action == AddressChange.Action.ADD;
        List<IpAddress> addresses = due(state.addresses(), add, urgent);
        addresses.removeIf(kept::have);
        if (addresses.isEmpty() || onto == null || !Observation.isOurs(onto, pass)) {
            return;
        }
        try {
            List<Outcome> outcomes = kernel.routes()
                    .change(addresses.stream()
                            .map(address -> new AddressChange(action, onto, address))
                            .toList());
            take(ChangeKind.ADDRESS, state.addresses(), addresses, outcomes, add, pass);
        } catch (NetlinkException e) {
            setBack(state.addresses(), addresses, e, pass);
        }
    }

    /** Returns what must be added, or deleted; what is as it should be is settled on the way. */
    private <K> List<K> due(Ledger<K, Boolean> ledger, boolean add, boolean urgent) {
        List<K> due = new ArrayList<>();
        for (K key : ledger.due(pace.now())) {
            if (urgent && !state.isUrgent(ledger, key)) {
                continue;
            }
            boolean wanted = ledger.wanted(key) != null;
            boolean held = ledger.held(key) != null;
            if (wanted == held) {
                ledger.settle(key);
            } else if (wanted == add) {
                due.add(key);
            }
        }
        return due;
    }

    private <K> void take(
            ChangeKind kind, Ledger<K, Boolean> ledger, List<K> keys, List<Outcome> outcomes, boolean add, Pass pass) {
        for (int i = 0; i < keys.size(); i++) {
            K key = keys.get(i);
            Outcome outcome = outcomes.get(i);
            if (pass.judge(kind, outcome, () -> ledger.owners(key))) {
                ledger.hold(key, add ? Boolean.TRUE : null);
                ledger.settle(key);
            } else if (outcome instanceof Outcome.Rejected rejected) {
                ledger.setBack(key, pace.now(), Pass.text(rejected.why()));
                if (GONE.contains(rejected.why().errno())) {
                    pass.doubt();
                }
            }
        }
    }

    private <K> void setBack(Ledger<K, Boolean> ledger, List<K> keys, NetlinkException why, Pass pass) {
        pass.refused(ledger.owners(keys), why);
        keys.forEach(key -> ledger.setBack(key, pace.now(), Pass.text(why)));
    }
}
