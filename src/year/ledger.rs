//! Balances: what a posting does, and what a new year starts with.

use super::fold::OPENING_DAY;
use crate::case::{Answer, Encoded, Value, encode_one, value_of};
use crate::date::Date;
use crate::decision::{Engine, NamedValue, Value as Shown, unit_word};
use crate::diagnostic::{Diagnostic, Diagnostics, clipped};
use crate::evaluate::Slot;
use crate::number::{Wide, narrow, wide};
use crate::plan::{Entry, EntryKind, Input, Ledger, MOST, Reason, Service, State};

/// An entry of the ledger, and the input that its balance is read as.
pub(super) struct Account<'a> {
    of: &'a Entry,
    input: Input,
}

/// The balances of all entries, each at the denominator of its input, and the settlement year they belong to.
pub(super) struct Balances<'a> {
    pub(super) accounts: &'a [Account<'a>],
    pub(super) values: Vec<Balance>,
    pub(super) year: Option<Date>,
}

/// What an entry holds, and, where that is nothing, why: the reason of the encounter that left it so.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Balance {
    pub(super) value: Value,
    pub(super) why: Option<Reason>,
}

impl Balance {
    pub(super) fn of(value: Value) -> Self {
        Self { value, why: None }
    }

    /// Gives an answer this value, and the reason why it has none.
    pub(super) fn answer(&self, at: usize, encoded: &mut Encoded) {
        let Some(slot) = encoded.inputs.get_mut(at) else { return };
        *slot = self.value;
        if let Some(why) = &self.why {
            encoded.carried.push((at, why.clone()));
        }
    }

    /// Takes a state in, unless it has a worse one.
    fn worsen(&mut self, other: Self) {
        let worse = match (self.value, other.value) {
            (Err(State::NotApplicable) | Ok(_), Err(_)) => true,
            (Err(known), Err(state)) => state > known,
            _ => false,
        };
        if worse {
            *self = other;
        }
    }
}

/// The value an entry has at the start of a year: nothing was added, counted or seen yet.
fn fresh(account: &Account<'_>) -> Balance {
    Balance::of(match account.of.kind {
        EntryKind::Sum | EntryKind::Count => Ok(0),
        // The highest of none is the least there can be.
        EntryKind::Max => Ok(account.input.min),
        EntryKind::Last => Err(State::NotApplicable),
    })
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
) -> Result<Vec<Balance>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut values: Vec<Balance> = accounts.iter().map(fresh).collect();
    for (name, answer) in given {
        if name == OPENING_DAY {
            continue;
        }
        match accounts.iter().zip(&mut values).find(|(entry, _)| entry.of.id == *name) {
            Some((entry, value)) => match encode_one(engine.plan(), &entry.input, answer) {
                Ok(given) => *value = Balance::of(given),
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

/// What a later encounter may read of one that is decided: a register, its denominator, and why it has no value.
#[derive(Debug, Clone)]
pub(super) struct Carried {
    pub(super) slot: Slot<Wide>,
    pub(super) den: Wide,
    pub(super) why: Option<Reason>,
}

impl Carried {
    /// The value at the denominator of the input that reads it.
    pub(super) fn over(&self, input: &Input) -> Balance {
        if !self.slot.is_known() {
            return Balance { value: Err(self.slot.state), why: self.why.clone() };
        }
        let scale = wide(input.den).checked_div(self.den);
        let n = scale.and_then(|scale| self.slot.num.checked_mul(scale)).and_then(narrow);
        Balance::of(n.ok_or(State::Failed))
    }
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
        for (at, input) in service.program.inputs.iter().enumerate() {
            for (entry, value) in self.accounts.iter().zip(&self.values) {
                if entry.input.name == input.name {
                    value.answer(at, encoded);
                }
            }
        }
    }

    /// Posts what an encounter came to to the entry named.
    pub(super) fn post(&mut self, id: &str, carried: &Carried) {
        let mut balances = self.accounts.iter().zip(&mut self.values);
        let Some((Account { of, input }, balance)) = balances.find(|(account, _)| account.of.id == id) else { return };
        let posted = carried.over(input);
        match (posted.value, balance.value) {
            (Err(State::NotApplicable), _) => {}
            // What was last is what was posted last, whatever was before.
            _ if of.kind == EntryKind::Last => *balance = posted,
            (Ok(n), Ok(before)) => {
                *balance = Balance::of(Ok(match of.kind {
                    EntryKind::Max => Ord::max(before, n),
                    _ => before.saturating_add(n),
                }));
            }
            (Ok(_), Err(_)) => {}
            // An encounter that could not be computed leaves the balance open to those after it.
            (Err(_), _) => balance.worsen(posted),
        }
    }

    /// The first entry that went past its bounds, in words.
    pub(super) fn beyond(&self) -> Option<String> {
        for (Account { of, input }, value) in self.accounts.iter().zip(&self.values) {
            if let Ok(n) = value.value
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
            let (state, text) = match value.value {
                Ok(n) => (State::Known, value_of(input.kind, wide(input.den), wide(n))),
                Err(state) => (state, String::new()),
            };
            let value = Shown { state, text, unit: unit_word(input.kind), label: None };
            all.push(NamedValue { id: of.id.clone(), label: of.label.clone(), value });
        }
        all
    }
}
