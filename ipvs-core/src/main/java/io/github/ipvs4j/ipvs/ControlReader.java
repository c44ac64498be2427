// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.DumpConsumer;
import io.github.ipvs4j.netlink.GenericClient;
import io.github.ipvs4j.netlink.MessageReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads version, timeouts and daemons from the kernel. */
final class ControlReader {
    private final GenericClient kernel;

    ControlReader(GenericClient kernel) {
        this.kernel = kernel;
    }

    IpvsInfo info() {
        return kernel.query(ControlRequest.Plain.GET_INFO, ControlReader::info);
    }

    Timeouts timeouts() {
        return kernel.query(ControlRequest.Plain.GET_TIMEOUTS, ControlReader::timeouts);
    }

    List<SyncDaemon> daemons() {
        List<SyncDaemon> daemons = new ArrayList<>();
        kernel.dump(ControlRequest.Plain.LIST_DAEMONS, new DumpConsumer() {
            @Override
            public void accept(MessageReader message) {
                DaemonCodec.read(message.genericAttributes()).ifPresent(daemons::add);
            }

            @Override
            public void restart() {
                daemons.clear();
            }
        });
        return List.copyOf(daemons);
    }

    static IpvsInfo info(AttributeReader attributes) {
        int version = 0;
        int size = 0;
        while (attributes.next()) {
            switch (attributes.type()) {
                case IpvsCommands.INFO_VERSION -> version = attributes.u32();
                case IpvsCommands.INFO_TABLE_SIZE -> size = attributes.u32();
                default -> {
                    // A newer kernel may say more.
                }
            }
        }
        return new IpvsInfo(version, size);
    }

    static Timeouts timeouts(AttributeReader attributes) {
        int tcp = 0;
        int tcpFin = 0;
        int udp = 0;
        while (attributes.next()) {
            switch (attributes.type()) {
                case IpvsCommands.TIMEOUT_TCP -> tcp = attributes.u32();
                case IpvsCommands.TIMEOUT_TCP_FIN -> tcpFin = attributes.u32();
                case IpvsCommands.TIMEOUT_UDP -> udp = attributes.u32();
                default -> {
                    // A newer kernel may say more.
                }
            }
        }
        return new Timeouts(seconds(tcp), seconds(tcpFin), seconds(udp));
    }

    private static Duration seconds(int unsigned) {
        return Duration.ofSeconds(Integer.toUnsignedLong(unsigned));
    }
}
