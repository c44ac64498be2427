// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * Nfnetlink with the subsystems ipset and ctnetlink.
 *
 * <p>Follows {@code nfnetlink_rcv} and {@code nfnetlink_rcv_msg} in {@code net/netfilter/nfnetlink.c}. Not simulated:
 * all other subsystems (nf_tables, nft_compat), which are answered with {@code EOPNOTSUPP}.
 */
final class NetfilterHandler implements ProtocolHandler {
    private final IpsetHandler ipset;
    private final ConntrackHandler conntrack;
    private final KernelModules modules;

    NetfilterHandler(IpsetHandler ipset, ConntrackHandler conntrack, KernelModules modules) {
        this.ipset = ipset;
        this.conntrack = conntrack;
        this.modules = modules;
    }

    @Override
    public void admit(Call first) {
        first.requireCapability();
    }

    @Override
    public void execute(Call call) {
        RequestMessage request = call.request();
        if (request.payloadLength() < NetlinkNumbers.NETFILTER_HEADER) {
            return;
        }
        int command = request.type() & 0xff;
        switch (request.type() >>> Byte.SIZE) {
            case IpsetNumbers.SUBSYSTEM -> {
                require("ip_set");
                ipset.execute(call, command);
            }
            case ConntrackNumbers.SUBSYSTEM -> {
                require("nf_conntrack_netlink");
                conntrack.execute(call, command);
            }
            default -> throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
    }

    private void require(String module) {
        if (!modules.has(module)) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
    }
}
