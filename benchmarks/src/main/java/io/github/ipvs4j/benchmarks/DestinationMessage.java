// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.benchmarks;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageWriter;

/**
 * The message that adds a destination to a virtual service, and the one that lists it: the shape of nearly all traffic
 * of a load balancer. Numbers are those of {@code include/uapi/linux/ip_vs.h}.
 */
final class DestinationMessage {
    private static final int FAMILY = 28;
    private static final int NEW_DESTINATION = 5;
    private static final int SERVICE = 1;
    private static final int DESTINATION = 2;
    private static final int TCP = 6;

    private DestinationMessage() {}

    /** Writes the request. */
    static void write(MessageWriter out, int sequence, IpAddress service, IpAddress destination) {
        out.begin(FAMILY, MessageFlags.REQUEST, sequence).genericHeader(NEW_DESTINATION, 1);
        int key = out.beginNested(SERVICE);
        out.u16(1, service.family().number())
                .u16(2, TCP)
                .wideAddress(3, service)
                .u16be(4, 80)
                .endNested(key);
        int values = out.beginNested(DESTINATION);
        out.wideAddress(1, destination)
                .u16be(2, 8080)
                .u32(3, 0)
                .u32(4, 1)
                .u32(5, 0)
                .u32(6, 0)
                .u16(11, destination.family().number())
                .endNested(values)
                .end();
    }

    /** Writes an entry of a listing, with its connection counts and 64-bit statistics. */
    static void writeListed(MessageWriter out, int sequence, IpAddress destination) {
        out.begin(FAMILY, MessageFlags.MULTI, sequence).genericHeader(NEW_DESTINATION, 1);
        int values = out.beginNested(DESTINATION);
        out.wideAddress(1, destination).u16be(2, 8080);
        for (int type = 3; type <= 9; type++) {
            out.u32(type, type);
        }
        out.u16(11, destination.family().number());
        int statistics = out.beginNested(12);
        for (int type = 1; type <= 10; type++) {
            out.u64(type, 1L << type);
        }
        out.endNested(statistics).endNested(values).end();
    }

    /** Reads every number of a message, and returns a sum so that none of the reads can be left out. */
    static long read(AttributeReader attributes) {
        long sum = 0;
        while (attributes.next()) {
            boolean service = attributes.type() == SERVICE;
            attributes.enter();
            while (attributes.next()) {
                sum += service ? readOfService(attributes) : readOfDestination(attributes);
            }
            attributes.leave();
        }
        return sum;
    }

    private static long readOfService(AttributeReader attributes) {
        return switch (attributes.type()) {
            case 1, 2 -> attributes.u16();
            case 3 -> attributes.u64be();
            case 4 -> attributes.u16be();
            default -> 0;
        };
    }

    private static long readOfDestination(AttributeReader attributes) {
        return switch (attributes.type()) {
            case 1 -> attributes.u64be();
            case 2 -> attributes.u16be();
            case 3, 4, 5, 6, 7, 8, 9 -> attributes.u32();
            case 11 -> attributes.u16();
            case 12 -> readStatistics(attributes);
            default -> 0;
        };
    }

    private static long readStatistics(AttributeReader attributes) {
        long sum = 0;
        attributes.enter();
        while (attributes.next()) {
            sum += attributes.u64();
        }
        attributes.leave();
        return sum;
    }
}
