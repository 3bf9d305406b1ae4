//! Checks a plan as strictly as a pack is checked: nothing in it is taken on trust. What passes can
//! run without a bound being crossed, a register read too early or a number overflowing.

use super::cover::{Cover, Fault, cover};
use super::program::{Instr, Kind, LOCAL, Program, Reg};
use super::shape::{Problem, Shape, Shapes};
use super::texts::{Cite, FORMAT, Form, Plan, Service};

/// Greatest magnitude of a figure in a plan: exact in every JSON reader.
pub const MOST: i64 = (1 << 53) - 1;
const MOST_SERVICES: usize = 200;
const MOST_REGISTERS: usize = 20_000;
const MOST_RECORDS: u32 = 10_000;

/// A service's shapes and covers, as verified.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Shapes of all registers.
    pub shapes: Shapes,
    /// Covers of all tables.
    pub covers: Vec<Cover>,
}

/// Why a plan is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Made for another format.
    #[error("the plan has format {found}, this engine reads format {FORMAT}")]
    Format {
        /// The plan's.
        found: u32,
    },
    /// Something refers to what is not there, or is too large.
    #[error("service `{service}`: {what}")]
    Broken {
        /// Service, or `(plan)`.
        service: String,
        /// What.
        what: String,
    },
    /// An instruction does not fit.
    #[error("service `{service}`, register {register}: {problem}")]
    Code {
        /// Service.
        service: String,
        /// Register that would be written.
        register: usize,
        /// Why.
        problem: Problem,
    },
    /// A table with a gap or an overlap.
    #[error("service `{service}`, table {table}: a gap, an overlap or a row that nothing reaches")]
    Table {
        /// Service.
        service: String,
        /// Table.
        table: usize,
        /// All faults.
        faults: Vec<Fault>,
    },
}

/// Verifies a plan.
///
/// # Errors
/// The first fault found; a plan from the compiler has none.
pub fn verify(plan: &Plan) -> Result<Vec<Verified>, PlanError> {
    if plan.format != FORMAT {
        return Err(PlanError::Format { found: plan.format });
    }
    if plan.services.len() > MOST_SERVICES {
        return Err(broken("(plan)", "too many services"));
    }
    texts(plan).map_err(|what| broken("(plan)", what))?;
    plan.services.iter().map(|service| verify_service(plan, service)).collect()
}

fn broken(service: &str, what: &str) -> PlanError {
    PlanError::Broken { service: service.into(), what: what.into() }
}

fn verify_service(plan: &Plan, service: &Service) -> Result<Verified, PlanError> {
    let program = &service.program;
    let refuse = |what: &str| broken(&service.id, what);
    numbers(plan, service).map_err(&refuse)?;
    let mut shapes = Shapes::start(program);
    for instr in &program.code {
        let register = shapes.main.len();
        shapes
            .push(program, instr)
            .map_err(|problem| PlanError::Code { service: service.id.clone(), register, problem })?;
    }
    if shapes.blocks.len() != program.blocks.len() {
        return Err(refuse("a block that no aggregate runs"));
    }
    let mut covers = Vec::new();
    for (i, table) in program.tables.iter().enumerate() {
        covers.push(cover_table(program, &shapes, i).map_err(|faults| PlanError::Table { service: service.id.clone(), table: i, faults })?);
        let _ = table;
    }
    outputs(plan, service, &shapes).map_err(&refuse)?;
    Ok(Verified { shapes, covers })
}

/// Covers one table of a program whose shapes are known.
///
/// # Errors
/// Its faults.
pub fn cover_table(program: &Program, shapes: &Shapes, index: usize) -> Result<Cover, Vec<Fault>> {
    let table = program.tables.get(index).ok_or_else(|| vec![Fault::TooLarge])?;
    let home = program
        .blocks
        .iter()
        .position(|block| block.code.iter().any(|i| matches!(i, Instr::Table(t) if *t as usize == index)))
        .and_then(|b| u32::try_from(b).ok());
    let keys: Result<Vec<&Shape>, Problem> = table.keys.iter().map(|key| shapes.read(home, *key)).collect();
    let keys = keys.map_err(|_| vec![Fault::TooLarge])?;
    cover(table, &keys)
}

