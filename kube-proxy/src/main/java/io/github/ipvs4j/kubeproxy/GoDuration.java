// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as Kubernetes writes them: {@code 1h30m}, {@code 1.5s}, {@code 500ms}. */
final class GoDuration {
    private static final Map<String, Long> NANOS = units();
    private static final String NUMBER = "([0-9]+\\.?[0-9]*|\\.[0-9]+)";
    private static final Pattern PART = Pattern.compile(NUMBER + "(ns|us|µs|μs|ms|s|m|h)");
    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("ns", 1L);
        units.put("us", 1_000L);
        units.put("µs", 1_000L);
        units.put("μs", 1_000L);
        units.put("ms", 1_000_000L);
        units.put("s", 1_000_000_000L);
        units.put("m", 60_000_000_000L);
        units.put("h", 3_600_000_000_000L);
        return units;
    }

    /**
     * Parses a span.
     *
     * @param text numbers with their units, longest first or in any order, with a sign or without; or {@code 0}
     * @return the span
     * @throws IllegalArgumentException if the text is none, or longer than 292 years
     */
    static Duration parse(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        Matcher parts = PART.matcher(rest);
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (parts.find() && parts.start() == end) {
            long unit = Objects.requireNonNull(NANOS.get(parts.group(2)));
            nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit)));
            end = parts.end();
        }
        if (end == 0 || end < rest.length() || nanos.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("'" + text + "' is not a span of time");
        }
        long whole = nanos.setScale(0, RoundingMode.DOWN).longValueExact();
        return Duration.ofNanos(negative ? -whole : whole);
    }
}
