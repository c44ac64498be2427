// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.Place;
import org.junit.jupiter.api.Test;

@LabTest
class ExampleTest {
    @Test
    void programOfTheReadmePrintsItsPlanAndUndoesTheBadChange() {
        String output = Place.HERE.run(Java.example());

        assertThat(output).startsWith("""
                        -A -t 10.96.0.10:80 -s wrr
                        -a -t 10.96.0.10:80 -r 10.1.0.1:8080 -m -w 1
                        -a -t 10.96.0.10:80 -r 10.1.0.2:8080 -m -w 3
                        """).contains("224.0.0.1");
        assertThat(Place.HERE.run("ipvsadm", "-Sn").lines())
                .containsExactlyInAnyOrder(
                        "-A -t 10.96.0.10:80 -s wrr",
                        "-a -t 10.96.0.10:80 -r 10.1.0.1:8080 -m -w 1",
                        "-a -t 10.96.0.10:80 -r 10.1.0.2:8080 -m -w 3");
    }
}
