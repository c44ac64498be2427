// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipset.EntryOptions;
import io.github.ipvs4j.ipset.IpSet;
import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.IpsetCommand;
import io.github.ipvs4j.ipset.IpsetScript;
import io.github.ipvs4j.ipset.ObservedSet;
import io.github.ipvs4j.ipset.Replacement;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetMember;
import io.github.ipvs4j.ipset.SetOptions;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.Place;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sets of every type in both families with every option and random contents: the program ipset and this library read
 * what the other one writes. The system property {@code ipvs4j.cases} says how many for each type and family.
 */
@LabTest(tidy = true)
class SetTypesTest {
    private static final int CASES = Integer.getInteger("ipvs4j.cases", 500);

    /** How many sets there are at a time; a kernel may have room for 256. */
    private static final int BATCH = 50;

    /** One case in so many is larger than a message of a listing. */
    private static final int LARGE_EVERY = 100;

    private static final int LARGE = 2_000;

    /** The program prints names where this library prints numbers; each reads what the other one prints. */
    private static final Pattern ICMP = Pattern.compile(",(icmp|icmpv6|ipv6-icmp):");

    private final IpsetClient client = IpsetClient.open();

    @BeforeEach
    void createsWhatListsMayHold() {
        RandomSets.LISTABLE.forEach(name -> client.create(SetDefinition.hashIp(name, IpFamily.IPV4)));
    }

    @AfterEach
    void closesClient() {
        destroyAllAndClose(client);
    }

    /** Takes every set away; lists let go of their members first. */
    static void destroyAllAndClose(IpsetClient client) {
        try {
            List<String> names = client.names();
            names.forEach(client::flush);
            names.forEach(client::destroy);
        } finally {
            client.close();
        }
    }

    /** All types and families that this kernel has. */
    static Stream<Arguments> kinds() {
        try (IpsetClient asking = IpsetClient.open()) {
            List<Arguments> kinds = new ArrayList<>();
            for (SetType type : SetType.values()) {
                for (IpFamily family : families(type)) {
                    Optional<IpFamily> asked = hasFamily(type) ? Optional.of(family) : Optional.empty();
                    asking.revisions(type, asked).ifPresent(some -> kinds.add(Arguments.of(type, family)));
                }
            }
            return kinds.stream();
        }
    }

    private static boolean hasFamily(SetType type) {
        return type == SetType.BITMAP_IP
                || type == SetType.BITMAP_IP_MAC
                || (type.isHash() && type != SetType.HASH_MAC);
    }

    private static List<IpFamily> families(SetType type) {
        return type.isHash() && type != SetType.HASH_MAC ? List.of(IpFamily.values()) : List.of(IpFamily.IPV4);
    }

