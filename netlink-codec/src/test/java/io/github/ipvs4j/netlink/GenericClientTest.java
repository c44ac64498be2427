// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenericClientTest {
    private static final GenericFamily FAMILY = new GenericFamily("IPVS", 1, "load it with 'modprobe ip_vs'");

    /** A command that is content where there is nothing to delete. */
    private static final int DELETE = 9;

    private final ScriptedKernel kernel = new ScriptedKernel();

    /** A request without attributes. */
    private record Command(int command) implements GenericRequest {
        @Override
        public boolean isSatisfiedBy(Errno errno) {
            return command == DELETE && errno.equals(Errno.ENOENT);
        }

        @Override
        public void write(MessageWriter out) {}

        @Override
        public String describe() {
            return "command " + command;
        }
    }

    private GenericClient open() {
        return GenericClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel), FAMILY);
    }

    private static ScriptedKernel.Script familyIs(int number) {
        return (requests, answers) -> {
            requests.next();
            ByteBuf bytes = Unpooled.buffer();
            new MessageWriter(bytes)
                    .begin(16, 0, requests.sequence())
                    .genericHeader(1, 2)
                    .u16(1, number)
                    .end();
            HostOrder.i32(bytes, NetlinkHeader.PORT_ID, ScriptedKernel.PORT_ID);
            answers.raw(bytes);
        };
    }

    private static ScriptedKernel.Script refuse(int error) {
        return (requests, answers) -> {
            while (requests.next()) {
                answers.error(requests.sequence(), error);
            }
        };
    }

    @Test
    void clientForShortPiecesHasASocketOfItsOwnAndTheFamilysNumber() {
        kernel.then(familyIs(28)).then((requests, answers) -> {
            requests.next();
            assertThat(requests.type()).isEqualTo(28);
            answers.error(requests.sequence(), -1);
        });

        try (GenericClient client = open();
                GenericClient inPieces = client.inShortPieces()) {
            assertThat(kernel.stillOpen()).isEqualTo(2);
            assertThatThrownBy(() -> inPieces.execute(new Command(4))).hasMessageContaining("command 4: EPERM");
        }
        assertThat(kernel.stillOpen()).isZero();
    }

    @Test
    void missingFamilyIsNamedWithTheRemedyAndTheSocketClosed() {
        kernel.then(refuse(-2));

        assertThatThrownBy(this::open)
                .isInstanceOf(KernelRejected.class)
                .hasMessage("look up generic-netlink family IPVS: ENOENT: load it with 'modprobe ip_vs'");
        assertThat(kernel.stillOpen()).isZero();
    }

    @Test
    void missingCapabilityIsNamedWithItsNamespace() {
        kernel.then(familyIs(28)).then(refuse(-1));

        try (GenericClient client = open()) {
            assertThatThrownBy(() -> client.execute(new Command(4)))
                    .hasMessageContaining("command 4: EPERM: the process lacks CAP_NET_ADMIN")
                    .hasMessageContaining("initial user namespace");
        }
    }

    @Test
    void reloadedFamilyIsFoundUnderItsNewNumber() {
        kernel.then(familyIs(28)).then(refuse(-2)).then(familyIs(30)).then((requests, answers) -> {
            requests.next();
            assertThat(requests.type()).isEqualTo(30);
            answers.error(requests.sequence(), 0);
        });

        try (GenericClient client = open()) {
            client.execute(new Command(1));
        }
    }

    @Test
    void objectThatIsMissingStaysARefusalWhenTheNumberIsStillRight() {
        kernel.then(familyIs(28)).then(refuse(-2)).then(familyIs(28));

        try (GenericClient client = open()) {
            assertThatThrownBy(() -> client.execute(new Command(6))).hasMessageContaining("ENOENT");
        }
    }

    @Test
    void batchIsRepeatedUnderTheNewNumber() {
        kernel.then(familyIs(28)).then(refuse(-2)).then(familyIs(30));

        try (GenericClient client = open()) {
            assertThat(client.batch(List.of(new Command(1), new Command(2)))).containsOnly(Outcome.DONE);
        }
    }

    @Test
    void batchThatIsContentWithMissingObjectsIsRepeatedWhenItWasTheFamilyThatWasMissing() {
        kernel.then(familyIs(28)).then(refuse(-2)).then(familyIs(30)).then(ScriptedKernel::obey);
        kernel.then(refuse(-2)).then(familyIs(30));

        try (GenericClient client = open()) {
            assertThat(client.batch(List.of(new Command(DELETE), new Command(1))))
                    .containsOnly(Outcome.DONE);
            assertThat(client.batch(List.of(new Command(DELETE), new Command(DELETE))))
                    .containsOnly(Outcome.ALREADY_SO);
        }
    }
}
