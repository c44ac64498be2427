// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.InterfaceAddress;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.Link;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The cases of kube-proxy's tests on node addresses. */
class ObservationTest {
    private static final int LOOPBACK = 1;
    private static final int ETHERNET = 2;
    private static final int DUMMY = 3;

    private final List<InterfaceAddress> addresses = new ArrayList<>();

    @Test
    void takesNodePortsOnAllAddressesButLoopbackAndLinkLocalAndThoseOfServices() {
        on(LOOPBACK, "127.0.0.1", "::1");
        on(ETHERNET, "1.2.3.4", "1000::", "fe80::1", "169.254.1.1", "::ffff:1.2.3.5");
        on(DUMMY, "10.96.0.1", "2000::");

        assertThat(nodePortAddresses()).containsExactly("1.2.3.4", "169.254.1.1", "1000::");
    }

    @Test
    void takesNodePortsOnlyInTheGivenBlocksAndNeverOnServiceAddresses() {
        on(ETHERNET, "192.168.1.10", "172.30.0.10");
        on(DUMMY, "192.168.1.99");

        assertThat(nodePortAddresses("192.168.1.0/24")).containsExactly("192.168.1.10");
    }

    @Test
    void doesNotRestrictAFamilyByBlocksOfTheOther() {
        on(ETHERNET, "192.168.1.10", "172.30.0.10", "fd00::10");

        assertThat(nodePortAddresses("fd00::/64")).containsExactly("172.30.0.10", "192.168.1.10", "fd00::10");
    }

    @Test
    void takesNodePortsNowhereIfOnlyLoopbackLiesInTheBlocks() {
        on(LOOPBACK, "127.0.0.1");
        on(ETHERNET, "192.168.1.10");

        assertThat(nodePortAddresses("127.0.0.0/8")).isEmpty();
    }

    @Test
    void takesNodePortsOnTheNodesOwnAddressIfThatIsChosen() {
        on(ETHERNET, "192.168.1.10", "172.30.0.10", "fd00::10");
        ReconcilerBuilder primary = Samples.settings().nodePortAddresses(new NodePortAddresses.Primary());

        assertThat(nodePortAddresses(primary.nodeIp(IpAddress.of("fd00::10")).settings()))
                .containsExactly("192.168.1.10", "fd00::10");
    }

    @Test
    void doesNotRestrictAFamilyOfWhichTheNodeHasNoAddressOfItsOwn() {
        on(ETHERNET, "192.168.1.10", "172.30.0.10", "fd00::10", "fd00::11", "fe80::1");
        ReconcilerBuilder primary = Samples.settings().nodePortAddresses(new NodePortAddresses.Primary());

        assertThat(nodePortAddresses(primary.settings())).containsExactly("192.168.1.10", "fd00::10", "fd00::11");
        assertThat(nodePortAddresses(primary.nodeIp(IpAddress.of("172.30.0.10")).settings()))
                .containsExactly("172.30.0.10", "fd00::10", "fd00::11");
    }

    @Test
    void takesNodePortsEverywhereIfABlockHoldsAll() {
        on(ETHERNET, "192.168.1.10", "172.30.0.10", "fd00::10", "fe80::1");

        assertThat(nodePortAddresses("192.168.1.0/24", "0.0.0.0/0", "::/0"))
                .containsExactly("172.30.0.10", "192.168.1.10", "fd00::10");
    }

    @Test
    void countsLinkLocalAddressesOnTheDummyDeviceAsBoundIfTheyAreOfIpv4() {
        on(DUMMY, "10.96.0.1", "169.254.20.10", "fe80::1");
        on(ETHERNET, "192.168.1.10");

        assertThat(seen().bound()).extracting(Object::toString).containsExactlyInAnyOrder("10.96.0.1", "169.254.20.10");
        assertThat(seen().ofNode()).extracting(Object::toString).containsExactly("192.168.1.10");
    }

    @Test
    void countsTheAddressesOfADeviceOfAnotherKindAsTheNodes() {
        on(DUMMY, "203.0.113.5");
        on(ETHERNET, "192.168.1.10");
        Link foreign = new Link(DUMMY, Observation.DEVICE, "macvlan", true);
        Observation seen = new Observation(List.of(), Map.of(), Optional.of(foreign), addresses);

        assertThat(seen.bound()).isEmpty();
        assertThat(seen.ofNode()).containsExactlyInAnyOrder(IpAddress.of("203.0.113.5"), IpAddress.of("192.168.1.10"));
    }

    private void on(int link, String... texts) {
        for (String text : texts) {
            addresses.add(new InterfaceAddress(link, IpAddress.of(text), 24));
        }
    }

    private List<String> nodePortAddresses(String... blocks) {
        Settings settings = Samples.settings()
                .nodePortAddresses(new NodePortAddresses.Within(
                        Stream.of(blocks).map(IpPrefix::of).toList()))
                .settings();
        return nodePortAddresses(settings);
    }

    private List<String> nodePortAddresses(Settings settings) {
        Node node = new Node("node-a", List.of(IpAddress.of("192.168.1.10")), Map.of(), List.of());
        return NodeFacts.of(settings, Optional.of(node), EnumSet.allOf(IpFamily.class), seen().ofNode())
                .nodePortAddresses()
                .stream()
                .map(IpAddress::toString)
                .toList();
    }

    private Observation seen() {
        Link device = new Link(DUMMY, Observation.DEVICE, "dummy", false);
        return new Observation(List.of(), Map.of(), Optional.of(device), addresses);
    }
}
