//! From a linked program to kernels: only what is asked for is computed, figures are computed once, and rows are used
//! again as soon as nobody reads them any more.

use super::bank::Bank;
use super::kernel::{Cut, Kernel, Key, Operand};
use super::lane::Lane;
use crate::evaluate::{Registers, Slot, run_op};
use crate::number::{Wide, narrow};
use crate::plan::{Bands, Column, Group, IMPOSSIBLE, LOCAL, Linked, LinkedTable, OTHERWISE, Op, Reg, Scaled, State};

/// An operation over 64 cases.
#[derive(Debug)]
pub(super) struct Step<L> {
    /// Index of the operation.
    pub(super) op: usize,
    /// Where the result goes.
    pub(super) row: usize,
    pub(super) kernel: Kernel<L>,
    /// Rows whose open cases the definition has to decide.
    pub(super) reads: Vec<usize>,
}

/// Kernels, and the bank that they run on.
#[derive(Debug)]
pub(super) struct Assembly<L> {
    pub(super) steps: Vec<Step<L>>,
    pub(super) bank: Bank<L>,
    /// Whether a figure is open in every case.
    pub(super) fixed_open: bool,
    /// Whether a list is read.
    pub(super) lists: bool,
}

/// Registers that are the same for every case.
struct Figures<'a>(&'a [Option<Slot<i64>>]);

impl Registers<i64> for Figures<'_> {
    fn get(&self, reg: Reg) -> Slot<i64> {
        self.0.get(reg as usize).copied().flatten().unwrap_or(Slot::without(State::Failed, 0))
    }
}

/// Every register that an operation reads, those of its table and of its block's code too.
pub(super) fn reads(op: &Op<i64>, program: &Linked<i64>, each: &mut dyn FnMut(Reg)) {
    let bands = |bands: &Bands<i64>, each: &mut dyn FnMut(Reg)| {
        for operand in [bands.of, bands.from].iter().chain(&bands.edges).chain(&bands.rates) {
            each(operand.reg);
        }
    };
    match op {
        Op::Two { a, b, .. } => [a.reg, b.reg].into_iter().for_each(each),
        Op::Round { a, .. } => each(a.reg),
        Op::And(a, b) | Op::Or(a, b) | Op::AddMonths(a, b, ..) | Op::Require(a, b, _) => {
            [*a, *b].into_iter().for_each(each);
        }
        Op::Not(a) | Op::Applies(a) | Op::InSet(a, _) | Op::YearOf(a) => each(*a),
        Op::If(c, a, b) => [*c, a.reg, b.reg].into_iter().for_each(each),
        Op::InGroup(a, _, on) => [*a].into_iter().chain(*on).for_each(each),
        Op::Table(at) => {
            let Some(table) = program.tables.get(*at as usize) else { return };
            table.keys.iter().copied().for_each(&mut *each);
            table.results.iter().chain(&table.otherwise).for_each(|operand| each(operand.reg));
        }
        Op::Bands(all, _) | Op::CostFor { bands: all, .. } => bands(all, each),
        Op::Exceptions { base, alternatives, .. } => {
            each(base.reg);
            for (when, value) in alternatives {
                each(*when);
                each(value.reg);
            }
        }
        Op::Aggregate { block, value, filter, .. } => {
            let mut outer = |reg: Reg| {
                if reg < LOCAL {
                    each(reg);
                }
            };
            [*value].into_iter().chain(*filter).for_each(&mut outer);
            let Some(block) = program.blocks.get(*block as usize) else { return };
            for op in &block.ops {
                reads(op, program, &mut outer);
            }
        }
    }
}

/// What is known of the registers before any kernel is made.
struct Survey {
    /// Of each register, the last operation that reads it: asked-for ones are read at the end.
    last: Vec<Option<usize>>,
    /// Registers that are the same for every case.
    same: Vec<Option<Slot<i64>>>,
    first: usize,
}

/// Notes that an operation reads a register.
fn read_at(last: &mut [Option<usize>], reg: Reg, at: usize) {
    if let Some(last) = last.get_mut(reg as usize)
        && last.is_none_or(|last| last < at)
    {
        *last = Some(at);
    }
}

impl Survey {
    fn of(program: &Linked<i64>, groups: &[Group], inputs: &[Option<Slot<i64>>], roots: &[Reg]) -> Self {
        let first = inputs.len().saturating_add(program.constants.len());
        let mut last: Vec<Option<usize>> = vec![None; first.saturating_add(program.ops.len())];
        roots.iter().for_each(|reg| read_at(&mut last, *reg, usize::MAX));
        for (at, op) in program.ops.iter().enumerate().rev() {
            // Backwards: who reads it has been seen.
            let register = Reg::try_from(first.saturating_add(at)).unwrap_or(LOCAL);
            if last.get(register as usize).copied().flatten().is_some() {
                reads(op, program, &mut |reg| read_at(&mut last, reg, at));
            }
        }
        let mut same = inputs.to_vec();
        for (num, state, reason) in &program.constants {
            same.push(Some(Slot { num: *num, state: *state, reason: *reason }));
        }
        for op in &program.ops {
            let mut all = !matches!(op, Op::Aggregate { .. });
            reads(op, program, &mut |reg| all &= same.get(reg as usize).is_some_and(Option::is_some));
            same.push(all.then(|| run_op(op, &program.tables, groups, &Figures(&same), &())));
        }
        Self { last, same, first }
    }

