// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;

/** Makes messages that answer nothing the client asked, from one that does. */
final class ForeignReply {
    private ForeignReply() {}

    /** Returns an error for a request that the client never sent. */
    static byte[] withAnotherSequence(byte[] answer) {
        return refusal(NetlinkNumbers.HEADER_SEQUENCE, answer);
    }

    /** Returns an error for somebody else's request with the same number. */
    static byte[] withAnotherPortId(byte[] answer) {
        return refusal(NetlinkNumbers.HEADER_PORT_ID, answer);
    }

    private static byte[] refusal(int changedField, byte[] answer) {
        Datagram datagram = new Datagram(
                HostOrder.i32(answer, NetlinkNumbers.HEADER_SEQUENCE),
                HostOrder.i32(answer, NetlinkNumbers.HEADER_PORT_ID),
                Integer.MAX_VALUE);
        MessageWriter out =
                datagram.begin(NetlinkNumbers.ERROR, NetlinkNumbers.FLAG_CAPPED).headerU32(-ErrorNumbers.EPERM);
        RequestMessage.at(answer, 0).echo(out, false);
        datagram.end();
        byte[] foreign = datagram.toBytes();
        HostOrder.i32(foreign, changedField, ~HostOrder.i32(foreign, changedField));
        return foreign;
    }
}
