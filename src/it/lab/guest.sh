#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# The inner half of the lab: the first process of the guest. Makes everything but the build folders read-only, loads
# modules, runs the command, leaves its exit status in the run folder and powers off.
# shellcheck disable=SC2154 # most variables come from the run folder's config, written by boot.sh

export PATH=/usr/sbin:/usr/bin:/sbin:/bin
run=$(dirname "$0")
# shellcheck source=/dev/null
source "$run/config"

prepare() {
    set -euo pipefail
    prepare_files
    hostname lab
    ip link set lo up
    mkdir -p /run/lab/bin
    if [[ ! $lab_on_host ]]; then
        prepare_modules
        prepare_iptables
    fi
    # For reset.sh.
    # shellcheck source-path=SCRIPTDIR
    # shellcheck source=sysctls.sh
    source "$lab_home/sysctls.sh"
    lab_sysctls >/run/lab/sysctls
}

prepare_files() {
    local folder
    if [[ $lab_on_host ]]; then
        mount --make-rprivate /
        # A second view of the machine's files, to take from what the scratch folders hide.
        mount --rbind / /mnt
    fi
    mount -t proc none /proc
    mount -t sysfs none /sys
    mkdir -p /dev/pts /dev/shm
    mountpoint -q /dev/pts || mount -t devpts none /dev/pts
    [[ -e /dev/fd ]] || {
        ln -s /proc/self/fd /dev/fd
        ln -s fd/0 /dev/stdin
        ln -s fd/1 /dev/stdout
        ln -s fd/2 /dev/stderr
    }
    for folder in "${lab_scratch[@]}"; do
        mount -t tmpfs -o mode=1777 none "$folder"
    done
    for folder in "${lab_readable[@]}"; do
        mountpoint -q "$folder" || show ro "$folder"
    done
    for folder in "${lab_writable[@]}"; do
        show rw "$folder"
    done
    # So that the guest's name is found without asking a server.
    printf '127.0.0.1 localhost lab\n::1 localhost lab\n' >/run/hosts
    [[ ! -e /etc/hosts ]] || mount --bind /run/hosts /etc/hosts
    [[ ! $lab_on_host ]] || protect_host
}

# The machine's files at a folder, over whatever hides them or makes them read-only.
show() {
    mkdir -p "$2"
    if [[ $lab_on_host ]]; then
        mount --bind "/mnt$2" "$2"
        mount -o "remount,bind,$1" "$2"
    else
        # The option got a name when hostfs moved to the kernel's newer mount interface.
        mount -t hostfs -o "$1,$2" none "$2" 2>/dev/null || mount -t hostfs -o "$1,hostfs=$2" none "$2"
    fi
}

# What the guest's kernel gets by its parameter "ro", in the mount namespace on the machine's own kernel.
protect_host() {
    local folder kept
    umount --lazy /mnt
    kept=$(printf '%s\n' /proc /sys /dev "${lab_scratch[@]}" "${lab_writable[@]}")
    while read -r folder; do
        grep -qxF -e "$folder" <<<"$kept" || mount -o remount,bind,ro "$folder" 2>/dev/null || true
    done < <(findmnt --real --raw --noheadings --output TARGET)
}

prepare_modules() {
    local release module prefix
    release=$(uname -r)
    # The tree that modprobe expects, here because /lib is read-only, and a modprobe that looks there: for the kernel
    # when it wants a module, and by PATH for everybody else.
    mkdir -p /run/lab/lib/modules /run/modprobe.d
    ln -s "$lab_modules/$release" "/run/lab/lib/modules/$release"
    printf '#!/bin/sh\nexec /sbin/modprobe -d /run/lab "$@"\n' >/run/lab/bin/modprobe
    chmod +x /run/lab/bin/modprobe
    echo /run/lab/bin/modprobe >/proc/sys/kernel/modprobe
    for prefix in "${lab_without[@]}"; do
        sed -n "s,^\(.*/\)\?\(${prefix}[^/]*\)\.ko.*:.*,install \2 /bin/false,p" "$lab_modules/$release/modules.dep"
    done >/run/modprobe.d/without.conf
    # The kernel asks for most modules by itself. Loaded here are those it does not, or whose sysctls are set first.
    for module in ipv6 ip_vs nf_conntrack_netlink br_netfilter dummy veth bridge sctp; do
        /run/lab/bin/modprobe "$module" || echo "lab: no module $module"
    done
}

# These kernels have the tables of iptables-legacy only, whichever variant the machine prefers.
prepare_iptables() {
    local name
    for name in {iptables,ip6tables}{,-save,-restore}; do
        ln -s /usr/sbin/xtables-legacy-multi "/run/lab/bin/$name"
    done
}

# A Java program that hangs is asked where, shortly before the time is over.
warn_before_timeout() {
    local process
    ((lab_timeout > 30)) || return
    sleep $((lab_timeout - 15))
    for process in /proc/[0-9]*; do
        [[ $(cat "$process/comm" 2>/dev/null) != java ]] || kill -QUIT "${process#/proc/}"
    done
}

run_command() {
    local status=0
    if [[ $lab_on_host ]]; then
        bash "$0" command || status=$?
    elif [[ $lab_terminal ]]; then
        stty -F /dev/tty1 sane rows "${lab_size[0]}" columns "${lab_size[1]}"
        setsid --ctty --wait bash "$0" command <>/dev/tty1 >&0 2>&0 || status=$?
    else
        stty -F /dev/tty1 raw -echo
        stty -F /dev/tty2 raw -echo
        setsid --wait bash "$0" command </dev/null >/dev/tty1 2>/dev/tty2 || status=$?
        # Changing a setting waits until all has been written.
        stty -F /dev/tty1 sane
        stty -F /dev/tty2 sane
    fi
    return "$status"
}

if [[ ${1:-} == command ]]; then
    folder=$PWD
    # shellcheck source=/dev/null
    source "$run/env"
    export IPVS4J_LAB=uml IPVS4J_LAB_HOME=$lab_home IPVS4J_LAB_WITHOUT="${lab_without[*]}" XDG_CACHE_HOME=/tmp/.cache
    unset TMPDIR
    [[ ! $lab_on_host ]] || IPVS4J_LAB=host
    PATH=/run/lab/bin:$PATH:/usr/sbin:/sbin
    cd "$folder" || exit 125
    exec "${lab_command[@]}"
fi

# In the user namespace of an ordinary user the machine's files seem to be nobody's, and a set-uid program like mount
# would run as nobody.
if ((lab_user)) && [[ ! ${1:-} ]]; then
    exec setpriv --no-new-privs bash "$0" unprivileged
fi

# Not "if prepare": that would make the shell overlook failures within.
(prepare)
prepared=$?
if ((prepared == 0)); then
    touch "$run/booted"
    [[ $lab_on_host ]] || echo "$lab_ready" >/dev/kmsg
    warn_before_timeout &
    run_command
    echo $? >"$run/status"
else
    echo 'lab: could not be prepared'
fi
[[ ! $lab_on_host ]] || exit 0
sync
# Without /proc the first process's end does it, by a panic.
echo o >/proc/sysrq-trigger || exit
# The kernel goes on for a moment; were this process to end before, it would call that a panic.
sleep 60
