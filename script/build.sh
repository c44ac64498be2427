# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# What script/test and script/demo share: finding Java and Maven on a machine on which nothing else was prepared.

# The oldest Maven that the build takes.
build_oldest_maven=3.6.3

build_say() { printf '%s\n' "$*" >&2; }

# Fails unless there is a JDK (a compiler, that is) of version 17 or newer: JAVA_HOME's, else the path's. Sets build_jdk.
build_require_jdk() {
    local compiler=javac
    [[ -z ${JAVA_HOME:-} ]] || compiler=$JAVA_HOME/bin/javac
    command -v "$compiler" >/dev/null || {
        build_say "no JDK: $compiler is not there. Install JDK 17 or newer (Debian: openjdk-17-jdk-headless), or set JAVA_HOME."
        return 1
    }
    build_jdk=$("$compiler" -version 2>&1 | sed -E 's/^javac ([0-9]+).*/\1/')
    ((build_jdk >= 17)) || {
        build_say "$compiler is of version $build_jdk; JDK 17 or newer is needed. Set JAVA_HOME to one."
        return 1
    }
}

# Sets the array maven to the command that runs it: an installed one that is new enough, else the wrapper, which fetches one.
build_find_maven() {
    local installed
    installed=$(mvn --version 2>/dev/null | sed -nE 's/^[^A-Za-z]*Apache Maven ([0-9.]+).*/\1/p') || true
    if [[ $installed && $(printf '%s\n' "$build_oldest_maven" "$installed" | sort -V | head -n 1) == "$build_oldest_maven" ]]; then
        maven=(mvn)
    else
        maven=("$build_root/mvnw")
    fi
    maven+=(--batch-mode --no-transfer-progress)
}

# Prints the java command that belongs to the JDK of build_require_jdk.
build_java() {
    if [[ ${JAVA_HOME:-} ]]; then echo "$JAVA_HOME/bin/java"; else command -v java; fi
}

build_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
