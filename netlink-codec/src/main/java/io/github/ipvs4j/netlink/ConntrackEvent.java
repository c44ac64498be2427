// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/** Something happened in the connection table, or to the news about it. */
public sealed interface ConntrackEvent {
    /** What happens to an entry. Each kind is a multicast group of its own. */
    enum Kind {
        /** It was made; a translated connection comes with its translation. */
        CREATED(ConntrackLayout.GROUP_NEW),

        /** Its state, mark or the like changed. */
        UPDATED(ConntrackLayout.GROUP_UPDATE),

        /** It was deleted or timed out. */
        DESTROYED(ConntrackLayout.GROUP_DESTROY);

        private final int group;

        Kind(int group) {
            this.group = group;
        }

        int group() {
            return group;
        }
    }

    /**
     * An entry changed.
     *
     * @param kind how
     * @param entry as it was then; an entry that was destroyed has no time-out and may lack its mark
     */
    record Changed(Kind kind, ConntrackEntry entry) implements ConntrackEvent {}

    /** Events came faster than they were taken and some are lost: read the table again. */
    record Lost() implements ConntrackEvent {}

    /**
     * The subscription has ended because of a failure; nothing follows.
     *
     * @param why the reason
     */
    record Ended(NetlinkException why) implements ConntrackEvent {}
}
