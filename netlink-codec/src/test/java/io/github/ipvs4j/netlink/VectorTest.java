// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Datagrams captured from real tools and kernels. */
class VectorTest {
    static List<String> all() throws URISyntaxException {
        try (Stream<Path> files = Files.list(Path.of(
                Objects.requireNonNull(VectorTest.class.getResource("/vectors")).toURI()))) {
            return files.map(file -> file.getFileName().toString().replace(".hex", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void framesAndAttributesOfEveryCaptureAreWalkedToTheirEnd(String name) {
        MessageReader reader = Bytes.firstMessage(name);

        int attributes = 0;
        if (reader.type() >= NetlinkHeader.FIRST_FAMILY_TYPE) {
            AttributeReader cursor = reader.attributes(headerLength(name, reader.type()));
            while (cursor.next()) {
                attributes++;
            }
        }

        boolean bare = reader.type() < NetlinkHeader.FIRST_FAMILY_TYPE
                || List.of(
                                "ipvs-flush.req",
                                "ipvs-get-info.req",
                                "ipvs-get-services.req",
                                "ct-dump.req",
                                "ct-flush.req")
                        .contains(name)
                || name.equals("rt-getaddr-strict.req");
        assertThat(attributes > 0).isEqualTo(!bare);
    }

    private static int headerLength(String name, int type) {
        if (!name.startsWith("rt-")) {
            return 4;
        }
        return switch (type) {
            case 16, 17, 18 -> RouteLayout.LINK_HEADER;
            case 20, 21, 22 -> RouteLayout.ADDRESS_HEADER;
            default -> 12;
        };
    }

    @Test
    void successIsReadFromAnAcknowledgement() {
        assertThat(Reply.error(Bytes.firstMessage("nl-ack-ok.rsp"))).isZero();
    }

    @Test
    void successIsReadFromTheEndOfAListing() {
        MessageReader done = Bytes.firstMessage("nl-dump-done.rsp");

        assertThat(done.type()).isEqualTo(NetlinkHeader.TYPE_DONE);
        assertThat(Reply.error(done)).isZero();
    }

    @Test
    void flagsOfAnswersAreReadAsTheIndexNamesThem() {
        assertThat(Bytes.firstMessage("nl-ack-ok.rsp").flags()).isEqualTo(MessageFlags.CAPPED);
        assertThat(Bytes.firstMessage("rt-getaddr-strict.rsp").flags())
                .isEqualTo(MessageFlags.MULTI | MessageFlags.DUMP_FILTERED);
        assertThat(Bytes.firstMessage("ct-get-udp-nat.rsp").flags()).isEqualTo(MessageFlags.MULTI);
        assertThat(Bytes.firstMessage("rt-newlink-extack.rsp").flags()).isEqualTo(MessageFlags.ACK_ATTRIBUTES);
    }

    /** ipset echoes the whole message even to a socket that wants none, and writes the number of the bad line there. */
    @Test
    void lineOfTheRefusedEntryStandsInTheEcho() {
        MessageReader error = Bytes.firstMessage("ipset-restore-lineno-error.rsp");
        AttributeReader attributes = error.echo().orElseThrow().attributes(ConntrackLayout.HEADER);
        int line = -1;
        while (attributes.next()) {
            line = attributes.type() == 9 ? attributes.u32be() : line;
        }

        assertThat(line).isEqualTo(3);
        assertThat(new Errno(Reply.error(error)).number()).isEqualTo(4103);
    }

    @Test
    void textOfTheExtendedAckIsFoundBehindTheEchoedRequest() {
        MessageReader error = Bytes.firstMessage("rt-newlink-extack.rsp");

        assertThat(new Errno(Reply.error(error))).isEqualTo(Errno.EOPNOTSUPP);
        assertThat(Complaint.about(NetlinkProtocol.ROUTE, new LinkRequest.AddDummy("x0"), error))
                .isEqualTo(new Complaint("Unknown device type", null, false, "", -1));
    }

    @Test
    void refusalNamesRequestErrnoRemedyAndTheKernelsText() {
        Request request = new LinkRequest.AddDummy("x0");

        KernelRejected rejected =
                Reply.rejection(NetlinkProtocol.ROUTE, request, Bytes.firstMessage("rt-newlink-extack.rsp"));

        assertThat(rejected)
                .hasMessage(
                        "add dummy interface x0: EOPNOTSUPP: the kernel has no dummy interfaces; load the module with"
                                + " 'modprobe dummy' (the kernel says: Unknown device type)");
    }

    @Test
    void dummyInterfaceIsAskedForAsIproute2Does() {
        assertThat(Bytes.writtenLike("rt-newlink-dummy.req", new LinkRequest.AddDummy("kube-ipvs0"), MessageFlags.ACK))
                .isEqualTo(Bytes.hexOfFirstMessage("rt-newlink-dummy.req"));
    }

    @Test
    void interfaceIsLookedUpAsIproute2Does() {
        assertThat(Bytes.writtenLike("rt-getlink-by-name.req", new LinkRequest.Get("kube-ipvs0"), 0))
                .isEqualTo(Bytes.hexOfFirstMessage("rt-getlink-by-name.req"));
    }

    @Test
    void addressIsAddedAsIproute2Does() {
        Link link = new Link(2, "kube-ipvs0", "dummy", false);
        Request request = new AddressChange(AddressChange.Action.ADD, link, IpAddress.of("10.0.0.1")).request();

        assertThat(Bytes.writtenLike("rt-newaddr.req", request, MessageFlags.ACK))
                .isEqualTo(Bytes.hexOfFirstMessage("rt-newaddr.req"));
    }

    @Test
    void addressOfAListingIsRead() {
        assertThat(RouteClient.address(Bytes.firstMessage("rt-getaddr-strict.rsp")))
                .contains(new InterfaceAddress(2, IpAddress.of("10.0.0.1"), 32));
    }

    @Test
    void familyNumberIsReadFromTheControllersAnswer() {
        assertThat(GenericClient.familyNumber(Bytes.firstMessage("genl-getfamily-ipvs.rsp")))
                .isEqualTo(28);
    }

    @Test
    void familyIsLookedUpAsLibnlDoes() {
        Request request = new GenericClient.LookUp(new GenericFamily("IPVS", 1, "load ip_vs"));

        assertThat(Bytes.writtenLike("genl-getfamily-ipvs.req", request, MessageFlags.ACK))
                .isEqualTo(Bytes.hexOfFirstMessage("genl-getfamily-ipvs.req"));
    }
}
