// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.ChangeKind;
import io.github.ipvs4j.reconciler.EndpointSlice;
import io.github.ipvs4j.reconciler.Node;
import io.github.ipvs4j.reconciler.ObjectName;
import io.github.ipvs4j.reconciler.Service;
import io.github.ipvs4j.reconciler.SyncCause;
import io.github.ipvs4j.reconciler.SyncPlan;
import io.github.ipvs4j.reconciler.SyncReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Writes down what is asked of it, and answers what it was told to. */
final class RecordingTarget implements Target {
    static final SyncReport WELL = report(1, 0, List.of());
    static final SyncReport DRAINING = report(1, 2, List.of());

    /** What was asked since the last call of {@link #asked}; a test on another thread waits for it. */
    final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    private final Queue<SyncReport> reports = new ConcurrentLinkedQueue<>();

    private static SyncReport report(int changed, int draining, List<SyncReport.Failure> failures) {
        Map<ChangeKind, Integer> changes = changed == 0 ? Map.of() : Map.of(ChangeKind.DESTINATION, changed);
        return new SyncReport(SyncCause.CHANGES, 1, changes, draining, failures, Map.of(), Duration.ofMillis(3));
    }

    static SyncReport failing(String... reasons) {
        List<SyncReport.Failure> failures = List.of(reasons).stream()
                .map(reason -> new SyncReport.Failure(Optional.of(new ObjectName("default", "web")), reason))
                .toList();
        return report(0, 0, failures);
    }

    static SyncReport failingWhileDraining(String... reasons) {
        return report(0, 2, failing(reasons).failures());
    }

    /** Sets the answers of the next calls; after them it is {@link #WELL}. */
    RecordingTarget answering(SyncReport... next) {
        reports.addAll(List.of(next));
        return this;
    }

    List<String> asked() {
        List<String> asked = new ArrayList<>();
        calls.drainTo(asked);
        return asked;
    }

    @Override
    public void put(Service service) {
        calls.add("put Service " + service.name());
    }

    @Override
    public void put(EndpointSlice slice) {
        calls.add("put EndpointSlice " + slice.name());
    }

    @Override
    public void put(Node node) {
        calls.add("put Node " + node.name());
    }

    @Override
    public void removeService(ObjectName name) {
        calls.add("remove Service " + name);
    }

    @Override
    public void removeEndpointSlice(ObjectName name) {
        calls.add("remove EndpointSlice " + name);
    }

    @Override
    public void removeNode(String name) {
        calls.add("remove Node " + name);
    }

    @Override
    public void checkScheduler() {
        // It has every scheduler.
    }

    @Override
    public SyncReport prepare() {
        return answer("prepare");
    }

    @Override
    public SyncReport cleanup() {
        return answer("cleanup");
    }

    @Override
    public SyncPlan plan() {
        SyncReport report = answer("plan");
        return new SyncPlan("# plan\n", report.failures());
    }

    @Override
    public SyncReport sync() {
        return answer("sync");
    }

    @Override
    public SyncReport resync() {
        return answer("resync");
    }

    @Override
    public SyncReport drain() {
        return answer("drain");
    }

    @Override
    public OptionalLong nextDrainDeadline() {
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        calls.add("close");
    }

    private SyncReport answer(String call) {
        calls.add(call);
        SyncReport report = reports.poll();
        return report == null ? WELL : report;
    }
}
