// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.reconciler;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.reconciler.Reconciler;
import java.util.stream.IntStream;

/** What fifty Services are like before and after a change, in which most of them stay as they are. */
enum FiftyServices {
    BEFORE(0, 4),
    AFTER(5, 3);

    private static final int COUNT = 50;
    private static final int CHANGED_FROM = 40;

    private final int first;
    private final int endpoints;

    FiftyServices(int first, int endpoints) {
        this.first = first;
        this.endpoints = endpoints;
    }

    /** Gives a reconciler all of them. */
    void feed(Reconciler reconciler) {
        IntStream.range(first, first + COUNT).forEach(i -> put(reconciler, i));
    }

    private void put(Reconciler reconciler, int i) {
        String name = "s" + i;
        String address = "10.97.0." + (i + 1);
        TransportProtocol protocol = i % 7 == 0 ? TransportProtocol.UDP : TransportProtocol.TCP;
        if (i % 10 == 3) {
            reconciler.put(Objects.nodePort(name, 30_000 + i, address).build());
            protocol = TransportProtocol.TCP;
        } else {
            reconciler.put(Objects.service(name, protocol, address).build());
        }
        int from = i >= CHANGED_FROM ? first : 0;
        int count = i >= CHANGED_FROM ? endpoints : 2;
        reconciler.put(Objects.slice(
                name,
                protocol,
                IntStream.range(from, from + count)
                        .mapToObj(j -> "10.244.1." + (10 + i % 20 * 10 + j))
                        .toArray(String[]::new)));
    }
}
