// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.io.IOException;
import java.util.List;

/**
 * Runs the few programs that the reconciler needs: {@code iptables-save}, {@code iptables-restore} and their IPv6
 * twins; everything else goes to the kernel directly. This is the seam where a test takes their place.
 */
@FunctionalInterface
public interface CommandRunner {
    /**
     * Runs a program to its end.
     *
     * @param command the program and its arguments
     * @param input what it reads on its standard input
     * @return how it ended and what it printed
     * @throws IOException if it cannot be started or does not end in time
     */
    Result run(List<String> command, String input) throws IOException;

    /**
     * How a program ended.
     *
     * @param status its exit status, 0 for success
     * @param output what it printed on its standard output
     * @param errors what it printed on its standard error
     */
    record Result(int status, String output, String errors) {}
}
