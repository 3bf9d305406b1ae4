//! A loaded plan: verified, linked, ready to decide.

use super::machine::Machine;
#[cfg(feature = "batch")]
use super::machine::widest;
use crate::case::{Encoded, Value};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::evaluate::{Answers, Records, Slot};
use crate::number::{Number, Wide, wide};
use crate::plan::{
    Cover, Linked, Plan, PlanError, Reason, Reg, Service, Shapes, State, Verified, link, refused, verify,
};

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
    pub registers: Vec<Slot<Wide>>,
    pub(crate) answers: Answers<Wide>,
    /// Reasons that answers came with; registers count them on from those of the service.
    pub(crate) carried: Vec<Reason>,
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
            let linked = link(&service.program, &verified.shapes, &verified.covers)
                .map_err(|problem| refused(service, 0, problem))?;
            let machine = Machine::new(service, &verified, linked)?;
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
    pub(crate) fn widest(&self, service: usize) -> Option<Wide> {
        self.machines.get(service).map(|(verified, _)| widest(verified))
    }

    /// How a table of a service is cut.
    pub(crate) fn cover(&self, service: usize, table: u32) -> Option<&Cover> {
        let (verified, _) = self.machines.get(service)?;
        verified.covers.get(table as usize)
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
        let answers = answers(self, service, encoded);
        let machine = self.machine(service);
        let registers = machine.map(|machine| machine.run(&self.plan.groups, &answers)).unwrap_or_default();
        let carried = encoded.carried.iter().map(|(_, reason)| reason.clone()).collect();
        Run { registers, answers, carried }
    }

    /// The values of a per-record step: one a record; `None` if the list is not answered.
    #[must_use]
    pub fn record_values(&self, service: usize, run: &Run, block: u32, register: Reg) -> Option<Vec<Slot<Wide>>> {
        self.machine(service)?.records(&self.plan.groups, &run.answers, &run.registers, block, register)
    }
}

/// Checked answers as slots.
fn answers(engine: &Engine, service: usize, encoded: &Encoded) -> Answers<Wide> {
    let slot = |value: &Value, reason: u32| match value {
        Ok(n) => Slot::known(wide(*n)),
        Err(State::Known) => Slot::without(State::Unknown, 0),
        Err(state) => Slot::without(*state, reason),
    };
    let service = engine.plan.services.get(service);
    let reason = |i: usize| service.and_then(|s| s.program.inputs.get(i)).map_or(0, |input| input.reason);
    let mut inputs = Vec::with_capacity(encoded.inputs.len());
    for (i, value) in encoded.inputs.iter().enumerate() {
        inputs.push(slot(value, reason(i)));
    }
    let own = service.map_or(0, |s| s.reasons.len());
    for (at, (input, _)) in encoded.carried.iter().enumerate() {
        if let Some(slot) = inputs.get_mut(*input).filter(|slot| !slot.is_known()) {
            slot.reason = u32::try_from(own.saturating_add(at)).unwrap_or(u32::MAX);
        }
    }
    let mut lists = Vec::new();
    for list in &encoded.lists {
        let records = |all: &Vec<Vec<Value>>| -> Records<Wide> {
            all.iter().map(|record| record.iter().map(|v| slot(v, 0)).collect()).collect()
        };
        lists.push(list.as_ref().map(records));
    }
    Answers { inputs, lists }
}
