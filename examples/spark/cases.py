"""Cases out of a seed, the same in Spark and in numpy: stays of residents of 宿州 (anhui-suzhou-resident).

Most are what the pack answers. Some are not: care outside the city, another scheme, an answer that was not given,
costs that are more than the bill.
"""

from dataclasses import dataclass

import numpy as np

PACK, SERVICE, OUTPUTS = "anhui-suzhou-resident", "inpatient", ["patient", "basic"]

#: Below 2³¹, so that the square of a remainder is below 2⁶².
PRIME = 2**31 - 1
#: One stream of numbers a column.
STEP, STREAM, SEED = 1_103_515_245, 433_494_437, 805_306_457


@dataclass(frozen=True)
class Between:
    """Any whole number from `least` to `most`; one case in `blank` has no answer."""

    kind: str
    least: int
    most: int
    blank: int = 0


def weighted(**numbers: int) -> list[int]:
    """Options by number, each as often as it is to be met: `n0=18` is eighteen times option 0."""
    return [int(name[1:]) for name, times in numbers.items() for _ in range(times)]


#: Fen, days since 1970-01-01, options by their place in the plan. 2022-01-01 is day 18,993, 2024-12-31 day 20,088.
COLUMNS: dict[str, Between | list[int]] = {
    "total": Between("i64", 20_000, 8_000_000, blank=50),
    "out_of_scope": Between("i64", 0, 50_000),
    "over_limit": Between("i64", 0, 20_000),
    "first_pay": Between("i64", 0, 40_000),
    "admission_date": Between("i32", 18_993, 20_088, blank=100),
    "scheme": weighted(n0=49, n1=1),
    "place": weighted(n0=36, n1=3, n2=1),
    "level": weighted(n0=1, n1=1, n2=1, n3=1),
}

INPUTS = {name: answers.kind if isinstance(answers, Between) else "i32" for name, answers in COLUMNS.items()}


def drawn(numbers, seed: int, stream: int):
    """A number below PRIME a case; the same line for columns of Spark and of numpy. Cases are below 2³²."""
    x = (numbers * STEP + (seed * SEED + stream * STREAM) % PRIME) % PRIME
    return (x * x + stream) % PRIME


def in_numpy(start: int, stop: int, seed: int) -> dict[str, np.ndarray]:
    """Cases from `start` to before `stop`."""
    from yibao_batch import UNANSWERED

    numbers = np.arange(start, stop, dtype=np.int64)
    columns = {}
    for stream, (name, answers) in enumerate(COLUMNS.items()):
        x = drawn(numbers, seed, stream)
        if isinstance(answers, list):
            columns[name] = np.array(answers, np.int32)[x % len(answers)]
            continue
        column = answers.least + x % (answers.most - answers.least + 1)
        column = column.astype({"i64": np.int64, "i32": np.int32}[answers.kind])
        if answers.blank:
            column[drawn(numbers, seed, stream + len(COLUMNS)) % answers.blank == 0] = UNANSWERED[answers.kind]
        columns[name] = column
    return columns


def in_spark(spark, rows: int, partitions: int, seed: int):
    """The same as a DataFrame, made by Spark itself without Python; `id` is the number of the case."""
    from pyspark.sql import functions as F

    number = F.col("id")
    columns = [number]
    for stream, (name, answers) in enumerate(COLUMNS.items()):
        x = drawn(number, seed, stream)
        if isinstance(answers, list):
            column = F.get(F.array(*map(F.lit, answers)), (x % len(answers)).cast("int"))
        else:
            column = x % (answers.most - answers.least + 1) + answers.least
            column = column.cast({"i64": "bigint", "i32": "int"}[answers.kind])
            if answers.blank:
                column = F.when(drawn(number, seed, stream + len(COLUMNS)) % answers.blank != 0, column)
        columns.append(column.alias(name))
    return spark.range(0, rows, 1, partitions).select(columns)
