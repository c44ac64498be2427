// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The commands of {@code ipvsadm} that change services and destinations, and their options. */
enum IpvsadmOption {
    ADD_SERVICE("A", "add-service", Argument.NONE),
    EDIT_SERVICE("E", "edit-service", Argument.NONE),
    DELETE_SERVICE("D", "delete-service", Argument.NONE),
    CLEAR("C", "clear", Argument.NONE),
    ADD_DESTINATION("a", "add-server", Argument.NONE),
    EDIT_DESTINATION("e", "edit-server", Argument.NONE),
    DELETE_DESTINATION("d", "delete-server", Argument.NONE),
    TCP("t", "tcp-service", Argument.REQUIRED),
    UDP("u", "udp-service", Argument.REQUIRED),
    SCTP("", "sctp-service", Argument.REQUIRED),
    MARK("f", "fwmark-service", Argument.REQUIRED),
    IPV6("6", "ipv6", Argument.NONE),
    SCHEDULER("s", "scheduler", Argument.REQUIRED),
    PERSISTENT("p", "persistent", Argument.OPTIONAL),
    NETMASK("M", "netmask", Argument.REQUIRED),
    ENGINE("", "pe", Argument.REQUIRED),
    ONE_PACKET("o", "ops", Argument.NONE),
    FLAGS("b", "sched-flags", Argument.REQUIRED),
    REAL_SERVER("r", "real-server", Argument.REQUIRED),
    DIRECT_ROUTE("g", "gatewaying", Argument.NONE),
    TUNNEL("i", "ipip", Argument.NONE),
    MASQUERADE("m", "masquerading", Argument.NONE),
    WEIGHT("w", "weight", Argument.REQUIRED),
    UPPER_THRESHOLD("x", "u-threshold", Argument.REQUIRED),
    LOWER_THRESHOLD("y", "l-threshold", Argument.REQUIRED),
    TUNNEL_TYPE("", "tun-type", Argument.REQUIRED),
    TUNNEL_PORT("", "tun-port", Argument.REQUIRED),
    NO_CHECKSUM("", "tun-nocsum", Argument.NONE),
    CHECKSUM("", "tun-csum", Argument.NONE),
    REMOTE_CHECKSUM("", "tun-remcsum", Argument.NONE);

    /** Whether something follows an option. */
    enum Argument {
        NONE,
        OPTIONAL,
        REQUIRED
    }

    private static final Set<IpvsadmOption> KEYS = EnumSet.range(TCP, IPV6);
    private static final Map<String, IpvsadmOption> NAMES = new HashMap<>();

    static {
        for (IpvsadmOption option : values()) {
            NAMES.put("--" + option.word, option);
            if (!option.letter.isEmpty()) {
                NAMES.put("-" + option.letter, option);
            }
        }
    }

    private final String letter;
    private final String word;
    private final Argument argument;

    IpvsadmOption(String letter, String word, Argument argument) {
        this.letter = letter;
        this.word = word;
        this.argument = argument;
    }

    /** Finds an option by its name with the dashes in front of it, or returns null. */
    static @Nullable IpvsadmOption find(String name) {
        return NAMES.get(name);
    }

    Argument argument() {
        return argument;
    }

    boolean isCommand() {
        return compareTo(DELETE_DESTINATION) <= 0;
    }

    /** Tells whether an option may stand behind this command. */
    boolean takes(IpvsadmOption option) {
        return switch (this) {
            case ADD_SERVICE, EDIT_SERVICE -> KEYS.contains(option) || isBetween(option, SCHEDULER, FLAGS);
            case DELETE_SERVICE -> KEYS.contains(option);
            case ADD_DESTINATION, EDIT_DESTINATION ->
                KEYS.contains(option) || isBetween(option, REAL_SERVER, REMOTE_CHECKSUM);
            case DELETE_DESTINATION -> KEYS.contains(option) || option == REAL_SERVER;
            default -> false;
        };
    }

    private static boolean isBetween(IpvsadmOption option, IpvsadmOption first, IpvsadmOption last) {
        return option.compareTo(first) >= 0 && option.compareTo(last) <= 0;
    }

    /** Returns the shortest name. */
    @Override
    public String toString() {
        return letter.isEmpty() ? "--" + word : "-" + letter;
    }
}
