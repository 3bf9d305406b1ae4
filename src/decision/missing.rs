//! Which answers are still needed: a walk back from what is asked, through what is unknown.

use super::amounts::Reader;
use super::engine::Run;
use crate::evaluate::Slot;
use crate::number::Wide;
use crate::plan::{Instr, Kind, LOCAL, Plan, Program, Reg, State};

/// Names of the unanswered facts on which these registers depend, in the order people are asked.
pub(super) fn missing(reader: &Reader<'_>, roots: &[Reg]) -> Vec<String> {
    let walk = Walk::over(reader, roots);
    names(reader.plan(), &reader.service.program, &walk.seen, &walk.lists)
}

/// Names of the answers on which these registers depend, and that say too little: two that are both none of those
/// listed may be one or two.
pub(super) fn too_general(reader: &Reader<'_>, roots: &[Reg]) -> Vec<String> {
    let mut walk = Walk::over(reader, roots);
    let program = &reader.service.program;
    let mut seen = vec![false; reader.run.registers.len()];
    while let Some(reg) = walk.unlisted.pop() {
        match seen.get_mut(reg as usize) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        program.reads(reg, &mut |reg| walk.unlisted.push(reg));
    }
    for (input, seen) in program.inputs.iter().zip(&mut seen) {
        *seen &= matches!(input.kind, Kind::Choice(_));
    }
    names(reader.plan(), program, &seen, &[])
}

fn names(plan: &Plan, program: &Program, seen: &[bool], lists: &[bool]) -> Vec<String> {
    let inputs = program.inputs.iter().map(|i| &i.name).zip(seen);
    let lists = program.lists.iter().map(|l| &l.name).zip(lists);
    let mut all = Vec::new();
    let mut orders: Vec<usize> = Vec::new();
    for (name, open) in inputs.chain(lists) {
        if *open {
            let order = asked(plan, name);
            // After those that are asked no later.
            let at = orders.iter().rposition(|other| *other <= order).map_or(0, |at| at.saturating_add(1));
            orders.insert(at, order);
            all.insert(at, name.clone());
        }
    }
    all
}

/// When a fact is asked for: its place in the plan.
fn asked(plan: &Plan, name: &str) -> usize {
    let own = |id: &str| name.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    plan.facts.iter().position(|f| own(&f.id)).unwrap_or(usize::MAX)
}

struct Walk<'a> {
    reader: &'a Reader<'a>,
    program: &'a Program,
    run: &'a Run,
    /// Registers still to look at. A list and not recursion: a chain of steps can be thousands of registers long.
    open: Vec<Reg>,
    /// Unknown registers met, by number.
    seen: Vec<bool>,
    /// Lists met, by number.
    lists: Vec<bool>,
    /// Conditions under which nobody knows.
    unlisted: Vec<Reg>,
}

impl<'a> Walk<'a> {
    fn over(reader: &'a Reader<'a>, roots: &[Reg]) -> Self {
        let (program, run) = (&reader.service.program, reader.run);
        let mut walk = Walk {
            reader,
            program,
            run,
            open: roots.to_vec(),
            seen: vec![false; run.registers.len()],
            lists: vec![false; program.lists.len()],
            unlisted: Vec::new(),
        };
        while let Some(reg) = walk.open.pop() {
            walk.look(reg);
        }
        walk
    }

    fn slot(&self, reg: Reg) -> Option<Slot<Wide>> {
        self.run.registers.get(reg as usize).copied()
    }

    fn visit(&mut self, reg: Reg) {
        self.open.push(reg);
    }

    fn look(&mut self, reg: Reg) {
        let unknown = reg < LOCAL && self.slot(reg).is_some_and(|s| s.state == State::Unknown);
        match self.seen.get_mut(reg as usize) {
            Some(seen) if unknown && !*seen => *seen = true,
            _ => return,
        }
        // An input is where the walk ends.
        let Some(instr) = self.program.writer(reg) else { return };
        match instr {
            Instr::If(c, a, b) => match self.slot(*c) {
                Some(slot) if slot.is_true() => self.taken(*c, *a),
                Some(slot) if slot.is_false() => self.taken(*c, *b),
                _ => self.open.extend_from_slice(&[*c, *a, *b]),
            },
            Instr::Exceptions(base, alternatives, _) => self.exceptions(*base, alternatives),
            // What a part must fit together with is asked for where that is required.
            Instr::Require(a, ..) => self.visit(*a),
            Instr::Table(index) => self.table(*index),
            Instr::Aggregate(aggregate) => self.aggregate(aggregate.block, aggregate.value, aggregate.filter),
            // The inverse reads the bands' position, edges and rates, not what the bands give.
            Instr::CostFor(bands, payment) => {
                self.visit(*payment);
                if let Some(Instr::Bands { from, edges, rates, .. }) = self.program.writer(*bands) {
                    self.visit(*from);
                    self.open.extend_from_slice(edges);
                    self.open.extend_from_slice(rates);
                }
            }
            other => other.each_operand(&mut |r| self.open.push(r)),
        }
    }

    /// The branch that a known condition takes; of an unknown figure there the condition is why.
    fn taken(&mut self, condition: Reg, branch: Reg) {
        let is_figure = branch as usize >= self.program.inputs.len() && self.program.writer(branch).is_none();
        if is_figure && self.slot(branch).is_some_and(|s| s.state == State::Unknown) {
            self.unlisted.push(condition);
        }
        self.visit(branch);
    }

    /// The one value that counts, or, while a condition is open, all.
    fn exceptions(&mut self, base: Reg, alternatives: &[(Reg, Reg)]) {
        if alternatives.iter().any(|(when, _)| self.slot(*when).is_none_or(|s| !s.is_known())) {
            self.visit(base);
            alternatives.iter().for_each(|(when, value)| self.open.extend_from_slice(&[*when, *value]));
            return;
        }
        let applies = |(when, _): &&(Reg, Reg)| self.slot(*when).is_some_and(|s| s.is_true());
        let value = alternatives.iter().find(applies).map_or(base, |(_, value)| *value);
        self.visit(value);
    }

    fn table(&mut self, index: u32) {
        let Some(table) = self.program.tables.get(index as usize) else { return };
        if let [only] = self.reader.rows_left(index).as_slice() {
            // Whatever a key that is open may be, this row counts.
            let row = table.rows.get(usize::from(*only)).map(|row| row.result);
            return row.or(table.otherwise).into_iter().for_each(|reg| self.visit(reg));
        }
        self.open.extend_from_slice(&table.keys);
    }

    fn aggregate(&mut self, block: u32, value: Reg, filter: Option<Reg>) {
        let Some(block) = self.program.blocks.get(block as usize) else { return };
        if let Some(met) = self.lists.get_mut(block.list as usize) {
            *met = true;
        }
        // Without the list, nothing that its records are held against matters yet.
        if !self.run.answers.lists.get(block.list as usize).is_some_and(Option::is_some) {
            return;
        }
        // Registers of the record itself are passed over when they are looked at.
        self.visit(value);
        self.open.extend(filter);
        for instr in &block.code {
            instr.each_operand(&mut |r| self.open.push(r));
        }
    }
}
