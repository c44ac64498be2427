// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A fragment in little memory: what is kept of each Service to know, when it changes, what it no longer wants. */
final class PackedFragment {
    private static final IpAddress[] NO_ADDRESSES = {};
    private static final ServiceKey.Address[] NO_SERVERS = {};

    static final PackedFragment EMPTY = new PackedFragment(Fragment.EMPTY, Map.of());

    private static final KubeSet[] SETS = KubeSet.values();
    private static final IpFamily[] FAMILIES = IpFamily.values();

    private final PackedServer[] servers;
    private final IpAddress[] addresses;
    private final SetEntry[] entries;

    /** For each entry which set of which family it is for. */
    private final byte[] sets;

    private final ServiceKey.Address[] closedToNode;

    @SuppressWarnings("EnumOrdinal") // The numbers do not outlive the process.
    private PackedFragment(Fragment fragment, Map<Object, Object> known) {
        this.servers = new PackedServer[fragment.servers().size()];
        for (int i = 0; i < servers.length; i++) {
            servers[i] = once(PackedServer.of(fragment.servers().get(i)), known);
        }
        this.addresses = fragment.addresses().toArray(NO_ADDRESSES);
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = once(addresses[i], known);
        }
        this.closedToNode = fragment.closedToNode().toArray(NO_SERVERS);
        this.entries = new SetEntry[fragment.members().size()];
        this.sets = new byte[entries.length];
        int i = 0;
        for (Member member : fragment.members()) {
            entries[i] = once(member.entry(), known);
            sets[i] = (byte)
                    (member.set().ordinal() * FAMILIES.length + member.family().ordinal());
            i++;
        }
    }

    /**
     * Packs a fragment.
     *
     * @param before the one in whose place it comes; what is equal is shared with it
     */
    static PackedFragment of(Fragment fragment, PackedFragment before) {
        return fragment.isEmpty() ? EMPTY : new PackedFragment(fragment, before.parts());
    }

    private Map<Object, Object> parts() {
        Map<Object, Object> parts = new HashMap<>();
        for (Object[] some : new Object[][] {servers, addresses, entries}) {
            for (Object part : some) {
                parts.put(part, part);
            }
        }
        return parts;
    }

    @SuppressWarnings("unchecked")
    private static <T> T once(T part, Map<Object, Object> known) {
        return known.isEmpty() ? part : (T) known.getOrDefault(part, part);
    }

    List<PackedServer> servers() {
        return List.of(servers);
    }

    List<IpAddress> addresses() {
        return List.of(addresses);
    }

    List<ServiceKey.Address> closedToNode() {
        return List.of(closedToNode);
    }

    List<Member> members() {
        List<Member> members = new ArrayList<>(entries.length);
        for (int i = 0; i < entries.length; i++) {
            members.add(new Member(SETS[sets[i] / FAMILIES.length], FAMILIES[sets[i] % FAMILIES.length], entries[i]));
        }
        return members;
    }
}
