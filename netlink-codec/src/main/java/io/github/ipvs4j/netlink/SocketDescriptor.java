// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import com.sun.jna.LastErrorException;

/**
 * The descriptor of a netlink socket, until it is closed; then its number may be somebody else's and is told no more.
 *
 * <p>By the C library rather than by Netty's native transport, which lists the addresses of all devices when it is
 * loaded: the JVM asks the kernel for each of them in a time that grows with the square of their number, and takes 3 s
 * with 20,000.
 */
final class SocketDescriptor implements AutoCloseable {
    private static final int NONE = -1;

    private int number;

    private SocketDescriptor(int number) {
        this.number = number;
    }

    /** Opens a socket in the network namespace of the calling thread. */
    static SocketDescriptor open(int protocol) throws LastErrorException {
        return new SocketDescriptor(
                LibC.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, protocol));
    }

    int number() {
        if (number == NONE) {
            throw new SocketFailed("the netlink socket is closed", null);
        }
        return number;
    }

    void set(int level, int option, int value) throws LastErrorException {
        LibC.setsockopt(number(), level, option, new int[] {value}, Integer.BYTES);
    }

    int get(int level, int option) throws LastErrorException {
        int[] value = new int[1];
        LibC.getsockopt(number(), level, option, value, new int[] {Integer.BYTES});
        return value[0];
    }

    /** Closes the socket; a second call does nothing. Linux frees the number even where it reports an error. */
    @Override
    public void close() throws LastErrorException {
        int last = number;
        number = NONE;
        if (last != NONE) {
            LibC.close(last);
        }
    }
}
