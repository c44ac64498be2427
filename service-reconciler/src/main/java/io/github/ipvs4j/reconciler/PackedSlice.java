// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An EndpointSlice without its labels, in an eighth of the memory: a node keeps those of the whole cluster.
 *
 * <pre>
 *   for each endpoint  | address, 4 or 16 bytes | 1 ready, 2 serving, 4 terminating |
 * </pre>
 */
final class PackedSlice {
    private static final int READY = 1;
    private static final int SERVING = 2;
    private static final int TERMINATING = 4;

    private final ObjectName name;
    private final String serviceName;
    private final IpFamily family;
    private final List<EndpointPort> ports;
    private final byte[] endpoints;
    private final SlicePool.Place[] places;

    private PackedSlice(EndpointSlice slice, SlicePool pool) {
        this.name = new ObjectName(
                pool.namespaces.share(slice.name().namespace()), slice.name().name());
        this.serviceName = slice.serviceName();
        this.family = slice.family();
        this.ports = pool.ports.share(slice.ports());
        List<Endpoint> all = slice.endpoints();
        ByteBuffer bytes = ByteBuffer.allocate(all.size() * (family.addressLength() + 1));
        this.places = new SlicePool.Place[all.size()];
        for (int i = 0; i < places.length; i++) {
            Endpoint endpoint = all.get(i);
            bytes.put(endpoint.address().bytes()).put((byte) flags(endpoint));
            places[i] = pool.places.share(SlicePool.Place.of(endpoint));
        }
        this.endpoints = bytes.array();
    }

    /** Packs a slice; it must be {@link #release released} some day. */
    static PackedSlice of(EndpointSlice slice, SlicePool pool) {
        return new PackedSlice(slice, pool);
    }

    private static int flags(Endpoint endpoint) {
        return (endpoint.ready() ? READY : 0)
                | (endpoint.serving() ? SERVING : 0)
                | (endpoint.terminating() ? TERMINATING : 0);
    }

    /** Gives back what it shares with others; it must not be used any more. */
    void release(SlicePool pool) {
        pool.namespaces.release(name.namespace());
        pool.ports.release(ports);
        for (SlicePool.Place place : places) {
            pool.places.release(place);
        }
    }

    ObjectName name() {
        return name;
    }

    /** Returns the name of the Service that it belongs to. */
    ObjectName service() {
        return new ObjectName(name.namespace(), serviceName);
    }

    /** Returns the slice as it was, but for its labels. */
    EndpointSlice unpack() {
        ByteBuffer bytes = ByteBuffer.wrap(endpoints);
        List<Endpoint> all = new ArrayList<>(places.length);
        for (SlicePool.Place place : places) {
            byte[] address = new byte[family.addressLength()];
            bytes.get(address);
            int flags = bytes.get();
            all.add(new Endpoint(
                    IpAddress.of(address),
                    (flags & READY) != 0,
                    (flags & SERVING) != 0,
                    (flags & TERMINATING) != 0,
                    place.nodeName(),
                    place.zoneHints(),
                    place.nodeHints()));
        }
        return new EndpointSlice(name, serviceName, family, ports, all, Map.of());
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof PackedSlice other
                && name.equals(other.name)
                && serviceName.equals(other.serviceName)
                && family == other.family
                && ports.equals(other.ports)
                && Arrays.equals(endpoints, other.endpoints)
                && Arrays.equals(places, other.places);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + Arrays.hashCode(endpoints);
    }
}
