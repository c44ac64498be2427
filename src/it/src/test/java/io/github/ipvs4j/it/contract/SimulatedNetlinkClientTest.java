// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.testkit.SimulatedKernel;
import org.junit.jupiter.api.AfterEach;

class SimulatedNetlinkClientTest extends NetlinkClientContract {
    private final SimulatedKernel kernel = SimulatedKernel.create();

    @Override
    NetlinkClient.Builder settings(NetlinkProtocol protocol) {
        return NetlinkClient.builder(protocol).transport(kernel.transports());
    }

    @AfterEach
    void assertQuiescent() {
        kernel.assertQuiescent();
    }
}
