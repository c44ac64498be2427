// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Reads what the generic-netlink controller tells; unknown attributes are stepped over. */
final class ControllerDecoder {
    private ControllerDecoder() {}

    static FamilyDescription family(MessageReader message) {
        String name = "";
        int number = 0;
        int version = 0;
        int headerSize = 0;
        int maxAttribute = 0;
        List<FamilyDescription.Operation> operations = new ArrayList<>();
        List<FamilyDescription.Group> groups = new ArrayList<>();
        AttributeReader attributes = message.attributes(ControllerLayout.GENERIC_HEADER);
        while (attributes.next()) {
            switch (attributes.type()) {
                case ControllerLayout.FAMILY_NAME -> name = attributes.string();
                case ControllerLayout.FAMILY_ID -> number = attributes.u16();
                case ControllerLayout.FAMILY_VERSION -> version = attributes.u32();
                case ControllerLayout.HEADER_SIZE -> headerSize = attributes.u32();
                case ControllerLayout.MAX_ATTRIBUTE -> maxAttribute = attributes.u32();
                case ControllerLayout.OPERATIONS -> readOperations(attributes, operations);
                case ControllerLayout.GROUPS -> readGroups(attributes, groups);
                default -> {
                    // What newer kernels say.
                }
            }
        }
        if (name.isEmpty() || number == 0) {
            throw new MalformedReply(
                    "a generic-netlink family without name or number", 0, "CTRL_ATTR_FAMILY_NAME, CTRL_ATTR_FAMILY_ID");
        }
        return new FamilyDescription(name, number, version, headerSize, maxAttribute, operations, groups);
    }

    private static void readOperations(AttributeReader attributes, List<FamilyDescription.Operation> operations) {
        attributes.enter();
        while (attributes.next()) {
            int command = 0;
            int flags = 0;
            attributes.enter();
            while (attributes.next()) {
                switch (attributes.type()) {
                    case ControllerLayout.OPERATION_ID -> command = attributes.u32();
                    case ControllerLayout.OPERATION_FLAGS -> flags = attributes.u32();
                    default -> {
                        // Nothing else is known.
                    }
                }
            }
            attributes.leave();
            operations.add(new FamilyDescription.Operation(command, flags));
        }
        attributes.leave();
    }

    private static void readGroups(AttributeReader attributes, List<FamilyDescription.Group> groups) {
        attributes.enter();
        while (attributes.next()) {
            String name = "";
            int number = 0;
            attributes.enter();
            while (attributes.next()) {
                switch (attributes.type()) {
                    case ControllerLayout.GROUP_NAME -> name = attributes.string();
                    case ControllerLayout.GROUP_ID -> number = attributes.u32();
                    default -> {
                        // Nothing else is known.
                    }
                }
            }
            attributes.leave();
            groups.add(new FamilyDescription.Group(name, number));
        }
        attributes.leave();
    }

    /** Puts the messages of a policy listing together. */
    static final class PolicyListing implements DumpConsumer {
        private final Map<Integer, FamilyPolicies.Command> commands = new HashMap<>();
        private final Map<Integer, Map<Integer, AttributePolicy>> policies = new HashMap<>();

        @Override
        public void accept(MessageReader message) {
            AttributeReader attributes = message.attributes(ControllerLayout.GENERIC_HEADER);
            while (attributes.next()) {
                switch (attributes.type()) {
                    case ControllerLayout.OPERATION_POLICY -> readCommands(attributes);
                    case ControllerLayout.POLICY -> readPolicies(attributes);
                    default -> {
                        // The number of the family, in every message.
                    }
                }
            }
        }

        private void readCommands(AttributeReader attributes) {
            attributes.enter();
            while (attributes.next()) {
                int command = attributes.type();
                OptionalInt request = OptionalInt.empty();
                OptionalInt dump = OptionalInt.empty();
                attributes.enter();
                while (attributes.next()) {
                    switch (attributes.type()) {
                        case ControllerLayout.POLICY_DO -> request = OptionalInt.of(attributes.u32());
                        case ControllerLayout.POLICY_DUMP -> dump = OptionalInt.of(attributes.u32());
                        default -> {
                            // Nothing else is known.
                        }
                    }
                }
                attributes.leave();
                commands.put(command, new FamilyPolicies.Command(request, dump));
            }
            attributes.leave();
        }

        private void readPolicies(AttributeReader attributes) {
            attributes.enter();
            while (attributes.next()) {
                Map<Integer, AttributePolicy> policy =
                        policies.computeIfAbsent(attributes.type(), number -> new HashMap<>());
                attributes.enter();
                while (attributes.next()) {
                    int attribute = attributes.type();
                    policy.put(attribute, AttributePolicy.read(attributes));
                }
                attributes.leave();
            }
            attributes.leave();
        }

        @Override
        public void restart() {
            commands.clear();
            policies.clear();
        }

        FamilyPolicies result() {
            return new FamilyPolicies(commands, policies);
        }
    }
}
