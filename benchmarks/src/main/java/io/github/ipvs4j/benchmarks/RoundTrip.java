// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.benchmarks;

import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import io.github.ipvs4j.netlink.Request;
import io.github.ipvs4j.netlink.Transport;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a conversation with the running kernel costs: one request and its answer, and a batch of a thousand requests
 * with an outcome for each. The requests go to the generic-netlink controller, which needs no rights and changes
 * nothing. Figures are per call; the system calls of the whole measurement are counted beside them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoundTrip {
    static final int BATCH = 1000;

    private final Request lookUp = new Controller(true);
    private final List<Request> nothings = Collections.nCopies(BATCH, new Controller(false));
    private @Nullable CountingTransport counting;
    private @Nullable NetlinkClient client;

    /** System calls, as sums over an iteration; divide by the number of calls beside them. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class SystemCalls {
        /** Datagrams sent. */
        public long sends;

        /** Datagrams received, or looked for in vain. */
        public long receives;

        /** Calls of the benchmark. */
        public long calls;
    }

    /**
     * A request to the controller: the look-up of its own family, which is answered by an object, or a control message,
     * which the kernel works through like any other and acknowledges where that is asked for.
     */
    private record Controller(boolean lookUp) implements Request {
        private static final int FAMILY = 16;
        private static final int NO_OPERATION = 1;
        private static final int GET_FAMILY = 3;
        private static final int FAMILY_ID = 1;

        @Override
        public int type() {
            return lookUp ? FAMILY : NO_OPERATION;
        }

        @Override
        public void write(MessageWriter out) {
            if (lookUp) {
                out.genericHeader(GET_FAMILY, 1).u16(FAMILY_ID, FAMILY);
            }
        }

        @Override
        public String describe() {
            return "look up the controller";
        }
    }

    /** Opens the client. */
    @Setup
    public void open() {
        client = NetlinkClient.builder(NetlinkProtocol.GENERIC)
                .transport(protocol -> {
                    counting = new CountingTransport(Transport.Factory.kernel().open(protocol));
                    return counting;
                })
                .open();
    }

    /** Closes the client. */
    @TearDown(Level.Trial)
    public void close() {
        Objects.requireNonNull(client).close();
    }

    /**
     * One request and its answer.
     *
     * @param counts where system calls are counted
     * @return the answer's length
     */
    @Benchmark
    public int single(SystemCalls counts) {
        int length = Objects.requireNonNull(client).query(lookUp, message -> message.length());
        count(counts);
        return length;
    }

    /**
     * A thousand requests that make no work in the kernel, with an outcome for each: the conversation alone.
     *
     * @param counts where system calls are counted
     * @return the outcomes
     */
    @Benchmark
    public List<Outcome> batch(SystemCalls counts) {
        List<Outcome> outcomes = Objects.requireNonNull(client).batch(nothings);
        count(counts);
        return outcomes;
    }

    private void count(SystemCalls counts) {
        CountingTransport transport = Objects.requireNonNull(counting);
        counts.calls++;
        counts.sends += transport.sends();
        counts.receives += transport.receives();
        transport.restart();
    }
}
