// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.it.lab.CommandResult;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.Place;
import io.github.ipvs4j.netlink.KernelRejected;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is missing is said in one sentence with the remedy: by the library as an exception, by the program with a
 * status.
 */
@LabTest
class RefusalTest {
    private static final String NO_MODULE = "load the module with 'modprobe ip_vs'";
    private static final String NO_CAPABILITY = "CAP_NET_ADMIN";
    private static final int MODULE_MISSING = 11;
    private static final int NOT_PERMITTED = 12;

    /** Takes all that belongs to IPVS out of the kernel, and keeps the kernel from loading it again. */
    private static final String REMOVE_MODULES = """
            cat /proc/sys/kernel/modprobe >/run/modprobe.was
            echo /bin/false >/proc/sys/kernel/modprobe
            for round in 1 2 3 4; do
                lsmod | awk '/^(xt_ipvs|ip_vs)/ && $3 == 0 { print $1 }' | xargs -r rmmod
            done
            ! lsmod | grep '^ip_vs'
            """;

    private static final String ALLOW_MODULES = """
            [ -e /run/modprobe.was ] || exit 0
            modprobe=$(cat /run/modprobe.was)
            rm /run/modprobe.was
            echo "$modprobe" >/proc/sys/kernel/modprobe
            "$modprobe" ip_vs
            """;

    @TempDir
    private Path manifests;

    @AfterEach
    void allowModules() {
        Place.HERE.run("sh", "-ec", ALLOW_MODULES);
    }

    @Test
    void missingModuleIsNamedByTheLibraryAndTheProgram() {
        Place.HERE.run("sh", "-c", REMOVE_MODULES);

        assertThatThrownBy(IpvsClient::open).isInstanceOf(KernelRejected.class).hasMessageContaining(NO_MODULE);
        assertOneSentence(Place.HERE.attempt(Java.proxy(manifests)), MODULE_MISSING, NO_MODULE);
    }

    @Test
    void missingCapabilityIsNamedByTheLibraryAndTheProgram() {
        String[] withoutCapability = {"setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin"};

        CommandResult library = Place.HERE.attempt(Java.example(withoutCapability));
        assertThat(library.succeeded()).isFalse();
        assertThat(library.errors()).contains(KernelRejected.class.getName()).contains(NO_CAPABILITY);

        assertOneSentence(Place.HERE.attempt(Java.proxy(manifests, withoutCapability)), NOT_PERMITTED, NO_CAPABILITY);
    }

    private static void assertOneSentence(CommandResult program, int status, String remedy) {
        assertThat(program.status()).isEqualTo(status);
        assertThat(program.errors().lines().filter(line -> line.contains(remedy)))
                .hasSize(1);
        assertThat(program.errors()).doesNotContain("\tat ");
    }
}
