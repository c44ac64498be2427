// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which error wins when several would do, and what the kernel lets pass. */
class IpvsRulesTest {
    private static final byte[] VIP = {10, 96, 0, 1};
    private static final byte[] POD = {10, 0, 0, 5};

    private final SimulatedKernel kernel = SimulatedKernel.create();
    private RawSocket socket;

    @BeforeEach
    void open() {
        socket = new RawSocket(kernel, NetlinkProtocol.GENERIC);
    }

    @AfterEach
    void close() {
        socket.close();
        kernel.assertQuiescent();
    }

    private int error(int command, Consumer<MessageWriter> body) {
        return socket.errorsOf(Bytes.ipvs(command, Bytes.REQUEST | Bytes.ACK, 1, body))
                .get(0);
    }

    private static Consumer<MessageWriter> nest(int type, Consumer<MessageWriter> body) {
        return out -> {
            int mark = out.beginNested(type);
            body.accept(out);
            out.endNested(mark);
        };
    }

    private static Consumer<MessageWriter> key(int family) {
        return out -> out.u16(IpvsNumbers.SVC_FAMILY, family)
                .u16(IpvsNumbers.SVC_PROTOCOL, 6)
                .bytes(IpvsNumbers.SVC_ADDRESS, VIP)
                .u16be(IpvsNumbers.SVC_PORT, 80);
    }

    private static Consumer<MessageWriter> full(String scheduler, int netmask) {
        return out -> out.string(IpvsNumbers.SVC_SCHEDULER, scheduler)
                .u32pair(IpvsNumbers.SVC_FLAGS, 0, -1)
                .u32(IpvsNumbers.SVC_TIMEOUT, 0)
                .u32(IpvsNumbers.SVC_NETMASK, netmask);
    }

    private int newService() {
        return error(IpvsNumbers.NEW_SERVICE, nest(IpvsNumbers.SERVICE, key(2).andThen(full("rr", -1))));
    }

    private static Consumer<MessageWriter> destinationKey(byte[] address) {
        return out -> out.bytes(IpvsNumbers.DEST_ADDRESS, address).u16be(IpvsNumbers.DEST_PORT, 8080);
    }

    private static Consumer<MessageWriter> settings(int method, int weight, int upper, int lower) {
        return out -> out.u32(IpvsNumbers.DEST_METHOD, method)
                .u32(IpvsNumbers.DEST_WEIGHT, weight)
                .u32(IpvsNumbers.DEST_UPPER, upper)
                .u32(IpvsNumbers.DEST_LOWER, lower);
    }

    private int ofDestination(int command, Consumer<MessageWriter> destination) {
        return error(command, nest(IpvsNumbers.SERVICE, key(2)).andThen(nest(IpvsNumbers.DEST, destination)));
    }

    @Test
    void wantsTheServiceBeforeItsFamilyBeforeItsExistence() {
        assertThat(error(IpvsNumbers.DEL_SERVICE, out -> {})).isEqualTo(ErrorNumbers.EINVAL);
        assertThat(error(IpvsNumbers.DEL_SERVICE, nest(IpvsNumbers.SERVICE, out -> out.u16(1, 99))))
                .isEqualTo(ErrorNumbers.EINVAL);
        assertThat(error(IpvsNumbers.DEL_SERVICE, nest(IpvsNumbers.SERVICE, key(99))))
                .isEqualTo(ErrorNumbers.EAFNOSUPPORT);
        assertThat(error(IpvsNumbers.DEL_SERVICE, nest(IpvsNumbers.SERVICE, key(2))))
                .isEqualTo(ErrorNumbers.ESRCH);
    }

    @Test
    void wantsAllAttributesBeforeItLooksWhetherTheServiceIsThere() {
        Consumer<MessageWriter> incomplete = key(2).andThen(out -> out.string(IpvsNumbers.SVC_SCHEDULER, "rr"));
        assertThat(error(IpvsNumbers.SET_SERVICE, nest(IpvsNumbers.SERVICE, incomplete)))
                .isEqualTo(ErrorNumbers.EINVAL);
        assertThat(newService()).isZero();
        assertThat(error(IpvsNumbers.NEW_SERVICE, nest(IpvsNumbers.SERVICE, incomplete)))
                .isEqualTo(ErrorNumbers.EINVAL);
        assertThat(newService()).isEqualTo(ErrorNumbers.EEXIST);
    }

