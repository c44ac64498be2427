#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# Measures loads of IPVS tables in the kernel it runs in, each in a fresh network namespace, and prints a line of JSON
# for each. script/bench ipvs-load starts it in the lab and in QEMU.
#
#   ipvs-load.sh ROUNDS JAVA JAR LOADER      LOADER is the compiled ipvs-load.c
#
# The first line names the kernel and the JDK.
set -euo pipefail

rounds=$1 java=$2 jar=$3 loader=$4
namespace=ipvs4j-bench
scripts=$(mktemp -d)

# How many loads go before the one that counts: enough for the compiler to have finished.
declare -A warm=([100 8]=20 [2000 10]=20 [20000 8]=8)

log() { printf '%s\n' "$*" >&2; }

fresh() {
    ip netns add "$namespace"
    # Without it no destination is taken: the kernel cannot tell what its address is.
    ip -n "$namespace" link set lo up
}

# Deletes the namespace, and waits until the kernel has taken it apart and no longer uses the processor for that.
gone() {
    local quiet=0
    ip netns del "$namespace"
    while ((quiet < 5)); do
        sleep 0.03
        if cat /proc/[0-9]*/comm 2>/dev/null | grep -q '+netns$'; then quiet=0; else quiet=$((quiet + 1)); fi
    done
}

inside() { ip netns exec "$namespace" "$@"; }

# report PROGRAM COMMAND...: what a command prints, with the name of the program.
report() {
    local line
    line=$("${@:2}")
    printf '{"round": %d, "program": "%s", %s\n' "$round" "$1" "${line#\{}"
}

# timed SERVICES DESTINATIONS WHAT COMMAND...: a program that does not take its own time.
timed() {
    local times
    # Inside, so that entering the namespace is not counted.
    # shellcheck disable=SC2016
    times=$(inside bash -c 'start=$EPOCHREALTIME; "$@" >/dev/null && echo "$start $EPOCHREALTIME"' - "${@:4}")
    awk -v s="$1" -v d="$2" -v what="$3" '{
        printf "{\"services\": %d, \"destinations\": %d, \"%s\": {\"operations\": %d, \"milliseconds\": %.2f, \"errors\": 0}}",
            s, d, what, s * (1 + d), ($2 - $1) * 1000 }' <<<"$times"
}

# Every program makes the same table; a sum over what ipvsadm lists says so.
check() {
    local sum
    sum=$(inside ipvsadm -Sn | sort | cksum)
    if [[ -z ${sums[$1]:-} ]]; then sums[$1]=$sum; fi
    [[ $sum == "${sums[$1]}" ]] || { log "$2 made another table of $1 than the others" && exit 1; }
}
declare -A sums

ours() {
    local table="$1 $2"
    fresh
    # shellcheck disable=SC2086
    report "$3" inside "$java" -cp "$jar" io.github.ipvs4j.benchmarks.IpvsLoad $table --keep "${@:4}"
}

one_round() {
    local services=$1 destinations=$2 table="$1 $2" program
    for program in batch single; do
        fresh
        # shellcheck disable=SC2086
        report "$program" inside "$loader" "$program" $table
        ((round > 1)) || check "$table" "$program"
        gone
    done
    ours "$services" "$destinations" cold
    gone
    ours "$services" "$destinations" warm --warm "${warm[$table]}"
    report ipvsadm timed "$services" "$destinations" snapshot ipvsadm -Sn
    ((round > 1)) || check "$table" IpvsLoad
    gone
    # With the larger table it would take most of the time of all.
    if ((services <= 2000 || round == 1)); then
        fresh
        # shellcheck disable=SC2016
        report ipvsadm timed "$services" "$destinations" load \
            bash -c 'ipvsadm -R <"$0"' "$scripts/$services-$destinations"
        ((round > 1)) || check "$table" ipvsadm
        gone
    fi
}

for table in '2000 10' '20000 8'; do
    # shellcheck disable=SC2086
    "$loader" script $table >"$scripts/${table/ /-}"
done
version=$("$java" -version 2>&1 | sed -n 's/.*Runtime Environment.*build \(.*\)).*/\1/p')
printf '{"kernel": "%s", "jdk": "%s"}\n' "$(cat /proc/sys/kernel/osrelease)" "$version"
# So that the first to be measured is not the one that makes the kernel find memory.
fresh
inside "$loader" batch 20000 8 >/dev/null
gone
for ((round = 1; round <= rounds; round++)); do
    log "round $round of $rounds, $SECONDS s"
    one_round 2000 10
    one_round 20000 8
    # One change in a small table.
    ours 100 8 warm --warm "${warm[100 8]}"
    gone
done
rm -r "$scripts"
log "done after $SECONDS s"
