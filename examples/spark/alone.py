"""The same cases on one machine: one process, no Spark."""

import json
import subprocess
from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np

import cases
from clock import Cost, timed
from paths import NODE, PLAN, ROOT, WASM
from yibao_batch import NO_VALUE, OUTCOMES, UNANSWERED, Batch

#: Cases made at a time; memory does not grow with their number.
BLOCK = 1_000_000


@dataclass
class Sums:
    """What two runs must agree on: fen, and how many cases became of what."""

    patient: int = 0
    basic: int = 0
    computed: int = 0
    incomplete: int = 0
    refused: int = 0
    invalid: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Sums)))


def opened() -> Batch:
    return Batch(WASM, PLAN, cases.SERVICE, inputs=cases.INPUTS, outputs=cases.OUTPUTS)


def sums(rows: int, seed: int) -> tuple[Sums, Cost]:
    """The sums, and what the batch cost, without making cases and adding up."""
    batch, total, cost = opened(), Sums(), Cost()
    for start in range(0, rows, BLOCK):
        columns = cases.in_numpy(start, min(start + BLOCK, rows), seed)
        (outcomes, values), took = timed(lambda: batch.run(columns))
        cost += took
        amounts = [int(column[column != NO_VALUE].sum()) for column in values.values()]
        total += Sums(*amounts, *map(int, np.bincount(outcomes, minlength=len(OUTCOMES))))
    return total, cost


def native(rows: int, seed: int) -> tuple[Sums, float]:
    """The same by the native program, and the seconds that its batch took. It is built first: minutes, once."""
    command = ["cargo", "run", "--quiet", "--release", "--locked", "--example", "spark_native", "--"]
    ran = subprocess.run([*command, str(rows), str(seed)], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    said = json.loads(ran.stdout)
    return Sums(**{field.name: said[field.name] for field in fields(Sums)}), said["seconds"]


def differences_from_single(count: int, seed: int) -> list[str]:
    """Decides the first cases one by one in Node, and says where the batch says otherwise."""
    columns = cases.in_numpy(0, count, seed)
    batch = opened()
    outcomes, values = batch.run(columns)
    asked = [json.dumps(_answers(columns, at, batch.options)) for at in range(count)]
    command = ["node", "single.mjs", NODE.as_uri(), PLAN, cases.SERVICE, cases.OUTPUTS[1]]
    found = subprocess.run(command, cwd=ROOT / "examples/spark", input="\n".join(asked), stdout=subprocess.PIPE,
                           text=True, check=True).stdout.splitlines()
    assert len(found) == count, f"{len(found)} decisions of {count} cases"
    wrong = []
    for at, (question, single) in enumerate(zip(asked, map(json.loads, found))):
        ours = [OUTCOMES[outcomes[at]], *(_yuan(int(values[name][at])) for name in cases.OUTPUTS)]
        if ours != single:
            wrong.append(f"case {at} {question}: batch {ours}, single {single}")
    return wrong


def _yuan(fen: int) -> str | None:
    return None if fen == NO_VALUE else f"{fen // 100}.{fen % 100:02}"


def _answers(columns: dict[str, np.ndarray], at: int, options: dict[str, list[str]]) -> dict[str, str]:
    """A case as a person would write it."""
    answers = {}
    for name, column in columns.items():
        number = int(column[at])
        if number == UNANSWERED[cases.INPUTS[name]]:
            continue
        if name in options:
            answers[name] = options[name][number]
        elif name == "admission_date":
            answers[name] = str(date(1970, 1, 1) + timedelta(days=number))
        else:
            answers[name] = _yuan(number)
    return answers
