// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code NLMSG_ERROR} and {@code NLMSG_DONE}.
 *
 * <p>Follows {@code netlink_ack} and {@code netlink_dump_done} in {@code net/netlink/af_netlink.c}.
 */
final class Acknowledgement {
    private Acknowledgement() {}

    static byte[] success(RequestMessage request, int portId, SocketFeatures features, @Nullable String warning) {
        return error(request, portId, features, 0, warning, 0);
    }

    static byte[] error(RequestMessage request, int portId, SocketFeatures features, Refused why) {
        return error(request, portId, features, why.errno(), why.text(), why.offset());
    }

    private static byte[] error(
            RequestMessage request, int portId, SocketFeatures features, int errno, @Nullable String text, int offset) {
        boolean capped = errno == 0 || features.cappedAcks();
        boolean explained = features.extendedAcks() && (text != null || offset > 0);
        int flags = (capped ? NetlinkNumbers.FLAG_CAPPED : 0) | (explained ? NetlinkNumbers.FLAG_ACK_ATTRIBUTES : 0);
        Datagram datagram = new Datagram(request.sequence(), portId, Integer.MAX_VALUE);
        MessageWriter out = datagram.begin(NetlinkNumbers.ERROR, flags).headerU32(-errno);
        request.echo(out, !capped);
        if (explained) {
            for (int padding = request.length(); !capped && padding % Integer.BYTES != 0; padding++) {
                out.headerU8(0);
            }
            explain(out, text, offset);
        }
        datagram.end();
        return datagram.toBytes();
    }

    /** Writes the end of a listing. */
    static byte[] done(int sequence, int portId, SocketFeatures features, int flags, @Nullable Refused why) {
        String text = why == null || !features.extendedAcks() ? null : why.text();
        int explained = text == null ? 0 : NetlinkNumbers.FLAG_ACK_ATTRIBUTES;
        Datagram datagram = new Datagram(sequence, portId, Integer.MAX_VALUE);
        MessageWriter out = datagram.begin(NetlinkNumbers.DONE, NetlinkNumbers.FLAG_MULTI | flags | explained)
                .headerU32(why == null ? 0 : -why.errno());
        explain(out, text, 0);
        datagram.end();
        return datagram.toBytes();
    }

    private static void explain(MessageWriter out, @Nullable String text, int offset) {
        if (text != null) {
            byte[] withNul = (text + '\0').getBytes(StandardCharsets.US_ASCII);
            out.bytes(NetlinkNumbers.ACK_MESSAGE, withNul);
        }
        if (offset > 0) {
            out.u32(NetlinkNumbers.ACK_OFFSET, offset);
        }
    }
}
