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
here=$(dirname "$(readlink -f "$0")")
archive=$(mktemp -u --suffix=.jsa)

# Those of the start script of kube-proxy.
read -ra flags <<<"${RECONCILER_FLAGS:--XX:+UseSerialGC -Xms32m -Xmn10m -XX:+AlwaysPreTouch -XX:TieredStopAtLevel=1 -XX:-UsePerfData}"

# load SERVICES FLAGS... [-- OPTIONS...]
load() {
    local size=$1 more=()
    shift
    while (($#)) && [[ $1 != -- ]]; do
        more+=("$1")
        shift
    done
    "$java" "${flags[@]}" "${more[@]}" -cp "$jar" io.github.ipvs4j.benchmarks.ReconcilerLoad "$size" 8 "${@:2}"
}

version=$("$java" -version 2>&1 | sed -n 's/.*Runtime Environment.*build \(.*\)).*/\1/p')
printf '{"kernel": "%s", "jdk": "%s"}\n' "$(cat /proc/sys/kernel/osrelease)" "$version"
# With few Services first, so that the kernel has loaded its modules, as on a node that has been running, and the JVM
# has an archive of its classes, as a start with KUBE_PROXY_CLASS_ARCHIVE has.
load 20 "-XX:ArchiveClassesAtExit=$archive" -- "$@" >/dev/null 2>&1
bash "$here/../../../../src/it/lab/reset.sh" >/dev/null 2>&1
load "$services" "-XX:SharedArchiveFile=$archive" -- "$@"
load "$services" "-XX:SharedArchiveFile=$archive" -- "$@" --restart
