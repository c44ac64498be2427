// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;

/**
 * Functions of the C library for sockets, which the JDK does not offer for netlink. Those on a hot path take addresses
 * and throw nothing; {@link #lastError} tells more.
 */
final class LibC {
    static final int AF_NETLINK = 16;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOCK_NONBLOCK = 0x800;
    static final int O_RDONLY = 0;
    static final int O_CLOEXEC = 0x80000;
    static final int CLONE_NEWNET = 0x40000000;
    static final int MSG_DONTWAIT = 0x40;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOBUFS = 105;

    static {
        Native.register(LibC.class, "c");
    }

    private LibC() {}

    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    static native int bind(int descriptor, byte[] address, int length) throws LastErrorException;

    static native int connect(int descriptor, byte[] address, int length) throws LastErrorException;

    static native int getsockname(int descriptor, byte[] address, int[] length) throws LastErrorException;

    static native int setsockopt(int descriptor, int level, int option, long value, int length)
            throws LastErrorException;

    static native int getsockopt(int descriptor, int level, int option, long value, long length)
            throws LastErrorException;

    static native int open(String path, int flags) throws LastErrorException;

    static native int setns(int descriptor, int kind) throws LastErrorException;

    static native int poll(byte[] descriptors, int count, int milliseconds) throws LastErrorException;

    static native int close(int descriptor) throws LastErrorException;

    static native long send(int descriptor, long bytes, long length, int flags);

    static native long recv(int descriptor, long bytes, long length, int flags);

    /** Receives several datagrams. */
    static native int recvmmsg(int descriptor, long headers, int count, int flags, long timeout);

    /** Returns the errno of this thread's last call that answers -1 rather than throws. */
    static int lastError() {
        return Native.getLastError();
    }
}
