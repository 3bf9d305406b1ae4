//! Linking: a verified program with every multiplier worked out, ready to run over one number type.

use super::cover::{Column, Cover};
use super::infer::Inference;
use super::program::{Comparison, Fold, Instr, Kind, LOCAL, Program, Reg, State};
use super::shape::{Problem, Shape, Shapes};
use crate::date::MonthEnd;
use crate::number::{Number, Rounding, Wide, lcm, wide};

/// A register brought to a denominator: its number is multiplied by `by`.
#[derive(Debug, Clone, Copy)]
pub struct Scaled<N> {
    /// Register.
    pub reg: Reg,
    /// Multiplier.
    pub by: N,
}

/// One instruction, ready to run.
#[derive(Debug, Clone)]
pub enum Op<N> {
    /// What needs both numbers and nothing else: the worse of two states, or a number.
    Two {
        /// What is done.
        how: Two,
        /// First operand.
        a: Scaled<N>,
        /// Second operand.
        b: Scaled<N>,
        /// A factor: of a product what it is divided by, of a quotient the divisors' common multiple, of days against
        /// months the days' denominator.
        by: N,
        /// Of a quotient the divisor's denominator, of a rounded one the unit rounded to.
        unit: N,
    },
    /// Rounded to multiples of `unit`.
    Round {
        /// Operand.
        a: Scaled<N>,
        /// What it is divided by.
        down: N,
        /// Mode.
        mode: Rounding,
        /// What it is multiplied by again.
        unit: N,
    },
    /// Logical and.
    And(Reg, Reg),
    /// Logical or.
    Or(Reg, Reg),
    /// Logical not.
    Not(Reg),
    /// if c then a else b.
    If(Reg, Scaled<N>, Scaled<N>),
    /// False where the operand is not applicable.
    Applies(Reg),
    /// The option is one of these.
    InSet(Reg, Vec<u32>),
    /// The institution is in the group, on the date if one is given.
    InGroup(Reg, u32, Option<Reg>),
    /// The result of the one row that hits.
    Table(u32),
    /// F(from + of) − F(from).
    Bands(Bands<N>, Option<(Rounding, N)>),
    /// The cost that a payment (`of` of these bands) used up.
    CostFor {
        /// The bands, with the payment in place of the amount.
        bands: Bands<N>,
        /// Denominator of the rates.
        share: N,
        /// Common multiple of the rates.
        least: N,
    },
    /// Base value unless exactly one (condition, value) applies.
    Exceptions {
        /// Base value.
        base: Scaled<N>,
        /// Conditions and values.
        alternatives: Vec<(Reg, Scaled<N>)>,
        /// Reason where two apply.
        reason: u32,
    },
    /// The calendar year.
    YearOf(Reg),
    /// Date plus months.
    AddMonths(Reg, Reg, MonthEnd, u32),
    /// Its first operand; failed with the reason where the second is false, and with its own where that failed.
    Require(Reg, Reg, u32),
    /// An aggregate over a list.
    Aggregate {
        /// What is done with the values.
        fold: Fold,
        /// Index of the block.
        block: u32,
        /// The value's register.
        value: Reg,
        /// Records count only where this holds.
        filter: Option<Reg>,
    },
}

/// What is done with two numbers; meanings as in [`Instr`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "`Instr` documents them")]
pub enum Two {
    Add,
    Sub,
    /// A day moved by days; refused beyond the calendar.
    Later,
    /// A day moved back.
    Earlier,
    Mul,
    /// A product over a smaller denominator than its factors' product.
    MulShrunk,
    Div,
    DivRound(Rounding),
    Min,
    Max,
    Cmp(Comparison),
    CmpSpan(Comparison),
    MonthsBetween,
    YearsBetween,
}

