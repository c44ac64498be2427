#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
"""Writes the tables of benchmark results into README.md, between their marks: table.py REPOSITORY."""
import json
import pathlib
import sys

import ipset_load
import ipvs_load
import reconciler

ROWS = [
    ("DestinationCodec.encodeOne", "encode a message that adds a destination"),
    ("DestinationCodec.encodeBatch", "the same, in a datagram of 1,000"),
    ("DestinationCodec.decodeOne", "decode that message"),
    ("DestinationCodec.decodeListing", "decode a listed destination with its statistics, in a listing of 1,000"),
    ("RoundTrip.single", "one request to the kernel and its answer"),
    ("RoundTrip.batch", "a batch of 1,000 requests that make the kernel no work, with an outcome for each"),
]


def number(value):
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}"


def cells(result):
    metric = result["primaryMetric"]
    secondary = result["secondaryMetrics"]
    time = f"{number(metric['score'])} {metric['scoreUnit'].split('/')[0]}"
    memory = f"{secondary['gc.alloc.rate.norm']['score']:.0f}"
    if "calls" not in secondary:
        return time, memory, ""
    calls = secondary["calls"]["score"]
    system = " + ".join(f"{secondary[name]['score'] / calls:.0f}" for name in ("sends", "receives"))
    return time, memory, system


def table(folder, path):
    results = {entry["benchmark"].split("benchmarks.")[-1]: entry for entry in json.loads(path.read_text())}
    machine = dict(line.split(": ", 1) for line in path.with_suffix(".machine").read_text().splitlines())
    version = next(iter(results.values()))["vmVersion"]
    lines = [
        f"JDK {version}, {machine['kernel']}, {machine['processor']}, {machine['date']}"
        f" ([raw figures](benchmarks/results/{path.name})):",
        "",
        "| what | time | bytes allocated | system calls (send + receive) |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {text} | {' | '.join(cells(results[name]))} |" for name, text in ROWS if name in results]
    return "\n".join(lines) + "\n"


def replace(text, section, tables):
    begin, end = f"<!-- {section}: begin -->\n", f"<!-- {section}: end -->\n"
    before, rest = text.split(begin)
    return before + begin + "\n".join(tables) + end + rest.split(end)[1]


def main():
    root = pathlib.Path(sys.argv[1])
    folder = root / "benchmarks" / "results"
    readme = root / "README.md"
    text = readme.read_text()
    text = replace(text, "results", [table(folder, path) for path in sorted(folder.glob("codec-jdk*.json"))])
    loads = [ipvs_load.load(path).table(f"benchmarks/results/{path.name}") for path in folder.glob("ipvs-load-*.json")]
    text = replace(text, "ipvs-load", sorted(loads))
    sets = [ipset_load.table(path, f"benchmarks/results/{path.name}") for path in sorted(folder.glob("ipset-load-*.json"))]
    text = replace(text, "ipset-load", sets)
    syncs = [reconciler.load(path).table(f"benchmarks/results/{path.name}") for path in folder.glob("reconciler-*.json")]
    readme.write_text(replace(text, "reconciler", sorted(syncs)))


main()
