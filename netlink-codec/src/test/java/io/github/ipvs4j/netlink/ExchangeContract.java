// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rules of the exchange, which both faces keep. */
abstract class ExchangeContract extends BatchContract {
    @Test
    void requestIsDoneWhenItIsAcknowledged() {
        client.execute(new Number(1));

        assertThat(kernel.opened()).isEqualTo(1);
    }

    @Test
    void refusalSaysWhatWasAskedWhatTheKernelSaidAndWhatItMeans() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.error(requests.sequence(), ENOENT);
        });

        assertThatThrownBy(() -> client.execute(new Number(5)))
                .isInstanceOf(KernelRejected.class)
                .hasMessage("set number 5: ENOENT: there is no number 5");
    }

    @Test
    void missingCapabilityIsNamed() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.error(requests.sequence(), EPERM);
        });

        assertThatThrownBy(() -> client.execute(new Number(5)))
                .hasMessage("set number 5: EPERM: the process lacks CAP_NET_ADMIN;"
                        + " run it as root or grant that capability");
    }

    @Test
    void answerIsHandedToTheDecoder() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.object(requests.sequence(), 0, 42);
        });

        assertThat(client.<Integer>query(new Number(1), message -> message.headerU32(0)))
                .isEqualTo(42);
    }

    @Test
    void answersOfOthersAreCountedAndDropped() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.object(requests.sequence() - 1, 0, 13);
            answers.message(100, 0, requests.sequence(), 99, 14);
            answers.object(requests.sequence(), 0, 42);
        });

        assertThat(client.<Integer>query(new Number(1), message -> message.headerU32(0)))
                .isEqualTo(42);
        assertThat(client.strayMessages()).isEqualTo(2);
    }

    @Test
    void outcomeIsUnknownAfterTheDeadlineAndTheNextCallWorksOnAnotherSocket() {
        kernel.then((requests, answers) -> {});

        assertThatThrownBy(() -> client.execute(new Number(1)))
                .isInstanceOf(DeadlineExceeded.class)
                .hasMessageContaining("set number 1: no answer from the kernel within 30 ms, the outcome is unknown");

        client.execute(new Number(2));
        assertThat(kernel.opened()).isEqualTo(2);
        assertThat(kernel.stillOpen()).isEqualTo(1);
    }

    @Test
    void damagedAnswerIsRefusedAndTheSocketReplaced() {
        kernel.then((requests, answers) -> answers.raw(Unpooled.wrappedBuffer(new byte[20])));

        assertThatThrownBy(() -> client.execute(new Number(1))).isInstanceOf(MalformedReply.class);

        client.execute(new Number(2));
        assertThat(kernel.opened()).isEqualTo(2);
    }

    @Test
    void listingIsStreamedToItsEnd() {
        kernel.then((requests, answers) -> {
            requests.next();
            assertThat(requests.flags() & MessageFlags.DUMP).isEqualTo(MessageFlags.DUMP);
            IntStream.range(0, 5).forEach(i -> answers.object(requests.sequence(), MessageFlags.MULTI, i));
            answers.done(requests.sequence(), 0);
        });

        List<Integer> seen = new ArrayList<>();
        DumpResult result = client.dump(new Number(1), message -> seen.add(message.headerU32(0)));

        assertThat(seen).containsExactly(0, 1, 2, 3, 4);
        assertThat(result).isEqualTo(new DumpResult(true, 5));
    }

    private void listsOneDisturbedThenTwo() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.object(requests.sequence(), MessageFlags.MULTI | MessageFlags.DUMP_INTERRUPTED, 1);
            answers.done(requests.sequence(), 0);
        });
        kernel.then((requests, answers) -> {
            requests.next();
            answers.object(requests.sequence(), MessageFlags.MULTI, 2);
            answers.done(requests.sequence(), 0);
        });
    }

    @Test
    void disturbedListingIsBegunAnewAndForgetsWhatItSaw() {
        listsOneDisturbedThenTwo();

        List<Integer> seen = new ArrayList<>();
        DumpResult result = client.dump(new Number(1), new DumpConsumer() {
            @Override
            public void accept(MessageReader message) {
                seen.add(message.headerU32(0));
            }

            @Override
            public void restart() {
                seen.clear();
            }
        });

        assertThat(result.consistent()).isTrue();
        assertThat(seen).containsExactly(2);
    }

    @Test
    void memoryOfTheFirstPieceIsToldBeforeItIsReceivedInEachAttempt() {
        kernel.memory(4352);
        listsOneDisturbedThenTwo();

        List<String> seen = new ArrayList<>();
        client.dump(new Number(1), new DumpConsumer() {
            @Override
            public void prepared(Supplier<OptionalInt> memory) {
                seen.add("memory " + memory.get().orElseThrow());
            }

            @Override
            public void accept(MessageReader message) {
                seen.add("number " + message.headerU32(0));
            }
        });

        assertThat(seen).containsExactly("memory 4352", "number 1", "memory 4352", "number 2");
    }

    @Test
    void listingThatIsAlwaysDisturbedEndsMarkedInconsistent() {
        for (int i = 0; i < 5; i++) {
            kernel.then((requests, answers) -> {
                requests.next();
                answers.done(requests.sequence(), MessageFlags.DUMP_INTERRUPTED);
            });
        }

        assertThat(client.dump(new Number(1), message -> {}).consistent()).isFalse();
        assertThat(kernel.datagramSizes()).hasSize(5);
    }

    @Test
    void listingThatFailsAtItsEndIsARefusal() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.message(NetlinkHeader.TYPE_DONE, MessageFlags.MULTI, requests.sequence(), 77, -22);
        });

        assertThatThrownBy(() -> client.dump(new Number(1), message -> {}))
                .isInstanceOf(KernelRejected.class)
                .hasMessageContaining("EINVAL");
    }

    @Test
    void lateAnswerOfACallThatWasGivenUpReachesNobody() {
        List<Integer> givenUp = new ArrayList<>();
        kernel.then((requests, answers) -> {
            requests.next();
            givenUp.add(requests.sequence());
        });
        kernel.then((requests, answers) -> {
            requests.next();
            answers.object(givenUp.get(0), 0, 13);
            answers.object(requests.sequence(), 0, 42);
        });

        assertThatThrownBy(() -> client.execute(new Number(1))).isInstanceOf(DeadlineExceeded.class);
        assertThat(client.<Integer>query(new Number(2), message -> message.headerU32(0)))
                .isEqualTo(42);
        assertThat(client.strayMessages()).isEqualTo(1);
    }

    @Test
    void answerThatWasCutShortIsRefusedAndTheSocketReplaced() {
        kernel.then((requests, answers) -> {
            requests.next();
            ByteBuf cut = Unpooled.buffer();
            new MessageWriter(cut).begin(100, 0, requests.sequence()).u32(1, 1).end();
            HostOrder.i32(cut, NetlinkHeader.LENGTH, 4000);
            answers.raw(cut);
        });

        assertThatThrownBy(() -> client.execute(new Number(1)))
                .isInstanceOf(MalformedReply.class)
                .hasMessageContaining("4000");
        client.execute(new Number(2));
        assertThat(kernel.opened()).isEqualTo(2);
    }

    @Test
    void overrunOfASingleRequestAndOfAListingIsNamedAndTheNextCallWorks() {
        kernel.then((requests, answers) -> answers.overrun());
        kernel.then((requests, answers) -> answers.overrun());

        assertThatThrownBy(() -> client.execute(new Number(1)))
                .isInstanceOf(SocketFailed.class)
                .hasMessageContaining("set number 1: ENOBUFS");
        assertThatThrownBy(() -> client.dump(new Number(2), message -> {}))
                .isInstanceOf(SocketFailed.class)
                .hasMessageContaining("set number 2: ENOBUFS");
        client.execute(new Number(3));
    }

    @Test
    void socketThatBreaksIsNamedAndReplaced() {
        kernel.then((requests, answers) -> answers.breakDown());

        assertThatThrownBy(() -> client.execute(new Number(1)))
                .isInstanceOf(SocketFailed.class)
                .hasMessageContaining("broken on purpose");
        client.execute(new Number(2));
        assertThat(kernel.opened()).isEqualTo(2);
    }

    @Test
    void answersOfOthersAreNoProgress() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.chatterAbout(requests.sequence() - 1);
        });

        assertThatThrownBy(() -> client.execute(new Number(1))).isInstanceOf(DeadlineExceeded.class);
    }

    @Test
    void requestThatCannotBeWrittenLeavesTheClientUsable() {
        assertThatThrownBy(() -> client.execute(new TooLong()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("65535");
        client.execute(new Number(1));
    }

    @Test
    void closedClientSaysSo() {
        client.close();

        assertThatThrownBy(() -> client.execute(new Number(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
