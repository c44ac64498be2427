#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# Measures loads of IPVS tables in the kernel it runs in, each in a fresh network namespace, and prints a line of JSON
# for each. script/bench ipvs-load starts it in the lab and in QEMU.
#
#   ipvs-load.sh ROUNDS JAVA JAR LOADER SERVICESxDESTINATIONS...      LOADER is the compiled ipvs-load.c
#
# The first line names the kernel and the JDK.
set -euo pipefail
# Or a command that failed inside $(...) would be recorded as one that took no time.
shopt -s inherit_errexit

rounds=$1 java=$2 jar=$3 loader=$4
tables=("${@:5}")
namespace=ipvs4j-bench
scripts=$(mktemp -d)
trap clean EXIT

# A heap that need not grow and whose memory was touched before, as that of a program which has run for a while. In
# user-mode Linux the first touch of a page costs more than a request to the kernel.
flags=(-Xms1g -Xmn700m -XX:+AlwaysPreTouch)

# With one processor the compiler is behind for long: what it compiles in the background is not there in the run that
# counts, and takes time from it. This has each compilation waited for, in the loads before.
warm_flags=(-Xbatch)

# How many loads go before the one that counts: enough for nothing to be left to compile.
declare -A warm=([100 8]=30 [2000 10]=20 [20000 8]=10)

log() { printf '%s\n' "$*" >&2; }

# Whatever went wrong, nothing is left behind.
clean() {
    rm -r "$scripts"
    ip netns del "$namespace" 2>/dev/null || true
}

fresh() {
    ip netns add "$namespace"
    # Without it no destination is taken: the kernel cannot tell what its address is.
    ip -n "$namespace" link set lo up
}

# Deletes the namespace, and waits until the kernel has taken it apart and no longer uses the processor for that.
gone() {
    local quiet=0 looks=0
    ip netns del "$namespace"
    while ((quiet < 5)); do
        ((++looks < 2000)) || { log 'the kernel does not get done with taking a network namespace apart' && exit 1; }
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
    local table="$1 $2" more=()
    [[ $3 != warm ]] || more=("${warm_flags[@]}")
    fresh
    # shellcheck disable=SC2086
    report "$3" inside "$java" "${flags[@]}" "${more[@]}" -cp "$jar" io.github.ipvs4j.benchmarks.IpvsLoad $table \
        --keep "${@:4}"
}

# One change in a small table, to be compared with larger ones.
small_round() {
    local services=$1 destinations=$2
    fresh
    inside "$loader" batch "$services" "$destinations" >/dev/null
    report single inside "$loader" change "$services" "$destinations"
    gone
    ours "$services" "$destinations" warm --warm "${warm["$services $destinations"]:-20}"
    gone
}

one_round() {
    local services=$1 destinations=$2 table="$1 $2" program
    for program in batch single; do
        fresh
        # shellcheck disable=SC2086
        report "$program" inside "$loader" "$program" $table
        ((round > 1)) || check "$table" "$program"
        if [[ $program == single ]]; then
            # shellcheck disable=SC2086
            report "$program" inside "$loader" read $table
            # shellcheck disable=SC2086
            report "$program" inside "$loader" change $table
        fi
        gone
    done
    ours "$services" "$destinations" cold
    gone
    ours "$services" "$destinations" warm --warm "${warm[$table]:-8}"
    report ipvsadm timed "$services" "$destinations" snapshot ipvsadm -Sn
    ((round > 1)) || check "$table" IpvsLoad
    gone
    # With the larger table it would take most of the time of all.
    if ((services <= 2000 || round == 1)); then
        "$loader" script "$services" "$destinations" >"$scripts/table"
        fresh
        # shellcheck disable=SC2016
        report ipvsadm timed "$services" "$destinations" load bash -c 'ipvsadm -R <"$0"' "$scripts/table"
        ((round > 1)) || check "$table" ipvsadm
        gone
    fi
}

version=$("$java" -version 2>&1 | sed -n 's/.*Runtime Environment.*build \(.*\)).*/\1/p')
printf '{"kernel": "%s", "jdk": "%s", "flags": "%s"}\n' "$(cat /proc/sys/kernel/osrelease)" "$version" \
    "${flags[*]}; warm: ${warm_flags[*]}"
# So that the first to be measured are not those that make the kernel, and the host beneath it, find memory.
"$java" -Xms2g -XX:+AlwaysPreTouch -version 2>/dev/null
fresh
inside "$loader" batch 20000 8 >/dev/null
gone
for ((round = 1; round <= rounds; round++)); do
    for table in "${tables[@]}"; do
        log "round $round of $rounds, $table, $SECONDS s"
        if ((${table%x*} < 1000)); then small_round "${table%x*}" "${table#*x}"; else one_round "${table%x*}" "${table#*x}"; fi
    done
done
log "done after $SECONDS s"
