// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ControllerClientTest {
    private final ScriptedKernel kernel = new ScriptedKernel();

    private ControllerClient open() {
        return ControllerClient.open(
                NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel));
    }

    private interface Body {
        void write(MessageWriter out);
    }

    private static ByteBuf answer(int sequence, Body body) {
        ByteBuf bytes = Unpooled.buffer();
        MessageWriter out =
                new MessageWriter(bytes).begin(16, MessageFlags.MULTI, sequence).genericHeader(1, 2);
        body.write(out);
        out.end();
        HostOrder.i32(bytes, NetlinkHeader.PORT_ID, ScriptedKernel.PORT_ID);
        return bytes;
    }

    @Test
    void familyIsReadWithItsOperations() {
        FamilyDescription ipvs = ControllerDecoder.family(Bytes.firstMessage("genl-getfamily-ipvs.rsp"));

        assertThat(ipvs.name()).isEqualTo("IPVS");
        assertThat(ipvs.number()).isEqualTo(28);
        assertThat(ipvs.version()).isEqualTo(1);
        assertThat(ipvs.headerSize()).isZero();
        assertThat(ipvs.maxAttribute()).isEqualTo(6);
        assertThat(ipvs.groups()).isEmpty();
        assertThat(ipvs.operations())
                .extracting(FamilyDescription.Operation::command)
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17);
        assertThat(ipvs.operations()).allMatch(FamilyDescription.Operation::needsAdmin);
        assertThat(ipvs.operations())
                .filteredOn(FamilyDescription.Operation::answersDump)
                .extracting(FamilyDescription.Operation::command)
                .containsExactly(4, 8, 11);
        assertThat(ipvs.operations())
                .filteredOn(operation -> !operation.answersRequest())
                .extracting(FamilyDescription.Operation::command)
                .containsExactly(8, 11);
    }

    @Test
    void multicastGroupsAreFoundByName() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.raw(answer(requests.sequence(), out -> {
                out.string(2, "nlctrl").u16(1, 16);
                int groups = out.beginNested(7);
                int group = out.beginNested(1);
                out.string(1, "notify").u32(2, 16).endNested(group);
                out.endNested(groups);
            }));
        });

        try (ControllerClient client = open()) {
            FamilyDescription family = client.find("nlctrl").orElseThrow();

            assertThat(family.group("notify")).hasValue(16);
            assertThat(family.group("Notify")).isEmpty();
        }
    }

    @Test
    void missingFamilyIsEmptyAndAnImpossibleNameIsRefusedHere() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.error(requests.sequence(), -2);
        });

        try (ControllerClient client = open()) {
            assertThat(client.find("IPVS")).isEmpty();
            assertThatThrownBy(() -> client.find("a name too long for it"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 15 characters");
        }
    }

    @Test
    void familyWithoutNumberIsMalformed() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.raw(answer(requests.sequence(), out -> out.string(2, "IPVS")));
        });

        try (ControllerClient client = open()) {
            assertThatThrownBy(() -> client.find("IPVS")).isInstanceOf(MalformedReply.class);
        }
    }

    @Test
    void policiesArePutTogetherFromTheirMessages() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.raw(answer(requests.sequence(), out -> {
                int commands = out.beginNested(9);
                int command = out.beginNested(3);
                out.u32(1, 0).u32(2, 0).endNested(command);
                out.endNested(commands);
            }));
            answers.raw(answer(requests.sequence(), out -> policy(out, 1, 3, 0, 0xffff)));
            answers.raw(answer(requests.sequence(), out -> policy(out, 2, 2, 1, 9)));
            answers.done(requests.sequence(), 0);
        });

        try (ControllerClient client = open()) {
            FamilyPolicies policies = client.policies("nlctrl");

            assertThat(policies.commands())
                    .isEqualTo(Map.of(3, new FamilyPolicies.Command(OptionalInt.of(0), OptionalInt.of(0))));
            assertThat(policies.policies()).containsOnlyKeys(0);
            assertThat(policies.policies().get(0).get(1)).hasToString("a number of 16 bits");
            assertThat(policies.policies().get(0).get(2)).hasToString("a number of 8 bits from 1 up to 9");
        }
    }

    private static void policy(MessageWriter out, int attribute, int kind, long min, long max) {
        int policies = out.beginNested(8);
        int policy = out.beginNested(0);
        int nest = out.beginNested(attribute);
        out.u32(1, kind).u64(4, min).u64(5, max).endNested(nest);
        out.endNested(policy);
        out.endNested(policies);
    }

    @Test
    void policiesReadAsWords() {
        assertThat(words(12, 1, 15, -1)).isEqualTo("a string that ends in NUL of at least 1 bytes of at most 15 bytes");
        assertThat(words(10, 16, 16, -1)).isEqualTo("binary data of 16 bytes");
        assertThat(words(8, Integer.MIN_VALUE, 7, -1)).isEqualTo("a signed number of 32 bits up to 7");
        assertThat(words(5, 0, -1, -1)).isEqualTo("a number of 64 bits");
        assertThat(words(9, Long.MIN_VALUE, Long.MAX_VALUE, -1)).isEqualTo("a signed number of 64 bits");
        assertThat(words(17, 1, -1, -1)).isEqualTo("a number from 1");
        assertThat(words(4, 0, 0xffff_ffffL, 3)).isEqualTo("a number of 32 bits with no bits but 0x3");
        assertThat(words(99, 1, 2, -1)).isEqualTo("an attribute of kind 99 of at least 1 bytes of at most 2 bytes");
    }

    private static String words(int kind, long min, long max, long mask) {
        return new AttributePolicy(
                        kind,
                        OptionalLong.of(min),
                        OptionalLong.of(max),
                        mask < 0 ? OptionalLong.empty() : OptionalLong.of(mask),
                        OptionalInt.empty())
                .toString();
    }
}
