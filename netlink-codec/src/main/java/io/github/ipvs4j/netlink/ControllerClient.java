// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks the kernel which generic-netlink families it has and what they understand. Needs no capability.
 *
 * <p>Safe for use by many threads; see {@link NetlinkClient} for deadlines and failures. Follows
 * {@code net/netlink/genetlink.c}. To speak a family, see {@link GenericClient}.
 */
public final class ControllerClient implements AutoCloseable {
    private final NetlinkClient client;

    private ControllerClient(NetlinkClient client) {
        this.client = client;
    }

    /**
     * Opens a client.
     *
     * @param settings deadline, namespace and the like, for {@link NetlinkProtocol#GENERIC}
     * @return a client that the caller closes
     * @throws SocketFailed if the system refuses the socket
     */
    public static ControllerClient open(NetlinkClient.Builder settings) {
        return new ControllerClient(settings.open());
    }

    /**
     * Looks a family up. The kernel tries to load the module of a family that it does not have, which any user may
     * cause and which this call waits for.
     *
     * @param name 1 to 15 characters; upper and lower case differ
     * @return empty if the kernel does not have it
     */
    public Optional<FamilyDescription> find(String name) {
        try {
            return Optional.of(
                    client.query(new GenericClient.LookUp(new GenericFamily(name, 1, "")), ControllerDecoder::family));
        } catch (KernelRejected e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Lists all families that are there now; loads nothing.
     *
     * @return in the kernel's order
     */
    public List<FamilyDescription> families() {
        List<FamilyDescription> families = new ArrayList<>();
        client.dump(new ControllerRequest.Families(), new DumpConsumer() {
            @Override
            public void accept(MessageReader message) {
                families.add(ControllerDecoder.family(message));
            }

            @Override
            public void restart() {
                families.clear();
            }
        });
        return families;
    }

    /**
     * Lists what the commands of a family accept.
     *
     * @param name of a family that is there; nothing is loaded
     * @return its policies; empty for a family without any
     * @throws KernelRejected with {@code ENOENT} if there is no such family
     */
    public FamilyPolicies policies(String name) {
        ControllerDecoder.PolicyListing listing = new ControllerDecoder.PolicyListing();
        client.dump(new ControllerRequest.Policies(name), listing);
        return listing.result();
    }

    /** Closes the socket and frees the buffers; a second call does nothing. */
    @Override
    public void close() {
        client.close();
    }
}
