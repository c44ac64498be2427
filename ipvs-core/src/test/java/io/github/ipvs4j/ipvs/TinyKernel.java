// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.GenericRequest;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.SocketFailed;
import io.github.ipvs4j.netlink.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A table behind the transport seam that answers as a kernel does. A test can make it refuse a request, lose answers,
 * and change the table behind the client's back.
 */
final class TinyKernel implements Transport.Factory {
    private static final int CONTROLLER = 16;

    /** How many bytes of a listing go into one datagram at most, and before anything was received. */
    private static final int LONGEST_PIECE = (32 << 10) - 320;

    private static final int FIRST_PIECE = (4 << 10) - 320;

    private final Map<ServiceKey, VirtualService> services = new LinkedHashMap<>();
    private final Map<ServiceKey, Map<DestinationKey, Destination>> destinations = new LinkedHashMap<>();
    private final List<String> changes = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final Deque<Runnable> beforeListings = new ArrayDeque<>();
    private final Set<Object> skipped = new HashSet<>();
    private final Map<SyncRole, SyncDaemon> daemons = new LinkedHashMap<>();
    private Timeouts timeouts = new Timeouts(Duration.ofSeconds(900), Duration.ofSeconds(120), Duration.ofSeconds(300));
    private @Nullable String interference;
    private Runnable interferer = () -> {};
    private boolean deaf;
    private boolean withoutFamily;
    private boolean listsTwice;
    private boolean stopsInSilence;
    private int muteFrom = Integer.MAX_VALUE;
    private int memory;
    private int listings;
    private int open;
    private int sockets = Integer.MAX_VALUE;

    /** A request that is refused once. */
    private record Refusal(Predicate<String> request, Errno errno) {}

    static TinyKernel with(VirtualServer... servers) {
        return new TinyKernel().set(IpvsState.of(servers));
    }

    TinyKernel set(IpvsState state) {
        services.clear();
        destinations.clear();
        changes.clear();
        for (VirtualServer server : state.servers()) {
            services.put(server.key(), server.service());
            Map<DestinationKey, Destination> present = new LinkedHashMap<>();
            server.destinations().forEach(destination -> present.put(destination.key(), destination));
            destinations.put(server.key(), present);
        }
        return this;
    }

    /** Refuses the next request whose words hold a text; see {@link #changes}. */
    TinyKernel refuse(String request, Errno errno) {
        refusals.add(new Refusal(words -> words.contains(request), errno));
        return this;
    }

    /** Refuses the change that comes after so many others. */
    TinyKernel refuseAfter(int count, Errno errno) {
        int last = changes.size() + count;
        refusals.add(new Refusal(words -> changes.size() > last, errno));
        return this;
    }

    TinyKernel withoutFamily() {
        withoutFamily = true;
        return this;
    }

    /** Stops daemons without an answer, as when their threads have not had their turn yet. */
    TinyKernel stopsInSilence() {
        stopsInSilence = true;
        return this;
    }

    /** Lists every entry twice, as when others add some meanwhile. */
    TinyKernel listsTwice() {
        listsTwice = true;
        return this;
    }

    /** Leaves the service or destination with a key out of the next listing, as when others delete one before it. */
    TinyKernel skipOnce(Object key) {
        skipped.add(key);
        return this;
    }

    /** Has no more sockets than that. */
    TinyKernel withSockets(int most) {
        sockets = most;
        return this;
    }

    /** Takes so much memory for each piece of a listing, and tells it. */
    TinyKernel takesMemory(int bytes) {
        memory = bytes;
        return this;
    }

    /** Returns how often destinations were listed. */
    int listings() {
        return listings;
    }

    /** Does something before the next listing of destinations. */
    TinyKernel beforeListing(Runnable action) {
        beforeListings.add(action);
        return this;
    }

    /** Does something before the next change whose words hold a text, as another writer would. */
    TinyKernel beforeChange(String request, Runnable action) {
        interference = request;
        interferer = action;
        return this;
    }

    /** Answers nothing any more, whatever is opened. */
    TinyKernel deaf() {
        deaf = true;
        return this;
    }

    /** Carries out changes after so many, but answers nothing from then on, until a new socket is opened. */
    TinyKernel loseAnswersAfter(int count) {
        muteFrom = changes.size() + count;
        return this;
    }

    /** Returns the changes that were asked for, in words. */
    List<String> changes() {
        return changes;
    }

    int open() {
        return open;
    }

    IpvsState state() {
        return IpvsState.of(services.values().stream()
                .map(service -> new VirtualServer(
                        service, List.copyOf(destinations.get(service.key()).values())))
                .toList());
    }

    @Override
    public Transport open(NetlinkProtocol protocol) {
        if (open == sockets) {
            throw new SocketFailed("open NETLINK_" + protocol + " socket: EMFILE", null);
        }
        open++;
        if (changes.size() > muteFrom) {
            muteFrom = Integer.MAX_VALUE;
        }
        return new Socket();
    }

