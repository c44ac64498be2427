#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
"""Keeps what script/bench reconciler measured, and compares it with the bars: reconciler.py RAW RESULTS CPU [--add].

RAW is what benchmarks/src/main/shell/reconciler.sh printed in the lab, or the like of a simulated kernel, for each size
and round. With --add the runs join those that are kept already, of other sizes or of earlier rounds; without, they take
their place.
"""
import json
import pathlib
import statistics
import sys

import kept

# Milliseconds of kube-proxy 1.36.2 for so many Services with 8 endpoints: in user-mode Linux 7.2, which is about twice
# as quick as 6.1, with iptables built into the kernel.
KUBE_PROXY = {
    "first": {1000: 20_000, 5000: 104_000, 10000: 214_000},
    "change": {1000: 900, 5000: 3_400, 10000: 6_600},
    "restart": {1000: 1_600, 5000: 5_200, 10000: 9_600},
}
KUBE_PROXYS_KERNEL = "7.2"
# Milliseconds of ipvsadm -R for 2,000 virtual servers with 10 destinations there. What it takes here, in the same boot as
# ours, tells how fast this machine is in that hour.
YARDSTICK = 2_800
FASTER = {"first": 50, "change": 200, "restart": 5}
# A single changed slice has a bar at this size only.
CHANGE_AT = 10000
CHANGE_SPREAD = 1.3
FIRST_SPREAD = 1.5
CALLS = 12
HEAP = 2048
SIMULATED = "simulated"


class Result:
    """All runs that are kept. A figure is the median of the rounds, unless it says otherwise."""

    def __init__(self, content):
        self.machine = content["machine"]
        self.runs = content["runs"]
        self.sizes = sorted({run["services"] for run in self.runs})

    def values(self, size, read):
        return [read(run) for run in self.runs if run["services"] == size]

    def median(self, size, read):
        return statistics.median(self.values(size, read))

    def milliseconds(self, what, size):
        return self.median(size, lambda run: run[what]["milliseconds"])

    def paced(self, what, size):
        """Milliseconds as they would be on the machine that kube-proxy was measured on, by what ipvsadm says in each boot.
        With a simulated kernel nothing tells the pace; there it is the quickest round."""
        if self.machine["kernel"] == SIMULATED:
            return self.quickest(what, size)
        return self.median(size, lambda run: run[what]["milliseconds"] * YARDSTICK / run["yardstick"])

    def quickest(self, what, size):
        """Milliseconds of the quickest round, since what disturbs only adds. One change is compared by it: on a busy host
        it takes either one time or half as long again, for all of a boot's changes, which no yardstick foretells."""
        return min(self.values(size, lambda run: run[what]["milliseconds"]))

    def since_start(self, what, size):
        return self.median(size, lambda run: run[what])

    def change(self, what, size):
        """Calls, bytes or allocated bytes of one change; the most of all rounds."""
        return max(self.values(size, lambda run: run["change"][what]))

    def heap(self, size):
        """Bytes a Service."""
        return self.median(size, lambda run: run["heapPerService"])

    def each_more(self, size):
        """Bytes of heap that one Service more takes."""
        return self.median(size, each_more)

    def rounds(self):
        """How often each size was measured, at least."""
        return min(len(self.values(size, each_more)) for size in self.sizes)

    def verdicts(self):
        """Pairs of a sentence and whether it is as it should be."""
        sizes = self.sizes
        comparable = kept.release(self.machine) == KUBE_PROXYS_KERNEL
        without = "" if self.machine["rules"] else ", without the rules that kube-proxy had"
        for what, bar in FASTER.items():
            for size in sizes if comparable else []:
                if size in KUBE_PROXY[what] and (what != "change" or size == CHANGE_AT):
                    there = KUBE_PROXY[what][size]
                    ratio, plain = there / self.paced(what, size), there / self.milliseconds(what, size)
                    subject = f"{what} of {size:,}{without}: {ratio:.1f} times as fast as kube-proxy"
                    yield f"{subject} ({plain:.1f} if machines were equally fast), bar {bar}", ratio >= bar
        changes = [self.quickest("change", size) for size in sizes]
        spread = max(changes) / min(changes)
        yield f"one change: {spread:.2f} between the sizes, bar {CHANGE_SPREAD}", spread <= CHANGE_SPREAD
        each = [self.paced("first", size) / size for size in sizes]
        growth = each[-1] / min(each)
        yield f"first sync: {growth:.2f} times as long for each Service at {sizes[-1]:,}, bar {FIRST_SPREAD}", growth <= FIRST_SPREAD
        calls = max(self.change("calls", size) for size in sizes)
        yield f"one change: {calls} system calls, bar {CALLS}", calls <= CALLS
        for size in sizes:
            heap = self.heap(size)
            more = f"of which {self.each_more(size):.0f} grow with their number"
            yield f"heap at {size:,}: {heap:.0f} bytes a Service, {more}, bar {HEAP}", heap <= HEAP
        steps = ("first", "change", "resync", "restart")
        failures = sum(run[step]["failures"] for run in self.runs for step in steps if step in run)
        yield f"failures: {failures}", failures == 0

    def pace(self):
        """What ipvsadm takes here."""
        if self.machine["kernel"] == SIMULATED:
            return ""
        yardstick = statistics.median(run["yardstick"] for run in self.runs)
        return f", `ipvsadm -R` of 2,000 × 10: {time(yardstick)}"

    def table(self, link):
        """Markdown for README.md."""
        machine = self.machine
        rules = "" if machine["rules"] else ", without iptables, which this kernel lacks"
        where = f"User-mode Linux {machine['kernel']}{rules}"
        if machine["kernel"] == SIMULATED:
            where = "A simulated kernel, whose own work is counted in, without iptables"
        lines = [
            f"{where}, JDK {machine['jdk']}, {machine['processor']}, {machine['date']}, median of {self.rounds()}{self.pace()}"
            f" ([raw figures]({link})):",
            "",
            "| Services | first sync | restart | one changed slice | resync | bytes a change | system calls a change |"
            " allocated a change | heap a Service | one more |",
            f"| {' | '.join(['---'] * 10)} |",
        ]
        for size in self.sizes:
            restarted = machine["kernel"] != SIMULATED
            cells = [
                f"{size:,}",
                since(self.milliseconds("first", size), self.since_start("sinceStart", size)),
                since(self.milliseconds("restart", size), self.since_start("restartSinceStart", size)) if restarted else "",
                *(time(self.milliseconds(step, size)) for step in ("change", "resync")),
                f"{self.change('bytes', size):,}",
                f"{self.change('calls', size)}",
                f"{self.change('allocated', size) / 1024:,.0f} kB",
                f"{self.heap(size):,.0f} bytes",
                f"{self.each_more(size):,.0f} bytes",
            ]
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"