    /** The lab's kernels have them all; the machine's own may lack some. */
    @Test
    void findsEveryTypeInTheLab() {
        if (!System.getenv("IPVS4J_LAB").equals("host")) {
            assertThat(kinds()).hasSize(27);
        } else {
            assertThat(kinds()).hasSizeGreaterThan(10);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void programReadsWhatWeWriteAndWeReadWhatItWrites(SetType type, IpFamily family) {
        for (int from = 0; from < CASES; from += BATCH) {
            List<RandomSet> sets = IntStream.range(from, Math.min(CASES, from + BATCH))
                    .mapToObj(seed -> random(seed, type, family))
                    .toList();
            Map<String, List<SetMember>> saved = programReads(sets);
            weRead(sets, saved);
            deletesAll(sets);
        }
    }

    private RandomSet random(int seed, SetType type, IpFamily family) {
        int entries = seed % LARGE_EVERY == 1 ? LARGE : seed % 20;
        return new RandomSets(seed, type, family, hasNewMasks(family)).set("random-" + seed, entries, seed % 3);
    }

    private boolean hasNewMasks(IpFamily family) {
        return client.revisions(SetType.HASH_IP, Optional.of(family))
                        .orElseThrow()
                        .highest()
                >= 6;
    }

    /** Writes sets by this library and returns what the program says of them. */
    private Map<String, List<SetMember>> programReads(List<RandomSet> sets) {
        for (RandomSet set : sets) {
            client.create(set.definition());
            assertThat(client.putMembers(set.name(), set.members()))
                    .as(set::script)
                    .allMatch(Outcome.DONE::equals);
        }
        String text = Place.HERE.run("ipset", "save");
        Map<String, List<SetMember>> saved = additions(IpsetScript.parse(text));
        Map<String, List<String>> lines = text.lines()
                .map(SetTypesTest::withoutHints)
                .filter(line -> !ICMP.matcher(line).find())
                .collect(Collectors.groupingBy(line -> line.split(" ", 3)[1]));
        for (RandomSet set : sets) {
            SetDefinition created =
                    client.describe(set.name()).orElseThrow().definition().orElseThrow();
            assertThat(created.matches(set.definition())).as(set::script).isTrue();
            if (!set.hasRanges()) {
                List<SetMember> members = saved.getOrDefault(set.name(), List.of());
                assertThat(lasting(set, members))
                        .as(set::script)
                        .isEqualTo(lasting(set, set.contents().members()));
                assertThat(lines.get(set.name()).stream().sorted().toList()).isEqualTo(expectedLines(set));
            }
        }
        return saved;
    }

    /** Writes the same sets by the program and compares what this library reads. */
    private void weRead(List<RandomSet> sets, Map<String, List<SetMember>> saved) {
        sets.forEach(set -> client.destroy(set.name()));
        String script = sets.stream().map(RandomSet::script).collect(Collectors.joining());
        Place.HERE.feed(script, "ipset", "-exist", "restore");
        Map<String, ObservedSet> observed =
                client.observe().stream().collect(Collectors.toMap(ObservedSet::name, some -> some));
        for (RandomSet set : sets) {
            ObservedSet ours = observed.get(set.name());
            IpSet contents = ours.contents().orElseThrow();
            assertThat(ours.unread()).isEmpty();
            assertThat(contents.definition().matches(set.definition())).isTrue();
            assertThat(lasting(set, contents.members()))
                    .as(set::script)
                    .isEqualTo(lasting(set, saved.getOrDefault(set.name(), List.of())));
            if (set.definition().options() instanceof SetOptions.Hash wanted) {
                SetOptions.Hash found = (SetOptions.Hash) contents.definition().options();
                // The kernel enlarges the buckets of the one type of which many entries may have the same place.
                boolean same = set.definition().type() == SetType.HASH_NET_INTERFACE
                        || found.bucketSize().equals(wanted.bucketSize());
                assertThat(same).as(set::script).isTrue();
                OptionalLong start = wanted.initialValue();
                assertThat(start.isEmpty() || ours.initialValue().equals(start)).isTrue();
            }
        }
    }

    private void deletesAll(List<RandomSet> sets) {
        for (RandomSet set : sets) {
            List<SetMember> members = set.hasRanges()
                    ? set.members()
                    : set.contents().members().stream()
                            .map(member -> new SetMember(member.spec()))
                            .toList();
            assertThat(client.deleteMembers(set.name(), members))
                    .as(set::script)
                    .allMatch(Outcome::succeeded);
            assertThat(client.describe(set.name()).orElseThrow().elements()).isZero();
            client.destroy(set.name());
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
    }

    @Test
    void keepsWhatRunsForEntriesThatStay() {
        SetDefinition counting = SetDefinition.hashIp("counting", IpFamily.IPV4)
                .withTimeout(5_000)
                .withCounters();
        SetEntry stays = new SetEntry.Ip(IpAddress.of("10.0.0.1"));
        SetMember running =
                new SetMember(stays, EntryOptions.NONE.withTimeout(1_000).withCounters(7, 700));
        List<SetMember> others = new RandomSets(1, SetType.HASH_IP, IpFamily.IPV4, false)
                .set("others", 30, 0).members().stream()
                        .map(member -> new SetMember(member.spec()))
                        .toList();
        client.create(counting);
        client.putMembers("counting", List.of(running));
        IpSet more = IpSet.of(counting, List.of(stays)).with(others, List.of());

        client.replace(more);
        requireRunning(stays);
        assertThat(client.replace(more.with(
                                List.of(), List.of((SetEntry) others.get(0).spec())))
                        .way())
                .isEqualTo(Replacement.Way.CHANGED);
        requireRunning(stays);
        assertThat(client.replace(
                                more.with(List.of(), List.of((SetEntry)
                                        others.get(0).spec())),
                                more)
                        .way())
                .isEqualTo(Replacement.Way.CHANGED);
        requireRunning(stays);
        assertThat(client.replace(new IpSet(counting.withMaxElements(100), more.entries()))
                        .way())
                .isEqualTo(Replacement.Way.SWAPPED);
        requireRunning(stays);
    }

    private void requireRunning(SetEntry stays) {
        EntryOptions options = client.list("counting").orElseThrow().optionsOf(stays);
        assertThat(options.counters()).contains(new EntryOptions.Counters(7, 700));
        assertThat(options.timeout().orElseThrow()).isBetween(1L, 1_000L);
    }

    private IpSet wanted(long seed, SetType type, IpFamily family) {
        RandomSet set = new RandomSets(seed, type, family, hasNewMasks(family)).set("random", LARGE / 4, 0);
        return set.contents();
    }

    private static Map<String, List<SetMember>> additions(List<IpsetCommand> commands) {
        Map<String, List<SetMember>> members = new HashMap<>();
        for (IpsetCommand command : commands) {
            if (command instanceof IpsetCommand.Add add) {
                members.computeIfAbsent(add.set(), name -> new ArrayList<>()).add(add.member());
            }
        }
        return members;
    }

    /** What of the entries does not change with time, sorted where the type has no order. */
    private static List<SetMember> lasting(RandomSet set, List<SetMember> members) {
        Stream<SetMember> lasting = members.stream().map(member -> complete(set.definition(), member));
        return set.definition().type() == SetType.LIST_SET
                ? lasting.toList()
                : lasting.sorted(Comparator.comparing(SetMember::toString)).toList();
    }

    /** Puts in what the kernel takes where nothing is said, and instead of the time left whether there is an end. */
    private static SetMember complete(SetDefinition set, SetMember member) {
        EntryOptions options = member.options();
        if (set.extensions().timeout().isPresent()) {
            long seconds = options.timeout().orElse(set.extensions().timeout().getAsLong());
            options = options.withTimeout(Math.min(1, seconds));
        }
        if (set.extensions().counters() && options.counters().isEmpty()) {
            options = options.withCounters(0, 0);
        }
        return new SetMember(member.spec(), options);
    }

    private static List<String> expectedLines(RandomSet set) {
        List<String> lines = new ArrayList<>();
        lines.add(withoutHints("create " + set.definition()));
        for (SetMember member : set.contents().members()) {
            lines.add("add " + set.name() + " " + complete(set.definition(), member));
        }
        return lines.stream()
                .filter(line -> !ICMP.matcher(line).find())
                .sorted()
                .toList();
    }

    /** Takes away what the kernel chooses by itself, the time left, and a word that ipset 7.17 forgets to print. */
    private static String withoutHints(String line) {
        return line.startsWith("create ")
                ? line.replaceAll(" (hashsize|bucketsize|initval) \\S+| forceadd", "")
                : line.replaceFirst("timeout [1-9]\\d*", "timeout 1");
    }
}
