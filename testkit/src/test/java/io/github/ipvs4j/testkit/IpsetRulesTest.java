// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ipset takes and refuses, and with which number. */
class IpsetRulesTest {
    private static final int ORDERED = NetlinkNumbers.ATTRIBUTE_NETWORK_ORDER;

    private final SimulatedKernel kernel = SimulatedKernel.create();
    private RawSocket socket;

    @BeforeEach
    void open() {
        socket = new RawSocket(kernel, NetlinkProtocol.NETFILTER);
    }

    @AfterEach
    void close() {
        socket.close();
        kernel.assertQuiescent();
    }

    private int error(int command, int flags, Consumer<MessageWriter> body) {
        return socket.errorsOf(Bytes.ipset(command, Bytes.REQUEST | Bytes.ACK | flags, body))
                .get(0);
    }

    private int create(String name, String type, int family, Consumer<MessageWriter> options) {
        return error(IpsetNumbers.CREATE, Bytes.EXCLUSIVE, creation(name, type, family, options));
    }

    private static Consumer<MessageWriter> creation(
            String name, String type, int family, Consumer<MessageWriter> options) {
        return out -> {
            out.string(2, name).string(3, type).u8(4, 0).u8(5, family);
            int data = out.beginNested(IpsetNumbers.ATTR_DATA);
            options.accept(out);
            out.endNested(data);
        };
    }

    private int change(int command, String name, Consumer<MessageWriter> element) {
        return error(command, Bytes.EXCLUSIVE, out -> {
            out.string(2, name);
            int data = out.beginNested(IpsetNumbers.ATTR_DATA);
            element.accept(out);
            out.endNested(data);
        });
    }

    private static Consumer<MessageWriter> address(int type, String text) {
        return out -> {
            IpAddress address = IpAddress.of(text);
            int nest = out.beginNested(type);
            out.address((address.family() == IpFamily.IPV4 ? 1 : 2) | ORDERED, address);
            out.endNested(nest);
        };
    }

    private static Consumer<MessageWriter> port(int protocol, int port) {
        return out -> out.u16be(IpsetNumbers.PORT | ORDERED, port).u8(IpsetNumbers.PROTO, protocol);
    }

    private static Consumer<MessageWriter> cidr(int prefix) {
        return out -> out.u8(IpsetNumbers.CIDR, prefix);
    }

    private int add(String set, Consumer<MessageWriter> element) {
        return change(IpsetNumbers.ADD, set, element);
    }

    @Test
    void expandsRangesAndBlocks() {
        create("a", "hash:ip", 2, out -> {});
        assertThat(add("a", address(1, "10.0.0.7").andThen(cidr(30)))).isZero();
        assertThat(add("a", address(1, "10.0.1.2").andThen(address(IpsetNumbers.IP_TO, "10.0.1.1"))))
                .isZero();
        create("p", "hash:ip,port", 2, out -> {});
        assertThat(add(
                        "p",
                        address(1, "10.0.0.1")
                                .andThen(port(6, 81))
                                .andThen(out -> out.u16be(IpsetNumbers.PORT_TO | ORDERED, 80))))
                .isZero();
        assertThat(kernel.ipsets().save()).isEqualTo("""
                create a hash:ip family inet hashsize 1024 maxelem 65536
                add a 10.0.0.4
                add a 10.0.0.5
                add a 10.0.0.6
                add a 10.0.0.7
                add a 10.0.1.1
                add a 10.0.1.2
                create p hash:ip,port family inet hashsize 1024 maxelem 65536
                add p 10.0.0.1,tcp:80
                add p 10.0.0.1,tcp:81
                """);
    }

    @Test
    void keepsWhatWasAddedBeforeARangeFailed() {
        create("a", "hash:ip", 2, out -> out.u32be(IpsetNumbers.MAX_ELEMENTS | ORDERED, 2));
        assertThat(add("a", address(1, "10.0.0.1").andThen(address(IpsetNumbers.IP_TO, "10.0.0.9"))))
                .isEqualTo(IpsetNumbers.ERR_HASH_FULL);
        assertThat(kernel.ipsets().save()).endsWith("add a 10.0.0.1\nadd a 10.0.0.2\n");
    }

    @Test
    void refusesPrefixesThatAreNone() {
        create("a", "hash:ip", 2, out -> {});
        assertThat(add("a", address(1, "10.0.0.1").andThen(cidr(0)))).isEqualTo(IpsetNumbers.ERR_INVALID_CIDR);
        assertThat(add("a", address(1, "10.0.0.1").andThen(cidr(33)))).isEqualTo(IpsetNumbers.ERR_INVALID_CIDR);
    }

    @Test
    void knowsNoRangesOfIpv6Addresses() {
        create("a", "hash:ip", 10, out -> {});
        assertThat(add("a", address(1, "fd00::1").andThen(address(IpsetNumbers.IP_TO, "fd00::2"))))
                .isEqualTo(IpsetNumbers.ERR_RANGE_UNSUPPORTED);
        assertThat(add("a", address(1, "fd00::1").andThen(cidr(64)))).isEqualTo(IpsetNumbers.ERR_INVALID_CIDR);
        assertThat(add("a", address(1, "fd00::1").andThen(cidr(128)))).isZero();
        assertThat(add("a", address(1, "10.0.0.1"))).isEqualTo(IpsetNumbers.ERR_PROTOCOL);
    }

