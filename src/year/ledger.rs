//! Balances: what a posting does, and what a new year starts with.

use crate::case::value_of;
use crate::date::Date;
use crate::decision::{NamedValue, Value, unit_word};
use crate::evaluate::Slot;
use crate::plan::{EntryKind, Input, Ledger, State};

/// One balance, at the denominator of its input.
#[derive(Debug, Clone)]
pub(super) struct Balance {
    pub(super) value: Result<i64, State>,
    pub(super) input: Input,
    kind: EntryKind,
    id: String,
    label: crate::plan::Text,
}

/// All balances and the settlement year they belong to.
#[derive(Debug, Clone)]
pub(super) struct Balances {
    pub(super) all: Vec<Balance>,
    pub(super) year: Option<Date>,
}

/// The value an entry has at the start of a year: nothing was added, counted or seen yet.
fn fresh(kind: EntryKind, input: &Input) -> Result<i64, State> {
    match kind {
        EntryKind::Sum | EntryKind::Count => Ok(0),
        // The highest of none is the least there can be.
        EntryKind::Max => Ok(input.min),
        EntryKind::Last => Err(State::NotApplicable),
    }
}

impl Balances {
    /// Fresh balances of a ledger whose inputs are declared by its services.
    pub(super) fn new(ledger: Option<&Ledger>, input: impl Fn(&str) -> Option<Input>) -> Self {
        let entries = ledger.map(|l| l.entries.as_slice()).unwrap_or_default();
        let all = entries
            .iter()
            .filter_map(|e| {
                let input = input(&format!("ledger.{}", e.id))?;
                Some(Balance {
                    value: fresh(e.kind, &input),
                    input,
                    kind: e.kind,
                    id: e.id.clone(),
                    label: e.label.clone(),
                })
            })
            .collect();
        Self { all, year: None }
    }

    /// Starts a new year, if this day belongs to another one.
    pub(super) fn turn(&mut self, ledger: Option<&Ledger>, day: Option<Date>) {
        let (Some(ledger), Some(day)) = (ledger, day) else { return };
        let start = ledger.year.year_start(day);
        if self.year.is_some_and(|y| y != start) {
            for balance in &mut self.all {
                // What was seen last outlives the year; sums, counts and maxima do not.
                if balance.kind != EntryKind::Last {
                    balance.value = fresh(balance.kind, &balance.input);
                }
            }
        }
        self.year = Some(start);
    }

    /// Posts a register's value (over `den`) to the entry named.
    pub(super) fn post(&mut self, id: &str, slot: Slot<i128>, den: i128) {
        let Some(balance) = self.all.iter_mut().find(|b| b.id == id) else { return };
        let scale = i128::from(balance.input.den).checked_div(den).unwrap_or(1);
        let posted = slot.num.checked_mul(scale).and_then(|n| i64::try_from(n).ok());
        balance.value = match (slot.state, balance.value, posted) {
            (State::NotApplicable, before, _) => before,
            (State::Known, Ok(before), Some(n)) => Ok(match balance.kind {
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
        let beyond = self.all.iter().find(|b| b.value.is_ok_and(|n| n > b.input.max || n < b.input.min))?;
        let text = |n: i64| value_of(beyond.input.kind, i128::from(beyond.input.den), i128::from(n));
        let now = beyond.value.map(text).unwrap_or_default();
        Some(format!(
            "the balance `{}` comes to {now}, it can be from {} to {}",
            beyond.id,
            text(beyond.input.min),
            text(beyond.input.max)
        ))
    }

    pub(super) fn view(&self) -> Vec<NamedValue> {
        self.all
            .iter()
            .map(|b| {
                let text =
                    b.value.map(|n| value_of(b.input.kind, i128::from(b.input.den), i128::from(n))).unwrap_or_default();
                let state = b.value.err().unwrap_or(State::Known);
                NamedValue {
                    id: b.id.clone(),
                    label: b.label.clone(),
                    value: Value { state, text, unit: unit_word(b.input.kind), label: None },
                }
            })
            .collect()
    }
}
