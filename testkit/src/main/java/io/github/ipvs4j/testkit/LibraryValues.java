// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import net.jqwik.api.Arbitrary;

/**
 * Generators of the library's value types for property tests with jqwik, which the test has to bring along.
 *
 * <p>Where jqwik is on the class path it finds them by itself; a property only names the type:
 *
 * <pre>{@code void leadsFromOneStateToTheOther(@ForAll IpvsState before, @ForAll IpvsState after) { ... }}</pre>
 *
 * <p>Every value is one that the type accepts. Most are also such that a kernel takes them; whole states and sets draw
 * their keys from a few, so that two of them have some in common.
 */
@SuppressWarnings("exports") // see module-info
public final class LibraryValues {
    private static final Map<Class<?>, Supplier<Arbitrary<?>>> GENERATORS = generators();

    private LibraryValues() {}

    /** Takes the generators of one module. */
    interface Registry {
        <T> void add(Class<T> type, Supplier<Arbitrary<T>> generator);

        /** Adds a generator of a type that is one of several of another one. */
        default <S, T extends S> void addKind(Class<T> type, Supplier<Arbitrary<S>> generator) {
            add(type, () -> generator.get().filter(10_000, type::isInstance).map(type::cast));
        }
    }

    private static Map<Class<?>, Supplier<Arbitrary<?>>> generators() {
        Map<Class<?>, Supplier<Arbitrary<?>>> all = new LinkedHashMap<>();
        Registry registry = new Registry() {
            @Override
            public <T> void add(Class<T> type, Supplier<Arbitrary<T>> generator) {
                all.put(type, generator::get);
            }
        };
        NetlinkValues.register(registry);
        IpvsValues.register(registry);
        IpsetValues.register(registry);
        return all;
    }

    /**
     * Returns the types that there is a generator for.
     *
     * @return value types of netlink-codec, ipvs-core and ipset-core; enums jqwik knows by itself
     */
    public static Set<Class<?>> types() {
        return Collections.unmodifiableSet(GENERATORS.keySet());
    }

    /**
     * Returns the generator of a type.
     *
     * @param type one of {@link #types}
     * @param <T> the type
     * @return a generator
     * @throws IllegalArgumentException if there is none
     */
    @SuppressWarnings("unchecked") // Only generators of the type are kept under it.
    public static <T> Arbitrary<T> of(Class<T> type) {
        Supplier<Arbitrary<?>> generator = GENERATORS.get(type);
        if (generator == null) {
            throw new IllegalArgumentException("no generator for " + type.getName() + ": expected one of " + types());
        }
        return (Arbitrary<T>) generator.get();
    }
}
