// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceFlags;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a Service chooses for itself by annotations, where that is allowed. A choice that cannot be understood counts as
 * not made, and is told.
 */
final class Choices {
    /** The beginning of the keys of all annotations that count. */
    static final String PREFIX = "ipvs4j.github.io/";

    private static final int USUAL_WEIGHT = 1;
    private static final int HIGHEST_WEIGHT = 65_535;
    private static final String NODE = "node:";
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Set<Scheduler> SCHEDULERS = Set.of(
            Scheduler.ROUND_ROBIN,
            Scheduler.WEIGHTED_ROUND_ROBIN,
            Scheduler.LEAST_CONNECTION,
            Scheduler.WEIGHTED_LEAST_CONNECTION,
            Scheduler.LOCALITY_BASED_LEAST_CONNECTION,
            Scheduler.LOCALITY_BASED_LEAST_CONNECTION_WITH_REPLICATION,
            Scheduler.DESTINATION_HASHING,
            Scheduler.SOURCE_HASHING,
            Scheduler.SHORTEST_EXPECTED_DELAY,
            Scheduler.NEVER_QUEUE,
            Scheduler.WEIGHTED_FAILOVER,
            Scheduler.WEIGHTED_OVERFLOW,
            Scheduler.MAGLEV_HASHING,
            Scheduler.TWO_CHOICES);
    private static final Pattern SPAN = Pattern.compile("(?=[0-9])([0-9]+h)?([0-9]+m)?([0-9]+(\\.[0-9]+)?s)?");

    /** The names that ipvsadm has for them. */
    private static final Map<String, ServiceFlags> OPTIONS = new TreeMap<>(Map.of(
            "sh-fallback", ServiceFlags.SOURCE_HASH_FALLBACK,
            "sh-port", ServiceFlags.SOURCE_HASH_PORT,
            "mh-fallback", ServiceFlags.MAGLEV_FALLBACK,
            "mh-port", ServiceFlags.MAGLEV_PORT));

    /** What a Service without annotations chooses. */
    static final Choices NONE = new Choices();

    private final List<String> problems = new ArrayList<>();
    private final List<Weight> weights = new ArrayList<>();
    private @Nullable Scheduler scheduler;
    private @Nullable ServiceFlags options;
    private @Nullable Duration drainTime;

    /** The weight of some endpoints: those in a block, those of a node, or, where neither is given, all. */
    private record Weight(
            @Nullable IpPrefix block, @Nullable String node, int weight) {
        boolean isFor(Endpoint endpoint) {
            return (block == null || block.contains(endpoint.address()))
                    && (node == null || node.equals(endpoint.nodeName()));
        }
    }

    private Choices() {}

    private Choices(Map<String, String> annotations) {
        read(
                annotations,
                "scheduler",
                text -> scheduler = scheduler(text),
                "write one of "
                        + SCHEDULERS.stream().map(Scheduler::name).sorted().collect(Collectors.joining(", ")));
        read(
                annotations,
                "scheduler-options",
                this::readOptions,
                "write some of " + String.join(", ", OPTIONS.keySet()) + ", with commas between them");
        read(
                annotations,
                "drain-time",
                text -> drainTime = span(text),
                "write a span of time such as 30s or 1m30s, of a day at most");
        read(
                annotations,
                "weights",
                this::readWeights,
                "write for example 10.244.1.5=3, 10.244.2.0/24=2, node:node-b=5, *=1, with weights from 0 to "
                        + HIGHEST_WEIGHT);
        annotations.keySet().stream()
                .filter(key -> key.startsWith(PREFIX))
                .filter(key -> !List.of("scheduler", "scheduler-options", "drain-time", "weights")
                        .contains(key.substring(PREFIX.length())))
                .sorted()
                .forEach(key -> problems.add("annotation " + key + ": there is no such choice; remove it"));
    }

    /** Reads a Service's choices from its annotations. */
    static Choices of(Map<String, String> annotations) {
        return annotations.isEmpty() ? NONE : new Choices(annotations);
    }

    private void read(Map<String, String> annotations, String choice, Consumer<String> reader, String remedy) {
        String text = annotations.get(PREFIX + choice);
        if (text != null) {
            try {
                reader.accept(text.strip());
            } catch (IllegalArgumentException | DateTimeException e) {
                problems.add("annotation " + PREFIX + choice + ": '" + text + "' is not understood; " + remedy
                        + "; till then it is as if it were not there");
            }
        }
    }

    private void readOptions(String text) {
        ServiceFlags all = ServiceFlags.NONE;
        for (String name : text.split(",", -1)) {
            ServiceFlags option = OPTIONS.get(name.strip());
            if (option == null && !text.isEmpty()) {
                throw new IllegalArgumentException("option " + name);
            }
            all = option == null ? all : all.plus(option);
        }
        options = all;
    }

    /** By any other name the kernel would load whatever module is called so. */
    private static Scheduler scheduler(String text) {
        Scheduler chosen = Scheduler.named(text);
        if (!SCHEDULERS.contains(chosen)) {
            throw new IllegalArgumentException("scheduler " + text);
        }
        return chosen;
    }

    private static Duration span(String text) {
        if (!SPAN.matcher(text).matches()) {
            throw new IllegalArgumentException("span " + text);
        }
        Duration span = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        if (span.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("span " + text);
        }
        return span;
    }

    private void readWeights(String text) {
        List<Weight> read = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String[] sides = part.strip().split("=", -1);
            if (sides.length != 2) {
                throw new IllegalArgumentException("weight " + part);
            }
            read.add(weight(sides[0].strip(), number(sides[1].strip())));
        }
        weights.addAll(read);
    }

    private static Weight weight(String who, int weight) {
        if (who.equals("*")) {
            return new Weight(null, null, weight);
        }
        if (who.startsWith(NODE)) {
            return new Weight(null, who.substring(NODE.length()), weight);
        }
        return new Weight(who.contains("/") ? IpPrefix.of(who) : IpPrefix.single(IpAddress.of(who)), null, weight);
    }

    private static int number(String text) {
        int weight = Integer.parseInt(text);
        if (weight < 0 || weight > HIGHEST_WEIGHT) {
            throw new IllegalArgumentException("weight " + weight);
        }
        return weight;
    }

    /** Returns the scheduler, if one is chosen. */
    Optional<Scheduler> scheduler() {
        return Optional.ofNullable(scheduler);
    }

    /** Returns the scheduler's options, if they are chosen; they may be none. */
    Optional<ServiceFlags> options() {
        return Optional.ofNullable(options);
    }

    /** Returns how long a destination that is wanted no more keeps its connections at most, if that is chosen. */
    Optional<Duration> drainTime() {
        return Optional.ofNullable(drainTime);
    }

    /** Returns the weight of an endpoint: the first that is for it. */
    int weight(Endpoint endpoint) {
        for (Weight weight : weights) {
            if (weight.isFor(endpoint)) {
                return weight.weight();
            }
        }
        return USUAL_WEIGHT;
    }

    /** Returns what cannot be understood. */
    List<String> problems() {
        return List.copyOf(problems);
    }
}
