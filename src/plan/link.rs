//! Linking: a verified program with every multiplier worked out, ready to run over one number type.

use super::cover::{Column, Cover};
use super::infer::{band_dens, cost_dens, divisor_multiple};
use super::program::{Comparison, Fold, Instr, LOCAL, Program, Reg, State};
use super::shape::{Problem, Shape, Shapes};
use crate::date::MonthEnd;
use crate::number::{Number, Rounding, lcm};

/// A register brought to a denominator: its number is multiplied by `by`.
#[derive(Debug, Clone, Copy)]
pub struct Scaled<N> {
    /// Register.
    pub reg: Reg,
    /// Multiplier.
    pub by: N,
}

/// One instruction, ready to run. Meanings as in [`Instr`].
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "fields are the operands that `Instr` documents, brought to one denominator")]
pub enum Op<N> {
    Add(Scaled<N>, Scaled<N>),
    Sub(Scaled<N>, Scaled<N>),
    Mul {
        a: Reg,
        b: Reg,
        shrink: Option<N>,
    },
    Div {
        a: Reg,
        b: Reg,
        least: N,
        den: N,
    },
    DivRound {
        a: Scaled<N>,
        b: Scaled<N>,
        mode: Rounding,
        unit: N,
    },
    Round {
        a: Scaled<N>,
        down: N,
        mode: Rounding,
        unit: N,
    },
    Min(Scaled<N>, Scaled<N>),
    Max(Scaled<N>, Scaled<N>),
    Cmp(Comparison, Scaled<N>, Scaled<N>),
    CmpSpan(Comparison, Reg, Reg, N),
    And(Reg, Reg),
    Or(Reg, Reg),
    Not(Reg),
    If(Reg, Scaled<N>, Scaled<N>),
    Applies(Reg),
    InSet(Reg, Vec<u32>),
    InGroup(Reg, u32, Option<Reg>),
    Table(u32),
    Bands {
        of: Scaled<N>,
        from: Scaled<N>,
        edges: Vec<Scaled<N>>,
        rates: Vec<Scaled<N>>,
        totals: Option<(Rounding, N)>,
    },
    CostFor {
        bands: Reg,
        payment: Scaled<N>,
        share: N,
        least: N,
        from: Scaled<N>,
        edges: Vec<Scaled<N>>,
        rates: Vec<Scaled<N>>,
    },
    Exceptions {
        base: Scaled<N>,
        alternatives: Vec<(Reg, Scaled<N>)>,
        reason: u32,
    },
    MonthsBetween(Reg, Reg),
    YearsBetween(Reg, Reg),
    YearOf(Reg),
    AddMonths(Reg, Reg, MonthEnd, u32),
    Require(Reg, Reg, u32),
    Aggregate {
        fold: Fold,
        block: u32,
        value: Reg,
        filter: Option<Reg>,
    },
}

/// A table, ready to look up.
#[derive(Debug, Clone)]
pub struct LinkedTable<N> {
    /// The registers looked at.
    pub keys: Vec<Reg>,
    /// How each key's values are cut.
    pub columns: Vec<Column>,
    /// Row index of each combination.
    pub dense: Vec<u16>,
    /// Result of each row, at the table's denominator.
    pub results: Vec<Scaled<N>>,
    /// Result where no row hits.
    pub otherwise: Option<Scaled<N>>,
    /// Reason of a combination declared impossible.
    pub impossible_reason: u32,
}

/// Code of a block, ready to run.
#[derive(Debug, Clone)]
pub struct LinkedBlock<N> {
    /// Index of its list.
    pub list: u32,
    /// Operations.
    pub ops: Vec<Op<N>>,
}

/// A program, ready to run.
#[derive(Debug, Clone)]
pub struct Linked<N> {
    /// Figures: number, state, reason.
    pub constants: Vec<(N, State, u32)>,
    /// Operations of the main code.
    pub ops: Vec<Op<N>>,
    /// Tables.
    pub tables: Vec<LinkedTable<N>>,
    /// Blocks.
    pub blocks: Vec<LinkedBlock<N>>,
}

