// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/**
 * Resets the lab after each test that does not clean up itself and after the last one of a class, and shows the
 * kernel's state when a test has failed.
 */
final class LabExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterTestExecutionCallback,
                AfterEachCallback,
                AfterAllCallback,
                ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(LabExtension.class);
    private static final String CLEAN = "clean";

    @Override
    public void beforeAll(ExtensionContext context) {
        Lab.require();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!Boolean.TRUE.equals(store(context).get(CLEAN))) {
            Lab.reset();
        }
    }

    /** What the last test left stands beside all classes, as they share one kernel. */
    private static Store store(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        Optional<Throwable> failure =
                context.getExecutionException().filter(thrown -> !(thrown instanceof TestAbortedException));
        failure.ifPresent(thrown ->
                System.out.printf("%s failed; the lab at that moment:%n%s", context.getDisplayName(), Lab.describe()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean tidy = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), LabTest.class)
                .map(LabTest::tidy)
                .orElse(false);
        store(context).put(CLEAN, tidy && context.getExecutionException().isEmpty());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Lab.reset();
        store(context).put(CLEAN, true);
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
