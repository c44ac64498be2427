// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.reconciler;

import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.reconciler.Reconciler;
import java.io.IOException;

/** A process that syncs the fifty Services and gets itself killed on the way. */
final class MortalSync {
    /** As short as can be: about one request to a datagram, so that there are many steps to die at. */
    static final int SHORT_DATAGRAM = 256;

    private MortalSync() {}

    /**
     * Syncs.
     *
     * @param arguments after how many datagrams to die
     */
    public static void main(String[] arguments) {
        int steps = Integer.parseInt(arguments[0]);
        int[] sent = {0};
        TappedTransport.Tap tap = new TappedTransport.Tap() {
            @Override
            public void sent(NetlinkProtocol protocol) {
                if (++sent[0] == steps) {
                    kill();
                }
            }

            @Override
            public int maxDatagram(int most) {
                return SHORT_DATAGRAM;
            }
        };
        try (Reconciler reconciler = Reconciler.builder()
                .nodeName(Objects.NODE)
                .transport(TappedTransport.of(tap))
                .open()) {
            FiftyServices.AFTER.feed(reconciler);
            reconciler.sync();
        }
        System.out.println("done " + sent[0]);
    }

    /** By the signal that nobody can do anything about, as the system's memory guard would. */
    private static void kill() {
        try {
            new ProcessBuilder(
                            "kill",
                            "-KILL",
                            Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
