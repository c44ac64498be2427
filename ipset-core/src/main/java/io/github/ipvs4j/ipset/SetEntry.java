// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.Optional;

/**
 * One entry of a set as a value; which kind a set takes is said by its {@link SetType}.
 *
 * <p>{@code toString} gives the text that {@code ipset} uses, for example {@code 10.0.0.1,tcp:80}.
 */
public sealed interface SetEntry {
    /**
     * Returns the family of the entry's addresses.
     *
     * @return empty if it has none
     */
    Optional<IpFamily> family();

    /**
     * An entry of a {@code hash:ip} set.
     *
     * @param address the address; the kernel refuses the unspecified one
     */
    record Ip(IpAddress address) implements SetEntry {
        @Override
        public Optional<IpFamily> family() {
            return Optional.of(address.family());
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /**
     * An entry of a {@code hash:ip,port} set.
     *
     * @param address the address
     * @param protocol the protocol that the port belongs to
     * @param port 0 to 65535, and 0 where the protocol has no ports
     */
    record IpPort(IpAddress address, SetProtocol protocol, int port) implements SetEntry {
        /** Checks the port. */
        public IpPort {
            checkPort(protocol, port);
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.of(address.family());
        }

        @Override
        public String toString() {
            return address + "," + portText(protocol, port);
        }
    }

    /**
     * An entry of a {@code hash:ip,port,ip} set.
     *
     * @param address the first address
     * @param protocol the protocol that the port belongs to
     * @param port 0 to 65535, and 0 where the protocol has no ports
     * @param second the second address, of the same family
     */
    record IpPortIp(IpAddress address, SetProtocol protocol, int port, IpAddress second) implements SetEntry {
        /** Checks the port and the families. */
        public IpPortIp {
            checkPort(protocol, port);
            if (address.family() != second.family()) {
                throw new IllegalArgumentException(
                        "addresses " + address + " and " + second + " of one entry: expected the same family");
            }
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.of(address.family());
        }

        @Override
        public String toString() {
            return address + "," + portText(protocol, port) + "," + second;
        }
    }

    /**
     * An entry of a {@code bitmap:port} set.
     *
     * @param port 0 to 65535
     */
    record Port(int port) implements SetEntry {
        /** Checks the port. */
        public Port {
            checkPort(port);
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return Integer.toString(port);
        }
    }

    private static void checkPort(int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + ": expected 0 to 65535");
        }
    }

    private static void checkPort(SetProtocol protocol, int port) {
        checkPort(port);
        if (port != 0 && !protocol.hasPorts()) {
            throw new IllegalArgumentException(
                    "port " + port + " of protocol " + protocol + ": expected 0, since this protocol has no ports");
        }
    }

    private static String portText(SetProtocol protocol, int port) {
        return protocol + ":" + (protocol.isIcmp() ? (port >> Byte.SIZE) + "/" + (port & 0xff) : port);
    }
}
