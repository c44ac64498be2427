// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.AbstractList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks one generic-netlink family. It looks the family's number up by name, which makes the kernel load the family's
 * module where it can, and looks it up again when the module was taken out and put back under another number.
 *
 * <p>Safe for use by many threads; see {@link NetlinkClient} for deadlines and failures.
 */
public final class GenericClient implements AutoCloseable {
    /**
     * How many bytes a short piece of a listing holds: 8 KiB less what the kernel keeps of them
     * ({@code SKB_WITH_OVERHEAD}, with its usual {@code MAX_SKB_FRAGS}). Where pages are that large it makes none
     * shorter.
     */
    public static final int SHORT_PIECE = (8 << 10) - 320;

    private static final Logger LOG = LoggerFactory.getLogger(GenericClient.class);

    private final NetlinkClient client;
    private final GenericFamily family;
    private volatile int number;

    private GenericClient(NetlinkClient client, GenericFamily family, int number) {
        this.client = client;
        this.family = family;
        this.number = number;
    }

    /**
     * Opens a client and looks the family up.
     *
     * @param settings deadline, namespace and the like, for {@link NetlinkProtocol#GENERIC}
     * @param family the family to speak
     * @return a client that the caller closes
     * @throws KernelRejected if the kernel does not have the family; the message says what to do
     * @throws SocketFailed if the system refuses the socket
     */
    public static GenericClient open(NetlinkClient.Builder settings, GenericFamily family) {
        NetlinkClient client = settings.open();
        boolean opened = false;
        try {
            GenericClient generic = new GenericClient(client, family, lookUp(client, family));
            opened = true;
            return generic;
        } finally {
            if (!opened) {
                client.close();
            }
        }
    }

    /**
     * Opens another client of the same family and settings, for short listings. The kernel takes up to 32 KiB for each
     * piece of a listing and may clear them first, however few entries it has; on this client's socket it takes 8 KiB.
     * No answer to it may be longer than {@link #SHORT_PIECE}; see {@link Transport#receive} for what is.
     *
     * @return a client that the caller closes
     * @throws SocketFailed if the system refuses the socket
     */
    public GenericClient inShortPieces() {
        return new GenericClient(client.another(SHORT_PIECE), family, number);
    }

    /**
     * Sends one request and waits for its acknowledgement.
     *
     * @param request what to do
     * @throws KernelRejected if the kernel refuses it
     * @throws DeadlineExceeded if no answer comes in time
     */
    public void execute(GenericRequest request) {
        withFreshNumber(known -> {
            client.execute(addressed(request, known));
            return Boolean.TRUE;
        });
    }

    /**
     * Sends one request and reads its one answer.
     *
     * @param request what to ask
     * @param decoder makes the result of the answer's attributes, which are valid until it returns
     * @param <T> type of the result
     * @return what the decoder made
     * @throws KernelRejected if the kernel refuses it
     * @throws DeadlineExceeded if no answer comes in time
     */
    public <T> T query(GenericRequest request, Function<AttributeReader, T> decoder) {
        return withFreshNumber(known ->
                client.query(addressed(request, known), message -> decoder.apply(message.genericAttributes())));
    }

    /**
     * Lists objects.
     *
     * @param request what to list
     * @param consumer takes each message; see {@link MessageReader#genericAttributes}
     * @return whether the kernel called the listing undisturbed
     * @throws KernelRejected if the kernel refuses it
     * @throws DeadlineExceeded if no answer comes in time
     */
    public DumpResult dump(GenericRequest request, DumpConsumer consumer) {
        return withFreshNumber(known -> client.dump(addressed(request, known), consumer));
    }

    /**
     * Sends many requests in few datagrams.
     *
     * @param requests what to do
     * @return an outcome for each request, in the same order
     */
    public List<Outcome> batch(List<? extends GenericRequest> requests) {
        int known = number;
        List<Outcome> outcomes = client.batch(addressed(requests, known));
        // A number that is no longer the family's refuses every request alike, so nothing was carried out yet;
        // one that is content with ENOENT takes that for a success.
        boolean allMissing = !requests.isEmpty() && outcomes.stream().allMatch(GenericClient::mayMeanNoFamily);
        return allMissing && hasMovedOn(known) ? client.batch(addressed(requests, number)) : outcomes;
    }

    private List<Request> addressed(List<? extends GenericRequest> requests, int known) {
        return new AbstractList<>() {
            @Override
            public Request get(int index) {
                return addressed(requests.get(index), known);
            }

            @Override
            public int size() {
                return requests.size();
            }
        };
    }

    /** Closes the socket and frees the buffers; a second call does nothing. */
    @Override
    public void close() {
        client.close();
    }

    private <T> T withFreshNumber(IntFunction<T> call) {
        int known = number;
        try {
            return call.apply(known);
        } catch (KernelRejected e) {
            if (e.errno().equals(Errno.ENOENT) && hasMovedOn(known)) {
                return call.apply(number);
            }
            throw e;
        }
    }

    private static boolean mayMeanNoFamily(Outcome outcome) {
        return outcome instanceof Outcome.AlreadySo
                || (outcome instanceof Outcome.Rejected rejected
                        && rejected.why().errno().equals(Errno.ENOENT));
    }

    /**
     * Tells whether the family has another number than the one that a request was sent to; false if that is unknown.
     */
    private boolean hasMovedOn(int known) {
        try {
            number = lookUp(client, family);
        } catch (NetlinkException e) {
            // What the request itself was answered says more than that the family is gone.
            LOG.debug("the look-up after ENOENT failed", e);
        }
        return number != known;
    }

    private static int lookUp(NetlinkClient client, GenericFamily family) {
        return client.query(new LookUp(family), GenericClient::familyNumber);
    }

    static int familyNumber(MessageReader message) {
        AttributeReader attributes = message.genericAttributes();
        while (attributes.next()) {
            if (attributes.type() == ControllerLayout.FAMILY_ID) {
                return attributes.u16();
            }
        }
        throw new MalformedReply("the controller's answer has no family id", 0, "CTRL_ATTR_FAMILY_ID");
    }

    private Request addressed(GenericRequest request, int known) {
        return new Addressed(request, family.name(), known, family.version());
    }

    /** A request together with the number of its family. */
    record Addressed(GenericRequest request, String family, int type, int version) implements Request {
        @Override
        public void write(MessageWriter out) {
            out.genericHeader(request.command(), version);
            request.write(out);
        }

        @Override
        public String describe() {
            return request.describe();
        }

        @Override
        public boolean isSatisfiedBy(Errno errno) {
            return request.isSatisfiedBy(errno);
        }

        @Override
        public String explain(Errno errno) {
            String explanation = request.explain(errno);
            return explanation.isEmpty() && errno.equals(Errno.EPERM)
                    ? "the process lacks CAP_NET_ADMIN, which this family wants in the initial user namespace;"
                            + " run it as root or grant that capability, outside of any user namespace"
                    : explanation;
        }
    }

    /** Asks the controller for a family. */
    record LookUp(GenericFamily family) implements Request {
        @Override
        public int type() {
            return ControllerLayout.FAMILY;
        }

        @Override
        public void write(MessageWriter out) {
            out.genericHeader(ControllerLayout.GET_FAMILY, ControllerLayout.VERSION)
                    .string(ControllerLayout.FAMILY_NAME, family.name());
        }

        @Override
        public String describe() {
            return "look up generic-netlink family " + family.name();
        }

        @Override
        public String explain(Errno errno) {
            return errno.equals(Errno.ENOENT) ? family.remedy() : "";
        }
    }
}
