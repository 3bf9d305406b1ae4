"""The same for Arrow record batches, in which an answer that was not given is null."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yibao_batch import NO_VALUE, UNANSWERED, Batch

__all__ = ["WHOLE", "decided"]

#: What Arrow calls the kinds of columns that are whole numbers.
WHOLE = {"i64": pa.int64(), "i32": pa.int32(), "u8": pa.uint8()}


def decided(batch: Batch, inputs: dict[str, str], records: pa.RecordBatch, keep: list[str]) -> pa.RecordBatch:
    """The columns to keep, then the outcome of each case and one column an output, null where there is no value."""
    outcomes, values = batch.run({name: _numbers(records[name], kind) for name, kind in inputs.items()})
    columns = {name: records[name] for name in keep}
    columns["outcome"] = pa.array(outcomes.view(np.int8))
    columns |= {name: pa.array(column, mask=column == NO_VALUE) for name, column in values.items()}
    return pa.RecordBatch.from_pydict(columns)


def _numbers(column: pa.Array, kind: str) -> np.ndarray:
    """Raises `pyarrow.ArrowInvalid` for a number that the kind has no room for; days become numbers of days."""
    whole = column.cast(WHOLE[kind])
    return pc.fill_null(whole, UNANSWERED[kind]).to_numpy() if whole.null_count else whole.to_numpy()
