// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/** Resets the lab before each test and after the last, and shows the kernel's state when a test has failed. */
final class LabExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterTestExecutionCallback,
                AfterAllCallback,
                ParameterResolver {

    @Override
    public void beforeAll(ExtensionContext context) {
        Lab.require();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Lab.reset();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        Optional<Throwable> failure =
                context.getExecutionException().filter(thrown -> !(thrown instanceof TestAbortedException));
        failure.ifPresent(thrown ->
                System.out.printf("%s failed; the lab at that moment:%n%s", context.getDisplayName(), Lab.describe()));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Lab.reset();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Topology.class;
    }

    /** The reset before the next test takes it away. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Topology.create();
    }
}
