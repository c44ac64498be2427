import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.OnFailure;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.ipvs.PlanFailed;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;

class LoadBalancer {
    public static void main(String[] arguments) {
        ServiceKey web = ServiceKey.tcp(IpAddress.of("10.96.0.10"), 80);
        Destination one = Destination.masquerade(IpAddress.of("10.1.0.1"), 8080);
        Destination two = Destination.masquerade(IpAddress.of("10.1.0.2"), 8080).withWeight(3);
        IpvsState wanted = IpvsState.of(VirtualServer.of(VirtualService.of(web, Scheduler.WEIGHTED_ROUND_ROBIN), one, two));

        try (IpvsClient ipvs = IpvsClient.open()) {
            // What this program does not own it never touches.
            Ownership mine = Ownership.only(web::equals);
            Plan plan = Plan.between(ipvs.snapshot().state(), wanted, mine);
            System.out.print(plan); // as ipvsadm -R would take it
            ipvs.apply(plan, OnFailure.ROLL_BACK);

            Destination bad = Destination.masquerade(IpAddress.of("224.0.0.1"), 8080);
            IpvsState worse = IpvsState.of(VirtualServer.of(VirtualService.of(web, Scheduler.named("wlc")), one, two, bad));
            try {
                ipvs.apply(Plan.between(ipvs.snapshot().state(), worse, mine), OnFailure.ROLL_BACK);
            } catch (PlanFailed e) {
                System.out.println(e.getMessage()); // which change, why, and that the others were undone
            }
            ipvs.destinations(web).forEach(System.out::println); // with connections and statistics
        }
    }
}
