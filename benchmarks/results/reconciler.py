#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
"""Keeps what script/bench reconciler measured, and compares it with the bars: reconciler.py RAW RESULTS CPU [--add].

RAW is what benchmarks/src/main/shell/reconciler.sh printed in the lab, or the like of a simulated kernel, once for each
size. With --add the sizes join those that are kept already.
"""
import json
import pathlib
import sys

import kept

# Milliseconds of kube-proxy 1.36.2 for so many Services with 8 endpoints: in user-mode Linux 7.2, which is about twice
# as quick as 6.1, with iptables built into the kernel.
KUBE_PROXY = {
    "first": {1000: 20_000, 5000: 104_000, 10000: 214_000},
    "change": {1000: 900, 5000: 3_400, 10000: 6_600},
    "restart": {1000: 1_600, 5000: 5_200, 10000: 9_600},
}
FASTER = {"first": 50, "change": 200, "restart": 5}
# A single changed slice has a bar at this size only.
CHANGE_AT = 10000
CHANGE_SPREAD = 1.3
FIRST_SPREAD = 1.5
CALLS = 12
HEAP = 2048
SIMULATED = "simulated"


class Result:
    def __init__(self, content):
        self.machine = content["machine"]
        self.runs = {run["services"]: run for run in content["runs"]}

    def milliseconds(self, what, size):
        return self.runs[size][what]["milliseconds"]

    def each_more(self, size):
        """Bytes of heap that one Service more takes."""
        run = self.runs[size]
        return (run["heapPerService"] * size - run["smallHeap"]) / (size - run["smallServices"])

    def verdicts(self):
        """Pairs of a sentence and whether it is as it should be."""
        sizes = sorted(self.runs)
        simulated = self.machine["kernel"] == SIMULATED
        without = "" if self.machine["rules"] else ", without the rules that kube-proxy had"
        for what, bar in FASTER.items():
            for size in [] if simulated else sizes:
                if size in KUBE_PROXY[what] and (what != "change" or size == CHANGE_AT):
                    ratio = KUBE_PROXY[what][size] / self.milliseconds(what, size)
                    subject = f"{what} of {size:,}{without}: {ratio:.1f} times as fast as kube-proxy on 7.2"
                    yield f"{subject}, bar {bar}", ratio >= bar
        changes = [self.milliseconds("change", size) for size in sizes]
        spread = max(changes) / min(changes)
        yield f"one change: {spread:.2f} between the sizes, bar {CHANGE_SPREAD}", spread <= CHANGE_SPREAD
        each = [self.milliseconds("first", size) / size for size in sizes]
        growth = each[-1] / min(each)
        yield f"first sync: {growth:.2f} times as long for each Service at {sizes[-1]:,}, bar {FIRST_SPREAD}", growth <= FIRST_SPREAD
        calls = max(self.runs[size]["change"]["calls"] for size in sizes)
        yield f"one change: {calls} system calls, bar {CALLS}", calls <= CALLS
        for size in sizes:
            heap = self.runs[size]["heapPerService"]
            more = f"of which {self.each_more(size):.0f} grow with their number"
            yield f"heap at {size:,}: {heap:.0f} bytes a Service, {more}, bar {HEAP}", heap <= HEAP
        steps = ("first", "change", "resync", "restart")
        failures = sum(run[step]["failures"] for run in self.runs.values() for step in steps if step in run)
        yield f"failures: {failures}", failures == 0

    def table(self, link):
        """Markdown for README.md."""
        machine = self.machine
        rules = "" if machine["rules"] else ", without iptables, which this kernel lacks"
        where = f"User-mode Linux {machine['kernel']}{rules}"
        if machine["kernel"] == SIMULATED:
            where = "A simulated kernel, whose own work is counted in, without iptables"
        lines = [
            f"{where}, JDK {machine['jdk']}, {machine['processor']}, {machine['date']} ([raw figures]({link})):",
            "",
            "| Services | first sync | restart | one changed slice | resync | bytes a change | system calls a change |"
            " allocated a change | heap a Service | one more |",
            f"| {' | '.join(['---'] * 10)} |",
        ]
        for size in sorted(self.runs):
            run = self.runs[size]
            change = run["change"]
            cells = [
                f"{size:,}",
                since(run["first"], run["sinceStart"]),
                since(run["restart"], run["restartSinceStart"]) if "restart" in run else "",
                *(time(run[step]["milliseconds"]) for step in ("change", "resync")),
                f"{change['bytes']:,}",
                f"{change['calls']}",
                f"{change['allocated'] / 1024:,.0f} kB",
                f"{run['heapPerService']:,.0f} bytes",
                f"{self.each_more(size):,.0f} bytes",
            ]
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"


def since(cost, since_start):
    return f"{time(cost['milliseconds'])} ({time(since_start)})"


def time(milliseconds):
    return f"{milliseconds / 1000:.2f} s" if milliseconds >= 100 else f"{milliseconds:.2f} ms"


def load(path):
    return Result(json.loads(path.read_text()))


def main():
    raw, target, processor, *options = sys.argv[1:]
    machine, runs, small = {}, [], {}
    for line in pathlib.Path(raw).read_text().splitlines():
        found = json.loads(line)
        if "kernel" in found:
            machine = found
        elif "small" in found:
            small = found["small"]
        elif "first" in found:
            heap = {"smallServices": small["services"], "smallHeap": small["heapPerService"] * small["services"]}
            runs.append(found | heap)
        else:
            runs[-1].update(restart=found["restart"], restartSinceStart=found["sinceStart"])
    simulated = machine["kernel"] == SIMULATED
    machine |= {
        "rules": not simulated and not machine["kernel"].startswith("7."),
        "processor": processor,
        "date": kept.today(),
    }
    name = SIMULATED if simulated else f"lab-{'.'.join(machine['kernel'].split('.')[:2])}"
    path = pathlib.Path(target) / f"reconciler-{name}-jdk{machine['jdk'].split('.')[0]}.json"
    if "--add" in options and path.exists():
        before = load(path)
        for what in ("kernel", "jdk", "processor"):
            if before.machine[what] != machine[what]:
                sys.exit(f"{path.name} was measured with {what} {before.machine[what]}, not {machine[what]}: leave out --add")
        runs = list((before.runs | {run["services"]: run for run in runs}).values())
    kept.keep(path, machine, sorted(runs, key=lambda run: run["services"]))
    sys.exit(kept.judge(load(path).verdicts()))


if __name__ == "__main__":
    main()
