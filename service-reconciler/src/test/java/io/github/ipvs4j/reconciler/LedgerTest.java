// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger<String, Integer> ledger = new Ledger<>();

    @Test
    void givesTheFirstServiceByNameItsWayInWhateverOrderTheyCome() {
        ledger.claim("key", Samples.name("b"), 2);
        ledger.claim("key", Samples.name("a"), 1);
        ledger.claim("key", Samples.name("c"), 3);

        assertThat(ledger.wanted("key")).isEqualTo(1);
        assertThat(ledger.contested())
                .containsExactly(Map.entry("key", List.of(Samples.name("a"), Samples.name("b"), Samples.name("c"))));

        ledger.release("key", Samples.name("a"));

        assertThat(ledger.wanted("key")).isEqualTo(2);
    }

    @Test
    void keepsWhatAnotherServiceStillWants() {
        ledger.claim("key", Samples.name("a"), 1);
        ledger.claim("key", Samples.name("b"), 1);
        ledger.release("key", Samples.name("a"));

        assertThat(ledger.wanted("key")).isEqualTo(1);
        assertThat(ledger.contested()).isEmpty();
    }

    @Test
    void remembersForWhomAnObjectWasUntilItIsSettled() {
        ledger.claim("key", Samples.name("a"), 1);
        ledger.hold("key", 1);
        ledger.settle("key");
        ledger.release("key", Samples.name("a"));

        assertThat(ledger.touched()).containsExactly("key");
        assertThat(ledger.owners("key")).containsExactly(Samples.name("a"));

        ledger.hold("key", null);
        ledger.settle("key");

        assertThat(ledger.isEmpty()).isTrue();
    }

    @Test
    void countsWhatIsHeld() {
        ledger.hold("a", 1);
        ledger.hold("a", 2);
        ledger.hold("b", 1);
        assertThat(ledger.heldCount()).isEqualTo(2);

        ledger.hold("a", null);
        assertThat(ledger.heldCount()).isEqualTo(1);
        assertThat(ledger.heldKeys()).containsExactly("b");

        ledger.forgetHeld();
        assertThat(ledger.heldCount()).isZero();
        assertThat(ledger.isEmpty()).isTrue();
    }

    @Test
    void marksExactlyWhatDiffers() {
        ledger.claim("missing", Samples.name("a"), 1);
        ledger.claim("other", Samples.name("a"), 1);
        ledger.claim("same", Samples.name("a"), 1);
        ledger.touched().forEach(ledger::settle);
        ledger.hold("other", 2);
        ledger.hold("same", 1);
        ledger.hold("surplus", 1);

        ledger.touchDifferences();

        assertThat(ledger.touched()).containsExactlyInAnyOrder("missing", "other", "surplus");
    }

    @Test
    void bearsThousandsOfServicesThatWantTheSame() {
        int many = 20_000;
        for (int i = 0; i < many; i++) {
            ledger.claim("key", Samples.name("s" + i), 1);
        }
        ledger.settle("key");
        for (int i = 0; i < many; i++) {
            ledger.release("key", Samples.name("s" + i));
        }
        ledger.settle("key");

        assertThat(ledger.isEmpty()).isTrue();
    }

    /** Claims and releases agree with a plain model. */
    @Property(tries = 300)
    void agreesWithASortedMapOfWishes(
            @ForAll @Size(max = 30) List<@IntRange(max = 4) Integer> owners,
            @ForAll @Size(max = 30) List<@IntRange(max = 3) Integer> values) {
        Ledger<String, Integer> tried = new Ledger<>();
        TreeMap<ObjectName, Integer> model = new TreeMap<>();
        for (int i = 0; i < Math.min(owners.size(), values.size()); i++) {
            ObjectName owner = Samples.name("s" + owners.get(i));
            if (values.get(i) == 0) {
                tried.release("key", owner);
                model.remove(owner);
            } else {
                tried.claim("key", owner, values.get(i));
                model.put(owner, values.get(i));
            }
            assertThat(tried.wanted("key")).isEqualTo(model.isEmpty() ? null : model.get(model.firstKey()));
            assertThat(tried.contested())
                    .isEqualTo(model.size() < 2 ? Map.of() : Map.of("key", new ArrayList<>(model.keySet())));
        }
    }
}
