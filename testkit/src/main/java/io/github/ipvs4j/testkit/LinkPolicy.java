// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.testkit.AttributePolicy.Kind;

/** What rtnetlink says of the attributes of links that the simulation reads; see {@code ifla_policy}. */
final class LinkPolicy {
    static final AttributePolicy LINK = AttributePolicy.upTo(RouteNumbers.IFLA_MAX)
            .withLimited(Kind.STRING, RouteNumbers.MAX_NAME, RouteNumbers.IFLA_NAME)
            .withLimited(Kind.STRING, RouteNumbers.MAX_ALT_NAME, RouteNumbers.IFLA_ALT_NAME)
            .with(Kind.NESTED, RouteNumbers.IFLA_INFO)
            .with(Kind.U32, RouteNumbers.IFLA_EXT_MASK, RouteNumbers.IFLA_MTU);

    static final AttributePolicy INFO =
            AttributePolicy.upTo(RouteNumbers.INFO_MAX).with(Kind.STRING, RouteNumbers.INFO_KIND);

    private LinkPolicy() {}

    /** Returns the kind that a request names, or an empty string. */
    static String kind(Attributes attributes) {
        if (!attributes.has(RouteNumbers.IFLA_INFO)) {
            return "";
        }
        Attributes info = attributes.nested(RouteNumbers.IFLA_INFO, INFO);
        return info.has(RouteNumbers.INFO_KIND) ? info.string(RouteNumbers.INFO_KIND) : "";
    }
}
