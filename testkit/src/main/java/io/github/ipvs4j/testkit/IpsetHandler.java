// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands of ipset.
 *
 * <p>Follows {@code net/netfilter/ipset/ip_set_core.c}.
 */
final class IpsetHandler {
    private static final int HIGHEST_REVISION = 9;

    private final SimulatedIpsets sets;
    private final KernelModules modules;
    private final KernelRelease release;
    private final SetAnswers answers;

    IpsetHandler(SimulatedIpsets sets, KernelModules modules, KernelRelease release, SetAnswers answers) {
        this.answers = answers;
        this.sets = sets;
        this.modules = modules;
        this.release = release;
    }

    void execute(Call call, int command) {
        switch (command) {
            case IpsetNumbers.NONE -> throw new Refused(ErrorNumbers.EOPNOTSUPP);
            case IpsetNumbers.PROTOCOL -> protocol(call);
            case IpsetNumbers.CREATE -> create(call);
            case IpsetNumbers.DESTROY -> destroy(call);
            case IpsetNumbers.FLUSH -> flush(call);
            case IpsetNumbers.RENAME, IpsetNumbers.SWAP -> renameOrSwap(call, command);
            case IpsetNumbers.LIST, IpsetNumbers.SAVE -> list(call);
            case IpsetNumbers.ADD, IpsetNumbers.DEL -> new ElementChange(call, command, release).run(sets);
            case IpsetNumbers.TEST -> test(call);
            case IpsetNumbers.GET_HEADER -> header(call);
            case IpsetNumbers.TYPE -> type(call);
            case IpsetNumbers.GET_BY_NAME -> byName(call);
            case IpsetNumbers.GET_BY_INDEX -> byIndex(call);
            default -> throw new Refused(ErrorNumbers.EINVAL);
        }
    }

    /** Parses the outermost attributes and checks the version of the protocol and what else must be there. */
    static Attributes parse(Call call, AttributePolicy policy, int... required) {
        Attributes top = call.request().attributes(IpsetNumbers.HEADER, policy);
        call.warnOfLeftover(top);
        require(top.has(IpsetNumbers.ATTR_PROTOCOL)
                && top.u8(IpsetNumbers.ATTR_PROTOCOL) >= IpsetNumbers.PROTOCOL_OLDEST
                && top.hasAll(required));
        return top;
    }

    static void require(boolean wellFormed) {
        if (!wellFormed) {
            throw new Refused(IpsetNumbers.ERR_PROTOCOL);
        }
    }

    static boolean isExclusive(Call call) {
        return call.request().has(NetlinkNumbers.FLAG_EXCLUSIVE);
    }

    private static void protocol(Call call) {
        Attributes top = call.request().attributes(IpsetNumbers.HEADER, IpsetPolicies.PROTOCOL);
        call.warnOfLeftover(top);
        require(top.has(IpsetNumbers.ATTR_PROTOCOL));
        reply(
                call,
                IpsetNumbers.PROTOCOL,
                out -> out.u8(IpsetNumbers.ATTR_PROTOCOL, IpsetNumbers.PROTOCOL_VERSION)
                        .u8(IpsetNumbers.ATTR_PROTOCOL_MIN, IpsetNumbers.PROTOCOL_OLDEST));
    }

    private void create(Call call) {
        Attributes top = parse(
                call,
                IpsetPolicies.CREATE,
                IpsetNumbers.ATTR_NAME,
                IpsetNumbers.ATTR_TYPE_NAME,
                IpsetNumbers.ATTR_REVISION,
                IpsetNumbers.ATTR_FAMILY);
        require(!top.has(IpsetNumbers.ATTR_DATA) || top.isFlaggedNest(IpsetNumbers.ATTR_DATA));
        int revision = top.u8(IpsetNumbers.ATTR_REVISION);
        if (revision > HIGHEST_REVISION && release == KernelRelease.LINUX_7_2) {
            throw new Refused(ErrorNumbers.ERANGE);
        }
        int family = top.u8(IpsetNumbers.ATTR_FAMILY);
        SetKind kind = kind(top.string(IpsetNumbers.ATTR_TYPE_NAME), family);
        if (revision > kind.revision(release)) {
            throw new Refused(IpsetNumbers.ERR_FIND_TYPE);
        }
        SetSettings settings = SetCreation.read(kind, revision, family, top, release);
        sets.create(top.string(IpsetNumbers.ATTR_NAME), settings, isExclusive(call));
    }

