// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.demo;

import io.github.ipvs4j.it.lab.Answers;
import io.github.ipvs4j.it.lab.BackgroundCommand;
import io.github.ipvs4j.it.lab.Place;
import io.github.ipvs4j.it.lab.Pod;
import io.github.ipvs4j.it.lab.Protocol;
import io.github.ipvs4j.it.lab.Requests;
import io.github.ipvs4j.it.lab.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Shows, inside the lab, what the proxy does with the manifests in {@code examples/}: started by {@code script/demo}.
 *
 * <p>Every claim is checked while it is shown; the first one that does not hold ends the program with status 1.
 */
public final class Demo implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CLUSTER_IP = "10.96.0.20";
    private static final int NODE_PORT = 30080;
    private static final int ROUNDS = 9;

    private final Path repository;
    private final Path manifests;
    private final Topology topology = Topology.create();
    private final List<BackgroundCommand> proxies = new ArrayList<>();

    private Demo(Path repository, Path manifests) {
        this.repository = repository;
        this.manifests = manifests;
    }

    /**
     * Runs the demonstration.
     *
     * @param arguments the folder of the repository, and an empty folder that may be written to
     * @throws IOException if the manifests cannot be copied
     */
    public static void main(String[] arguments) throws IOException {
        try (Demo demo = new Demo(Path.of(arguments[0]), Path.of(arguments[1]))) {
            demo.run();
        } catch (Disproved e) {
            say("\nNOT AS IT SHOULD BE: %s", e.claim);
            System.exit(1);
        }
    }

    private void run() throws IOException {
        say(
                "This is Linux %s with nothing in it yet.",
                Place.HERE.run("uname", "-r").strip());
        List<Pod> pods = makePods();
        Pod client = topology.pod("client");
        copyManifests();
        showManifests();
        BackgroundCommand proxy = startProxy();
        showKernel(3);
        showRequests(client, List.of("web-1", "web-2", "web-3"));
        takeEndpointOut(pods.get(1));
        showKernel(2);
        showRequests(client, List.of("web-1", "web-3"));
        restartUnderLoad(client, proxy);
        say("\nEverything was as it should be.");
    }

    private List<Pod> makePods() {
        step("Three pods, each a network namespace with a web server that answers with its name");
        List<Pod> pods = new ArrayList<>();
        for (String name : List.of("web-1", "web-2", "web-3")) {
            Pod pod = topology.pod(name).serve(Protocol.HTTP.on(8080));
            say("%s at %s", pod.name(), pod.ipv4());
            pods.add(pod);
        }
        return pods;
    }

    private void copyManifests() throws IOException {
        try (Stream<Path> files = Files.list(repository.resolve("examples"))) {
            for (Path file : files.toList()) {
                Files.copy(file, manifests.resolve(file.getFileName()));
            }
        }
    }

    private void showManifests() throws IOException {
        step("The manifests, as in examples/");
        for (String name : List.of("web-service.yaml", "web-endpoints.yaml")) {
            Files.readAllLines(manifests.resolve(name)).forEach(line -> say("  %s", line));
        }
    }

    private BackgroundCommand startProxy() {
        step("The proxy: bin/kube-proxy --manifests ... --hostname-override node-a");
        BackgroundCommand proxy = launch();
        proxy.lines().forEach(line -> say("  %s", line));
        return proxy;
    }

    private BackgroundCommand launch() {
        BackgroundCommand proxy = Place.HERE.start(
                repository.resolve("bin/kube-proxy").toString(),
                "--manifests",
                manifests.toString(),
                "--hostname-override",
                "node-a");
        proxies.add(proxy);
        proxy.awaitLine(line -> line.contains("ready: "), PATIENCE);
        return proxy;
    }

    private void showKernel(int destinations) {
        step("The virtual servers in the kernel: ipvsadm --list --numeric");
        String table = Place.HERE.run("ipvsadm", "--list", "--numeric");
        table.lines().forEach(line -> say("  %s", line));
        check(
                lines(table, "TCP  " + CLUSTER_IP + ":80 ") == 1
                        && lines(table, "TCP  " + topology.node().ipv4() + ":" + NODE_PORT + " ") == 1,
                "the ClusterIP and the NodePort should be virtual servers");
        String taking = ":8080 +Masq +1 ";
        // One virtual server for the ClusterIP, and one for each of the node's own addresses.
        check(
                table.lines().filter(line -> line.matches(".*" + taking + ".*")).count()
                        == destinations * lines(table, "TCP  "),
                "each virtual server should send new connections to " + destinations + " pods");
    }

    private static long lines(String table, String start) {
        return table.lines().filter(line -> line.startsWith(start)).count();
    }

    private void showRequests(Pod client, List<String> pods) {
        step("Real HTTP requests, a new connection each");
        String node = topology.node().ipv4();
        showRequests("a pod", client, CLUSTER_IP, 80, pods);
        showRequests("the node", topology.node(), CLUSTER_IP, 80, pods);
        showRequests("a pod", client, node, NODE_PORT, pods);
        showRequests("the node", topology.node(), node, NODE_PORT, pods);
        showRequests("the other node", topology.secondNode(), node, NODE_PORT, pods);
    }

    private static void showRequests(String who, Place from, String address, int port, List<String> pods) {
        Answers answers = from.ask(Protocol.HTTP, address, port, ROUNDS * pods.size());
        say("  from %s to http://%s:%d: %s", who, address, port, String.join(" ", answers.names()));
        check(answers.failures().isEmpty(), "requests failed: " + answers.failures());
        Map<String, Long> byName = answers.byName();
        check(
                byName.keySet().equals(Set.copyOf(pods))
                        && byName.values().stream().allMatch(count -> count == ROUNDS),
                "each of " + pods + " should have answered " + ROUNDS + " times, but it was " + byName);
    }

    private void takeEndpointOut(Pod pod) throws IOException {
        step(pod.name() + " is taken out of web-endpoints.yaml");
        Path file = manifests.resolve("web-endpoints.yaml");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        int place = lines.indexOf("  - addresses: [" + pod.ipv4() + "]");
        check(place > 0, "examples/web-endpoints.yaml should name " + pod.ipv4());
        lines.subList(place, place + 2).clear();
        BackgroundCommand proxy = proxies.get(0);
        int said = proxy.lines().size();
        Path edited = Files.write(manifests.resolve(".web-endpoints.yaml.new"), lines);
        Files.move(edited, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        int[] left = {said};
        say("  %s", proxy.awaitLine(line -> --left[0] < 0 && line.contains("sync"), PATIENCE));
    }

    private void restartUnderLoad(Pod client, BackgroundCommand proxy) {
        step("The proxy is killed and started again while a pod keeps sending requests");
        try (Requests requests = client.keepAsking(Protocol.HTTP, CLUSTER_IP, 80)) {
            requests.await(ROUNDS);
            proxy.signal("KILL");
            proxy.await();
            say("  killed");
            requests.await(ROUNDS);
            launch();
            say("  started again");
            requests.await(ROUNDS);
            Answers answers = requests.stop();
            say(
                    "  %d requests, %d lost",
                    answers.names().size(), answers.failures().size());
            check(answers.failures().isEmpty(), "requests were lost: " + answers.failures());
            check(
                    answers.byName().keySet().equals(Set.of("web-1", "web-3")),
                    "only web-1 and web-3 should have answered, but it was " + answers.byName());
        }
    }

    private static void step(String title) {
        say("\n--- %s", title);
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation is Error Prone's own, which nothing here depends on
    private static void say(String format, Object... arguments) {
        System.out.println(format.formatted(arguments));
    }

    private static void check(boolean holds, String claim) {
        if (!holds) {
            throw new Disproved(claim);
        }
    }

    @Override
    public void close() {
        proxies.forEach(BackgroundCommand::close);
        topology.close();
    }

    /** Something that was shown is not as it should be. */
    private static final class Disproved extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** What does not hold. */
        private final String claim;

        Disproved(String claim) {
            super(claim);
            this.claim = claim;
        }
    }
}
