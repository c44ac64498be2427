// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.nio.charset.StandardCharsets;

/** What is asked about network interfaces. */
sealed interface LinkRequest extends Request {
    /** The kind of interface that this library creates. */
    String KIND_DUMMY = "dummy";

    /** Looks one up by name. */
    record Get(String name) implements LinkRequest {
        @Override
        public int type() {
            return RouteLayout.GET_LINK;
        }

        @Override
        public void write(MessageWriter out) {
            RouteLayout.linkHeader(out, 0);
            out.u32(RouteLayout.LINK_EXT_MASK, RouteLayout.LINK_WANTED).string(RouteLayout.LINK_NAME, name);
        }

        @Override
        public String describe() {
            return "look up interface " + name;
        }
    }

    /** Lists all. */
    record List() implements LinkRequest {
        @Override
        public int type() {
            return RouteLayout.GET_LINK;
        }

        @Override
        public void write(MessageWriter out) {
            RouteLayout.linkHeader(out, 0);
            out.u32(RouteLayout.LINK_EXT_MASK, RouteLayout.LINK_WANTED);
        }

        @Override
        public String describe() {
            return "list interfaces";
        }
    }

    /** Creates a dummy; exclusively, for otherwise an interface of another kind would be changed in silence. */
    record AddDummy(String name) implements LinkRequest {
        @Override
        public int type() {
            return RouteLayout.NEW_LINK;
        }

        @Override
        public int flags() {
            return MessageFlags.CREATE | MessageFlags.EXCLUSIVE;
        }

        @Override
        public void write(MessageWriter out) {
            RouteLayout.linkHeader(out, 0);
            out.string(RouteLayout.LINK_NAME, name);
            // Without the flag for nests, and the kind without a NUL, as iproute2 writes it; the kernel takes both.
            int info = out.beginUnflaggedNest(RouteLayout.LINK_INFO);
            out.bytes(RouteLayout.LINK_INFO_KIND, KIND_DUMMY.getBytes(StandardCharsets.US_ASCII));
            out.endNested(info);
        }

        @Override
        public String describe() {
            return "add dummy interface " + name;
        }

        @Override
        public String explain(Errno errno) {
            return errno.equals(Errno.EOPNOTSUPP)
                    ? "the kernel has no dummy interfaces; load the module with 'modprobe dummy'"
                    : "";
        }
    }

    /** Switches one on or off; it is named by its number and never created. */
    record Switch(Link link, boolean up) implements LinkRequest {
        @Override
        public int type() {
            return RouteLayout.SET_LINK;
        }

        @Override
        public void write(MessageWriter out) {
            RouteLayout.linkHeader(out, link.index(), up ? RouteLayout.LINK_UP : 0, RouteLayout.LINK_UP);
        }

        @Override
        public String describe() {
            return "switch interface " + link.name() + (up ? " on" : " off");
        }
    }

    /** Deletes one. */
    record Delete(Link link) implements LinkRequest {
        @Override
        public int type() {
            return RouteLayout.DELETE_LINK;
        }

        @Override
        public void write(MessageWriter out) {
            RouteLayout.linkHeader(out, link.index());
        }

        @Override
        public String describe() {
            return "delete interface " + link.name();
        }
    }
}