/// Links a program whose shapes and covers are known.
///
/// # Errors
/// As inference: never for a program that [`verify`](super::verify) accepted.
pub fn link<N: Number>(program: &Program, shapes: &Shapes, covers: &[Cover]) -> Result<Linked<N>, Problem> {
    let constants = program
        .constants
        .iter()
        .map(|c| (if c.state == State::Known { N::from_i64(c.num) } else { N::ZERO }, c.state, c.reason))
        .collect();
    let first = program.first_code() as usize;
    let main = Linker { program, shapes, block: None };
    let mut ops = Vec::with_capacity(program.code.len());
    for (i, instr) in program.code.iter().enumerate() {
        let own = shapes.main.get(first.saturating_add(i)).ok_or(Problem::Register(0))?;
        ops.push(main.op(instr, own)?);
    }
    let mut blocks = Vec::new();
    for (i, block) in program.blocks.iter().enumerate() {
        let index = u32::try_from(i).map_err(|_| Problem::Missing("the block"))?;
        let linker = Linker { program, shapes, block: Some(index) };
        let fields = program.lists.get(block.list as usize).map_or(0, |list| list.fields.len());
        let mut ops = Vec::new();
        for (k, instr) in block.code.iter().enumerate() {
            let own = shapes
                .blocks
                .get(i)
                .and_then(|all| all.get(fields.saturating_add(k)))
                .ok_or(Problem::Register(LOCAL))?;
            ops.push(linker.op(instr, own)?);
        }
        blocks.push(LinkedBlock { list: block.list, ops });
    }
    let mut tables = Vec::new();
    for (i, (table, cover)) in program.tables.iter().zip(covers).enumerate() {
        let (block, den) = table_home(program, shapes, i)?;
        let linker = Linker { program, shapes, block };
        tables.push(LinkedTable {
            keys: table.keys.clone(),
            columns: cover.columns.clone(),
            dense: cover.dense.clone(),
            results: table.rows.iter().map(|row| linker.scaled(row.result, den)).collect::<Result<_, _>>()?,
            otherwise: table.otherwise.map(|reg| linker.scaled(reg, den)).transpose()?,
            impossible_reason: table.impossible_reason,
        });
    }
    Ok(Linked { constants, ops, tables, blocks })
}

/// Where a table is read: in a block or the main code, and the denominator of its result.
fn table_home(program: &Program, shapes: &Shapes, index: usize) -> Result<(Option<u32>, i128), Problem> {
    let is_it = |instr: &Instr| matches!(instr, Instr::Table(i) if *i as usize == index);
    let first = program.first_code() as usize;
    if let Some(at) = program.code.iter().position(is_it) {
        let shape = shapes.main.get(first.saturating_add(at)).ok_or(Problem::Register(0))?;
        return Ok((None, shape.den));
    }
    for (b, block) in program.blocks.iter().enumerate() {
        if let Some(at) = block.code.iter().position(is_it) {
            let fields = program.lists.get(block.list as usize).map_or(0, |list| list.fields.len());
            let shape = shapes
                .blocks
                .get(b)
                .and_then(|all| all.get(fields.saturating_add(at)))
                .ok_or(Problem::Register(LOCAL))?;
            return Ok((u32::try_from(b).ok(), shape.den));
        }
    }
    Err(Problem::Missing("the table's reader"))
}

struct Linker<'a> {
    program: &'a Program,
    shapes: &'a Shapes,
    block: Option<u32>,
}