    private final class Socket implements Transport {
        private final Deque<ByteBuf> answers = new ArrayDeque<>();
        private int piece = FIRST_PIECE;

        @Override
        public int portId() {
            return TinyMessages.PORT_ID;
        }

        @Override
        public int maxDatagram() {
            return 1 << 16;
        }

        @Override
        public int maxPendingAnswers() {
            return 100;
        }

        @Override
        public void send(ByteBuf datagram) {
            MessageReader requests = new MessageReader().over(Unpooled.copiedBuffer(datagram));
            while (requests.next()) {
                answer(requests);
            }
        }

        @Override
        public Received receive(ByteBuf into) {
            ByteBuf next = answers.poll();
            if (next == null) {
                return Received.NOTHING;
            }
            into.clear().writeBytes(next);
            piece = Math.max(piece, Math.min(LONGEST_PIECE, into.capacity()));
            return Received.DATAGRAM;
        }

        @Override
        public OptionalInt waitingMemory() {
            return memory == 0 || answers.isEmpty() ? OptionalInt.empty() : OptionalInt.of(memory);
        }

        @Override
        public void close() {
            open--;
        }

        private void answer(MessageReader request) {
            int sequence = request.sequence();
            if (request.type() == CONTROLLER) {
                if (withoutFamily) {
                    control(TinyMessages.ERROR, TinyMessages.CAPPED, sequence, -Errno.ENOENT.number());
                } else {
                    answers.add(Bytes.vector("genl-getfamily-ipvs.rsp")
                            .copy()
                            .setIntLE(Bytes.SEQUENCE, sequence)
                            .setIntLE(Bytes.PORT_ID, TinyMessages.PORT_ID));
                }
                return;
            }
            boolean dump = (request.flags() & MessageFlags.DUMP) == MessageFlags.DUMP;
            int error = switch (request.genericCommand()) {
                case IpvsCommands.GET_SERVICE -> dump ? listServices(sequence) : getService(request);
                case IpvsCommands.GET_DESTINATION -> listDestinations(request);
                case IpvsCommands.GET_INFO, IpvsCommands.GET_CONFIG, IpvsCommands.GET_DAEMON -> getControl(request);
                case IpvsCommands.SET_CONFIG,
                        IpvsCommands.NEW_DAEMON,
                        IpvsCommands.DELETE_DAEMON,
                        IpvsCommands.ZERO,
                        IpvsCommands.FLUSH -> carryOut(request);
                default -> change(request);
            };
            if (stopsInSilence && request.genericCommand() == IpvsCommands.DELETE_DAEMON && error == 0) {
                return;
            }
            if (deaf || changes.size() > muteFrom) {
                answers.clear();
                return;
            }
            if (dump) {
                control(TinyMessages.DONE, MessageFlags.MULTI, sequence, 0);
            } else if (error != 0 || (request.flags() & MessageFlags.ACK) != 0) {
                control(TinyMessages.ERROR, TinyMessages.CAPPED, sequence, -error);
            }
        }

        private void control(int type, int flags, int sequence, int value) {
            answers.add(TinyMessages.control(type, flags, sequence, value));
        }

        private void object(int sequence, int command, GenericRequest content) {
            ByteBuf message = TinyMessages.object(sequence, command, content);
            ByteBuf last = answers.peekLast();
            if (last != null
                    && last.getIntLE(Bytes.SEQUENCE) == sequence
                    && last.readableBytes() + message.readableBytes() <= piece) {
                last.writeBytes(message);
            } else {
                answers.add(message);
            }
        }

        private int listServices(int sequence) {
            for (int times = listsTwice ? 2 : 1; times > 0; times--) {
                services.values().stream()
                        .filter(service -> !skipped.remove(service.key()))
                        .forEach(service ->
                                object(sequence, IpvsCommands.NEW_SERVICE, new IpvsRequest.AddService(service)));
            }
            return 0;
        }

        private int getService(MessageReader request) {
            VirtualService service = services.get(TinyMessages.key(request));
            if (service == null) {
                return Errno.ESRCH.number();
            }
            object(request.sequence(), IpvsCommands.NEW_SERVICE, new IpvsRequest.AddService(service));
            return 0;
        }

        private int getControl(MessageReader request) {
            int sequence = request.sequence();
            switch (request.genericCommand()) {
                case IpvsCommands.GET_INFO ->
                    object(
                            sequence,
                            IpvsCommands.SET_INFO,
                            TinyMessages.content(out -> out.u32(IpvsCommands.INFO_VERSION, 0x010201)
                                    .u32(IpvsCommands.INFO_TABLE_SIZE, 4096)));
                case IpvsCommands.GET_CONFIG ->
                    object(sequence, IpvsCommands.SET_CONFIG, new ControlRequest.SetTimeouts(timeouts));
                default ->
                    daemons.values()
                            .forEach(daemon ->
                                    object(sequence, IpvsCommands.NEW_DAEMON, new ControlRequest.StartDaemon(daemon)));
            }
            return 0;
        }

