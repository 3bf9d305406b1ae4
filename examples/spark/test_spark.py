"""`python3 examples/spark/run.py --test`. Apart from the project's tests: it needs Java and 0.9 GB."""

import pickle
import unittest
from datetime import date

import numpy as np
import pyarrow as pa

import alone
import cases
from job import DECIDE, KEEP, Job, session
from paths import PLAN, PORTAL, WASM
from yibao_arrow import WHOLE, decided
from yibao_batch import (CASES_AT_ONCE, COMPUTED, INCOMPLETE, INVALID, NO_VALUE, REFUSED, UNANSWERED, Batch,
                         BatchError)
from yibao_spark import decider, schema

#: In the city, in a hospital of level 3 owned by the city, from 2023-06-20 (day 19,528), nothing outside the catalogue.
STAY = {"out_of_scope": 0, "over_limit": 0, "first_pay": 0,
        "admission_date": 19_528, "scheme": 0, "place": 0, "level": 2}


def opened(**changed) -> Batch:
    return Batch(WASM, changed.pop("plan", PLAN), changed.pop("service", cases.SERVICE),
                 **{"inputs": cases.INPUTS, "outputs": cases.OUTPUTS} | changed)


def fen(*amounts: int) -> np.ndarray:
    return np.array(amounts, np.int64)


class ByHand(unittest.TestCase):
    # (20,000 − 700) × 75 % = 14,475; 700 and less: nothing; one fen more: 0.0075, half up 0.01.
    TOTALS, PATIENT, FUND = [2_000_000, 70_000, 70_001, 69_999], [552_500, 70_000, 70_000, 69_999], [1_447_500, 0, 1, 0]

    def test_at_the_deductible(self):
        for kind in ("i64", "f64", "i32"):
            with self.subTest(kind):
                batch = opened(inputs=cases.INPUTS | {"total": kind})
                totals = np.array(self.TOTALS, {"i64": np.int64, "f64": np.float64, "i32": np.int32}[kind])
                outcomes, values = batch.run(STAY | {"total": totals})
                self.assertEqual(outcomes.tolist(), [COMPUTED] * 4)
                self.assertEqual(values["patient"].tolist(), self.PATIENT)
                self.assertEqual(values["basic"].tolist(), self.FUND)

    def test_each_level(self):
        # On 20,000 yuan: (20,000 − 200) × 85 %, (− 500) × 80 %, (− 700) × 75 %, (− 1,000) × 70 %.
        batch = opened(inputs=cases.INPUTS | {"level": "u8"})
        self.assertEqual(batch.options["level"], ["first", "county", "city_third", "provincial_third"])
        _, values = batch.run(STAY | {"total": 2_000_000, "level": np.arange(4, dtype=np.uint8)})
        self.assertEqual(values["basic"].tolist(), [1_683_000, 1_560_000, 1_447_500, 1_330_000])

    def test_what_is_not_computed_leaves_the_others_alone(self):
        totals = fen(UNANSWERED["i64"], 2_000_000, -1, 2_000_000)
        outcomes, values = opened().run(STAY | {"total": totals, "place": np.array([0, 2, 0, 0], np.int32)})
        self.assertEqual(outcomes.tolist(), [INCOMPLETE, REFUSED, INVALID, COMPUTED])
        self.assertEqual(values["patient"].tolist(), [NO_VALUE, NO_VALUE, NO_VALUE, 552_500])

    def test_as_many_as_there_are(self):
        batch = opened()
        for length in (0, 1, CASES_AT_ONCE - 1, CASES_AT_ONCE, CASES_AT_ONCE + 1, 3 * CASES_AT_ONCE + 5):
            with self.subTest(length):
                totals = np.resize(fen(*self.TOTALS), length)
                outcomes, values = batch.run(STAY | {"total": totals})
                self.assertEqual(outcomes.tolist(), [COMPUTED] * length)
                self.assertEqual(values["basic"].tolist(), np.resize(self.FUND, length).tolist())

    def test_every_second_case_of_a_longer_column(self):
        totals = np.repeat(fen(*self.TOTALS), 2)[::2]
        self.assertEqual(opened().run(STAY | {"total": totals})[1]["basic"].tolist(), self.FUND)


