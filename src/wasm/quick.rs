//! The quick path: numbers in, numbers out, nothing allocated.
//!
//! JavaScript checks the usual answers itself and writes their numbers into a buffer; the registers it asked for come
//! back in another. Whatever is not plainly computed (an answer missing, a step open, a day outside the period, a
//! number beyond 53 bits) is not decided here: the caller takes the whole path, which knows every rule.
//! Numbers cross as doubles, which hold whole numbers below 2⁵³ exactly; no arithmetic is done on them.

use crate::case::Encoded;
use crate::date::SettlementYear;
use crate::decision::{Engine, Machine};
use crate::evaluate::{Answers, Slot, blank, run};
use crate::number::{narrow, wide};
use crate::plan::{CrossesYear, Kind, MOST, Reg, Service, State, Status};

/// Buffers of one handle, and what is watched of each service.
#[derive(Debug)]
pub(super) struct Quick {
    /// One an input: its number; NaN where it is not answered, infinite where there is nothing it could be of.
    pub(super) input: Vec<f64>,
    /// One a watched register.
    pub(super) output: Vec<f64>,
    watched: Vec<Watched>,
    answers: Answers<i64>,
}

/// What is watched of a service: of each decision, and of one whose trace is read. With its registers: the figures of
/// the plan stay in them, so that a run does not cost more where a plan has more of them.
#[derive(Debug, Default)]
struct Watched {
    registers: [Vec<Reg>; 2],
    slots: Vec<Slot<i64>>,
}

/// The longest list of watched registers.
const MOST_WATCHED: usize = 4_096;

impl Quick {
    pub(super) fn new(engine: &Engine) -> Self {
        let (mut inputs, mut watched) = (0, Vec::new());
        for service in &engine.plan().services {
            inputs = service.program.inputs.len().max(inputs);
            watched.push(Watched::default());
        }
        Self {
            input: vec![f64::NAN; inputs],
            output: Vec::new(),
            watched,
            answers: Answers { inputs: Vec::new(), lists: Vec::new() },
        }
    }

    /// Watches registers of a service, for its decisions or for their traces: two numbers for each, what its number
    /// means and its denominator; empty where the service has no quick path.
    pub(super) fn watch(&mut self, engine: &Engine, service: usize, traces: bool, registers: &[Reg]) -> Vec<i64> {
        let (Some(Machine::Narrow(linked)), Some(shapes)) = (engine.machine(service), engine.shapes(service)) else {
            return Vec::new();
        };
        if engine.plan().pack.status == Status::Proposal || registers.len() > MOST_WATCHED {
            return Vec::new();
        }
        let mut found = Vec::new();
        for reg in registers {
            match shapes.get(*reg) {
                Ok(shape) if shape.den <= wide(MOST) => {
                    found.push(kind_code(shape.kind));
                    found.push(narrow(shape.den).unwrap_or(1));
                }
                _ => return Vec::new(),
            }
        }
        let inputs = engine.plan().services.get(service).map_or(0, |service| service.program.inputs.len());
        if let Some(watched) = self.watched.get_mut(service) {
            watched.slots = blank(linked, inputs).collect();
            if let Some(all) = watched.registers.get_mut(usize::from(traces)) {
                *all = registers.to_vec();
            }
        }
        if self.output.len() < registers.len() {
            self.output.resize(registers.len(), 0.0);
        }
        found
    }

    /// Runs a service on the input buffer; whether the output buffer holds the whole answer.
    pub(super) fn run(&mut self, engine: &Engine, index: usize) -> bool {
        let plan = engine.plan();
        let (Some(Machine::Narrow(linked)), Some(service)) = (engine.machine(index), plan.services.get(index)) else {
            return false;
        };
        if !self.in_force(engine, service) {
            return false;
        }
        let Some(watched) = self.watched.get_mut(index) else { return false };
        let slots = &mut watched.slots;
        let first = slots.len().saturating_sub(linked.ops.len());
        if let Some(made) = slots.get_mut(first..) {
            // Nothing of the case before is left to be read.
            made.fill(Slot::without(State::Failed, 0));
        }
        for ((input, number), slot) in service.program.inputs.iter().zip(&self.input).zip(slots.iter_mut()) {
            *slot = match value(*number) {
                Ok(n) => Slot::known(n),
                Err(State::NotApplicable) => Slot::without(State::NotApplicable, input.reason),
                Err(_) if input.absent == State::Known => Slot::without(State::Unknown, 0),
                Err(_) => Slot::without(input.absent, input.reason),
            };
        }
        if self.answers.lists.len() < service.program.lists.len() {
            self.answers.lists.resize(service.program.lists.len(), None);
        }
        run(linked, &plan.groups, &self.answers, slots, &());
        let registers = &*slots;
        let contradicts = |reg: Reg| registers.get(reg as usize).is_some_and(Slot::is_false);
        if service.outputs.constraints.iter().any(|c| contradicts(c.holds)) {
            return false;
        }
        self.written(index, false)
    }

