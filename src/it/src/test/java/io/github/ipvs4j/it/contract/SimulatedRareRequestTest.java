// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.Transport;
import io.github.ipvs4j.testkit.SimulatedKernel;
import org.junit.jupiter.api.AfterEach;

class SimulatedRareRequestTest extends RareRequestContract {
    private final SimulatedKernel kernel = SimulatedKernel.create();

    @Override
    Transport.Factory transports() {
        return kernel.transports();
    }

    @AfterEach
    void assertQuiescent() {
        kernel.assertQuiescent();
    }
}
