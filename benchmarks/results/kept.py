#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the ipvs4j authors
"""What the scripts that keep measurements have in common."""
import datetime
import json
import sys


def today():
    return datetime.datetime.now(datetime.timezone.utc).date().isoformat()


def release(machine):
    """Of the kernel, without its patch level."""
    return ".".join(machine["kernel"].split(".")[:2])


def keep(path, machine, runs):
    """Writes a line for each run, so that changes of the file can be read."""
    lines = ",\n".join("    " + json.dumps(run) for run in runs)
    path.write_text(f'{{\n  "machine": {json.dumps(machine)},\n  "runs": [\n{lines}\n  ]\n}}\n')


def joined(path, machine, runs, same):
    """New runs behind those that are kept, as rounds of their own; both must agree in what same names of the machine."""
    before = json.loads(path.read_text())
    for what in same:
        if before["machine"][what] != machine[what]:
            sys.exit(f"{path.name} was measured with {what} {before['machine'][what]}, not {machine[what]}: leave out --add")
    last = max((run["round"] for run in before["runs"]), default=0)
    return before["runs"] + [{**run, "round": last + run["round"]} for run in runs]


def judge(verdicts):
    """Prints pairs of a sentence and whether it is as it should be; returns the exit status."""
    passed = True
    for sentence, holds in verdicts:
        print(f"{'holds ' if holds else 'MISSED'}  {sentence}")
        passed &= holds
    return 0 if passed else 1