    @Test
    void wantsAProtocolThatIsOne() {
        create("p", "hash:ip,port", 2, out -> {});
        assertThat(add("p", address(1, "10.0.0.1").andThen(port(0, 80)))).isEqualTo(IpsetNumbers.ERR_INVALID_PROTO);
        assertThat(add("p", address(1, "10.0.0.1").andThen(out -> out.u16be(IpsetNumbers.PORT | ORDERED, 80))))
                .isEqualTo(IpsetNumbers.ERR_MISSING_PROTO);
        assertThat(add("p", address(1, "10.0.0.1").andThen(out -> out.u16be(IpsetNumbers.PORT, 80))))
                .isEqualTo(IpsetNumbers.ERR_PROTOCOL);
    }

    @Test
    void keepsNoPortForProtocolsWithoutPorts() {
        create("p", "hash:ip,port", 2, out -> {});
        assertThat(add("p", address(1, "10.0.0.1").andThen(port(47, 80)))).isZero();
        assertThat(add("p", address(1, "10.0.0.1").andThen(port(47, 81)))).isEqualTo(IpsetNumbers.ERR_EXIST);
        assertThat(add("p", address(1, "10.0.0.1").andThen(port(1, 0x800)))).isZero();
        assertThat(kernel.ipsets().save()).contains("10.0.0.1,47:0").contains("10.0.0.1,icmp:2048");
    }

    @Test
    void keepsPortsWithinTheRangeOfABitmap() {
        assertThat(create(
                        "b",
                        "bitmap:port",
                        0,
                        out -> out.u16be(IpsetNumbers.PORT | ORDERED, 200).u16be(IpsetNumbers.PORT_TO | ORDERED, 100)))
                .isZero();
        assertThat(add("b", out -> out.u16be(IpsetNumbers.PORT | ORDERED, 99)))
                .isEqualTo(IpsetNumbers.ERR_BITMAP_RANGE);
        assertThat(add(
                        "b",
                        out -> out.u16be(IpsetNumbers.PORT | ORDERED, 102).u16be(IpsetNumbers.PORT_TO | ORDERED, 100)))
                .isZero();
        assertThat(kernel.ipsets().save()).isEqualTo("""
                create b bitmap:port range 100-200
                add b 100
                add b 101
                add b 102
                """);
    }

    @Test
    void refusesExtensionsThatASetDoesNotHave() {
        create("a", "hash:ip", 2, out -> {});
        Consumer<MessageWriter> element = address(1, "10.0.0.1");
        assertThat(add("a", element.andThen(out -> out.u32be(IpsetNumbers.TIMEOUT | ORDERED, 5))))
                .isEqualTo(IpsetNumbers.ERR_TIMEOUT);
        assertThat(add("a", element.andThen(out -> out.u64be(IpsetNumbers.BYTES | ORDERED, 5))))
                .isEqualTo(IpsetNumbers.ERR_COUNTER);
        assertThat(add("a", element.andThen(out -> out.string(IpsetNumbers.COMMENT, "x"))))
                .isEqualTo(IpsetNumbers.ERR_COMMENT);
        assertThat(add("a", element.andThen(out -> out.u16be(IpsetNumbers.SKB_QUEUE | ORDERED, 5))))
                .isEqualTo(IpsetNumbers.ERR_SKBINFO);
    }

    @Test
    void refusesSetsThatCannotBe() {
        assertThat(create("a", "hash:ip", 5, out -> {})).isEqualTo(IpsetNumbers.ERR_INVALID_FAMILY);
        assertThat(create("a", "nosuch", 2, out -> {})).isEqualTo(IpsetNumbers.ERR_FIND_TYPE);
        assertThat(create("a", "bitmap:port", 0, out -> {})).isEqualTo(IpsetNumbers.ERR_PROTOCOL);
        assertThat(create("a", "hash:ip", 2, out -> out.u32be(IpsetNumbers.HASH_SIZE, 64)))
                .isEqualTo(IpsetNumbers.ERR_PROTOCOL);
        assertThat(create("a", "hash:ip", 2, out -> out.u32be(IpsetNumbers.HASH_SIZE | ORDERED, 1 << 31)))
                .isEqualTo(ErrorNumbers.ENOMEM);
        assertThat(create("a", "hash:ip", 2, out -> out.u8(IpsetNumbers.NETMASK, 33)))
                .isEqualTo(IpsetNumbers.ERR_INVALID_NETMASK);
        assertThat(create("a-name-of-thirty-two-characters!", "hash:ip", 2, out -> {}))
                .isEqualTo(ErrorNumbers.EINVAL);
    }

