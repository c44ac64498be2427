// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.IpAddress;
import java.util.Random;

/** Makes the choices of random requests, the same ones for the same seed. */
final class Dice {
    private final Random random;

    Dice(long seed) {
        random = new Random(seed);
    }

    /** Tells whether something that happens once in so many times happens now. */
    boolean once(int inTimes) {
        return random.nextInt(inTimes) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    int bits() {
        return random.nextInt();
    }

    int of(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    String of(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    IpAddress address(String... choices) {
        return IpAddress.of(of(choices));
    }
}
