// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetErrorsTest {
    private static final String NO_TYPE =
            "this kernel has no hash:ip for family inet; load it with 'modprobe ip_set_hash_ip',"
                    + " or use a kernel that has it";

    private static final SetDefinition VIPS = SetDefinition.hashIp("vips", IpFamily.IPV4);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1    | ''",
                "2    | there is no set of this name; create it first",
                "12   | ''",
                "22   | the kernel's ip_set is not available; load it with 'modprobe ip_set', or use a kernel that has"
                        + " it",
                "4097 | the set of this name is not hash:ip of this address family; somebody may have replaced it,"
                        + " look it up again",
                "4352 | the set is full (maxelem 65536); delete entries, or replace the set by one with a"
                        + " higher maxElements",
                "4353 | the kernel takes no unspecified address into a set of type hash:ip",
                "4354 | the kernel takes no protocol 0",
            })
    void saysWhatAnErrorMeansForAnEntryOfAHash(int number, String text) {
        SetEntry entry = new SetEntry.Ip(IpAddress.of("10.0.0.1"));

        assertThat(addition(VIPS, entry).explain(new Errno(number))).isEqualTo(text);
    }

    @Test
    void sameNumberMeansSomethingElseForABitmap() {
        SetDefinition ports = SetDefinition.bitmapPort("ports", 1, 9);

        assertThat(addition(ports, new SetEntry.Port(10)).explain(new Errno(4352)))
                .isEqualTo("the port is outside the set's range (1-9); create the set again with a wider one");
    }

    @Test
    void unspecifiedAddressIsTheReasonForEinval() {
        SetEntry.IpPort any = new SetEntry.IpPort(IpAddress.of("0.0.0.0"), SetProtocol.TCP, 80);
        SetDefinition web = SetDefinition.hashIpPort("web", IpFamily.IPV4);
        SetDefinition pairs = SetDefinition.hashIpPortIp("pairs", IpFamily.IPV4);

        assertThat(addition(web, any).explain(Errno.EINVAL))
                .isEqualTo("the kernel takes no unspecified address into a set of type hash:ip,port");
        assertThat(addition(pairs, new SetEntry.IpPortIp(IpAddress.of("10.0.0.1"), SetProtocol.TCP, 1, any.address()))
                        .explain(Errno.EINVAL))
                .contains("no unspecified address");
        assertThat(addition(pairs, new SetEntry.IpPortIp(any.address(), SetProtocol.TCP, 1, any.address()))
                        .explain(Errno.EINVAL))
                .contains("no unspecified address");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "12   | the kernel has no memory for it; choose a smaller hashSize",
                "17   | a set of this name exists already; destroy it first, or allow for it with createIfAbsent",
                "4098 | " + NO_TYPE,
                "4099 | the kernel has no room for another set; destroy some that are not needed",
                "4106 | " + NO_TYPE,
                "4097 | the kernel takes the request for malformed; version 7 of the ipset protocol needs Linux 4.20 or"
                        + " newer",
            })
    void saysWhatAnErrorMeansForACreation(int number, String text) {
        assertThat(new SetRequest.Create(VIPS, 0, true).explain(new Errno(number)))
                .isEqualTo(text);
    }

    private static SetRequest.Entry addition(SetDefinition set, SetEntry entry) {
        return new SetRequest.Entry(true, set.name(), set.type(), set.options(), entry);
    }
}
