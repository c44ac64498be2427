// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests get kernels of their own. */
@ExtendWith(SimulatedKernelExtension.class)
class SimulatedKernelExtensionTest {
    private SimulatedKernel before;

    @BeforeEach
    void keep(SimulatedKernel kernel) {
        before = kernel;
        assertThat(kernel.links().save()).doesNotContain("eth");
        kernel.links().addHardware("eth0");
    }

    @Test
    void givesOneKernelToATestAndItsPreparation(SimulatedKernel kernel) {
        assertThat(kernel).isSameAs(before);
    }

    @Test
    void givesAnotherKernelToTheNextTest(SimulatedKernel kernel) {
        assertThat(kernel.links().save()).contains("2: eth0");
    }

    @Test
    void showsTheExchangeWhenSomethingIsLeftOpen(SimulatedKernel kernel) {
        try (Transport left = kernel.transports().open(NetlinkProtocol.GENERIC)) {
            left.send(Unpooled.wrappedBuffer(Bytes.vector("genl-getfamily-ipvs.req")));
            assertThatThrownBy(kernel::assertQuiescent)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("open: NETLINK_GENERIC socket")
                    .hasMessageContaining("32 bytes to the kernel from port id 2147483649")
                    .hasMessageContaining("CTRL_ATTR_FAMILY_NAME = \"IPVS\"");
        }
    }
}
