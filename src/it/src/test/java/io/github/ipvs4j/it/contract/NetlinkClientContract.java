// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ipvs4j.netlink.AddressChange;
import io.github.ipvs4j.netlink.ControllerClient;
import io.github.ipvs4j.netlink.DumpConsumer;
import io.github.ipvs4j.netlink.DumpResult;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.FamilyDescription;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.Link;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import io.github.ipvs4j.netlink.Request;
import io.github.ipvs4j.netlink.RouteClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What {@link NetlinkClient} does on any kernel, over all three protocols. */
abstract class NetlinkClientContract {
    private static final String LINK = "i4j-netlink";

    /** A number that no family has. */
    private static final int NO_FAMILY = 0xffff;

    /** So many that the kernel has not filled the last part when the first one is read. */
    private static final int MANY_ADDRESSES = 1500;

    /** Returns settings for a protocol. */
    abstract NetlinkClient.Builder settings(NetlinkProtocol protocol);

    private static void assertRefused(ThrowingCallable call, int errno, String words) {
        assertThatExceptionOfType(KernelRejected.class)
                .isThrownBy(call)
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.errno()).isEqualTo(new Errno(errno)));
    }

    private static int familyNumber(NetlinkClient client, String name) {
        return client.query(Messages.lookUp(name), message -> {
            var attributes = message.genericAttributes();
            while (attributes.next()) {
                if (attributes.type() == Messages.FAMILY_ID) {
                    return attributes.u16();
                }
            }
            return 0;
        });
    }

    @Test
    void asksAndIsAnswered() {
        try (NetlinkClient client = settings(NetlinkProtocol.GENERIC).open()) {
            assertThat(familyNumber(client, "nlctrl")).isEqualTo(Messages.CONTROLLER);
            assertThat(familyNumber(client, "IPVS")).isGreaterThan(Messages.CONTROLLER);
        }
    }

    @Test
    void tellsWhatTheKernelRefusesAndGoesOn() {
        try (NetlinkClient client = settings(NetlinkProtocol.GENERIC).open()) {
            assertRefused(() -> familyNumber(client, "ipvs4j"), 2, "look up family ipvs4j: ENOENT");
            assertRefused(() -> familyNumber(client, "name-of-16-chars"), 22, "EINVAL");
            Request odd = new Messages.Any(Messages.CONTROLLER, 0, out -> out.genericHeader(99, 1), "do something odd");
            assertRefused(() -> client.execute(odd), 95, "do something odd: EOPNOTSUPP");
            Request nobody = new Messages.Any(1000, 0, out -> out.genericHeader(1, 1), "ask nobody");
            assertRefused(() -> client.execute(nobody), 2, "ask nobody: ENOENT");
            assertThat(familyNumber(client, "nlctrl")).isEqualTo(Messages.CONTROLLER);
            assertThat(client.strayMessages()).isZero();
        }
    }

    @Test
    void listsEverything() {
        List<String> names = new ArrayList<>();
        try (NetlinkClient client = settings(NetlinkProtocol.GENERIC).open()) {
            Request all = new Messages.Any(
                    Messages.CONTROLLER, 0, out -> out.genericHeader(Messages.GET_FAMILY, 1), "list families");
            DumpResult result = client.dump(all, message -> {
                var attributes = message.genericAttributes();
                while (attributes.next()) {
                    if (attributes.type() == Messages.FAMILY_NAME) {
                        names.add(attributes.string());
                    }
                }
            });
            assertThat(result.consistent()).isTrue();
            assertThat(result.messages()).isEqualTo(names.size());
        }
        assertThat(names).contains("nlctrl", "IPVS");
    }

    @Test
    void tellsWhyAListingIsRefused() {
        try (NetlinkClient client = settings(NetlinkProtocol.ROUTE).open()) {
            assertRefused(
                    () -> client.dump(Messages.listLinks(1), message -> {}),
                    22,
                    "Filter by device index not supported for link dumps");
            assertThat(client.dump(Messages.listLinks(0), message -> {}).messages())
                    .isPositive();
        }
    }

    @Test
    void passesOnTheKernelsOwnWords() {
        try (NetlinkClient client = settings(NetlinkProtocol.ROUTE).open()) {
            assertRefused(
                    () -> client.execute(Messages.addLink(LINK, "ipvs4j")), 95, "add link i4j-netlink: EOPNOTSUPP");
            assertThatExceptionOfType(KernelRejected.class)
                    .isThrownBy(() -> client.execute(Messages.addLink(LINK, "ipvs4j")))
                    .satisfies(e -> assertThat(e.kernelMessage()).contains("Unknown device type"));
        }
    }

    @Test
    void knowsTheOutcomeOfEveryRequestOfABatch() {
        try (NetlinkClient client = settings(NetlinkProtocol.ROUTE).open()) {
            List<Outcome> outcomes = client.batch(List.of(
                    Messages.addLink(LINK, "dummy"),
                    Messages.addLink(LINK, "dummy"),
                    Messages.addLink(LINK, "ipvs4j"),
                    Messages.deleteLink(LINK),
                    Messages.deleteLink(LINK)));
            assertThat(outcomes).extracting(NetlinkClientContract::errno).containsExactly(0, 17, 17, 0, 19);
        }
    }

    private static int errno(Outcome outcome) {
        return outcome instanceof Outcome.Rejected rejected
                ? rejected.why().errno().number()
                : outcome.succeeded() ? 0 : -1;
    }

    @Test
    void knowsTheOutcomesOfThousands() {
        try (NetlinkClient client = settings(NetlinkProtocol.GENERIC).open()) {
            List<Request> requests = new ArrayList<>();
            List<Integer> expected = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                boolean good = i % 3 != 1;
                requests.add(Messages.lookUp(good ? Messages.CONTROLLER : NO_FAMILY));
                expected.add(good ? 0 : 2);
            }
            assertThat(client.batch(requests))
                    .extracting(NetlinkClientContract::errno)
                    .containsExactlyElementsOf(expected);
        }
    }

    @Test
    void servesManyThreads() throws InterruptedException {
        ConcurrentLinkedQueue<Integer> numbers = new ConcurrentLinkedQueue<>();
        try (NetlinkClient client = settings(NetlinkProtocol.GENERIC).open()) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Thread thread = new Thread(() -> {
                    for (int j = 0; j < 50; j++) {
                        numbers.add(familyNumber(client, "nlctrl"));
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(numbers).hasSize(400).containsOnly(Messages.CONTROLLER);
    }

    @Test
    void describesTheFamiliesThatThereAre() {
        try (ControllerClient controller = ControllerClient.open(settings(NetlinkProtocol.GENERIC))) {
            FamilyDescription ipvs = controller.find("IPVS").orElseThrow();
            assertThat(ipvs.headerSize()).isZero();
            assertThat(ipvs.operations())
                    .hasSize(16)
                    .allSatisfy(operation -> assertThat(operation.needsAdmin()).isTrue());
            assertThat(controller.find("ipvs4j")).isEmpty();
            assertThat(controller.families())
                    .contains(ipvs)
                    .extracting(FamilyDescription::name)
                    .contains("nlctrl");
        }
    }

    @Test
    void beginsAListingAnewThatWasDisturbed() {
        try (NetlinkClient client = settings(NetlinkProtocol.ROUTE).open();
                RouteClient other = RouteClient.open(settings(NetlinkProtocol.ROUTE))) {
            Link link = other.addDummy(LINK);
            List<AddressChange> additions = new ArrayList<>();
            for (int i = 0; i < MANY_ADDRESSES; i++) {
                IpAddress address = IpAddress.of("198.19." + i / 200 + "." + (1 + i % 200));
                additions.add(new AddressChange(AddressChange.Action.ADD, link, address));
            }
            assertThat(other.change(additions)).containsOnly(Outcome.DONE);
            AddressChange first = additions.get(0);
            Counting counting = new Counting(
                    () -> other.change(List.of(new AddressChange(AddressChange.Action.DELETE, link, first.address()))));
            DumpResult result = client.dump(listAddresses(), counting);
            assertThat(counting.restarts).isEqualTo(1);
            assertThat(result.consistent()).isTrue();
            // The loopback's as well.
            assertThat(result.messages()).isEqualTo(counting.messages).isEqualTo(MANY_ADDRESSES);
            other.deleteLink(link);
        }
    }

    /** Counts messages, and acts at the first one that it ever gets. */
    private static final class Counting implements DumpConsumer {
        private final Runnable atFirst;
        private int messages;
        private int restarts;

        Counting(Runnable atFirst) {
            this.atFirst = atFirst;
        }

        @Override
        public void accept(MessageReader message) {
            if (messages++ == 0 && restarts == 0) {
                atFirst.run();
            }
        }

        @Override
        public void restart() {
            restarts++;
            messages = 0;
        }
    }

    private static Request listAddresses() {
        return new Messages.Any(
                22, 0, out -> out.headerU8(2).headerU8(0).headerU16(0).headerU32(0), "list addresses");
    }
}
