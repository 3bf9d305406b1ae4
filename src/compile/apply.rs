//! Where an answer may be not applicable: the program is run over what may stand in its registers, once with no stay
//! before, once with nothing posted, once with no record, and once with all of that.

use crate::plan::{Aggregate, Cell, EntryKind, Fold, Instr, LOCAL, Ledger, Program, Reg, Service, State, Table};
use std::collections::BTreeSet;

/// Why there may be nothing to have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nothing {
    /// No stay before.
    Previous,
    /// Nothing was posted to this input.
    Posted(Reg),
    /// No record fits the aggregate of this block.
    Record(u32),
}

/// What may stand in a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct May {
    /// A value.
    value: bool,
    /// Nothing.
    nothing: bool,
    /// The value, where it is surely this truth.
    truth: Option<bool>,
}

const VALUE: May = May { value: true, nothing: false, truth: None };
const NOTHING: May = May { value: false, nothing: true, truth: None };

impl May {
    fn is(self, truth: bool) -> bool {
        self.truth == Some(truth) && !self.nothing
    }

    fn truth(truth: Option<bool>) -> Self {
        Self { truth, ..VALUE }
    }

    /// Either of two.
    fn or(self, other: Self) -> Self {
        let truth = match (self.value, other.value) {
            (true, true) => self.truth.filter(|_| self.truth == other.truth),
            (true, false) => self.truth,
            _ => other.truth,
        };
        Self { value: self.value || other.value, nothing: self.nothing || other.nothing, truth }
    }
}

/// The first step in reading order from which an answer of the service may be not applicable, and why.
pub(super) fn may_not_apply(service: &Service, ledger: Option<&Ledger>) -> Option<(usize, Nothing)> {
    let all = sources(&service.program, ledger);
    let alone = all.iter().map(|one| BTreeSet::from([*one]));
    for world in alone.chain([all.clone()]) {
        let run = Run::of(service, ledger, &world);
        if let (Some(step), Some(why)) = (run.first_step(service), world.first()) {
            return Some((step, *why));
        }
    }
    None
}

/// Everything that may be not there.
fn sources(program: &Program, ledger: Option<&Ledger>) -> BTreeSet<Nothing> {
    let of_input = |(at, input): (usize, &crate::plan::Input)| source_of(&input.name, at, ledger);
    let mut all: BTreeSet<Nothing> = program.inputs.iter().enumerate().filter_map(of_input).collect();
    for instr in &program.code {
        if let Instr::Aggregate(Aggregate { fold: Fold::Min | Fold::Max, block, .. }) = instr {
            all.insert(Nothing::Record(*block));
        }
    }
    all
}

fn source_of(name: &str, at: usize, ledger: Option<&Ledger>) -> Option<Nothing> {
    if name.starts_with("previous.") {
        return Some(Nothing::Previous);
    }
    let entry = name.strip_prefix("ledger.")?;
    let is_last = ledger?.entries.iter().any(|e| e.id == entry && e.kind == EntryKind::Last);
    is_last.then(|| Nothing::Posted(super::builder::number(at)))
}

struct Run<'a> {
    program: &'a Program,
    world: &'a BTreeSet<Nothing>,
    registers: Vec<May>,
    /// Those of the record at hand.
    local: Vec<May>,
}

impl<'a> Run<'a> {
    fn of(service: &'a Service, ledger: Option<&Ledger>, world: &'a BTreeSet<Nothing>) -> Self {
        let program = &service.program;
        let mut run = Self { program, world, registers: Vec::new(), local: Vec::new() };
        for (at, input) in program.inputs.iter().enumerate() {
            let source = source_of(&input.name, at, ledger);
            run.registers.push(if source.is_some_and(|s| world.contains(&s)) { NOTHING } else { VALUE });
        }
        for constant in &program.constants {
            let is_truth = constant.kind == crate::plan::Kind::Bool && constant.state == State::Known;
            run.registers.push(May::truth(is_truth.then_some(constant.num != 0)));
        }
        for instr in &program.code {
            let may = run.instr(instr);
            run.registers.push(may);
        }
        run
    }

    fn get(&self, reg: Reg) -> May {
        let found = match reg.checked_sub(LOCAL) {
            Some(local) => self.local.get(local as usize),
            None => self.registers.get(reg as usize),
        };
        found.copied().unwrap_or(VALUE)
    }

