// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class NetlinkClientTest extends ExchangeContract {
    @Override
    Face open(NetlinkClient.Builder settings) {
        NetlinkClient blocking = settings.open();
        return new Face() {
            @Override
            public void execute(Request request) {
                blocking.execute(request);
            }

            @Override
            public <T> T query(Request request, Function<MessageReader, T> decoder) {
                return blocking.query(request, decoder);
            }

            @Override
            public DumpResult dump(Request request, DumpConsumer consumer) {
                return blocking.dump(request, consumer);
            }

            @Override
            public List<Outcome> batch(List<? extends Request> requests) {
                return blocking.batch(requests);
            }

            @Override
            public long strayMessages() {
                return blocking.strayMessages();
            }

            @Override
            public void close() {
                blocking.close();
            }
        };
    }

    @Test
    void interruptedThreadIsGivenBackWithItsFlagSet() {
        kernel.then((requests, answers) -> {});
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> client.execute(new Number(1)))
                .isInstanceOf(DeadlineExceeded.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void consumerOfAListingCannotUseTheClientThatFeedsIt() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.object(requests.sequence(), MessageFlags.MULTI, 1);
            answers.done(requests.sequence(), 0);
        });

        assertThatThrownBy(() -> client.dump(new Number(1), message -> client.execute(new Number(2))))
                .isInstanceOf(IllegalStateException.class);
    }
}
