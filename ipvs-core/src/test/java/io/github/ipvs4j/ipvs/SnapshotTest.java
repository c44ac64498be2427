// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private static final ServiceKey WEB = ServiceKey.tcp(IpAddress.of("10.96.0.10"), 80);
    private static final ServiceKey WEB6 = ServiceKey.tcp(IpAddress.of("fd00::10"), 80);
    private static final VirtualService SERVICE = VirtualService.of(WEB, Scheduler.ROUND_ROBIN);
    private static final VirtualServer EMPTY = VirtualServer.of(VirtualService.of(WEB6, Scheduler.MAGLEV_HASHING));
    private static final Destination FIRST = Destination.masquerade(IpAddress.of("10.1.0.1"), 8080);
    private static final Destination SECOND = Destination.masquerade(IpAddress.of("10.1.0.2"), 8080);
    private static final VirtualServer SERVER = VirtualServer.of(SERVICE, FIRST, SECOND);

    /** What Linux counts for a piece of 32 KiB, for a short one, and for one of a page. */
    private static final int LARGE = (32 << 10) + 256;

    private static final int SHORT = (8 << 10) + 256;
    private static final int PAGE = (4 << 10) + 256;

    /** How many destinations this kernel, which has no statistics, puts into a page. */
    private static final int PER_PAGE = 3776
            / TinyMessages.object(0, IpvsCommands.NEW_DESTINATION, new IpvsRequest.AddDestination(WEB, FIRST))
                    .readableBytes();

    private final TinyKernel kernel = new TinyKernel().set(IpvsState.of(SERVER, EMPTY));
    private final IpvsClient ipvs =
            IpvsClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel));

    @AfterEach
    void close() {
        ipvs.close();
        assertThat(kernel.open()).isZero();
    }

    private static VirtualServer large() {
        return new VirtualServer(SERVICE, destinations(500));
    }

    @Test
    void holdsTheWholeTable() {
        Snapshot snapshot = ipvs.snapshot();

        assertThat(snapshot.consistent()).isTrue();
        assertThat(snapshot.state()).isEqualTo(IpvsState.of(SERVER, EMPTY));
        assertThat(snapshot.servers()).extracting(ObservedServer::key).containsExactly(WEB, WEB6);
        assertThat(snapshot.find(WEB).orElseThrow().destinations())
                .extracting(ObservedDestination::key)
                .containsExactly(FIRST.key(), SECOND.key());
    }

    @Test
    void holdsOnlyTheServicesAskedFor() {
        assertThat(ipvs.snapshot(List.of(WEB)).state()).isEqualTo(IpvsState.of(SERVER));
        assertThat(ipvs.snapshot(List.of(WEB6, WEB6)).state()).isEqualTo(IpvsState.of(EMPTY));
        assertThat(ipvs.snapshot(List.of(WEB6, WEB)).servers())
                .extracting(ObservedServer::key)
                .containsExactly(WEB6, WEB);
        assertThat(ipvs.snapshot(List.of()).servers()).isEmpty();
    }

    @Test
    void leavesOutServicesAskedForThatAreNotThere() {
        Snapshot snapshot = ipvs.snapshot(List.of(ServiceKey.udp(FIRST.address(), 53), WEB));

        assertThat(snapshot.consistent()).isTrue();
        assertThat(snapshot.state()).isEqualTo(IpvsState.of(SERVER));
    }

    @Test
    void countsWhatIsListedTwiceOnceAndSaysSo() {
        kernel.listsTwice();

        assertThat(ipvs.snapshot().consistent()).isFalse();
        assertThat(ipvs.snapshot().state()).isEqualTo(IpvsState.of(SERVER, EMPTY));
    }

    @Test
    void findsAServiceThatOneListingSkipped() {
        kernel.skipOnce(WEB);
        Snapshot snapshot = ipvs.snapshot();

        assertThat(snapshot.state()).isEqualTo(IpvsState.of(SERVER, EMPTY));
        assertThat(snapshot.consistent()).isTrue();
    }

    @Test
    void findsADestinationThatOnePieceOfALongListingSkipped() {
        kernel.set(IpvsState.of(large())).skipOnce(new DestinationKey(FIRST.address(), 250));
        Snapshot snapshot = ipvs.snapshot();

        assertThat(snapshot.state()).isEqualTo(IpvsState.of(large()));
        assertThat(snapshot.consistent()).isTrue();
    }

    @Test
    void looksAgainAtAListingThatMayLackSomethingOnly() {
        assertThat(listing(8, 400).needsAnotherLook()).isFalse();
        assertThat(listing(9, 400).needsAnotherLook())
                .as("as much as a page holds")
                .isTrue();
        assertThat(listing(10, 400).needsAnotherLook())
                .as("more than a page holds")
                .isFalse();
        assertThat(listing(19, 400).needsAnotherLook())
                .as("as much as a short piece holds")
                .isTrue();
        assertThat(listing(20, 400).needsAnotherLook())
                .as("more than a short piece holds")
                .isFalse();
        assertThat(listing(81, 400).needsAnotherLook())
                .as("as much as 32 KiB hold")
                .isTrue();
        assertThat(new Listing<>(List.of(FIRST), false, 2, 800, 400, 400, LARGE).needsAnotherLook())
                .isTrue();
        assertThat(new Listing<>(List.of(), false, 0, 0, 0, 0, LARGE).needsAnotherLook())
                .isTrue();
        assertThat(new Listing<>(List.of(FIRST), true, 1, 400, 400, 400, LARGE).needsAnotherLook())
                .isTrue();
    }

    @Test
    void takesAListingAsWholeThatTheKernelTookMemoryEnoughFor() {
        assertThat(inMemory(9, SHORT).needsAnotherLook())
                .as("as much as a page holds, in more")
                .isFalse();
        assertThat(inMemory(19, LARGE).needsAnotherLook())
                .as("as much as a short piece holds, in more")
                .isFalse();
        assertThat(inMemory(9, PAGE).needsAnotherLook())
                .as("as much as a page holds, in one")
                .isTrue();
        assertThat(inMemory(19, SHORT).needsAnotherLook())
                .as("as much as a short piece holds, in one")
                .isTrue();
        assertThat(inMemory(81, LARGE).needsAnotherLook())
                .as("as much as 32 KiB hold")
                .isTrue();
    }

    @Test
    void readsDestinationsOnceThatFillAPageInMoreMemory() {
        IpvsState desired = IpvsState.of(servers(5, PER_PAGE));
        kernel.set(desired).takesMemory(SHORT);

        assertThat(ipvs.snapshot().state()).isEqualTo(desired);
        assertThat(kernel.listings())
                .as("the memory is asked for from the second on")
                .isEqualTo(5 + 1);
    }

    @Test
    void readsDestinationsAgainThatMayFillThePageTheyCameIn() {
        IpvsState desired = IpvsState.of(servers(5, PER_PAGE));
        kernel.set(desired).takesMemory(PAGE);

        assertThat(ipvs.snapshot().state()).isEqualTo(desired);
        assertThat(kernel.listings()).isEqualTo(10);

        kernel.set(desired).takesMemory(0);
        assertThat(ipvs.snapshot().state()).isEqualTo(desired);
        assertThat(kernel.listings()).as("where the memory is not told").isEqualTo(20);
    }

    @Test
    void readsLongListsInLongPiecesOnceOneWasMet() {
        IpvsState desired = IpvsState.of(servers(150, 3 * PER_PAGE));
        kernel.set(desired).takesMemory(LARGE);

        assertThat(ipvs.snapshot().state()).isEqualTo(desired);
        assertThat(kernel.listings()).isEqualTo(150 + 1);
    }

    @Test
    void callsAListLongThatAShortPieceCannotHold() {
        assertThat(listing(18, 400).isLong()).isFalse();
        assertThat(listing(19, 400).isLong()).isTrue();
        assertThat(new Listing<>(List.of(FIRST), false, 2, 4800, 3600, 400, 0).isLong())
                .as("two pages that are one short piece the next time")
                .isFalse();
    }

    @Test
    void returnsToShortPiecesWhenNoLongListWasMetForLong() {
        VirtualServer[] many = servers(250, 2);
        many[0] = new VirtualServer(many[0].service(), destinations(3 * PER_PAGE));
        many[249] = new VirtualServer(many[249].service(), destinations(3 * PER_PAGE));
        kernel.set(IpvsState.of(many)).takesMemory(LARGE);

        assertThat(ipvs.snapshot().state()).isEqualTo(IpvsState.of(many));
        assertThat(kernel.listings())
                .as("each long one is met in short pieces first")
                .isEqualTo(250 + 2);
    }

    private static VirtualServer[] servers(int count, int destinations) {
        return IntStream.range(0, count)
                .mapToObj(port -> VirtualService.of(ServiceKey.udp(FIRST.address(), 1 + port), Scheduler.ROUND_ROBIN))
                .map(service -> new VirtualServer(service, destinations(destinations)))
                .toArray(VirtualServer[]::new);
    }

    private static List<Destination> destinations(int count) {
        return IntStream.range(0, count)
                .mapToObj(port -> Destination.masquerade(FIRST.address(), port))
                .toList();
    }

    private static Listing<Destination> inMemory(int entries, int memory) {
        int length = entries * 400;
        return new Listing<>(Collections.nCopies(entries, FIRST), false, 1, length, length, 400, memory);
    }

    private static Listing<Destination> listing(int entries, int each) {
        int length = entries * each;
        return new Listing<>(Collections.nCopies(entries, FIRST), false, 1, length, length, each, 0);
    }

    @Test
    void leavesOutAServiceThatGoesMeanwhile() {
        kernel.beforeListing(() -> kernel.set(IpvsState.of(EMPTY)));
        Snapshot snapshot = ipvs.snapshot();

        assertThat(snapshot.state()).isEqualTo(IpvsState.of(EMPTY));
        assertThat(snapshot.consistent()).isTrue();
    }

    @Test
    void readsAServiceAgainThatWasGoneForAMoment() {
        kernel.beforeListing(() -> kernel.set(IpvsState.of(EMPTY)))
                .beforeListing(() -> kernel.set(IpvsState.of(SERVER, EMPTY)));
        Snapshot snapshot = ipvs.snapshot();

        assertThat(snapshot.state()).isEqualTo(IpvsState.of(SERVER, EMPTY));
        assertThat(snapshot.consistent()).isTrue();
    }

    @Test
    void readsAServiceAskedForAgainThatGoesOrComesMeanwhile() {
        kernel.set(IpvsState.of(SERVER)).beforeListing(() -> kernel.set(IpvsState.EMPTY));
        assertThat(ipvs.snapshot(List.of(WEB)).servers()).isEmpty();

        kernel.set(IpvsState.of(VirtualServer.of(SERVICE)))
                .beforeListing(() -> kernel.set(IpvsState.of(VirtualServer.of(SERVICE, FIRST))));
        assertThat(ipvs.snapshot(List.of(WEB)).state()).isEqualTo(IpvsState.of(VirtualServer.of(SERVICE, FIRST)));
    }

    @Test
    void doesNotPairAServiceAskedForWithTheDestinationsOfItsSuccessor() {
        VirtualServer successor = VirtualServer.of(SERVICE.withScheduler(Scheduler.NEVER_QUEUE), SECOND);
        kernel.beforeListing(() -> kernel.set(IpvsState.of(successor)));

        assertThat(ipvs.snapshot(List.of(WEB)).state()).isEqualTo(IpvsState.of(successor));
    }

    @Test
    void saysSoWhenAServiceAskedForNeverStaysTheSame() {
        for (int i = 0; i < 50; i++) {
            VirtualServer other = VirtualServer.of(SERVICE.withPersistence(Duration.ofSeconds(1 + i)), FIRST);
            kernel.beforeListing(() -> kernel.set(IpvsState.of(other)));
        }
        Snapshot snapshot = ipvs.snapshot(List.of(WEB));

        assertThat(snapshot.consistent()).isFalse();
        assertThat(snapshot.find(WEB).orElseThrow().destinations()).hasSize(1);
    }

    @Test
    void givesUpAfterSomeLooksAndSaysSoWhenOthersNeverRest() {
        for (int i = 0; i < 50; i++) {
            VirtualServer other = VirtualServer.of(SERVICE.withPersistence(Duration.ofSeconds(1 + i)), FIRST);
            kernel.beforeListing(() -> kernel.set(IpvsState.of(other)));
        }
        Snapshot snapshot = ipvs.snapshot();

        assertThat(snapshot.consistent()).isFalse();
        assertThat(snapshot.find(WEB)).isPresent();
    }

    @Test
    void saysSoWhenALongListingNeverComesOutTheSame() {
        kernel.set(IpvsState.of(large()));
        for (int i = 0; i < 50; i++) {
            DestinationKey key = new DestinationKey(FIRST.address(), i);
            kernel.beforeListing(() -> kernel.skipOnce(key));
        }
        assertThat(ipvs.snapshot().consistent()).isFalse();
        assertThat(ipvs.snapshot(List.of(WEB)).consistent()).isFalse();
    }
}