/// Operands of bands, brought to one denominator.
#[derive(Debug, Clone)]
pub struct Bands<N> {
    /// Amount.
    pub of: Scaled<N>,
    /// Position of its beginning.
    pub from: Scaled<N>,
    /// Upper edges, rising.
    pub edges: Vec<Scaled<N>>,
    /// Rate of each band.
    pub rates: Vec<Scaled<N>>,
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
pub fn link(program: &Program, shapes: &Shapes, covers: &[Cover]) -> Result<Linked<Wide>, Problem> {
    let constants = program
        .constants
        .iter()
        .map(|c| (if c.state == State::Known { wide(c.num) } else { 0 }, c.state, c.reason))
        .collect();
    let mut linker = Linker { program, shapes, block: None, dens: vec![None; program.tables.len()] };
    let ops = linker.code(&program.code, &shapes.main, program.first_code() as usize)?;
    let mut blocks = Vec::new();
    for (i, block) in program.blocks.iter().enumerate() {
        let fields = program.lists.get(block.list as usize).map_or(0, |list| list.fields.len());
        linker.block = u32::try_from(i).ok();
        let own = shapes.blocks.get(i).map(Vec::as_slice).unwrap_or_default();
        blocks.push(LinkedBlock { list: block.list, ops: linker.code(&block.code, own, fields)? });
    }
    let mut tables = Vec::new();
    for (i, (table, cover)) in program.tables.iter().zip(covers).enumerate() {
        let (block, den) = linker.dens.get(i).copied().flatten().ok_or(Problem::Missing("the table's reader"))?;
        linker.block = block;
        let mut results = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            results.push(linker.scaled(row.result, den)?);
        }
        let otherwise = match table.otherwise {
            Some(reg) => Some(linker.scaled(reg, den)?),
            None => None,
        };
        tables.push(LinkedTable {
            keys: table.keys.clone(),
            columns: cover.columns.clone(),
            dense: cover.dense.clone(),
            results,
            otherwise,
            impossible_reason: table.impossible_reason,
        });
    }
    Ok(Linked { constants, ops, tables, blocks })
}

struct Linker<'a> {
    program: &'a Program,
    shapes: &'a Shapes,
    block: Option<u32>,
    /// Where each table is read, and the denominator of its result.
    dens: Vec<Option<(Option<u32>, Wide)>>,
}

impl<'a> Linker<'a> {
    /// The operations of some code whose registers have these shapes from `first` on.
    fn code(&mut self, code: &[Instr], shapes: &[Shape], first: usize) -> Result<Vec<Op<Wide>>, Problem> {
        let mut ops = Vec::with_capacity(code.len());
        for (i, instr) in code.iter().enumerate() {
            let own = shapes.get(first.saturating_add(i)).ok_or(Problem::Register(LOCAL))?;
            if let Instr::Table(at) = instr
                && let Some(den) = self.dens.get_mut(*at as usize)
            {
                *den = Some((self.block, own.den));
            }
            ops.push(self.op(instr, own)?);
        }
        Ok(ops)
    }

