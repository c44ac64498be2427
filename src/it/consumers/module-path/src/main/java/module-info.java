// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/** A program that uses the library on the module path. */
module com.example.modulepath {
    requires io.github.ipvs4j.reconciler;
    requires io.github.ipvs4j.testkit;
}
