//! One block of 64 cases after the other: answers in, kernels, outcomes and values out.

use super::assemble::{Assembly, Step};
use super::bank::{OneCase, Row, any, bit, lanes, mask};
use super::column::{Column, Given, ListColumn, checked, fill};
use super::kernel::{Room, run};
use super::lane::{LANES, Lane};
use super::open::Output;
use super::{Outcome, Values};
use crate::case::{Encoded, Value};
use crate::decision::{self, Engine, decide_encoded, framed_limit, refuses_before};
use crate::evaluate::{Answers, Records, Registers, Slot, aggregate, run_op};
use crate::plan::{Input, LOCAL, Linked, Op, Plan, Reg, Service, State, Status};

/// What a service is asked, as registers.
#[derive(Debug)]
pub(super) struct Asked {
    /// Registers that the service answers with.
    pub(super) answers: Vec<Reg>,
    /// What honest answers satisfy.
    pub(super) constraints: Vec<Reg>,
    /// First day of a stay.
    pub(super) as_of: Option<Reg>,
    pub(super) ends: Option<Reg>,
    /// The day that decides.
    pub(super) decides: Option<Reg>,
    /// The local limit that a frame answers where it is open.
    pub(super) framed: Option<Reg>,
    pub(super) has_verdict: bool,
    pub(super) has_period: bool,
    pub(super) is_proposal: bool,
}

impl Asked {
    pub(super) fn of(plan: &Plan, service: &Service) -> Self {
        let framed = framed_limit(service);
        Self {
            answers: service.answered(framed.is_some()),
            constraints: service.outputs.constraints.iter().map(|c| c.holds).collect(),
            as_of: service.as_of,
            ends: service.ends,
            decides: service.deciding_day(),
            framed,
            has_verdict: service.outputs.verdict.is_some(),
            has_period: plan.pack.from.is_some() || plan.pack.until.is_some(),
            is_proposal: plan.pack.status == Status::Proposal,
        }
    }

    /// Every register that an outcome rests on.
    pub(super) fn roots(&self) -> Vec<Reg> {
        let mut all = self.answers.clone();
        all.extend_from_slice(&self.constraints);
        all.extend(self.as_of);
        all.extend(self.ends);
        all.extend(self.framed);
        all
    }
}

/// A run over columns.
pub(super) struct Work<'a, L> {
    pub(super) assembly: &'a mut Assembly<L>,
    pub(super) engine: &'a Engine,
    pub(super) service: &'a Service,
    pub(super) program: &'a Linked<i64>,
    pub(super) asked: &'a Asked,
    pub(super) columns: &'a [Column<'a>],
    pub(super) lists: &'a [Option<ListColumn<'a>>],
}

