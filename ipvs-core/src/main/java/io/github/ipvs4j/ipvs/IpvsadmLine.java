// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A line of {@code ipvsadm}, cut into a command and its options. Follows {@code parse_options} of its source. */
final class IpvsadmLine {
    private static final String DEFAULT_PERSISTENCE = "300";

    private final Map<IpvsadmOption, IpvsadmWord> options = new EnumMap<>(IpvsadmOption.class);
    private final List<IpvsadmWord> words;
    private @Nullable IpvsadmOption command;
    private int next;

    private IpvsadmLine(List<IpvsadmWord> words) {
        this.words = words;
    }

    /**
     * Reads a line.
     *
     * @param text without the line feed
     * @param number of the line, counted from 1
     * @return empty if there is nothing but a comment
     */
    static Optional<IpvsadmLine> read(String text, int number) {
        List<IpvsadmWord> words = words(text, number);
        if (!words.isEmpty()
                && (words.get(0).text().equals("ipvsadm") || words.get(0).text().endsWith("/ipvsadm"))) {
            words.remove(0);
        }
        if (words.isEmpty()) {
            return Optional.empty();
        }
        IpvsadmLine line = new IpvsadmLine(words);
        line.readOptions();
        return Optional.of(line);
    }

    private static List<IpvsadmWord> words(String text, int number) {
        List<IpvsadmWord> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int start = at;
            while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at > start) {
                if (text.charAt(start) == '#') {
                    break;
                }
                words.add(new IpvsadmWord(text.substring(start, at), number, start + 1));
            }
            at++;
        }
        return words;
    }

    private void readOptions() {
        while (next < words.size()) {
            IpvsadmWord word = words.get(next++);
            if (word.text().startsWith("--")) {
                int equals = word.text().indexOf('=');
                IpvsadmWord name = equals < 0 ? word : word.upTo(equals);
                give(name, option(name), equals < 0 ? null : word.from(equals + 1));
            } else if (word.text().startsWith("-") && word.text().length() > 1) {
                readLetters(word);
            } else {
                throw word.wrong("'" + word.text() + "': expected an option");
            }
        }
    }

    /** Reads letters behind one dash, of which the last may have an argument, with or without a space before it. */
    private void readLetters(IpvsadmWord word) {
        for (int i = 1; i < word.text().length(); i++) {
            IpvsadmWord letter = new IpvsadmWord("-" + word.text().charAt(i), word.line(), word.column() + i - 1);
            IpvsadmOption option = option(letter);
            boolean last = i + 1 == word.text().length();
            if (option.argument() != IpvsadmOption.Argument.NONE) {
                give(letter, option, last ? null : word.from(i + (word.text().charAt(i + 1) == '=' ? 2 : 1)));
                return;
            }
            give(letter, option, null);
        }
    }

    private static IpvsadmOption option(IpvsadmWord name) {
        IpvsadmOption option = IpvsadmOption.find(name.text());
        if (option == null) {
            throw name.wrong(
                    "'" + name.text() + "' is not an option of a command that changes services or destinations");
        }
        return option;
    }

    private void give(IpvsadmWord name, IpvsadmOption option, @Nullable IpvsadmWord joined) {
        IpvsadmOption known = command;
        if (known == null) {
            if (!option.isCommand()) {
                throw name.wrong("'" + name.text() + "': expected a command first, one of -A -E -D -C -a -e -d");
            }
            command = option;
        } else if (option.isCommand()) {
            throw name.wrong("'" + name.text() + "': there is a command already, " + known);
        } else if (!known.takes(option)) {
            throw name.wrong("'" + name.text() + "' does not go with " + known);
        }
        if (options.put(option, argument(name, option, joined)) != null) {
            throw name.wrong("'" + name.text() + "' is there twice");
        }
    }

    private IpvsadmWord argument(IpvsadmWord name, IpvsadmOption option, @Nullable IpvsadmWord joined) {
        if (option.argument() == IpvsadmOption.Argument.NONE) {
            if (joined != null) {
                throw joined.wrong("'" + name.text() + "' takes no argument");
            }
            return name;
        }
        if (joined != null) {
            return joined;
        }
        boolean optional = option.argument() == IpvsadmOption.Argument.OPTIONAL;
        if (next < words.size() && !(optional && words.get(next).text().startsWith("-"))) {
            return words.get(next++);
        }
        if (!optional) {
            throw name.wrong("'" + name.text() + "' needs an argument");
        }
        return new IpvsadmWord(DEFAULT_PERSISTENCE, name.line(), name.column());
    }

    IpvsadmOption command() {
        IpvsadmOption known = command;
        if (known == null) {
            throw new IllegalStateException("a line without a command");
        }
        return known;
    }

    /** Returns the command as it was written. */
    IpvsadmWord commandWord() {
        return options.getOrDefault(command(), words.get(0));
    }

    boolean has(IpvsadmOption option) {
        return options.containsKey(option);
    }

    Optional<IpvsadmWord> find(IpvsadmOption option) {
        return Optional.ofNullable(options.get(option));
    }

    /** Returns the argument of an option without which the command makes no sense. */
    IpvsadmWord require(IpvsadmOption option) {
        return find(option).orElseThrow(() -> commandWord().wrong(command() + " needs " + option));
    }

    /** Returns the one of these that is given, if any. */
    Optional<IpvsadmOption> oneOf(IpvsadmOption... exclusive) {
        IpvsadmOption found = null;
        for (IpvsadmOption option : exclusive) {
            IpvsadmWord word = options.get(option);
            if (word != null) {
                if (found != null) {
                    throw word.wrong(option + " does not go with " + found);
                }
                found = option;
            }
        }
        return Optional.ofNullable(found);
    }
}
