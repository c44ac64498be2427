// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/** What {@code script/demo} shows. */
@NullMarked
package io.github.ipvs4j.it.demo;

import org.jspecify.annotations.NullMarked;
