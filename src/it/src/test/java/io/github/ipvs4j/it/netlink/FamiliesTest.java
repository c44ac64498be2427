// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.Place;
import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.ControllerClient;
import io.github.ipvs4j.netlink.FamilyDescription;
import io.github.ipvs4j.netlink.FamilyPolicies;
import io.github.ipvs4j.netlink.GenericClient;
import io.github.ipvs4j.netlink.GenericFamily;
import io.github.ipvs4j.netlink.GenericRequest;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.RouteClient;
import org.junit.jupiter.api.Test;

/** What a real kernel says about IPVS as a family, and how it words what it does not like. */
@LabTest
class FamiliesTest {
    private static final int NEW_DAEMON = 9;
    private static final int GET_INFO = 15;

    /** Takes IPVS with all that needs it out of the kernel, and puts it back. */
    private static final String RELOAD = """
            for round in 1 2 3 4; do
                lsmod | awk '/^(xt_ipvs|ip_vs)/ && $3 == 0 { print $1 }' | xargs -r rmmod
            done
            ! lsmod | grep '^ip_vs'
            modprobe ip_vs
            """;

    private static NetlinkClient.Builder generic() {
        return NetlinkClient.builder(NetlinkProtocol.GENERIC);
    }

    /** Starts a sync daemon on a link; only the name of the link is of interest. */
    private record StartDaemon(String link) implements GenericRequest {
        @Override
        public int command() {
            return NEW_DAEMON;
        }

        @Override
        public void write(MessageWriter out) {
            int daemon = out.beginNested(3);
            out.u32(1, 1).string(2, link).u32(3, 7).endNested(daemon);
        }

        @Override
        public String describe() {
            return "start sync daemon on " + link;
        }
    }

    @Test
    void describesIpvsAsTheSpecificationSays() {
        try (ControllerClient controller = ControllerClient.open(generic())) {
            FamilyDescription ipvs = controller.find("IPVS").orElseThrow();

            assertThat(ipvs.version()).isEqualTo(1);
            assertThat(ipvs.headerSize()).isZero();
            assertThat(ipvs.maxAttribute()).isEqualTo(6);
            assertThat(ipvs.groups()).isEmpty();
            assertThat(ipvs.operations())
                    .extracting(FamilyDescription.Operation::command)
                    .containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17);
            assertThat(ipvs.operations()).allMatch(FamilyDescription.Operation::needsAdmin);
            assertThat(controller.families()).contains(ipvs);
            assertThat(controller.find("nlctrl").orElseThrow().group("notify")).isPresent();
            assertThat(controller.find("no such family")).isEmpty();
        }
    }

    @Test
    void tellsThePolicyOfIpvsForItsOutermostAttributesOnly() {
        try (ControllerClient controller = ControllerClient.open(generic())) {
            assertThat(controller.find("IPVS")).isPresent();

            FamilyPolicies policies = controller.policies("IPVS");

            assertThat(policies.commands()).containsKey(1);
            int policy = policies.commands().get(1).request().orElseThrow();
            assertThat(policies.policies().get(policy).keySet()).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void namesTheAttributeOfAFamilyThatTheKernelObjectsTo() {
        GenericFamily family = new GenericFamily("IPVS", 1, "load ip_vs");
        try (GenericClient ipvs = GenericClient.open(generic(), family)) {
            assertThatThrownBy(() -> ipvs.execute(new StartDaemon("sixteen-chars-xx")))
                    .isInstanceOfSatisfying(
                            KernelRejected.class,
                            rejected -> assertThat(rejected.attributePath())
                                    .contains("IPVS_CMD_ATTR_DAEMON/IPVS_DAEMON_ATTR_MCAST_IFN"))
                    .hasMessageContaining("expected a string that ends in NUL of at most 15 bytes");
        }
    }

    @Test
    void namesTheAttributeOfALinkThatTheKernelObjectsTo() {
        try (RouteClient route = RouteClient.open(NetlinkClient.builder(NetlinkProtocol.ROUTE))) {
            assertThatThrownBy(() -> route.addDummy("sixteen-chars-xx"))
                    .isInstanceOfSatisfying(
                            KernelRejected.class,
                            rejected -> assertThat(rejected.attributePath()).contains("IFLA_IFNAME"));
        }
    }

    /** Asks for the version; the answer is of no interest. */
    private record GetInfo() implements GenericRequest {
        @Override
        public int command() {
            return GET_INFO;
        }

        @Override
        public void write(MessageWriter out) {
            // The command is all.
        }

        @Override
        public String describe() {
            return "ask for the version";
        }
    }

    @Test
    void findsAFamilyAgainThatWasTakenOutAndPutBackUnderAnotherNumber() {
        GenericFamily family = new GenericFamily("IPVS", 1, "load ip_vs");
        try (ControllerClient controller = ControllerClient.open(generic());
                GenericClient ipvs = GenericClient.open(generic(), family)) {
            int before = controller.find("IPVS").orElseThrow().number();
            assertThat(ipvs.query(new GetInfo(), AttributeReader::next)).isTrue();

            Place.HERE.run("sh", "-ec", RELOAD);

            assertThat(controller.find("IPVS").orElseThrow().number()).isNotEqualTo(before);
            assertThat(ipvs.query(new GetInfo(), AttributeReader::next)).isTrue();
        }
    }
}
