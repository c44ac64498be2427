#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
#
# Brings the lab's own network namespace back to what it was after boot: for the next test. Loaded modules stay.
#
# The destinations that it takes from IPVS stay in the kernel's trash list for a minute or two, where each new
# destination is looked up: a test with thousands of them makes those of the next tests slow.
set -uo pipefail

# shellcheck source-path=SCRIPTDIR
# shellcheck source=sysctls.sh
source "${0%/*}/sysctls.sh"

[[ ${IPVS4J_LAB:-} ]] || {
    echo "$0: this is not the lab; it would destroy this machine's network" >&2
    exit 1
}

for namespace in /run/netns/*; do
    [[ -e $namespace ]] || continue
    ip netns pids "${namespace##*/}" | xargs -r kill -KILL
    ip netns delete "${namespace##*/}"
done

if [[ -e /proc/net/ip_vs ]]; then
    ipvsadm --clear
    ipvsadm --set 900 120 300
    for daemon in $(ipvsadm --list --daemon | grep -oE '^(master|backup)'); do
        ipvsadm --stop-daemon "$daemon"
    done
fi

# Empty tables for those that exist. Asking for one that does not would load it.
empty_tables() {
    local table
    while read -r table; do
        echo "*$table"
        case $table in
            filter) printf ':%s ACCEPT\n' INPUT FORWARD OUTPUT ;;
            nat) printf ':%s ACCEPT\n' PREROUTING INPUT OUTPUT POSTROUTING ;;
            mangle) printf ':%s ACCEPT\n' PREROUTING INPUT FORWARD OUTPUT POSTROUTING ;;
            raw) printf ':%s ACCEPT\n' PREROUTING OUTPUT ;;
            security) printf ':%s ACCEPT\n' INPUT FORWARD OUTPUT ;;
        esac
        echo COMMIT
    done
}
[[ ! -e /proc/net/ip_tables_names ]] || empty_tables </proc/net/ip_tables_names | iptables-restore
[[ ! -e /proc/net/ip6_tables_names ]] || empty_tables </proc/net/ip6_tables_names | ip6tables-restore
# A list refers to its members, and then they cannot be destroyed all at once.
[[ ! -e /sys/module/ip_set ]] || { ipset flush && ipset destroy; }

# All but the devices that modules bring along, which cannot be removed.
for link in /sys/class/net/*; do
    case ${link##*/} in
        lo | tunl0 | sit0 | ip6tnl0 | gre0 | gretap0 | ip6gre0 | erspan0 | ip_vti0 | ip6_vti0 | bonding_masters) ;;
        # It may be going meanwhile, with a namespace that had its other end.
        *) problem=$(ip link delete "${link##*/}" 2>&1) || [[ ! -e $link ]] || echo "$link stays: $problem" >&2 ;;
    esac
done
ip address flush dev lo scope global
[[ ! -e /proc/sys/net/netfilter/nf_conntrack_max ]] || conntrack --flush 2>/dev/null

# Sysctls, as guest.sh found them after boot.
while IFS=: read -r path value; do
    echo "$value" >"$path"
done < <(lab_sysctls | grep -vxFf - /run/lab/sysctls)
exit 0
