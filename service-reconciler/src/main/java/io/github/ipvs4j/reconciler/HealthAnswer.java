// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a load balancer is answered.
 *
 * @param service the Service it asks for
 * @param localEndpoints how many endpoints of this node take new connections
 * @param proxyHealthy whether the kernel is kept in step with the objects
 */
record HealthAnswer(ObjectName service, int localEndpoints, boolean proxyHealthy) {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    /** Tells whether connections may be sent to this node. */
    boolean good() {
        return localEndpoints > 0 && proxyHealthy;
    }

    /**
     * Writes it as HTTP.
     *
     * @param now for the header {@code Date}
     * @param withBody false for a request that asks for the head only
     * @return the bytes that the connection is answered with before it is closed
     */
    byte[] http(Instant now, boolean withBody) {
        byte[] body = body().getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + (good() ? "200 OK" : "503 Service Unavailable") + "\r\n"
                + "Content-Type: application/json\r\n"
                + "X-Content-Type-Options: nosniff\r\n"
                + "X-Load-Balancing-Endpoint-Weight: " + localEndpoints + "\r\n"
                + "Date: " + DATE.format(now) + "\r\n"
                + "Content-Length: " + body.length + "\r\n"
                + "Connection: close\r\n"
                + "\r\n";
        byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
        if (!withBody) {
            return headBytes;
        }
        byte[] all = Arrays.copyOf(headBytes, headBytes.length + body.length);
        System.arraycopy(body, 0, all, headBytes.length, body.length);
        return all;
    }

    private String body() {
        return "{\n\t\"service\": {\n\t\t\"namespace\": \"" + escaped(service.namespace())
                + "\",\n\t\t\"name\": \"" + escaped(service.name())
                + "\"\n\t},\n\t\"localEndpoints\": " + localEndpoints
                + ",\n\t\"serviceProxyHealthy\": " + proxyHealthy
                + "\n}";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
