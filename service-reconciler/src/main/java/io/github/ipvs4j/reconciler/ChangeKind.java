// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

/** The kinds of things that a reconciler changes in the kernel. */
public enum ChangeKind {
    /** A virtual server was added, changed or deleted. */
    VIRTUAL_SERVER,

    /** A destination of one was added, changed or deleted. */
    DESTINATION,

    /** An address of the device for Services was added or deleted, or the device itself made or deleted. */
    ADDRESS,

    /** A set was made or destroyed. */
    SET,

    /** An entry of a set was added or deleted. */
    SET_ENTRY,

    /** The iptables rules of a family were written or removed. */
    RULES,

    /** A setting of the kernel was written. */
    SETTING,

    /** A tracked connection to what is no destination any more was deleted. */
    FLOW
}
