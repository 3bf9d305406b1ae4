"""What is done to workers to see what it costs and what they bear."""

import os
import signal
from collections.abc import Iterator

import pyarrow as pa
from pyspark import TaskContext

from yibao_spark import Mapper


def undecided(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Every column into Python, as many out of it as `decider` gives, and nothing decided."""
    for records in batches:
        outcome = pa.repeat(pa.scalar(0, pa.int8()), len(records))
        yield pa.RecordBatch.from_arrays(
            [records["id"], outcome, records["total"], records["first_pay"]], ["id", "outcome", "patient", "basic"])


def killed_once(decide: Mapper, partition: int, after: int) -> Mapper:
    """The same, but the worker that first tries this partition is killed once it has given so many cases."""

    def until_killed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        task, given = TaskContext.get(), 0
        doomed = task.partitionId() == partition and task.attemptNumber() == 0
        for records in decide(batches):
            yield records
            given += len(records)
            if doomed and given >= after:
                os.kill(os.getpid(), signal.SIGKILL)

    return until_killed
