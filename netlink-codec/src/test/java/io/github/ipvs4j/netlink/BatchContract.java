// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of batches and of what a refusal in them means, which both faces keep. */
abstract class BatchContract extends ClientContract {
    private static final int EEXIST = -17;

    @Test
    void batchAsksForOneAcknowledgementAndFindsAnOutcomeForEachRequest() {
        kernel.then((requests, answers) -> {
            int acknowledgements = 0;
            while (requests.next()) {
                AttributeReader attributes = requests.attributes(0);
                attributes.next();
                if (attributes.u32() % 3 == 1) {
                    answers.error(requests.sequence(), ENOENT);
                }
                if ((requests.flags() & MessageFlags.ACK) != 0) {
                    acknowledgements++;
                    answers.error(requests.sequence(), 0);
                }
            }
            assertThat(acknowledgements).isEqualTo(1);
        });

        List<Outcome> outcomes = client.batch(numbers(6));

        assertThat(outcomes).extracting(Outcome::succeeded).containsExactly(true, false, true, true, false, true);
        assertThat(outcomes.get(4))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected ->
                                assertThat(rejected.why()).hasMessage("set number 4: ENOENT: there is no number 4"));
    }

    @Test
    void refusalOfTheLastRequestEndsTheBatchToo() {
        kernel.then((requests, answers) -> {
            requests.next();
            requests.next();
            answers.error(requests.sequence(), ENOENT);
        });

        assertThat(client.batch(numbers(2))).extracting(Outcome::succeeded).containsExactly(true, false);
    }

    @Test
    void batchIsSplitWhereADatagramOrTheReceiveBufferWouldOverflow() {
        kernel.limits(100, 1000);
        assertThat(client.batch(numbers(10))).containsOnly(Outcome.DONE);
        assertThat(kernel.datagramSizes()).containsExactly(96, 96, 48);

        kernel.limits(1 << 20, 3);
        assertThat(client.batch(numbers(7))).containsOnly(Outcome.DONE);
        assertThat(kernel.datagramSizes()).containsExactly(96, 96, 48, 72, 72, 24);
    }

    @Test
    void missingCapabilityRefusesTheWholeDatagramOfANetfilterBatch() {
        ScriptedKernel netfilter = new ScriptedKernel().then((requests, answers) -> {
            requests.next();
            answers.error(requests.sequence(), EPERM);
        });
        try (Face other = open(NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(netfilter))) {
            assertThat(other.batch(numbers(3)))
                    .allSatisfy(outcome -> assertThat(
                                    ((Outcome.Rejected) outcome).why().errno())
                            .isEqualTo(Errno.EPERM));
        }
        assertThat(netfilter.stillOpen()).isZero();
    }

    @Test
    void emptyBatchSendsNothing() {
        assertThat(client.batch(List.of())).isEmpty();
        assertThat(kernel.datagramSizes()).isEmpty();
    }

    @Test
    void answersLostToAnOverrunAreUnknownAndNamedOnesAreNot() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.overrun();
            answers.error(requests.sequence(), ENOENT);
        });

        List<Outcome> outcomes = client.batch(numbers(3));

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Rejected.class);
        assertThat(outcomes.subList(1, 3)).allMatch(Outcome.Unknown.class::isInstance);
    }

    @Test
    void batchWithoutAnAnswerIsUnknownAndTheRestIsNotSent() {
        kernel.limits(100, 1000);
        kernel.then(ScriptedKernel::obey);
        kernel.then((requests, answers) -> {});

        List<Outcome> outcomes = client.batch(numbers(10));

        assertThat(outcomes.subList(0, 4)).containsOnly(Outcome.DONE);
        assertThat(outcomes.subList(4, 8))
                .allSatisfy(
                        outcome -> assertThat(((Outcome.Unknown) outcome).why()).isInstanceOf(DeadlineExceeded.class));
        assertThat(outcomes.subList(8, 10))
                .allSatisfy(
                        outcome -> assertThat(((Outcome.Unknown) outcome).why()).hasMessageContaining("not sent"));
        assertThat(kernel.datagramSizes()).hasSize(2);
        client.execute(new Number(1));
        assertThat(kernel.opened()).isEqualTo(2);
    }

    @Test
    void requestThatCannotBeWrittenIsTheOnlyOneOfItsBatchThatIsNotSent() {
        List<Request> requests = new ArrayList<>(numbers(5));
        requests.set(0, new TooLong());
        requests.set(3, new TooLong());

        List<Outcome> outcomes = client.batch(requests);

        assertThat(outcomes).extracting(Outcome::succeeded).containsExactly(false, true, true, false, true);
        assertThat(outcomes.get(3))
                .isInstanceOfSatisfying(
                        Outcome.Unknown.class,
                        unknown -> assertThat(unknown.why()).hasMessageContaining("write too much: not sent"));
        assertThat(client.batch(List.of(new TooLong()))).noneMatch(Outcome::succeeded);
    }

    /** Wants a number to be there, of any of its three parts. */
    private record Wish(int value) implements Request {
        @Override
        public int type() {
            return 100;
        }

        @Override
        public void write(MessageWriter out) {
            out.u32(1, value);
        }

        @Override
        public String describe() {
            return "wish for number " + value;
        }

        @Override
        public boolean isSatisfiedBy(Errno errno) {
            return errno.equals(Errno.EEXIST);
        }

        @Override
        public int refusedPart(MessageReader echo) {
            AttributeReader attributes = echo.attributes(0);
            return attributes.next() ? attributes.u32() : -1;
        }
    }

    @Test
    void refusalThatSatisfiesItsRequestIsAlreadySoInABatchAndARefusalAlone() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.error(requests.sequence(), EEXIST);
            requests.next();
            answers.error(requests.sequence(), ENOENT);
            requests.next();
            answers.error(requests.sequence(), EEXIST);
        });
        kernel.then((requests, answers) -> {
            requests.next();
            answers.error(requests.sequence(), EEXIST);
        });

        List<Outcome> outcomes = client.batch(List.of(new Wish(1), new Wish(2), new Wish(3)));

        assertThat(outcomes.get(0)).isSameAs(Outcome.ALREADY_SO);
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Rejected.class);
        assertThat(outcomes.get(2)).isSameAs(Outcome.ALREADY_SO);
        assertThatThrownBy(() -> client.execute(new Wish(1))).isInstanceOf(KernelRejected.class);
    }

    @Test
    void refusalNamesThePartThatTheKernelMarksInItsEcho() {
        kernel.then((requests, answers) -> {
            requests.next();
            ByteBuf echo = Unpooled.buffer();
            new MessageWriter(echo).begin(100, 0, requests.sequence()).u32(1, 3).end();
            answers.errorWithEcho(requests.sequence(), ENOENT, echo);
        });
        kernel.then((requests, answers) -> {
            requests.next();
            answers.error(requests.sequence(), ENOENT);
        });

        assertThatThrownBy(() -> client.execute(new Wish(1)))
                .isInstanceOfSatisfying(
                        KernelRejected.class,
                        refusal -> assertThat(refusal.part()).hasValue(3))
                .hasMessage("wish for number 1: ENOENT: no such object (part 3 of the request)");
        assertThatThrownBy(() -> client.execute(new Wish(1)))
                .isInstanceOfSatisfying(
                        KernelRejected.class,
                        refusal -> assertThat(refusal.part()).isEmpty());
    }
}
