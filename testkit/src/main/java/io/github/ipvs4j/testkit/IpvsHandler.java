// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.List;

/**
 * The generic-netlink family {@code IPVS}.
 *
 * <p>Follows {@code ip_vs_genl_set_cmd} and {@code ip_vs_genl_get_cmd} in {@code net/netfilter/ipvs/ip_vs_ctl.c}, whose
 * order of checks decides which of two errors a client sees.
 */
final class IpvsHandler implements GenericHandler.Family {
    private static final int DO = GenericNumbers.NEEDS_ADMIN | GenericNumbers.CAN_DO | GenericNumbers.HAS_POLICY;
    private static final int DUMP = GenericNumbers.NEEDS_ADMIN | GenericNumbers.CAN_DUMP | GenericNumbers.HAS_POLICY;

    private static final List<GenericHandler.Operation> OPERATIONS = List.of(
            new GenericHandler.Operation(IpvsNumbers.NEW_SERVICE, DO),
            new GenericHandler.Operation(IpvsNumbers.SET_SERVICE, DO),
            new GenericHandler.Operation(IpvsNumbers.DEL_SERVICE, DO),
            new GenericHandler.Operation(IpvsNumbers.GET_SERVICE, DO | DUMP),
            new GenericHandler.Operation(IpvsNumbers.NEW_DEST, DO),
            new GenericHandler.Operation(IpvsNumbers.SET_DEST, DO),
            new GenericHandler.Operation(IpvsNumbers.DEL_DEST, DO),
            new GenericHandler.Operation(IpvsNumbers.GET_DEST, DUMP),
            new GenericHandler.Operation(IpvsNumbers.NEW_DAEMON, DO),
            new GenericHandler.Operation(IpvsNumbers.DEL_DAEMON, DO),
            new GenericHandler.Operation(IpvsNumbers.GET_DAEMON, DUMP),
            new GenericHandler.Operation(IpvsNumbers.SET_CONFIG, DO),
            new GenericHandler.Operation(IpvsNumbers.GET_CONFIG, DO),
            new GenericHandler.Operation(IpvsNumbers.GET_INFO, DO),
            new GenericHandler.Operation(IpvsNumbers.ZERO, DO),
            new GenericHandler.Operation(IpvsNumbers.FLUSH, DO));

    private final SimulatedIpvs ipvs;
    private final int number;
    private final IpvsParser parser;
    private final IpvsAnswers answers;

