// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.netlink.Transport;

@LabTest
class KernelRareRequestTest extends RareRequestContract {
    @Override
    Transport.Factory transports() {
        return Transport.Factory.kernel();
    }
}
