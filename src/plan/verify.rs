//! Checks a plan as strictly as a pack is checked: nothing in it is taken on trust. What passes can
//! run without a bound being crossed, a register read too early or a number overflowing.

use super::conserve;
use super::cover::{Cover, Fault, MOST_CELLS_IN_ALL, cover};
use super::named::{self, cites};
use super::program::{Instr, Kind, LOCAL, Program, Reg};
use super::service::{Form, Piece, Service, Step};
use super::shape::{Problem, Shape, Shapes};
use super::texts::{FORMAT, Plan};

/// Greatest magnitude of a figure in a plan: exact in every JSON reader.
pub const MOST: i64 = (1 << 53) - 1;
/// Most services of a plan.
pub const MOST_SERVICES: usize = 200;
/// Most inputs of a service, the fields of its lists included.
pub const MOST_INPUTS: usize = 2_000;
/// Most operations that the records of a service's lists may take together, if the lists are full.
pub const MOST_WORK: u64 = 20_000_000;
/// Most registers of a service, those of its blocks included.
pub const MOST_REGISTERS: usize = 20_000;
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
    /// Numbers past 64 bits, in a build that carries no wider ones.
    #[error(
        "service `{service}` needs numbers past 64 bits, which this build does not carry: narrow the bounds of its facts"
    )]
    Wide {
        /// Service.
        service: String,
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
    named::check(plan).map_err(|what| broken("(plan)", what))?;
    let mut all = Vec::new();
    let mut cells = 0_usize;
    for service in &plan.services {
        let verified = verify_service(plan, service)?;
        cells = verified.covers.iter().fold(cells, |sum, cover| sum.saturating_add(cover.dense.len()));
        if cells > MOST_CELLS_IN_ALL {
            return Err(broken(&service.id, "too many combinations of table keys"));
        }
        all.push(verified);
    }
    Ok(all)
}

/// Operations that the records of all lists take, if every list is as long as it may be; `cells` are the combinations
/// of each table.
///
/// A table counts with all its combinations: with a key open, each of them is looked at.
#[must_use]
pub fn most_work(program: &Program, cells: &[usize]) -> u64 {
    let block = |index: u32| -> u64 {
        let Some(block) = program.blocks.get(index as usize) else { return 0 };
        let most = program.lists.get(block.list as usize).map_or(0, |list| list.max);
        let tables = block
            .code
            .iter()
            .filter_map(|instr| if let Instr::Table(at) = instr { cells.get(*at as usize) } else { None });
        let each = tables.fold(block.code.len().saturating_add(1), |sum, cells| sum.saturating_add(*cells));
        u64::from(most).saturating_mul(u64::try_from(each).unwrap_or(u64::MAX))
    };
    let aggregates =
        program.code.iter().filter_map(|instr| if let Instr::Aggregate(a) = instr { Some(a.block) } else { None });
    aggregates.fold(0, |sum, index| sum.saturating_add(block(index)))
}

/// Why a register of a service is refused.
#[must_use]
pub(crate) fn refused(service: &Service, register: usize, problem: Problem) -> PlanError {
    let service = service.id.clone();
    // What 64 bits do not hold another build may.
    if cfg!(not(feature = "authoring")) && problem == Problem::TooWide {
        return PlanError::Wide { service };
    }
    PlanError::Code { service, register, problem }
}

fn broken(service: &str, what: &str) -> PlanError {
    PlanError::Broken { service: service.into(), what: what.into() }
}

fn verify_service(plan: &Plan, service: &Service) -> Result<Verified, PlanError> {
    let program = &service.program;
    let refuse = |what: &str| broken(&service.id, what);
    numbers(plan, service).map_err(&refuse)?;
    named::check_service(plan, service).map_err(&refuse)?;
    let mut shapes = Shapes::start(program);
    for instr in &program.code {
        let register = shapes.main.len();
        shapes.push(program, instr).map_err(|problem| refused(service, register, problem))?;
    }
    if shapes.blocks.len() != program.blocks.len() {
        return Err(refuse("a block that no aggregate runs"));
    }
    let homes = homes(program).map_err(&refuse)?;
    let mut covers = Vec::new();
    let mut cells = 0_usize;
    for (i, (table, home)) in program.tables.iter().zip(homes).enumerate() {
        let fault = |faults: Vec<Fault>| {
            if faults.contains(&Fault::TooWide) {
                return refused(service, 0, Problem::TooWide);
            }
            PlanError::Table { service: service.id.clone(), table: i, faults }
        };
        let keys: Vec<&Shape> = table.keys.iter().filter_map(|key| shapes.read(home, *key).ok()).collect();
        if keys.len() != table.keys.len() {
            return Err(refuse("a table's key that is not there"));
        }
        let found = cover(table, &keys).map_err(fault)?;
        cells = cells.saturating_add(found.dense.len());
        if cells > MOST_CELLS_IN_ALL {
            return Err(refuse("too many combinations of table keys"));
        }
        covers.push(found);
    }
    let sizes: Vec<usize> = covers.iter().map(|cover| cover.dense.len()).collect();
    if most_work(program, &sizes) > MOST_WORK {
        return Err(refuse("lists too long for what is done with each record"));
    }
    outputs(plan, service, &shapes).map_err(&refuse)?;
    conserve::check(plan, service).map_err(&refuse)?;
    Ok(Verified { shapes, covers })
}

