// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangedEntriesTest {
    private static final SetDefinition SET = SetDefinition.hashIp("vips", IpFamily.IPV4);
    private static final int SIZE = 400;
    private static final int SQUARE_ROOT = 20;

    private static SetEntry entry(int number) {
        return new SetEntry.Ip(IpAddress.of("10.0." + number / 250 + "." + number % 250));
    }

    @Test
    void aLongLineOfSmallChangesStaysCheapAndUnbroken() {
        IpSet set = IpSet.of(
                SET,
                IntStream.range(0, SIZE).mapToObj(ChangedEntriesTest::entry).toList());
        Set<SetEntry> expected = new HashSet<>(set.entries());
        for (int i = 0; i < SIZE; i++) {
            IpSet next = set.with(List.of(new SetMember(entry(SIZE + i))), List.of(entry(i)));
            expected.add(entry(SIZE + i));
            expected.remove(entry(i));

            assertThat(next.entries()).isEqualTo(expected);
            assertThat(ChangedEntries.touchedBetween(set.entries(), next.entries()))
                    .contains(entry(i), entry(SIZE + i))
                    .hasSizeLessThanOrEqualTo(SQUARE_ROOT + 4);
            set = next;
        }
    }

    @Test
    void oneLargeChangeAfterAnotherKeepsItsBase() {
        IpSet set = IpSet.of(
                SET,
                IntStream.range(0, SIZE).mapToObj(ChangedEntriesTest::entry).toList());
        IpSet once = set.with(members(0), List.of());
        IpSet twice = once.with(members(1), List.of());

        assertThat(ChangedEntries.touchedBetween(set.entries(), twice.entries()))
                .hasSize(2 * SQUARE_ROOT * 2);
    }

    private static List<SetMember> members(int part) {
        int from = SIZE + part * SQUARE_ROOT * 2;
        return IntStream.range(from, from + SQUARE_ROOT * 2)
                .mapToObj(number -> new SetMember(entry(number)))
                .toList();
    }
}
