// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.reconciler.SyncPlan;
import io.github.ipvs4j.reconciler.SyncReport;
import io.github.ipvs4j.reconciler.SyncTiming;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The program: programs this node's kernel with the Services and EndpointSlices of a folder of manifests, as kube-proxy
 * does in its IPVS mode with those of a cluster.
 *
 * <p>Exit status: 0 all done ({@code --once}, {@code --cleanup} and so on) or ended by a signal; 1 something could not
 * be read, applied or removed; 2 wrong arguments or configuration; 10 not Linux; 11 the kernel lacks a part such as
 * {@code ip_vs}; 12 {@code CAP_NET_ADMIN} is missing; 13 the kernel could not be spoken to for another reason; 15 the
 * configuration file has changed; 70 a fault of this program. The start script ends with 14 where it finds no Java.
 */
@Command(
        name = "kube-proxy",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        versionProvider = KubeProxy.Version.class,
        description = {
            "Programs this node's kernel (IPVS, ipset, iptables) with Kubernetes Services and EndpointSlices, as"
                    + " kube-proxy does in its IPVS mode. The objects come from manifests in a folder, which is"
                    + " followed; no cluster is needed. The flags from --feature-gates on are those of kube-proxy."
        },
        exitCodeListHeading = "%nExit status:%n")
public final class KubeProxy implements Callable<Integer> {
    /** How long an ending process waits for what it is just doing to the kernel. */
    private static final int LONGEST_GOODBYE_SECONDS = 20;

    @Option(
            names = "--manifests",
            paramLabel = "DIR",
            description = "Folder of manifests: *.yaml, *.yml and *.json with Services, EndpointSlices and Nodes.")
    private @Nullable Path manifests;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A KubeProxyConfiguration (v1alpha1); flags for its fields are ignored then.")
    private @Nullable Path config;

    @Option(
            names = "--hostname-override",
            paramLabel = "NODE",
            description = "Name of this node, as endpoints have it in nodeName (default: the host name).")
    private String hostnameOverride = "";

    @Option(names = "--once", description = "Apply the manifests once, compare and repair the kernel, and exit.")
    private boolean once;

    @Option(
            names = "--cleanup",
            arity = "0..1",
            fallbackValue = "true",
            description =
                    "Remove from the kernel what this program, or kube-proxy in its IPVS mode, has made, and exit.")
    private boolean cleanup;

    @Option(
            names = "--init-only",
            arity = "0..1",
            fallbackValue = "true",
            description = "Make the kernel's settings, for which more is needed than CAP_NET_ADMIN, and exit.")
    private boolean initOnly;

    @Option(names = "--dry-run", description = "Print what would be done to the kernel now, change nothing, and exit.")
    private boolean dryRun;