    IpvsHandler(SimulatedIpvs ipvs, int number, boolean padded) {
        this.ipvs = ipvs;
        this.number = number;
        this.parser = new IpvsParser(ipvs);
        this.answers = new IpvsAnswers(padded);
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String name() {
        return IpvsNumbers.FAMILY_NAME;
    }

    @Override
    public int version() {
        return IpvsNumbers.VERSION;
    }

    @Override
    public int maxAttribute() {
        return IpvsNumbers.COMMAND_MAX;
    }

    @Override
    public int firstStrictCommand() {
        return IpvsNumbers.FLUSH + 1;
    }

    @Override
    public List<GenericHandler.Operation> operations() {
        return OPERATIONS;
    }

    @Override
    public void execute(Call call) {
        int command = call.request().u8(0);
        if (call.request().wantsDump()) {
            call.dump(dump(call.request(), command));
            return;
        }
        Attributes top = call.request().attributes(GenericNumbers.HEADER, IpvsParser.TOP);
        call.warnOfLeftover(top);
        switch (command) {
            case IpvsNumbers.FLUSH -> ipvs.flush();
            case IpvsNumbers.SET_CONFIG -> ipvs.timeouts(timeouts(top));
            case IpvsNumbers.GET_CONFIG -> call.reply(number, out -> IpvsAnswers.config(out, ipvs.timeouts()));
            case IpvsNumbers.GET_INFO -> call.reply(number, out -> IpvsAnswers.info(out, ipvs.connectionTableSize()));
            case IpvsNumbers.GET_SERVICE -> {
                ServiceEntry service = existing(parser.serviceId(parser.service(top)));
                call.reply(number, out -> answers.service(out, service));
            }
            case IpvsNumbers.ZERO -> zero(top);
            case IpvsNumbers.NEW_DAEMON -> ipvs.synchronisation().start(SyncDaemons.parse(top), ipvs.isMixed());
            case IpvsNumbers.DEL_DAEMON -> ipvs.synchronisation().stop(SyncDaemons.parse(top));
            default -> change(command, top);
        }
    }

    /** Sets the counters of the service that is named to zero, or of all. */
    private void zero(Attributes top) {
        if (top.has(IpvsNumbers.SERVICE)) {
            existing(parser.serviceId(parser.service(top))).zero();
        } else {
            ipvs.services().forEach(ServiceEntry::zero);
        }
    }

    private static int[] timeouts(Attributes top) {
        int[] types = {IpvsNumbers.TIMEOUT_TCP, IpvsNumbers.TIMEOUT_TCP_FIN, IpvsNumbers.TIMEOUT_UDP};
        int[] seconds = new int[types.length];
        for (int i = 0; i < types.length; i++) {
            seconds[i] = top.has(types[i]) ? top.i32(types[i]) : 0;
        }
        return seconds;
    }

    private ServiceEntry existing(ServiceId id) {
        ServiceEntry service = ipvs.find(id);
        if (service == null) {
            throw new Refused(ErrorNumbers.ESRCH);
        }
        return service;
    }

    private void change(int command, Attributes top) {
        Attributes nest = parser.service(top);
        ServiceId id = parser.serviceId(nest);
        switch (command) {
            case IpvsNumbers.NEW_SERVICE -> {
                ServiceEntry present = ipvs.find(id);
                ServiceSettings settings = IpvsParser.serviceSettings(nest, present);
                if (present != null) {
                    throw new Refused(ErrorNumbers.EEXIST);
                }
                ipvs.add(id, settings);
            }
            case IpvsNumbers.SET_SERVICE -> {
                ServiceSettings settings = IpvsParser.serviceSettings(nest, ipvs.find(id));
                ipvs.edit(existing(id), settings);
            }
            case IpvsNumbers.DEL_SERVICE -> ipvs.delete(existing(id));
            default -> changeDestination(command, existing(id), top);
        }
    }

    private void changeDestination(int command, ServiceEntry service, Attributes top) {
        boolean full = command != IpvsNumbers.DEL_DEST;
        Attributes nest = parser.destination(top);
        IpvsParser.requireComplete(nest, full);
        DestinationId id = parser.destinationId(nest, service.id().family());
        if (!full) {
            ipvs.deleteDestination(service, id);
            return;
        }
        DestinationSettings settings = IpvsParser.destinationSettings(nest);
        boolean mixed = id.address().family() != service.id().family();
        if (mixed && (ipvs.synchronisation().isRunning() || settings.method() != IpvsNumbers.METHOD_TUNNEL)) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        if (command == IpvsNumbers.NEW_DEST) {
            ipvs.addDestination(service, id, settings);
        } else {
            ipvs.editDestination(service, id, settings);
        }
    }

    private Dump dump(RequestMessage request, int command) {
        return switch (command) {
            case IpvsNumbers.GET_SERVICE -> new PlainDump<>(number, 0, ipvs::services, answers::service);
            case IpvsNumbers.GET_DEST -> new PlainDump<>(number, 0, () -> destinations(request), answers::destination);
            default -> new PlainDump<>(number, 0, ipvs.synchronisation()::running, SyncDaemons::write);
        };
    }

    /** Looks the service up anew for every part; an unknown or damaged one has no destinations. */
    private List<DestinationEntry> destinations(RequestMessage request) {
        try {
            Attributes top = request.attributes(GenericNumbers.HEADER, IpvsParser.TOP);
            return existing(parser.serviceId(parser.service(top))).newestFirst();
        } catch (Refused ignored) {
            return List.of();
        }
    }
}
