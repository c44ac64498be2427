// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.SocketFailed;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {
    @ParameterizedTest
    @CsvSource({
        "1, NOT_PERMITTED",
        "13, NOT_PERMITTED",
        "2, MODULE_MISSING",
        "22, MODULE_MISSING",
        "93, MODULE_MISSING",
        "95, MODULE_MISSING",
        "12, SYSTEM",
        "105, SYSTEM"
    })
    void tellsWhatTheKernelLacksFromWhatTheProcessLacks(int errno, ExitCode code) {
        NetlinkException failure = new KernelRejected("look up", new Errno(errno), Optional.empty(), "");

        assertThat(ExitCode.of(failure, "Linux")).isEqualTo(code);
    }

    @Test
    void tellsOfOtherSystems() {
        assertThat(ExitCode.of(new SocketFailed("no netlink", null), "Mac OS X"))
                .isEqualTo(ExitCode.NOT_LINUX);
        assertThat(ExitCode.of(new SocketFailed("no memory", null), "Linux")).isEqualTo(ExitCode.SYSTEM);
    }

    @Test
    void hasANumberOfItsOwnForEachCase() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::status))
                .doesNotHaveDuplicates()
                .doesNotContain(3, 14, 126, 127);
    }
}