    @Test
    void roundsTheNumberOfBucketsUp() {
        create("a", "hash:ip", 2, out -> out.u32be(IpsetNumbers.HASH_SIZE | ORDERED, 1));
        create("b", "hash:ip", 2, out -> out.u32be(IpsetNumbers.HASH_SIZE | ORDERED, 1000));
        assertThat(kernel.ipsets().save())
                .contains("create a hash:ip family inet hashsize 64 ")
                .contains("create b hash:ip family inet hashsize 1024 ");
    }

    @Test
    void renamesAndSwaps() {
        create("a", "hash:ip", 2, out -> {});
        create("b", "hash:ip", 2, out -> {});
        create("c", "hash:ip,port", 2, out -> {});
        assertThat(two(IpsetNumbers.RENAME, "a", "b")).isEqualTo(IpsetNumbers.ERR_EXIST_NAME2);
        assertThat(two(IpsetNumbers.RENAME, "nosuch", "d")).isEqualTo(ErrorNumbers.ENOENT);
        assertThat(two(IpsetNumbers.SWAP, "a", "nosuch")).isEqualTo(IpsetNumbers.ERR_EXIST_NAME2);
        assertThat(two(IpsetNumbers.SWAP, "a", "c")).isEqualTo(IpsetNumbers.ERR_TYPE_MISMATCH);
        assertThat(two(IpsetNumbers.SWAP, "a", "a")).isZero();
        assertThat(two(IpsetNumbers.RENAME, "a", "d")).isZero();
        assertThat(kernel.ipsets().save()).contains("create d ").doesNotContain("create a ");
    }

    private int two(int command, String first, String second) {
        return error(command, 0, out -> out.string(2, first).string(3, second));
    }

    @Test
    void testsForElements() {
        create("a", "hash:ip", 2, out -> {});
        add("a", address(1, "10.0.0.1"));
        assertThat(change(IpsetNumbers.TEST, "a", address(1, "10.0.0.1"))).isZero();
        assertThat(change(IpsetNumbers.TEST, "a", address(1, "10.0.0.2"))).isEqualTo(IpsetNumbers.ERR_EXIST);
        assertThat(change(IpsetNumbers.TEST, "a", address(1, "0.0.0.0"))).isEqualTo(IpsetNumbers.ERR_EXIST);
        assertThat(change(IpsetNumbers.TEST, "b", address(1, "10.0.0.2"))).isEqualTo(ErrorNumbers.ENOENT);
    }

    @Test
    void destroysAndFlushesAllAtOnce() {
        create("a", "hash:ip", 2, out -> {});
        create("b", "hash:ip", 2, out -> {});
        add("a", address(1, "10.0.0.1"));
        assertThat(error(IpsetNumbers.FLUSH, 0, out -> {})).isZero();
        assertThat(kernel.ipsets().save()).doesNotContain("add");
        assertThat(error(IpsetNumbers.DESTROY, 0, out -> {})).isZero();
        assertThat(kernel.ipsets().save()).isEmpty();
        assertThat(error(IpsetNumbers.DESTROY, Bytes.EXCLUSIVE, out -> out.string(2, "a")))
                .isEqualTo(ErrorNumbers.ENOENT);
        assertThat(error(IpsetNumbers.DESTROY, 0, out -> out.string(2, "a"))).isZero();
    }

    @Test
    void findsSetsByNameAndIndex() {
        create("a", "hash:ip", 2, out -> {});
        create("b", "hash:ip", 10, out -> {});
        error(IpsetNumbers.DESTROY, 0, out -> out.string(2, "a"));
        byte[] byName = socket.ask(Bytes.ipset(IpsetNumbers.GET_BY_NAME, Bytes.REQUEST, out -> out.string(2, "b")))
                .get(0);
        assertThat(Bytes.hex(byName)).endsWith("05000100070000000500" + "05000a00000006000b4000010000");
        byte[] byIndex = socket.ask(Bytes.ipset(
                        IpsetNumbers.GET_BY_INDEX,
                        Bytes.REQUEST,
                        out -> out.u16be(IpsetNumbers.ATTR_INDEX | ORDERED, 1)))
                .get(0);
        assertThat(Bytes.hex(byIndex)).endsWith("0600020062000000");
        assertThat(error(IpsetNumbers.GET_BY_INDEX, 0, out -> out.u16be(IpsetNumbers.ATTR_INDEX | ORDERED, 0)))
                .isEqualTo(ErrorNumbers.ENOENT);
    }

    @Test
    void wantsAKnownVersionOfItsProtocol() {
        byte[] old = Bytes.message(
                6 << 8 | IpsetNumbers.FLUSH,
                Bytes.REQUEST,
                1,
                out -> out.netfilterHeader(2, 0, 0).u8(1, 5));
        assertThat(socket.errorsOf(old)).containsExactly(IpsetNumbers.ERR_PROTOCOL);
    }

    @Test
    void refusesUnknownAttributesInAListing() {
        byte[] list = Bytes.ipset(IpsetNumbers.LIST, Bytes.REQUEST | Bytes.DUMP, out -> out.u8(5, 2));
        assertThat(socket.errorsOf(list)).containsExactly(ErrorNumbers.EINVAL);
    }
}
