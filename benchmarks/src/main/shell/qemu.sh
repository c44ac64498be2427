# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# Runs a script in Debian's cloud kernel under QEMU without virtualisation, where everything is slowed alike: ratios
# between programs are near those of a real machine. Needs the functions of src/it/lab/common.sh.

# shellcheck disable=SC2034 # for those who source this
qemu_packages=(qemu-system-x86 cpio kmod)
qemu_memory=4G
# shellcheck disable=SC2034
qemu_java=/jdk/bin/java

# More options of QEMU's, such as -icount shift=2: the guest's clock counts instructions then and does not notice that
# the machine is busy with something else.
read -ra qemu_options <<<"${QEMU_OPTIONS:-}"

# qemu_run FOLDER TIMEOUT FILE... -- COMMAND...: runs a command in the guest, which has Java and the named files at
# their places, and prints what the command prints; its messages go to standard error as they come. FOLDER keeps the
# kernel for the next time.
qemu_run() {
    local folder=$1 timeout=$2 files=() status
    shift 2
    while [[ $1 != -- ]]; do
        files+=("$1")
        shift
    done
    shift
    mkdir -p "$folder"
    qemu_fetch_kernel "$folder/kernel"
    rm -rf "$folder/root"
    mkdir "$folder/root"
    qemu_fill "$folder/root" "$folder/kernel" "${files[@]}"
    printf '%q ' "$@" >"$folder/root/command"
    (cd "$folder/root" && find . | cpio --quiet -o -H newc) >"$folder/initramfs"
    rm -rf "$folder/root" "$folder/output"
    # The first serial line is for messages, the second one for results.
    timeout "$timeout" qemu-system-x86_64 -accel tcg -smp 1 -m "$qemu_memory" -nodefaults -display none -no-reboot "${qemu_options[@]}" \
        -kernel "$folder/kernel/vmlinuz" -initrd "$folder/initramfs" \
        -append 'console=ttyS0 quiet loglevel=4 panic=-1 rdinit=/init' \
        -serial stdio -serial "file:$folder/output" </dev/null | sed -u 's/\r//g' >&2
    rm "$folder/initramfs"
    status=$(tr -d '\r' <"$folder/output" | sed -n 's/^status: //p')
    tr -d '\r' <"$folder/output" | grep -v '^status: ' || true
    [[ $status == 0 ]] || {
        lab_say "the guest ended with ${status:+status }${status:-no word}"
        return 1
    }
}

# The kernel and its modules out of Debian's package, without installing it.
qemu_fetch_kernel() (
    set -euo pipefail
    local folder=$1 package release
    [[ ! -e $folder/vmlinuz ]] || exit 0
    package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: //p' | head -n 1)
    [[ $package ]] || lab_die 'apt knows no package linux-image-cloud-amd64; run apt-get update'
    lab_say "fetching $package"
    rm -rf "$folder" "$folder.new"
    mkdir -p "$folder.new"
    cd "$folder.new"
    apt-get -q -o APT::Sandbox::User=root download "$package" >&2
    dpkg-deb -x ./*.deb .
    release=$(basename lib/modules/*)
    depmod -b . "$release"
    mv boot/vmlinuz-* vmlinuz
    echo "$release" >release
    rm -rf ./*.deb boot usr
    mv "$folder.new" "$folder"
)

# qemu_fill ROOT KERNEL FILE...: all that the guest has.
qemu_fill() {
    local root=$1 kernel=$2 release program home module
    shift 2
    release=$(cat "$kernel/release")
    mkdir -p "$root"/{proc,sys,dev,run,tmp,etc,usr/bin,usr/lib,usr/lib64,usr/sbin}
    for program in bin sbin lib lib64; do
        ln -s "usr/$program" "$root/$program"
    done
    for program in bash ip ipvsadm insmod mount cat grep sleep awk mktemp rm sed sort cksum stty; do
        qemu_program "$root" "$(command -v "$program")" "/usr/bin/$program"
    done
    # ipvsadm -R and ip know their helpers by these paths.
    ln -s bash "$root/usr/bin/sh"
    home=$(dirname "$(dirname "$(readlink -f "$(build_java)")")")
    mkdir -p "$root/jdk/bin"
    qemu_program "$root" "$home/bin/java" /jdk/bin/java
    # Some links of Debian's JDK lead to packages that are not there.
    { tar -C "$home" -ch --exclude lib/src.zip --exclude lib/ct.sym lib conf 2>/dev/null || true; } |
        tar -C "$root/jdk" -x
    qemu_libraries "$root" "$home"/lib/{libjava,libnio,libnet,libzip,server/libjvm}.so
    # What JNA carries in its jar needs the parts of the C library that are empty by now.
    for program in libdl.so.2 libpthread.so.0 librt.so.1; do
        cp -L "$(dirname "$(ldd "$home/bin/java" | sed -nE 's/.*=> (.*libc\.so\S*).*/\1/p')")/$program" \
            "$(dirname "$(find "$root" -name libc.so.6)")/"
    done
    for program in "$@"; do
        qemu_program "$root" "$program" "$program"
    done
    mkdir -p "$root/modules"
    for module in ip_vs ip_vs_rr dummy; do
        modprobe -d "$kernel" -S "$release" --show-depends "$module" | sed -nE "s/^insmod ([^ ]+).*/\1/p"
    done | awk '!seen[$1]++' | while read -r module; do
        cp "$module" "$root/modules/"
        echo "insmod /modules/$(basename "$module") 2>/dev/null"
    done >"$root/modules/load"
    qemu_init >"$root/init"
    chmod +x "$root/init"
}

# qemu_program ROOT PROGRAM PATH: a file with the libraries it needs, if it is a program.
qemu_program() {
    mkdir -p "$1$(dirname "$3")"
    cp -L "$2" "$1$3"
    qemu_libraries "$1" "$2"
}

qemu_libraries() {
    local root=$1 library
    shift
    { ldd "$@" 2>/dev/null || true; } | sed -nE 's/^.*(=> |\t)(\/[^ ]+) \(0x.*/\2/p' | sort -u | while read -r library; do
        [[ -e $root$library ]] || {
            mkdir -p "$root$(dirname "$library")"
            cp -L "$library" "$root$library"
        }
    done
}

# The guest's first process.
qemu_init() {
    cat <<'END'
#!/bin/bash
export PATH=/usr/bin HOME=/ LC_ALL=C
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
mount -t tmpfs none /run
mount -t tmpfs none /tmp
stty -F /dev/ttyS1 raw
source /modules/load
ip link set lo up
eval "$(cat /command)" </dev/null >/dev/ttyS1 2>/dev/ttyS0
echo "status: $?" >/dev/ttyS1
stty -F /dev/ttyS1 sane
echo o >/proc/sysrq-trigger
sleep 60
END
}
