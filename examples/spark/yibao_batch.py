"""Columns of cases through a compiled rule pack: the engine as a Wasm module, run by wasmtime.

    from yibao_batch import Batch

    batch = Batch("yibao_batch.wasm", "anhui-suzhou-resident.plan.json", "inpatient",
                  inputs={"total": "i64", "level": "i32", …}, outputs=["patient", "basic"])
    outcomes, values = batch.run({"total": totals, "level": batch.options["level"].index("city_third"), …})
    values["patient"][outcomes == COMPUTED].sum()                # fen, whole numbers throughout

Needs numpy and wasmtime, nothing else. A batch belongs to one thread. Lists of records within a case are not taken
here; they stay unanswered.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from os import PathLike
from pathlib import Path
from types import MappingProxyType

import numpy as np
import wasmtime

__all__ = ["CASES_AT_ONCE", "COMPUTED", "INCOMPLETE", "INVALID", "NO_VALUE", "OUTCOMES", "REFUSED", "UNANSWERED",
           "Batch", "BatchError"]

OUTCOMES = ("computed", "incomplete", "refused", "invalid")
COMPUTED, INCOMPLETE, REFUSED, INVALID = range(4)

#: The number of a value that there is not: the case is not computed, or the step does not apply to it.
NO_VALUE = -(2**63)

#: The number of an answer that was not given, in each kind of column.
UNANSWERED = MappingProxyType({"f64": float("nan"), "i64": -(2**63), "i32": -(2**31), "u8": 255})

#: Few enough for their columns to stay in a processor's cache, many enough for a call to cost nothing.
CASES_AT_ONCE = 8192

_KINDS = {"f64": np.dtype("<f8"), "i64": np.dtype("<i8"), "i32": np.dtype("<i4"), "u8": np.dtype("u1")}


class BatchError(Exception):
    """What the module or this wrapper refused: ``code`` for programs, ``message`` and ``help`` for people."""

    def __init__(self, code: str, message: str, help: str | None = None, diagnostics: Sequence[Mapping] = ()):
        super().__init__(f"{code}: {message}" + (f"; {help}" if help else ""))
        self.code, self.message, self.help = code, message, help
        #: All that was wrong, as the module says it.
        self.diagnostics = tuple(diagnostics)

    def __reduce__(self):
        # An exception crosses processes on its way out of a cluster.
        return type(self), (self.code, self.message, self.help, self.diagnostics)


class Batch:
    """One service of one plan, open for columns.

    ``wasm`` is the path of the module, ``plan`` a path or the plan's bytes. ``inputs`` says how the numbers of each
    column are written (``f64``, ``i64``, ``i32``, ``u8``); an answer that is not named is not answered. ``outputs``
    are ids of steps, or ``total``, ``patient``, ``cash``, ``net``, ``verdict``. Raises :class:`BatchError`.
    """

    def __init__(self, wasm: str | PathLike, plan: str | PathLike | bytes, service: str, *,
                 inputs: Mapping[str, str], outputs: Sequence[str], cases_at_once: int = CASES_AT_ONCE):
        plan = plan if isinstance(plan, bytes) else Path(plan).read_bytes()
        self._host = _Host(wasm)
        self._host.say(plan)
        self._host.demand("load")
        request = {"service": service, "cases": cases_at_once, "inputs": dict(inputs), "outputs": list(outputs),
                   "whole": True}
        self._host.say(json.dumps(request).encode())
        self._host.demand("open")
        reply = json.loads(self._host.reply())
        self._room = cases_at_once
        # The memory does not move after this: a run allocates nothing.
        self._inputs = {place["name"]: self._view(place) for place in reply["inputs"]}
        self._outputs = {place["name"]: self._view(place) for place in reply["outputs"]}
        self._outcomes = self._host.view(reply["outcomes"], _KINDS["u8"], cases_at_once)
        choices = json.loads(plan)["choices"]
        #: The options of each input that has some, in the order of their numbers.
        self.options = {place["name"]: [option["id"] for option in choices[place["kind"]["choice"]]["options"]]
                        for place in reply["inputs"] if isinstance(place["kind"], dict)}
        #: What the numbers of each column are × of: 1 for whole fen, days and options.
        self.denominators = {place["name"]: place["den"] for place in reply["inputs"] + reply["outputs"]}

    def run(self, columns: Mapping[str, np.ndarray | int | float]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Decides as many cases as the columns hold; a single number is the answer of all cases.

        Numbers are those of the plan: money in fen × its denominator, options by their place in :attr:`options`, days
        since 1970-01-01, 0 and 1 for no and yes; :data:`UNANSWERED` where there is no answer. Returns a byte a case,
        see :data:`OUTCOMES`, and for each output a 64-bit integer a case: :data:`NO_VALUE` where there is none, and in
        every case that is not computed: what a refused one would have come to is not to be added up by mistake.
        """
        given, length = self._given(columns)
        outcomes = np.empty(length, _KINDS["u8"])
        values = {name: np.empty(length, _KINDS["i64"]) for name in self._outputs}
        for start in range(0, length, self._room):
            stop = min(start + self._room, length)
            for name, column in given.items():
                self._inputs[name][: stop - start] = column[start:stop] if column.ndim else column
            self._host.demand("run", stop - start)
            outcomes[start:stop] = self._outcomes[: stop - start]
            undecided = self._outcomes[: stop - start] != COMPUTED
            for name, view in self._outputs.items():
                view[: stop - start][undecided] = NO_VALUE
                values[name][start:stop] = view[: stop - start]
        return outcomes, values

    def _given(self, columns: Mapping) -> tuple[dict[str, np.ndarray], int]:
        """The columns as arrays that can be copied without a number being changed, and how many cases they hold."""
        if columns.keys() != self._inputs.keys():
            wrong = ", ".join(f"`{name}`" for name in sorted(columns.keys() ^ self._inputs.keys()))
            raise BatchError("batch-request", f"{wrong}: either given and not opened, or opened and not given",
                             f"opened are {' '.join(self._inputs)}")
        given = {name: self._column(name, columns[name]) for name in self._inputs}
        lengths = {name: len(column) for name, column in given.items() if column.ndim}
        if len(set(lengths.values())) != 1:
            found = ", ".join(f"`{name}` {length}" for name, length in lengths.items())
            raise BatchError("batch-request", f"columns of different lengths: {found}" if lengths
                             else "no column says how many cases there are")
        return given, next(iter(lengths.values()))

    def _column(self, name: str, column) -> np.ndarray:
        dtype = self._inputs[name].dtype
        array = np.asarray(column)
        if array.ndim == 1 and np.can_cast(array.dtype, dtype, "safe"):
            return array
        if array.ndim == 0 and array.dtype.kind in "biuf":
            # One number may be written shorter than it came, where it is still the same number.
            with np.errstate(invalid="ignore"):
                number = array.astype(dtype)
            if number == array or (number != number and array != array):
                return number
        raise BatchError("wrong-type", f"`{name}` is opened as {dtype}, found {array.dtype} in {array.ndim} dimensions",
                         "give numbers that this kind of column holds unchanged")

    def _view(self, place: Mapping) -> np.ndarray:
        return self._host.view(place["at"], _KINDS[place["numbers"]], self._room)


