// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.it.Java;
import io.github.ipvs4j.it.lab.CommandResult;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.Place;
import org.junit.jupiter.api.Test;

/** What a large set costs in memory does not grow with the set. */
@LabTest
class MillionEntriesTest {
    /** A million entries as values take more than that. */
    private static final int MEGABYTES = 64;

    @Test
    void loadsAndStreamsAMillionEntriesInASmallHeap() {
        CommandResult result = Place.HERE.attempt(Java.smallProgram(MEGABYTES, MillionEntries.class.getName()));

        assertThat(result.succeeded()).as(result.errors()).isTrue();
        assertThat(result.output()).contains("1000000 added, 0 refused, 1000000 listed");
    }
}
