// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What a generic-netlink family accepts in its requests, by the kernel's own account.
 *
 * <p>Old families, IPVS among them, tell of their outermost attributes only: what they accept inside a nest cannot be
 * learned this way. The kernel tells of commands that only list under number 0, as if they were one (seen on 6.18).
 *
 * @param commands for each command that checks its attributes, the numbers of the policies it follows
 * @param policies by number of the policy, then of the attribute
 */
public record FamilyPolicies(Map<Integer, Command> commands, Map<Integer, Map<Integer, AttributePolicy>> policies) {
    /**
     * The policies of a command.
     *
     * @param request number of the policy for plain requests, empty where it does not take them
     * @param dump number of the policy for listings, empty where it does not take them
     */
    public record Command(OptionalInt request, OptionalInt dump) {}

    /** Copies the maps. */
    public FamilyPolicies {
        commands = Map.copyOf(commands);
        policies = policies.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Map.copyOf(entry.getValue())));
    }
}
