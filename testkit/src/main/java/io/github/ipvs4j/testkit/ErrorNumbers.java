// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * The error numbers that the simulated kernel answers.
 *
 * <p>Source: {@code include/uapi/asm-generic/errno-base.h} and {@code errno.h}; ipset's own numbers stand in
 * {@link IpsetNumbers}.
 */
final class ErrorNumbers {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int ENOMEM = 12;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ERANGE = 34;
    static final int EOPNOTSUPP = 95;
    static final int EAFNOSUPPORT = 97;
    static final int EADDRNOTAVAIL = 99;
    static final int ENETUNREACH = 101;

    private ErrorNumbers() {}
}
