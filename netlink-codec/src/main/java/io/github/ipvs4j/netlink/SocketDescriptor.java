// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import com.sun.jna.LastErrorException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The descriptor of a netlink socket, until it is closed; then its number may be somebody else's and is told no more.
 *
 * <p>By the C library rather than by Netty's native transport, which lists the addresses of all devices when it is
 * loaded: the JVM asks the kernel for each of them in a time that grows with the square of their number, and takes 3 s
 * with 20,000.
 */
final class SocketDescriptor implements AutoCloseable {
    private static final int NONE = -1;

    /** An option's value and, behind it, its length: by address, since an array costs JNA more than the call itself. */
    private final ByteBuf option;

    private final AtomicInteger number;

    private SocketDescriptor(int number) {
        this.number = new AtomicInteger(number);
        this.option = UnpooledByteBufAllocator.DEFAULT.directBuffer(2 * Integer.BYTES, 2 * Integer.BYTES);
    }

    /** Opens a socket in the network namespace of the calling thread. */
    static SocketDescriptor open(int protocol) throws LastErrorException {
        return new SocketDescriptor(
                LibC.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, protocol));
    }

    int number() {
        int open = number.get();
        if (open == NONE) {
            throw new SocketFailed("the netlink socket is closed", null);
        }
        return open;
    }

    void set(int level, int name, int value) throws LastErrorException {
        int open = number();
        HostOrder.i32(option, 0, value);
        LibC.setsockopt(open, level, name, option.memoryAddress(), Integer.BYTES);
    }

    int get(int level, int name) throws LastErrorException {
        int open = number();
        HostOrder.i32(option, Integer.BYTES, Integer.BYTES);
        long address = option.memoryAddress();
        LibC.getsockopt(open, level, name, address, address + Integer.BYTES);
        return HostOrder.i32(option, 0);
    }

    /** Closes the socket; a second call does nothing. Linux frees the number even where it reports an error. */
    @Override
    public void close() throws LastErrorException {
        int last = number.getAndSet(NONE);
        if (last != NONE) {
            option.release();
            LibC.close(last);
        }
    }
}