fn numbers(plan: &Plan, service: &Service) -> Result<(), &'static str> {
    let program = &service.program;
    if program.registers() > MOST_REGISTERS || program.blocks.iter().any(|b| b.code.len() > MOST_REGISTERS) {
        return Err("too many registers");
    }
    let fields = program.lists.iter().flat_map(|list| &list.fields);
    for input in program.inputs.iter().chain(fields) {
        kind(plan, input.kind)?;
        if !within(&[input.min, input.max, input.den]) || input.den < 1 || input.min > input.max {
            return Err("an input with bounds that cannot be");
        }
        if input.only.iter().any(|n| *n < input.min || *n > input.max) {
            return Err("an input allows a value outside its bounds");
        }
        reason(service, input.reason)?;
    }
    for constant in &program.constants {
        kind(plan, constant.kind)?;
        if !within(&[constant.num, constant.den]) || constant.den < 1 {
            return Err("a figure out of range");
        }
        reason(service, constant.reason)?;
    }
    for list in &program.lists {
        if list.max > MOST_RECORDS {
            return Err("a list too long");
        }
    }
    for instr in program.code.iter().chain(program.blocks.iter().flat_map(|b| &b.code)) {
        instruction(plan, service, instr)?;
    }
    for table in &program.tables {
        reason(service, table.impossible_reason)?;
        if table.rows.len() >= usize::from(super::cover::IMPOSSIBLE) || table.impossible.iter().any(|c| c.len() != table.keys.len()) {
            return Err("a table of the wrong size");
        }
    }
    Ok(())
}

fn instruction(plan: &Plan, service: &Service, instr: &Instr) -> Result<(), &'static str> {
    match instr {
        Instr::DivRound(_, _, _, num, den) | Instr::Round(_, _, num, den) if *num < 1 || *den < 1 || !within(&[*num, *den]) => {
            Err("a rounding unit out of range")
        }
        Instr::Figure(_) => Err("a figure among the code"),
        Instr::InGroup(_, group, _) if plan.groups.len() <= *group as usize => Err("a group that is not there"),
        Instr::Exceptions(_, _, at) | Instr::Require(_, _, at) | Instr::AddMonths(_, _, _, at) => reason(service, *at),
        _ => Ok(()),
    }
}

fn within(all: &[i64]) -> bool {
    all.iter().all(|n| n.saturating_abs() <= MOST)
}

fn kind(plan: &Plan, kind: Kind) -> Result<(), &'static str> {
    match kind {
        Kind::Choice(i) if plan.choices.get(i as usize).is_none() => Err("a choice set that is not there"),
        _ => Ok(()),
    }
}

fn reason(service: &Service, at: u32) -> Result<(), &'static str> {
    if (at as usize) < service.reasons.len() { Ok(()) } else { Err("a reason that is not there") }
}

fn cites(plan: &Plan, all: &[Cite]) -> Result<(), &'static str> {
    for cite in all {
        let clause = plan.sources.get(cite.source as usize).and_then(|s| s.clauses.get(cite.clause as usize));
        let quote = clause.ok_or("a cite of a clause that is not there")?;
        if let Some((first, end)) = cite.mark {
            if first >= end || end as usize > quote.quote.chars().count() {
                return Err("a mark outside its quote");
            }
        }
    }
    Ok(())
}

fn texts(plan: &Plan) -> Result<(), &'static str> {
    for group in &plan.groups {
        if group.members.iter().any(|m| m.institution as usize >= plan.institutions.len()) {
            return Err("a group member that is not there");
        }
    }
    plan.parameters.iter().try_for_each(|p| cites(plan, &p.cites))
}

