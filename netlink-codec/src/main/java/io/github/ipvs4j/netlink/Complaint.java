// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says beyond the error number: in its extended acknowledgement, and in the request that it sends back.
 *
 * @param text the kernel's own words
 * @param attribute names that lead to the offending attribute
 * @param missing whether that attribute should have been there and was not
 * @param expectation in words what it should have looked like, empty if the kernel does not say
 * @param part which part of the request is refused, -1 if the kernel does not say
 */
record Complaint(@Nullable String text, @Nullable String attribute, boolean missing, String expectation, int part) {
    /** A kernel that says nothing but the number. */
    static final Complaint NONE = new Complaint(null, null, false, "", -1);

    /** Reads the complaint about a request out of an NLMSG_ERROR or NLMSG_DONE message. */
    static Complaint about(NetlinkProtocol protocol, Request request, MessageReader message) {
        String text = null;
        String expectation = "";
        int offset = -1;
        int missingType = -1;
        int missingNest = -1;
        AttributeReader attributes = Reply.extendedAck(message);
        while (attributes.next()) {
            switch (attributes.type()) {
                case ExtendedAckAttributes.MESSAGE -> text = attributes.string();
                case ExtendedAckAttributes.OFFSET -> offset = attributes.u32();
                case ExtendedAckAttributes.POLICY ->
                    expectation = AttributePolicy.read(attributes).toString();
                case ExtendedAckAttributes.MISSING_TYPE -> missingType = attributes.u32();
                case ExtendedAckAttributes.MISSING_NEST -> missingNest = attributes.u32();
                default -> {
                    // A cookie, or what newer kernels say.
                }
            }
        }
        String attribute = null;
        if (missingType >= 0) {
            attribute = AttributePath.in(protocol, request).missing(missingType, missingNest);
        } else if (offset >= 0) {
            attribute = AttributePath.in(protocol, request).at(offset);
        }
        return new Complaint(text, attribute, missingType >= 0, expectation, refusedPart(request, message));
    }

    private static int refusedPart(Request request, MessageReader message) {
        return message.type() == NetlinkHeader.TYPE_ERROR
                ? message.echo().map(request::refusedPart).orElse(-1)
                : -1;
    }

    /** Returns the end of an error message, empty if the kernel said nothing. */
    String words() {
        List<String> parts = new ArrayList<>();
        if (text != null) {
            parts.add("the kernel says: " + text);
        }
        if (attribute != null) {
            parts.add((missing ? "missing attribute " : "attribute ") + attribute);
        }
        if (part >= 0) {
            parts.add("part " + part + " of the request");
        }
        if (!expectation.isEmpty()) {
            parts.add("expected " + expectation);
        }
        return parts.isEmpty() ? "" : " (" + String.join("; ", parts) + ")";
    }
}
