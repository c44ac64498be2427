#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# Runs JUnit tests in the lab, in one boot; Maven calls this in the phase integration-test of the profile lab.
#
#   run-tests.sh JAVA CLASSPATH_FILE REPORTS_DIR [JUnit console arguments that select tests; default: all tagged lab]
#
# From the environment: LAB_OPTIONS (options of script/lab: "--kernel 7.2"), LAB_JAVA_FLAGS. The exit status is the
# JUnit console's: 1 when a test failed, 2 when none was found; or the lab's, see script/lab -h.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR
# shellcheck source=common.sh
source "$(dirname "$(readlink -f "$0")")/common.sh"
(($# >= 3)) || lab_die "usage: $0 JAVA CLASSPATH_FILE REPORTS_DIR [JUnit console arguments]"
java=$1 class_path=$(<"$2") reports=$3
shift 3

# The guest has one slow processor: compiling a little at once pays more there than compiling well.
read -ra flags <<<"${LAB_JAVA_FLAGS:--XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx768m}"
version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$(dirname "$java")/../release" 2>/dev/null || true)
# Tests start hundreds of programs; this halves what that costs here. Later JDKs warn of it, or know it no more.
((${version:-99} >= 25)) || flags+=(-Djdk.lang.Process.launchMechanism=VFORK)
((${version:-0} < 22)) || flags+=(--enable-native-access=ALL-UNNAMED)

# A machine that is busy with other things as well must not fail for that; alone, the tests need a fifth of it.
options=(--timeout 4500)
IFS=: read -ra entries <<<"$class_path"
for entry in "${entries[@]}" "$java"; do
    options+=(--see "$entry")
done
(($#)) || set -- --scan-class-path "$lab_target/test-classes"
# What is not for this kernel is left out by name, and said, so that nothing counts as skipped.
without=()
# Debian's user-mode kernels have lost the tables of iptables after 6.12.
[[ " ${LAB_OPTIONS:-} " != *' 7.2 '* ]] || without+=(iptables)
for tag in "${without[@]}"; do
    lab_say "tests tagged $tag are left out on this kernel"
    set -- --exclude-tag "$tag" "$@"
done

mkdir -p "$reports"
rm -f "$reports"/TEST-j{unit-jupiter,unit-platform-suite,qwik}.xml
# The last arguments of LAB_OPTIONS count, so that they may change what is set here.
read -ra more <<<"${LAB_OPTIONS:-}"
exec "$lab_repository/script/lab" --caller $PPID --out "$reports" "${options[@]}" "${more[@]}" \
    "$java" "${flags[@]}" -cp "$class_path" -Djava.io.tmpdir=/tmp -Djna.tmpdir=/tmp -Dio.netty.native.workdir=/tmp \
    -Djqwik.database=/tmp/jqwik.database -Djqwik.reporting.onlyfailures=true \
    org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors --fail-if-no-tests \
    --details=testfeed --reports-dir "$reports" --include-tag lab "$@"
