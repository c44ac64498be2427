// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.time.Duration;

/** Whether the connections of one client stay with one endpoint. */
public sealed interface SessionAffinity {
    /**
     * Returns the affinity of a Service that has none.
     *
     * @return every connection is balanced by itself
     */
    static SessionAffinity none() {
        return None.INSTANCE;
    }

    /**
     * Returns affinity by the client's address.
     *
     * @param timeout how long a client is remembered after its last connection; Kubernetes' own default is three hours
     * @return the affinity
     */
    static SessionAffinity clientIp(Duration timeout) {
        return new ClientIp(timeout);
    }

    /** Every connection is balanced by itself. */
    enum None implements SessionAffinity {
        /** The only value. */
        INSTANCE
    }

    /**
     * Connections from one address stay together.
     *
     * @param timeout how long a client is remembered, whole seconds from one second to one day
     */
    record ClientIp(Duration timeout) implements SessionAffinity {
        private static final Duration LONGEST = Duration.ofDays(1);

        /** Checks the range that Kubernetes allows. */
        public ClientIp {
            if (timeout.toSeconds() < 1
                    || timeout.compareTo(LONGEST) > 0
                    || !timeout.equals(Duration.ofSeconds(timeout.toSeconds()))) {
                throw new IllegalArgumentException("session affinity timeout " + timeout
                        + ": expected whole seconds, 1 to " + LONGEST.toSeconds());
            }
        }
    }
}
