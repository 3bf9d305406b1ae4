//! Layout: what nothing reads is left out, figures move before the code, registers are numbered anew.

use super::builder::number;
use crate::plan::{Form, Instr, LOCAL, Outputs, Piece, Program, Reg, Service, Step};
use std::collections::{BTreeMap, BTreeSet};

/// Registers of the main code that an instruction reads, its table and block included.
fn reads(program: &Program, instr: &Instr, out: &mut Vec<Reg>) {
    instr.each_operand(&mut |reg| out.push(reg));
    match instr {
        Instr::Table(index) => {
            if let Some(table) = program.tables.get(*index as usize) {
                out.extend(&table.keys);
                out.extend(table.rows.iter().map(|row| row.result).chain(table.otherwise));
            }
        }
        Instr::Aggregate(aggregate) => {
            if let Some(block) = program.blocks.get(aggregate.block as usize) {
                for inner in &block.code {
                    reads(program, inner, out);
                }
            }
        }
        _ => {}
    }
}

/// The registers of the main code that the roots need.
pub(super) fn live(program: &Program, roots: &[Reg]) -> BTreeSet<Reg> {
    let mut live = BTreeSet::new();
    let mut open: Vec<Reg> = roots.iter().copied().filter(|reg| *reg < LOCAL).collect();
    while let Some(reg) = open.pop() {
        if !live.insert(reg) {
            continue;
        }
        if let Some(instr) = program.writer(reg) {
            let mut next = Vec::new();
            reads(program, instr, &mut next);
            open.extend(next.into_iter().filter(|reg| *reg < LOCAL));
        }
    }
    live
}

/// Every register that the texts and outputs of a service name.
pub(super) fn roots(service: &mut Service) -> Vec<Reg> {
    let mut all = Vec::new();
    each_named(service, &mut |reg| all.push(*reg));
    all
}

fn each_named(service: &mut Service, f: &mut dyn FnMut(&mut Reg)) {
    for reg in [&mut service.as_of, &mut service.ends].into_iter().flatten() {
        f(reg);
    }
    service.steps.iter_mut().for_each(|step| each_in_step(step, f));
    each_in_outputs(&mut service.outputs, f);
}

fn each_in_step(step: &mut Step, f: &mut dyn FnMut(&mut Reg)) {
    f(&mut step.register);
    for piece in step.formulas.iter_mut().flat_map(|formula| &mut formula.pieces) {
        if let Piece::Name(_, reg) = piece {
            f(reg);
        }
    }
    if let Some(frame) = &mut step.frame {
        f(&mut frame.register);
    }
    match &mut step.form {
        Form::Bands { bands, .. } => f(bands),
        Form::Exception { when, .. } => f(when),
        Form::Limit { from: Some(from) } => f(from),
        _ => {}
    }
}

fn each_in_outputs(out: &mut Outputs, f: &mut dyn FnMut(&mut Reg)) {
    if let Some(bill) = &mut out.bill {
        for reg in [&mut bill.total, &mut bill.patient, &mut bill.cash, &mut bill.net] {
            f(reg);
        }
        for part in &mut bill.parts {
            f(&mut part.amount);
            f(&mut part.left);
        }
    }
    for payment in &mut out.payments {
        f(&mut payment.paid);
        f(&mut payment.asked);
        payment.draws.iter_mut().for_each(|(_, reg)| f(reg));
    }
    for amount in out.benefits.iter_mut().chain(&mut out.allocations) {
        f(&mut amount.amount);
    }
    out.verdict.iter_mut().for_each(&mut *f);
    out.requires.iter_mut().for_each(&mut *f);
    out.constraints.iter_mut().for_each(|c| f(&mut c.holds));
    for claim in &mut out.claims {
        f(&mut claim.holds);
        if let Some(order) = &mut claim.order {
            f(&mut order.register);
            f(&mut order.input);
        }
    }
    out.posts.iter_mut().for_each(|(_, reg)| f(reg));
    out.attaches.iter_mut().for_each(|(_, reg)| f(reg));
    out.previous.iter_mut().flatten().for_each(f);
}

