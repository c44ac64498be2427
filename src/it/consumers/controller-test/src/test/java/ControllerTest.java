import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.OnFailure;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.ipvs.PlanFailed;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.testkit.SimulatedKernel;
import io.github.ipvs4j.testkit.SimulatedKernelExtension;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SimulatedKernelExtension.class)
class ControllerTest {
    private static final IpAddress VIRTUAL = IpAddress.of("10.96.0.10");
    private static final IpAddress ONE = IpAddress.of("10.1.0.1");
    private static final IpAddress TWO = IpAddress.of("10.1.0.2");

    private static IpvsClient open(SimulatedKernel kernel) {
        return IpvsClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel.transports()));
    }

    @Test
    void balancesOverHealthyBackends(SimulatedKernel kernel) {
        try (IpvsClient ipvs = open(kernel)) {
            Controller controller = new Controller(ipvs, VIRTUAL, 80);
            controller.balanceOver(List.of(ONE, TWO));
            controller.balanceOver(List.of(TWO));
        }
        assertThat(kernel.ipvs().save()).isEqualTo("""
                -A -t 10.96.0.10:80 -s rr
                -a -t 10.96.0.10:80 -r 10.1.0.2:8080 -m -w 1
                """);
    }

    @Test
    void leavesEverythingAsItWasWhenTheKernelRefuses(SimulatedKernel kernel) {
        try (IpvsClient ipvs = open(kernel)) {
            Controller controller = new Controller(ipvs, VIRTUAL, 80);
            controller.balanceOver(List.of(ONE));
            String before = kernel.ipvs().save();
            // A snapshot of one service takes two listings; then comes the batch.
            kernel.faults(NetlinkProtocol.GENERIC).failRequest(3, Errno.ENOMEM);
            assertThatThrownBy(() -> controller.balanceOver(List.of(ONE, TWO))).isInstanceOf(PlanFailed.class);
            assertThat(kernel.ipvs().save()).isEqualTo(before);
        }
    }

    @Property(tries = 50)
    void everyStateCanBeReachedFromEveryOther(@ForAll IpvsState before, @ForAll IpvsState after) {
        SimulatedKernel kernel = SimulatedKernel.create();
        try (IpvsClient ipvs = open(kernel)) {
            for (IpvsState wanted : List.of(before, after)) {
                Plan plan = Plan.between(ipvs.snapshot().state(), wanted, Ownership.everything());
                ipvs.apply(plan, OnFailure.ROLL_BACK);
                assertThat(ipvs.snapshot().state()).isEqualTo(wanted);
            }
        }
        kernel.assertQuiescent();
    }
}
