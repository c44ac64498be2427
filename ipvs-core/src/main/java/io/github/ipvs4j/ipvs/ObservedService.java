// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/**
 * A virtual service as the kernel has it.
 *
 * @param service its key and how it balances
 * @param statistics what it has carried
 */
public record ObservedService(VirtualService service, Statistics statistics) {
    /**
     * Returns the key of the service.
     *
     * @return what makes the service the one it is
     */
    public ServiceKey key() {
        return service.key();
    }
}
