// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipset.EntryOptions;
import io.github.ipvs4j.ipset.IpSet;
import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.IpsetCommand;
import io.github.ipvs4j.ipset.IpsetScript;
import io.github.ipvs4j.ipset.Replacement;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetMember;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.Place;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sets of every type in both families: the program ipset and this library read what the other one writes. */
@LabTest
class SetTypesTest {
    private static final int SIZE = 500;

    private final IpsetClient client = IpsetClient.open();

    @AfterEach
    void closesClient() {
        client.close();
    }

    static Stream<Arguments> kinds() {
        return Stream.of(SetType.values()).flatMap(type -> families(type).map(family -> Arguments.of(type, family)));
    }

    private static Stream<IpFamily> families(SetType type) {
        boolean both = type.isHash() && type != SetType.HASH_MAC;
        return both ? Stream.of(IpFamily.values()) : Stream.of(IpFamily.IPV4);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void programReadsWhatWeWriteAndWeReadWhatItWrites(SetType type, IpFamily family) {
        for (int seed = 0; seed < 4; seed++) {
            IpSet wanted = wanted(seed, type, family);

            client.create(wanted.definition());
            List<Outcome> outcomes = client.putMembers(wanted.name(), wanted.members());
            assertThat(outcomes).containsOnly(Outcome.DONE);
            List<IpsetCommand> saved = IpsetScript.parse(Place.HERE.run("ipset", "save", wanted.name()));
            IpSet ours = client.list(wanted.name()).orElseThrow();
            client.destroy(wanted.name());
            Place.HERE.feed(IpsetScript.save(List.of(wanted)), "ipset", "restore");
            IpSet restored = client.list(wanted.name()).orElseThrow();
            List<Outcome> again = client.delete(wanted.name(), wanted.entries());

            assertThat(ours.definition().matches(wanted.definition())).isTrue();
            assertThat(lasting(ours.members())).isEqualTo(lasting(wanted.members()));
            assertThat(lasting(additions(saved))).isEqualTo(lasting(wanted.members()));
            assertThat(lasting(restored.members())).isEqualTo(lasting(wanted.members()));
            assertThat(again).containsOnly(Outcome.DONE);
            client.destroy(wanted.name());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void replacesContentsByDifferenceAndBySwap(SetType type, IpFamily family) {
        IpSet first = wanted(10, type, family);
        List<SetMember> part = first.members().subList(0, first.members().size() - 2);
        IpSet fewer = IpSet.ofMembers(first.definition(), part);
        IpSet other = wanted(11, type, family);
        IpSet renewed = new IpSet(other.definition().withName(first.name()), other.entries(), other.options());

        assertThat(client.replace(first).way()).isEqualTo(Replacement.Way.CREATED);
        assertThat(client.replace(first).way()).isEqualTo(Replacement.Way.UNCHANGED);
        client.replace(fewer);
        assertThat(client.list(first.name()).orElseThrow().entries()).isEqualTo(fewer.entries());
        client.replace(renewed);
        IpSet present = client.list(first.name()).orElseThrow();
        assertThat(present.entries()).isEqualTo(renewed.entries());
        assertThat(present.definition().matches(renewed.definition())).isTrue();
        assertThat(client.names()).noneMatch(name -> name.startsWith("ipvs4j~"));
        // A list refers to its members, and then they cannot be destroyed all at once.
        client.destroy(first.name());
    }

    private IpSet wanted(long seed, SetType type, IpFamily family) {
        IpSet set = new RandomSets(seed, type, family).set("random", SIZE);
        for (SetEntry entry : set.entries()) {
            if (entry instanceof SetEntry.Member member) {
                client.createIfAbsent(SetDefinition.hashIp(member.set(), IpFamily.IPV4));
            }
        }
        return set;
    }

    private static List<SetMember> additions(List<IpsetCommand> commands) {
        List<SetMember> members = new ArrayList<>();
        commands.forEach(command -> {
            if (command instanceof IpsetCommand.Add add) {
                members.add(add.member());
            }
        });
        return members;
    }

    /** What of the entries does not change with time: instead of the time left, whether there is an end. */
    private static Map<SetEntry, String> lasting(List<SetMember> members) {
        Map<SetEntry, String> lasting = new LinkedHashMap<>();
        for (SetMember member : members) {
            EntryOptions options = member.options();
            String timeout =
                    options.timeout().isEmpty() ? "none" : options.timeout().getAsLong() == 0 ? "never" : "some day";
            lasting.put(
                    (SetEntry) member.spec(), timeout + " " + options.toString().replaceAll("timeout \\d+ ?", ""));
        }
        return lasting;
    }
}
