// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@LabTest
class LabResetTest {

    @Test
    void resetTakesAwayWhatTestsLeave(Topology topology) {
        String forwarding = "/proc/sys/net/ipv4/ip_forward";
        assertThat(Place.HERE.run("cat", forwarding)).isEqualTo("1\n");
        topology.pod("pod").serve(Protocol.TCP.on(81));
        Place here = Place.HERE;
        here.run("ipvsadm", "-A", "-t", "10.96.0.1:80");
        here.run("ipset", "create", "KUBE-TEST", "hash:ip,port");
        here.configure("link add kube-ipvs0 type dummy\naddress add 10.1.1.1 dev lo\n");

        Lab.reset();

        assertThat(here.run("ipvsadm", "-Sn")).isEmpty();
        assertThat(here.run("ipset", "save")).isEmpty();
        assertThat(here.run("ip", "netns")).isEmpty();
        assertThat(here.run("ls", "/sys/class/net")).doesNotContain("eth0", "cni0", "veth", "kube-ipvs0");
        assertThat(here.run("ip", "address", "show", "dev", "lo")).doesNotContain("10.1.1.1");
        assertThat(here.run("cat", forwarding)).isEqualTo("0\n");
    }

    @Test
    @NeedsIptables
    void resetTakesAwayRulesAndTheSetsTheyUse() {
        Place here = Place.HERE;
        here.run("ipset", "create", "KUBE-TEST", "hash:ip,port");
        here.feed("""
                *nat
                :KUBE-TEST - [0:0]
                -A KUBE-TEST -m set --match-set KUBE-TEST dst,dst -j ACCEPT
                -A POSTROUTING -j KUBE-TEST
                COMMIT
                """, "iptables-restore");
        here.run("ip6tables", "-P", "FORWARD", "DROP");

        Lab.reset();

        assertThat(here.run("ipset", "save")).isEmpty();
        assertThat(here.run("iptables-save") + here.run("ip6tables-save")).doesNotContain("KUBE-TEST", "-A ", "DROP");
    }
}
