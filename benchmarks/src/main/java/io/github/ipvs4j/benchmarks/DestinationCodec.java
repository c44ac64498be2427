// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.benchmarks;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.MessageWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What encoding and decoding of a destination costs: alone, in a batch of a thousand, and in a listing of a thousand.
 * All figures are per destination.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DestinationCodec {
    private static final int BATCH = 1000;
    private static final int BYTES = 512 * BATCH;

    private final IpAddress service = IpAddress.of("10.96.0.20");
    private final IpAddress[] destinations = new IpAddress[BATCH];
    private final MessageReader reader = new MessageReader();
    private final ByteBuf scratch = Unpooled.directBuffer(BYTES);
    private final ByteBuf one = Unpooled.directBuffer(BYTES);
    private final ByteBuf listing = Unpooled.directBuffer(BYTES);
    private final MessageWriter writer = new MessageWriter(scratch);

    /** Encodes what is to be decoded. */
    @Setup
    public void encode() {
        MessageWriter listed = new MessageWriter(listing);
        for (int i = 0; i < BATCH; i++) {
            destinations[i] = IpAddress.of(new byte[] {10, (byte) 244, (byte) (i >> Byte.SIZE), (byte) i});
            DestinationMessage.writeListed(listed, i, destinations[i]);
        }
        DestinationMessage.write(new MessageWriter(one), 1, service, destinations[0]);
    }

    /** Frees the buffers. */
    @TearDown
    public void release() {
        scratch.release();
        one.release();
        listing.release();
    }

    /**
     * Encodes one request.
     *
     * @return its length
     */
    @Benchmark
    public int encodeOne() {
        writer.clear();
        DestinationMessage.write(writer, 1, service, destinations[0]);
        return writer.size();
    }

    /**
     * Encodes a thousand requests into one datagram.
     *
     * @return its length
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int encodeBatch() {
        writer.clear();
        for (int i = 0; i < BATCH; i++) {
            DestinationMessage.write(writer, i, service, destinations[i]);
        }
        return writer.size();
    }

    /**
     * Decodes one request.
     *
     * @return a sum of its numbers
     */
    @Benchmark
    public long decodeOne() {
        return decode(one);
    }

    /**
     * Decodes a listing of a thousand destinations with their statistics.
     *
     * @return a sum of its numbers
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long decodeListing() {
        return decode(listing);
    }

    private long decode(ByteBuf bytes) {
        long sum = 0;
        reader.over(bytes);
        while (reader.next()) {
            sum += DestinationMessage.read(reader.attributes(Integer.BYTES));
        }
        return sum;
    }
}
