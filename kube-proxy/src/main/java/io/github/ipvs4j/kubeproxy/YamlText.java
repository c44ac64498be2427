// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Turns YAML 1.2 text into trees whose every node knows its place. */
final class YamlText {
    /** A few aliases of aliases stand for very much text. */
    private static final int MOST_ALIASES = 1000;

    private static final Optional<String> MERGE = Optional.of("tag:yaml.org,2002:merge");

    private final String file;
    private final Guard guard;
    private final Composer composer;

    private YamlText(String file, String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setSchema(new WithoutMerging())
                .setUseMarks(true)
                .setAllowNonScalarKeys(true)
                .setMaxAliasesForCollections(MOST_ALIASES + 1)
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        this.file = file;
        this.guard = new Guard(new ParserImpl(settings, new StreamReader(settings, text)));
        this.composer = new Composer(settings, guard);
    }

    /**
     * Reads all documents of a text.
     *
     * @param file the file's name
     * @param text what is in it
     * @return a tree for each document
     * @throws UnreadableManifest if it is not YAML
     */
    static List<Node> documents(String file, String text) throws UnreadableManifest {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!StreamReader.isPrintable(text.codePointAt(i))) {
                throw new UnreadableManifest(
                        Place.at(file, text, i),
                        String.format(
                                "not YAML: the control character U+%04X; remove it, or write it as an escape in double"
                                        + " quotes",
                                text.codePointAt(i)));
            }
        }
        return new YamlText(file, text).documents();
    }

    private List<Node> documents() throws UnreadableManifest {
        List<Node> documents = new ArrayList<>();
        try {
            while (composer.hasNext()) {
                documents.add(composer.next());
            }
        } catch (TooDeep e) {
            throw new UnreadableManifest(
                    Place.of(file, guard.last),
                    "nested more than " + Nesting.DEEPEST + " levels deep; make it flatter");
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark).or(() -> guard.last);
            throw new UnreadableManifest(Place.of(file, mark), "not YAML: " + reason(e));
        } catch (YamlVersionException e) {
            throw new UnreadableManifest(
                    Place.of(file, guard.last),
                    "not YAML: the version of the directive %YAML is unknown; write %YAML 1.2 or leave the line out");
        } catch (YamlEngineException e) {
            throw new UnreadableManifest(
                    Place.of(file, guard.last), "not YAML: " + firstLine(String.valueOf(e.getMessage())));
        }
        return documents;
    }

    private static String reason(MarkedYamlEngineException e) {
        String problem = e.getProblem() == null ? "" : firstLine(e.getProblem());
        if (problem.contains("'\\t(TAB)'")) {
            return "a tab where YAML wants spaces; indent with spaces";
        }
        if (problem.startsWith("mapping values are not allowed here")) {
            return "a colon where no value can begin; check the indentation, and put values that contain ': '"
                    + " in quotes";
        }
        int advice = problem.indexOf(" (Do not use ");
        String cause = advice < 0 ? problem : withoutDot(problem.substring(0, advice)) + "; put the value in quotes";
        String context = e.getContext() == null ? "" : firstLine(e.getContext());
        return (context.isEmpty() ? cause : context + ", " + cause) + remedy(cause, e.getContextMark());
    }

    private static String remedy(String cause, Optional<Mark> begin) {
        if (cause.contains("stream end") || cause.contains("end of stream")) {
            return "; close what was opened"
                    + begin.map(mark -> " in line " + (mark.getLine() + 1)).orElse("");
        }
        return cause.contains("<block end>") ? "; check the indentation" : "";
    }

    private static String firstLine(String text) {
        return withoutDot(text.strip().lines().findFirst().orElse(""));
    }

    private static String withoutDot(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    /** The core schema without merge keys, which are no part of YAML 1.2, and which the composer follows in circles. */
    private static final class WithoutMerging extends CoreSchema {
        @Override
        public ScalarResolver getScalarResolver() {
            return new CoreScalarResolver(false);
        }
    }

    /** Says that the text nests deeper than the composer, which is recursive, may follow. */
    private static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Counts the nesting of what passes, and remembers where it was. */
    private static final class Guard implements Parser {
        private final Parser parser;
        private int depth;
        private int aliases;
        private Optional<Mark> last = Optional.empty();

        Guard(Parser parser) {
            this.parser = parser;
        }

        @Override
        public boolean checkEvent(Event.ID choice) {
            return parser.checkEvent(choice);
        }

        @Override
        public Event peekEvent() {
            return parser.peekEvent();
        }

        @Override
        public boolean hasNext() {
            return parser.hasNext();
        }

        @Override
        public Event next() {
            Event event = parser.next();
            last = event.getStartMark();
            if (event instanceof ScalarEvent scalar && scalar.getTag().equals(MERGE)) {
                throw new ParserException("the tag !!merge, which is no part of YAML 1.2; leave it out", last);
            }
            if (event instanceof AliasEvent && ++aliases > MOST_ALIASES) {
                throw new ParserException(
                        "more than " + MOST_ALIASES + " aliases; write out what they stand for", last);
            }
            if (event instanceof CollectionStartEvent && ++depth > Nesting.DEEPEST) {
                throw new TooDeep();
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
            return event;
        }
    }
}
