// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpsetScriptTest {
    /** What ipset 7.17 saved of sets on Linux 6.18. */
    private static final String SAVED = """
            create a hash:ip family inet hashsize 1024 maxelem 65536 netmask 24 timeout 10 counters comment skbinfo \
            bucketsize 6 initval 0x00000001
            add a 10.1.2.0 timeout 4 packets 3 bytes 5 comment "he said" skbmark 0x11/0xff skbprio 1:2 skbqueue 3
            create b hash:net family inet6 hashsize 1024 maxelem 65536 counters bucketsize 12 initval 0x8380631a
            add b fd00::/64 nomatch packets 1 bytes 2
            create c bitmap:ip range 10.0.0.0-10.0.255.255 netmask 24 timeout 0
            add c 10.0.3.0 timeout 0
            create d bitmap:ip,mac range 10.0.0.0-10.0.0.9 comment
            add d 10.0.0.1
            add d 10.0.0.2,01:02:03:AA:BB:CC comment "x"
            create f hash:net,iface family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x083bdc8f
            add f 10.1.0.0/16,eth0 nomatch
            add f 10.0.0.0/8,physdev:eth1
            add f 0.0.0.0/0,eth wildcard
            create h hash:ip,port family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0xd6e86f73 \
            bitmask 255.0.255.0
            add h 10.0.1.0,gre:0
            add h 10.0.1.0,icmp:echo-request
            create i hash:ip,port,net family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x477a7ef4
            add i 10.0.0.1,udp:80,10.0.0.1
            create g list:set size 12 timeout 5 counters comment skbinfo
            add g b timeout 4 packets 0 bytes 0
            """;

    @Test
    void readsWhatTheProgramSaves() {
        List<IpsetCommand> commands = IpsetScript.parse(SAVED);

        assertThat(commands).hasSize(SAVED.lines().toList().size());
        assertThat(commands.get(1))
                .isEqualTo(new IpsetCommand.Add(
                        "a",
                        new SetMember(
                                new SetEntry.Ip(IpAddress.of("10.1.2.0")),
                                EntryOptions.NONE
                                        .withTimeout(4)
                                        .withCounters(3, 5)
                                        .withComment("he said")
                                        .withMark(0x11, 0xff)
                                        .withPriority(1, 2)
                                        .withQueue(3)),
                        false));
        assertThat(commands)
                .contains(
                        add(
                                "b",
                                new SetEntry.Net(IpPrefix.of("fd00::/64")),
                                nomatch().withCounters(1, 2)),
                        add("f", device("10.1.0.0/16", "eth0", false, false), nomatch()),
                        add("f", device("10.0.0.0/8", "eth1", true, false), EntryOptions.NONE),
                        add("f", device("0.0.0.0/0", "eth", false, true), EntryOptions.NONE));
    }

    @Test
    void readsAgainWhatItWrites() {
        List<IpsetCommand> commands = IpsetScript.parse(SAVED);
        String written =
                String.join("\n", commands.stream().map(Object::toString).toList());

        assertThat(IpsetScript.parse(written)).isEqualTo(commands);
    }

    @Test
    void writesListsOfSetsLast() {
        IpSet list = IpSet.of(SetDefinition.list("all"), List.of(new SetEntry.Member("x")));
        IpSet addresses =
                IpSet.of(SetDefinition.hashIp("x", IpFamily.IPV6), List.of(new SetEntry.Ip(IpAddress.of("fd00::1"))));

        assertThat(IpsetScript.save(List.of(list, addresses))).isEqualTo("""
                        create x hash:ip family inet6 hashsize 1024 maxelem 65536
                        add x fd00::1
                        create all list:set size 8
                        add all x
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hash:ip | 10.0.0.2-10.0.0.5 | 10.0.0.2-10.0.0.5",
                "hash:ip | 10.0.0.0/30 | 10.0.0.0-10.0.0.3",
                "hash:ip | 10.0.0.7/32 | 10.0.0.7",
                "hash:ip,port | 10.0.0.1-10.0.0.2,udp:10-12 | 10.0.0.1-10.0.0.2,udp:10-12",
                "hash:ip,port | 10.0.0.1,80 | 10.0.0.1,tcp:80",
                "hash:ip,port,ip | 10.0.0.1,tcp:1-2,10.0.0.9 | 10.0.0.1,tcp:1-2,10.0.0.9",
                "hash:net | 10.0.0.0-10.0.0.9 | 10.0.0.0-10.0.0.9",
                "hash:net,net | 10.0.0.0/8,10.0.0.0-10.0.0.9 | 10.0.0.0/8,10.0.0.0-10.0.0.9",
                "hash:ip,mark | 10.0.0.1,0x10 | 10.0.0.1,0x00000010",
                "hash:ip,mac | 10.0.0.1,01:02:03:0a:0b:0c | 10.0.0.1,01:02:03:0A:0B:0C",
            })
    void readsRangesAndShortForms(String type, String text, String canonical) {
        List<IpsetCommand> commands = IpsetScript.parse("create x " + type + "\nadd x " + text);

        assertThat(commands.get(1)).hasToString("add x " + canonical);
    }

    @Test
    void readsOtherVerbsAndWhatMeansNothing() {
        assertThat(IpsetScript.parse(
                        """
                        # comment

                        create x hash:ip -exist
                        -! add x 10.0.0.1
                        swap x y
                        rename y z
                        del z 10.0.0.1 -exist
                        flush z
                        flush
                        destroy z
                        destroy
                        COMMIT
                        """,
                        name -> name.equals("y")
                                ? Optional.of(SetDefinition.hashIp("y", IpFamily.IPV4))
                                : Optional.empty()))
                .extracting(Object::toString)
                .containsExactly(
                        "create x hash:ip family inet hashsize 1024 maxelem 65536 -exist",
                        "add x 10.0.0.1 -exist",
                        "swap x y",
                        "rename y z",
                        "del z 10.0.0.1 -exist",
                        "flush z",
                        "flush",
                        "destroy z",
                        "destroy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "creat x hash:ip | line 1, column 1: unknown command 'creat'",
                "create x hash:foo | line 1, column 10: unknown set type 'hash:foo'",
                "create x hash:ip family inet5 | line 1, column 25: family 'inet5'",
                "create x hash:ip maxelem many | line 1, column 26: maxelem 'many'",
                "create x hash:ip colour | line 1, column 18: unknown option 'colour'",
                "create x bitmap:port | line 1, column 10: bitmap:port needs a range",
                "create x hash:ip,port,ip netmask 24 | line 1, column 10: set x: options",
                "add | line 1, column 4: the line ends where the name of a set is expected",
                "add x 10.0.0.1 | line 1, column 5: set x is not known",
                "add ports 10 20 | line 1, column 14: unknown option '20'",
                "add ports 70000 | line 1, column 11: port '70000'",
                "add ports 200 | line 1, column 11: entry 200 does not fit",
                "add web 10.0.0.1,tcpp:80 | line 1, column 18: unknown protocol 'tcpp'",
                "add web 10.0.0.1 | line 1, column 9: entry '10.0.0.1': expected 2 parts",
                "add web 10.0.0.1,tcp:80 comment hello | line 1, column 9: entry 10.0.0.1,tcp:80 comment",
                "add web 10.0.0.1,tcp:80 timeout 1 comment \"x | line 1, column 43: the quotation mark",
                "add web fd00::1,tcp:80 timeout 1 | line 1, column 9: entry fd00::1,tcp:80",
                "add web 10.0.0.1,tcp:80 skbprio 5 | line 1, column 33: skbprio '5'",
                "add web 10.0.0.1,tcp:80 timeout 99999999 | line 1, column 33: timeout 99999999",
                "swap x y z | line 1, column 10: unexpected 'z'",
            })
    void namesThePlaceOfAnError(String text, String message) {
        assertThatThrownBy(() -> IpsetScript.parse(text, IpsetScriptTest::known))
                .isInstanceOfSatisfying(
                        IpsetSyntaxException.class, e -> assertThat(e.line()).isEqualTo(1))
                .hasMessageStartingWith(message);
    }

    private static Optional<SetDefinition> known(String name) {
        return switch (name) {
            case "ports" -> Optional.of(SetDefinition.bitmapPort(name, 0, 100));
            case "web" ->
                Optional.of(SetDefinition.hashIpPort(name, IpFamily.IPV4).withTimeout(5));
            default -> Optional.empty();
        };
    }

    private static IpsetCommand add(String set, SetEntry entry, EntryOptions options) {
        return new IpsetCommand.Add(set, new SetMember(entry, options), false);
    }

    private static EntryOptions nomatch() {
        return EntryOptions.NONE.withNomatch(true);
    }

    private static SetEntry device(String prefix, String name, boolean physical, boolean wildcard) {
        return new SetEntry.NetInterface(IpPrefix.of(prefix), name, physical, wildcard);
    }
}
