#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
"""Writes the table of benchmark results into README.md, between its two marks: table.py REPOSITORY."""
import json
import pathlib
import sys

ROWS = [
    ("DestinationCodec.encodeOne", "encode a message that adds a destination"),
    ("DestinationCodec.encodeBatch", "the same, in a datagram of 1,000"),
    ("DestinationCodec.decodeOne", "decode that message"),
    ("DestinationCodec.decodeListing", "decode a listed destination with its statistics, in a listing of 1,000"),
    ("RoundTrip.single", "one request to the kernel and its answer"),
    ("RoundTrip.batch", "a batch of 1,000 requests with an outcome for each"),
]
BEGIN, END = "<!-- results: begin -->\n", "<!-- results: end -->\n"


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


def main():
    root = pathlib.Path(sys.argv[1])
    folder = root / "benchmarks" / "results"
    readme = root / "README.md"
    text = readme.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    tables = "\n".join(table(folder, path) for path in sorted(folder.glob("codec-jdk*.json")))
    readme.write_text(before + BEGIN + tables + END + after)


main()
