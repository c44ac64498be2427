// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/**
 * The language of {@code ipvsadm}: what {@code ipvsadm -S -n} prints and {@code ipvsadm -R} takes, a command a line.
 *
 * <p>Both ways are exact where the language has words. It has none for thresholds in what {@code -S} prints (in what
 * {@code -R} takes it has), for protocols other than TCP, UDP and SCTP, for forwarding without a name, for service
 * flags beyond one-packet scheduling and the scheduler's three, for a tunnel port other than GUE's, and for a checksum
 * of IPIP.
 *
 * <p>Read are the commands {@code -A -E -D -C -a -e -d} with all their options, short and long, in any order after the
 * command; {@code ipvsadm} in front of it; empty lines, and comments from a word that begins with {@code #}. What is
 * left out is what {@code ipvsadm} takes for it: scheduler wlc, 300 seconds of persistence, direct routing, weight 1,
 * the service's port. Different from {@code ipvsadm -R}: names of hosts and services are not looked up, a port stays
 * as it is written also where packets are routed or tunnelled, port 0 needs no persistence, and a negative firewall
 * mark is read as {@code -S} prints it.
 */
public final class IpvsadmScript {
    private IpvsadmScript() {}

    /**
     * Prints a state as {@code ipvsadm -S -n} does, services and destinations in the state's order; for
     * {@link IpvsState#toString()}, which says thresholds too, it differs in these alone. Firewall marks are unsigned,
     * so that {@code ipvsadm -R} takes them back, which it does not for what {@code -S} prints of large ones.
     *
     * @param state what to print
     * @return lines; what the language cannot say is a comment here, at which {@code ipvsadm -R} would stop, since it
     *     knows none
     */
    public static String save(IpvsState state) {
        StringBuilder text = new StringBuilder();
        IpvsadmText.state(text, state, false);
        return text.toString();
    }

    /**
     * Reads a state, for example what {@code ipvsadm -S -n} saved. The lines are carried out one after the other on an
     * empty table.
     *
     * @param text lines as {@code ipvsadm -R} takes them
     * @return the table after the last line
     * @throws IpvsadmSyntaxException if a line cannot be read, or changes what is not there or adds what is; with line
     *     and column
     */
    public static IpvsState parse(String text) {
        return run(text, IpvsState.EMPTY).state();
    }

    /**
     * Reads a plan. Since lines do not say what was there before, and a plan knows it, they are read against a state.
     *
     * @param text lines as {@code ipvsadm -R} takes them, and as {@link Plan#toString()} prints them
     * @param actual the table to which the first line applies
     * @return a change for each line, for {@code -C} one for each service, none for a line that changes nothing
     * @throws IpvsadmSyntaxException if a line cannot be read, or changes what is not there or adds what is; with line
     *     and column
     */
    public static Plan parsePlan(String text, IpvsState actual) {
        return Plan.of(run(text, actual).changes());
    }

    private static IpvsadmTable run(String text, IpvsState actual) {
        IpvsadmTable table = new IpvsadmTable(actual);
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            IpvsadmLine.read(line, number).ifPresent(table::carryOut);
        }
        return table;
    }
}
