// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MalformedReply;
import io.github.ipvs4j.netlink.MessageReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads destinations as the kernel lists them. Attributes may come in any order, unknown ones are stepped over. One
 * decoder reads one destination after the other; not safe for use by several threads.
 */
final class DestinationDecoder {
    private final StatisticsDecoder statistics = new StatisticsDecoder();
    private final IpFamily serviceFamily;
    private IpFamily family;
    private @Nullable IpAddress address;
    private int port;
    private int method;
    private int weight;
    private int upperThreshold;
    private int lowerThreshold;
    private int tunnelType;
    private int tunnelPort;
    private int tunnelFlags;
    private int active;
    private int inactive;
    private int persistent;

    /**
     * Makes a decoder for the destinations of one service.
     *
     * @param serviceFamily the family of those that do not say theirs, as before kernel 3.18
     */
    DestinationDecoder(IpFamily serviceFamily) {
        this.serviceFamily = serviceFamily;
        this.family = serviceFamily;
    }

    /**
     * Reads the destination in a message.
     *
     * @param message what a listing delivered
     * @return the destination
     * @throws MalformedReply if the message holds none, or one without a key
     */
    ObservedDestination decode(MessageReader message) {
        ObservedDestination destination = decode(message, serviceFamily);
        if (statistics.leftTooMuchOut()) {
            destination = decode(message, serviceFamily);
        }
        // The family comes behind the address: where it is not the expected one, the address has to be read again.
        return destination.destination().address().family() == family ? destination : decode(message, family);
    }

    private ObservedDestination decode(MessageReader message, IpFamily expected) {
        AttributeReader attributes = message.genericAttributes();
        while (attributes.next()) {
            if (attributes.type() == IpvsCommands.DESTINATION) {
                reset();
                attributes.enter();
                readAttributes(attributes, expected);
                return destination(attributes);
            }
        }
        throw attributes.malformed("the answer holds no destination");
    }

    private void reset() {
        statistics.reset();
        family = serviceFamily;
        address = null;
        port = -1;
        method = 0;
        weight = 0;
        upperThreshold = 0;
        lowerThreshold = 0;
        tunnelType = 0;
        tunnelPort = 0;
        tunnelFlags = 0;
        active = 0;
        inactive = 0;
        persistent = 0;
    }

    private void readAttributes(AttributeReader attributes, IpFamily expected) {
        while (attributes.next()) {
            switch (attributes.type()) {
                case DestinationAttributes.ADDRESS -> address = attributes.address(expected);
                case DestinationAttributes.PORT -> port = attributes.u16be();
                case DestinationAttributes.FAMILY -> readFamily(attributes);
                case DestinationAttributes.METHOD -> method = attributes.u32();
                case DestinationAttributes.WEIGHT -> weight = attributes.u32();
                case DestinationAttributes.UPPER_THRESHOLD -> upperThreshold = attributes.u32();
                case DestinationAttributes.LOWER_THRESHOLD -> lowerThreshold = attributes.u32();
                case DestinationAttributes.TUNNEL_TYPE -> tunnelType = attributes.u8();
                case DestinationAttributes.TUNNEL_PORT -> tunnelPort = attributes.u16be();
                case DestinationAttributes.TUNNEL_FLAGS -> tunnelFlags = attributes.u16();
                case DestinationAttributes.ACTIVE -> active = attributes.u32();
                case DestinationAttributes.INACTIVE -> inactive = attributes.u32();
                case DestinationAttributes.PERSISTENT -> persistent = attributes.u32();
                case DestinationAttributes.STATISTICS -> statistics.read(attributes, false);
                case DestinationAttributes.STATISTICS_64 -> statistics.read(attributes, true);
                default -> {
                    // A newer kernel may say more.
                }
            }
        }
    }

    private void readFamily(AttributeReader attributes) {
        int number = attributes.u16();
        if (number != 0) {
            family = ServiceDecoder.family(attributes, number);
        }
    }

    private ObservedDestination destination(AttributeReader attributes) {
        IpAddress known = address;
        if (known == null || port < 0) {
            throw attributes.malformed("the destination has no address or no port");
        }
        try {
            Forwarding forwarding = ForwardingNumbers.of(method, tunnelType, tunnelPort, tunnelFlags);
            return new ObservedDestination(
                    new Destination(known, port, forwarding, weight, upperThreshold, lowerThreshold),
                    active,
                    inactive,
                    persistent,
                    statistics.result());
        } catch (IllegalArgumentException e) {
            throw attributes.malformed(String.valueOf(e.getMessage()));
        }
    }
}
