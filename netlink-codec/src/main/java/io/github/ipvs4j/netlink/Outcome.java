// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.Optional;

/** What became of one request of a batch. */
public sealed interface Outcome {
    /** The kernel carried the request out. */
    Outcome DONE = new Done();

    /** The state was already the wanted one. */
    Outcome ALREADY_SO = new AlreadySo();

    /**
     * Tells whether the state is now the wanted one.
     *
     * @return true for {@link Done} and {@link AlreadySo}
     */
    boolean succeeded();

    /**
     * Returns why the state may not be the wanted one.
     *
     * @return what the kernel said, or why nothing is known; nothing where it {@link #succeeded}
     */
    Optional<NetlinkException> failure();

    /** The kernel carried the request out. */
    record Done() implements Outcome {
        @Override
        public boolean succeeded() {
            return true;
        }

        @Override
        public Optional<NetlinkException> failure() {
            return Optional.empty();
        }
    }

    /** The kernel refused because the state was already the wanted one. */
    record AlreadySo() implements Outcome {
        @Override
        public boolean succeeded() {
            return true;
        }

        @Override
        public Optional<NetlinkException> failure() {
            return Optional.empty();
        }
    }

    /**
     * The kernel refused; nothing of the request was carried out.
     *
     * @param why the kernel's answer, with the request in words
     */
    record Rejected(KernelRejected why) implements Outcome {
        @Override
        public boolean succeeded() {
            return false;
        }

        @Override
        public Optional<NetlinkException> failure() {
            return Optional.of(why);
        }
    }

    /**
     * It is not known whether the request was carried out: its answer was lost, or it was never sent.
     *
     * @param why the reason, with the request in words
     */
    record Unknown(NetlinkException why) implements Outcome {
        @Override
        public boolean succeeded() {
            return false;
        }

        @Override
        public Optional<NetlinkException> failure() {
            return Optional.of(why);
        }
    }
}