class Errors(unittest.TestCase):
    def refused(self, code: str, words: str, work) -> BatchError:
        with self.assertRaises(BatchError) as caught:
            work()
        self.assertEqual(caught.exception.code, code)
        self.assertIn(words, str(caught.exception))
        return caught.exception

    def test_of_the_module(self):
        for code, words, changed in [
            ("bad-plan", "missing field `format`", {"plan": b"{}"}),
            ("bad-plan", "line 1 column 1", {"plan": b"\xff"}),
            ("unknown-service", "services are inpatient", {"service": "inpatients"}),
            ("unknown-fact", "the service reads no `totle`; there are total", {"inputs": {"totle": "i64"}}),
            ("unknown-step", "`patiant`", {"outputs": ["patiant"]}),
            ("batch-request", "unknown variant `i65`", {"inputs": {"total": "i65"}}),
            ("batch-request", "room for 1048577 cases", {"cases_at_once": 1_048_577}),
            ("batch-request", "room for 0 cases", {"cases_at_once": 0}),
        ]:
            with self.subTest(changed):
                problem = self.refused(code, words, lambda: opened(**changed))
                self.assertEqual(problem.diagnostics[0]["code"], code)

    def test_of_another_module(self):
        for wasm, words in [(PLAN, "is not the module for columns"), (PORTAL, "imports")]:
            self.refused("wasm-load", words, lambda: Batch(wasm, PLAN, "inpatient", inputs={}, outputs=[]))

    def test_more_cases_than_there_is_room_for(self):
        host = opened(cases_at_once=10)._host
        self.refused("batch-request", "11 cases, there is room for 10", lambda: host.demand("run", 11))

    def test_of_columns(self):
        batch = opened()
        for code, words, changed in [
            ("wrong-type", "`total` is opened as int64, found float64", {"total": np.array([1.5])}),
            ("wrong-type", "`level` is opened as int32, found int64", {"level": np.array([1])}),
            ("wrong-type", "`level`", {"level": 2**31}),
            ("wrong-type", "`level`", {"level": 0.5}),
            ("wrong-type", "in 2 dimensions", {"total": np.zeros((2, 2), np.int64)}),
            ("wrong-type", "`total`", {"total": ["20000"]}),
            ("batch-request", "of different lengths: `total` 1, `level` 2", {"level": np.array([1, 2], np.int32)}),
            ("batch-request", "no column says how many", {"total": 5}),
            ("batch-request", "`totle`: either given and not opened", {"totle": fen(1)}),
        ]:
            with self.subTest(changed):
                self.refused(code, words, lambda: batch.run(STAY | {"total": fen(1)} | changed))
        self.refused("batch-request", "`total`", lambda: batch.run(STAY))

    def test_a_trap_ends_the_batch(self):
        batch = opened()
        batch._host._store.set_limits(memory_size=batch._host._exports["memory"].data_len(batch._host._store))
        self.refused("engine-trap", "the engine stopped", lambda: batch._host.say(bytes(2**26)))
        self.refused("engine-trap", "stopped for good", lambda: batch.run(STAY | {"total": fen(1)}))

    def test_crosses_processes(self):
        problem = self.refused("unknown-service", "inpatients", lambda: opened(service="inpatients"))
        again = pickle.loads(pickle.dumps(problem))
        self.assertEqual((str(again), again.diagnostics), (str(problem), problem.diagnostics))


class Arrow(unittest.TestCase):
    def records(self, **changed) -> pa.RecordBatch:
        stay = {name: pa.array([number] * 2, WHOLE[cases.INPUTS[name]]) for name, number in STAY.items()}
        return pa.RecordBatch.from_pydict(
            {"id": pa.array(["a", "b"]), "total": pa.array([2_000_000, None], pa.int64())} | stay | changed)

    def test_null_is_no_answer_and_no_value(self):
        for changed in ({}, {"admission_date": pa.array([date(2023, 6, 20)] * 2)}):
            found = decided(opened(), cases.INPUTS, self.records(**changed), ["id"])
            self.assertEqual(found.to_pydict(), {"id": ["a", "b"], "outcome": [COMPUTED, INCOMPLETE],
                                                 "patient": [552_500, None], "basic": [1_447_500, None]})

    def test_numbers_without_room_are_refused(self):
        with self.assertRaises(pa.ArrowInvalid):
            decided(opened(), cases.INPUTS, self.records(level=pa.array([2**31, 0], pa.int64())), [])


class Sample(unittest.TestCase):
    def test_one_by_one_in_node(self):
        self.assertEqual(alone.differences_from_single(2_000, seed=11), [])


class Spark(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.spark = session(workers=2)
        cls.job = Job(cls.spark, rows=400_000, partitions=3, seed=3)
        cls.expected, _ = alone.sums(400_000, seed=3)

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()

    def test_makes_the_same_cases(self):
        rows = 20_000
        made = cases.in_spark(self.spark, rows, 3, 5).orderBy("id").toArrow()
        ours = cases.in_numpy(0, rows, 5)
        for name, kind in cases.INPUTS.items():
            column = made[name].fill_null(UNANSWERED[kind]).to_numpy()
            self.assertTrue(np.array_equal(column, ours[name]), name)
            self.assertEqual(column.dtype, ours[name].dtype, name)

    def test_case_by_case(self):
        rows = 20_000
        frame = cases.in_spark(self.spark, rows, 3, 5)
        found = frame.mapInArrow(DECIDE, schema(frame, KEEP, cases.OUTPUTS)).orderBy("id").toArrow()
        outcomes, values = alone.opened().run(cases.in_numpy(0, rows, 5))
        self.assertEqual(found["outcome"].to_pylist(), outcomes.tolist())
        for name, column in values.items():
            self.assertEqual(found[name].fill_null(NO_VALUE).to_pylist(), column.tolist())

    def test_sums(self):
        found = self.job.mapped(DECIDE)
        self.assertEqual(found, self.expected)
        self.assertEqual(found.computed + found.incomplete + found.refused + found.invalid, 400_000)
        self.assertGreater(min(found.computed, found.incomplete, found.refused, found.invalid), 0)

    def test_a_killed_worker_changes_nothing(self):
        found, failed = self.job.killed()
        self.assertEqual((found, failed), (self.expected, 1))

    def test_what_the_module_refuses_ends_the_job_with_its_words(self):
        frame = self.job.cases()
        wrong = decider(WASM.name, PLAN.name, "inpatients", inputs=cases.INPUTS, outputs=cases.OUTPUTS, keep=KEEP)
        with self.assertRaisesRegex(Exception, "unknown-service: there is no service `inpatients`"):
            frame.mapInArrow(wrong, schema(frame, KEEP, cases.OUTPUTS)).count()


if __name__ == "__main__":
    unittest.main()