impl<'a> Linker<'a> {
    fn shape(&self, reg: Reg) -> Result<&'a Shape, Problem> {
        self.shapes.read(self.block, reg)
    }

    fn scaled<N: Number>(&self, reg: Reg, den: i128) -> Result<Scaled<N>, Problem> {
        let by = den.checked_div(self.shape(reg)?.den).ok_or(Problem::TooWide)?;
        Ok(Scaled { reg, by: N::from_i128(by) })
    }

    fn pair<N: Number>(&self, a: Reg, b: Reg) -> Result<(Scaled<N>, Scaled<N>), Problem> {
        let den = lcm(self.shape(a)?.den, self.shape(b)?.den).ok_or(Problem::TooWide)?;
        Ok((self.scaled(a, den)?, self.scaled(b, den)?))
    }

    fn all<N: Number>(&self, regs: &[Reg], den: i128) -> Result<Vec<Scaled<N>>, Problem> {
        regs.iter().map(|reg| self.scaled(*reg, den)).collect()
    }

    fn op<N: Number>(&self, instr: &Instr, own: &Shape) -> Result<Op<N>, Problem> {
        use Instr as I;
        let get = |reg: Reg| self.shape(reg);
        Ok(match instr {
            I::Add(a, b) => {
                let (a, b) = self.pair(*a, *b)?;
                Op::Add(a, b)
            }
            I::Sub(a, b) => {
                let (a, b) = self.pair(*a, *b)?;
                Op::Sub(a, b)
            }
            I::Mul(a, b) => {
                let full = get(*a)?.den.checked_mul(get(*b)?.den).ok_or(Problem::TooWide)?;
                let saved = full.checked_div(own.den).unwrap_or(1);
                Op::Mul { a: *a, b: *b, shrink: (saved != 1).then(|| N::from_i128(saved)) }
            }
            I::Div(a, b) => {
                let least = divisor_multiple(get(*b)?)?;
                Op::Div { a: *a, b: *b, least: N::from_i128(least), den: N::from_i128(get(*b)?.den) }
            }
            I::DivRound(a, b, mode, num, den) => {
                let up = get(*b)?.den.checked_mul(i128::from(*den)).ok_or(Problem::TooWide)?;
                let down = get(*a)?.den.checked_mul(i128::from(*num)).ok_or(Problem::TooWide)?;
                Op::DivRound {
                    a: Scaled { reg: *a, by: N::from_i128(up) },
                    b: Scaled { reg: *b, by: N::from_i128(down) },
                    mode: *mode,
                    unit: N::from_i64(*num),
                }
            }
            I::Round(a, mode, num, den) => {
                let down = get(*a)?.den.checked_mul(i128::from(*num)).ok_or(Problem::TooWide)?;
                Op::Round {
                    a: Scaled { reg: *a, by: N::from_i64(*den) },
                    down: N::from_i128(down),
                    mode: *mode,
                    unit: N::from_i64(*num),
                }
            }
            I::Min(a, b) => {
                let (a, b) = self.pair(*a, *b)?;
                Op::Min(a, b)
            }
            I::Max(a, b) => {
                let (a, b) = self.pair(*a, *b)?;
                Op::Max(a, b)
            }
            I::Cmp(how, a, b) => {
                let (a, b) = self.pair(*a, *b)?;
                Op::Cmp(*how, a, b)
            }
            I::CmpSpan(how, a, b) => Op::CmpSpan(*how, *a, *b, N::from_i128(get(*a)?.den)),
            I::And(a, b) => Op::And(*a, *b),
            I::Or(a, b) => Op::Or(*a, *b),
            I::Not(a) => Op::Not(*a),
            I::If(c, a, b) => {
                let (a, b) = self.pair(*a, *b)?;
                Op::If(*c, a, b)
            }
            I::Applies(a) => Op::Applies(*a),
            I::InSet(a, all) => Op::InSet(*a, all.clone()),
            I::InGroup(a, group, on) => Op::InGroup(*a, *group, *on),
            I::Table(index) => Op::Table(*index),
            I::Bands { of, from, edges, rates, totals } => {
                let (amount, share) = band_dens(*of, *from, edges, rates, &get)?;
                let den = amount.checked_mul(share).ok_or(Problem::TooWide)?;
                Op::Bands {
                    of: self.scaled(*of, amount)?,
                    from: self.scaled(*from, amount)?,
                    edges: self.all(edges, amount)?,
                    rates: self.all(rates, share)?,
                    totals: totals.map(|mode| (mode, N::from_i128(den))),
                }
            }
            I::CostFor(bands, payment) => self.cost_for(*bands, *payment)?,
            I::Exceptions(base, alternatives, reason) => Op::Exceptions {
                base: self.scaled(*base, own.den)?,
                alternatives: alternatives
                    .iter()
                    .map(|(when, value)| Ok((*when, self.scaled(*value, own.den)?)))
                    .collect::<Result<_, Problem>>()?,
                reason: *reason,
            },
            I::MonthsBetween(a, b) => Op::MonthsBetween(*a, *b),
            I::YearsBetween(a, b) => Op::YearsBetween(*a, *b),
            I::YearOf(a) => Op::YearOf(*a),
            I::AddMonths(a, b, mode, reason) => Op::AddMonths(*a, *b, *mode, *reason),
            I::Require(a, b, reason) => Op::Require(*a, *b, *reason),
            I::Figure(_) => return Err(Problem::Missing("the figure's place")),
            I::Aggregate(aggregate) => Op::Aggregate {
                fold: aggregate.fold,
                block: aggregate.block,
                value: aggregate.value,
                filter: aggregate.filter,
            },
        })
    }

    fn cost_for<N: Number>(&self, bands: Reg, payment: Reg) -> Result<Op<N>, Problem> {
        let get = |reg: Reg| self.shape(reg);
        let Some(Instr::Bands { of, from, edges, rates, .. }) = self.program.writer(bands) else {
            return Err(Problem::Missing("the bands step"));
        };
        let (money, share, least) = cost_dens(self.program, bands, self.shape(payment)?, &get)?;
        let (_, rate_den) = band_dens(*of, *from, edges, rates, &get)?;
        Ok(Op::CostFor {
            bands,
            payment: self.scaled(payment, money)?,
            share: N::from_i128(share),
            least: N::from_i128(least),
            from: self.scaled(*from, money)?,
            edges: self.all(edges, money)?,
            rates: self.all(rates, rate_den)?,
        })
    }
}
