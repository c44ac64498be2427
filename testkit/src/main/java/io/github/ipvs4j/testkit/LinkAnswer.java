// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;
import java.nio.charset.StandardCharsets;

/** Writes a link; of the many attributes that the kernel sends only the useful ones. */
final class LinkAnswer {
    private static final int QUEUE = 1000;

    private LinkAnswer() {}

    static void write(MessageWriter out, LinkEntry link) {
        boolean loopback = link.isLoopback();
        int flags = loopback
                ? RouteNumbers.LOOPBACK
                : RouteNumbers.BROADCAST | (link.kind().isEmpty() ? 0 : RouteNumbers.NO_ARP);
        if (link.isUp()) {
            flags |= RouteNumbers.UP | RouteNumbers.RUNNING | RouteNumbers.LOWER_UP;
        }
        out.headerU16(RouteNumbers.UNSPEC)
                .headerU16(loopback ? RouteNumbers.TYPE_LOOPBACK : RouteNumbers.TYPE_ETHERNET)
                .headerU32(link.index())
                .headerU32(flags)
                .headerU32(0);
        out.string(RouteNumbers.IFLA_NAME, link.name())
                .u32(RouteNumbers.IFLA_QUEUE, QUEUE)
                .u8(RouteNumbers.IFLA_STATE, link.isUp() ? RouteNumbers.STATE_UNKNOWN : RouteNumbers.STATE_DOWN)
                .u32(RouteNumbers.IFLA_MTU, link.mtu())
                .bytes(RouteNumbers.IFLA_ADDRESS, hardwareAddress(link))
                .bytes(RouteNumbers.IFLA_BROADCAST, loopback ? new byte[6] : new byte[] {-1, -1, -1, -1, -1, -1});
        if (!link.kind().isEmpty()) {
            int info = Nests.begin(out, RouteNumbers.IFLA_INFO);
            out.bytes(RouteNumbers.INFO_KIND, (link.kind() + '\0').getBytes(StandardCharsets.US_ASCII));
            out.endNested(info);
        }
    }

    private static byte[] hardwareAddress(LinkEntry link) {
        // A locally administered address that tells the index.
        return link.isLoopback()
                ? new byte[6]
                : new byte[] {0x02, 0, 0, 0, (byte) (link.index() >>> Byte.SIZE), (byte) link.index()};
    }
}
