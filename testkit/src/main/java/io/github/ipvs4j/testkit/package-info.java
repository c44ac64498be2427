// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/** A simulated kernel that answers netlink requests with the bytes a real one would send. */
@NullMarked
package io.github.ipvs4j.testkit;

import org.jspecify.annotations.NullMarked;