    private SetKind kind(String typeName, int family) {
        return SetKind.named(typeName)
                .filter(kind -> modules.has(kind.module()) && kind.takes(family))
                .orElseThrow(() -> new Refused(IpsetNumbers.ERR_FIND_TYPE));
    }

    private void destroy(Call call) {
        Attributes top = parse(call, IpsetPolicies.NAME);
        if (!top.has(IpsetNumbers.ATTR_NAME)) {
            sets.destroyAll();
            return;
        }
        SimulatedSet set = sets.find(top.string(IpsetNumbers.ATTR_NAME));
        if (set != null) {
            sets.destroy(set);
        } else if (isExclusive(call)) {
            throw new Refused(ErrorNumbers.ENOENT);
        }
    }

    private void flush(Call call) {
        Attributes top = parse(call, IpsetPolicies.NAME);
        if (top.has(IpsetNumbers.ATTR_NAME)) {
            sets.flush(sets.existing(top.string(IpsetNumbers.ATTR_NAME)));
        } else {
            sets.all().forEach(sets::flush);
        }
    }

    private void renameOrSwap(Call call, int command) {
        Attributes top = parse(call, IpsetPolicies.TWO_NAMES, IpsetNumbers.ATTR_NAME, IpsetNumbers.ATTR_NAME2);
        SimulatedSet set = sets.existing(top.string(IpsetNumbers.ATTR_NAME));
        String second = top.string(IpsetNumbers.ATTR_NAME2);
        if (command == IpsetNumbers.RENAME) {
            sets.rename(set, second);
        } else {
            sets.swap(set, second);
        }
    }

    private void list(Call call) {
        Attributes checked = call.request().attributes(IpsetNumbers.HEADER, IpsetPolicies.LIST);
        require(checked.has(IpsetNumbers.ATTR_PROTOCOL)
                && checked.u8(IpsetNumbers.ATTR_PROTOCOL) >= IpsetNumbers.PROTOCOL_OLDEST);
        call.dump(listing(call));
    }

    /** Begins a listing, which parses strictly and reports an error on its own beside the usual way. */
    private SetDump listing(Call call) {
        try {
            Attributes top = call.request().attributesStrict(IpsetNumbers.HEADER, IpsetPolicies.LIST);
            @Nullable
            SimulatedSet only =
                    top.has(IpsetNumbers.ATTR_NAME) ? sets.existing(top.string(IpsetNumbers.ATTR_NAME)) : null;
            int flags = top.has(IpsetNumbers.ATTR_FLAGS) ? top.i32be(IpsetNumbers.ATTR_FLAGS) : 0;
            return new SetDump(sets, only, flags, top.u8(IpsetNumbers.ATTR_PROTOCOL), answers);
        } catch (Refused why) {
            Refused bare = new Refused(why.errno());
            call.refuseFirstIfAcknowledged(bare);
            throw bare;
        }
    }

    private void test(Call call) {
        Attributes top = parse(call, IpsetPolicies.ELEMENTS, IpsetNumbers.ATTR_NAME, IpsetNumbers.ATTR_DATA);
        require(top.isFlaggedNest(IpsetNumbers.ATTR_DATA));
        SimulatedSet set = sets.existing(top.string(IpsetNumbers.ATTR_NAME));
        Attributes data;
        try {
            data = top.nestedStrict(
                    IpsetNumbers.ATTR_DATA, IpsetPolicies.element(set.settings().kind()));
        } catch (Refused ignored) {
            throw new Refused(IpsetNumbers.ERR_PROTOCOL);
        }
        if (!isIn(set, data)) {
            throw new Refused(IpsetNumbers.ERR_EXIST);
        }
    }

