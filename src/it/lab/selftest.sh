#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# Tests of the lab's shell parts; those of its Java parts are JUnit tests. Prints "N passed, N failed" at its end.
# Arguments are the names of single tests: selftest.sh kills streams
# shellcheck disable=SC2016 # many a text is for the shell inside the lab
set -uo pipefail

# shellcheck source-path=SCRIPTDIR
# shellcheck source=common.sh
source "$(dirname "$(readlink -f "$0")")/common.sh"
lab=$lab_repository/script/lab
work=$lab_target/selftest.$$
passed=0 failed=0
# By this the processes of a test are found, however they are called.
export LAB_SELFTEST=$$

mkdir -p "$work"
trap 'rm -rf "$work"' EXIT
cd "$work" || exit

# in_lab ARGUMENTS OF script/lab...: leaves its status, output and error output in variables.
in_lab() {
    "$lab" "$@" >"$work/out" 2>"$work/err"
    collect $?
}

collect() {
    status=$1 output=$(tr -d '\0' <"$work/out") errors=$(tr -d '\0' <"$work/err")
    # The log that a failed guest leaves; here it is meant to fail.
    [[ ! $errors =~ 'start on: '([^\)]*)/kernel.log ]] || rm -rf "${BASH_REMATCH[1]}"
}

# check WHAT CONDITION...: a command that is expected to succeed, most often "is".
check() {
    local what=$1
    shift
    if "$@"; then
        ((++passed))
        echo "ok      $what"
    else
        ((++failed))
        echo "FAILED  $what ($*)"
        printf 'status %s\n%s\n%s\n' "$status" "${output:0:2000}" "${errors:0:2000}" | sed 's/^/        | /'
    fi
}

is() { [[ $1 == "$2" ]]; }
contains() { [[ $1 == *"$2"* ]]; }
contains_not() { [[ $1 != *"$2"* ]]; }

