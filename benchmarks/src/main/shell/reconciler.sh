#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# Measures a reconciler in the kernel it runs in, and prints lines of JSON: the first names the kernel and the JDK, the
# second is what a first process does, the third the restart of another one that finds its state. script/bench
# reconciler starts it in the lab, with a boot for each size, because what is deleted lingers in the kernel.
#
#   reconciler.sh JAVA JAR SERVICES [OPTIONS OF ReconcilerLoad]
set -euo pipefail

java=$1 jar=$2 services=$3
shift 3

# Those of the start script of kube-proxy.
read -ra flags <<<"${RECONCILER_FLAGS:--XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData}"
version=$("$java" -version 2>&1 | sed -n 's/.*Runtime Environment.*build \(.*\)).*/\1/p')
printf '{"kernel": "%s", "jdk": "%s"}\n' "$(cat /proc/sys/kernel/osrelease)" "$version"
for run in '' --restart; do
    # shellcheck disable=SC2086
    "$java" "${flags[@]}" -cp "$jar" io.github.ipvs4j.benchmarks.ReconcilerLoad "$services" 8 $run "$@"
done
