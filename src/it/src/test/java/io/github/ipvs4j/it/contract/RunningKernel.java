// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.testkit.KernelRelease;
import io.github.ipvs4j.testkit.SimulatedKernel;
import java.util.stream.Stream;

/** The kernel that the tests run on. */
final class RunningKernel {
    private RunningKernel() {}

    /** Makes a simulated kernel that should answer as the running one does. */
    static SimulatedKernel imitated() {
        return SimulatedKernel.builder()
                .release(release())
                .aligned(release() != KernelRelease.LINUX_7_2)
                .withoutConntrackZones()
                .build();
    }

    private static KernelRelease release() {
        String running = System.getProperty("os.version");
        return Stream.of(KernelRelease.values())
                .filter(known -> running.startsWith(known.number() + "."))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the simulated kernel imitates no " + running));
    }
}
