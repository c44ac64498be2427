// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.kubeproxy.KubeProxy;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.reconciler.Reconciler;
import io.github.ipvs4j.testkit.SimulatedKernel;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The storeys of the house: every module leans only on the ones below it. */
class ArchitectureTest {
    private static final String ROOT = "io.github.ipvs4j.";

    private static JavaClasses house;

    @BeforeAll
    static void readClasses() {
        house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(
                        ROOT + "netlink",
                        ROOT + "ipvs",
                        ROOT + "ipset",
                        ROOT + "reconciler",
                        ROOT + "kubeproxy",
                        ROOT + "testkit");
    }

    static Stream<Arguments> modules() {
        return Stream.of(
                Arguments.of(NetlinkClient.class, Set.of()),
                Arguments.of(IpvsClient.class, Set.of("netlink")),
                Arguments.of(IpsetClient.class, Set.of("netlink")),
                Arguments.of(Reconciler.class, Set.of("netlink", "ipvs", "ipset")),
                Arguments.of(KubeProxy.class, Set.of("netlink", "reconciler")),
                Arguments.of(SimulatedKernel.class, Set.of("netlink")));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void moduleRequiresWhatStandsBelowItAndExportsOnePackage(Class<?> member, Set<String> below)
            throws URISyntaxException {
        ModuleDescriptor module = descriptor(member);

        assertThat(module.name()).isEqualTo(member.getPackageName());
        assertThat(module.requires().stream()
                        .map(Requires::name)
                        .filter(name -> name.startsWith(ROOT))
                        .map(name -> name.substring(ROOT.length())))
                .isSubsetOf(allowed(member, below));
        assertThat(module.exports().stream()
                        .filter(export -> !export.isQualified())
                        .map(Exports::source)
                        .collect(Collectors.toSet()))
                .containsExactly(member.getPackageName());
    }

    /** The kube-proxy may name the values of the cores, which the reconciler's own interface is made of. */
    private static Set<String> allowed(Class<?> member, Set<String> below) {
        return member == KubeProxy.class || member == SimulatedKernel.class
                ? Stream.concat(below.stream(), Stream.of("ipvs", "ipset")).collect(Collectors.toSet())
                : below;
    }

    private static ModuleDescriptor descriptor(Class<?> member) throws URISyntaxException {
        Path location = Path.of(
                member.getProtectionDomain().getCodeSource().getLocation().toURI());
        return ModuleFinder.of(location).findAll().iterator().next().descriptor();
    }

    @Test
    void storeysPointDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("kube-proxy")
                .definedBy(ROOT + "kubeproxy..")
                .layer("service-reconciler")
                .definedBy(ROOT + "reconciler..")
                .layer("ipvs-core")
                .definedBy(ROOT + "ipvs..")
                .layer("ipset-core")
                .definedBy(ROOT + "ipset..")
                .layer("netlink-codec")
                .definedBy(ROOT + "netlink..")
                .layer("testkit")
                .definedBy(ROOT + "testkit..")
                .whereLayer("kube-proxy")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("testkit")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("service-reconciler")
                .mayOnlyBeAccessedByLayers("kube-proxy")
                .whereLayer("ipvs-core")
                .mayOnlyBeAccessedByLayers("service-reconciler", "kube-proxy", "testkit")
                .whereLayer("ipset-core")
                .mayOnlyBeAccessedByLayers("service-reconciler", "kube-proxy", "testkit")
                .check(house);
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("io.github.ipvs4j.(**)").should().beFreeOfCycles().check(house);
    }

    @Test
    void internalPackagesStayInside() {
        for (String module : Set.of("netlink", "ipvs", "ipset", "reconciler", "kubeproxy", "testkit")) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(ROOT + module + ".internal..")
                    .allowEmptyShould(true)
                    .check(house);
        }
    }

    @Test
    void writtenOutEqualityOfARecordLooksAtEveryComponent() {
        List<JavaClass> written = house.stream()
                .filter(JavaClass::isRecord)
                .filter(type -> !compared(type).isEmpty())
                .toList();

        assertThat(written)
                .isNotEmpty()
                .allSatisfy(type -> assertThat(compared(type))
                        .containsExactlyInAnyOrderElementsOf(type.getFields().stream()
                                .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                                .map(JavaField::getName)
                                .toList()));
    }

    /** Returns the own fields that the equality of a record reads; none if the JVM makes it. */
    private static Set<String> compared(JavaClass type) {
        return type.getMethod("equals", Object.class).getFieldAccesses().stream()
                .filter(access -> access.getTargetOwner().equals(type))
                .map(JavaAccess::getName)
                .collect(Collectors.toSet());
    }

    @Test
    void foreignCallsStandInOneClass() {
        classes()
                .that(resideInAPackage("com.sun.jna.."))
                .and()
                .doNotHaveSimpleName("LastErrorException")
                .should()
                .onlyHaveDependentClassesThat()
                .haveSimpleName("LibC")
                .allowEmptyShould(true)
                .check(house);
        noClasses()
                .that()
                .doNotHaveSimpleName("LibC")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("com.sun.jna.Native")
                .check(house);
    }

    @Test
    void codecDoesNoInputOrOutput() {
        noClasses()
                .that()
                .haveNameMatching(".*\\.netlink\\.(Message|Attribute)(Writer|Reader)")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(".*(Socket|Transport|Client|LibC|Logger)")
                .check(house);
    }

    @Test
    void coresKnowNoKubernetesAndNoCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "kubeproxy..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "org.snakeyaml..", "io.fabric8..")
                .check(house);
    }
}
