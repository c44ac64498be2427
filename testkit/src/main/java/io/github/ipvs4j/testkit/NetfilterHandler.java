// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * Nfnetlink with the one subsystem ipset.
 *
 * <p>Follows {@code nfnetlink_rcv} and {@code nfnetlink_rcv_msg} in {@code net/netfilter/nfnetlink.c}. Not simulated:
 * all other subsystems (connection tracking, nf_tables, nft_compat), which are answered with {@code EOPNOTSUPP}.
 */
final class NetfilterHandler implements ProtocolHandler {
    private final IpsetHandler ipset;
    private final boolean hasIpset;

    NetfilterHandler(IpsetHandler ipset, boolean hasIpset) {
        this.ipset = ipset;
        this.hasIpset = hasIpset;
    }

    @Override
    public void admit(Call first) {
        first.requireCapability();
    }

    @Override
    public void execute(Call call) {
        RequestMessage request = call.request();
        if (request.payloadLength() < IpsetNumbers.HEADER) {
            return;
        }
        int subsystem = request.type() >>> Byte.SIZE;
        if (subsystem != IpsetNumbers.SUBSYSTEM) {
            throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
        if (!hasIpset) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        ipset.execute(call, request.type() & 0xff);
    }
}
