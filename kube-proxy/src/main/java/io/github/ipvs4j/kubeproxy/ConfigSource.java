// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.List;

/** Where the configuration comes from: a file, or flags. */
interface ConfigSource {
    /** Returns a field; what is wrong with it is reported to {@link #problems()}. */
    Field get(ConfigField field);

    /** Returns all that has been reported so far, and forbids to go on. */
    List<Problem> problems();

    /** Returns what is told once, and is no reason not to go on. */
    List<String> warnings();
}