/// Covers one table of a program that was verified.
///
/// # Errors
/// Its faults.
pub fn cover_table(program: &Program, shapes: &Shapes, index: usize) -> Result<Cover, Vec<Fault>> {
    let gone = || vec![Fault::TooLarge];
    let table = program.tables.get(index).ok_or_else(gone)?;
    let home = homes(program).ok().and_then(|all| all.get(index).copied()).ok_or_else(gone)?;
    let keys: Result<Vec<&Shape>, Problem> = table.keys.iter().map(|key| shapes.read(home, *key)).collect();
    cover(table, &keys.map_err(|_| gone())?)
}

/// The block of each table, none for the main code. Each table and each block is read in exactly one place.
fn homes(program: &Program) -> Result<Vec<Option<u32>>, &'static str> {
    let mut tables: Vec<Option<Option<u32>>> = vec![None; program.tables.len()];
    let mut runs = vec![false; program.blocks.len()];
    let blocks = program.blocks.iter().enumerate().map(|(i, block)| (u32::try_from(i).ok(), &block.code));
    for (home, code) in core::iter::once((None, &program.code)).chain(blocks) {
        for instr in code {
            match instr {
                Instr::Table(at) => match tables.get_mut(*at as usize) {
                    Some(slot @ None) => *slot = Some(home),
                    Some(_) => return Err("a table that is read twice"),
                    None => return Err("a table that is not there"),
                },
                Instr::Aggregate(aggregate) => match runs.get_mut(aggregate.block as usize) {
                    Some(seen @ false) => *seen = true,
                    Some(_) => return Err("a block that two aggregates run"),
                    None => return Err("a block that is not there"),
                },
                _ => {}
            }
        }
    }
    tables.into_iter().map(|home| home.ok_or("a table that nothing reads")).collect()
}

fn numbers(plan: &Plan, service: &Service) -> Result<(), &'static str> {
    let program = &service.program;
    let blocks = program.blocks.iter().fold(0_usize, |sum, block| sum.saturating_add(block.code.len()));
    let fields = program.lists.iter().flat_map(|list| &list.fields);
    if program.inputs.len().saturating_add(fields.clone().count()) > MOST_INPUTS {
        return Err("too many inputs");
    }
    if program.constants.len().saturating_add(program.code.len()).saturating_add(blocks) > MOST_REGISTERS {
        return Err("too many registers");
    }
    for input in program.inputs.iter().chain(fields) {
        kind(plan, input.kind)?;
        if !within(&[input.min, input.max, input.den]) || input.den < 1 || input.min > input.max {
            return Err("an input with bounds that cannot be");
        }
        if input.only.iter().any(|n| *n < input.min || *n > input.max) {
            return Err("an input allows a value outside its bounds");
        }
        if input.only.len() > MOST_INPUTS {
            return Err("an input with too many values");
        }
        let options = match input.kind {
            Kind::Bool => 2,
            Kind::Choice(set) => plan.choices.get(set as usize).map_or(0, |set| set.options.len()),
            _ => usize::MAX,
        };
        if options != usize::MAX
            && (input.den != 1 || input.min < 0 || usize::try_from(input.max).is_ok_and(|most| most >= options))
        {
            return Err("an input with options that are not there");
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
        if table.rows.len() >= usize::from(super::cover::IMPOSSIBLE)
            || table.impossible.iter().any(|c| c.len() != table.keys.len())
        {
            return Err("a table of the wrong size");
        }
    }
    Ok(())
}

fn instruction(plan: &Plan, service: &Service, instr: &Instr) -> Result<(), &'static str> {
    match instr {
        Instr::DivRound(_, _, _, num, den) | Instr::Round(_, _, num, den)
            if *num < 1 || *den < 1 || !within(&[*num, *den]) =>
        {
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
    out.claims.iter().try_for_each(|c| truth(c.holds).and_then(|()| cites(plan, &c.cites)))?;
    for order in out.claims.iter().filter_map(|c| c.order.as_ref()) {
        exists(order.register)?;
        let input = service.program.inputs.get(order.input as usize).ok_or("a fact that is not there")?;
        let option = |code: &u32| (input.min..=input.max).contains(&i64::from(*code));
        if !matches!(input.kind, Kind::Choice(_)) || !order.options.iter().all(option) {
            return Err("an option that is not there");
        }
    }
    out.limit.map_or(Ok(()), step)?;
    out.result.iter().try_for_each(|at| step(*at))?;
    let entries = plan.ledger.as_ref().map_or(0, |ledger| ledger.entries.len());
    for (entry, reg) in &out.posts {
        exists(*reg)?;
        if *entry as usize >= entries {
            return Err("a ledger entry that is not there");
        }
    }
    out.attaches.iter().try_for_each(|(_, reg)| truth(*reg))?;
    out.previous.iter().flatten().try_for_each(|reg| exists(*reg))?;
    service.steps.iter().try_for_each(|step| step_texts(plan, service, shapes, step))
}

fn step_texts(plan: &Plan, service: &Service, shapes: &Shapes, step: &Step) -> Result<(), &'static str> {
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
            if let Piece::Name(_, reg) = piece {
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
        Form::Pay { payment } if service.outputs.payments.len() <= *payment as usize => {
            Err("a payment that is not there")
        }
        Form::Exception { to, when } => {
            read(*when)?;
            if *to as usize >= service.steps.len() { Err("a step that is not there") } else { Ok(()) }
        }
        Form::Limit { from: Some(from) } => read(*from),
        _ => Ok(()),
    }
}
