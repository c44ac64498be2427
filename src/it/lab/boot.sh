# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# The outer half of the lab: runs one command in a fresh kernel and brings back its output and exit status.
# The inner half is guest.sh. Between them lies a run folder, which both may write to:
#   config env  what the guest has to know       out err     named pipes for the command's output
#   status      the command's exit status        kernel.log  the kernel's own messages
#   booted      appears when the guest is ready

# shellcheck source-path=SCRIPTDIR
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=kernel.sh
source "$lab_home/kernel.sh"

# Folders that are empty and writable inside. What is needed from beneath them is shown there read-only.
lab_scratch=(/tmp /var/tmp /run /dev/shm)

# Much more than the two or three seconds that it takes, for machines that are busy with other things.
lab_boot_seconds=300

# The guest's line in the kernel's log when all is prepared.
lab_ready='lab: ready, starting the command'

# What script/lab's options set.
lab_kernel='' lab_memory=2G lab_timeout=900 lab_on_host='' lab_host_needs=ip_vs lab_caller=''
lab_writable=() lab_readable=() lab_without=()

# lab_run COMMAND...: ends this shell with its exit status; with 124 after a time-out, 125 when the lab itself failed.
lab_run() {
    [[ -z ${IPVS4J_LAB:-} ]] || lab_die 'this is the lab already'
    lab_command=("$@")
    lab_terminal=''
    [[ -t 0 && -t 1 ]] && lab_terminal=yes
    run=$lab_target/lab/$(date +%H%M%S)-$$
    mkdir -p "$run" "${lab_writable[@]}" || lab_die "cannot write to $lab_target"
    guest='' readers=() watchers=() keep_log='' terminal_settings=''
    trap lab_clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    lab_write_config
    lab_connect_output
    if [[ $lab_on_host ]]; then lab_start_on_host; else lab_start_kernel; fi
    lab_await
}

lab_write_config() {
    local lab_user=$EUID folder writable=("$run") shown=()
    for folder in "${lab_writable[@]}"; do
        writable+=("$(realpath "$folder")")
    done
    for folder in "$lab_repository" "$PWD" "${JAVA_HOME:-/}" "${writable[@]}" "${lab_readable[@]}"; do
        folder=$(lab_hidden_part "$(realpath -m "$folder")")
        [[ ! -d $folder ]] || shown+=("$folder")
    done
    export IPVS4J_LAB_OUT=${writable[1]:-$run}
    lab_writable=("${writable[@]}") lab_readable=("${shown[@]}")
    declare -p lab_command lab_home lab_on_host lab_readable lab_ready lab_scratch lab_terminal lab_timeout lab_user \
        lab_without lab_writable PWD >"$run/config"
    [[ -z $lab_terminal ]] || printf 'lab_size=(%s)\n' "$(stty size)" >>"$run/config"
    export -p >"$run/env"
    # A copy beside them: so it finds them by its own name.
    install "$lab_home/guest.sh" "$run/init"
}

