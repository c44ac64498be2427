// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RouteClientTest {
    private static final Link LINK = new Link(2, "kube-ipvs0", "dummy", false);

    private final ScriptedKernel kernel = new ScriptedKernel();

    private RouteClient open() {
        return RouteClient.open(NetlinkClient.builder(NetlinkProtocol.ROUTE).transport(kernel));
    }

    private static void disturbed(MessageReader requests, ScriptedKernel.Answers answers) {
        requests.next();
        answers.done(requests.sequence(), MessageFlags.DUMP_INTERRUPTED);
    }

    @Test
    void listThatOthersChangeAgainAndAgainIsAFailureOfItsOwnAndTheSocketStays() {
        for (int i = 0; i < 5; i++) {
            kernel.then(RouteClientTest::disturbed);
        }
        kernel.then(RouteClientTest::disturbed).then((requests, answers) -> {
            requests.next();
            answers.done(requests.sequence(), 0);
        });

        try (RouteClient client = open()) {
            assertThatThrownBy(client::addresses)
                    .isInstanceOf(ListingDisturbed.class)
                    .hasMessage("list addresses: others changed the list during every attempt; try again later");
            assertThat(client.addresses()).isEmpty();
        }
        assertThat(kernel.opened()).isEqualTo(1);
    }

    @Test
    void addressThatIsThereOrGoneAlreadyIsAlreadySoAndOtherRefusalsAreNot() {
        kernel.then((requests, answers) -> {
            for (int error : new int[] {-17, -99, -99, -17}) {
                requests.next();
                answers.error(requests.sequence(), error);
            }
        });
        IpAddress address = IpAddress.of("10.0.0.1");
        AddressChange add = new AddressChange(AddressChange.Action.ADD, LINK, address);
        AddressChange delete = new AddressChange(AddressChange.Action.DELETE, LINK, address);

        try (RouteClient client = open()) {
            List<Outcome> outcomes = client.change(List.of(add, delete, add, delete));

            assertThat(outcomes.subList(0, 2)).containsOnly(Outcome.ALREADY_SO);
            assertThat(outcomes.subList(2, 4)).allMatch(Outcome.Rejected.class::isInstance);
        }
    }
}
