// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.netlink.IpFamily;

/** An entry of one of the sets. */
record Member(KubeSet set, IpFamily family, SetEntry entry) {}
