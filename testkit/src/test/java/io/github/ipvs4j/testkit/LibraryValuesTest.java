// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.ipset.IpSet;
import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.IpvsadmScript;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.netlink.NetlinkClient;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** There is a generator for every value of the library, and what it makes is accepted. */
class LibraryValuesTest {
    /** What only the kernel or a client makes: their parts cannot be made by others, or have no meaning alone. */
    private static final Set<String> RESULTS = Set.of(
            "Applied",
            "Applied$Failure",
            "AppliedSetPlan",
            "ConntrackClient$Deletion",
            "ConntrackEvent$Ended",
            "ObservedSet",
            "Outcome$AlreadySo",
            "Outcome$Done",
            "Outcome$Rejected",
            "Outcome$Unknown",
            "Preflight",
            "Preflight$Finding",
            "RouteEvent$Ended");

    static Set<Class<?>> types() {
        return LibraryValues.types();
    }

    @ParameterizedTest
    @MethodSource("types")
    void makesValuesOfEveryType(Class<?> type) {
        Arbitrary<?> generator = LibraryValues.of(type);
        assertThat(generator.sampleStream().limit(20)).allMatch(type::isInstance);
    }

    @Test
    void leavesNoRecordOfTheLibraryOut() throws IOException, URISyntaxException {
        Set<String> missing = new TreeSet<>();
        for (Class<?> member : List.of(NetlinkClient.class, IpvsClient.class, IpsetClient.class)) {
            for (Class<?> type : publicRecords(member)) {
                String name = type.getName().substring(type.getPackageName().length() + 1);
                if (!LibraryValues.types().contains(type) && !RESULTS.contains(name)) {
                    missing.add(name);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static List<Class<?>> publicRecords(Class<?> member) throws IOException, URISyntaxException {
        URI place = member.getProtectionDomain().getCodeSource().getLocation().toURI();
        Path path = Path.of(place);
        if (Files.isDirectory(path)) {
            return publicRecords(path, member);
        }
        try (FileSystem jar = FileSystems.newFileSystem(path, Map.of())) {
            return publicRecords(jar.getPath("/"), member);
        }
    }

    private static List<Class<?>> publicRecords(Path root, Class<?> member) throws IOException {
        String packageName = member.getPackageName();
        Set<String> names;
        try (Stream<Path> files = Files.list(root.resolve(packageName.replace('.', '/')))) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class"))
                    .map(file -> packageName + "." + file.substring(0, file.length() - ".class".length()))
                    .collect(Collectors.toSet());
        }
        List<Class<?>> records = new ArrayList<>();
        for (String name : names) {
            Class<?> type = load(name, member.getClassLoader());
            if (type.isRecord() && isPublic(type)) {
                records.add(type);
            }
        }
        return records;
    }

    private static Class<?> load(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    @Test
    void saysWhichTypesItKnows() {
        assertThatThrownBy(() -> LibraryValues.of(String.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no generator for java.lang.String");
    }

    /** jqwik finds the generators by itself. */
    @Property(tries = 50)
    void statesSurviveTheLanguageOfIpvsadm(@ForAll IpvsState state, @ForAll Plan plan, @ForAll IpSet set) {
        String script = IpvsadmScript.save(state);
        assertThat(IpvsadmScript.save(IpvsadmScript.parse(script))).isEqualTo(script);
        assertThat(plan.inverse().isEmpty()).isEqualTo(plan.isEmpty());
        assertThat(set.members()).hasSameSizeAs(set.entries());
    }
}
