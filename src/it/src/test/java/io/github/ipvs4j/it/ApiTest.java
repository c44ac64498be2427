// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The public interface of each module is checked in: a review sees every change to it as a difference of text. */
class ApiTest {
    private static final int TWO_SCREENS = 120;

    @ParameterizedTest
    @CsvSource({
        "netlink-codec, netlink",
        "ipvs-core, ipvs",
        "ipset-core, ipset",
        "service-reconciler, reconciler",
        "testkit, testkit"
    })
    void publicInterfaceIsTheOneCheckedIn(String module, String packageName) throws IOException {
        String actual = ApiDump.of(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.github.ipvs4j." + packageName)
                        .stream()
                        .filter(ApiTest::isVisible)
                        .map(JavaClass::reflect));
        Path made = Repository.ROOT.resolve("src/it/target/api/" + module + ".api");
        Files.createDirectories(made.getParent());
        Files.writeString(made, actual);

        assertThat(actual)
                .as("public interface of %s; if the change is meant, copy %s to docs/api", module, made)
                .isEqualTo(Files.readString(Repository.ROOT.resolve("docs/api/" + module + ".api")));
    }

    @Test
    void interfaceOfTheGroundFloorFitsOnTwoScreens() throws IOException {
        assertThat(Files.readAllLines(Repository.ROOT.resolve("docs/api/netlink-codec.api")))
                .hasSizeLessThanOrEqualTo(TWO_SCREENS);
    }

    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ApiTest::isVisible).orElse(true);
    }
}
