// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConntrackClientTest {
    private static final int ENOENT = -2;
    private static final int EINVAL = -22;
    private static final int EOPNOTSUPP = -95;

    private static final IpAddress CLIENT = IpAddress.of("10.1.0.1");
    private static final IpAddress SERVER = IpAddress.of("10.0.0.10");

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final ConntrackClient client = ConntrackClient.open(
            NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(kernel));

    private static ConntrackEntry entry(int clientPort, int mark) {
        ConntrackTuple original = ConntrackTuple.udp(CLIENT, clientPort, SERVER, 53);
        ConntrackTuple reply = ConntrackTuple.udp(SERVER, 53, CLIENT, clientPort);
        return new ConntrackEntry(original, reply, Zone.DEFAULT, 0xe, mark, Duration.ofSeconds(9), 4000 + clientPort);
    }

    private static ConntrackTuple sixth() {
        IpAddress local = IpAddress.of("::1");
        return ConntrackTuple.udp(local, 1, local, 2);
    }

    /** A kernel that lists these entries, whatever the filter says. */
    private static ScriptedKernel.Script lists(ConntrackEntry... entries) {
        return (requests, answers) -> {
            requests.next();
            for (ConntrackEntry entry : entries) {
                answers.raw(answer(requests.sequence(), entry));
            }
            answers.done(requests.sequence(), 0);
        };
    }

    private static ScriptedKernel.Script finds(ConntrackEntry entry) {
        return (requests, answers) -> {
            requests.next();
            answers.raw(answer(requests.sequence(), entry));
        };
    }

    private static ByteBuf answer(int sequence, ConntrackEntry entry) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(
                Bytes.written(new ConntrackRequest.Add(entry), 0, sequence, ScriptedKernel.PORT_ID)));
    }

    private static ScriptedKernel.Script refuses(int error) {
        return (requests, answers) -> {
            while (requests.next()) {
                answers.error(requests.sequence(), error);
            }
        };
    }

    @AfterEach
    void closesItsSocket() {
        client.close();
        assertThat(kernel.stillOpen()).isZero();
    }

    @Test
    void entriesThatTheKernelLetsThroughInSpiteOfTheFilterAreLeftOut() {
        ConntrackEntry six = new ConntrackEntry(sixth(), sixth(), Zone.DEFAULT, 0, 0x11, Duration.ofSeconds(1), 1);
        kernel.then(lists(entry(1, 0x11), entry(2, 0x12), six));

        assertThat(client.list(ConntrackFilter.ALL.ofFamily(IpFamily.IPV4).marked(1, 0x0f)))
                .containsExactly(entry(1, 0x11));
    }

    @Test
    void chosenEntriesAreDeletedOneByOneEachByItsTupleAndNumber() {
        List<String> deleted = new ArrayList<>();
        kernel.then(lists(entry(1, 0), entry(2, 0), entry(3, 0))).then((requests, answers) -> {
            while (requests.next()) {
                assertThat(requests.type()).isEqualTo(ConntrackLayout.DELETE);
                AttributeReader attributes = requests.attributes(ConntrackLayout.HEADER);
                while (attributes.next()) {
                    deleted.add(attributes.type() == ConntrackLayout.ID ? "id " + attributes.u32be() : "tuple");
                }
                if ((requests.flags() & MessageFlags.ACK) != 0) {
                    answers.error(requests.sequence(), 0);
                }
            }
        });

        List<ConntrackClient.Deletion> deletions =
                client.deleteIf(ConntrackFilter.ALL, found -> found.original().sourcePort() != 2);

        assertThat(deletions)
                .containsExactly(
                        new ConntrackClient.Deletion(entry(1, 0), Outcome.DONE),
                        new ConntrackClient.Deletion(entry(3, 0), Outcome.DONE));
        assertThat(deleted).containsExactly("tuple", "id 4001", "tuple", "id 4003");
        assertThat(kernel.datagramSizes()).hasSize(2);
    }

    @Test
    void nothingIsSentWhenNothingIsChosen() {
        kernel.then(lists(entry(1, 0)));

        assertThat(client.deleteIf(ConntrackFilter.ALL, found -> false)).isEmpty();
        assertThat(kernel.datagramSizes()).hasSize(1);
    }

    @Test
    void entryThatIsGoneIsAlreadySoAndOtherRefusalsAreToldApart() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.error(requests.sequence(), ENOENT);
            requests.next();
            answers.error(requests.sequence(), EINVAL);
            requests.next();
            answers.error(requests.sequence(), 0);
        });

        List<Outcome> outcomes = client.delete(List.of(entry(1, 0), entry(2, 0), entry(3, 0)));

        assertThat(outcomes.get(0)).isEqualTo(Outcome.ALREADY_SO);
        assertThat(((Outcome.Rejected) outcomes.get(1)).why())
                .hasMessage("delete conntrack entry udp 10.1.0.1:2 -> 10.0.0.10:53: EINVAL: the kernel's ctnetlink is"
                        + " not available; load it with 'modprobe nf_conntrack_netlink', or use a kernel that has it");
        assertThat(outcomes.get(2)).isEqualTo(Outcome.DONE);
    }

    @Test
    void singleDeletionTellsWhetherThereWasAnEntry() {
        kernel.then(finds(entry(1, 0)))
                .then(ScriptedKernel::obey)
                .then(refuses(ENOENT))
                .then(finds(entry(1, 0)))
                .then(refuses(ENOENT))
                .then(refuses(EOPNOTSUPP));

        assertThat(client.delete(entry(1, 0).original(), Zone.DEFAULT)).isTrue();
        assertThat(client.delete(entry(1, 0).original(), Zone.DEFAULT)).isFalse();
        assertThat(client.delete(entry(1, 0).original(), Zone.DEFAULT)).isFalse();
        assertThatThrownBy(() -> client.delete(entry(1, 0).original(), Zone.of(7)))
                .hasMessage("look up conntrack entry udp 10.1.0.1:1 -> 10.0.0.10:53 in zone 7: EOPNOTSUPP: this kernel"
                        + " was built without conntrack zones");
    }

    @Test
    void entryWhoseAnswersHaveTheTupleIsNotDeletedForIt() {
        kernel.then(finds(entry(1, 0)));

        assertThat(client.delete(entry(1, 0).reply(), Zone.DEFAULT)).isFalse();
        assertThat(kernel.datagramSizes()).hasSize(1);
    }

    @Test
    void missingEntryIsFoundEmpty() {
        kernel.then(refuses(ENOENT)).then(finds(entry(1, 5)));

        assertThat(client.find(entry(1, 0).original(), Zone.DEFAULT)).isEmpty();
        assertThat(client.find(entry(1, 0).original(), Zone.DEFAULT)).contains(entry(1, 5));
    }
}
