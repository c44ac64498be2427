// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.ObjectName;
import io.github.ipvs4j.reconciler.Reconciler;
import io.github.ipvs4j.reconciler.ReconcilerBuilder;
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
                .nodePortAddresses(configuration.nodePortAddresses());
        return configuration.bindAddress().isUnspecified() ? builder : builder.nodeIp(configuration.bindAddress());
    }

    @Override
    public void put(Manifest manifest) {
        Manifest.Body body = manifest.body();
        if (body instanceof Manifest.OfService of) {
            reconciler.put(of.service());
        } else if (body instanceof Manifest.OfSlice of) {
            reconciler.put(of.slice());
        } else if (body instanceof Manifest.OfNode of) {
            reconciler.put(of.node());
        }
    }

    @Override
    public void remove(ObjectId id) {
        switch (id.kind()) {
            case SERVICE -> reconciler.removeService(new ObjectName(id.namespace(), id.name()));
            case ENDPOINT_SLICE -> reconciler.removeEndpointSlice(new ObjectName(id.namespace(), id.name()));
            case NODE -> reconciler.removeNode(id.name());
        }
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
