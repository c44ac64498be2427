// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to open sockets of the running kernel.
 *
 * @param sendBuffer wanted size in bytes; the kernel doubles it
 * @param receiveBuffer wanted size in bytes; the kernel doubles it
 * @param overrunReports whether a full receive buffer is reported as {@code ENOBUFS}
 * @param namespace file of another network namespace, null for that of the opening thread
 */
record SocketSettings(
        int sendBuffer,
        int receiveBuffer,
        boolean overrunReports,
        @Nullable Path namespace) implements Transport.Factory {
    /** Enough for about 16,000 pending answers. */
    private static final int BUFFER = 8 << 20;

    static final SocketSettings DEFAULT = new SocketSettings(BUFFER, BUFFER, true, null);

    SocketSettings {
        check("send buffer", sendBuffer);
        check("receive buffer", receiveBuffer);
    }

    private static void check(String name, int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException(name + " of " + bytes + " bytes: expected more than zero");
        }
    }

    SocketSettings withSendBuffer(int bytes) {
        return new SocketSettings(bytes, receiveBuffer, overrunReports, namespace);
    }

    SocketSettings withReceiveBuffer(int bytes) {
        return new SocketSettings(sendBuffer, bytes, overrunReports, namespace);
    }

    SocketSettings withOverrunReports(boolean wanted) {
        return new SocketSettings(sendBuffer, receiveBuffer, wanted, namespace);
    }

    SocketSettings in(Path otherNamespace) {
        return new SocketSettings(sendBuffer, receiveBuffer, overrunReports, otherNamespace);
    }

    @Override
    public Transport open(NetlinkProtocol protocol) {
        return open("NETLINK_" + protocol, protocol.number());
    }

    /** Opens a socket of any protocol number. */
    Transport open(String protocol, int number) {
        String what = "open " + protocol + " socket";
        Platform.require(what);
        return namespace == null
                ? NetlinkSocket.open(what, number, this)
                : NetworkNamespace.open(what, number, this, namespace);
    }
}