# Prints PATH's part that a scratch folder hides (/tmp/a for /tmp/a/b/c), nothing when it is visible anyway.
lab_hidden_part() {
    local scratch rest
    for scratch in "${lab_scratch[@]}"; do
        if [[ $1 == "$scratch"/* ]]; then
            rest=${1#"$scratch"/}
            printf '%s\n' "$scratch/${rest%%/*}"
        fi
    done
}

# The kernel sets what it gets as its output to non-blocking, for everybody who has it open: it gets pipes of its own.
lab_connect_output() {
    mkfifo "$run/out" "$run/err"
    lab_bound cat "$run/out" &
    readers+=($!)
    lab_bound cat "$run/err" >&2 &
    readers+=($!)
}

lab_start_kernel() {
    local memory_folder=$run terminal=null,fd:4
    lab_use_kernel "$lab_kernel"
    printf 'lab_modules=%q\n' "$kernel_modules" >>"$run/config"
    # The guest's memory is a deleted file that grows as it is used: quicker in memory than on a disk.
    if (($(lab_free_kilobytes /dev/shm) > $(numfmt --from=iec "$lab_memory") / 1024)); then
        memory_folder=/dev/shm
    fi
    if [[ $lab_terminal ]]; then
        terminal_settings=$(stty -g)
        # Opened anew for the reason given at lab_connect_output.
        exec 6<>"$(tty)"
        terminal=fd:6,fd:6
    fi
    cd "$run"
    # seccomp=on is heeded from kernel 6.16 on and doubles the speed of system calls. The further consoles are null and
    # there is no standard input, so that nothing waits for a terminal.
    TMPDIR=$memory_folder lab_contained taskset -c "$(lab_processor)" "$kernel_binary" \
        root=/dev/root rootfstype=hostfs rootflags=/ ro init="\"$run/init\"" mem="$lab_memory" seccomp=on \
        uml_dir=uml con=null con0=null,fd:3 con1="$terminal" con2=null,fd:5 \
        3>"$run/kernel.log" 4>"$run/out" 5>"$run/err" </dev/null >"$run/boot.log" 2>&1 &
    guest=$!
}

lab_free_kilobytes() { df --output=avail -k "$1" 2>/dev/null | tail -n 1 | grep . || echo 0; }

# The machine's own kernel, in namespaces of its own.
lab_start_on_host() {
    local start=(unshare --net --mount --uts --ipc env --default-signal=INT --default-signal=QUIT "$run/init")
    ((EUID == 0)) || lab_die '--host needs root'
    lab_host_has "$lab_host_needs" || lab_die "this machine's kernel has no $lab_host_needs: leave out --host"
    if [[ $lab_terminal ]]; then
        lab_contained "${start[@]}" <&0 &
    else
        lab_contained "${start[@]}" </dev/null >"$run/out" 2>"$run/err" &
    fi
    guest=$!
}

# lab_host_has ip_vs|ip_set: whether this machine's kernel has that, built in or as a module that can be loaded.
lab_host_has() {
    if [[ $1 == ip_set ]]; then
        unshare --net ipset list -name >/dev/null 2>&1
    else
        [[ -e /proc/net/ip_vs ]] || modprobe -q "$1" 2>/dev/null
    fi
}

# Runs a command so that it does not outlive this shell, not even when this shell is killed by signal 9.
lab_bound() { exec setpriv --pdeathsig KILL "$@"; }

# The same for a command and all its descendants: it is the first of a process namespace, with which the others end.
lab_contained() {
    local namespace=(unshare --pid --fork --kill-child)
    ((EUID == 0)) || namespace=(unshare --user --map-current-user --pid --fork --kill-child)
    "${namespace[@]}" true 2>/dev/null || namespace=()
    lab_bound "${namespace[@]}" "$@"
}

# User-mode Linux has one processor, but several processes that hand over to one another at every system call. Unless
# they stay on one processor, each hand-over wakes a sleeping one, which is five times as slow.
lab_processor() {
    local ranges range processors=()
    IFS=, read -ra ranges <<<"$(taskset -cp $$ | sed 's/.*: //')"
    for range in "${ranges[@]}"; do
        mapfile -t -O "${#processors[@]}" processors < <(seq "${range%-*}" "${range#*-}")
    done
    echo "${processors[$$ % ${#processors[@]}]}"
}

# Waits for the guest's end, or for what ends it before: the time-out, the caller's end, nobody reading our output.
lab_await() {
    local status='' timer='' caller='' boot ended result
    # shellcheck disable=SC2016 # the inner shell's
    lab_bound bash -c 'for ((i = 0; i < 10 * $0; i++)); do [[ ! -e $1 ]] || exit 0; sleep 0.1; done' \
        "$lab_boot_seconds" "$run/booted" &
    boot=$!
    watchers+=("$boot")
    if [[ $lab_caller ]]; then
        lab_bound tail --pid="$lab_caller" -f /dev/null &
        caller=$!
        watchers+=("$caller")
    fi
    while [[ ! $status ]]; do
        result=0
        wait -n -p ended "$guest" "${watchers[@]}" "${readers[@]}" || result=$?
        case $ended in
            "$guest") break ;;
            "$timer")
                lab_say "no end after $lab_timeout seconds (--timeout): the guest was killed"
                status=124
                ;;
            "$caller")
                lab_say "process $lab_caller, which asked for this, is gone: the guest was killed"
                status=143
                ;;
            "$boot")
                lab_forget "$boot"
                if [[ ! -e $run/booted ]]; then
                    lab_say "no end of its boot after $lab_boot_seconds seconds: the guest was killed"
                    status=125
                elif ((lab_timeout)); then
                    # The command's time does not begin before the command.
                    lab_bound sleep "$lab_timeout" &
                    timer=$!
                    watchers+=("$timer")
                fi
                ;;
            *)
                lab_forget "$ended"
                ((result == 0)) || status=141
                ;;
        esac
    done
    lab_stop_guest
    # The readers end when the guest's ends of the pipes are closed: then nothing of the output is missing.
    ((${#readers[@]} == 0)) || wait "${readers[@]}" || true
    [[ $status ]] || status=$(cat "$run/status" 2>/dev/null) || status=125
    if ((status == 125)) && [[ ! -e $run/booted ]]; then
        lab_say 'the guest did not start'
        cat "$run/boot.log" >&2
    fi
    ((status == 0 || status == 141)) || [[ $lab_terminal || $lab_on_host ]] || lab_show_kernel_log "$status"
    exit "$status"
}

# A watcher or reader that has ended is not waited for again.
lab_forget() {
    local process left=()
    for process in "${watchers[@]}"; do
        [[ $process == "$1" ]] || left+=("$process")
    done
    watchers=("${left[@]}") left=()
    for process in "${readers[@]}"; do
        [[ $process == "$1" ]] || left+=("$process")
    done
    readers=("${left[@]}")
}

# What the kernel said since the command began; when it did not begin, what the kernel said at last.
lab_show_kernel_log() {
    local messages
    # Without what the emulation says about itself.
    messages=$(tr -d '\r' <"$run/kernel.log" | grep -v -e '^epollctl ' -e '^sysrq: ' -e '^reboot: ' | tail -n 30)
    messages=${messages##*"$lab_ready"}
    messages=${messages#$'\n'}
    lab_say "status $1; the kernel's messages meanwhile (from its start on: $run/kernel.log):"
    printf '%s\n' "${messages:-(none)}" >&2
    keep_log=yes
}

lab_stop_guest() {
    [[ $guest ]] || return 0
    kill -KILL "$guest" 2>/dev/null || true
    wait "$guest" 2>/dev/null || true
    guest=''
    [[ ! $terminal_settings ]] || stty "$terminal_settings"
}

lab_clean_up() {
    trap '' HUP INT TERM
    lab_stop_guest
    kill "${watchers[@]}" "${readers[@]}" 2>/dev/null || true
    rm -rf "$run"/{init,config,env,out,err,status,booted,uml,boot.log}
    [[ $keep_log ]] || rm -f "$run/kernel.log"
    # What is left are results of the command.
    rmdir "$run" 2>/dev/null || true
}