class _Host:
    """An instance of the module, and its memory."""

    def __init__(self, wasm: str | PathLike):
        try:
            engine, module = _compiled(str(Path(wasm).resolve()), Path(wasm).stat().st_mtime_ns)
            self._store = wasmtime.Store(engine)
            self._exports = wasmtime.Instance(self._store, module, []).exports(self._store)
            self._exports["text_room"]
        except (wasmtime.WasmtimeError, KeyError) as cause:
            reason = str(cause).splitlines()[0]
            raise BatchError("wasm-load", f"{wasm} is not the module for columns: {reason}") from cause
        self._trapped = False

    def say(self, text: bytes) -> None:
        # The memory may grow for it: the address first, then the view.
        at = self._call("text_room", len(text))
        self.view(at, _KINDS["u8"], len(text))[:] = np.frombuffer(text, np.uint8)

    def demand(self, name: str, *arguments: int) -> None:
        """Calls; raises what the module refuses."""
        if self._call(name, *arguments) != 1:
            diagnostics = json.loads(self.reply())
            first = diagnostics[0]
            raise BatchError(first["code"], first["message"], first.get("help"), diagnostics)

    def reply(self) -> bytes:
        return self.view(self._call("reply_at"), _KINDS["u8"], self._call("reply_len")).tobytes()

    def view(self, at: int, dtype: np.dtype, length: int) -> np.ndarray:
        memory = self._exports["memory"]
        size = dtype.itemsize * length
        if size == 0:
            return np.empty(0, dtype)
        # What is read through a raw address must lie within the memory, whatever the module says.
        if at + size > memory.data_len(self._store):
            raise BatchError("engine-trap", f"{size} bytes at {at} are not in the module's memory")
        return np.frombuffer(memory.get_buffer_ptr(self._store, size, at), dtype)

    def _call(self, name: str, *arguments: int) -> int:
        if self._trapped:
            raise BatchError("engine-trap", "this batch has stopped for good", "open another one")
        try:
            # Addresses are unsigned; wasmtime gives 32 bits with a sign.
            return self._exports[name](self._store, *arguments) & 0xFFFF_FFFF
        except (wasmtime.Trap, wasmtime.WasmtimeError) as cause:
            self._trapped = True
            raise BatchError("engine-trap", f"the engine stopped: {str(cause).splitlines()[0]}") from cause


@lru_cache
def _compiled(path: str, _changed: int) -> tuple[wasmtime.Engine, wasmtime.Module]:
    """Compiled once a process, and once a machine where wasmtime can keep it."""
    config = wasmtime.Config()
    try:
        config.cache = True
    except wasmtime.WasmtimeError:
        pass  # no home to write to
    engine = wasmtime.Engine(config)
    return engine, wasmtime.Module.from_file(engine, path)
