// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads and writes the language of {@code ipset save} and {@code ipset restore}.
 *
 * <pre>{@code
 * List<IpsetCommand> commands = IpsetScript.parse(Files.readString(path));
 * Files.writeString(path, IpsetScript.save(ipset.list()));
 * }</pre>
 *
 * <p>Names of hosts and of services are not looked up, as their meaning would change with the machine.
 */
public final class IpsetScript {
    private final Map<String, SetDefinition> sets = new HashMap<>();
    private final Function<String, Optional<SetDefinition>> known;

    private IpsetScript(Function<String, Optional<SetDefinition>> known) {
        this.known = known;
    }

    /**
     * Reads a script that creates the sets it fills.
     *
     * @param text the lines; empty ones, comments that begin with {@code #}, and {@code COMMIT} mean nothing
     * @return the commands in their order
     * @throws IpsetSyntaxException if a line is no command, or an entry does not fit its set
     */
    public static List<IpsetCommand> parse(String text) {
        return parse(text, name -> Optional.empty());
    }

    /**
     * Reads a script that may fill sets which are there already.
     *
     * @param text the lines
     * @param known finds what a set is that the script does not create, for example with {@link IpsetClient#describe}
     * @return the commands in their order
     * @throws IpsetSyntaxException if a line is no command, or an entry does not fit its set
     */
    public static List<IpsetCommand> parse(String text, Function<String, Optional<SetDefinition>> known) {
        IpsetScript script = new IpsetScript(known);
        List<IpsetCommand> commands = new ArrayList<>();
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            ScriptLine tokens = ScriptLine.of(++number, line);
            if (tokens.hasNext() && !tokens.isComment()) {
                commands.add(script.command(tokens));
            }
        }
        return commands;
    }

    /**
     * Writes sets as {@code ipset save} does, lists of sets last.
     *
     * @param sets the sets
     * @return lines for {@code ipset restore}
     */
    public static String save(Collection<IpSet> sets) {
        StringBuilder text = new StringBuilder();
        sets.stream().filter(set -> set.definition().type() != SetType.LIST_SET).forEach(set -> append(text, set));
        sets.stream().filter(set -> set.definition().type() == SetType.LIST_SET).forEach(set -> append(text, set));
        return text.toString();
    }

    private static void append(StringBuilder text, IpSet set) {
        text.append("create ").append(set.definition()).append('\n');
        for (SetMember member : set.members()) {
            text.append("add ").append(set.name()).append(' ').append(member).append('\n');
        }
    }

    private IpsetCommand command(ScriptLine line) {
        boolean tolerant = line.takeTolerance();
        String verb = line.next("a command");
        IpsetCommand command = switch (verb) {
            case "create", "n", "new", "-N", "--create" -> create(line, tolerant);
            case "add", "-A", "--add" -> {
                String set = line.name();
                yield new IpsetCommand.Add(set, member(line, set), tolerant);
            }
            case "del", "-D", "--del" -> {
                String set = line.name();
                yield new IpsetCommand.Delete(set, member(line, set), tolerant);
            }
            case "destroy", "x", "-X", "--destroy" -> destroy(line);
            case "flush", "-F", "--flush" -> new IpsetCommand.Flush(line.optionalName());
            case "rename", "e", "-E", "--rename" -> rename(line);
            case "swap", "w", "-W", "--swap" -> swap(line);
            default ->
                throw line.problem(
                        "unknown command '" + verb + "'; expected create, add, del, destroy, flush, rename or swap");
        };
        line.expectEnd();
        return command;
    }

    private IpsetCommand create(ScriptLine line, boolean tolerant) {
        SetDefinition definition = new CreateParser(line).definition();
        sets.put(definition.name(), definition);
        return new IpsetCommand.Create(definition, tolerant);
    }

    private IpsetCommand destroy(ScriptLine line) {
        Optional<String> name = line.optionalName();
        name.ifPresentOrElse(sets::remove, sets::clear);
        return new IpsetCommand.Destroy(name);
    }

    private IpsetCommand rename(ScriptLine line) {
        String name = line.name();
        String newName = line.name();
        SetDefinition renamed = sets.remove(name);
        if (renamed != null) {
            sets.put(newName, renamed.withName(newName));
        }
        return new IpsetCommand.Rename(name, newName);
    }

    private IpsetCommand swap(ScriptLine line) {
        String name = line.name();
        String other = line.name();
        SetDefinition first = sets.remove(name);
        SetDefinition second = sets.remove(other);
        if (first != null) {
            sets.put(other, first.withName(other));
        }
        if (second != null) {
            sets.put(name, second.withName(name));
        }
        return new IpsetCommand.Swap(name, other);
    }

    private SetMember member(ScriptLine line, String name) {
        SetDefinition set = sets.get(name);
        if (set == null) {
            set = known.apply(name)
                    .orElseThrow(() ->
                            line.problem("set " + name + " is not known; create it further up, or say what it is"));
            sets.put(name, set);
        }
        return new EntryParser(line, set).member();
    }
}
