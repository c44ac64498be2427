// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.io.Serializable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error number of the Linux kernel, by its generic numbering (x86-64, arm64).
 *
 * <p>Numbers without a name here are carried as they are; ipset's private codes, from 4096 up, are such.
 *
 * @param number positive
 */
public record Errno(int number) implements Serializable {
    /** The caller lacks a capability. */
    public static final Errno EPERM = new Errno(1);

    /** There is no such object, family or module. */
    public static final Errno ENOENT = new Errno(2);

    /** There is no such object; IPVS says it of virtual services. */
    public static final Errno ESRCH = new Errno(3);

    /** The object is in use. */
    public static final Errno EBUSY = new Errno(16);

    /** The object exists already. */
    public static final Errno EEXIST = new Errno(17);

    /** There is no such device. */
    public static final Errno ENODEV = new Errno(19);

    /** A value or attribute does not fit. */
    public static final Errno EINVAL = new Errno(22);

    /** The operation or kind is not supported. */
    public static final Errno EOPNOTSUPP = new Errno(95);

    /** There is no such address. */
    public static final Errno EADDRNOTAVAIL = new Errno(99);

    /** Answers were lost because the receive buffer was full. */
    public static final Errno ENOBUFS = new Errno(105);

    private static final Map<Integer, String[]> KNOWN = Map.<Integer, String[]>ofEntries(
            known(1, "EPERM", "operation not permitted"),
            known(2, "ENOENT", "no such object"),
            known(3, "ESRCH", "no such object"),
            known(4, "EINTR", "interrupted system call"),
            known(5, "EIO", "input/output error"),
            known(6, "ENXIO", "no such device or address"),
            known(7, "E2BIG", "argument list too long"),
            known(9, "EBADF", "bad file descriptor"),
            known(11, "EAGAIN", "try again"),
            known(12, "ENOMEM", "out of memory"),
            known(13, "EACCES", "permission denied"),
            known(14, "EFAULT", "bad address"),
            known(16, "EBUSY", "object is in use"),
            known(17, "EEXIST", "object exists already"),
            known(19, "ENODEV", "no such device"),
            known(20, "ENOTDIR", "not a directory"),
            known(22, "EINVAL", "invalid argument"),
            known(23, "ENFILE", "too many open files in the system"),
            known(24, "EMFILE", "too many open files in this process"),
            known(28, "ENOSPC", "no space left"),
            known(34, "ERANGE", "value out of range"),
            known(38, "ENOSYS", "system call not implemented"),
            known(42, "ENOMSG", "no message of this type"),
            known(61, "ENODATA", "no data available"),
            known(71, "EPROTO", "protocol error"),
            known(75, "EOVERFLOW", "value too large"),
            known(90, "EMSGSIZE", "message too long"),
            known(92, "ENOPROTOOPT", "protocol not available"),
            known(93, "EPROTONOSUPPORT", "protocol not supported"),
            known(94, "ESOCKTNOSUPPORT", "socket type not supported"),
            known(95, "EOPNOTSUPP", "operation not supported"),
            known(97, "EAFNOSUPPORT", "address family not supported"),
            known(98, "EADDRINUSE", "address in use"),
            known(99, "EADDRNOTAVAIL", "address not available"),
            known(101, "ENETUNREACH", "network unreachable"),
            known(105, "ENOBUFS", "receive buffer overrun"),
            known(110, "ETIMEDOUT", "timed out"),
            known(111, "ECONNREFUSED", "connection refused"));

    /** Checks the number. */
    public Errno {
        if (number <= 0) {
            throw new IllegalArgumentException("errno " + number + ": expected a positive number");
        }
    }

    private static Map.Entry<Integer, String[]> known(int number, String name, String meaning) {
        return Map.entry(number, new String[] {name, meaning});
    }

    /**
     * Returns the symbolic name.
     *
     * @return for example {@code ENOENT}, or {@code errno 4103} where there is none
     */
    public String name() {
        String[] known = KNOWN.get(number);
        return known == null ? "errno " + number : known[0];
    }

    /**
     * Returns what the number means in general.
     *
     * @return a few words in lower case
     */
    public String meaning() {
        String[] known = KNOWN.get(number);
        return known == null ? "error " + number + " of the kernel" : known[1];
    }

    @Override
    public String toString() {
        return name();
    }

    // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof Errno other && number == other.number;
    }

    @Override
    public int hashCode() {
        return number;
    }
}
