// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Words that start Java programs of this repository in a process of their own. */
public final class Java {
    private static final int NATIVE_ACCESS_FLAG = 22;

    private Java() {}

    /** The program of the README, started from its source, with words before it such as {@code setpriv …}. */
    static String[] example(String... before) {
        return words(before, Repository.EXAMPLE.toString());
    }

    /** A program of these tests' class path, by the name of its class, with arguments. */
    static String[] program(String... classAndArguments) {
        return words(new String[0], classAndArguments);
    }

    /** The same with a heap of so many megabytes at most, and its temporary files where the lab lets it write. */
    public static String[] smallProgram(int megabytes, String... classAndArguments) {
        List<String> flags = new ArrayList<>(List.of(
                "-Xmx" + megabytes + "m",
                "-Djava.io.tmpdir=/tmp",
                "-Djna.tmpdir=/tmp",
                "-Dio.netty.native.workdir=/tmp"));
        flags.addAll(List.of(classAndArguments));
        return words(new String[0], flags.toArray(String[]::new));
    }

    private static String[] words(String[] before, String... after) {
        List<String> words = new ArrayList<>(List.of(before));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= NATIVE_ACCESS_FLAG) {
            words.add("--enable-native-access=ALL-UNNAMED");
        }
        words.addAll(
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        words.addAll(List.of(after));
        return words.toArray(String[]::new);
    }

    /** The proxy, over an empty or given folder, with words before it. */
    static String[] proxy(Path manifests, String... before) {
        List<String> words = new ArrayList<>(List.of(before));
        words.addAll(List.of(
                Repository.ROOT.resolve("bin/kube-proxy").toString(),
                "--manifests",
                manifests.toString(),
                "--hostname-override",
                "node-a",
                "--once"));
        return words.toArray(String[]::new);
    }

    /** The proxy with any arguments. */
    public static String[] kubeProxy(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(Repository.ROOT.resolve("bin/kube-proxy").toString());
        words.addAll(List.of(arguments));
        return words.toArray(String[]::new);
    }
}