    /// Of each operation, the registers that nobody reads after it.
    fn dying(&self, operations: usize) -> Vec<Vec<Reg>> {
        let mut dying = vec![Vec::new(); operations];
        for (reg, (last, same)) in self.last.iter().zip(&self.same).enumerate() {
            if let (Some(last), None, Ok(reg)) = (last, same, Reg::try_from(reg))
                && let Some(all) = dying.get_mut(*last)
            {
                all.push(reg);
            }
        }
        dying
    }

    fn is_read(&self, reg: usize) -> bool {
        self.last.get(reg).is_some_and(Option::is_some)
    }

    fn same(&self, reg: Reg) -> Option<Slot<i64>> {
        self.same.get(reg as usize).copied().flatten()
    }
}

/// Makes the kernels that compute `roots`; `inputs` has what is the same in every case.
pub(super) fn assemble<L: Lane>(
    program: &Linked<i64>,
    groups: &[Group],
    inputs: &[Option<Slot<i64>>],
    roots: &[Reg],
) -> Assembly<L> {
    let survey = Survey::of(program, groups, inputs, roots);
    let nothing = Slot::without(State::Unknown, 0);
    let mut bank = Bank::new(survey.same.len());
    let mut assembler = Assembler { program, groups, survey: &survey, bank: &mut bank };
    let mut free: Vec<usize> = Vec::new();
    for (reg, same) in survey.same.iter().enumerate() {
        if survey.is_read(reg) && (same.is_some() || reg < inputs.len()) {
            let row = assembler.bank.add(same.unwrap_or(nothing));
            assembler.put(reg, row);
        }
    }
    let dying = survey.dying(program.ops.len());
    let (mut steps, mut lists) = (Vec::new(), false);
    for (at, op) in program.ops.iter().enumerate() {
        let reg = survey.first.saturating_add(at);
        if survey.is_read(reg) && survey.same.get(reg).is_some_and(Option::is_none) {
            lists |= matches!(op, Op::Aggregate { .. });
            let (kernel, mut reads) = assembler.kernel(op);
            reads.sort_unstable();
            reads.dedup();
            let row = free.pop().unwrap_or_else(|| assembler.bank.add(nothing));
            steps.push(Step { op: at, row, kernel, reads });
            assembler.put(reg, row);
        }
        // After the operation: its result never stands where an operand does.
        for reg in dying.get(at).into_iter().flatten() {
            free.push(assembler.bank.place(*reg));
        }
    }
    let is_open = |(reg, same): (usize, &Option<Slot<i64>>)| same.is_some_and(|s| !s.is_known()) && survey.is_read(reg);
    let fixed_open = survey.same.iter().enumerate().any(is_open);
    Assembly { steps, bank, fixed_open, lists }
}

struct Assembler<'a, L> {
    program: &'a Linked<i64>,
    groups: &'a [Group],
    survey: &'a Survey,
    bank: &'a mut Bank<L>,
}

