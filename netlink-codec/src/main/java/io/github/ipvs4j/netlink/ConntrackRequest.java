// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.github.ipvs4j.netlink.ConntrackEntry.Zone;

/**
 * What is asked of the connection table.
 *
 * <p>There is no request to delete by a filter on purpose: a mask without its value, or an IPv6 address in a filter,
 * makes the kernel delete the whole table or everything but the match, and answer with success
 * ({@code ctnetlink_flush_conntrack}).
 */
sealed interface ConntrackRequest extends Request {
    @Override
    default String explain(Errno errno) {
        if (errno.equals(Errno.EINVAL)) {
            // The requests are complete, so only a subsystem that is not there is left as the reason.
            return "the kernel's ctnetlink is not available; load it with 'modprobe nf_conntrack_netlink', or use a"
                    + " kernel that has it";
        }
        return errno.equals(Errno.EOPNOTSUPP) ? "this kernel was built without conntrack zones" : "";
    }

    private static String place(Zone zone) {
        return zone.equals(Zone.DEFAULT) ? "" : " in zone " + zone.id();
    }

    /** Lists entries. */
    record List(ConntrackFilter filter) implements ConntrackRequest {
        @Override
        public int type() {
            return ConntrackLayout.GET;
        }

        @Override
        public void write(MessageWriter out) {
            ConntrackCodec.header(out, filter.family().map(IpFamily::number).orElse(0));
            if (filter.mask() != 0) {
                out.u32be(ConntrackLayout.MARK, filter.mark()).u32be(ConntrackLayout.MARK_MASK, filter.mask());
            }
        }

        @Override
        public String describe() {
            return "list conntrack entries (" + filter + ")";
        }
    }

    /** Looks one entry up by either of its tuples: the kernel does not tell them apart here. */
    record Get(ConntrackTuple tuple, Zone zone) implements ConntrackRequest {
        @Override
        public int type() {
            return ConntrackLayout.GET;
        }

        @Override
        public void write(MessageWriter out) {
            ConntrackCodec.header(out, tuple.family().number());
            ConntrackCodec.key(out, tuple, zone, 0);
        }

        @Override
        public String describe() {
            return "look up conntrack entry " + tuple + place(zone);
        }
    }

    /** Deletes one entry; the number, where it is not 0, spares a later entry of the same tuple. */
    record Delete(ConntrackTuple original, Zone zone, int id) implements ConntrackRequest {
        @Override
        public int type() {
            return ConntrackLayout.DELETE;
        }

        @Override
        public void write(MessageWriter out) {
            ConntrackCodec.header(out, original.family().number());
            ConntrackCodec.key(out, original, zone, id);
        }

        @Override
        public String describe() {
            return "delete conntrack entry " + original + place(zone);
        }

        @Override
        public boolean isSatisfiedBy(Errno errno) {
            return errno.equals(Errno.ENOENT);
        }
    }

    /** Deletes all entries of the network namespace. */
    record Flush() implements ConntrackRequest {
        @Override
        public int type() {
            return ConntrackLayout.DELETE;
        }

        @Override
        public void write(MessageWriter out) {
            ConntrackCodec.header(out, 0);
        }

        @Override
        public String describe() {
            return "delete all conntrack entries";
        }
    }

    /** Adds an entry. */
    record Add(ConntrackEntry entry) implements ConntrackRequest {
        @Override
        public int type() {
            return ConntrackLayout.NEW;
        }

        @Override
        public int flags() {
            return MessageFlags.CREATE | MessageFlags.EXCLUSIVE;
        }

        @Override
        public void write(MessageWriter out) {
            ConntrackCodec.header(out, entry.original().family().number());
            ConntrackCodec.entry(out, entry);
        }

        @Override
        public String describe() {
            return "add conntrack entry " + entry.original() + place(entry.zone());
        }

        @Override
        public String explain(Errno errno) {
            return errno.equals(Errno.EINVAL) ? "" : ConntrackRequest.super.explain(errno);
        }
    }
}
