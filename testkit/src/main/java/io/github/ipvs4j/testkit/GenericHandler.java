// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;
import java.util.List;
import java.util.Optional;

/**
 * Generic netlink: finds the family of a request, checks that it has the command, and answers for the controller.
 *
 * <p>Follows {@code genl_rcv_msg} and {@code ctrl_getfamily} in {@code net/netlink/genetlink.c}. Not simulated:
 * {@code GETPOLICY}.
 */
final class GenericHandler implements ProtocolHandler {
    /** An operation of a family, as the controller tells it. */
    record Operation(int command, int flags) {
        boolean can(int what) {
            return (flags & what) != 0;
        }
    }

    /** A family as it is registered. */
    interface Family extends ProtocolHandler {
        int number();

        String name();

        int version();

        int maxAttribute();

        /** Returns the lowest command whose header is checked in full. */
        int firstStrictCommand();

        List<Operation> operations();
    }

    private static final AttributePolicy POLICY = AttributePolicy.upTo(GenericNumbers.MAX)
            .with(AttributePolicy.Kind.U16, GenericNumbers.FAMILY_ID)
            .withLimited(AttributePolicy.Kind.NUL_STRING, GenericNumbers.MAX_NAME, GenericNumbers.FAMILY_NAME);

    private final List<Family> families;

    GenericHandler(List<Family> families) {
        this.families = families;
    }

    @Override
    public void execute(Call call) {
        RequestMessage request = call.request();
        boolean controller = request.type() == GenericNumbers.CONTROLLER;
        Optional<Family> family = controller ? Optional.empty() : byNumber(request.type());
        if (!controller && family.isEmpty()) {
            throw new Refused(ErrorNumbers.ENOENT);
        }
        if (request.payloadLength() < GenericNumbers.HEADER) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        checkHeader(request, family.map(Family::firstStrictCommand).orElse(GenericNumbers.FIRST_STRICT_COMMAND));
        if (family.isPresent()) {
            checkOperation(call, family.get());
            family.get().execute(call);
        } else if (request.u8(0) == GenericNumbers.GET_FAMILY) {
            getFamily(call);
        } else {
            throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
    }

    /** Refuses, for new commands and those to come, what old ones never looked at. */
    private static void checkHeader(RequestMessage request, int firstStrictCommand) {
        if (request.u8(0) < firstStrictCommand) {
            return;
        }
        if (request.u16(2) != 0) {
            throw new Refused(ErrorNumbers.EINVAL, "genlmsghdr.reserved field is not 0");
        }
        int flags = request.wantsDump() ? request.flags() & ~NetlinkNumbers.FLAG_DUMP : request.flags();
        if ((flags & ~GenericNumbers.STRICT_FLAGS) != 0) {
            throw new Refused(ErrorNumbers.EINVAL, "ambiguous or reserved bits set in nlmsg_flags");
        }
    }

    private static void checkOperation(Call call, Family family) {
        int wanted = call.request().wantsDump() ? GenericNumbers.CAN_DUMP : GenericNumbers.CAN_DO;
        int command = call.request().u8(0);
        Operation operation = family.operations().stream()
                .filter(candidate -> candidate.command() == command && candidate.can(wanted))
                .findFirst()
                .orElseThrow(() -> new Refused(ErrorNumbers.EOPNOTSUPP));
        if (operation.can(GenericNumbers.NEEDS_ADMIN)) {
            call.requireCapability();
        }
    }

    private Optional<Family> byNumber(int number) {
        return families.stream().filter(family -> family.number() == number).findFirst();
    }

    private void getFamily(Call call) {
        if (call.request().wantsDump()) {
            call.dump(new FamilyDump());
            return;
        }
        Attributes attributes = call.request().attributes(GenericNumbers.HEADER, POLICY);
        call.warnOfLeftover(attributes);
        if (!attributes.has(GenericNumbers.FAMILY_ID) && !attributes.has(GenericNumbers.FAMILY_NAME)) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        String name = attributes.has(GenericNumbers.FAMILY_NAME) ? attributes.string(GenericNumbers.FAMILY_NAME) : null;
        int number = attributes.has(GenericNumbers.FAMILY_ID) ? attributes.u16(GenericNumbers.FAMILY_ID) : -1;
        // Where both are given the name decides.
        boolean controller =
                name == null ? number == GenericNumbers.CONTROLLER : GenericNumbers.CONTROLLER_NAME.equals(name);
        if (controller) {
            call.reply(GenericNumbers.CONTROLLER, GenericHandler::writeController);
            return;
        }
        Family family = families.stream()
                .filter(candidate -> name == null
                        ? candidate.number() == number
                        : candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refused(ErrorNumbers.ENOENT));
        call.reply(GenericNumbers.CONTROLLER, out -> write(out, family));
    }

    private static void write(MessageWriter out, Family family) {
        head(out, family.number(), family.name(), family.version(), family.maxAttribute());
        operations(out, family.operations());
    }

    private static void writeController(MessageWriter out) {
        head(
                out,
                GenericNumbers.CONTROLLER,
                GenericNumbers.CONTROLLER_NAME,
                GenericNumbers.CONTROLLER_VERSION,
                // Its operations have attributes of their own.
                0);
        operations(
                out,
                List.of(
                        new Operation(
                                GenericNumbers.GET_FAMILY,
                                GenericNumbers.CAN_DO | GenericNumbers.CAN_DUMP | GenericNumbers.HAS_POLICY),
                        new Operation(GenericNumbers.GET_POLICY, GenericNumbers.CAN_DUMP | GenericNumbers.HAS_POLICY)));
        int groups = Nests.begin(out, GenericNumbers.GROUPS);
        int group = Nests.begin(out, 1);
        out.u32(GenericNumbers.GROUP_ID, GenericNumbers.CONTROLLER).string(GenericNumbers.GROUP_NAME, "notify");
        out.endNested(group);
        out.endNested(groups);
    }

    private static void head(MessageWriter out, int number, String name, int version, int maxAttribute) {
        out.genericHeader(GenericNumbers.NEW_FAMILY, GenericNumbers.CONTROLLER_VERSION)
                .string(GenericNumbers.FAMILY_NAME, name)
                .u16(GenericNumbers.FAMILY_ID, number)
                .u32(GenericNumbers.VERSION, version)
                .u32(GenericNumbers.HEADER_SIZE, 0)
                .u32(GenericNumbers.MAX_ATTRIBUTE, maxAttribute);
    }

    private static void operations(MessageWriter out, List<Operation> operations) {
        int list = Nests.begin(out, GenericNumbers.OPERATIONS);
        for (int i = 0; i < operations.size(); i++) {
            int operation = Nests.begin(out, i + 1);
            out.u32(GenericNumbers.OPERATION_ID, operations.get(i).command())
                    .u32(GenericNumbers.OPERATION_FLAGS, operations.get(i).flags());
            out.endNested(operation);
        }
        out.endNested(list);
    }

    /** Lists the controller and all families. */
    private final class FamilyDump implements Dump {
        private int next;

        @Override
        public void fill(Datagram page) {
            for (; next <= families.size(); next++) {
                MessageWriter out = page.begin(GenericNumbers.CONTROLLER, NetlinkNumbers.FLAG_MULTI);
                if (next == 0) {
                    writeController(out);
                } else {
                    write(out, families.get(next - 1));
                }
                if (!page.end()) {
                    return;
                }
            }
        }
    }
}