def each_more(run):
    """Bytes of heap that one Service more takes, in this run."""
    return (run["heapPerService"] * run["services"] - run["smallHeap"]) / (run["services"] - run["smallServices"])


def since(cost, since_start):
    return f"{time(cost)} ({time(since_start)})"


def time(milliseconds):
    return f"{milliseconds / 1000:.2f} s" if milliseconds >= 100 else f"{milliseconds:.2f} ms"


def load(path):
    return Result(json.loads(path.read_text()))


def parsed(lines):
    """What is known of the machine, and a run for each round of each size."""
    machine, runs, boot = {}, [], {}
    for line in lines:
        found = json.loads(line)
        if "kernel" in found:
            machine = found
        elif "yardstick" in found:
            boot = found
        elif "small" in found:
            small = found["small"]
            boot |= {"smallServices": small["services"], "smallHeap": small["heapPerService"] * small["services"]}
        elif "first" in found:
            before = sum(run["services"] == found["services"] for run in runs)
            runs.append({"round": before + 1} | found | boot)
        else:
            runs[-1].update(restart=found["restart"], restartSinceStart=found["sinceStart"])
    return machine, runs


def main():
    raw, target, processor, *options = sys.argv[1:]
    machine, runs = parsed(pathlib.Path(raw).read_text().splitlines())
    simulated = machine["kernel"] == SIMULATED
    machine |= {
        "rules": not simulated and not machine["kernel"].startswith("7."),
        "processor": processor,
        "date": kept.today(),
    }
    name = SIMULATED if simulated else f"lab-{kept.release(machine)}"
    path = pathlib.Path(target) / f"reconciler-{name}-jdk{machine['jdk'].split('.')[0]}.json"
    if "--add" in options and path.exists():
        runs = kept.joined(path, machine, runs, ("kernel", "jdk", "processor"))
    kept.keep(path, machine, sorted(runs, key=lambda run: (run["services"], run["round"])))
    sys.exit(kept.judge(load(path).verdicts()))


if __name__ == "__main__":
    main()