fn outputs(plan: &Plan, service: &Service, shapes: &Shapes) -> Result<(), &'static str> {
    let money = |reg: Reg| match shapes.get(reg) {
        Ok(shape) if shape.kind == Kind::Money && shape.den == 1 => Ok(()),
        _ => Err("an amount that is not whole fen"),
    };
    let truth = |reg: Reg| match shapes.get(reg) {
        Ok(shape) if shape.kind == Kind::Bool => Ok(()),
        _ => Err("a verdict that is not yes or no"),
    };
    let exists = |reg: Reg| shapes.get(reg).map(|_| ()).map_err(|_| "a register that is not there");
    let step = |at: u32| if (at as usize) < service.steps.len() { Ok(()) } else { Err("a step that is not there") };
    let payer = |at: u32| if (at as usize) < plan.payers.len() { Ok(()) } else { Err("a payer that is not there") };
    let inputs = service.program.inputs.len();
    for date in [service.as_of, service.ends].into_iter().flatten() {
        if date as usize >= inputs || shapes.get(date).map(|s| s.kind) != Ok(Kind::Date) {
            return Err("a service date that is not a date");
        }
    }
    for reason in &service.reasons {
        cites(plan, &reason.cites)?;
        reason.step.map_or(Ok(()), step)?;
    }
    let out = &service.outputs;
    if let Some(bill) = &out.bill {
        [bill.total, bill.patient, bill.cash, bill.net].into_iter().try_for_each(money)?;
        bill.parts.iter().try_for_each(|part| money(part.amount).and_then(|()| money(part.left)))?;
    }
    let parts = out.bill.as_ref().map_or(0, |bill| bill.parts.len());
    for payment in &out.payments {
        step(payment.step)?;
        payer(payment.payer)?;
        money(payment.paid)?;
        money(payment.asked)?;
        for (part, reg) in &payment.draws {
            money(*reg)?;
            if *part as usize >= parts {
                return Err("a part that is not there");
            }
        }
    }
    for amount in out.benefits.iter().chain(&out.allocations) {
        step(amount.step)?;
        payer(amount.payer)?;
        money(amount.amount)?;
    }
    out.verdict.map_or(Ok(()), truth)?;
    out.requires.iter().try_for_each(|reg| exists(*reg))?;
    out.constraints.iter().try_for_each(|c| truth(c.holds))?;
    out.limit.map_or(Ok(()), step)?;
    out.result.iter().try_for_each(|at| step(*at))?;
    let entries = plan.ledger.as_ref().map_or(0, |ledger| ledger.entries.len());
    for (entry, reg) in &out.posts {
        exists(*reg)?;
        if *entry as usize >= entries {
            return Err("a ledger entry that is not there");
        }
    }
    out.attaches.iter().try_for_each(|(_, reg)| exists(*reg))?;
    out.previous.iter().flatten().try_for_each(|reg| exists(*reg))?;
    service.steps.iter().try_for_each(|step| step_texts(plan, service, shapes, step))
}

fn step_texts(plan: &Plan, service: &Service, shapes: &Shapes, step: &super::texts::Step) -> Result<(), &'static str> {
    let read = |reg: Reg| shapes.read(step.block, reg).map(|_| ()).map_err(|_| "a register that is not there");
    read(step.register)?;
    if step.block.is_none() && step.register >= LOCAL {
        return Err("a register that is not there");
    }
    cites(plan, &step.cites)?;
    if step.assumes.iter().any(|a| *a as usize >= plan.pack.assumptions.len()) {
        return Err("an assumption that is not there");
    }
    for formula in &step.formulas {
        for piece in &formula.pieces {
            if let super::texts::Piece::Name(_, reg) = piece {
                read(*reg)?;
            }
        }
    }
    if let Some(frame) = &step.frame {
        read(frame.register)?;
        cites(plan, &frame.cites)?;
    }
    match &step.form {
        Form::Table { table, keys, rows, otherwise } => {
            let known = service.program.tables.get(*table as usize).ok_or("a table that is not there")?;
            if known.rows.len() != rows.len() || keys.len() != known.keys.len() {
                return Err("a table's texts that do not fit its rows");
            }
            rows.iter().try_for_each(|row| cites(plan, &row.cites))?;
            cites(plan, otherwise)
        }
        Form::Bands { bands, rows } => {
            rows.iter().try_for_each(|row| cites(plan, &row.cites))?;
            match service.program.writer(*bands) {
                Some(Instr::Bands { rates, .. }) if rates.len() == rows.len() => Ok(()),
                _ => Err("bands that are not there"),
            }
        }
        Form::Pay { payment } if service.outputs.payments.len() <= *payment as usize => Err("a payment that is not there"),
        Form::Exception { to, when } => {
            read(*when)?;
            if *to as usize >= service.steps.len() { Err("a step that is not there") } else { Ok(()) }
        }
        Form::Limit { from: Some(from) } => read(*from),
        _ => Ok(()),
    }
}
