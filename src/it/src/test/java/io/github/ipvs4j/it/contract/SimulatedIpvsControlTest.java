// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.testkit.SimulatedKernel;
import org.junit.jupiter.api.AfterEach;

class SimulatedIpvsControlTest extends IpvsControlContract {
    private final SimulatedKernel kernel = SimulatedKernel.create();

    @Override
    NetlinkClient.Builder settings() {
        return NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel.transports());
    }

    @AfterEach
    @Override
    void closeClient() {
        super.closeClient();
        kernel.assertQuiescent();
    }
}