    /** Tells whether an element is in a set; what cannot be in it is not. */
    private boolean isIn(SimulatedSet set, Attributes data) {
        ElementParser parser = new ElementParser(sets, set.settings(), data, release);
        try {
            SetElement element = parser.element();
            return set.contains(element, parser.options());
        } catch (Refused why) {
            // The one error that the kernel takes for a yes.
            return why.errno() == IpsetNumbers.ERR_POSITIVE_ONE;
        }
    }

    private void header(Call call) {
        Attributes top = parse(call, IpsetPolicies.NAME, IpsetNumbers.ATTR_NAME);
        SimulatedSet set = sets.existing(top.string(IpsetNumbers.ATTR_NAME));
        reply(call, IpsetNumbers.GET_HEADER, out -> {
            out.u8(IpsetNumbers.ATTR_PROTOCOL, top.u8(IpsetNumbers.ATTR_PROTOCOL))
                    .string(IpsetNumbers.ATTR_NAME, set.name());
            SetAnswers.type(out, set.settings());
        });
    }

    private void type(Call call) {
        Attributes top = parse(call, IpsetPolicies.TYPE, IpsetNumbers.ATTR_TYPE_NAME, IpsetNumbers.ATTR_FAMILY);
        SetKind kind = kind(top.string(IpsetNumbers.ATTR_TYPE_NAME), top.u8(IpsetNumbers.ATTR_FAMILY));
        reply(
                call,
                IpsetNumbers.TYPE,
                out -> out.u8(IpsetNumbers.ATTR_PROTOCOL, top.u8(IpsetNumbers.ATTR_PROTOCOL))
                        .string(IpsetNumbers.ATTR_TYPE_NAME, kind.typeName())
                        .u8(IpsetNumbers.ATTR_FAMILY, top.u8(IpsetNumbers.ATTR_FAMILY))
                        .u8(IpsetNumbers.ATTR_REVISION, kind.revision(release))
                        .u8(IpsetNumbers.ATTR_REVISION_MIN, 0));
    }

    private void byName(Call call) {
        Attributes top = parse(call, IpsetPolicies.NAME, IpsetNumbers.ATTR_NAME);
        requireNewest(top);
        SimulatedSet set = sets.existing(top.string(IpsetNumbers.ATTR_NAME));
        reply(
                call,
                IpsetNumbers.GET_BY_NAME,
                out -> out.u8(IpsetNumbers.ATTR_PROTOCOL, top.u8(IpsetNumbers.ATTR_PROTOCOL))
                        .u8(IpsetNumbers.ATTR_FAMILY, set.settings().family())
                        .u16be(IpsetNumbers.ATTR_INDEX | NetlinkNumbers.ATTRIBUTE_NETWORK_ORDER, sets.indexOf(set)));
    }

    private void byIndex(Call call) {
        Attributes top = parse(call, IpsetPolicies.INDEX, IpsetNumbers.ATTR_INDEX);
        requireNewest(top);
        SimulatedSet set = sets.at(top.u16be(IpsetNumbers.ATTR_INDEX));
        if (set == null) {
            throw new Refused(ErrorNumbers.ENOENT);
        }
        reply(
                call,
                IpsetNumbers.GET_BY_INDEX,
                out -> out.u8(IpsetNumbers.ATTR_PROTOCOL, top.u8(IpsetNumbers.ATTR_PROTOCOL))
                        .string(IpsetNumbers.ATTR_NAME, set.name()));
    }

    private static void requireNewest(Attributes top) {
        require(top.u8(IpsetNumbers.ATTR_PROTOCOL) == IpsetNumbers.PROTOCOL_VERSION);
    }

    private static void reply(Call call, int command, Consumer<MessageWriter> body) {
        call.reply(
                IpsetNumbers.SUBSYSTEM << Byte.SIZE | command,
                out -> body.accept(out.netfilterHeader(IpsetNumbers.FAMILY_IPV4, 0, 0)));
    }
}
