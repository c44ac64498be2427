// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The controller is in every kernel and answers everybody. */
class ControllerOnRunningKernelTest {
    private final ControllerClient client = ControllerClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC));

    @AfterEach
    void closes() {
        client.close();
    }

    @Test
    void controllerDescribesItself() {
        FamilyDescription controller = client.find("nlctrl").orElseThrow();

        assertThat(controller.number()).isEqualTo(16);
        assertThat(controller.group("notify")).isPresent();
        assertThat(controller.operations())
                .filteredOn(operation -> operation.command() == 3)
                .singleElement()
                .matches(FamilyDescription.Operation::answersRequest)
                .matches(FamilyDescription.Operation::answersDump)
                .matches(operation -> !operation.needsAdmin());
        assertThat(client.families()).contains(controller);
    }

    @Test
    void controllerTellsItsPolicies() {
        FamilyPolicies policies = client.policies("nlctrl");

        int policy = policies.commands().get(3).request().orElseThrow();
        assertThat(policies.policies().get(policy).get(1)).hasToString("a number of 16 bits");
        assertThat(policies.policies().get(policy).get(2)).hasToString("a string that ends in NUL of at most 15 bytes");
    }

    @Test
    void attributeThatTheKernelObjectsToIsNamed() {
        assertThatThrownBy(() -> client.policies("a name of more than fifteen"))
                .hasMessage("list policies of generic-netlink family a name of more than fifteen: EINVAL: invalid"
                        + " argument (the kernel says: Attribute failed policy validation; attribute"
                        + " CTRL_ATTR_FAMILY_NAME; expected a string that ends in NUL of at most 15 bytes)")
                .isInstanceOfSatisfying(
                        KernelRejected.class,
                        rejected -> assertThat(rejected.attributePath()).contains("CTRL_ATTR_FAMILY_NAME"));
    }

    @Test
    void missingFamilyIsEmpty() {
        assertThat(client.find("no-such-family")).isEmpty();
        assertThatThrownBy(() -> client.policies("no-such-family"))
                .isInstanceOfSatisfying(
                        KernelRejected.class,
                        rejected -> assertThat(rejected.errno()).isEqualTo(Errno.ENOENT));
    }
}
