// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/** Benchmarks of every storey of the library. */
@NullMarked
package io.github.ipvs4j.benchmarks;

import org.jspecify.annotations.NullMarked;
