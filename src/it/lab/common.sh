# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# What every shell part of the lab shares: where things are, how it complains, which Debian packages it needs.

lab_home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
lab_repository=$(cd "$lab_home/../../.." && pwd -P)
# shellcheck disable=SC2034 # for those who source this
lab_target=$lab_repository/src/it/target

# The tools of an administrator are not on the path of an ordinary Debian user.
PATH=$PATH:/usr/sbin:/sbin
export PATH

lab_say() { printf 'lab: %s\n' "$*" >&2; }

# The lab's own failures have statuses of their own, so that they are not taken for the command's (see script/lab -h).
lab_die() {
    lab_say "$@"
    exit 125
}

# The packages of packages.txt (or those named) that are not installed, one a line.
lab_missing_packages() {
    local package packages
    if (($# == 0)); then
        mapfile -t packages < <(grep -v '^#' "$lab_home/packages.txt")
        set -- "${packages[@]}"
    fi
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
    done
}

# Installs what is missing when root, else says exactly what is missing and fails. Further packages may be named.
# shellcheck disable=SC2120 # by callers elsewhere
lab_install_packages() {
    local missing
    command -v dpkg-query >/dev/null || {
        lab_say 'this is not a Debian system. Install the programs of these packages by hand:' \
            "$(grep -v '^#' "$lab_home/packages.txt" | tr '\n' ' ')"
        return 1
    }
    mapfile -t missing < <(lab_missing_packages && { (($# == 0)) || lab_missing_packages "$@"; })
    ((${#missing[@]})) || return 0
    if ((EUID)); then
        lab_say "Debian packages are missing; install them with: sudo apt-get install --no-install-recommends ${missing[*]}"
        return 1
    fi
    lab_say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq -y --no-install-recommends "${missing[@]}" >&2 && return
    # Package lists that are absent (fresh images) or old enough to name versions that are gone.
    apt-get update -qq >&2 && apt-get install -qq -y --no-install-recommends "${missing[@]}" >&2
}
