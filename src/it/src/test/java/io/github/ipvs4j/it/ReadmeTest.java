// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    @Test
    void showsTheProgramThatIsCompiledAndRun() throws IOException {
        String readme = Files.readString(Repository.ROOT.resolve("README.md"));

        assertThat(readme).contains("```java\n" + Files.readString(Repository.EXAMPLE) + "```\n");
    }

    @Test
    void showsTheTestThatAnotherProjectRuns() throws IOException {
        String readme = Files.readString(Repository.ROOT.resolve("README.md"));
        String test = Files.readString(
                Repository.ROOT.resolve("src/it/consumers/controller-test/src/test/java/ControllerTest.java"));

        assertThat(readme).contains("```java\n" + test.substring(test.indexOf("@ExtendWith")) + "```\n");
    }
}
