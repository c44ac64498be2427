// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.Outcome;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The benchmarks do what they claim to measure. */
class BenchmarksTest {
    @Test
    void batchedEncodingIsAThousandTimesTheSingleOne() {
        DestinationCodec codec = new DestinationCodec();
        codec.encode();

        assertThat(codec.encodeBatch()).isEqualTo(1000 * codec.encodeOne());

        codec.release();
    }

    @Test
    void decodingReadsWhatWasEncoded() {
        DestinationCodec codec = new DestinationCodec();
        codec.encode();

        long service = 2 + 6 + (10L << 56 | 96L << 48 | 20L << 32) + 80;
        long destination = (10L << 56 | 244L << 48) + 8080 + 1 + 2;
        assertThat(codec.decodeOne()).isEqualTo(service + destination);
        long counters = 3 + 4 + 5 + 6 + 7 + 8 + 9 + 2 + 2046;
        long addresses = LongStream.range(0, 1000)
                .map(i -> 10L << 56 | 244L << 48 | i << 32)
                .sum();
        assertThat(codec.decodeListing()).isEqualTo(addresses + 1000 * (8080 + counters));

        codec.release();
    }

    @Test
    void batchOfAThousandCostsOneSystemCallEachWay() {
        RoundTrip roundTrip = new RoundTrip();
        roundTrip.open();
        RoundTrip.SystemCalls counts = new RoundTrip.SystemCalls();

        assertThat(roundTrip.batch(counts)).hasSize(RoundTrip.BATCH).containsOnly(Outcome.DONE);
        assertThat(counts.sends).isEqualTo(1);
        assertThat(counts.receives).isEqualTo(1);
        assertThat(roundTrip.single(counts)).isPositive();

        roundTrip.close();
    }
}
