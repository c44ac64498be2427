// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it;

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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The public interface of a package as text, short enough to be read whole, complete enough to show every change. */
final class ApiDump {
    private static final int WIDTH = 120;
    private static final String INDENT = "    ";

    private ApiDump() {}

    /** Describes public types, each followed by its public members. */
    static String of(Stream<Class<?>> types) {
        return types.sorted(Comparator.comparing(Class::getName))
                .map(ApiDump::type)
                .collect(Collectors.joining());
    }

    private static String type(Class<?> type) {
        StringBuilder text = new StringBuilder(head(type)).append('\n');
        List<String> members = new ArrayList<>();
        Arrays.stream(type.getDeclaredFields())
                .filter(field -> isPublic(field.getModifiers()) && !field.isSynthetic())
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
        wrap(text, members);
        return text.toString();
    }

    private static void wrap(StringBuilder text, List<String> members) {
        int column = 0;
        for (String member : members) {
            String item = member + ";";
            if (column > 0 && column + 1 + item.length() > WIDTH) {
                text.append('\n');
                column = 0;
            }
            text.append(column == 0 ? INDENT : " ").append(item);
            column += (column == 0 ? INDENT.length() : 1) + item.length();
        }
        text.append(members.isEmpty() ? "" : "\n");
    }

    private static String head(Class<?> type) {
        String kind = type.isRecord() ? "record" : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
        String components = type.isRecord()
                ? Arrays.stream(type.getRecordComponents())
                        .map(ApiDump::component)
                        .collect(Collectors.joining(", ", "(", ")"))
                : "";
        return kind + " " + name(type) + components;
    }

    private static String component(RecordComponent component) {
        return name(component.getGenericType()) + " " + component.getName();
    }

    private static String field(Field field) {
        return field.isEnumConstant() ? field.getName() : name(field.getGenericType()) + " " + field.getName();
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
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /** Leaves out what every record, enum and object has. */
    private static boolean isObvious(Class<?> type, Method method) {
        boolean accessor = type.isRecord()
                && method.getParameterCount() == 0
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> component.getName().equals(method.getName()));
        boolean ofEnum = type.isEnum() && List.of("values", "valueOf").contains(method.getName());
        return accessor || ofEnum || List.of("equals", "hashCode", "toString").contains(method.getName());
    }

    private static boolean isPublic(int modifiers) {
        return Modifier.isPublic(modifiers);
    }

    /** Names without packages: they differ nowhere in this interface by those alone. */
    private static String name(Type type) {
        return type.getTypeName().replaceAll("\\b[a-z][a-z0-9_]*\\.", "").replace('$', '.');
    }
}
