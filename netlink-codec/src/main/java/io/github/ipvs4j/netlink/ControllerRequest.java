// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/** What is asked of the generic-netlink controller, beside the look-up of one family. */
sealed interface ControllerRequest extends Request {
    @Override
    default int type() {
        return ControllerLayout.FAMILY;
    }

    /** Lists all families. */
    record Families() implements ControllerRequest {
        @Override
        public void write(MessageWriter out) {
            out.genericHeader(ControllerLayout.GET_FAMILY, ControllerLayout.VERSION);
        }

        @Override
        public String describe() {
            return "list generic-netlink families";
        }
    }

    /** Lists the policies of a family. */
    record Policies(String family) implements ControllerRequest {
        @Override
        public void write(MessageWriter out) {
            out.genericHeader(ControllerLayout.GET_POLICY, ControllerLayout.VERSION)
                    .string(ControllerLayout.FAMILY_NAME, family);
        }

        @Override
        public String describe() {
            return "list policies of generic-netlink family " + family;
        }

        @Override
        public String explain(Errno errno) {
            return errno.equals(Errno.EOPNOTSUPP) ? "this kernel does not tell policies; Linux 5.7 and newer do" : "";
        }
    }
}