    @Test
    void looksForTheSchedulerBeforeTheNetmask() {
        assertThat(error(IpvsNumbers.NEW_SERVICE, nest(IpvsNumbers.SERVICE, key(10).andThen(full("nosuch", 0)))))
                .isEqualTo(ErrorNumbers.ENOENT);
        for (int prefix : new int[] {0, 129, -1}) {
            assertThat(error(IpvsNumbers.NEW_SERVICE, nest(IpvsNumbers.SERVICE, key(10).andThen(full("rr", prefix)))))
                    .isEqualTo(ErrorNumbers.EINVAL);
        }
    }

    @Test
    void refusesStringsThatAreTooLongOrWithoutNul() {
        Consumer<MessageWriter> rest = key(2).andThen(out -> out.u32pair(IpvsNumbers.SVC_FLAGS, 0, -1)
                .u32(IpvsNumbers.SVC_TIMEOUT, 0)
                .u32(IpvsNumbers.SVC_NETMASK, -1));
        for (byte[] name : new byte[][] {{'r', 'r'}, "sixteen-letters!\0".getBytes(StandardCharsets.US_ASCII), {}}) {
            Consumer<MessageWriter> odd = rest.andThen(out -> out.bytes(IpvsNumbers.SVC_SCHEDULER, name));
            assertThat(error(IpvsNumbers.NEW_SERVICE, nest(IpvsNumbers.SERVICE, odd)))
                    .isEqualTo(ErrorNumbers.EINVAL);
        }
    }

    @Test
    void looksForTheServiceBeforeTheDestination() {
        assertThat(error(IpvsNumbers.NEW_DEST, nest(IpvsNumbers.SERVICE, key(2))))
                .isEqualTo(ErrorNumbers.ESRCH);
        newService();
        assertThat(error(IpvsNumbers.NEW_DEST, nest(IpvsNumbers.SERVICE, key(2))))
                .isEqualTo(ErrorNumbers.EINVAL);
        assertThat(ofDestination(IpvsNumbers.NEW_DEST, destinationKey(POD))).isEqualTo(ErrorNumbers.EINVAL);
        assertThat(ofDestination(IpvsNumbers.DEL_DEST, destinationKey(POD))).isEqualTo(ErrorNumbers.ENOENT);
    }

    @Test
    void checksNumbersBeforePresenceBeforeTheAddress() {
        newService();
        byte[] multicast = {(byte) 224, 0, 0, 1};
        assertThat(ofDestination(IpvsNumbers.NEW_DEST, destinationKey(multicast).andThen(settings(0, -1, 0, 0))))
                .isEqualTo(ErrorNumbers.ERANGE);
        assertThat(ofDestination(IpvsNumbers.NEW_DEST, destinationKey(multicast).andThen(settings(0, 1, 1, 2))))
                .isEqualTo(ErrorNumbers.ERANGE);
        assertThat(ofDestination(IpvsNumbers.NEW_DEST, destinationKey(multicast).andThen(settings(0, 1, 0, 0))))
                .isEqualTo(ErrorNumbers.EINVAL);
        assertThat(ofDestination(IpvsNumbers.SET_DEST, destinationKey(multicast).andThen(settings(0, 1, 0, 0))))
                .isEqualTo(ErrorNumbers.ENOENT);
    }

    @Test
    void wantsAPortForGue() {
        newService();
        Consumer<MessageWriter> gue = destinationKey(POD)
                .andThen(settings(2, 1, 0, 0))
                .andThen(out -> out.u8(IpvsNumbers.DEST_TUNNEL_TYPE, 1));
        assertThat(ofDestination(IpvsNumbers.NEW_DEST, gue)).isEqualTo(ErrorNumbers.EINVAL);
    }

    @Test
    void keepsOnlyTheMethodOfTheForwardingBits() {
        newService();
        assertThat(ofDestination(IpvsNumbers.NEW_DEST, destinationKey(POD).andThen(settings(0xf3, 1, 0, 0))))
                .isZero();
        assertThat(kernel.ipvs().save()).contains("-r 10.0.0.5:8080 -g -w 1");
    }

    @Test
    void changesOnlyTheFlagsOfTheMask() {
        newService();
        Consumer<MessageWriter> rest = key(2).andThen(out -> out.string(IpvsNumbers.SVC_SCHEDULER, "sh")
                .u32(IpvsNumbers.SVC_TIMEOUT, 50)
                .u32(IpvsNumbers.SVC_NETMASK, -1));
        error(IpvsNumbers.SET_SERVICE, nest(IpvsNumbers.SERVICE, rest.andThen(out -> out.u32pair(7, 0x19, 0x19))));
        assertThat(kernel.ipvs().save()).isEqualTo("-A -t 10.96.0.1:80 -s sh -p 50 -b sh-fallback,sh-port\n");
        error(IpvsNumbers.SET_SERVICE, nest(IpvsNumbers.SERVICE, rest.andThen(out -> out.u32pair(7, 0, 0x08))));
        assertThat(kernel.ipvs().save()).isEqualTo("-A -t 10.96.0.1:80 -s sh -p 50 -b sh-port\n");
    }

