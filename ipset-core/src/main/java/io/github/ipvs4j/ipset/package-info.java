// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/**
 * Ipsets and their entries as values, with plans and transactions that bring the kernel to them.
 *
 * <p>The entry point is {@link io.github.ipvs4j.ipset.IpsetClient}. The values
 * {@link io.github.ipvs4j.ipset.SetDefinition}, {@link io.github.ipvs4j.ipset.SetEntry} and
 * {@link io.github.ipvs4j.ipset.IpSet} know nothing of the kernel; {@link io.github.ipvs4j.ipset.SetPlan} is the
 * difference of two states as a list of changes. Failures are {@link io.github.ipvs4j.netlink.NetlinkException}.
 */
@NullMarked
package io.github.ipvs4j.ipset;

import org.jspecify.annotations.NullMarked;
