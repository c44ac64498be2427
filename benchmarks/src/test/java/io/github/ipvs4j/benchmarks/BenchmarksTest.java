// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import io.github.ipvs4j.testkit.SimulatedKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void loadLeavesTheTableItWasAskedForAndNoError() {
        SimulatedKernel kernel = SimulatedKernel.create();
        try (IpvsClient client =
                IpvsClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel.transports()))) {
            String line = new IpvsLoad(30, 4).run(client, 0, true);

            assertThat(line)
                    .matches("\\{\"services\": 30, \"destinations\": 4, \"warm\": 0,"
                            + " \"load\": \\{\"operations\": 150, \"milliseconds\": [0-9.]+, \"errors\": 0},"
                            + " \"snapshot\": \\{\"operations\": 150, \"milliseconds\": [0-9.]+, \"errors\": 0},"
                            + " \"change\": \\{\"operations\": 1, \"milliseconds\": [0-9.]+, \"errors\": 0},"
                            + " \"heapPerDestination\": -?[0-9.]+}");
            assertThat(client.snapshot().servers())
                    .hasSize(30)
                    .allSatisfy(server -> assertThat(server.destinations())
                            .hasSize(4)
                            .allSatisfy(there ->
                                    assertThat(there.destination().weight()).isEqualTo(1)));
        }
        kernel.assertQuiescent();
    }

    @Test
    void loadOfASimulatedKernelFailsNowhere() {
        assertThat(new IpvsLoad(30, 4).runSimulated(1))
                .contains("\"warm\": 1", "\"errors\": 0")
                .doesNotContain("\"errors\": 1");
    }

    @Test
    void reconcilerLoadFailsNowhere(@TempDir Path proc) throws IOException {
        String line = new ReconcilerLoad(20, 3).runSimulated(proc);

        assertThat(line).startsWith("{\"services\": 20, \"endpoints\": 3, ");
        assertThat(line.split("\"failures\": 0}", -1)).hasSize(5);
    }
}
