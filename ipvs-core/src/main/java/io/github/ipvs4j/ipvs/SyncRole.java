// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.Optional;

/** What a daemon does that shares connections with other directors. One of each may run at the same time. */
public enum SyncRole {
    /** Sends what this director knows, {@code IP_VS_STATE_MASTER}. */
    MASTER(1, "master"),

    /** Takes what another director sends, {@code IP_VS_STATE_BACKUP}. */
    BACKUP(2, "backup");

    private final int number;
    private final String text;

    SyncRole(int number, String text) {
        this.number = number;
        this.text = text;
    }

    int number() {
        return number;
    }

    /**
     * Returns the name that ipvsadm uses.
     *
     * @return {@code master} or {@code backup}
     */
    public String text() {
        return text;
    }

    static Optional<SyncRole> ofNumber(int number) {
        return switch (number) {
            case 1 -> Optional.of(MASTER);
            case 2 -> Optional.of(BACKUP);
            default -> Optional.empty();
        };
    }
}
