// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs the start script with things that look like Java. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class StartScriptTest {
    private static final Path SCRIPT = Path.of("src", "main", "dist", "bin", "kube-proxy");

    @TempDir
    private Path root;

    private Path script;

    @BeforeEach
    void install() throws IOException {
        Path bin = Files.createDirectories(root.resolve("home with space/bin"));
        script = Files.copy(SCRIPT, bin.resolve("kube-proxy"));
        script.toFile().setExecutable(true);
    }

    @Test
    void startsTheProgramWithItsArguments() throws Exception {
        Path java = java("17.0.15", true);

        assertThat(run(java))
                .isEqualTo("0 -XX:+UseSerialGC -Xms32m -Xmn10m -XX:+AlwaysPreTouch -XX:TieredStopAtLevel=1"
                        + " -XX:CICompilerCount=1 -XX:CompileThresholdScaling=4 -XX:+ExitOnOutOfMemoryError"
                        + " -XX:-UsePerfData -Dx=1 -Dy=2 -cp " + root.toRealPath()
                        + "/home with space/lib/* io.github.ipvs4j.kubeproxy.KubeProxy --manifests a b");
    }

    @Test
    void tellsNewerJavaThatNativeCodeIsMeant() throws Exception {
        assertThat(run(java("25", true))).startsWith("0 --enable-native-access=ALL-UNNAMED -X");
    }

    @Test
    void makesAnArchiveOfClassesAndUsesTheOneThatIsThere() throws Exception {
        String quiet = "0 -Xlog:disable -Xlog:all=error:stderr -Xshare:auto ";
        Path archive = root.resolve("classes.jsa");
        Map<String, String> older =
                Map.of("JAVA_HOME", java("17.0.15", true).toString(), "KUBE_PROXY_CLASS_ARCHIVE", archive.toString());
        assertThat(run(older)).startsWith(quiet + "-XX:ArchiveClassesAtExit=" + archive + " -XX:+UseSerialGC");

        Files.writeString(archive, "classes");

        assertThat(run(older)).startsWith(quiet + "-XX:SharedArchiveFile=" + archive + " -XX:+UseSerialGC");
        java("21", true);
        assertThat(run(older))
                .startsWith(
                        quiet + "-XX:SharedArchiveFile=" + archive + " -XX:+AutoCreateSharedArchive -XX:+UseSerialGC");
    }

    @Test
    void hasNewerJavaKeepTheLinksBetweenClassesAndWhatWasCompiled() throws Exception {
        String quiet = "0 --enable-native-access=ALL-UNNAMED -Xlog:disable -Xlog:all=error:stderr ";
        Path cache = root.resolve("classes.aot");
        Map<String, String> newer =
                Map.of("JAVA_HOME", java("25.0.1", true).toString(), "KUBE_PROXY_CLASS_ARCHIVE", cache.toString());
        assertThat(run(newer)).startsWith(quiet + "-XX:AOTCacheOutput=" + cache + " -XX:+UseSerialGC");

        Files.writeString(cache, "classes");

        assertThat(run(newer))
                .startsWith(quiet + "-XX:+UnlockExperimentalVMOptions -XX:+AOTCompileEagerly -XX:AOTCache=" + cache
                        + " -XX:+UseSerialGC");
        java("26", true);
        assertThat(run(newer)).startsWith(quiet + "-XX:AOTCache=" + cache + " -XX:+UseSerialGC");
    }

    @Test
    void asksAJavaThatHasNoReleaseFile() throws Exception {
        assertThat(run(java("21.0.2", false))).startsWith("0 -XX:");
    }

    @Test
    void refusesAnOldJava() throws Exception {
        Path java = java("1.8.0_392", true);

        assertThat(run(java))
                .isEqualTo("14 kube-proxy: " + java
                        + "/bin/java is version 1.8.0_392; install 17 or newer, or set JAVA_HOME" + " to one");
    }

    @Test
    void refusesAJavaHomeWithoutJava() throws Exception {
        assertThat(run(root))
                .isEqualTo("14 kube-proxy: JAVA_HOME is " + root
                        + ", and there is no bin/java in it; set it to a Java 17 or" + " newer");
    }

    @Test
    void saysWhereToGetJavaIfThereIsNone() throws Exception {
        Path tools = Files.createDirectory(root.resolve("tools"));
        for (String tool : new String[] {"readlink", "dirname", "sed"}) {
            Path wrapper = Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n");
            Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        assertThat(run(Map.of("PATH", tools.toString())))
                .isEqualTo(
                        "14 kube-proxy: no Java found; install version 17 or newer (Debian: openjdk-17-jre-headless),"
                                + " or set JAVA_HOME");
    }

    /** Makes something that looks like a Java and prints what it is called with. */
    private Path java(String version, boolean releaseFile) throws IOException {
        Path home = Files.createDirectories(root.resolve("jdk/bin")).getParent();
        if (releaseFile) {
            Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        }
        Path java = Files.writeString(
                home.resolve("bin/java"),
                "#!/bin/sh\n[ \"$1\" != -version ] || { echo 'openjdk version \"" + version + "\" 2024' >&2; exit; }\n"
                        + "echo \"$*\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private String run(Path javaHome) throws Exception {
        return run(Map.of("JAVA_HOME", javaHome.toString(), "KUBE_PROXY_JAVA_OPTS", "-Dx=1 -Dy=2"));
    }

    private String run(Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "--manifests", "a b").redirectErrorStream(true);
        builder.environment().remove("JAVA_HOME");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + output.strip();
    }
}
