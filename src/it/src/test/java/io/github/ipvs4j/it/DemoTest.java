// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.it.demo.Demo;
import io.github.ipvs4j.it.lab.CommandResult;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.NeedsIptables;
import io.github.ipvs4j.it.lab.Place;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code script/demo} shows holds; the demonstration checks itself. */
@LabTest
@NeedsIptables
class DemoTest {
    @Test
    void everythingIsAsItShouldBe(@TempDir Path manifests) {
        CommandResult demo = Place.HERE.attempt(
                Java.program(Demo.class.getName(), Repository.ROOT.toString(), manifests.toString()));

        assertThat(demo.succeeded()).as(demo.output() + demo.errors()).isTrue();
        assertThat(demo.output()).contains("0 lost").endsWith("Everything was as it should be.\n");
    }
}
