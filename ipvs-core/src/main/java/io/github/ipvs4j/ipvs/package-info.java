// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/** IPVS virtual services and destinations as values, with plans and transactions that bring the kernel to them. */
@NullMarked
package io.github.ipvs4j.ipvs;

import org.jspecify.annotations.NullMarked;