# Processes of a guest that began under this test, by the mark in their environment.
guests() {
    local environment process
    for environment in /proc/[0-9]*/environ; do
        process=${environment%/environ} process=${process#/proc/}
        if tr '\0' '\n' <"$environment" 2>/dev/null | grep -qx "LAB_SELFTEST=$$" &&
            [[ $(cat "/proc/$process/comm" 2>/dev/null) == @(linux.uml|linux|unshare|setpriv|sleep|tail|cat) ]]; then
            echo "$process"
        fi
    done 2>/dev/null
}

# Whether all processes of guests end soon.
no_guest_left() {
    local process
    for process in $(guests); do
        timeout 10 tail --pid="$process" -s 0.1 -f /dev/null || return
    done
    [[ ! $(guests) ]]
}

# Starts a guest that would stay for long, and returns when its command runs.
start_long_guest() {
    mkfifo "$work/begun"
    # Commands in the background of a script ignore SIGINT, and all of a script started by nohup ignores SIGHUP, unless
    # told otherwise.
    env --default-signal=INT,HUP,TERM "$lab" "$@" bash -c 'echo begun; sleep 300' >"$work/begun" 2>"$work/err" &
    long=$!
    head -n 1 "$work/begun" >"$work/out"
    rm "$work/begun"
}

# await_long: its exit status.
await_long() {
    wait "$long"
    collect $?
} 2>/dev/null # where the shell itself would report a killed job

test_statuses() {
    local wanted
    for wanted in 0 1 42; do
        in_lab bash -c "exit $wanted"
        check "exit status $wanted travels" is "$status" "$wanted"
    done
    check 'a failure is shown with the messages of the kernel' contains "$errors" "the kernel's messages"
    in_lab no-such-command
    check 'an unknown command gives 127' is "$status" 127
    in_lab --no-such-option
    check "the lab's own failures give 125" is "$status" 125
}

test_streams() {
    in_lab bash -c 'seq 200000; printf "no end of line" ; printf "\x00\r\n\x80" >&2'
    check 'long output arrives whole' is "$(md5sum <"$work/out")" "$( (seq 200000; printf 'no end of line') | md5sum)"
    check 'error output stays apart, byte by byte' is "$(md5sum <"$work/err")" "$(printf '\x00\r\n\x80' | md5sum)"
    # A reader that is late, on a pipe that is full when the guest ends.
    output=$("$lab" seq 200000 2>"$work/err" | (sleep 6; md5sum))
    check 'output waits for a slow reader' is "$output" "$(seq 200000 | md5sum)"
    "$lab" yes 2>"$work/err" | head -n 1 >"$work/out"
    status=${PIPESTATUS[0]} errors=$(<"$work/err")
    check 'the guest ends when nobody reads on' is "$status" 141
}

test_command_line() {
    local word=$'two words, a "quote", a \\ and\na line'
    export LAB_SELFTEST_WORD=$word
    in_lab bash -c 'printf "%s|" "$1" "$LAB_SELFTEST_WORD" "$PWD" "$IPVS4J_LAB"' - "$word"
    check 'arguments, environment and folder travel' is "$output" "$word|$word|$work|uml|"
}

test_file_system() {
    mkdir -p "$work/written"
    in_lab --out "$work/written" bash -c '
        touch /etc/lab-selftest && echo "wrote /etc"
        touch "$1/lab-selftest" && echo "wrote the sources"
        touch "$HOME/lab-selftest" && echo "wrote the home folder"
        touch /tmp/lab-selftest /var/tmp/lab-selftest /run/lab-selftest && echo "wrote scratch"
        [[ $IPVS4J_LAB_OUT == "$PWD/written" ]] && echo result >"$IPVS4J_LAB_OUT/file"' - "$lab_home"
    check 'only the scratch folders are writable' is "$output" 'wrote scratch'
    check 'what refused says why' contains "$errors" 'Read-only file system'
    check 'a folder of --out is writable' is "$(cat "$work/written/file")" result
    check "scratch folders are the guest's own" \
        is "$(ls -d /{etc,tmp,var/tmp,run}/lab-selftest "$lab_home/lab-selftest" "$HOME/lab-selftest" 2>/dev/null)" ''
}

test_kernel() {
    in_lab bash -c 'modprobe ip_vs_mh && ipvsadm -A -t 192.0.2.1:80 -s sh && ipvsadm -A -t 192.0.2.1:81 -s mh &&
        ipset create a hash:ip,port && ip link add dummy-a type dummy && ipvsadm -Sn'
    check 'modules are loaded as they are needed' is "$status" 0
    check 'IPVS is there' contains "$output" '-A -t 192.0.2.1:81 -s mh'
    in_lab --without ip_vs bash -c 'lsmod | grep ip_vs; modprobe ip_vs_rr; ipvsadm -Ln; ipset create a hash:ip && ipset save'
    check 'without ip_vs there is none' contains "$errors" "Can't initialize ipvs"
    check 'and nothing else is missing' contains "$output" 'create a hash:ip'
    check 'nor loaded' contains_not "$output" ip_vs
}

test_timeout() {
    in_lab --timeout 15 bash -c 'echo before; sleep 300'
    check 'a guest that takes too long gives 124' is "$status" 124
    check 'and says so' contains "$errors" 'no end after 15 seconds'
    check 'and shows its output until then' is "$output" before
    check 'and is gone' no_guest_left
}

test_kills() {
    local signal expected
    for signal in TERM:143 HUP:129 INT:130 KILL:137; do
        expected=${signal#*:} signal=${signal%:*}
        start_long_guest
        kill "-$signal" "$long"
        await_long
        check "$signal ends it with $expected" is "$status" "$expected"
        check "and leaves no process" no_guest_left
    done
    # After KILL nobody is left to remove it.
    rm -rf "$lab_target/lab/"*"-$long"
}

test_caller() {
    local caller
    sleep 300 &
    caller=$!
    start_long_guest --caller "$caller"
    kill "$caller"
    await_long
    check 'ends with its caller' is "$status" 143
    check 'and leaves no process' no_guest_left
}

test_leftovers() {
    "$lab" true 2>"$work/err" &
    wait $!
    check 'success leaves no run folder' is "$(find "$lab_target/lab" -name "*-$!")" ''
    ((EUID == 0)) && [[ $lab_repository != /tmp/* ]] || return 0
    # With scratch folders of its own, since other programs use those of the machine meanwhile.
    unshare --mount bash -c '
        for folder in /tmp /var/tmp /dev/shm; do mount -t tmpfs none $folder; done
        "$1" true && "$1" --timeout 5 sleep 60; find /tmp /var/tmp /dev/shm -mindepth 1' - "$lab" \
        >"$work/out" 2>"$work/err"
    collect $?
    check 'nothing is left in the scratch folders' is "$output" ''
    check 'nor in the home folder' is "$(find ~/.uml -newer "$work/written" 2>/dev/null)" ''
}

# A clone at a place that a scratch folder hides, and with a blank in its name.
test_hidden_place() {
    local clone
    clone=$(mktemp -d)/'a clone'
    mkdir -p "$clone/src/it"
    cp -R "$lab_repository/script" "$clone/"
    cp -R "$lab_home" "$clone/src/it/"
    cd "$clone" || return
    output=$(script/lab bash -c 'pwd; echo result >"$IPVS4J_LAB_OUT/file"; touch script/file' 2>"$work/err")
    errors=$(<"$work/err")
    check 'runs in a folder below /tmp' is "$output" "$clone"
    check 'and brings results back' is "$(cat "$clone"/src/it/target/lab/*/file)" result
    check 'and keeps that read-only too' contains "$errors" 'Read-only file system'
    cd "$work" && rm -rf "$(dirname "$clone")"
}

test_terminal() {
    local word
    coproc terminal { script --quiet --return --command "$lab"' bash -c '"'read -p Name: a; tty; echo Hello \$a; exit 5'" /dev/null; }
    # The word is typed when it has been asked for.
    IFS= read -r -t 60 -d : word <&"${terminal[0]}"
    printf 'you\r' >&"${terminal[1]}"
    # shellcheck disable=SC2154 # set by coproc
    word=$terminal_PID output=$(cat <&"${terminal[0]}")
    wait "$word"
    status=$?
    check 'a command on a terminal can ask' contains "$output" $'/dev/tty1\r\nHello you'
    check 'and its status travels' is "$status" 5
}

# A stand-in for Java that leaves a report.
test_run_tests() {
    printf '#!/bin/bash\nprintf "%%s\\n" "$@"; echo report >"$LAB_SELFTEST_REPORTS/TEST-x.xml"; exit 1\n' >java
    chmod +x java
    echo "$work/classes:/tmp/lab-selftest.jar" >class.path
    export LAB_SELFTEST_REPORTS=$work/reports
    "$lab_home/run-tests.sh" "$work/java" class.path "$work/reports" --select-class Some >"$work/out" 2>"$work/err"
    collect $?
    check 'a failed test gives status 1' is "$status" 1
    check 'and its report' is "$(cat "$work/reports/TEST-x.xml")" report
    check 'selectors arrive' contains "$output" $'--include-tag\nlab\n--select-class\nSome'
    check 'the class path arrives' contains "$output" "$work/classes:/tmp/lab-selftest.jar"
}

test_host() {
    if [[ -e /proc/net/ip_vs ]] || modprobe -q ip_vs 2>/dev/null; then
        in_lab --host bash -c 'touch /etc/lab-selftest && echo "wrote /etc"; touch "$IPVS4J_LAB_OUT/file"; exit 42'
        check "the machine's own kernel" is "$status" 42
        check 'which cannot write either' is "$output" ''
    else
        in_lab --host true
        check "without ip_vs in the machine's kernel --host says so" contains "$errors" 'has no ip_vs'
    fi
}

for test in statuses streams command_line file_system kernel timeout kills caller leftovers hidden_place terminal \
    run_tests host; do
    status='' output='' errors=''
    [[ $# != 0 && " $* " != *" $test "* ]] || "test_$test"
done
echo "$passed passed, $failed failed"
((failed == 0))
