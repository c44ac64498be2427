// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/** Reads the control messages of netlink: acknowledgements, errors, and the end of a listing. */
final class Reply {
    private Reply() {}

    /** Returns the error of an NLMSG_ERROR or NLMSG_DONE message as a positive number, 0 for success. */
    static int error(MessageReader message) {
        // A done message of some kernels is bare; a listing that ended is a success.
        if (message.type() == NetlinkHeader.TYPE_DONE && message.length() < NetlinkHeader.ERROR_VALUE + Integer.BYTES) {
            return 0;
        }
        // ipset answers +1 in one case, so any value but 0 is a failure.
        int value = message.headerU32(0);
        return value == Integer.MIN_VALUE ? Integer.MAX_VALUE : Math.abs(value);
    }

    /** Returns the attributes of the extended acknowledgement in an NLMSG_ERROR or NLMSG_DONE message. */
    static AttributeReader extendedAck(MessageReader message) {
        return message.attributes(
                (message.flags() & MessageFlags.ACK_ATTRIBUTES) == 0 ? message.length() : attributesOffset(message));
    }

    private static int attributesOffset(MessageReader message) {
        if (message.type() == NetlinkHeader.TYPE_DONE) {
            return Integer.BYTES;
        }
        int echoed = (message.flags() & MessageFlags.CAPPED) != 0
                ? NetlinkHeader.SIZE
                : message.headerU32(NetlinkHeader.ECHOED_HEADER - NetlinkHeader.SIZE);
        // An echo that lies about its length leaves no room for attributes; then there is no text.
        return echoed < 0 || echoed > message.length() ? message.length() : Integer.BYTES + NetlinkHeader.align(echoed);
    }

    /** Turns an error message into the exception for the request that it answers. */
    static KernelRejected rejection(NetlinkProtocol protocol, Request request, MessageReader message) {
        return rejection(request, new Errno(error(message)), Complaint.about(protocol, request, message));
    }

    /** Makes the exception for a request that was refused. */
    static KernelRejected rejection(Request request, Errno errno, Complaint complaint) {
        String explanation = request.explain(errno);
        if (explanation.isEmpty() && errno.equals(Errno.EPERM)) {
            explanation = "the process lacks CAP_NET_ADMIN; run it as root or grant that capability";
        }
        return new KernelRejected(request.describe(), errno, complaint, explanation);
    }
}
