// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.testkit.SetKind.Part;
import java.util.ArrayList;
import java.util.List;

/** Writes an element as {@code ipset save} does, but for the names of ICMP types. */
final class ElementText {
    private ElementText() {}

    static String of(SimulatedIpsets sets, SetSettings settings, SetElement element, ElementState state, long now) {
        SetKind kind = settings.kind();
        List<String> parts = new ArrayList<>();
        IpAddress address = element.address();
        IpAddress second = element.second();
        if (address != null) {
            parts.add(network(address, kind.has(Part.NET) ? element.length() : -1));
        }
        if (kind == SetKind.BITMAP_PORT) {
            parts.add(Integer.toString(element.port()));
        } else if (kind.hasProtocol()) {
            parts.add(SetElement.protocolName(element.protocol()) + ":" + element.port());
        }
        if (second != null) {
            parts.add(network(second, kind.has(Part.SECOND_NET) ? element.secondLength() : -1));
        }
        if (kind.has(Part.MARK)) {
            parts.add(String.format("0x%08x", element.mark()));
        }
        long mac = kind == SetKind.BITMAP_IP_MAC ? state.mac() : element.mac();
        if (kind.has(Part.MAC) && mac != -1) {
            parts.add(SetElement.macText(mac));
        }
        if (kind.has(Part.DEVICE)) {
            parts.add((element.physical() ? "physdev:" : "") + element.device());
        }
        if (kind == SetKind.LIST_SET) {
            SimulatedSet member = sets.at(element.set());
            parts.add(member == null ? "" : member.name());
        }
        return String.join(",", parts) + options(settings, element, state, now);
    }

    private static String network(IpAddress address, int length) {
        return length < 0 || length == address.family().maxPrefixLength() ? address.toString() : address + "/" + length;
    }

    private static String options(SetSettings settings, SetElement element, ElementState state, long now) {
        StringBuilder text = new StringBuilder();
        if (settings.hasTimeout()) {
            text.append(" timeout ").append(state.secondsLeft(now).orElse(0));
        }
        if (settings.has(IpsetNumbers.FLAG_COUNTERS)) {
            text.append(" packets ").append(Long.toUnsignedString(state.packets()));
            text.append(" bytes ").append(Long.toUnsignedString(state.bytes()));
        }
        if (!state.comment().isEmpty()) {
            text.append(" comment \"").append(state.comment()).append('"');
        }
        ElementState.SkbInfo skb = state.skb();
        if (skb.mark() != 0 || skb.mask() != 0) {
            text.append(" skbmark 0x").append(Integer.toHexString(skb.mark()));
            text.append(skb.mask() == -1 ? "" : "/0x" + Integer.toHexString(skb.mask()));
        }
        if (skb.priority() != 0) {
            text.append(" skbprio ").append(Integer.toHexString(skb.priority() >>> Short.SIZE));
            text.append(':').append(Integer.toHexString(skb.priority() & 0xffff));
        }
        text.append(skb.queue() == 0 ? "" : " skbqueue " + skb.queue());
        text.append(element.wildcard() ? " wildcard" : "");
        return text.append(state.nomatch() ? " nomatch" : "").toString();
    }
}
