#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
"""Keeps what script/bench ipset-load measured, and compares it with the bars: ipset_load.py RAW RESULT JDK CPU.

RAW is what IpsetLoad printed, a line for each run; RESULT is the file to write.
"""
import json
import pathlib
import platform
import sys

import kept

COLUMNS = [
    ("load", "load"),
    ("ipsetRestore", "`ipset restore`"),
    ("coldLoad", "load, cold"),
    ("list", "list"),
    ("ipsetSave", "`ipset save`"),
    ("loadWithBad", "load with 1 in 500 refused"),
    ("replace", "replace 1 %"),
    ("replaceUnknown", "the same, read first"),
]

# What is measured, beside what, how many times as long it may take at most, and in which runs. To replace what must be
# read first has no bar beside a load: the kernel alone takes about as long to list entries as to take them.
BARS = [
    ("load", "ipsetRestore", 1.0, lambda run: run["warmUp"] and run["entries"] >= 100_000),
    ("coldLoad", "ipsetRestore", 1.5, lambda run: "coldLoad" in run and run["entries"] >= 1_000_000),
    ("list", "ipsetSave", 1.0, lambda run: run["warmUp"] and run["entries"] >= 1_000_000),
    ("loadWithBad", "load", 2.0, lambda run: run["warmUp"] and run["entries"] == 50_000),
    ("replace", "load", 0.05, lambda run: run["warmUp"] and run["entries"] >= 100_000),
]


def number(value):
    return f"{value:,.0f}" if value >= 20 else f"{value:.1f}"


def verdicts(runs):
    """Pairs of a sentence and whether it is as it should be."""
    for what, beside, bar, concerns in BARS:
        for run in runs:
            if concerns(run):
                ratio = run[what] / run[beside]
                subject = f"{run['type']} {run['entries']:,}: {what} takes {ratio:.2f} times as long as {beside}"
                yield f"{subject}, bar {bar}", ratio <= bar


def table(path, link):
    """Markdown for README.md."""
    content = json.loads(path.read_text())
    machine = content["machine"]
    lines = [
        f"JDK {machine['jdk']}, Linux {machine['kernel']}, {machine['processor']}, {machine['date']} ([raw figures]({link})):",
        "",
        f"| milliseconds | {' | '.join(text for _, text in COLUMNS)} |",
        "| --- |" + " --- |" * len(COLUMNS),
    ]
    for run in content["runs"]:
        cells = [number(run[key]) if key in run else "" for key, _ in COLUMNS]
        warm = "" if run["warmUp"] else ", first round"
        lines.append(f"| {run['entries']:,} of {run['type']}{warm} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main():
    raw, target, jdk, processor = sys.argv[1:]
    runs = [json.loads(line) for line in pathlib.Path(raw).read_text().splitlines()]
    machine = {
        "kernel": platform.release().split("-")[0],
        "jdk": jdk,
        "processor": processor,
        "date": kept.today(),
    }
    kept.keep(pathlib.Path(target), machine, runs)
    sys.exit(kept.judge(verdicts(runs)))


if __name__ == "__main__":
    main()
