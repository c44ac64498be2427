import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.PlanFailed;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.testkit.SimulatedKernel;
import io.github.ipvs4j.testkit.SimulatedKernelExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SimulatedKernelExtension.class)
class ControllerTest {
    private static final IpAddress VIRTUAL = IpAddress.of("10.96.0.10");
    private static final IpAddress ONE = IpAddress.of("10.1.0.1");
    private static final IpAddress TWO = IpAddress.of("10.1.0.2");
    private static final IpAddress NO_HOST = IpAddress.of("224.0.0.1");

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
            assertThatThrownBy(() -> controller.balanceOver(List.of(TWO, NO_HOST))).isInstanceOf(PlanFailed.class);
            assertThat(kernel.ipvs().save()).isEqualTo(before);
        }
    }
}
