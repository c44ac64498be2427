# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# Chooses the user-mode kernel to boot: the installed one, or one of another Debian release, fetched on demand.
# lab_use_kernel sets kernel_binary and kernel_modules (the folder that holds one folder of modules per version).

# shellcheck source-path=SCRIPTDIR
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# lab_use_kernel [VERSION]
# shellcheck disable=SC2034 # kernel_binary and kernel_modules are for the caller
lab_use_kernel() {
    local version=${1:-} suite
    kernel_binary=$(command -v linux.uml || true)
    kernel_modules=/usr/lib/uml/modules
    [[ -n $kernel_binary || -n $version ]] || lab_die 'linux.uml not found: install the package user-mode-linux'
    if [[ -z $version ]] || { [[ -n $kernel_binary ]] && lab_is_version "$kernel_binary" "$version"; }; then
        return
    fi
    case $version in
        6.1) suite=bookworm ;;
        6.12) suite=trixie ;;
        7.2) suite=sid ;;
        *) lab_die "unknown kernel $version; there are 6.1, 6.12 and 7.2" ;;
    esac
    local prepared=$lab_target/kernels/$version
    [[ -x $prepared/linux ]] || lab_fetch_kernel "$suite" "$prepared"
    kernel_binary=$prepared/linux
    kernel_modules=$prepared/modules
    lab_is_version "$kernel_binary" "$version" ||
        lab_die "Debian $suite has no kernel $version any more but $("$kernel_binary" --version)"
}

lab_is_version() { [[ $("$1" --version) == "$2".* ]]; }

# lab_fetch_kernel SUITE FOLDER: that release's kernel, set up to run with that release's C library.
lab_fetch_kernel() (
    set -euo pipefail
    local suite=$1 folder=$2 work=$2.$$ apt
    mkdir -p "$work"
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$work"/apt/{lists/partial,archives/partial} "$work/root"
    : >"$work/apt/status"
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$(lab_mirror)" "$suite" \
        >"$work/apt/sources.list"
    # A private set of lists and sources: the system's own are neither read for versions nor changed. Nor does apt hand
    # the download to its user _apt, who may not enter this folder.
    apt=(apt-get -q -o Dir::State="$work/apt" -o Dir::State::lists="$work/apt/lists"
        -o Dir::State::status="$work/apt/status" -o Dir::Etc::sourcelist="$work/apt/sources.list"
        -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o Dir::Cache="$work/apt"
        -o APT::Get::List-Cleanup=false -o APT::Sandbox::User=root)
    lab_say "fetching the user-mode kernel of Debian $suite"
    cd "$work"
    "${apt[@]}" update >&2
    "${apt[@]}" download user-mode-linux libc6 >&2
    for package in *.deb; do
        dpkg-deb -x "$package" root
    done
    # Its own loader and C library are written into the binary; starting it through the loader by hand does not work.
    local loader library
    loader=$(find root -name 'ld-linux-*.so.*' -not -type l | head -n 1)
    [[ -n $loader ]] || loader=$(find root -name 'ld-linux-*.so.*' | head -n 1)
    library=$(dirname "$(find root -name libc.so.6 | head -n 1)")
    mkdir ready
    cp -a "$library" ready/libc
    cp -L "$loader" ready/libc/
    cp root/usr/bin/linux.uml ready/linux
    mv root/usr/lib/uml/modules ready/modules
    patchelf --set-interpreter "$folder/libc/$(basename "$loader")" --set-rpath "$folder/libc" ready/linux
    rm -rf "$folder"
    mv ready "$folder"
    lab_say "prepared in $folder"
)

# The mirror that this machine gets Debian from, whatever the format of its sources.
lab_mirror() {
    local mirror
    # shellcheck disable=SC2016 # apt expands it
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sed 's,/*$,,' |
        grep -E '/debian$' | head -n 1)
    printf '%s\n' "${mirror:-http://deb.debian.org/debian}"
}
