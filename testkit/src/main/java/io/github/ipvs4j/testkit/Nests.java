// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;

/** Writes nests without the flag for nests, as the kernel does in answers of IPVS and the controller. */
final class Nests {
    private Nests() {}

    /** Begins a nest and returns the mark for {@link MessageWriter#endNested}. */
    static int begin(MessageWriter out, int type) {
        int mark = out.size();
        out.flag(type);
        return mark;
    }
}
