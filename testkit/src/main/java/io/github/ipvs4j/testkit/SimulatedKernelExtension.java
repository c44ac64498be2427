// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test of JUnit a {@link SimulatedKernel} of its own, and makes sure at its end that nothing is left open.
 *
 * <pre>{@code
 * // with ExtendWith(SimulatedKernelExtension.class)
 * class LoadBalancerTest {
 *     void spreadsTheLoad(SimulatedKernel kernel) { ... }
 * }
 * }</pre>
 *
 * <p>All parameters of a test and its life-cycle methods get the same kernel. For a kernel that is not the usual one,
 * register an extension with settings of your own in a field with {@code RegisterExtension}. Properties of jqwik know
 * no extensions of JUnit: there, make a kernel in each try, and end with {@link SimulatedKernel#assertQuiescent}.
 */
@SuppressWarnings("exports") // see module-info
public final class SimulatedKernelExtension implements ParameterResolver, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(SimulatedKernelExtension.class);

    private final SimulatedKernel.Builder settings;

    /** Makes an extension that hands out kernels that have everything. */
    public SimulatedKernelExtension() {
        this(SimulatedKernel.builder());
    }

    /**
     * Makes an extension.
     *
     * @param settings of the kernels that it hands out
     */
    public SimulatedKernelExtension(SimulatedKernel.Builder settings) {
        this.settings = settings;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameterContext, ExtensionContext extensionContext) {
        return parameterContext.getParameter().getType() == SimulatedKernel.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameterContext, ExtensionContext extensionContext) {
        return extensionContext
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(SimulatedKernel.class, type -> settings.build(), SimulatedKernel.class);
    }

    /** A test that has failed already is not blamed for what it left open. */
    @Override
    public void afterEach(ExtensionContext context) {
        SimulatedKernel kernel = context.getStore(NAMESPACE).get(SimulatedKernel.class, SimulatedKernel.class);
        if (kernel != null && context.getExecutionException().isEmpty()) {
            kernel.assertQuiescent();
        }
    }
}
