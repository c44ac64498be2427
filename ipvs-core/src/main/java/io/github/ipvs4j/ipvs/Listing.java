// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.List;

/**
 * What a listing of the kernel held.
 *
 * @param entries each once
 * @param repeated whether some were listed more than once, which happens when others change the table meanwhile
 */
record Listing<T>(List<T> entries, boolean repeated) {}
