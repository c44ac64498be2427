// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.MessageWriter;

/** Writes destinations as attributes, straight into the message. The order is that of ipvsadm. */
final class DestinationEncoder {
    private DestinationEncoder() {}

    /** Writes the nest that names a destination. */
    static void key(MessageWriter out, DestinationKey key) {
        int nest = out.beginNested(IpvsCommands.DESTINATION);
        keyAttributes(out, key.address(), key.port());
        out.endNested(nest);
    }

    /**
     * Writes the nest that makes or replaces a destination: all attributes, since what is absent is refused or reset.
     */
    static void full(MessageWriter out, Destination destination) {
        Forwarding forwarding = destination.forwarding();
        int nest = out.beginNested(IpvsCommands.DESTINATION);
        keyAttributes(out, destination.address(), destination.port());
        out.u32(DestinationAttributes.METHOD, ForwardingNumbers.method(forwarding))
                .u32(DestinationAttributes.WEIGHT, destination.weight())
                .u8(DestinationAttributes.TUNNEL_TYPE, ForwardingNumbers.tunnelType(forwarding))
                .u16be(DestinationAttributes.TUNNEL_PORT, ForwardingNumbers.tunnelPort(forwarding))
                .u16(DestinationAttributes.TUNNEL_FLAGS, ForwardingNumbers.tunnelFlags(forwarding))
                .u32(DestinationAttributes.UPPER_THRESHOLD, destination.upperThreshold())
                .u32(DestinationAttributes.LOWER_THRESHOLD, destination.lowerThreshold());
        out.endNested(nest);
    }

    private static void keyAttributes(MessageWriter out, IpAddress address, int port) {
        // The family is needed where it differs from the service's, and does no harm where it does not.
        out.u16(DestinationAttributes.FAMILY, address.family().number())
                .wideAddress(DestinationAttributes.ADDRESS, address)
                .u16be(DestinationAttributes.PORT, port);
    }
}
