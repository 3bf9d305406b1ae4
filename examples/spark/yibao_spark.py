"""Deciding the rows of a DataFrame: one instance of the engine a partition, one call an Arrow batch.

    ship(spark, "yibao_batch.wasm", "anhui-suzhou-resident.plan.json")
    decide = decider("yibao_batch.wasm", "anhui-suzhou-resident.plan.json", "inpatient",
                     inputs={"total": "i64", …}, outputs=["patient"], keep=["id"])
    frame.mapInArrow(decide, schema(frame, ["id"], ["patient"]))

Columns of the frame are named after the inputs and hold whole numbers (`bigint` for `i64`, `int` or `date` for `i32`),
null where there is no answer.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import ByteType, LongType, StructType

from yibao_arrow import decided
from yibao_batch import Batch

Mapper = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def ship(spark: SparkSession, *files: str | Path) -> None:
    """Sends the module, plans and this wrapper to every worker."""
    here = Path(__file__).resolve().parent
    for module in ("yibao_batch.py", "yibao_arrow.py", "yibao_spark.py"):
        spark.sparkContext.addPyFile(str(here / module))
    for file in files:
        spark.sparkContext.addFile(str(file))


def schema(frame: DataFrame, keep: list[str], outputs: list[str]) -> StructType:
    """Of what `decider` gives: the columns kept, the number of the outcome, the outputs."""
    of = StructType([frame.schema[name] for name in keep]).add("outcome", ByteType(), nullable=False)
    for name in outputs:
        of = of.add(name, LongType())
    return of


def decider(wasm: str, plan: str, service: str, *,
            inputs: dict[str, str], outputs: list[str], keep: list[str]) -> Mapper:
    """For `DataFrame.mapInArrow`; files by the names they were shipped under."""

    def decide(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        batch = Batch(SparkFiles.get(wasm), SparkFiles.get(plan), service, inputs=inputs, outputs=outputs)
        for records in batches:
            yield decided(batch, inputs, records, keep)

    return decide