impl<L: Lane> Assembler<'_, L> {
    fn put(&mut self, reg: usize, row: usize) {
        if let Some(place) = self.bank.row_of.get_mut(reg) {
            *place = row;
        }
    }

    /// An operand; a figure is brought to its denominator now.
    fn operand(&mut self, scaled: Scaled<i64>) -> Operand<L> {
        match self.survey.same(scaled.reg).filter(|slot| slot.is_known() && scaled.by != 1) {
            Some(slot) => {
                let row = self.bank.add(Slot::known(slot.num.wrapping_mul(scaled.by)));
                Operand { row, by: L::ONE }
            }
            None => Operand { row: self.bank.place(scaled.reg), by: L::of(scaled.by) },
        }
    }

    fn operands(&mut self, all: &[Scaled<i64>]) -> Vec<Operand<L>> {
        all.iter().map(|scaled| self.operand(*scaled)).collect()
    }

    /// The kernel of an operation, and the rows whose open cases it leaves to the definition.
    fn kernel(&mut self, op: &Op<i64>) -> (Kernel<L>, Vec<usize>) {
        let mut rows = Vec::new();
        let place = |bank: &Bank<L>, reg: Reg| bank.place(reg);
        reads(op, self.program, &mut |reg| rows.push(place(self.bank, reg)));
        let kernel = match op {
            Op::Two { how, a, b, by, unit } => {
                Kernel::Two { how: *how, a: self.operand(*a), b: self.operand(*b), by: L::of(*by), unit: L::of(*unit) }
            }
            Op::Round { a, down, mode, unit } => {
                Kernel::Round { a: self.operand(*a), down: L::of(*down), mode: *mode, unit: L::of(*unit) }
            }
            Op::And(a, b) => Kernel::And(self.bank.place(*a), self.bank.place(*b)),
            Op::Or(a, b) => Kernel::Or(self.bank.place(*a), self.bank.place(*b)),
            Op::Not(a) => Kernel::Not(self.bank.place(*a)),
            Op::If(c, a, b) => {
                let c = self.bank.place(*c);
                // A branch that is not taken may be open.
                rows = vec![c];
                Kernel::If(c, self.operand(*a), self.operand(*b))
            }
            Op::InSet(a, all) => {
                let most = all.iter().copied().max().unwrap_or(0);
                let truths = (0..=most).map(|option| L::truth(all.contains(&option))).collect();
                Kernel::Member(self.bank.place(*a), truths)
            }
            Op::InGroup(a, group, None) => {
                let members = self.groups.get(*group as usize).map_or(&[][..], |group| &group.members);
                let most = members.iter().map(|m| m.institution).max().unwrap_or(0);
                let is_in = |code| members.iter().any(|m| m.institution == code);
                Kernel::Member(self.bank.place(*a), (0..=most).map(|code| L::truth(is_in(code))).collect())
            }
            Op::Table(at) => match self.program.tables.get(*at as usize) {
                Some(table) => {
                    // Of the rows, the one that is chosen counts.
                    rows = table.keys.iter().map(|key| self.bank.place(*key)).collect();
                    self.table(table)
                }
                None => Kernel::Each,
            },
            Op::Bands(bands, totals) => {
                let nought = self.survey.same(bands.from.reg).is_some_and(|slot| slot.is_known() && slot.num <= 0);
                Kernel::Bands {
                    of: self.operand(bands.of),
                    from: if nought { None } else { Some(self.operand(bands.from)) },
                    edges: self.operands(&bands.edges),
                    rates: self.operands(&bands.rates),
                    totals: totals.map(|(mode, den)| (mode, L::of(den))),
                }
            }
            Op::Exceptions { base, alternatives, .. } => {
                let base = self.operand(*base);
                let alternatives =
                    alternatives.iter().map(|(when, value)| (self.bank.place(*when), self.operand(*value))).collect();
                Kernel::Exceptions { base, alternatives }
            }
            Op::Require(a, b, _) => Kernel::Require(self.bank.place(*a), self.bank.place(*b)),
            Op::Applies(_)
            | Op::InGroup(..)
            | Op::CostFor { .. }
            | Op::YearOf(_)
            | Op::AddMonths(..)
            | Op::Aggregate { .. } => Kernel::Each,
        };
        (kernel, rows)
    }

    fn table(&mut self, table: &LinkedTable<i64>) -> Kernel<L> {
        let mut keys = Vec::new();
        let mut stride = 1_usize;
        for (reg, column) in table.keys.iter().zip(&table.columns).rev() {
            let step = L::of(i64::try_from(stride).unwrap_or(i64::MAX));
            keys.push(Key { row: self.bank.place(*reg), cut: cut(column), stride: step });
            stride = stride.saturating_mul(column.samples.len());
        }
        let result = |row: &u16| match *row {
            OTHERWISE => table.otherwise,
            IMPOSSIBLE => None,
            row => table.results.get(usize::from(row)).copied(),
        };
        let figure = |operand: Scaled<i64>| self.survey.same(operand.reg).map(|slot| (slot, operand.by));
        let rows = table.results.iter().chain(&table.otherwise);
        if rows.clone().all(|operand| figure(*operand).is_some()) {
            let number = |row: &u16| {
                let (slot, by) = figure(result(row)?)?;
                slot.is_known().then(|| L::of(slot.num.wrapping_mul(by)))
            };
            let figures = table.dense.iter().map(|row| number(row).unwrap_or(L::NONE)).collect();
            return Kernel::Figures { keys, figures };
        }
        let choice = table.dense.iter().map(|row| result(row).map(|operand| self.operand_in_place(operand))).collect();
        Kernel::Chosen { keys, choice }
    }

    /// An operand where its register stands.
    fn operand_in_place(&self, scaled: Scaled<i64>) -> Operand<L> {
        Operand { row: self.bank.place(scaled.reg), by: L::of(scaled.by) }
    }
}

fn cut<L: Lane>(column: &Column) -> Cut<L> {
    let number = |n: Wide| L::of(narrow(n).unwrap_or(i64::MAX));
    if column.options {
        Cut::Option { most: L::of(i64::try_from(column.samples.len()).unwrap_or(i64::MAX).saturating_sub(1)) }
    } else {
        Cut::Cuts { factor: number(column.factor), cuts: column.cuts.iter().map(|cut| number(*cut)).collect() }
    }
}