    /// What an operation gives that needs all of its operands.
    fn all(&self, instr: &Instr) -> May {
        let mut may = VALUE;
        instr.each_operand(&mut |reg| {
            let operand = self.get(reg);
            may.value &= operand.value;
            may.nothing |= operand.nothing;
        });
        may
    }

    fn instr(&mut self, instr: &Instr) -> May {
        match instr {
            Instr::And(a, b) => both(self.get(*a), self.get(*b)),
            Instr::Or(a, b) => not(both(not(self.get(*a)), not(self.get(*b)))),
            Instr::Not(a) => not(self.get(*a)),
            Instr::Applies(a) => {
                let a = self.get(*a);
                May::truth((a.value != a.nothing).then_some(a.value))
            }
            Instr::If(c, a, b) => self.branch(*c, self.get(*a), self.get(*b)),
            Instr::Exceptions(base, alternatives, _) => {
                let base = self.get(*base);
                alternatives.iter().fold(base, |so_far, (when, value)| self.branch(*when, self.get(*value), so_far))
            }
            Instr::Table(at) => match self.program.tables.get(*at as usize) {
                Some(table) => self.table(table),
                None => VALUE,
            },
            Instr::Require(a, ..) => self.get(*a),
            Instr::Aggregate(aggregate) => self.aggregate(aggregate),
            other => self.all(other),
        }
    }

    fn branch(&self, condition: Reg, yes: May, no: May) -> May {
        let condition = self.get(condition);
        if condition.is(true) {
            yes
        } else if condition.is(false) {
            no
        } else {
            let either = yes.or(no);
            May { nothing: either.nothing || condition.nothing, ..either }
        }
    }

    fn table(&self, table: &Table) -> May {
        let keys: Vec<May> = table.keys.iter().map(|key| self.get(*key)).collect();
        let takes = |cell: &Cell, key: &May| match (cell, key.truth.filter(|_| !key.nothing)) {
            (Cell::Options(all), Some(truth)) => all.contains(&u32::from(truth)),
            _ => true,
        };
        let rows = table.rows.iter().filter(|row| row.cells.iter().zip(&keys).all(|(cell, key)| takes(cell, key)));
        let results = rows.map(|row| row.result).chain(table.otherwise).map(|reg| self.get(reg));
        let result = results.reduce(May::or).unwrap_or(VALUE);
        May { nothing: result.nothing || keys.iter().any(|key| key.nothing), ..result }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) -> May {
        let Some(block) = self.program.blocks.get(aggregate.block as usize) else { return VALUE };
        let fields = self.program.lists.get(block.list as usize).map_or(0, |list| list.fields.len());
        self.local = vec![VALUE; fields];
        for instr in &block.code {
            let may = self.instr(instr);
            self.local.push(may);
        }
        let record = aggregate.filter.map_or(VALUE, |filter| self.get(filter));
        let nothing = record.nothing || self.get(aggregate.value).nothing;
        if self.world.contains(&Nothing::Record(aggregate.block)) && matches!(aggregate.fold, Fold::Min | Fold::Max) {
            return NOTHING;
        }
        May { nothing, ..VALUE }
    }

    /// The first step that an answer which may be not applicable comes from.
    fn first_step(&self, service: &Service) -> Option<usize> {
        let may = |reg: Reg| self.get(reg).nothing;
        let mut open: Vec<Reg> = service.answered(false).into_iter().filter(|reg| may(*reg)).collect();
        open.first()?;
        let mut seen = BTreeSet::new();
        while let Some(reg) = open.pop() {
            if reg < LOCAL && may(reg) && seen.insert(reg) {
                self.program.reads(reg, &mut |reg| open.push(reg));
            }
        }
        service.steps.iter().position(|step| step.block.is_none() && seen.contains(&step.register)).or(Some(0))
    }
}

fn both(a: May, b: May) -> May {
    if a.is(false) || b.is(false) {
        return May::truth(Some(false));
    }
    let truth = (a.truth == Some(true) && b.truth == Some(true)).then_some(true);
    // What may be false makes the whole false, whatever the other is.
    let may_be_false = |x: May| x.value && x.truth != Some(true);
    let value = a.value && b.value || may_be_false(a) || may_be_false(b);
    May { value, nothing: a.nothing || b.nothing, truth }
}

fn not(a: May) -> May {
    May { truth: a.truth.map(|truth| !truth), ..a }
}