    @Test
    void keepsTimeoutsIn32BitsOfTicks() {
        Consumer<MessageWriter> persistent = key(2).andThen(out -> out.string(IpvsNumbers.SVC_SCHEDULER, "rr")
                .u32pair(IpvsNumbers.SVC_FLAGS, 1, -1)
                .u32(IpvsNumbers.SVC_TIMEOUT, Integer.MAX_VALUE)
                .u32(IpvsNumbers.SVC_NETMASK, -1));
        assertThat(error(IpvsNumbers.NEW_SERVICE, nest(IpvsNumbers.SERVICE, persistent)))
                .isZero();
        assertThat(kernel.ipvs().save()).contains("-p 42949671");
    }

    @Test
    void leavesAllTimeoutsWhenOneIsTooLong() {
        assertThat(error(
                        IpvsNumbers.SET_CONFIG,
                        out -> out.u32(IpvsNumbers.TIMEOUT_TCP, 7).u32(IpvsNumbers.TIMEOUT_UDP, 21_474_837)))
                .isEqualTo(ErrorNumbers.EINVAL);
        assertThat(error(IpvsNumbers.SET_CONFIG, out -> out.u16(IpvsNumbers.TIMEOUT_TCP, 7)))
                .isEqualTo(ErrorNumbers.ERANGE);
        byte[] config = socket.ask(Bytes.ipvs(IpvsNumbers.GET_CONFIG, Bytes.REQUEST, 1, out -> {}))
                .get(0);
        assertThat(HostOrder.i32(config, 24)).isEqualTo(900);
    }

    @Test
    void takesWhatOldInterfacesTake() {
        // A four byte port counts by its first two, unknown attributes and those above the maximum are stepped over.
        Consumer<MessageWriter> odd = out -> out.u16(IpvsNumbers.SVC_FAMILY, 2)
                .u16(IpvsNumbers.SVC_PROTOCOL, 6)
                .bytes(IpvsNumbers.SVC_ADDRESS, VIP)
                .bytes(IpvsNumbers.SVC_PORT, new byte[] {0, 80, 1, 2})
                .u32(99, 1);
        assertThat(error(IpvsNumbers.NEW_SERVICE, nest(IpvsNumbers.SERVICE, odd.andThen(full("rr", -1)))))
                .isZero();
        assertThat(error(IpvsNumbers.GET_SERVICE, nest(IpvsNumbers.SERVICE, key(2))))
                .isZero();
    }

    @Test
    void knowsWhichCommandsActAndWhichList() {
        assertThat(error(IpvsNumbers.GET_DEST, nest(IpvsNumbers.SERVICE, key(2))))
                .isEqualTo(ErrorNumbers.EOPNOTSUPP);
        assertThat(error(IpvsNumbers.SET_INFO, out -> {})).isEqualTo(ErrorNumbers.EOPNOTSUPP);
        byte[] listing = Bytes.ipvs(IpvsNumbers.FLUSH, Bytes.REQUEST | Bytes.DUMP, 1, out -> {});
        assertThat(socket.errorsOf(listing)).containsExactly(ErrorNumbers.EOPNOTSUPP);
        byte[] half = Bytes.ipvs(IpvsNumbers.FLUSH, Bytes.REQUEST | Bytes.ACK | 0x100, 1, out -> {});
        assertThat(socket.errorsOf(half)).containsExactly(0);
    }

    @Test
    void takesTheMarkZeroForAnAddress() {
        Consumer<MessageWriter> zero = out -> out.u16(IpvsNumbers.SVC_FAMILY, 2).u32(IpvsNumbers.SVC_MARK, 0);
        assertThat(error(IpvsNumbers.NEW_SERVICE, nest(IpvsNumbers.SERVICE, zero.andThen(full("rr", -1)))))
                .isZero();
        assertThat(kernel.ipvs().save()).isEqualTo("-A -t 0.0.0.0:0 -s rr\n");
    }

    @Test
    void refusesIpv6WithoutItsModule() {
        SimulatedKernel old = SimulatedKernel.builder().withoutModule("ipv6").build();
        byte[] request = Bytes.ipvs(
                IpvsNumbers.NEW_SERVICE, Bytes.REQUEST, 1, nest(IpvsNumbers.SERVICE, key(10).andThen(full("rr", 128))));
        try (RawSocket other = new RawSocket(old, NetlinkProtocol.GENERIC)) {
            assertThat(other.errorsOf(request)).containsExactly(ErrorNumbers.EAFNOSUPPORT);
        }
    }
}
