// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.GenericRequest;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes captured from ipvsadm and from kernels, in both directions. */
@EnabledIf("isLittleEndian")
class VectorTest {
    private static final ServiceKey WEB = ServiceKey.tcp(IpAddress.of("10.0.0.1"), 80);
    private static final ServiceKey DNS = ServiceKey.udp(IpAddress.of("10.0.0.1"), 53);
    private static final VirtualService WEB_RR = VirtualService.of(WEB, Scheduler.ROUND_ROBIN);

    private static final Timeouts DEFAULTS =
            new Timeouts(Duration.ofSeconds(900), Duration.ofSeconds(120), Duration.ofSeconds(300));
    private static final SyncDaemon DAEMON = SyncDaemon.of(SyncRole.MASTER, "lo", 7)
            .withMaxLength(1400)
            .withGroup(IpAddress.of("224.0.0.82"))
            .withPort(8849)
            .withTtl(4);

    /** What a service's key needs; the tool sends all attributes wherever it names a service. */
    private static final Set<Integer> SERVICE_KEY = Set.of(
            ServiceAttributes.FAMILY, ServiceAttributes.PROTOCOL, ServiceAttributes.ADDRESS, ServiceAttributes.PORT);

    /** What a destination's key needs. */
    private static final Set<Integer> DESTINATION_KEY =
            Set.of(DestinationAttributes.FAMILY, DestinationAttributes.ADDRESS, DestinationAttributes.PORT);

    static boolean isLittleEndian() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    static Stream<Arguments> servicesInFull() {
        return Stream.of(
                Arguments.of(Bytes.vector("ipvs-new-service-tcp.req"), WEB_RR),
                Arguments.of(Bytes.echoed("ipvs-new-service-eexist.rsp"), WEB_RR),
                Arguments.of(
                        Bytes.vector("ipvs-new-service-v6-persistent.req"),
                        VirtualService.of(
                                        ServiceKey.tcp(IpAddress.of("fd00::1"), 443),
                                        Scheduler.WEIGHTED_LEAST_CONNECTION)
                                .withPersistence(Duration.ofSeconds(360), Granularity.prefix(64))),
                Arguments.of(
                        Bytes.vector("ipvs-new-service-fwmark-ops.req"),
                        VirtualService.of(ServiceKey.firewallMark(IpFamily.IPV4, 4660), Scheduler.WEIGHTED_ROUND_ROBIN)
                                .withFlags(ServiceFlags.ONE_PACKET)),
                Arguments.of(
                        Bytes.vector("ipvs-new-service-udp-pe.req"),
                        VirtualService.of(ServiceKey.udp(IpAddress.of("10.0.0.1"), 5060), Scheduler.ROUND_ROBIN)
                                .withPersistence(Duration.ofSeconds(60))
                                .withPersistenceEngine("sip")),
                Arguments.of(
                        Bytes.vector("ipvs-set-service.req"),
                        VirtualService.of(WEB, Scheduler.WEIGHTED_LEAST_CONNECTION)
                                .withPersistence(
                                        Duration.ofSeconds(120), Granularity.mask(IpAddress.of("255.255.255.0")))));
    }

    @ParameterizedTest
    @MethodSource("servicesInFull")
    void readsTheServiceThatTheToolSent(ByteBuf captured, VirtualService service) {
        assertThat(service(Bytes.message(captured)).service()).isEqualTo(service);
    }

    @ParameterizedTest
    @MethodSource("servicesInFull")
    void writesAServiceByteForByteAsTheTool(ByteBuf captured, VirtualService service) {
        boolean isNew = Bytes.message(captured).genericCommand() == IpvsCommands.NEW_SERVICE;
        GenericRequest request = isNew ? new IpvsRequest.AddService(service) : new IpvsRequest.UpdateService(service);

        assertThat(Bytes.writtenLike(captured, request)).isEqualTo(ByteBufUtil.hexDump(captured));
    }

    static Stream<Arguments> destinationsInFull() {
        Destination masquerade = Destination.masquerade(IpAddress.of("10.1.0.5"), 8080)
                .withWeight(3)
                .withThresholds(100, 50);
        Destination gue = Destination.of(IpAddress.of("10.1.0.7"), 80, Forwarding.gue(6080, Forwarding.Checksum.FULL));
        Destination unknown =
                Destination.masquerade(IpAddress.of("10.1.0.99"), 8080).withWeight(0);
        return Stream.of(
                Arguments.of(
                        Bytes.vector("ipvs-new-dest-masq.req"),
                        new IpvsRequest.AddDestination(WEB, masquerade),
                        masquerade),
                Arguments.of(Bytes.vector("ipvs-new-dest-gue.req"), new IpvsRequest.AddDestination(WEB, gue), gue),
                Arguments.of(
                        Bytes.echoed("ipvs-set-dest-enoent.rsp"),
                        new IpvsRequest.UpdateDestination(WEB, unknown),
                        unknown));
    }

    @ParameterizedTest
    @MethodSource("destinationsInFull")
    void readsTheDestinationThatTheToolSent(ByteBuf captured, GenericRequest request, Destination destination) {
        assertThat(destination(Bytes.message(captured)).destination()).isEqualTo(destination);
    }

    /** But for the service: the tool repeats all its attributes, of which the kernel reads the key. */
    @ParameterizedTest
    @MethodSource("destinationsInFull")
    void writesADestinationByteForByteAsTheTool(ByteBuf captured, GenericRequest request, Destination destination) {
        assertThat(Bytes.writtenLike(captured, request))
                .isEqualTo(Bytes.without(captured, type -> !SERVICE_KEY.contains(type), type -> false));
    }

