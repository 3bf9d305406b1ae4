"""What a run costs: seconds passed, and seconds of processors, which other work on the machine hardly changes."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

_PROC = Path("/proc/self/stat")


@dataclass
class Cost:
    """Processor time is that of this process and of all that came of it: Java and the Python workers too."""

    passed: float = 0.0
    #: None where the system does not say; Linux does.
    processor: float | None = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        known = self.processor is not None and other.processor is not None
        return Cost(self.passed + other.passed, self.processor + other.processor if known else None)


def timed(work: Callable[[], Any]) -> tuple[Any, Cost]:
    before, begun = _processor(), perf_counter()
    result = work()
    passed, after = perf_counter() - begun, _processor()
    return result, Cost(passed, None if before is None else after - before)


def _processor() -> float | None:
    if not _PROC.exists():
        return None
    parents, ticks = {}, {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            # After the name, which may hold anything: state, parent, …, ticks of its own and of children that ended.
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # ended meanwhile
        number = int(file.parent.name)
        parents[number], ticks[number] = int(fields[1]), sum(map(int, fields[11:15]))
    ours, found = {os.getpid()}, True
    while found:
        found = {number for number, parent in parents.items() if parent in ours and number not in ours}
        ours |= found
    return sum(ticks[number] for number in ours) / os.sysconf("SC_CLK_TCK")