impl<L: Lane> Work<'_, L> {
    pub(super) fn run(&mut self, outputs: &[Output], outcomes: &mut [Outcome], values: &mut [Values<'_>]) {
        let mut spare = Box::new(Row::new(Slot::without(State::Unknown, 0)));
        let mut room = Room::new();
        for (block, outcomes) in outcomes.chunks_mut(LANES).enumerate() {
            let first = block.wrapping_mul(LANES);
            let live = u64::MAX >> (LANES.wrapping_sub(outcomes.len()) & 63);
            let mut invalid = self.fill(first, outcomes.len());
            invalid |= self.bad_lists(first, live);
            let answers = self.records(first, live & !invalid);
            for at in 0..self.assembly.steps.len() {
                self.step(at, live & !invalid, &answers, &mut spare, &mut room);
            }
            let blank = self.outcomes(first, invalid, outcomes);
            self.write(first, outcomes.len(), blank, outputs, values);
        }
    }

    fn inputs(&self) -> &[Input] {
        &self.service.program.inputs
    }

    /// Reads the answers of a block; a bit for each case with one that is none.
    fn fill(&mut self, first: usize, cases: usize) -> u64 {
        let mut invalid = 0;
        let Assembly { bank, fixed_open, .. } = &mut *self.assembly;
        bank.any_open = *fixed_open;
        for (at, (input, column)) in self.service.program.inputs.iter().zip(self.columns).enumerate() {
            // An answer that nothing reads is checked all the same.
            let place = bank.row_of.get(at).copied();
            let mut unread = None;
            let row = match place.and_then(|place| bank.rows.get_mut(place)) {
                Some(row) => &mut **row,
                None if matches!(column, Column::Absent) => continue,
                None => unread.insert(Row::new(Slot::without(State::Unknown, 0))),
            };
            invalid |= fill_row(row, input, column, first, cases);
            bank.any_open |= row.open != 0;
        }
        invalid
    }

    /// A bit for each case with a record that is none, or with too many.
    fn bad_lists(&self, first: usize, live: u64) -> u64 {
        let mut bad = 0;
        for (list, column) in self.service.program.lists.iter().zip(self.lists) {
            let Some(column) = column else { continue };
            for lane in lanes(live) {
                let range = records_of(column, first.wrapping_add(lane));
                let fits = range.len() <= list.max as usize;
                let each = |at: usize| {
                    list.fields
                        .iter()
                        .zip(column.fields)
                        .all(|(field, column)| checked(field, column.given(at)).is_ok())
                };
                if !fits || !range.into_iter().all(each) {
                    bad |= bit(lane);
                }
            }
        }
        bad
    }

    /// The records of each case, where something reads them.
    fn records(&self, first: usize, live: u64) -> Vec<Answers<i64>> {
        let mut all = Vec::new();
        if !self.assembly.lists {
            return all;
        }
        for lane in 0..LANES {
            let mut answers = Answers { inputs: Vec::new(), lists: Vec::new() };
            if live & bit(lane) != 0 {
                for list in self.encoded_lists(first.wrapping_add(lane)) {
                    let slot = |value: &Value| match value {
                        Ok(n) => Slot::known(*n),
                        Err(State::Known) => Slot::without(State::Unknown, 0),
                        Err(state) => Slot::without(*state, 0),
                    };
                    let records = |all: Vec<Vec<Value>>| -> Records<i64> {
                        all.iter().map(|record| record.iter().map(slot).collect()).collect()
                    };
                    answers.lists.push(list.map(records));
                }
            }
            all.push(answers);
        }
        all
    }

    fn encoded_lists(&self, case: usize) -> Vec<Option<Vec<Vec<Value>>>> {
        let mut all = Vec::new();
        for (at, list) in self.service.program.lists.iter().enumerate() {
            let column = self.lists.get(at).and_then(Option::as_ref);
            all.push(column.map(|column| {
                let record = |at: usize| {
                    let fields = list.fields.iter().zip(column.fields);
                    fields.map(|(field, column)| answer(field, column.given(at))).collect()
                };
                records_of(column, case).map(record).collect()
            }));
        }
        all
    }

    /// The answers of one case, as a case's reader hands them over.
    fn encoded(&self, case: usize) -> Encoded {
        let inputs = self.inputs().iter().zip(self.columns);
        Encoded {
            inputs: inputs.map(|(input, column)| answer(input, column.given(case))).collect(),
            lists: self.encoded_lists(case),
            ..Encoded::default()
        }
    }

    #[inline(never)]
    fn step(&mut self, at: usize, live: u64, answers: &[Answers<i64>], spare: &mut Box<Row<L>>, room: &mut Room<L>) {
        let Assembly { steps, bank, .. } = &mut *self.assembly;
        let Some(Step { op, row, kernel, reads }) = steps.get(at) else { return };
        spare.open = 0;
        let mut redo = run(kernel, bank, spare, room);
        if bank.any_open {
            for read in reads {
                redo |= bank.row(*read).open;
            }
        }
        if let Some(op) = self.program.ops.get(*op) {
            let groups = &self.engine.plan().groups;
            for lane in lanes(redo & live) {
                let case = OneCase { bank, lane };
                let slot = match op {
                    Op::Aggregate { .. } => match answers.get(lane) {
                        Some(answers) => aggregate(op, self.program, groups, answers, &registers(&case), &()),
                        None => Slot::without(State::Failed, 0),
                    },
                    op => run_op(op, &self.program.tables, groups, &case, &()),
                };
                spare.set(lane, slot);
            }
        }
        bank.any_open |= spare.open != 0;
        if let Some(place) = bank.rows.get_mut(*row) {
            core::mem::swap(place, spare);
        }
    }

    /// Writes the outcomes; a bit for each case of which no value is shown.
    #[inline(never)]
    fn outcomes(&self, first: usize, invalid: u64, outcomes: &mut [Outcome]) -> u64 {
        let (bank, asked) = (&self.assembly.bank, self.asked);
        let mut contradicted = 0;
        for reg in &asked.constraints {
            let row = bank.of(*reg);
            contradicted |= row.noughts() & !row.open;
        }
        let mut open = 0;
        for reg in asked.answers.iter().chain(&asked.framed) {
            open |= bank.of(*reg).open;
        }
        let bad = invalid | contradicted;
        let (early, dateless) = self.out_of_force();
        let mut blank = 0;
        if bad | open | early | dateless == 0 {
            outcomes.fill(Outcome::Computed);
            return blank;
        }
        for (lane, outcome) in outcomes.iter_mut().enumerate() {
            let is = |mask: u64| mask & bit(lane) != 0;
            *outcome = if !is(bad | open | early | dateless) {
                Outcome::Computed
            } else if is(bad) {
                Outcome::Invalid
            } else if is(early)
                && refuses_before(self.engine.plan(), self.service, &self.encoded(first.wrapping_add(lane)))
            {
                Outcome::Refused
            } else {
                self.undecided(first, lane, is(dateless))
            };
            // A column is made to be added up: what was refused or is not finished must not be part of a sum.
            if *outcome != Outcome::Computed {
                blank |= bit(lane);
            }
        }
        blank
    }

    /// Cases that may be refused before anything is computed, and cases without the day that a period asks for.
    fn out_of_force(&self) -> (u64, u64) {
        let asked = self.asked;
        if asked.is_proposal {
            return (u64::MAX, 0);
        }
        let Some(day) = asked.decides.map(|reg| self.assembly.bank.of(reg)) else { return (0, 0) };
        let dateless = if asked.has_period { day.open } else { 0 };
        let period = &self.engine.plan().pack;
        let least = period.from.map_or(i64::MIN, |day| i64::from(day.days()));
        let past = period.until.map_or(i64::MAX, |day| i64::from(day.days()));
        let (least, past) = (L::of(least), L::of(past));
        let is_outside = |day: L| (day < least) | (day >= past);
        let outside = if any(&day.nums, is_outside) { mask(&day.nums, is_outside) } else { 0 };
        // Whether a stay is one piece takes its dates; the reader of cases is asked.
        let spans = match (asked.as_of, asked.ends) {
            (Some(first), Some(last)) => self.in_pieces(self.assembly.bank.of(first), self.assembly.bank.of(last)),
            _ => 0,
        };
        (outside & !day.open | spans, dateless)
    }

    /// Stays that may have to be split: of more than one settlement year, or longer than a piece.
    fn in_pieces(&self, first: &Row<L>, last: &Row<L>) -> u64 {
        let year = self.engine.plan().ledger.as_ref().map(|ledger| ledger.year);
        let day = |n: L| i32::try_from(n.whole()).ok().and_then(crate::date::Date::from_days);
        let mut mask = 0;
        for (lane, (from, to)) in first.nums.iter().zip(&last.nums).enumerate() {
            let long = self.service.split_days.is_some_and(|days| to.minus(*from) >= L::of(i64::from(days)));
            let crosses = || match (year, day(*from), day(*to)) {
                (Some(year), Some(from), Some(to)) => year.year_start(from) != year.year_start(to),
                _ => false,
            };
            mask |= u64::from(long || crosses()) << (lane & 63);
        }
        mask & !first.open & !last.open
    }

    /// The outcome of a case where an answer of the service is open.
    fn undecided(&self, first: usize, lane: usize, dateless: bool) -> Outcome {
        if self.asked.has_verdict {
            // Whether a verdict is to be confirmed, and by whom, takes the whole decision.
            let encoded = self.encoded(first.wrapping_add(lane));
            return match decide_encoded(self.engine, &self.service.id, &encoded).map(|decision| decision.outcome) {
                Ok(decision::Outcome::Computed) => Outcome::Computed,
                Ok(decision::Outcome::Incomplete) => Outcome::Incomplete,
                Ok(decision::Outcome::Refused) => Outcome::Refused,
                Err(_) => Outcome::Invalid,
            };
        }
        let mut unknown = dateless;
        let framed = self.asked.framed.filter(|reg| self.assembly.bank.of(*reg).slot(lane).state != State::Unset);
        for reg in self.asked.answers.iter().chain(&framed) {
            match self.assembly.bank.of(*reg).slot(lane).state {
                State::NotApplicable | State::Unset | State::Failed => return Outcome::Refused,
                State::Unknown => unknown = true,
                State::Known => {}
            }
        }
        if unknown { Outcome::Incomplete } else { Outcome::Computed }
    }

    fn write(&self, first: usize, cases: usize, blank: u64, outputs: &[Output], values: &mut [Values<'_>]) {
        let end = first.wrapping_add(cases);
        for (output, values) in outputs.iter().zip(values) {
            let row = self.assembly.bank.of(output.register);
            let none = row.open | blank;
            match values {
                Values::F64(all) => put(all.get_mut(first..end), row, none, f64::NAN, L::double),
                Values::I64(all) => put(all.get_mut(first..end), row, none, i64::MIN, L::whole),
            }
        }
    }
}

#[inline(never)]
fn put<T: Copy, L: Lane>(to: Option<&mut [T]>, row: &Row<L>, none: u64, nothing: T, of: impl Fn(L) -> T) {
    let Some(to) = to else { return };
    for (to, n) in to.iter_mut().zip(&row.nums) {
        *to = of(*n);
    }
    for lane in lanes(none) {
        if let Some(to) = to.get_mut(lane) {
            *to = nothing;
        }
    }
}

/// Fills a row; a bit for each case whose answer is none.
#[inline(never)]
fn fill_row<L: Lane>(row: &mut Row<L>, input: &Input, column: &Column<'_>, first: usize, cases: usize) -> u64 {
    let end = first.wrapping_add(cases);
    let plain = match column {
        Column::F64(all) => all.get(first..end).is_some_and(|cells| fill(cells, input, &mut row.nums)),
        Column::I64(all) => all.get(first..end).is_some_and(|cells| fill(cells, input, &mut row.nums)),
        Column::I32(all) => all.get(first..end).is_some_and(|cells| fill(cells, input, &mut row.nums)),
        Column::U8(all) => all.get(first..end).is_some_and(|cells| fill(cells, input, &mut row.nums)),
        Column::Absent | Column::Same(_) => false,
    };
    if plain {
        row.open = 0;
        return 0;
    }
    let mut invalid = 0;
    for lane in 0..cases {
        match checked(input, column.given(first.wrapping_add(lane))) {
            Ok(value) => row.set(lane, slot(input, value)),
            Err(_) => {
                row.set(lane, Slot::without(State::Failed, 0));
                invalid |= bit(lane);
            }
        }
    }
    invalid
}

/// An input's answer as a slot, as the engine makes it.
pub(super) fn slot(input: &Input, value: Value) -> Slot<i64> {
    match value {
        Ok(n) => Slot::known(n),
        Err(State::Known) => Slot::without(State::Unknown, 0),
        Err(state) => Slot::without(state, input.reason),
    }
}

/// An answer that was checked before.
fn answer(input: &Input, given: Given) -> Value {
    checked(input, given).unwrap_or(Err(input.absent))
}

/// The records of a case.
fn records_of(column: &ListColumn<'_>, case: usize) -> core::ops::Range<usize> {
    let start = |at: usize| column.starts.get(at).map_or(0, |start| *start as usize);
    start(case)..start(case.wrapping_add(1))
}

/// All registers of a case, for operations that look at many.
fn registers<L: Lane>(case: &OneCase<'_, L>) -> Vec<Slot<i64>> {
    let registers = Reg::try_from(case.bank.row_of.len()).unwrap_or(LOCAL);
    (0..registers).map(|reg| case.get(reg)).collect()
}