    /// Writes what is watched of the last run; whether all of it is known.
    pub(super) fn written(&mut self, index: usize, traces: bool) -> bool {
        let Some(watched) = self.watched.get(index) else { return false };
        let all = watched.registers.get(usize::from(traces)).map_or(&[][..], Vec::as_slice);
        for (reg, out) in all.iter().zip(&mut self.output) {
            match watched.slots.get(*reg as usize) {
                Some(slot) if slot.is_known() && slot.num.unsigned_abs() <= MOST.unsigned_abs() => {
                    *out = slot.num as f64
                }
                _ => return false,
            }
        }
        true
    }

    /// Whether the day is known, inside the stated period, and the stay in one settlement year and one piece.
    fn in_force(&self, engine: &Engine, service: &Service) -> bool {
        let plan = engine.plan();
        let number = |reg: Option<Reg>| value(*self.input.get(reg? as usize)?).ok();
        let (from, until) = (plan.pack.from, plan.pack.until);
        let decides = service.deciding_day();
        let Some(day) = number(decides) else {
            return decides.is_none() || (from.is_none() && until.is_none());
        };
        if from.is_some_and(|d| day < i64::from(d.days())) || until.is_some_and(|d| day >= i64::from(d.days())) {
            return false;
        }
        let (Some(first), Some(last)) = (number(service.as_of), number(service.ends)) else { return true };
        let one_piece = service.split_days.is_none_or(|days| last.saturating_sub(first) < i64::from(days));
        let borne_whole = matches!(service.crosses_year, CrossesYear::Admission | CrossesYear::Discharge);
        one_piece && (borne_whole || plan.ledger.as_ref().is_none_or(|ledger| same_year(ledger.year, first, last)))
    }

    /// The input buffer as checked answers; `tried` are inputs that are open parameters.
    pub(super) fn encoded(&self, service: &Service, tried: &[Reg]) -> Encoded {
        let program = &service.program;
        let mut encoded = Encoded { inputs: Vec::new(), lists: vec![None; program.lists.len()], ..Encoded::default() };
        for (input, number) in program.inputs.iter().zip(&self.input) {
            encoded.inputs.push(match value(*number) {
                Err(State::Unknown) => Err(input.absent),
                given => given,
            });
        }
        for reg in tried {
            if let Some(input) = program.inputs.get(*reg as usize) {
                encoded.tried.push(input.name.clone());
            }
        }
        encoded
    }
}

/// What a double of the buffer stands for.
fn value(number: f64) -> Result<i64, State> {
    if number.is_finite() {
        // Saturates; JavaScript writes nothing that would.
        Ok(number as i64)
    } else if number.is_nan() {
        Err(State::Unknown)
    } else {
        Err(State::NotApplicable)
    }
}

fn same_year(year: SettlementYear, first: i64, last: i64) -> bool {
    let start = |day: i64| i32::try_from(day).ok().and_then(crate::date::Date::from_days).map(|d| year.year_start(d));
    start(first).is_some() && start(first) == start(last)
}

/// Numbers of kinds, as JavaScript's formatter knows them; an option's is followed by its set.
fn kind_code(kind: Kind) -> i64 {
    match kind {
        Kind::Money => 0,
        Kind::Rate => 1,
        Kind::Number => 2,
        Kind::Points => 3,
        Kind::Days => 4,
        Kind::Months => 5,
        Kind::Date => 6,
        Kind::Bool => 7,
        Kind::Choice(set) => i64::from(set).saturating_add(8),
    }
}
