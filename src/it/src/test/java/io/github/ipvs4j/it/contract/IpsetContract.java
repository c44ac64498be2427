// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A client of sets on any kernel. Sets of the tests have names that begin alike, and are gone after each of them. */
abstract class IpsetContract {
    static final String PREFIX = "ipvs4j-";
    static final String NAME = PREFIX + "set";

    IpsetClient ipset;

    /** Returns settings for {@code NETLINK_NETFILTER}. */
    abstract NetlinkClient.Builder settings();

    @BeforeEach
    void openClient() {
        ipset = IpsetClient.open(settings());
        destroyOurs();
    }

    @AfterEach
    void closeClient() {
        try {
            destroyOurs();
        } finally {
            ipset.close();
        }
    }

    private void destroyOurs() {
        List<String> ours = ipset.names().stream().filter(IpsetContract::isOurs).toList();
        // Lists refer to the others until they are empty.
        ours.forEach(ipset::flush);
        ours.forEach(ipset::destroy);
    }

    static boolean isOurs(String name) {
        return name.startsWith(PREFIX);
    }

    static void assertRefused(ThrowingCallable call, int errno, String words) {
        assertThatExceptionOfType(KernelRejected.class)
                .isThrownBy(call)
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.errno()).isEqualTo(new Errno(errno)));
    }
}
