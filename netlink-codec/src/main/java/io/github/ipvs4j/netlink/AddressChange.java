// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * A wish to bind an address to an interface, or to take it off, as a host address ({@code /32} or {@code /128}).
 *
 * @param action what to do
 * @param link the interface
 * @param address the address
 */
public record AddressChange(Action action, Link link, IpAddress address) {
    /** What to do with an address. */
    public enum Action {
        /** Bind it. */
        ADD,

        /** Take it off. */
        DELETE
    }

    /** Checks the address, since the kernel hardly does. */
    public AddressChange {
        if (address.isUnspecified() || address.isMulticast()) {
            throw new IllegalArgumentException("address " + address + " cannot be bound to an interface");
        }
    }

    Request request() {
        return new Bind(this);
    }

    private record Bind(AddressChange change) implements Request {
        @Override
        public int type() {
            return change.action == Action.ADD ? RouteLayout.NEW_ADDRESS : RouteLayout.DELETE_ADDRESS;
        }

        @Override
        public int flags() {
            return change.action == Action.ADD ? MessageFlags.CREATE | MessageFlags.EXCLUSIVE : 0;
        }

        @Override
        public void write(MessageWriter out) {
            IpFamily family = change.address.family();
            RouteLayout.addressHeader(out, family.number(), family.maxPrefixLength(), change.link.index());
            // Both, always: an IPv4 delete without LOCAL removes the interface's first address.
            out.address(RouteLayout.ADDRESS_LOCAL, change.address).address(RouteLayout.ADDRESS_ADDRESS, change.address);
            if (family == IpFamily.IPV6 && change.action == Action.ADD) {
                out.u32(RouteLayout.ADDRESS_FLAGS, RouteLayout.ADDRESS_NO_DAD);
            }
        }

        @Override
        public String describe() {
            return (change.action == Action.ADD ? "add address " : "delete address ") + change.address + " on "
                    + change.link.name();
        }

        @Override
        public boolean isSatisfiedBy(Errno errno) {
            return errno.equals(change.action == Action.ADD ? Errno.EEXIST : Errno.EADDRNOTAVAIL);
        }

        @Override
        public String explain(Errno errno) {
            if (errno.equals(Errno.ENODEV)) {
                return "the interface is gone";
            }
            return errno.equals(Errno.EOPNOTSUPP) ? "this kernel runs without " + change.address.family() : "";
        }
    }
}
