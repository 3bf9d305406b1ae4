//! What a service runs on.
//!
//! Where packs are compiled, a service whose ranges are proved to fit runs over 64 bits and any other over 128. A build
//! that only loads plans has 64 bits for everything, and refuses a service that needs more by name.

use crate::evaluate::{Answers, Registers, Slot, evaluate, run_block};
use crate::number::{Wide, wide};
use crate::plan::{Group, Linked, PlanError, Reg, Service, Verified};

/// A service's machine: over 64 bits where range analysis proves that enough, else over 128.
#[derive(Debug)]
pub(crate) enum Machine {
    Narrow(Linked<i64>),
    #[cfg(feature = "authoring")]
    Wide(Linked<i128>),
}

/// Greatest magnitude that a service's numbers, scales and table edges can have.
pub(super) fn widest(verified: &Verified) -> Wide {
    let mut widest = 0;
    for shape in verified.shapes.main.iter().chain(verified.shapes.blocks.iter().flatten()) {
        widest = Ord::max(widest, Ord::max(shape.widest, shape.den));
    }
    for column in verified.covers.iter().flat_map(|cover| &cover.columns) {
        widest = Ord::max(widest, column.reach);
    }
    widest
}

/// Whether 64 bits hold every number, one bit spare: operands and results are below half of what they could be.
fn is_narrow(verified: &Verified) -> bool {
    widest(verified) < wide(i64::MAX >> 1)
}

/// Runs a program over the numbers that answers and registers are kept in.
fn run(linked: &Linked<Wide>, groups: &[Group], answers: &Answers<Wide>) -> Vec<Slot<Wide>> {
    let mut registers = Vec::new();
    evaluate(linked, groups, answers, &mut registers, &());
    registers
}

/// One register of each record of a block; `None` if the list is not answered.
fn records(
    linked: &Linked<Wide>,
    groups: &[Group],
    answers: &Answers<Wide>,
    outer: &[Slot<Wide>],
    block: u32,
    register: Reg,
) -> Option<Vec<Slot<Wide>>> {
    let mut all = Vec::new();
    run_block(linked, groups, answers, outer, block, &mut |frame| all.push(frame.get(register)), &())?;
    Some(all)
}

#[cfg(not(feature = "authoring"))]
impl Machine {
    pub(super) fn new(service: &Service, verified: &Verified, linked: Linked<Wide>) -> Result<Self, PlanError> {
        if is_narrow(verified) {
            Ok(Self::Narrow(linked))
        } else {
            Err(PlanError::Wide { service: service.id.clone() })
        }
    }

    pub(super) fn run(&self, groups: &[Group], answers: &Answers<Wide>) -> Vec<Slot<Wide>> {
        let Self::Narrow(linked) = self;
        run(linked, groups, answers)
    }

    pub(super) fn records(
        &self,
        groups: &[Group],
        answers: &Answers<Wide>,
        outer: &[Slot<Wide>],
        block: u32,
        register: Reg,
    ) -> Option<Vec<Slot<Wide>>> {
        let Self::Narrow(linked) = self;
        records(linked, groups, answers, outer, block, register)
    }
}

#[cfg(feature = "authoring")]
impl Machine {
    pub(super) fn new(_: &Service, verified: &Verified, linked: Linked<Wide>) -> Result<Self, PlanError> {
        Ok(if is_narrow(verified) { Self::Narrow(linked.over()) } else { Self::Wide(linked) })
    }

    pub(super) fn run(&self, groups: &[Group], answers: &Answers<Wide>) -> Vec<Slot<Wide>> {
        match self {
            Self::Narrow(linked) => {
                let mut registers = Vec::new();
                evaluate(linked, groups, &narrow_answers(answers), &mut registers, &());
                registers.iter().map(wide_slot).collect()
            }
            Self::Wide(linked) => run(linked, groups, answers),
        }
    }

    pub(super) fn records(
        &self,
        groups: &[Group],
        answers: &Answers<Wide>,
        outer: &[Slot<Wide>],
        block: u32,
        register: Reg,
    ) -> Option<Vec<Slot<Wide>>> {
        match self {
            Self::Narrow(linked) => {
                let (answers, outer) = (narrow_answers(answers), narrow_slots(outer));
                let mut all = Vec::new();
                let each = &mut |frame: &crate::evaluate::Frame<'_, i64>| all.push(wide_slot(&frame.get(register)));
                run_block(linked, groups, &answers, &outer, block, each, &())?;
                Some(all)
            }
            Self::Wide(linked) => records(linked, groups, answers, outer, block, register),
        }
    }
}

#[cfg(feature = "authoring")]
fn wide_slot(slot: &Slot<i64>) -> Slot<Wide> {
    Slot { num: wide(slot.num), state: slot.state, reason: slot.reason }
}

#[cfg(feature = "authoring")]
fn narrow_slots(slots: &[Slot<Wide>]) -> Vec<Slot<i64>> {
    use crate::number::Number;
    slots.iter().map(|s| Slot { num: i64::from_wide(s.num), state: s.state, reason: s.reason }).collect()
}

#[cfg(feature = "authoring")]
fn narrow_answers(answers: &Answers<Wide>) -> Answers<i64> {
    let mut lists = Vec::new();
    for list in &answers.lists {
        lists.push(list.as_ref().map(|records| records.iter().map(|fields| narrow_slots(fields)).collect()));
    }
    Answers { inputs: narrow_slots(&answers.inputs), lists }
}