/// Lays a service out: `service.program` is the builder's; afterwards it is the plan's.
pub(super) fn lay_out(service: &mut Service) {
    let mut roots = roots(service);
    let old = std::mem::take(&mut service.program);
    let first = old.first_code();
    for (i, instr) in old.code.iter().enumerate() {
        // The blocks of per-record steps run for their reader.
        let shown = |block: u32| service.steps.iter().any(|step| step.block == Some(block));
        if matches!(instr, Instr::Aggregate(aggregate) if shown(aggregate.block)) {
            roots.push(first.saturating_add(number(i)));
        }
    }
    let live = live(&old, &roots);
    let mut new = Program::default();
    let mut at: BTreeMap<Reg, Reg> = BTreeMap::new();
    for (i, input) in old.inputs.iter().enumerate() {
        if live.contains(&number(i)) {
            at.insert(number(i), number(new.inputs.len()));
            new.inputs.push(input.clone());
        }
    }
    let code = || {
        old.code
            .iter()
            .enumerate()
            .map(|(i, instr)| (first.saturating_add(number(i)), instr))
            .filter(|(reg, _)| live.contains(reg))
    };
    for (reg, instr) in code() {
        if let Instr::Figure(constant) = instr {
            at.insert(reg, number(new.inputs.len().saturating_add(new.constants.len())));
            new.constants.push(constant.clone());
        }
    }
    let mut next = new.first_code();
    for (reg, instr) in code() {
        if !matches!(instr, Instr::Figure(_)) {
            at.insert(reg, next);
            next = next.saturating_add(1);
        }
    }
    let moved = |reg: &mut Reg| {
        if let Some(new) = at.get(reg) {
            *reg = *new;
        }
    };
    let mut kept = Kept::default();
    for (_, instr) in code() {
        if !matches!(instr, Instr::Figure(_)) {
            let instr = kept.take(&old, &mut new, instr, &moved);
            new.code.push(instr);
        }
    }
    each_named(service, &mut |reg| moved(reg));
    for step in &mut service.steps {
        if let Form::Table { table, .. } = &mut step.form {
            *table = kept.tables.get(table).copied().unwrap_or(u32::MAX);
        }
        step.block = step.block.and_then(|block| kept.blocks.get(&block).copied());
    }
    service.split_lines = service.split_lines.and_then(|(list, field)| Some((kept.list(&old, &mut new, list)?, field)));
    service.program = new;
}

/// Tables, blocks and lists that were kept, by their old numbers.
#[derive(Default)]
struct Kept {
    tables: BTreeMap<u32, u32>,
    blocks: BTreeMap<u32, u32>,
    lists: BTreeMap<u32, u32>,
}

impl Kept {
    fn list(&mut self, old: &Program, new: &mut Program, list: u32) -> Option<u32> {
        if let Some(known) = self.lists.get(&list) {
            return Some(*known);
        }
        let index = number(new.lists.len());
        new.lists.push(old.lists.get(list as usize)?.clone());
        self.lists.insert(list, index);
        Some(index)
    }

    fn take(&mut self, old: &Program, new: &mut Program, instr: &Instr, moved: &dyn Fn(&mut Reg)) -> Instr {
        let mut instr = instr.clone();
        each_place(&mut instr, moved);
        match &mut instr {
            Instr::Table(index) => {
                if let Some(table) = old.tables.get(*index as usize) {
                    let mut table = table.clone();
                    table.keys.iter_mut().for_each(moved);
                    table.rows.iter_mut().for_each(|row| moved(&mut row.result));
                    table.otherwise.iter_mut().for_each(moved);
                    self.tables.insert(*index, number(new.tables.len()));
                    *index = number(new.tables.len());
                    new.tables.push(table);
                }
            }
            Instr::Aggregate(aggregate) => {
                if let Some(block) = old.blocks.get(aggregate.block as usize) {
                    let list = self.list(old, new, block.list).unwrap_or(0);
                    let code: Vec<Instr> = block.code.iter().map(|inner| self.take(old, new, inner, moved)).collect();
                    self.blocks.insert(aggregate.block, number(new.blocks.len()));
                    aggregate.block = number(new.blocks.len());
                    new.blocks.push(crate::plan::Block { list, code });
                }
            }
            _ => {}
        }
        instr
    }
}

/// As [`Instr::each_operand`], with the place of each register.
fn each_place(instr: &mut Instr, f: &dyn Fn(&mut Reg)) {
    match instr {
        Instr::Add(a, b)
        | Instr::Sub(a, b)
        | Instr::Mul(a, b)
        | Instr::Div(a, b)
        | Instr::DivRound(a, b, ..)
        | Instr::Min(a, b)
        | Instr::Max(a, b)
        | Instr::Cmp(_, a, b)
        | Instr::CmpSpan(_, a, b)
        | Instr::And(a, b)
        | Instr::Or(a, b)
        | Instr::CostFor(a, b)
        | Instr::MonthsBetween(a, b)
        | Instr::YearsBetween(a, b)
        | Instr::AddMonths(a, b, ..)
        | Instr::Require(a, b, _) => {
            f(a);
            f(b);
        }
        Instr::Round(a, ..) | Instr::Not(a) | Instr::Applies(a) | Instr::InSet(a, _) | Instr::YearOf(a) => f(a),
        Instr::If(a, b, c) => {
            f(a);
            f(b);
            f(c);
        }
        Instr::InGroup(a, _, on) => {
            f(a);
            if let Some(on) = on {
                f(on);
            }
        }
        Instr::Table(_) | Instr::Figure(_) => {}
        Instr::Bands { of, from, edges, rates, .. } => {
            f(of);
            f(from);
            edges.iter_mut().for_each(f);
            rates.iter_mut().for_each(f);
        }
        Instr::Exceptions(base, alternatives, _) => {
            f(base);
            for (when, value) in alternatives {
                f(when);
                f(value);
            }
        }
        Instr::Aggregate(aggregate) => {
            f(&mut aggregate.value);
            if let Some(filter) = &mut aggregate.filter {
                f(filter);
            }
        }
    }
}
