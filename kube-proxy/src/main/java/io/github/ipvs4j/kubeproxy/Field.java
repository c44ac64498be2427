// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One field of an object, which may be absent; {@code null} counts as absent. Whatever does not fit is reported with
 * its place, path and value, and read as absent, so that reading goes on and finds what else is wrong.
 */
final class Field {
    private static final Pattern TRUE = Pattern.compile("y|Y|yes|Yes|YES|on|On|ON");
    private static final Pattern FALSE = Pattern.compile("n|N|no|No|NO|off|Off|OFF");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern OCTAL = Pattern.compile("-?0[0-7]+");
    private static final Pattern DOTTED = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}(/.*)?");
    private static final Pattern LEADING_ZEROS = Pattern.compile("(^|\\.)0+(?=[0-9])");
    private static final IpPrefix MAPPED = IpPrefix.of("::ffff:0:0/96");

    private final ObjectReport report;
    private final String path;
    private final Node place;
    private final @Nullable Node node;

    /** Whether what should hold this field has been reported, so that nothing can be said of this one. */
    private final boolean lost;

    private @Nullable Map<String, Node> entries;

    private Field(ObjectReport report, String path, Node place, @Nullable Node node, boolean lost) {
        this.report = report;
        this.path = path;
        this.place = place;
        this.node = node;
        this.lost = lost;
    }

    /** Returns an object as the field that holds all others. */
    static Field root(ObjectReport report, Node node) {
        return new Field(report, "", node, isNull(node) ? null : node, false);
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static boolean isText(ScalarNode scalar) {
        return scalar.getTag().equals(Tag.STR);
    }

    boolean present() {
        return node != null;
    }

    String path() {
        return path;
    }

    Place where() {
        return report.place(place);
    }

    /** Reports that something is wrong with this field. */
    void wrong(String text) {
        report.add(place, path, text);
    }

    /** Reports that this field must be there, if it is absent or empty, unless that cannot be known. */
    void require(String remedy) {
        if (isEmpty() && !lost) {
            wrong("missing; " + remedy);
        }
    }

    /** Reports that something in this field is left out. */
    void leaveOut(String text) {
        report.leaveOut(place, path, text);
    }

    /**
     * Reads a part of the object without which the rest is of use. If something is wrong with it, it is left out.
     *
     * @param reader takes this field
     * @param <E> type of the part
     * @return empty if it is absent or left out
     */
    <E> Optional<E> orLeftOut(Function<Field, Optional<E>> reader) {
        ObjectReport part = report.part();
        Optional<E> value = reader.apply(new Field(part, path, place, node, lost));
        report.leaveOut(part, path);
        return part.clean() ? value : Optional.empty();
    }

    private boolean isEmpty() {
        if (node instanceof ScalarNode scalar) {
            return isText(scalar) && scalar.getValue().isEmpty();
        }
        return node instanceof SequenceNode sequence ? sequence.getValue().isEmpty() : node == null;
    }

    private boolean isNot(Class<? extends Node> wanted) {
        return node != null && !wanted.isInstance(node);
    }

    /** Reports that the value, which is named, does not fit. */
    private void wrongValue(String what, String remedy) {
        wrong(describe() + " " + what + "; " + remedy);
    }

    private String describe() {
        if (node instanceof ScalarNode scalar) {
            String value = scalar.getValue();
            String shown = value.length() > 60 ? value.substring(0, 60) + "…" : value;
            return isText(scalar) ? "'" + shown + "'" : shown;
        }
        return node instanceof SequenceNode ? "a list" : "a mapping";
    }

    /**
     * Returns a field of this one, which should be a mapping.
     *
     * @param key the field's name
     * @return the field, absent if this one has none of the name
     */
    Field get(String key) {
        Node value = entries().get(key);
        String valuePath = path.isEmpty() ? key : path + "." + key;
        return value == null || isNull(value)
                ? new Field(report, valuePath, value == null ? place : value, null, lost || isNot(MappingNode.class))
                : new Field(report, valuePath, value, value, false);
    }

    private Map<String, Node> entries() {
        Map<String, Node> known = entries;
        if (known == null) {
            known = new LinkedHashMap<>();
            if (node instanceof MappingNode mapping) {
                for (NodeTuple tuple : mapping.getValue()) {
                    if (tuple.getKeyNode() instanceof ScalarNode key) {
                        known.putIfAbsent(key.getValue(), tuple.getValueNode());
                    }
                }
            } else if (node != null) {
                wrongValue("is not a mapping", "write its fields as 'name: value'");
            }
            entries = known;
        }
        return known;
    }

    /** Returns the items of this field, which should be a list; none if it is absent. */
    List<Field> items() {
        List<Field> items = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                items.add(new Field(report, path + "[" + items.size() + "]", item, isNull(item) ? null : item, false));
            }
        } else if (node != null) {
            wrongValue("is not a list", "begin each item with '- '");
        }
        return items;
    }

    /** Returns the items of this field, which should be a list, as trees. */
    List<Node> nodes() {
        items();
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }

    /** Returns the text of this field; empty if it is absent. */
    String text() {
        if (node instanceof ScalarNode scalar) {
            if (isText(scalar)) {
                return scalar.getValue();
            }
            wrongValue("is not a text", "put it in quotes");
        } else if (node != null) {
            wrongValue("is not a text", "write one value");
        }
        return "";
    }

    /** Returns the texts of this field by name, as labels have them. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        entries().keySet().forEach(key -> texts.put(key, get(key).text()));
        return texts;
    }

    /**
     * Returns the whole number of this field; one that begins with 0 is octal, as the YAML of Kubernetes has it.
     *
     * @param lowest the least that is allowed
     * @param highest the most that is allowed
     * @param absent what an absent or wrong value is read as
     * @return the number
     */
    int number(int lowest, int highest, int absent) {
        if (node == null) {
            return absent;
        }
        if (!(node instanceof ScalarNode scalar) || isText(scalar)) {
            wrongValue(
                    "is not a number",
                    node instanceof ScalarNode quoted
                                    && WHOLE_NUMBER.matcher(quoted.getValue()).matches()
                            ? "take the quotes away"
                            : range(lowest, highest));
            return absent;
        }
        if (!WHOLE_NUMBER.matcher(scalar.getValue()).matches()) {
            wrongValue("is not a whole decimal number", range(lowest, highest));
            return absent;
        }
        boolean octal = OCTAL.matcher(scalar.getValue()).matches();
        long number = Long.parseLong(scalar.getValue(), octal ? 8 : 10);
        if (number < lowest || number > highest) {
            wrongValue("is out of range", range(lowest, highest));
            return absent;
        }
        return (int) number;
    }

    private static String range(int lowest, int highest) {
        return "write a number from " + lowest + " to " + highest;
    }

    /** Tells whether this field is written as a whole number. */
    boolean isWholeNumber() {
        return node instanceof ScalarNode scalar
                && !isText(scalar)
                && WHOLE_NUMBER.matcher(scalar.getValue()).matches();
    }

    /**
     * Returns the truth value of this field; without quotes, yes, no, on and off are such, too, as in YAML 1.1, which
     * Kubernetes reads.
     *
     * @param absent what an absent or wrong value is read as
     * @return true or false
     */
    boolean truth(boolean absent) {
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
            return Boolean.parseBoolean(scalar.getValue());
        }
        if (node instanceof ScalarNode scalar && scalar.isPlain()) {
            if (TRUE.matcher(scalar.getValue()).matches()) {
                return true;
            }
            if (FALSE.matcher(scalar.getValue()).matches()) {
                return false;
            }
        }
        if (node != null) {
            wrongValue("is neither true nor false", "write true or false, without quotes");
        }
        return absent;
    }

    /**
     * Returns what one of a few words stands for.
     *
     * @param words the words and their meaning, in the order in which messages list them
     * @param absent what an absent or wrong value is read as
     * @param <E> type of the meaning
     * @return the meaning
     */
    <E> E oneOf(Map<String, E> words, E absent) {
        String word = text();
        if (word.isEmpty()) {
            return absent;
        }
        E meaning = words.get(word);
        if (meaning == null) {
            wrongValue("is not known here", "write " + String.join(", ", words.keySet()));
            return absent;
        }
        return meaning;
    }

    /** Returns the span of time in this field; empty if it is absent or wrong. */
    Optional<Duration> span() {
        return parsed(GoDuration::parse, "is not a span of time", "write one such as 30s or 1m30s");
    }

    /** Returns the block of addresses in this field; empty if it is absent or wrong. */
    Optional<IpPrefix> block() {
        return parsed(Field::block, "is not a block of addresses", "write one such as 10.244.0.0/16 or fd00::/64");
    }

    /** Parses a block of addresses; one address alone is none. */
    static IpPrefix block(String text) {
        if (!text.contains("/")) {
            throw new IllegalArgumentException("block '" + text + "': expected a slash and a length");
        }
        IpPrefix block = IpPrefix.of(withoutLeadingZeros(text.strip()));
        return block.length() >= MAPPED.length() && MAPPED.contains(block.address())
                ? new IpPrefix(unmapped(block.address()), block.length() - MAPPED.length())
                : block;
    }

    /** Returns the address in this field; empty if it is absent or wrong. */
    Optional<IpAddress> address() {
        return parsed(
                text -> unmapped(IpAddress.of(withoutLeadingZeros(text))),
                "is not an IP address",
                "write one such as 10.96.0.10 or fd00::10");
    }

    /** Returns the IPv4 address that an IPv6 one stands for, as Kubernetes reads it: 10.0.0.1 for ::ffff:10.0.0.1. */
    private static IpAddress unmapped(IpAddress address) {
        return MAPPED.contains(address)
                ? IpAddress.of(Arrays.copyOfRange(address.bytes(), MAPPED.length() / Byte.SIZE, address.bytes().length))
                : address;
    }

    /** Reads numbers of IPv4 addresses as Kubernetes does, which takes 010 for 10. */
    private static String withoutLeadingZeros(String text) {
        return DOTTED.matcher(text).matches() ? LEADING_ZEROS.matcher(text).replaceAll("$1") : text;
    }

    /**
     * Returns what a parser makes of the text in this field.
     *
     * @param parser throws IllegalArgumentException for what it cannot read
     * @param what what is then said of the value
     * @param remedy what to do
     * @param <E> type of the result
     * @return empty if the field is absent or wrong
     */
    <E> Optional<E> parsed(Function<String, E> parser, String what, String remedy) {
        String text = text();
        if (!text.isEmpty()) {
            try {
                return Optional.of(parser.apply(text));
            } catch (IllegalArgumentException e) {
                wrongValue(what, remedy);
            }
        }
        return Optional.empty();
    }
}
