// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.EndpointSlice;
import io.github.ipvs4j.reconciler.Node;
import io.github.ipvs4j.reconciler.ObjectName;
import io.github.ipvs4j.reconciler.Service;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Texts of manifests, and short ways to read them. */
final class Manifests {
    private Manifests() {}

    static String service(String name, String clusterIp) {
        return """
                apiVersion: v1
                kind: Service
                metadata:
                  name: %s
                spec:
                  clusterIP: %s
                  ports:
                    - port: 80
                """.formatted(name, clusterIp);
    }

    static String slice(String name, String service, String... addresses) {
        String endpoints = List.of(addresses).stream()
                .map("  - addresses: [%s]\n"::formatted)
                .collect(Collectors.joining());
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: %s
                  labels:
                    kubernetes.io/service-name: %s
                addressType: IPv4
                ports:
                  - port: 8080
                endpoints:
                """.formatted(name, service) + endpoints;
    }

    static FileContent yaml(String text) {
        return ManifestReader.read("m.yaml", text.getBytes(StandardCharsets.UTF_8));
    }

    static FileContent json(String text) {
        return ManifestReader.read("m.json", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns what is wrong, whether it keeps an object from being used or a part of it is left out. */
    static List<String> problems(FileContent content) {
        return Stream.concat(content.problems().stream(), content.leftOut().stream())
                .map(Problem::toString)
                .toList();
    }

    static ObjectId serviceId(String name) {
        return new ObjectId(ObjectId.Kind.SERVICE, "default", name);
    }

    static ObjectName name(String name) {
        return new ObjectName("default", name);
    }

    /** Returns the only object, which is a Service. */
    static Service onlyService(FileContent content) {
        return ((Manifest.OfService) only(content)).service();
    }

    static EndpointSlice onlySlice(FileContent content) {
        return ((Manifest.OfSlice) only(content)).slice();
    }

    static Node onlyNode(FileContent content) {
        return ((Manifest.OfNode) only(content)).node();
    }

    private static Manifest.Body only(FileContent content) {
        if (content.broken() || content.objects().size() != 1) {
            throw new AssertionError("not one good object: " + content);
        }
        return content.objects().values().iterator().next().body();
    }
}
