#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# Measures a reconciler in the kernel it runs in, and prints lines of JSON: the first names the kernel and the JDK, the
# second is a small run, whose heap tells what does not grow with the Services, the third what a first process does, the
# fourth the restart of another one that finds its state. script/bench reconciler starts it in the lab, with a boot for
# each size.
#
#   reconciler.sh JAVA JAR SERVICES [OPTIONS OF ReconcilerLoad]
set -euo pipefail

java=$1 jar=$2 services=$3
shift 3
archive=$(mktemp -u --suffix=.jsa)

# Those of the start script of kube-proxy.
read -ra flags <<<"${RECONCILER_FLAGS:--XX:+UseSerialGC -Xms32m -Xmn10m -XX:+AlwaysPreTouch -XX:TieredStopAtLevel=1 -XX:CICompilerCount=1 -XX:CompileThresholdScaling=4 -XX:-UsePerfData}"

# load SERVICES FLAGS... [-- OPTIONS...]
load() {
    local size=$1 more=()
    shift
    while (($#)) && [[ $1 != -- ]]; do
        more+=("$1")
        shift
    done
    "${namespace[@]}" "$java" "${flags[@]}" "${more[@]}" -cp "$jar" io.github.ipvs4j.benchmarks.ReconcilerLoad "$size" 8 "${@:2}"
}

version=$("$java" -version 2>&1 | sed -n 's/.*Runtime Environment.*build \(.*\)).*/\1/p')
printf '{"kernel": "%s", "jdk": "%s"}\n' "$(cat /proc/sys/kernel/osrelease)" "$version"
# With few Services first, so that the kernel has loaded its modules, as on a node that has been running, and the JVM
# has an archive of its classes, as a start with KUBE_PROXY_CLASS_ARCHIVE has. In a namespace of its own: what it deletes
# lingers in the kernel, and is searched for each new destination.
ip netns add small
ip -n small link set lo up
namespace=(ip netns exec small)
small=$(load 20 "-XX:ArchiveClassesAtExit=$archive" -- "$@" 2>/dev/null)
namespace=()
printf '{"small": %s}\n' "$(grep '^{' <<<"$small")"
load "$services" "-XX:SharedArchiveFile=$archive" -- "$@"
load "$services" "-XX:SharedArchiveFile=$archive" -- "$@" --restart
