// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a state keeps on the heap. */
class HeapTest {
    private static final int SERVICES = 20_000;
    private static final int DESTINATIONS = 8;

    private static IpvsState state() {
        List<VirtualServer> servers = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            List<Destination> destinations = new ArrayList<>();
            for (int j = 0; j < DESTINATIONS; j++) {
                destinations.add(Destination.masquerade(address(0x0a00_0000 + i * DESTINATIONS + j), 8080));
            }
            ServiceKey key = ServiceKey.tcp(address(0x0b00_0000 + i), 80);
            servers.add(new VirtualServer(VirtualService.of(key, Scheduler.ROUND_ROBIN), destinations));
        }
        return IpvsState.of(servers);
    }

    private static IpAddress address(int bits) {
        return IpAddress.of(ByteBuffer.allocate(Integer.BYTES).putInt(bits).array());
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void stateOfManyDestinationsKeepsAtMostHundredBytesForEach() {
        state();
        long before = used();
        IpvsState state = state();
        long bytes = (used() - before) / (SERVICES * DESTINATIONS);

        assertThat(state.size()).isEqualTo(SERVICES);
        assertThat(bytes).as("bytes for each destination").isBetween(50L, 100L);
    }
}
