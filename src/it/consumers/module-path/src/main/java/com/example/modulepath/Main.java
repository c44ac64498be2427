// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package com.example.modulepath;

import java.util.List;

/** Fails unless every published module is there as a named module that exports its one package. */
final class Main {
    private Main() {}

    public static void main(String[] args) {
        for (String part : List.of("netlink", "ipvs", "ipset", "reconciler", "testkit")) {
            String name = "io.github.ipvs4j." + part;
            Module module = ModuleLayer.boot().findModule(name).orElseThrow();
            if (module.getDescriptor().isAutomatic() || !module.isExported(name) || !Main.class.getModule().canRead(module)) {
                throw new IllegalStateException("module " + module + " is not usable");
            }
        }
    }
}