    /** But for what the tool sends beyond the two keys, which the kernel does not read when it deletes. */
    @Test
    void writesTheDeletionOfADestinationByteForByteAsTheTool() {
        ByteBuf captured = Bytes.vector("ipvs-del-dest.req");
        GenericRequest request =
                new IpvsRequest.DeleteDestination(WEB, new DestinationKey(IpAddress.of("10.1.0.6"), 80));

        assertThat(Bytes.writtenLike(captured, request))
                .isEqualTo(Bytes.without(
                        captured, type -> !SERVICE_KEY.contains(type), type -> !DESTINATION_KEY.contains(type)));
    }

    @Test
    void writesTheRequestForAllServicesByteForByteAsTheTool() {
        ByteBuf captured = Bytes.vector("ipvs-get-services.req");

        assertThat(Bytes.writtenLike(captured, new IpvsRequest.ListServices()))
                .isEqualTo(ByteBufUtil.hexDump(captured));
    }

    @Test
    void writesTheRequestForDestinationsByteForByteAsTheTool() {
        ByteBuf captured = Bytes.vector("ipvs-get-dests.req");

        assertThat(Bytes.writtenLike(captured, new IpvsRequest.ListDestinations(DNS)))
                .isEqualTo(ByteBufUtil.hexDump(captured));
    }

    /** But for what the tool sends beyond the key, which the kernel does not read here. */
    @Test
    void writesTheRequestForOneServiceByteForByteAsTheTool() {
        ByteBuf captured = Bytes.vector("ipvs-get-service-one.req");

        assertThat(Bytes.writtenLike(captured, new IpvsRequest.GetService(DNS, "read service")))
                .isEqualTo(Bytes.without(captured, type -> !SERVICE_KEY.contains(type), type -> false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipvs-get-services-pad.rsp", "ipvs-get-services-nopad.rsp"})
    void readsAListedServiceWithAndWithoutPadding(String name) {
        ObservedService service = service(Bytes.message(Bytes.vector(name)));

        assertThat(service.service())
                .isEqualTo(VirtualService.of(DNS, Scheduler.WEIGHTED_LEAST_CONNECTION)
                        .withPersistence(Duration.ofSeconds(300), Granularity.prefix(24)));
        boolean padded = name.contains("-pad");
        assertThat(service.statistics())
                .isEqualTo(new Statistics(3, 12, 12, 1200, 2064, 0, 1, 1, padded ? 150 : 112, padded ? 258 : 193));
    }

    @Test
    void readsAListedDestination() {
        ObservedDestination destination = destination(Bytes.message(Bytes.vector("ipvs-get-dests-pad.rsp")));

        assertThat(destination.destination())
                .isEqualTo(new Destination(IpAddress.of("10.9.0.1"), 5353, Forwarding.MASQUERADE, 7, 2000, 1000));
        assertThat(destination.activeConnections()).isZero();
        assertThat(destination.inactiveConnections()).isEqualTo(3);
        assertThat(destination.persistentConnections()).isEqualTo(1);
        assertThat(destination.statistics().connections()).isEqualTo(3);
        assertThat(destination.statistics().outBytes()).isEqualTo(2064);
    }

    static Stream<Arguments> controls() {
        return Stream.of(
                Arguments.of("ipvs-get-info.req", ControlRequest.Plain.GET_INFO),
                Arguments.of("ipvs-flush.req", ControlRequest.Plain.FLUSH),
                Arguments.of("ipvs-set-config.req", new ControlRequest.SetTimeouts(DEFAULTS)),
                Arguments.of("ipvs-get-config.rsp", new ControlRequest.SetTimeouts(DEFAULTS)),
                Arguments.of("ipvs-new-daemon.req", new ControlRequest.StartDaemon(DAEMON)));
    }

    @ParameterizedTest
    @MethodSource("controls")
    void writesAllOtherRequestsByteForByteAsTheTool(String name, GenericRequest request) {
        ByteBuf captured = Bytes.vector(name);

        assertThat(Bytes.writtenLike(captured, request)).isEqualTo(ByteBufUtil.hexDump(captured));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipvs-new-daemon.req", "ipvs-get-daemon.rsp"})
    void readsASyncDaemonWhosePortIsInHostOrder(String name) {
        assertThat(DaemonCodec.read(Bytes.message(Bytes.vector(name)).genericAttributes()))
                .contains(DAEMON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipvs-set-config.req", "ipvs-get-config.rsp"})
    void readsTimeouts(String name) {
        assertThat(ControlReader.timeouts(Bytes.message(Bytes.vector(name)).genericAttributes()))
                .isEqualTo(DEFAULTS);
    }

    @Test
    void readsVersionAndTableSize() {
        IpvsInfo info = ControlReader.info(
                Bytes.message(Bytes.vector("ipvs-get-info.rsp")).genericAttributes());

        assertThat(info).isEqualTo(new IpvsInfo(0x010201, 4096));
        assertThat(info).hasToString("IPVS 1.2.1 (connection table of 4096 buckets)");
    }

    private static ObservedService service(MessageReader message) {
        return new ServiceDecoder().decode(message.genericAttributes());
    }

    private static ObservedDestination destination(MessageReader message) {
        return new DestinationDecoder(IpFamily.IPV4).decode(message);
    }
}
