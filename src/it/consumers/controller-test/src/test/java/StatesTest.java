import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.OnFailure;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.testkit.SimulatedKernel;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class StatesTest {
    @Property(tries = 50)
    void everyStateCanBeReachedFromEveryOther(@ForAll IpvsState before, @ForAll IpvsState after) {
        SimulatedKernel kernel = SimulatedKernel.create();
        try (IpvsClient ipvs = IpvsClient.open(
                NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel.transports()))) {
            for (IpvsState wanted : List.of(before, after)) {
                Plan plan = Plan.between(ipvs.snapshot().state(), wanted, Ownership.everything());
                ipvs.apply(plan, OnFailure.ROLL_BACK);
                assertThat(ipvs.snapshot().state()).isEqualTo(wanted);
            }
        }
        kernel.assertQuiescent();
    }
}
