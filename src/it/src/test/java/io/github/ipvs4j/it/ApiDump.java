// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The public interface of a package as text, short enough to be read whole, complete enough to show every change. */
final class ApiDump {
    private static final int WIDTH = 120;
    private static final String INDENT = "    ";

    private ApiDump() {}

    /** Describes public types, each followed by its public members, nested types among them. */
    static String of(Stream<Class<?>> types) {
        return types.filter(type -> type.getEnclosingClass() == null)
                .sorted(Comparator.comparing(Class::getName))
                .map(type -> type(type, WIDTH, UnaryOperator.identity()))
                .collect(joining());
    }

    /** A short type stands on one line with what it has, a longer one above it. */
    private static String type(Class<?> type, int width, UnaryOperator<String> shorten) {
        // Inside a type its nested types go by their own names.
        UnaryOperator<String> inside = name -> shorten.apply(name).replaceAll("\\b" + type.getSimpleName() + "\\.", "");
        List<String> items = new ArrayList<>(members(type));
        List<String> blocks = new ArrayList<>();
        for (Class<?> nested : nested(type)) {
            String text = type(nested, width - INDENT.length(), inside);
            (text.indexOf('\n') == text.length() - 1 ? items : blocks).add(text.stripTrailing());
        }
        items.replaceAll(inside::apply);
        String head = inside.apply(head(type));
        String line = items.isEmpty() ? head : head + items.stream().collect(joining("; ", " { ", "; }"));
        if (blocks.isEmpty() && line.length() < width) {
            return line + "\n";
        }
        StringBuilder text = new StringBuilder(head).append('\n');
        wrap(text, items, width);
        blocks.forEach(block -> text.append(block.indent(INDENT.length())));
        return text.toString();
    }

    private static List<Class<?>> nested(Class<?> type) {
        return Arrays.stream(type.getDeclaredClasses())
                .filter(nested -> isPublic(nested.getModifiers()))
                .sorted(Comparator.comparing(Class::getName))
                .toList();
    }

    private static List<String> members(Class<?> type) {
        List<String> members = new ArrayList<>();
        Arrays.stream(type.getDeclaredFields())
                .filter(field -> isPublic(field.getModifiers()) && !field.isSynthetic() && !field.isEnumConstant())
                .map(ApiDump::field)
                .forEach(members::add);
        Arrays.stream(type.getDeclaredConstructors())
                .filter(constructor -> isPublic(constructor.getModifiers()) && !type.isRecord())
                .map(ApiDump::constructor)
                .forEach(members::add);
        Arrays.stream(type.getDeclaredMethods())
                .filter(method -> isPublic(method.getModifiers()) && !method.isSynthetic() && !isObvious(type, method))
                .map(ApiDump::method)
                .forEach(members::add);
        Collections.sort(members);
        return members;
    }

    private static void wrap(StringBuilder text, List<String> members, int width) {
        int column = 0;
        for (String member : members) {
            String item = member + ";";
            if (column > 0 && column + 1 + item.length() > width) {
                text.append('\n');
                column = 0;
            }
            text.append(column == 0 ? INDENT : " ").append(item);
            column += (column == 0 ? INDENT.length() : 1) + item.length();
        }
        text.append(members.isEmpty() ? "" : "\n");
    }

    /**
     * A class of each kind with what belongs to its name: components, constants, supertypes. What lies inside a sealed
     * interface is one of its cases.
     */
    private static String head(Class<?> type) {
        String supertypes = Stream.concat(
                        Stream.of(type.getGenericSuperclass()).filter(ApiDump::isWorthNaming),
                        Arrays.stream(type.getGenericInterfaces()).filter(known -> known != type.getEnclosingClass()))
                .map(ApiDump::name)
                .collect(joining(", "));
        return kind(type) + (supertypes.isEmpty() ? "" : " : " + supertypes);
    }

    private static String kind(Class<?> type) {
        String name = name(type);
        if (type.isRecord()) {
            return Arrays.stream(type.getRecordComponents())
                    .map(ApiDump::component)
                    .collect(joining(", ", "record " + name + "(", ")"));
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name())
                    .collect(joining(", ", "enum " + name + " {", "}"));
        }
        return (type.isSealed() ? "sealed " : "") + (type.isInterface() ? "interface " : "class ") + name;
    }

    private static boolean isWorthNaming(Type supertype) {
        return supertype instanceof Class<?> known && known != Object.class && known != Record.class;
    }

    private static String component(RecordComponent component) {
        return name(component.getGenericType()) + " " + component.getName();
    }

    private static String field(Field field) {
        return name(field.getGenericType()) + " " + field.getName();
    }

    private static String constructor(Constructor<?> constructor) {
        return "new" + parameters(constructor);
    }

    private static String method(Method method) {
        return (Modifier.isStatic(method.getModifiers()) ? "static " : "") + name(method.getGenericReturnType()) + " "
                + method.getName() + parameters(method);
    }

    private static String parameters(Executable executable) {
        return Arrays.stream(executable.getGenericParameterTypes())
                .map(ApiDump::name)
                .collect(joining(", ", "(", ")"));
    }

    /** Leaves out what every record, enum and object has, and what a supertype that is named has already. */
    private static boolean isObvious(Class<?> type, Method method) {
        boolean accessor = type.isRecord()
                && method.getParameterCount() == 0
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> component.getName().equals(method.getName()));
        boolean ofEnum = type.isEnum() && List.of("values", "valueOf").contains(method.getName());
        return accessor
                || ofEnum
                || isInherited(type, method)
                || List.of("equals", "hashCode", "toString").contains(method.getName());
    }

    /** A method of a generic supertype has a bridge to it. */
    private static boolean isInherited(Class<?> type, Method method) {
        boolean bridged = Arrays.stream(type.getDeclaredMethods())
                .anyMatch(other -> other.isBridge()
                        && other.getName().equals(method.getName())
                        && other.getParameterCount() == method.getParameterCount());
        if (bridged) {
            return true;
        }
        return Stream.concat(Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()))
                .flatMap(supertype -> Arrays.stream(supertype.getMethods()))
                .anyMatch(other -> other.getName().equals(method.getName())
                        && Arrays.equals(other.getParameterTypes(), method.getParameterTypes())
                        && other.getReturnType() == method.getReturnType());
    }

    private static boolean isPublic(int modifiers) {
        return Modifier.isPublic(modifiers);
    }

    /** Names without packages: they differ nowhere in this interface by those alone. */
    private static String name(Type type) {
        return type.getTypeName().replaceAll("\\b[a-z][a-z0-9_]*\\.", "").replace('$', '.');
    }
}
