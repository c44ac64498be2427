// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.EndpointSlice;
import io.github.ipvs4j.reconciler.Node;
import io.github.ipvs4j.reconciler.ObjectName;
import io.github.ipvs4j.reconciler.Reconciler;
import io.github.ipvs4j.reconciler.ReconcilerBuilder;
import io.github.ipvs4j.reconciler.Service;
import io.github.ipvs4j.reconciler.SyncPlan;
import io.github.ipvs4j.reconciler.SyncReport;
import java.util.OptionalLong;

/** Hands objects to the reconciler. */
final class ReconcilerTarget implements Target {
    private final Reconciler reconciler;

    ReconcilerTarget(Reconciler reconciler) {
        this.reconciler = reconciler;
    }

    /**
     * Prepares a reconciler.
     *
     * @param nodeName the own node
     * @param configuration checked, with all defaults
     * @return its builder, which is not opened yet
     */
    static ReconcilerBuilder prepare(String nodeName, KubeProxyConfiguration configuration) {
        ReconcilerBuilder builder = Reconciler.builder()
                .nodeName(nodeName)
                .scheduler(configuration.ipvs().scheduler())
                .excludeCidrs(configuration.ipvs().excludeCidrs())
                .strictArp(configuration.ipvs().strictArp())
                .timeouts(configuration.ipvs().timeouts())
                .localDetection(configuration.localDetection())
                .masqueradeAll(configuration.masquerade().all())
                .masqueradeBit(configuration.masquerade().bit())
                .nodePortAddresses(configuration.nodePortAddresses())
                .serviceAnnotations(configuration.serviceAnnotations());
        return configuration.bindAddress().isUnspecified() ? builder : builder.nodeIp(configuration.bindAddress());
    }

    @Override
    public void put(Service service) {
        reconciler.put(service);
    }

    @Override
    public void put(EndpointSlice slice) {
        reconciler.put(slice);
    }

    @Override
    public void put(Node node) {
        reconciler.put(node);
    }

    @Override
    public void removeService(ObjectName name) {
        reconciler.removeService(name);
    }

    @Override
    public void removeEndpointSlice(ObjectName name) {
        reconciler.removeEndpointSlice(name);
    }

    @Override
    public void removeNode(String name) {
        reconciler.removeNode(name);
    }

    @Override
    public void checkScheduler() {
        reconciler.checkScheduler();
    }

    @Override
    public SyncReport prepare() {
        return reconciler.prepare();
    }

    @Override
    public SyncReport cleanup() {
        return reconciler.cleanup();
    }

    @Override
    public SyncPlan plan() {
        return reconciler.plan();
    }

    @Override
    public SyncReport sync() {
        return reconciler.sync();
    }

    @Override
    public SyncReport resync() {
        return reconciler.resync();
    }

    @Override
    public SyncReport drain() {
        return reconciler.drain();
    }

    @Override
    public OptionalLong nextDrainDeadline() {
        return reconciler.nextDrainDeadline();
    }

    @Override
    public boolean isDisturbed() {
        return reconciler.isDisturbed();
    }

    @Override
    public void close() {
        reconciler.close();
    }
}
