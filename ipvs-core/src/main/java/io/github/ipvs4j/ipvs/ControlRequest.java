// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.GenericRequest;
import io.github.ipvs4j.netlink.MessageWriter;
import java.util.Optional;

/** What is asked of the family IPVS beside single services and destinations. */
sealed interface ControlRequest extends GenericRequest {
    /** Reads version and table size, reads the timeouts, lists the daemons, or deletes all services. */
    record Plain(int command, String describe) implements ControlRequest {
        static final Plain GET_INFO = new Plain(IpvsCommands.GET_INFO, "read version");
        static final Plain GET_TIMEOUTS = new Plain(IpvsCommands.GET_CONFIG, "read timeouts");
        static final Plain LIST_DAEMONS = new Plain(IpvsCommands.GET_DAEMON, "list sync daemons");
        static final Plain FLUSH = new Plain(IpvsCommands.FLUSH, "delete all services");

        @Override
        public void write(MessageWriter out) {
            // The command says it all.
        }
    }

    /** Sets those timeouts that are not zero. */
    record SetTimeouts(Timeouts timeouts) implements ControlRequest {
        @Override
        public int command() {
            return IpvsCommands.SET_CONFIG;
        }

        @Override
        public void write(MessageWriter out) {
            out.u32(IpvsCommands.TIMEOUT_TCP, (int) timeouts.tcp().toSeconds())
                    .u32(IpvsCommands.TIMEOUT_TCP_FIN, (int)
                            timeouts.tcpFinWait().toSeconds())
                    .u32(IpvsCommands.TIMEOUT_UDP, (int) timeouts.udp().toSeconds());
        }

        @Override
        public String describe() {
            return "set timeouts (" + timeouts + ")";
        }

        @Override
        public String explain(Errno errno) {
            return Explanations.ofTimeouts(errno);
        }
    }

    /** Sets the statistics of one service and its destinations, or of all, to zero. */
    record Zero(Optional<ServiceKey> key) implements ControlRequest {
        @Override
        public int command() {
            return IpvsCommands.ZERO;
        }

        @Override
        public void write(MessageWriter out) {
            key.ifPresent(service -> ServiceEncoder.key(out, service));
        }

        @Override
        public String describe() {
            return key.map(service -> "zero statistics of service " + service).orElse("zero all statistics");
        }

        @Override
        public String explain(Errno errno) {
            return key.map(service -> Explanations.ofKey(service, errno)).orElse("");
        }
    }

    /** Starts a daemon. */
    record StartDaemon(SyncDaemon daemon) implements ControlRequest {
        @Override
        public int command() {
            return IpvsCommands.NEW_DAEMON;
        }

        @Override
        public void write(MessageWriter out) {
            DaemonCodec.full(out, daemon);
        }

        @Override
        public String describe() {
            return "start " + daemon.role().text() + " sync daemon on " + daemon.interfaceName();
        }

        @Override
        public String explain(Errno errno) {
            return Explanations.ofStart(daemon, errno);
        }
    }

    /** Stops a daemon. */
    record StopDaemon(SyncRole role) implements ControlRequest {
        @Override
        public int command() {
            return IpvsCommands.DELETE_DAEMON;
        }

        @Override
        public void write(MessageWriter out) {
            DaemonCodec.role(out, role);
        }

        @Override
        public String describe() {
            return "stop " + role.text() + " sync daemon";
        }

        @Override
        public String explain(Errno errno) {
            return Explanations.ofStop(role, errno);
        }
    }
}