        /** Lists the newest first; an unknown service has none, and that is no error. */
        private int listDestinations(MessageReader request) {
            listings++;
            Optional.ofNullable(beforeListings.poll()).ifPresent(Runnable::run);
            ServiceKey key = TinyMessages.key(request);
            List<Destination> present =
                    new ArrayList<>(destinations.getOrDefault(key, Map.of()).values());
            Collections.reverse(present);
            present.removeIf(destination -> skipped.remove(destination.key()));
            for (Destination destination : present) {
                object(
                        request.sequence(),
                        IpvsCommands.NEW_DESTINATION,
                        new IpvsRequest.AddDestination(key, destination));
            }
            return 0;
        }
    }

    /** Carries out what is not about single services and destinations. */
    private int carryOut(MessageReader request) {
        boolean whole = !request.genericAttributes().next();
        String words = switch (request.genericCommand()) {
            case IpvsCommands.SET_CONFIG -> "timeouts";
            case IpvsCommands.NEW_DAEMON -> "start";
            case IpvsCommands.DELETE_DAEMON -> "stop";
            case IpvsCommands.ZERO -> whole ? "zero" : "zero " + TinyMessages.key(request);
            default -> "flush";
        };
        changes.add(words);
        Optional<Errno> refusal = refusal(words);
        if (refusal.isPresent()) {
            return refusal.get().number();
        }
        switch (request.genericCommand()) {
            case IpvsCommands.SET_CONFIG -> keepNonZero(ControlReader.timeouts(request.genericAttributes()));
            case IpvsCommands.NEW_DAEMON -> {
                SyncDaemon daemon =
                        DaemonCodec.read(request.genericAttributes()).orElseThrow();
                return daemons.putIfAbsent(daemon.role(), daemon) == null ? 0 : Errno.EEXIST.number();
            }
            case IpvsCommands.DELETE_DAEMON -> {
                return daemons.remove(TinyMessages.role(request)) == null ? Errno.ESRCH.number() : 0;
            }
            case IpvsCommands.ZERO -> {
                return whole || services.containsKey(TinyMessages.key(request)) ? 0 : Errno.ESRCH.number();
            }
            default -> {
                services.clear();
                destinations.clear();
            }
        }
        return 0;
    }

    private void keepNonZero(Timeouts wanted) {
        timeouts = new Timeouts(
                wanted.tcp().isZero() ? timeouts.tcp() : wanted.tcp(),
                wanted.tcpFinWait().isZero() ? timeouts.tcpFinWait() : wanted.tcpFinWait(),
                wanted.udp().isZero() ? timeouts.udp() : wanted.udp());
    }

    private int change(MessageReader request) {
        VirtualService service = TinyMessages.service(request);
        Destination destination = TinyMessages.destination(request, service.key());
        String words = TinyMessages.words(request.genericCommand(), service, destination);
        if (interference != null && words.contains(interference)) {
            interference = null;
            interferer.run();
        }
        changes.add(words);
        Optional<Errno> refusal = refusal(words);
        if (refusal.isPresent()) {
            return refusal.get().number();
        }
        return destination == null
                ? change(request.genericCommand(), service)
                : change(request.genericCommand(), service.key(), destination);
    }

    private Optional<Errno> refusal(String words) {
        for (Refusal refusal : refusals) {
            if (refusal.request.test(words)) {
                refusals.remove(refusal);
                return Optional.of(refusal.errno);
            }
        }
        return Optional.empty();
    }

    private int change(int command, VirtualService service) {
        boolean there = services.containsKey(service.key());
        if (there == (command == IpvsCommands.NEW_SERVICE)) {
            return there ? Errno.EEXIST.number() : Errno.ESRCH.number();
        }
        if (command == IpvsCommands.DELETE_SERVICE) {
            services.remove(service.key());
            destinations.remove(service.key());
        } else {
            services.put(service.key(), service);
            destinations.putIfAbsent(service.key(), new LinkedHashMap<>());
        }
        return 0;
    }

    private int change(int command, ServiceKey service, Destination destination) {
        Map<DestinationKey, Destination> present = destinations.get(service);
        if (present == null) {
            return Errno.ESRCH.number();
        }
        boolean there = present.containsKey(destination.key());
        if (there == (command == IpvsCommands.NEW_DESTINATION)) {
            return there ? Errno.EEXIST.number() : Errno.ENOENT.number();
        }
        if (command == IpvsCommands.DELETE_DESTINATION) {
            present.remove(destination.key());
        } else {
            present.put(destination.key(), destination);
        }
        return 0;
    }
}
