// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/**
 * The daemon that takes the place of kube-proxy in its IPVS mode. A program, not a library: its entry point is
 * {@link io.github.ipvs4j.kubeproxy.KubeProxy}.
 */
module io.github.ipvs4j.kubeproxy {
    requires info.picocli;
    requires io.github.ipvs4j.reconciler;
    requires org.snakeyaml.engine;
    requires static org.jspecify;
    requires org.slf4j;

    exports io.github.ipvs4j.kubeproxy;

    opens io.github.ipvs4j.kubeproxy to
            info.picocli;
}
