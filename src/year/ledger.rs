//! Balances: what a posting does, and what a new year starts with.

use super::fold::OPENING_DAY;
use crate::case::{Answer, Encoded, encode_one, value_of};
use crate::date::Date;
use crate::decision::{Engine, NamedValue, Value, unit_word};
use crate::diagnostic::{Diagnostic, Diagnostics, clipped};
use crate::evaluate::Slot;
use crate::number::{Wide, narrow, wide};
use crate::plan::{Entry, EntryKind, Input, Ledger, MOST, Service, State};

/// An entry of the ledger, and the input that its balance is read as.
pub(super) struct Account<'a> {
    of: &'a Entry,
    input: Input,
}

/// The balances of all entries, each at the denominator of its input, and the settlement year they belong to.
pub(super) struct Balances<'a> {
    pub(super) accounts: &'a [Account<'a>],
    pub(super) values: Vec<Result<i64, State>>,
    pub(super) year: Option<Date>,
}

/// The value an entry has at the start of a year: nothing was added, counted or seen yet.
fn fresh(account: &Account<'_>) -> Result<i64, State> {
    match account.of.kind {
        EntryKind::Sum | EntryKind::Count => Ok(0),
        // The highest of none is the least there can be.
        EntryKind::Max => Ok(account.input.min),
        EntryKind::Last => Err(State::NotApplicable),
    }
}

/// The entries of a plan that some service reads or posts.
pub(super) fn accounts(engine: &Engine) -> Vec<Account<'_>> {
    let mut all = Vec::new();
    let Some(ledger) = &engine.plan().ledger else { return all };
    for (at, of) in ledger.entries.iter().enumerate() {
        if let Some(input) = read_as(engine, at, &["ledger.", &of.id].concat()) {
            all.push(Account { of, input });
        }
    }
    all
}

/// The input that an entry is read as. One that is posted but read by no service still counts; its bounds are then open.
fn read_as(engine: &Engine, at: usize, name: &str) -> Option<Input> {
    let services = &engine.plan().services;
    for service in services {
        if let Some(input) = service.program.inputs.iter().find(|i| i.name == name) {
            return Some(input.clone());
        }
    }
    for (index, service) in services.iter().enumerate() {
        if let Some((_, reg)) = service.outputs.posts.iter().find(|(entry, _)| *entry as usize == at) {
            let shape = engine.shapes(index)?.get(*reg).ok()?;
            return Some(Input {
                name: name.into(),
                kind: shape.kind,
                den: narrow(shape.den)?,
                min: 0,
                max: MOST,
                only: Vec::new(),
                absent: State::Unknown,
                reason: 0,
            });
        }
    }
    None
}

/// Opening balances, each checked like any answer.
pub(super) fn opening(
    engine: &Engine,
    accounts: &[Account<'_>],
    given: &[(String, Answer)],
) -> Result<Vec<Result<i64, State>>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut values: Vec<Result<i64, State>> = accounts.iter().map(fresh).collect();
    for (name, answer) in given {
        if name == OPENING_DAY {
            continue;
        }
        match accounts.iter().zip(&mut values).find(|(entry, _)| entry.of.id == *name) {
            Some((entry, value)) => match encode_one(engine.plan(), &entry.input, answer) {
                Ok(given) => *value = given,
                Err(e) => problems.append(e),
            },
            None => {
                let message = format!("the ledger has no entry `{}`", clipped(name));
                let problem = Diagnostic::fault("unknown-entry", message, answer.place.as_ref(), "");
                let known = engine.plan().ledger.as_ref().map_or(&[][..], |ledger| &ledger.entries);
                problems.push(problem.meant(name, known.iter().map(|entry| entry.id.as_str())));
            }
        }
    }
    problems.or(values)
}

/// A register's value at the denominator of the input that reads it.
pub(super) fn scaled(slot: Slot<Wide>, den: Wide, input: &Input) -> Result<i64, State> {
    if !slot.is_known() {
        return Err(slot.state);
    }
    let scale = wide(input.den).checked_div(den);
    let n = scale.and_then(|scale| slot.num.checked_mul(scale)).and_then(narrow);
    n.ok_or(State::Failed)
}

/// What an input's value comes to, against what it can be.
pub(super) fn comes_to(input: &Input, n: i64) -> String {
    let text = |n: i64| value_of(input.kind, wide(input.den), wide(n));
    format!("comes to {}, it can be from {} to {}", text(n), text(input.min), text(input.max))
}

impl Balances<'_> {
    /// Starts a new year, if this day belongs to another one.
    pub(super) fn turn(&mut self, ledger: Option<&Ledger>, day: Option<Date>) {
        let (Some(ledger), Some(day)) = (ledger, day) else { return };
        let start = ledger.year.year_start(day);
        if self.year.is_some_and(|y| y != start) {
            for (entry, value) in self.accounts.iter().zip(&mut self.values) {
                // What was seen last outlives the year; sums, counts and maxima do not.
                if entry.of.kind != EntryKind::Last {
                    *value = fresh(entry);
                }
            }
        }
        self.year = Some(start);
    }

    /// Writes the balances into the answers of a service that reads them.
    pub(super) fn write(&self, service: &Service, encoded: &mut Encoded) {
        for (input, slot) in service.program.inputs.iter().zip(&mut encoded.inputs) {
            for (entry, value) in self.accounts.iter().zip(&self.values) {
                if entry.input.name == input.name {
                    *slot = *value;
                }
            }
        }
    }

    /// Posts a register's value (over `den`) to the entry named.
    pub(super) fn post(&mut self, id: &str, slot: Slot<Wide>, den: Wide) {
        let mut balances = self.accounts.iter().zip(&mut self.values);
        let Some((Account { of, input }, value)) = balances.find(|(account, _)| account.of.id == id) else { return };
        let scale = wide(input.den).checked_div(den).unwrap_or(1);
        let posted = slot.num.checked_mul(scale).and_then(narrow);
        *value = match (slot.state, *value, posted) {
            (State::NotApplicable, before, _) => before,
            (State::Known, Ok(before), Some(n)) => Ok(match of.kind {
                EntryKind::Sum | EntryKind::Count => before.saturating_add(n),
                EntryKind::Max => Ord::max(before, n),
                EntryKind::Last => n,
            }),
            (State::Known, Err(State::NotApplicable), Some(n)) => Ok(n),
            (State::Known, before, _) => before,
            // An encounter that could not be computed leaves the balance unknown to those after it.
            (state, ..) => Err(state),
        };
    }

    /// The first entry that went past its bounds, in words.
    pub(super) fn beyond(&self) -> Option<String> {
        for (Account { of, input }, value) in self.accounts.iter().zip(&self.values) {
            if let Ok(n) = *value
                && (n > input.max || n < input.min)
            {
                return Some(format!("the balance `{}` {}", of.id, comes_to(input, n)));
            }
        }
        None
    }

    pub(super) fn view(&self) -> Vec<NamedValue> {
        let mut all = Vec::new();
        for (Account { of, input }, value) in self.accounts.iter().zip(&self.values) {
            let (state, text) = match *value {
                Ok(n) => (State::Known, value_of(input.kind, wide(input.den), wide(n))),
                Err(state) => (state, String::new()),
            };
            let value = Value { state, text, unit: unit_word(input.kind), label: None };
            all.push(NamedValue { id: of.id.clone(), label: of.label.clone(), value });
        }
        all
    }
}
