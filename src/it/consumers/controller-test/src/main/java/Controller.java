import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.OnFailure;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import java.util.Collection;
import java.util.List;

/** Sends what comes to one address to the backends that are healthy. */
final class Controller {
    private final IpvsClient ipvs;
    private final ServiceKey key;

    Controller(IpvsClient ipvs, IpAddress address, int port) {
        this.ipvs = ipvs;
        this.key = ServiceKey.tcp(address, port);
    }

    /** Brings the kernel to these backends; on failure it stays as it was. */
    void balanceOver(Collection<IpAddress> healthy) {
        List<Destination> destinations = healthy.stream()
                .distinct()
                .map(backend -> Destination.masquerade(backend, 8080))
                .toList();
        IpvsState wanted =
                IpvsState.of(new VirtualServer(VirtualService.of(key, Scheduler.ROUND_ROBIN), destinations));
        ipvs.apply(Plan.between(ipvs.snapshot().state(), wanted, Ownership.only(key::equals)), OnFailure.ROLL_BACK);
    }
}
