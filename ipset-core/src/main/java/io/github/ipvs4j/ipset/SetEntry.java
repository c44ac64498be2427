// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a set as a value; which kind a set takes is said by its {@link SetType}.
 *
 * <p>{@code toString} gives the text that {@code ipset} uses, for example {@code 10.0.0.1,tcp:80}.
 */
public sealed interface SetEntry extends EntrySpec {
    /**
     * An entry of a {@code hash:ip} or {@code bitmap:ip} set.
     *
     * @param address the address; the kernel refuses the unspecified one
     */
    record Ip(IpAddress address) implements SetEntry {
        @Override
        public Optional<IpFamily> family() {
            return Optional.of(address.family());
        }

        // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof Ip other && address.equals(other.address);
        }

        @Override
        public int hashCode() {
            return address.hashCode();
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
            EntryChecks.checkPort(address, protocol, port);
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.of(address.family());
        }

        // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof IpPort other
                    && port == other.port
                    && address.equals(other.address)
                    && protocol.equals(other.protocol);
        }

        @Override
        public int hashCode() {
            return (address.hashCode() * 31 + protocol.hashCode()) * 31 + port;
        }

        @Override
        public String toString() {
            return address + "," + EntryChecks.portText(protocol, port);
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
            EntryChecks.checkPort(address, protocol, port);
            EntryChecks.checkFamilies(address, second);
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.of(address.family());
        }

        @Override
        public String toString() {
            return address + "," + EntryChecks.portText(protocol, port) + "," + second;
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
            EntryChecks.checkPort(port);
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

    /**
     * An entry of a {@code hash:mac} set.
     *
     * @param mac the address; the kernel refuses the one of zeros only
     */
    record Mac(MacAddress mac) implements SetEntry {
        @Override
        public Optional<IpFamily> family() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return mac.toString();
        }
    }

    /**
     * An entry of a {@code hash:ip,mac} or {@code bitmap:ip,mac} set.
     *
     * @param address the address
     * @param mac its MAC address; only in a bitmap it may be missing, and is then filled in by the first packet
     */
    record IpMac(IpAddress address, Optional<MacAddress> mac) implements SetEntry {
        /**
         * Makes an entry with both parts.
         *
         * @param address the address
         * @param mac its MAC address
         */
        public IpMac(IpAddress address, MacAddress mac) {
            this(address, Optional.of(mac));
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.of(address.family());
        }

        @Override
        public String toString() {
            return mac.map(known -> address + "," + known).orElseGet(address::toString);
        }
    }

    /**
     * An entry of a {@code hash:ip,mark} set.
     *
     * @param address the address
     * @param mark the mark, all 32 bits
     */
    record IpMark(IpAddress address, int mark) implements SetEntry {
        @Override
        public Optional<IpFamily> family() {
            return Optional.of(address.family());
        }

        @Override
        public String toString() {
            return address + "," + String.format("0x%08x", mark);
        }
    }

    /**
     * An entry of a {@code hash:net} set.
     *
     * @param prefix the network, of a length of at least 1
     */
    record Net(IpPrefix prefix) implements SetEntry {
        /** Checks the length. */
        public Net {
            EntryChecks.checkPrefix(prefix);
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.of(prefix.family());
        }

        @Override
        public String toString() {
            return EntryChecks.prefixText(prefix);
        }
    }

    /**
     * An entry of a {@code hash:net,net} set.
     *
     * @param prefix the first network, of a length of at least 1
     * @param second the second one, of the same family
     */
    record NetNet(IpPrefix prefix, IpPrefix second) implements SetEntry {
        /** Checks lengths and families. */
        public NetNet {
            EntryChecks.checkPrefix(prefix);
            EntryChecks.checkPrefix(second);
            EntryChecks.checkFamilies(prefix.address(), second.address());
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.of(prefix.family());
        }

        @Override
        public String toString() {
            return EntryChecks.prefixText(prefix) + "," + EntryChecks.prefixText(second);
        }
    }

    /**
     * An entry of a {@code hash:net,port} set.
     *
     * @param prefix the network, of a length of at least 1
     * @param protocol the protocol that the port belongs to
     * @param port 0 to 65535, and 0 where the protocol has no ports
     */
    record NetPort(IpPrefix prefix, SetProtocol protocol, int port) implements SetEntry {
        /** Checks length and port. */
        public NetPort {
            EntryChecks.checkPrefix(prefix);
            EntryChecks.checkPort(prefix.address(), protocol, port);
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.of(prefix.family());
        }

        @Override
        public String toString() {
            return EntryChecks.prefixText(prefix) + "," + EntryChecks.portText(protocol, port);
        }
    }

    /**
     * An entry of a {@code hash:ip,port,net} set.
     *
     * @param address the address
     * @param protocol the protocol that the port belongs to
     * @param port 0 to 65535, and 0 where the protocol has no ports
     * @param second the network, of the same family and of a length of at least 1
     */
    record IpPortNet(IpAddress address, SetProtocol protocol, int port, IpPrefix second) implements SetEntry {
        /** Checks port, length and families. */
        public IpPortNet {
            EntryChecks.checkPort(address, protocol, port);
            EntryChecks.checkPrefix(second);
            EntryChecks.checkFamilies(address, second.address());
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.of(address.family());
        }

        @Override
        public String toString() {
            return address + "," + EntryChecks.portText(protocol, port) + "," + EntryChecks.prefixText(second);
        }
    }

    /**
     * An entry of a {@code hash:net,port,net} set.
     *
     * @param prefix the first network; here of any length
     * @param protocol the protocol that the port belongs to
     * @param port 0 to 65535, and 0 where the protocol has no ports
     * @param second the second network, of the same family and of any length
     */
    record NetPortNet(IpPrefix prefix, SetProtocol protocol, int port, IpPrefix second) implements SetEntry {
        /** Checks port and families. */
        public NetPortNet {
            EntryChecks.checkPort(prefix.address(), protocol, port);
            EntryChecks.checkFamilies(prefix.address(), second.address());
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.of(prefix.family());
        }

        @Override
        public String toString() {
            return EntryChecks.prefixText(prefix) + "," + EntryChecks.portText(protocol, port) + ","
                    + EntryChecks.prefixText(second);
        }
    }

    /**
     * An entry of a {@code hash:net,iface} set.
     *
     * @param prefix the network; here of any length
     * @param device name of the interface, 1 to 15 bytes
     * @param physical whether the port of a bridge is meant, not the bridge
     * @param wildcard whether the name stands for all that begin so
     */
    record NetInterface(IpPrefix prefix, String device, boolean physical, boolean wildcard) implements SetEntry {
        /** {@code IFNAMSIZ} less the NUL. */
        private static final int MAX_NAME_BYTES = 15;

        /** Checks the name. */
        public NetInterface {
            if (!isDevice(device)) {
                throw new IllegalArgumentException("interface '" + device + "': expected 1 to " + MAX_NAME_BYTES
                        + " bytes without blank, comma, colon, slash or NUL");
            }
        }

        static boolean isDevice(String name) {
            int length = name.getBytes(StandardCharsets.UTF_8).length;
            return length >= 1
                    && length <= MAX_NAME_BYTES
                    && name.chars().noneMatch(c -> c == 0 || ",:/".indexOf(c) >= 0 || Character.isWhitespace(c));
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.of(prefix.family());
        }

        @Override
        public String toString() {
            return plain() + (wildcard ? " wildcard" : "");
        }

        /** Returns the text without what stands among the options of an entry. */
        String plain() {
            return EntryChecks.prefixText(prefix) + "," + (physical ? "physdev:" : "") + device;
        }
    }

    /**
     * An entry of a {@code list:set} set.
     *
     * @param set name of another set, which is no {@code list:set}
     */
    record Member(String set) implements SetEntry {
        /** Checks the name. */
        public Member {
            SetDefinition.requireName(set);
        }

        @Override
        public Optional<IpFamily> family() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return set;
        }
    }
}
