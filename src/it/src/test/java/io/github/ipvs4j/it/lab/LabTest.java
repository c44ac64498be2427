// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that work on a real kernel. Each finds the lab's network as it is after boot, unless they clean up themselves,
 * and may have a {@link Topology} as a parameter. Outside of the lab they fail.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("lab")
@ExtendWith(LabExtension.class)
public @interface LabTest {
    /**
     * Whether each test takes away what it has made, so that one reset for all of them is enough. After one that failed
     * there is another.
     */
    boolean tidy() default false;
}
