// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PlatformTest {
    @Test
    void systemOtherThanLinuxIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> Platform.requireLinux("open NETLINK_GENERIC socket", "Mac OS X"))
                .isInstanceOf(SocketFailed.class)
                .hasMessage("open NETLINK_GENERIC socket: this system is Mac OS X, and only Linux has netlink; run this"
                        + " program on Linux 4.20 or newer");
    }

    @Test
    void machineOfOtherSizesOrNumbersIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> Platform.requireMachine("open NETLINK_GENERIC socket", "arm"))
                .isInstanceOf(SocketFailed.class)
                .hasMessage("open NETLINK_GENERIC socket: this Java is for arm, whose sizes and numbers are not known"
                        + " here; use one for aarch64, amd64, riscv64");
    }

    @Test
    void linuxOfSixtyFourBitsIsAccepted() {
        assertThatCode(() -> Platform.requireLinux("open", "Linux")).doesNotThrowAnyException();
        assertThatCode(() -> Platform.requireMachine("open", "aarch64")).doesNotThrowAnyException();
    }
}
