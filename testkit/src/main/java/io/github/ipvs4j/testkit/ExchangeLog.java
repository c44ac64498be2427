// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessagePrinter;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/** The last datagrams that went to and fro, for the report of a failed test. */
final class ExchangeLog {
    private static final int KEPT = 24;

    /** Of a longer datagram only the beginning is kept. */
    private static final int LONGEST = 2048;

    private record Entry(NetlinkProtocol protocol, String title, ByteBuf bytes) {}

    private final Deque<Entry> entries = new ArrayDeque<>(KEPT);

    void sent(NetlinkProtocol protocol, int portId, byte[] datagram) {
        add(protocol, "to the kernel from", portId, datagram);
    }

    void received(NetlinkProtocol protocol, int portId, byte[] datagram) {
        add(protocol, "from the kernel to", portId, datagram);
    }

    private void add(NetlinkProtocol protocol, String direction, int portId, byte[] datagram) {
        if (entries.size() == KEPT) {
            entries.remove();
        }
        String title = datagram.length + " bytes " + direction + " port id " + Integer.toUnsignedString(portId);
        boolean isLong = datagram.length > LONGEST;
        entries.add(new Entry(
                protocol,
                title + (isLong ? ", of which the first " + LONGEST : ""),
                isLong ? Unpooled.copiedBuffer(datagram, 0, LONGEST) : Unpooled.wrappedBuffer(datagram)));
    }

    /** Returns the datagrams, oldest first, in words. */
    @Override
    public String toString() {
        Map<NetlinkProtocol, MessagePrinter> printers = new EnumMap<>(NetlinkProtocol.class);
        StringBuilder text = new StringBuilder("\nthe last datagrams:\n");
        for (Entry entry : entries) {
            MessagePrinter printer = printers.computeIfAbsent(entry.protocol(), ExchangeLog::printer);
            text.append("NETLINK_").append(entry.protocol()).append(", ").append(entry.title());
            text.append(":\n").append(printer.print(entry.bytes().duplicate()));
        }
        return text.toString();
    }

    private static MessagePrinter printer(NetlinkProtocol protocol) {
        return new MessagePrinter(protocol).family(SimulatedNamespace.IPVS_FAMILY, IpvsNumbers.FAMILY_NAME);
    }
}
