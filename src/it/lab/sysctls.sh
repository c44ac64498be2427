# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors

# Prints the sysctls that kube-proxy and the tests change, one "path:value" a line.
lab_sysctls() {
    grep -s . /proc/sys/net/ipv4/{vs/*,ip_forward,conf/{all,default}/{arp_ignore,arp_announce,route_localnet,rp_filter}} \
        /proc/sys/net/{ipv6/conf/{all,default}/forwarding,bridge/bridge-nf-call-*} \
        /proc/sys/net/netfilter/nf_conntrack_{max,tcp_be_liberal,tcp_timeout_*,udp_timeout*} || true
}
