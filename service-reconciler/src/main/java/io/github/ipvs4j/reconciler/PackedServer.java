// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.Forwarding;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A virtual server in a tenth of the memory. Its usual destinations, which masquerade and have no thresholds, are bytes
 * in the order of their addresses; others, that only somebody else can have made, are kept as they are.
 *
 * <pre>
 *   for each usual destination  | address, 4 or 16 bytes | port, 2 bytes | weight, 4 bytes |
 * </pre>
 */
final class PackedServer {
    // No Comparator.comparing: of those the JVM keeps no code in an archive of classes.
    private static final Comparator<Destination> ORDER = (one, other) -> {
        int byAddress = one.address().compareTo(other.address());
        return byAddress != 0 ? byAddress : Integer.compare(one.port(), other.port());
    };

    private final VirtualService service;
    private final byte[] usual;
    private final List<Destination> others;

    private PackedServer(VirtualService service, byte[] usual, List<Destination> others) {
        this.service = service;
        this.usual = usual;
        this.others = others;
    }

    static PackedServer of(VirtualServer server) {
        List<Destination> usual = new ArrayList<>(server.destinations().size());
        List<Destination> others = new ArrayList<>(0);
        for (Destination destination : server.destinations()) {
            (isUsual(server.key(), destination) ? usual : others).add(destination);
        }
        usual.sort(ORDER);
        others.sort(ORDER);
        ByteBuffer bytes = ByteBuffer.allocate(usual.size() * entrySize(server.key()));
        for (Destination destination : usual) {
            bytes.put(destination.address().bytes())
                    .putShort((short) destination.port())
                    .putInt(destination.weight());
        }
        return new PackedServer(server.service(), bytes.array(), List.copyOf(others));
    }

    private static boolean isUsual(ServiceKey service, Destination destination) {
        return destination.forwarding().equals(Forwarding.MASQUERADE)
                && destination.upperThreshold() == 0
                && destination.lowerThreshold() == 0
                && destination.address().family() == service.family();
    }

    private static int entrySize(ServiceKey service) {
        return service.family().addressLength() + Short.BYTES + Integer.BYTES;
    }

    ServiceKey key() {
        return service.key();
    }

    VirtualServer unpack() {
        List<Destination> all = new ArrayList<>(usual.length / entrySize(key()) + others.size());
        ByteBuffer bytes = ByteBuffer.wrap(usual);
        while (bytes.hasRemaining()) {
            byte[] address = new byte[key().family().addressLength()];
            bytes.get(address);
            int port = Short.toUnsignedInt(bytes.getShort());
            Destination destination = Destination.masquerade(IpAddress.of(address), port);
            int weight = bytes.getInt();
            all.add(weight == destination.weight() ? destination : destination.withWeight(weight));
        }
        all.addAll(others);
        return new VirtualServer(service, all);
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return this == object
                || (object instanceof PackedServer other
                        && service.equals(other.service)
                        && Arrays.equals(usual, other.usual)
                        && others.equals(other.others));
    }

    @Override
    public int hashCode() {
        return (service.hashCode() * 31 + Arrays.hashCode(usual)) * 31 + others.hashCode();
    }

    /** Returns the virtual server in words, for messages of tests. */
    @Override
    public String toString() {
        return unpack().toString();
    }
}
