// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/** Offers {@link LibraryValues} to jqwik, which finds it as a service. */
@SuppressWarnings("exports") // see module-info
public final class LibraryValuesProvider implements ArbitraryProvider {
    /** Made by jqwik. */
    public LibraryValuesProvider() {}

    @Override
    public boolean canProvideFor(TypeUsage targetType) {
        return LibraryValues.types().contains(targetType.getRawType());
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage targetType, SubtypeProvider subtypeProvider) {
        return Set.of(LibraryValues.of(targetType.getRawType()));
    }
}
