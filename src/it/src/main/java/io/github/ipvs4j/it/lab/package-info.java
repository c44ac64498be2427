// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
/**
 * What tests and the demo need inside the kernel lab: network namespaces, a small cluster of nodes and pods, echo
 * servers and those who ask them. Everything is done by the ordinary command line tools, so that it shares no code with
 * what is being tested.
 */
@NullMarked
package io.github.ipvs4j.it.lab;

import org.jspecify.annotations.NullMarked;
