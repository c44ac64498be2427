// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** A client over a scripted kernel, for the rules that both faces keep. */
abstract class ClientContract {
    /** A client as these tests see it, blocking or not. */
    interface Face extends AutoCloseable {
        void execute(Request request);

        <T> T query(Request request, Function<MessageReader, T> decoder);

        DumpResult dump(Request request, DumpConsumer consumer);

        List<Outcome> batch(List<? extends Request> requests);

        long strayMessages();

        @Override
        void close();
    }

    static final int ENOENT = -2;
    static final int EPERM = -1;

    final ScriptedKernel kernel = new ScriptedKernel();
    final Face client = open(
            NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel).deadline(Duration.ofMillis(30)));

    abstract Face open(NetlinkClient.Builder settings);

    /** A request of one number. */
    record Number(int value) implements Request {
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
            return "set number " + value;
        }

        @Override
        public String explain(Errno errno) {
            return errno.equals(Errno.ENOENT) ? "there is no number " + value : "";
        }
    }

    @AfterEach
    void closesEverySocketItOpened() {
        client.close();
        client.close();
        assertThat(kernel.stillOpen()).isZero();
    }

    /** A request that no attribute can hold. */
    record TooLong() implements Request {
        @Override
        public int type() {
            return 100;
        }

        @Override
        public void write(MessageWriter out) {
            out.bytes(1, new byte[70_000]);
        }

        @Override
        public String describe() {
            return "write too much";
        }
    }

    static List<Request> numbers(int count) {
        return IntStream.range(0, count).<Request>mapToObj(Number::new).toList();
    }
}
