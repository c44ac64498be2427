// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The kernel answered a request with an error; nothing of that request was carried out unless its family says so. */
public final class KernelRejected extends NetlinkException {
    private static final long serialVersionUID = 1L;

    /** What the kernel answered. */
    private final Errno errno;

    /** The text of the extended acknowledgement. */
    private final @Nullable String kernelMessage;

    /** The names that lead to the offending attribute. */
    private final @Nullable String attributePath;

    /** Which part of the request it is about, -1 if that is not known. */
    private final int part;

    /**
     * Makes a rejection.
     *
     * @param request what was asked, in words
     * @param errno what the kernel answered
     * @param kernelMessage the text of the extended acknowledgement, if there was one
     * @param remedy what the error means here and what to do, empty where nothing is known beyond the errno's meaning
     */
    public KernelRejected(String request, Errno errno, Optional<String> kernelMessage, String remedy) {
        this(request, errno, new Complaint(kernelMessage.orElse(null), null, false, "", -1), remedy);
    }

    KernelRejected(String request, Errno errno, Complaint complaint, String remedy) {
        super(describe(request, errno, complaint, remedy), null);
        this.errno = errno;
        this.kernelMessage = complaint.text();
        this.attributePath = complaint.attribute();
        this.part = complaint.part();
    }

    private static String describe(String request, Errno errno, Complaint complaint, String remedy) {
        return request + ": " + errno.name() + ": " + (remedy.isEmpty() ? errno.meaning() : remedy) + complaint.words();
    }

    /**
     * Returns what the kernel answered.
     *
     * @return the error number, never 0
     */
    public Errno errno() {
        return errno;
    }

    /**
     * Returns the text of the kernel's extended acknowledgement.
     *
     * @return empty if it sent none
     */
    public Optional<String> kernelMessage() {
        return Optional.ofNullable(kernelMessage);
    }

    /**
     * Returns the attribute of the request that the kernel objects to, or that it misses there.
     *
     * @return the kernel's names of the nests that lead to it and its own, for example
     *     {@code IPVS_CMD_ATTR_DAEMON/IPVS_DAEMON_ATTR_MCAST_IFN}, with numbers where a family is not known here; empty
     *     if the kernel named none
     */
    public Optional<String> attributePath() {
        return Optional.ofNullable(attributePath);
    }

    /**
     * Returns which part of a request of many parts the kernel refused; see {@link Request#refusedPart}. What became of
     * the others is for the request's family to say.
     *
     * @return the number of the part as the request counts them, empty if the kernel did not tell
     */
    public OptionalInt part() {
        return part < 0 ? OptionalInt.empty() : OptionalInt.of(part);
    }
}
