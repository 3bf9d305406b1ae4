"""One peer in a process of its own, as worker.mjs: `check FILE`, `time COUNT`, a line of JSON back for each."""

import importlib
import json
import sys
import time

import numpy as np
from columns import read

peer = importlib.import_module(f"peer_{sys.argv[1]}")
columns = read(sys.argv[2])
size = len(columns["total"])
rule = peer.make(columns)


def check(file):
    basic, critical = peer.answers(rule())
    np.column_stack([basic, critical]).astype(np.float64).tofile(file)


def measure(count):
    before = time.process_time_ns()
    for _ in range(max(1, count // size)):
        rule()
    return (time.process_time_ns() - before) / (max(1, count // size) * size)


for line in sys.stdin:
    word, value = line.split()
    print(json.dumps({"reply": check(value) if word == "check" else measure(int(value))}), flush=True)
