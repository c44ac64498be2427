// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipset;

import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetMember;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A process that loads a large set from a stream and streams it back; it prints how many entries came back. */
final class MillionEntries {
    static final int ENTRIES = 1_000_000;
    private static final String SET = "i4j-million";
    private static final int FIRST = 0x0a00_0000;

    private MillionEntries() {}

    /**
     * Loads, streams and destroys the set.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        try (IpsetClient client = IpsetClient.open()) {
            client.create(SetDefinition.hashIp(SET, IpFamily.IPV4).withMaxElements(ENTRIES));
            AtomicInteger refused = new AtomicInteger();
            long added = client.load(
                    SET,
                    IntStream.range(0, ENTRIES).mapToObj(MillionEntries::member).iterator(),
                    (member, outcome) -> refused.incrementAndGet());
            AtomicInteger listed = new AtomicInteger();
            client.stream(SET, member -> listed.incrementAndGet());
            client.destroy(SET);
            System.out.println(added + " added, " + refused + " refused, " + listed + " listed");
        }
    }

    private static SetMember member(int number) {
        byte[] address =
                ByteBuffer.allocate(Integer.BYTES).putInt(FIRST + number).array();
        return new SetMember(new SetEntry.Ip(IpAddress.of(address)));
    }
}
