"""Cases through Spark's mapInArrow, held against the same cases on one machine. `run.py --help` says how."""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

import alone
import cases
from clock import Cost, timed
from paths import PLAN, WASM
from trials import killed_once, undecided
from yibao_batch import OUTCOMES
from yibao_spark import decider, schema, ship

KEEP = ["id"]
DECIDE = decider(WASM.name, PLAN.name, cases.SERVICE, inputs=cases.INPUTS, outputs=cases.OUTPUTS, keep=KEEP)


def session(workers: int) -> SparkSession:
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    # A task may fail three times before the job does: what a cluster allows by default, and local mode does not.
    spark = (
        SparkSession.builder.master(f"local[{workers},4]").appName("yibao-rules")
        .config("spark.sql.shuffle.partitions", workers)
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 100_000)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        # A lost task is told of at length, and is meant to happen here. What ends a job is raised all the same.
        .config("spark.log.level", "OFF")
        .getOrCreate()
    )
    ship(spark, WASM, PLAN)
    spark.sparkContext.addPyFile(str(Path(__file__).with_name("trials.py")))
    return spark


@dataclass
class Job:
    """The same cases, in the same partitions, for every run."""

    spark: SparkSession
    rows: int
    partitions: int
    seed: int

    def cases(self) -> DataFrame:
        return cases.in_spark(self.spark, self.rows, self.partitions, self.seed)

    def made(self) -> None:
        """Every column of every case, without Python: what the other runs pay for the cases themselves."""
        frame = self.cases()
        frame.agg(*[F.sum(F.xxhash64(name) % 2) for name in frame.columns]).first()

    def mapped(self, mapper: Callable) -> alone.Sums:
        frame = self.cases()
        results = frame.mapInArrow(mapper, schema(frame, KEEP, cases.OUTPUTS))
        counts = [F.count_if(F.col("outcome") == number).alias(name) for number, name in enumerate(OUTCOMES)]
        row = results.agg(*[F.sum(name).alias(name) for name in cases.OUTPUTS], *counts).first()
        return alone.Sums(**{name: number or 0 for name, number in row.asDict().items()})

    def killed(self) -> tuple[alone.Sums, int]:
        """A worker is killed halfway through a partition; the sums, and how many tasks Spark saw fail."""
        context = self.spark.sparkContext
        context.setJobGroup("killed", "a worker is killed")
        half = self.rows // self.partitions // 2
        found = self.mapped(killed_once(DECIDE, partition=self.partitions // 2, after=half))
        context.setJobGroup("", "")
        tracker = context.statusTracker()
        stages = [stage for job in tracker.getJobIdsForGroup("killed") for stage in tracker.getJobInfo(job).stageIds]
        return found, sum(info.numFailedTasks for info in map(tracker.getStageInfo, stages) if info)


def report(label: str, cost: Cost, rows: int = 0) -> None:
    cells = [f"{label:<46}", f"{cost.passed:7.1f} s"]
    cells.append("" if cost.processor is None else f"processors {cost.processor:7.1f} s")
    if rows:
        cells.append(f"{rows / cost.passed:12,.0f} rows/s")
        cells.append("" if not cost.processor else f"{rows / cost.processor:12,.0f} rows a processor second")
    print("  ".join(cells).rstrip(), flush=True)


def compare(label: str, found: alone.Sums, expected: alone.Sums) -> bool:
    if found == expected:
        return True
    print(f"{label} differs:\n  found    {found}\n  expected {expected}")
    return False


def run_alone(rows: int, seed: int, sample: int) -> tuple[alone.Sums, bool]:
    report("one process: module ready, plan opened", timed(alone.opened)[1])
    (expected, batch), whole = timed(lambda: alone.sums(rows, seed))
    report("one process: decided", batch, rows)
    report("one process: made, decided and summed", whole, rows)
    wrong = alone.differences_from_single(sample, seed)
    print(f"{sample:,} of them one by one in Node: {len(wrong)} differ", *wrong[:3], sep="\n  ", flush=True)
    return expected, not wrong


def run_native(rows: int, seed: int, expected: alone.Sums) -> bool:
    found, passed = alone.native(rows, seed)
    report("one native process: decided", Cost(passed, None), rows)
    return compare("the native program", found, expected)


def run_spark(options: argparse.Namespace, expected: alone.Sums) -> bool:
    spark, cost = timed(lambda: session(options.workers))
    report("Spark: session", cost)
    job = Job(spark, options.rows, options.partitions, options.seed)
    few = Job(spark, 10 * options.partitions, options.partitions, options.seed)
    report("Spark: first job, ten cases a partition", timed(lambda: few.mapped(DECIDE))[1])
    # Java compiles what has run for a while: none of the runs that are compared may be the one that pays for it.
    warm = Job(spark, min(options.rows, 1_000_000), options.partitions, options.seed)
    for mapper in (DECIDE, undecided) * 2:
        warm.made(), warm.mapped(mapper)
    report("Spark: made, without Python", timed(job.made)[1], options.rows)
    report("Spark: through Python, undecided", timed(lambda: job.mapped(undecided))[1], options.rows)
    found, cost = timed(lambda: job.mapped(DECIDE))
    report("Spark: decided", cost, options.rows)
    equal = compare("Spark", found, expected)
    (found, failed), cost = timed(job.killed)
    # Spark begins its Python anew: what the old one used is nobody's.
    cost.processor = None
    report(f"Spark: decided, a worker killed ({failed} task failed)", cost, options.rows)
    equal &= compare("Spark with a worker killed", found, expected)
    spark.stop()
    if failed == 0:
        print("Spark lost no worker, though one was to be killed")
    return equal and failed > 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="run.py",
                                     description="Cases of anhui-suzhou-resident on one machine and through PySpark, "
                                     "and whether the sums are equal. `--test` alone runs the tests.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="cases (1,000,000)")
    parser.add_argument("--workers", type=int, default=2, help="Python workers at a time (2)")
    parser.add_argument("--partitions", type=int, help="parts that Spark deals out (8 a worker)")
    parser.add_argument("--seed", type=int, default=7, help="of the cases (7)")
    parser.add_argument("--sample", type=int, default=2_000, help="cases decided one by one in Node as well (2,000)")
    parser.add_argument("--alone", action="store_true", help="without Spark")
    parser.add_argument("--native", action="store_true", help="by the native program as well (cargo builds it first)")
    options = parser.parse_args()
    options.partitions = options.partitions or 8 * options.workers
    if min(options.workers, options.partitions, options.sample) < 1 or options.seed < 0:
        parser.error("workers, partitions and the sample are at least 1, the seed at least 0")
    if not max(options.partitions, options.sample) <= options.rows < 2**32:
        parser.error("rows are at least as many as partitions and the sample, and below 2^32")
    print(f"{options.rows:,} cases of {cases.PACK}, seed {options.seed}"
          + ("" if options.alone else f", {options.workers} workers, {options.partitions} partitions"))
    expected, equal = run_alone(options.rows, options.seed, options.sample)
    if options.native:
        equal &= run_native(options.rows, options.seed, expected)
    if not options.alone:
        equal &= run_spark(options, expected)
    for label, fen in (("patient", expected.patient), ("fund", expected.basic)):
        print(f"{label} {fen // 100:,}.{fen % 100:02} yuan")
    print(", ".join(f"{name} {getattr(expected, name):,}" for name in OUTCOMES))
    print("all sums equal" if equal else "FAILED")
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