    fn shape(&self, reg: Reg) -> Result<&'a Shape, Problem> {
        self.shapes.read(self.block, reg)
    }

    fn den(&self, reg: Reg) -> Result<Wide, Problem> {
        Ok(self.shape(reg)?.den)
    }

    fn scaled(&self, reg: Reg, den: Wide) -> Result<Scaled<Wide>, Problem> {
        let by = den.checked_div(self.den(reg)?).ok_or(Problem::TooWide)?;
        Ok(Scaled { reg, by })
    }

    /// Both over one denominator.
    fn pair(&self, a: Reg, b: Reg) -> Result<(Scaled<Wide>, Scaled<Wide>), Problem> {
        let den = lcm(self.den(a)?, self.den(b)?).ok_or(Problem::TooWide)?;
        Ok((self.scaled(a, den)?, self.scaled(b, den)?))
    }

    fn all(&self, regs: &[Reg], den: Wide) -> Result<Vec<Scaled<Wide>>, Problem> {
        let mut all = Vec::with_capacity(regs.len());
        for reg in regs {
            all.push(self.scaled(*reg, den)?);
        }
        Ok(all)
    }

    fn two(&self, how: Two, a: Reg, b: Reg) -> Result<Op<Wide>, Problem> {
        let (a, b) = self.pair(a, b)?;
        Ok(Op::Two { how, a, b, by: 1, unit: 1 })
    }

    fn op(&self, instr: &Instr, own: &Shape) -> Result<Op<Wide>, Problem> {
        use Instr as I;
        Ok(match instr {
            I::Add(a, b) => self.two(if own.kind == Kind::Date { Two::Later } else { Two::Add }, *a, *b)?,
            I::Sub(a, b) => self.two(if own.kind == Kind::Date { Two::Earlier } else { Two::Sub }, *a, *b)?,
            I::Min(a, b) => self.two(Two::Min, *a, *b)?,
            I::Max(a, b) => self.two(Two::Max, *a, *b)?,
            I::Cmp(how, a, b) => self.two(Two::Cmp(*how), *a, *b)?,
            I::MonthsBetween(a, b) => as_they_are(Two::MonthsBetween, *a, *b, 1, 1),
            I::YearsBetween(a, b) => as_they_are(Two::YearsBetween, *a, *b, 1, 1),
            I::CmpSpan(how, a, b) => as_they_are(Two::CmpSpan(*how), *a, *b, self.den(*a)?, 1),
            I::Mul(a, b) => {
                let full = product(self.den(*a)?, self.den(*b)?)?;
                let by = full.checked_div(own.den).ok_or(Problem::TooWide)?;
                as_they_are(if by == 1 { Two::Mul } else { Two::MulShrunk }, *a, *b, by, 1)
            }
            I::Div(a, b) => as_they_are(
                Two::Div,
                *a,
                *b,
                self.infer(|inference| {
                    let divisor = inference.get(*b);
                    inference.divisor_multiple(divisor)
                })?,
                self.den(*b)?,
            ),
            I::DivRound(a, b, mode, num, den) => Op::Two {
                how: Two::DivRound(*mode),
                a: Scaled { reg: *a, by: product(self.den(*b)?, wide(*den))? },
                b: Scaled { reg: *b, by: product(self.den(*a)?, wide(*num))? },
                by: 1,
                unit: wide(*num),
            },
            I::Round(a, mode, num, den) => Op::Round {
                a: Scaled { reg: *a, by: wide(*den) },
                down: product(self.den(*a)?, wide(*num))?,
                mode: *mode,
                unit: wide(*num),
            },
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
                let (amount, share) = self.infer(|inference| inference.band_dens(*of, *from, edges, rates))?;
                let den = product(amount, share)?;
                let bands = self.bands(*of, *from, edges, rates, amount, share)?;
                Op::Bands(bands, totals.map(|mode| (mode, den)))
            }
            I::CostFor(bands, payment) => self.cost_for(*bands, *payment)?,
            I::Exceptions(base, all, reason) => {
                let mut alternatives = Vec::with_capacity(all.len());
                for (when, value) in all {
                    alternatives.push((*when, self.scaled(*value, own.den)?));
                }
                Op::Exceptions { base: self.scaled(*base, own.den)?, alternatives, reason: *reason }
            }
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

    fn bands(
        &self,
        of: Reg,
        from: Reg,
        edges: &[Reg],
        rates: &[Reg],
        amount: Wide,
        share: Wide,
    ) -> Result<Bands<Wide>, Problem> {
        Ok(Bands {
            of: self.scaled(of, amount)?,
            from: self.scaled(from, amount)?,
            edges: self.all(edges, amount)?,
            rates: self.all(rates, share)?,
        })
    }

    fn cost_for(&self, bands: Reg, payment: Reg) -> Result<Op<Wide>, Problem> {
        let Some(Instr::Bands { from, edges, rates, .. }) = self.program.writer(bands) else {
            return Err(Problem::Missing("the bands step"));
        };
        let (money, share, least) = self.infer(|inference| inference.cost_dens(bands, payment))?;
        Ok(Op::CostFor { bands: self.bands(payment, *from, edges, rates, money, share)?, share, least })
    }

    /// What inference knows, asked again.
    fn infer<T>(&self, ask: impl FnOnce(&mut Inference<'a>) -> T) -> Result<T, Problem> {
        let mut inference = Inference::new(self.program, self.shapes, self.block);
        let answer = ask(&mut inference);
        inference.problem().map_or(Ok(answer), |problem| Err(problem.clone()))
    }
}

fn product(a: Wide, b: Wide) -> Result<Wide, Problem> {
    a.checked_mul(b).ok_or(Problem::TooWide)
}

/// Two operands at their own denominators.
fn as_they_are(how: Two, a: Reg, b: Reg, by: Wide, unit: Wide) -> Op<Wide> {
    Op::Two { how, a: Scaled { reg: a, by: 1 }, b: Scaled { reg: b, by: 1 }, by, unit }
}

impl Linked<Wide> {
    /// The same over another number.
    #[must_use]
    pub fn over<N: Number>(&self) -> Linked<N> {
        let mut constants = Vec::with_capacity(self.constants.len());
        for (num, state, reason) in &self.constants {
            constants.push((N::from_wide(*num), *state, *reason));
        }
        let mut tables = Vec::with_capacity(self.tables.len());
        for table in &self.tables {
            tables.push(LinkedTable {
                keys: table.keys.clone(),
                columns: table.columns.clone(),
                dense: table.dense.clone(),
                results: all_over(&table.results),
                otherwise: table.otherwise.map(Scaled::over),
                impossible_reason: table.impossible_reason,
            });
        }
        let mut blocks = Vec::with_capacity(self.blocks.len());
        for block in &self.blocks {
            blocks.push(LinkedBlock { list: block.list, ops: ops_over(&block.ops) });
        }
        Linked { constants, ops: ops_over(&self.ops), tables, blocks }
    }
}

impl Scaled<Wide> {
    fn over<N: Number>(self) -> Scaled<N> {
        Scaled { reg: self.reg, by: N::from_wide(self.by) }
    }
}

fn all_over<N: Number>(all: &[Scaled<Wide>]) -> Vec<Scaled<N>> {
    let mut over = Vec::with_capacity(all.len());
    for operand in all {
        over.push(operand.over());
    }
    over
}

fn ops_over<N: Number>(ops: &[Op<Wide>]) -> Vec<Op<N>> {
    let mut over = Vec::with_capacity(ops.len());
    for op in ops {
        over.push(op.over());
    }
    over
}

impl Bands<Wide> {
    fn over<N: Number>(&self) -> Bands<N> {
        Bands { of: self.of.over(), from: self.from.over(), edges: all_over(&self.edges), rates: all_over(&self.rates) }
    }
}

impl Op<Wide> {
    fn over<N: Number>(&self) -> Op<N> {
        let n = N::from_wide;
        match self {
            Self::Two { how, a, b, by, unit } => {
                Op::Two { how: *how, a: a.over(), b: b.over(), by: n(*by), unit: n(*unit) }
            }
            Self::Round { a, down, mode, unit } => {
                Op::Round { a: a.over(), down: n(*down), mode: *mode, unit: n(*unit) }
            }
            Self::And(a, b) => Op::And(*a, *b),
            Self::Or(a, b) => Op::Or(*a, *b),
            Self::Not(a) => Op::Not(*a),
            Self::If(c, a, b) => Op::If(*c, a.over(), b.over()),
            Self::Applies(a) => Op::Applies(*a),
            Self::InSet(a, all) => Op::InSet(*a, all.clone()),
            Self::InGroup(a, group, on) => Op::InGroup(*a, *group, *on),
            Self::Table(index) => Op::Table(*index),
            Self::Bands(bands, totals) => Op::Bands(bands.over(), totals.map(|(mode, den)| (mode, n(den)))),
            Self::CostFor { bands, share, least } => {
                Op::CostFor { bands: bands.over(), share: n(*share), least: n(*least) }
            }
            Self::Exceptions { base, alternatives, reason } => {
                let mut all = Vec::with_capacity(alternatives.len());
                for (when, value) in alternatives {
                    all.push((*when, value.over()));
                }
                Op::Exceptions { base: base.over(), alternatives: all, reason: *reason }
            }
            Self::YearOf(a) => Op::YearOf(*a),
            Self::AddMonths(a, b, mode, reason) => Op::AddMonths(*a, *b, *mode, *reason),
            Self::Require(a, b, reason) => Op::Require(*a, *b, *reason),
            Self::Aggregate { fold, block, value, filter } => {
                Op::Aggregate { fold: *fold, block: *block, value: *value, filter: *filter }
            }
        }
    }
}
