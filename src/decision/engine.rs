//! A loaded plan: verified, linked, ready to decide.
//!
//! The portal build runs over 64 bits only. A service that needs more is refused there by name; every shipped pack is
//! narrow, and a test keeps it so.

use crate::case::{Encoded, Value};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::evaluate::{Answers, Records, Registers, Slot, evaluate, run_block};
use crate::number::Number;
use crate::plan::{Cover, Linked, Plan, PlanError, Reg, Service, Shapes, State, Verified, link, verify};

/// A service's machine: over 64 bits where range analysis proves that enough, else over 128.
#[derive(Debug)]
pub(crate) enum Machine {
    Narrow(Linked<i64>),
    #[cfg(feature = "authoring")]
    Wide(Linked<i128>),
}

/// A plan that passed every check. It never changes.
#[derive(Debug)]
pub struct Engine {
    plan: Plan,
    machines: Vec<(Verified, Machine)>,
}

/// Greatest magnitude that a service's numbers, scales and table edges can have.
fn widest(shapes: &Shapes, covers: &[Cover]) -> i128 {
    let mut widest = 0;
    for shape in shapes.main.iter().chain(shapes.blocks.iter().flatten()) {
        widest = Ord::max(widest, Ord::max(shape.widest, shape.den));
    }
    for column in covers.iter().flat_map(|cover| &cover.columns) {
        widest = Ord::max(widest, column.reach);
    }
    widest
}

/// Whether 64 bits hold every number, one bit spare: operands and results are below half of what they could be.
fn is_narrow(shapes: &Shapes, covers: &[Cover]) -> bool {
    widest(shapes, covers) < i128::from(i64::MAX >> 1)
}

#[cfg(feature = "authoring")]
fn wide(_: &Service, linked: Linked<i128>) -> Result<Machine, PlanError> {
    Ok(Machine::Wide(linked))
}

#[cfg(not(feature = "authoring"))]
fn wide(service: &Service, _: Linked<i128>) -> Result<Machine, PlanError> {
    Err(PlanError::Wide { service: service.id.clone() })
}

/// All values of a run.
#[derive(Debug, Clone)]
pub struct Run {
    /// One a register.
    pub registers: Vec<Slot<i128>>,
    pub(crate) answers: Answers<i128>,
}

