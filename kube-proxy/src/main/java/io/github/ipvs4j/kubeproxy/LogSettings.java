// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

/** Sets up the log, which goes to the standard error; must run before the first logger is made. */
final class LogSettings {
    private static final int DEBUG = 4;
    private static final int TRACE = 6;
    private static final int LIBRARIES_TOO = 8;
    private static final String PREFIX = "org.slf4j.simpleLogger.";

    private LogSettings() {}

    /**
     * Sets how much is logged.
     *
     * @param verbosity as with kube-proxy: 0 is usual, 4 for debugging, 6 for every detail, 8 for the libraries' too
     */
    static void apply(int verbosity) {
        String level = verbosity >= TRACE ? "trace" : verbosity >= DEBUG ? "debug" : "info";
        System.setProperty(PREFIX + "log.io.github.ipvs4j", level);
        System.setProperty(PREFIX + "defaultLogLevel", verbosity >= LIBRARIES_TOO ? level : "warn");
    }
}
