#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
"""Keeps what script/bench reconciler measured, and compares it with the bars: reconciler.py RAW RESULT PROCESSOR.

RAW is what benchmarks/src/main/shell/reconciler.sh printed in the lab, once for each size.
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


class Result:
    def __init__(self, content):
        self.machine = content["machine"]
        self.runs = {run["services"]: run for run in content["runs"]}

    def milliseconds(self, what, size):
        return self.runs[size][what]["milliseconds"]

    def verdicts(self):
        """Pairs of a sentence and whether it is as it should be."""
        sizes = sorted(self.runs)
        without = "" if self.machine["rules"] else ", without the rules that kube-proxy had"
        for what, bar in FASTER.items():
            for size in sizes:
                if size in KUBE_PROXY[what] and (what != "change" or size == CHANGE_AT):
                    ratio = KUBE_PROXY[what][size] / self.milliseconds(what, size)
                    subject = f"{what} of {size:,}{without}: {ratio:.1f} times as fast as kube-proxy"
                    yield f"{subject}, bar {bar}", ratio >= bar
        changes = [self.milliseconds("change", size) for size in sizes]
        spread = max(changes) / min(changes)
        yield f"one change: {spread:.2f} between the sizes, bar {CHANGE_SPREAD}", spread <= CHANGE_SPREAD
        each = [self.milliseconds("first", size) / size for size in sizes]
        growth = each[-1] / min(each)
        yield f"first sync: {growth:.2f} times as long for each Service at {sizes[-1]:,}, bar {FIRST_SPREAD}", growth <= FIRST_SPREAD
        calls = max(self.runs[size]["change"]["calls"] for size in sizes)
        yield f"one change: {calls} system calls, bar {CALLS}", calls <= CALLS
        heap = max(self.runs[size]["heapPerService"] for size in sizes)
        yield f"heap: {heap:.0f} bytes a Service, bar {HEAP}", heap <= HEAP
        steps = ("first", "change", "resync", "restart")
        failures = sum(self.runs[size][step]["failures"] for size in sizes for step in steps)
        yield f"failures: {failures}", failures == 0

    def table(self, link):
        """Markdown for README.md."""
        machine = self.machine
        rules = "" if machine["rules"] else ", without iptables, which this kernel lacks"
        lines = [
            f"User-mode Linux {machine['kernel']}{rules}, JDK {machine['jdk']}, {machine['processor']}, {machine['date']}"
            f" ([raw figures]({link})):",
            "",
            "| Services | first sync | restart | one changed slice | resync | bytes a change | system calls a change |"
            " allocated a change | heap a Service |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        ]
        for size in sorted(self.runs):
            run = self.runs[size]
            change = run["change"]
            cells = [
                f"{size:,}",
                *(time(run[step]["milliseconds"]) for step in ("first", "restart", "change", "resync")),
                f"{change['bytes']:,}",
                f"{change['calls']}",
                f"{change['allocated'] / 1024:,.0f} kB",
                f"{run['heapPerService']:,.0f} bytes",
            ]
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"


def time(milliseconds):
    return f"{milliseconds / 1000:.2f} s" if milliseconds >= 100 else f"{milliseconds:.2f} ms"


def load(path):
    return Result(json.loads(path.read_text()))


def main():
    raw, target, processor = sys.argv[1:]
    machine, runs = {}, []
    for line in pathlib.Path(raw).read_text().splitlines():
        found = json.loads(line)
        if "kernel" in found:
            machine = found
        elif "first" in found:
            runs.append(found)
        else:
            runs[-1].update(restart=found["restart"], restartSinceStart=found["sinceStart"])
    machine |= {
        "rules": not machine["kernel"].startswith("7."),
        "processor": processor,
        "date": kept.today(),
    }
    path = pathlib.Path(target) / f"reconciler-lab-{'.'.join(machine['kernel'].split('.')[:2])}.json"
    kept.keep(path, machine, runs)
    sys.exit(kept.judge(load(path).verdicts()))


if __name__ == "__main__":
    main()