impl Engine {
    /// Loads a plan; every check that compiling a pack makes is made again.
    ///
    /// # Errors
    /// The first fault of the plan.
    pub fn load(plan: Plan) -> Result<Self, PlanError> {
        let verified = verify(&plan)?;
        let mut machines = Vec::new();
        for (service, verified) in plan.services.iter().zip(verified) {
            let Verified { shapes, covers } = &verified;
            let linked = link(&service.program, shapes, covers).map_err(|problem| PlanError::Code {
                service: service.id.clone(),
                register: 0,
                problem,
            })?;
            let machine =
                if is_narrow(shapes, covers) { Machine::Narrow(linked.over()) } else { wide(service, linked)? };
            machines.push((verified, machine));
        }
        Ok(Self { plan, machines })
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// A service by id.
    ///
    /// # Errors
    /// `unknown-service` with the ids there are.
    pub fn service(&self, id: &str) -> Result<(usize, &Service), Diagnostics> {
        self.plan.services.iter().enumerate().find(|(_, s)| s.id == id).ok_or_else(|| {
            let all: Vec<&str> = self.plan.services.iter().map(|s| s.id.as_str()).collect();
            let shown: String = id.chars().take(60).collect();
            Diagnostics::from(
                Diagnostic::error("unknown-service", format!("there is no service `{shown}`"))
                    .help(format!("services are {}", all.join(" "))),
            )
        })
    }

    /// Shapes of a service's registers.
    #[must_use]
    pub fn shapes(&self, service: usize) -> Option<&Shapes> {
        self.machines.get(service).map(|(verified, _)| &verified.shapes)
    }

    /// Whether a service runs over 64 bits.
    #[must_use]
    pub fn is_narrow(&self, service: usize) -> bool {
        matches!(self.machines.get(service), Some((_, Machine::Narrow(_))))
    }

    /// Greatest magnitude that a service's numbers can have.
    #[cfg(feature = "batch")]
    pub(crate) fn widest(&self, service: usize) -> Option<i128> {
        self.machines.get(service).map(|(verified, _)| widest(&verified.shapes, &verified.covers))
    }

    /// Links a service over another number.
    pub(crate) fn linked<N: Number>(&self, service: usize) -> Option<Linked<N>> {
        let (verified, _) = self.machines.get(service)?;
        let program = &self.plan.services.get(service)?.program;
        Some(link(program, &verified.shapes, &verified.covers).ok()?.over())
    }

    pub(crate) fn machine(&self, service: usize) -> Option<&Machine> {
        self.machines.get(service).map(|(_, machine)| machine)
    }

    /// Runs a service on checked answers.
    #[must_use]
    pub fn run(&self, service: usize, encoded: &Encoded) -> Run {
        let answers: Answers<i128> = answers(self, service, encoded);
        let registers = match self.machine(service) {
            Some(Machine::Narrow(linked)) => {
                let mut registers = Vec::new();
                evaluate(linked, &self.plan.groups, &narrow_answers(&answers), &mut registers, &());
                registers.iter().map(wide_slot).collect()
            }
            #[cfg(feature = "authoring")]
            Some(Machine::Wide(linked)) => {
                let mut registers = Vec::new();
                evaluate(linked, &self.plan.groups, &answers, &mut registers, &());
                registers
            }
            None => Vec::new(),
        };
        Run { registers, answers }
    }

    /// The values of a per-record step: one a record; `None` if the list is not answered.
    #[must_use]
    pub fn record_values(&self, service: usize, run: &Run, block: u32, register: Reg) -> Option<Vec<Slot<i128>>> {
        let mut all = Vec::new();
        let groups = &self.plan.groups;
        match self.machine(service)? {
            #[cfg(feature = "authoring")]
            Machine::Wide(linked) => run_block(
                linked,
                groups,
                &run.answers,
                &run.registers,
                block,
                &mut |frame| all.push(frame.get(register)),
                &(),
            )?,
            Machine::Narrow(linked) => run_block(
                linked,
                groups,
                &narrow_answers(&run.answers),
                &narrow_slots(&run.registers),
                block,
                &mut |frame| all.push(wide_slot(&frame.get(register))),
                &(),
            )?,
        }
        Some(all)
    }
}

fn wide_slot(slot: &Slot<i64>) -> Slot<i128> {
    Slot { num: i128::from(slot.num), state: slot.state, reason: slot.reason }
}

fn narrow_slots(slots: &[Slot<i128>]) -> Vec<Slot<i64>> {
    slots.iter().map(|s| Slot { num: i64::from_i128(s.num), state: s.state, reason: s.reason }).collect()
}

fn narrow_answers(answers: &Answers<i128>) -> Answers<i64> {
    let mut lists = Vec::new();
    for list in &answers.lists {
        lists.push(list.as_ref().map(|records| records.iter().map(|fields| narrow_slots(fields)).collect()));
    }
    Answers { inputs: narrow_slots(&answers.inputs), lists }
}

/// Checked answers as slots.
fn answers(engine: &Engine, service: usize, encoded: &Encoded) -> Answers<i128> {
    let slot = |value: &Value, reason: u32| match value {
        Ok(n) => Slot::known(i128::from(*n)),
        Err(State::Known) => Slot::without(State::Unknown, 0),
        Err(state) => Slot::without(*state, reason),
    };
    let service = engine.plan.services.get(service);
    let reason = |i: usize| service.and_then(|s| s.program.inputs.get(i)).map_or(0, |input| input.reason);
    let mut inputs = Vec::with_capacity(encoded.inputs.len());
    for (i, value) in encoded.inputs.iter().enumerate() {
        inputs.push(slot(value, reason(i)));
    }
    let mut lists = Vec::new();
    for list in &encoded.lists {
        let records = |all: &Vec<Vec<Value>>| -> Records<i128> {
            all.iter().map(|record| record.iter().map(|v| slot(v, 0)).collect()).collect()
        };
        lists.push(list.as_ref().map(records));
    }
    Answers { inputs, lists }
}
