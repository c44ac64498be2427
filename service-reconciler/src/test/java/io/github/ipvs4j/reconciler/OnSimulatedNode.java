// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a reconciler on a simulated node of their own, of which nothing is left open. */
abstract class OnSimulatedNode {
    @TempDir
    Path proc;

    SimulatedNode node;
    Reconciler reconciler;

    @BeforeEach
    void start() throws IOException {
        node = makeNode();
        reconciler = configure(node.settings()).open();
    }

    @AfterEach
    void stop() {
        reconciler.close();
        node.kernel.assertQuiescent();
    }

    /** Returns the node, which may be another in some tests. */
    SimulatedNode makeNode() throws IOException {
        return new SimulatedNode(proc);
    }

    /** Returns the settings of the reconciler, of which a test may change some. */
    ReconcilerBuilder configure(ReconcilerBuilder settings) {
        return settings;
    }

    /** Ends the reconciler and starts another as a new process would. */
    void restart() {
        reconciler.close();
        reconciler = configure(node.settings()).open();
    }

    /** Tells of a Service and its endpoints, all in one slice for each family and protocol. */
    void put(Service.Builder service, EndpointSlice... slices) {
        reconciler.put(service.build());
        List.of(slices).forEach(reconciler::put);
    }

    /** Syncs, and has nothing fail. */
    SyncReport sync() {
        SyncReport report = reconciler.sync();
        assertThat(report.failures()).isEmpty();
        return report;
    }
}
