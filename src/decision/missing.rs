//! Which answers are still needed: a walk back from what is asked, through what is unknown.

use super::engine::Run;
use crate::evaluate::Slot;
use crate::plan::{Instr, LOCAL, Plan, Program, Reg, Service, State};
use std::collections::BTreeSet;

/// Names of the unanswered facts on which these registers depend, in the order people are asked.
pub(super) fn missing(plan: &Plan, service: &Service, run: &Run, roots: &[Reg]) -> Vec<String> {
    let mut walk = Walk {
        program: &service.program,
        run,
        open: roots.to_vec(),
        seen: BTreeSet::new(),
        inputs: BTreeSet::new(),
        lists: BTreeSet::new(),
    };
    while let Some(reg) = walk.open.pop() {
        walk.look(reg);
    }
    let inputs = walk.inputs.iter().filter_map(|i| service.program.inputs.get(*i as usize)).map(|i| i.name.clone());
    let lists = walk.lists.iter().filter_map(|i| service.program.lists.get(*i as usize)).map(|l| l.name.clone());
    let mut all: Vec<String> = inputs.chain(lists).collect();
    let order = |name: &str| {
        plan.facts.iter().position(|f| name == f.id || name.strip_prefix(&f.id).is_some_and(|r| r.starts_with('.')))
    };
    all.sort_by_key(|name| order(name).unwrap_or(usize::MAX));
    all
}

struct Walk<'a> {
    program: &'a Program,
    run: &'a Run,
    /// Registers still to look at. A list and not recursion: a chain of steps can be thousands of registers long.
    open: Vec<Reg>,
    seen: BTreeSet<Reg>,
    inputs: BTreeSet<Reg>,
    lists: BTreeSet<u32>,
}

impl Walk<'_> {
    fn slot(&self, reg: Reg) -> Option<Slot<i128>> {
        self.run.registers.get(reg as usize).copied()
    }

    fn visit(&mut self, reg: Reg) {
        self.open.push(reg);
    }

    fn look(&mut self, reg: Reg) {
        let unknown = reg < LOCAL && self.slot(reg).is_some_and(|s| s.state == State::Unknown);
        if !unknown || !self.seen.insert(reg) {
            return;
        }
        if (reg as usize) < self.program.inputs.len() {
            self.inputs.insert(reg);
            return;
        }
        let Some(instr) = self.program.writer(reg) else { return };
        match instr {
            Instr::If(c, a, b) => match self.slot(*c) {
                Some(c) if c.is_true() => self.visit(*a),
                Some(c) if c.is_false() => self.visit(*b),
                _ => [*c, *a, *b].into_iter().for_each(|r| self.visit(r)),
            },
            Instr::Table(index) => self.table(*index),
            Instr::Aggregate(aggregate) => self.aggregate(aggregate.block, aggregate.value, aggregate.filter),
            // The inverse reads the bands' position, edges and rates, not what the bands give.
            Instr::CostFor(bands, payment) => {
                self.visit(*payment);
                if let Some(Instr::Bands { from, edges, rates, .. }) = self.program.writer(*bands) {
                    [from].into_iter().chain(edges).chain(rates).for_each(|r| self.visit(*r));
                }
            }
            other => {
                let mut copy = other.clone();
                let mut reads = Vec::new();
                copy.each_operand(&mut |r| reads.push(*r));
                reads.into_iter().for_each(|r| self.visit(r));
            }
        }
    }

    fn table(&mut self, index: u32) {
        let Some(table) = self.program.tables.get(index as usize) else { return };
        let undecided = table.keys.iter().any(|key| self.slot(*key).is_some_and(|s| !s.is_known()));
        for key in &table.keys {
            self.visit(*key);
        }
        // With the keys known, the unknown is the chosen row's own; which row does not matter here,
        // for rows not chosen that are unknown too cannot be told apart without a second look-up.
        if !undecided {
            for result in table.rows.iter().map(|r| r.result).chain(table.otherwise) {
                self.visit(result);
            }
        }
    }

    fn aggregate(&mut self, block: u32, value: Reg, filter: Option<Reg>) {
        let Some(block) = self.program.blocks.get(block as usize) else { return };
        self.lists.insert(block.list);
        let mut outer = vec![value];
        outer.extend(filter);
        for instr in &block.code {
            let mut copy = instr.clone();
            copy.each_operand(&mut |r| outer.push(*r));
        }
        let answered = self.run.answers.lists.get(block.list as usize).is_some_and(Option::is_some);
        if answered {
            outer.into_iter().filter(|r| *r < LOCAL).for_each(|r| self.visit(r));
        }
    }
}