    @Option(
            names = "--service-annotations",
            description = "Let annotations of a Service choose its scheduler, weights and drain time"
                    + " (docs/choices.md); kube-proxy has no such thing.")
    private boolean serviceAnnotations;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description =
                    "Folder for copies of the manifests as they were when they were last right, for a start with a"
                            + " broken one; let a reboot empty it (default: ${DEFAULT-VALUE}).")
    private Path stateFolder = Path.of("/run/ipvs4j");

    @Option(
            names = {"-v", "--v"},
            paramLabel = "N",
            description = "How much to log: 0 usual, 4 debugging, 6 every detail, 8 that of the libraries too.")
    private @Nullable Integer verbosity;

    @Spec
    private @Nullable CommandSpec spec;

    private final Targets targets;
    private final Consumer<KubeProxyConfiguration> limits;
    private @Nullable FolderWatch watch;
    private boolean ending;

    /** Makes the program without the limits of this process and its machine. */
    KubeProxy(Targets targets) {
        this(targets, configuration -> {});
    }

    private KubeProxy(Targets targets, Consumer<KubeProxyConfiguration> limits) {
        this.targets = targets;
        this.limits = limits;
    }

    /**
     * Runs the program and ends the process.
     *
     * @param arguments of the command line; {@code --help} explains them
     */
    public static void main(String... arguments) {
        KubeProxy program = new KubeProxy(KubeProxy::open, KubeProxy::limit);
        CompletableFuture<Integer> status = new CompletableFuture<>();
        Thread goodbye = new Thread(() -> program.end(status), "goodbye");
        Runtime.getRuntime().addShutdownHook(goodbye);
        try {
            status.complete(commandLine(program).execute(arguments));
        } finally {
            status.complete(ExitCode.INTERNAL.status());
        }
        System.exit(status.join());
    }

    private static Target open(String nodeName, KubeProxyConfiguration configuration) {
        return new ReconcilerTarget(ReconcilerTarget.prepare(nodeName, configuration)
                .healthCheckServers(configuration.ipvs().syncPeriod().multipliedBy(2))
                .open());
    }

    /** Runs when IPVS is open: that loads the kernel's connection tracking, without which there is nothing to limit. */
    private static void limit(KubeProxyConfiguration configuration) {
        OomScore.set(Path.of("/proc/self/oom_score_adj"), configuration.oomScoreAdj());
        ConntrackLimits.set(Path.of("/proc"), Path.of("/sys"), configuration.conntrack());
    }

    /** Prepares the command line; what goes wrong becomes one sentence and an exit status. */
    static CommandLine commandLine(KubeProxy program) {
        CommandLine commandLine = new CommandLine(program);
        commandLine.getCommandSpec().usageMessage().exitCodeList(ExitCode.table());
        ConfigFlags.addTo(commandLine.getCommandSpec());
        commandLine.setParameterExceptionHandler(KubeProxy::refuse);
        return commandLine.setExecutionExceptionHandler(KubeProxy::fail);
    }

    private static int refuse(ParameterException failure, String[] arguments) {
        failure.getCommandLine().getErr().println("kube-proxy: " + failure.getMessage() + "; see kube-proxy --help");
        return ExitCode.USAGE.status();
    }

    private static int fail(Exception failure, CommandLine commandLine, ParseResult arguments) {
        boolean expected = failure instanceof NetlinkException;
        ExitCode code = failure instanceof NetlinkException netlink
                ? ExitCode.of(netlink, System.getProperty("os.name", "unknown"))
                : ExitCode.INTERNAL;
        String sentence = expected
                ? String.valueOf(failure.getMessage())
                : "a fault of this program: " + failure + "; run it with -v 4 to see where, and report it";
        commandLine.getErr().println("kube-proxy: " + sentence.replace('\n', ' '));
        LoggerFactory.getLogger(KubeProxy.class).debug("what led to it", failure);
        return code.status();
    }

    @Override
    public Integer call() {
        CommandLine commandLine = commandLine();
        ConfigWatch unchanged = new ConfigWatch(config);
        ConfigSource source = configuration(ConfigFlags.of(commandLine.getParseResult()));
        KubeProxyConfiguration configuration = ConfigReader.read(source).withServiceAnnotations(serviceAnnotations);
        if (!source.problems().isEmpty()) {
            source.problems().forEach(problem -> commandLine.getErr().println("kube-proxy: " + problem));
            return ExitCode.USAGE.status();
        }
        LogSettings.apply(verbosity == null ? configuration.verbosity() : verbosity);
        source.warnings().forEach(LoggerFactory.getLogger(KubeProxy.class)::warn);
        requireOneMode();
        String override = hostnameOverride.isBlank() ? configuration.hostnameOverride() : hostnameOverride;
        boolean needsManifests = !cleanup && !initOnly;
        Path folder = needsManifests ? folder() : Path.of("");
        return run(configuration, folder, nodeName(override), unchanged).status();
    }

    private void requireOneMode() {
        Map<String, Boolean> modes = new LinkedHashMap<>();
        modes.put("--once", once);
        modes.put("--cleanup", cleanup);
        modes.put("--init-only", initOnly);
        modes.put("--dry-run", dryRun);
        modes.values().removeIf(chosen -> !chosen);
        if (modes.size() > 1) {
            throw wrong(String.join(" and ", modes.keySet()) + " cannot be done in one run; choose one of them");
        }
    }

    private ConfigSource configuration(ConfigFlags flags) {
        if (config == null) {
            return flags;
        }
        try {
            ConfigFile file = ConfigFile.read(config);
            file.override(flags.given());
            return file;
        } catch (UnreadableManifest e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private Path folder() {
        Path folder = manifests;
        if (folder == null) {
            throw wrong("Missing required option: '--manifests=DIR'");
        }
        if (!Files.isDirectory(folder)) {
            throw wrong("--manifests: " + folder + " is not a folder; create it, or name another");
        }
        return folder;
    }

    private String nodeName(String override) {
        String nodeName = NodeName.of(override);
        if (nodeName.isEmpty()) {
            throw wrong("this machine has no host name; say which node it is with --hostname-override");
        }
        return nodeName;
    }

    private ExitCode run(KubeProxyConfiguration configuration, Path folder, String nodeName, ConfigWatch unchanged) {
        try (Target target = targets.open(nodeName, configuration)) {
            if (cleanup) {
                return tell("removed", target.cleanup());
            }
            if (dryRun) {
                return print(
                        new ManifestSource(
                                folder, LastGood.in(stateFolder, folder).readOnly()),
                        target);
            }
            limits.accept(configuration);
            target.checkScheduler();
            if (initOnly) {
                return tell("set", target.prepare());
            }
            ManifestSource source = new ManifestSource(folder, LastGood.in(stateFolder, folder));
            SyncTiming timing = SyncTiming.defaults()
                    .withMinPeriod(configuration.ipvs().minSyncPeriod())
                    .withPeriod(configuration.ipvs().syncPeriod());
            ProxyLoop loop = new ProxyLoop(source, target, timing, System::nanoTime);
            if (once) {
                return loop.once() ? ExitCode.OK : ExitCode.INCOMPLETE;
            }
            try (FolderWatch opened = new FolderWatch(folder)) {
                if (follows(opened)) {
                    loop.follow(limit -> opened.await(limit) && unchanged.test());
                }
                if (!unchanged.test()) {
                    return ExitCode.CONFIGURATION_CHANGED;
                }
            }
        }
        LoggerFactory.getLogger(KubeProxy.class).info("ended; the kernel keeps its state");
        return ExitCode.OK;
    }

    /** Tells what was done once, and what could not be. */
    private ExitCode tell(String what, SyncReport report) {
        report.failures().forEach(failure -> commandLine().getErr().println("kube-proxy: " + failure));
        LoggerFactory.getLogger(KubeProxy.class).info("{} {}", what, Counted.of(report.changed(), "thing"));
        return report.succeeded() ? ExitCode.OK : ExitCode.INCOMPLETE;
    }

    private ExitCode print(ManifestSource source, Target target) {
        source.feed(target);
        if (!source.hasSynced()) {
            return ExitCode.INCOMPLETE;
        }
        SyncPlan plan = target.plan();
        commandLine().getOut().print(plan.text());
        commandLine().getOut().flush();
        plan.failures().forEach(failure -> commandLine().getErr().println("kube-proxy: " + failure));
        return source.complete() && plan.failures().isEmpty() ? ExitCode.OK : ExitCode.INCOMPLETE;
    }

    private ParameterException wrong(String text) {
        return new ParameterException(commandLine(), text);
    }

    private CommandLine commandLine() {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("not called by its command line");
        }
        return known.commandLine();
    }

    private synchronized boolean follows(FolderWatch opened) {
        watch = opened;
        return !ending;
    }

    /** Ends {@link #call()} as soon as what it is just doing is done. */
    synchronized void end() {
        ending = true;
        FolderWatch opened = watch;
        if (opened != null) {
            opened.close();
        }
    }

    /** Runs when the process ends; after a signal it gives it the exit status of the program, not of the signal. */
    private void end(CompletableFuture<Integer> status) {
        if (status.isDone()) {
            return;
        }
        end();
        int last = ExitCode.INCOMPLETE.status();
        try {
            last = status.get(LONGEST_GOODBYE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LoggerFactory.getLogger(KubeProxy.class).warn("ended in the middle of a sync; the next start completes it");
        } catch (InterruptedException | ExecutionException e) {
            LoggerFactory.getLogger(KubeProxy.class).warn("ended early", e);
        }
        Runtime.getRuntime().halt(last);
    }

    /** Tells the version that the jar was built with. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String built = KubeProxy.class.getPackage().getImplementationVersion();
            return new String[] {"ipvs4j kube-proxy " + (built == null ? "(not built as a jar)" : built)};
        }
    }
}
