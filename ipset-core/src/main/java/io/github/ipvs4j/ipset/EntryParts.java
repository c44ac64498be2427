// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parts of which entries of all types consist; an entry taken apart, or one that is being put together. */
final class EntryParts {
    @Nullable
    IpAddress address;

    @Nullable
    IpAddress second;

    @Nullable
    MacAddress mac;

    @Nullable
    String name;

    int prefix;
    int secondPrefix;
    int protocol;
    int port;
    int mark;
    boolean hasPort;
    boolean hasMark;
    boolean physical;
    boolean wildcard;

    /** Forgets everything; a prefix of -1 is the whole length. */
    void clear() {
        address = null;
        second = null;
        mac = null;
        name = null;
        prefix = -1;
        secondPrefix = -1;
        protocol = 0;
        port = 0;
        mark = 0;
        hasPort = false;
        hasMark = false;
        physical = false;
        wildcard = false;
    }

    /** Takes an entry apart. */
    void take(SetEntry entry) {
        clear();
        if (entry instanceof SetEntry.Ip ip) {
            address = ip.address();
        } else if (entry instanceof SetEntry.IpPort ipPort) {
            address = ipPort.address();
            port(ipPort.protocol(), ipPort.port());
        } else if (entry instanceof SetEntry.IpPortIp triple) {
            address = triple.address();
            port(triple.protocol(), triple.port());
            second = triple.second();
        } else if (entry instanceof SetEntry.Net net) {
            prefix(net.prefix());
        } else if (entry instanceof SetEntry.Port single) {
            port = single.port();
            hasPort = true;
        } else if (entry instanceof SetEntry.Mac single) {
            mac = single.mac();
        } else {
            takeRarer(entry);
        }
    }

    private void takeRarer(SetEntry entry) {
        if (entry instanceof SetEntry.IpMac both) {
            address = both.address();
            mac = both.mac().orElse(null);
        } else if (entry instanceof SetEntry.IpMark both) {
            address = both.address();
            mark = both.mark();
            hasMark = true;
        } else if (entry instanceof SetEntry.NetNet both) {
            prefix(both.prefix());
            second(both.second());
        } else if (entry instanceof SetEntry.NetPort both) {
            prefix(both.prefix());
            port(both.protocol(), both.port());
        } else if (entry instanceof SetEntry.IpPortNet triple) {
            address = triple.address();
            port(triple.protocol(), triple.port());
            second(triple.second());
        } else if (entry instanceof SetEntry.NetPortNet triple) {
            prefix(triple.prefix());
            port(triple.protocol(), triple.port());
            second(triple.second());
        } else if (entry instanceof SetEntry.NetInterface both) {
            prefix(both.prefix());
            name = both.device();
            physical = both.physical();
            wildcard = both.wildcard();
        } else if (entry instanceof SetEntry.Member member) {
            name = member.set();
        }
    }

    private void prefix(IpPrefix network) {
        address = network.address();
        prefix = shortened(network);
    }

    private void second(IpPrefix network) {
        second = network.address();
        secondPrefix = shortened(network);
    }

    private static int shortened(IpPrefix network) {
        return network.length() == network.family().maxPrefixLength() ? -1 : network.length();
    }

    private void port(SetProtocol ofPort, int number) {
        protocol = ofPort.number();
        port = number;
        hasPort = true;
    }

    /** Puts an entry of a type together; null if the parts are not those of the type. */
    @Nullable
    SetEntry entry(SetType type) {
        IpAddress first = address;
        MacAddress ether = mac;
        String text = name;
        switch (type) {
            case BITMAP_PORT -> {
                return hasPort ? new SetEntry.Port(port) : null;
            }
            case HASH_MAC -> {
                return ether == null ? null : new SetEntry.Mac(ether);
            }
            case LIST_SET -> {
                return text == null || !SetDefinition.isName(text) ? null : new SetEntry.Member(text);
            }
            case HASH_NET_INTERFACE -> {
                IpPrefix network = first == null ? null : network(first, prefix, 0);
                return network == null || text == null || !SetEntry.NetInterface.isDevice(text)
                        ? null
                        : new SetEntry.NetInterface(network, text, physical, wildcard);
            }
            default -> {
                return first == null || (type.hasProtocol() && !isPortOfProtocol(first.family()))
                        ? null
                        : withAddress(type, first);
            }
        }
    }

    private @Nullable SetEntry withAddress(SetType type, IpAddress first) {
        MacAddress ether = mac;
        switch (type) {
            case HASH_IP, BITMAP_IP -> {
                return new SetEntry.Ip(first);
            }
            case HASH_IP_PORT -> {
                return new SetEntry.IpPort(first, SetProtocol.of(protocol), port);
            }
            case HASH_IP_MAC -> {
                return ether == null ? null : new SetEntry.IpMac(first, ether);
            }
            case BITMAP_IP_MAC -> {
                return new SetEntry.IpMac(first, Optional.ofNullable(ether));
            }
            case HASH_IP_MARK -> {
                return hasMark ? new SetEntry.IpMark(first, mark) : null;
            }
            case HASH_IP_PORT_IP, HASH_IP_PORT_NET -> {
                return withSecond(type, first);
            }
            default -> {
                IpPrefix network = network(first, prefix, shortest(type));
                return network == null ? null : withNetwork(type, network);
            }
        }
    }

    private @Nullable SetEntry withSecond(SetType type, IpAddress first) {
        IpAddress last = second;
        if (last == null || last.family() != first.family()) {
            return null;
        }
        if (type == SetType.HASH_IP_PORT_IP) {
            return new SetEntry.IpPortIp(first, SetProtocol.of(protocol), port, last);
        }
        IpPrefix network = network(last, secondPrefix, 1);
        return network == null ? null : new SetEntry.IpPortNet(first, SetProtocol.of(protocol), port, network);
    }

    private @Nullable SetEntry withNetwork(SetType type, IpPrefix first) {
        if (type == SetType.HASH_NET) {
            return new SetEntry.Net(first);
        }
        if (type == SetType.HASH_NET_PORT) {
            return new SetEntry.NetPort(first, SetProtocol.of(protocol), port);
        }
        IpPrefix last = second == null ? null : network(second, secondPrefix, shortest(type));
        if (last == null || last.family() != first.family()) {
            return null;
        }
        return type == SetType.HASH_NET_NET
                ? new SetEntry.NetNet(first, last)
                : new SetEntry.NetPortNet(first, SetProtocol.of(protocol), port, last);
    }

    /** Returns how short the prefix of a network may be: one type stores all addresses as one. */
    private static int shortest(SetType type) {
        return type == SetType.HASH_NET_PORT_NET ? 0 : 1;
    }

    private static @Nullable IpPrefix network(IpAddress of, int length, int shortest) {
        IpFamily family = of.family();
        if (length < 0) {
            return IpPrefix.single(of);
        }
        return length < shortest || length > family.maxPrefixLength() ? null : new IpPrefix(of, length);
    }

    private boolean isPortOfProtocol(IpFamily family) {
        return hasPort
                && SetProtocol.isNumber(protocol)
                && (port == 0 || SetProtocol.of(protocol).hasPorts(family));
    }

    /** Returns the bits of an IPv4 address without sign. */
    static long bits(IpAddress address) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(address.bytes()).getInt());
    }
}
