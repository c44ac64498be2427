// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;

@LabTest(tidy = true)
class KernelIpvsControlTest extends IpvsControlContract {
    @Override
    NetlinkClient.Builder settings() {
        return NetlinkClient.builder(NetlinkProtocol.GENERIC);
    }
}
