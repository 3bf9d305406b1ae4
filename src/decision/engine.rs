//! A loaded plan: verified, linked, ready to decide.

use crate::case::{Encoded, Value};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::evaluate::{Answers, Records, Slot, evaluate, run_block};
use crate::number::Number;
use crate::plan::{Linked, Plan, PlanError, Reg, Service, Shapes, State, Verified, link, verify};

/// A service's machine: over 64 bits where range analysis proves that enough, else over 128.
#[derive(Debug)]
pub(crate) enum Machine {
    Narrow(Linked<i64>),
    Wide(Linked<i128>),
}

/// A plan that passed every check. It never changes.
#[derive(Debug)]
pub struct Engine {
    plan: Plan,
    machines: Vec<(Verified, Machine)>,
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
            let code = |problem| PlanError::Code { service: service.id.clone(), register: 0, problem };
            let all = shapes.main.iter().chain(shapes.blocks.iter().flatten());
            // One bit spare: operands and results are both below half of what 64 bits hold.
            let keys = covers.iter().flat_map(|cover| &cover.columns).map(|column| column.reach);
            let widest = all.flat_map(|s| [s.widest, s.den]).chain(keys).fold(0, Ord::max);
            let narrow = widest < i128::from(i64::MAX >> 1);
            let machine = if narrow {
                Machine::Narrow(link(&service.program, shapes, covers).map_err(code)?)
            } else {
                Machine::Wide(link(&service.program, shapes, covers).map_err(code)?)
            };
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

    /// Links a service over another number.
    pub(crate) fn linked<N: Number>(&self, service: usize) -> Option<Linked<N>> {
        let (verified, _) = self.machines.get(service)?;
        link(&self.plan.services.get(service)?.program, &verified.shapes, &verified.covers).ok()
    }

    pub(crate) fn machine(&self, service: usize) -> Option<&Machine> {
        self.machines.get(service).map(|(_, machine)| machine)
    }

    /// Runs a service on checked answers.
    #[must_use]
    pub fn run(&self, service: usize, encoded: &Encoded) -> Run {
        let groups = &self.plan.groups;
        let wide: Answers<i128> = answers(self, service, encoded);
        let registers = match self.machine(service) {
            Some(Machine::Narrow(linked)) => {
                let mut registers = Vec::new();
                evaluate(linked, groups, &answers::<i64>(self, service, encoded), &mut registers, &());
                registers.iter().map(|s| Slot { num: s.num.to_i128(), state: s.state, reason: s.reason }).collect()
            }
            Some(Machine::Wide(linked)) => {
                let mut registers = Vec::new();
                evaluate(linked, groups, &wide, &mut registers, &());
                registers
            }
            None => Vec::new(),
        };
        Run { registers, answers: wide }
    }

    /// The values of a per-record step: one a record; `None` if the list is not answered.
    #[must_use]
    pub fn record_values(&self, service: usize, run: &Run, block: u32, register: Reg) -> Option<Vec<Slot<i128>>> {
        let mut all = Vec::new();
        let groups = &self.plan.groups;
        match self.machine(service)? {
            Machine::Wide(linked) => {
                run_block(
                    linked,
                    groups,
                    &run.answers,
                    &run.registers,
                    block,
                    &mut |frame| all.push(frame.get(register)),
                    &(),
                )?;
            }
            Machine::Narrow(linked) => {
                let narrow = |s: &Slot<i128>| Slot { num: i64::from_i128(s.num), state: s.state, reason: s.reason };
                let registers: Vec<Slot<i64>> = run.registers.iter().map(narrow).collect();
                let lists = run
                    .answers
                    .lists
                    .iter()
                    .map(|l| l.as_ref().map(|r| r.iter().map(|f| f.iter().map(narrow).collect()).collect()))
                    .collect();
                let answers = Answers { inputs: run.answers.inputs.iter().map(narrow).collect(), lists };
                run_block(
                    linked,
                    groups,
                    &answers,
                    &registers,
                    block,
                    &mut |frame| {
                        let s = frame.get(register);
                        all.push(Slot { num: s.num.to_i128(), state: s.state, reason: s.reason });
                    },
                    &(),
                )?;
            }
        }
        Some(all)
    }
}

/// Checked answers as slots.
fn answers<N: Number>(engine: &Engine, service: usize, encoded: &Encoded) -> Answers<N> {
    let reasons: Vec<u32> = engine
        .plan
        .services
        .get(service)
        .map(|s| s.program.inputs.iter().map(|i| i.reason).collect())
        .unwrap_or_default();
    let slot = |value: &Value, reason: u32| match value {
        Ok(n) => Slot::known(N::from_i64(*n)),
        Err(State::Known) => Slot::without(State::Unknown, 0),
        Err(state) => Slot::without(*state, reason),
    };
    let inputs =
        encoded.inputs.iter().enumerate().map(|(i, v)| slot(v, reasons.get(i).copied().unwrap_or(0))).collect();
    let records = |all: &Vec<Vec<Value>>| -> Records<N> {
        all.iter().map(|record| record.iter().map(|v| slot(v, 0)).collect()).collect()
    };
    Answers { inputs, lists: encoded.lists.iter().map(|l| l.as_ref().map(records)).collect() }
}
