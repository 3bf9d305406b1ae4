//! What is known of a register before any case: unit, denominator, range, and (for divisors) the
//! finite set of values it can take. Inference is the one place where units are checked; compiling
//! a pack and loading a plan both go through it.

use super::infer::{infer, insert};
use super::program::{Constant, Input, Instr, Kind, LOCAL, Program, Reg};
use crate::number::{Wide, gcd, wide};

/// A yuan is so many fen, a whole so many per cent: what a value is multiplied by to be written.
pub const HUNDREDTHS: Wide = 100;
/// Values a divisor may take, at most.
pub(super) const FINITE: usize = 64;

/// What is known of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Unit.
    pub kind: Kind,
    /// The register holds value × `den`; positive.
    pub den: Wide,
    /// Least numerator.
    pub lo: Wide,
    /// Greatest numerator.
    pub hi: Wide,
    /// All numerators, rising, where they are few.
    pub finite: Option<Vec<Wide>>,
    /// Greatest magnitude met on the way (operands brought to one denominator).
    pub widest: Wide,
}

/// Why an instruction does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Units do not fit the operation.
    #[error("{0}")]
    Units(String),
    /// A number could need more bits than there are.
    #[error(
        "the numbers of this step may grow past 128 bits: round earlier or narrow the bounds of the facts it reads"
    )]
    TooWide,
    /// The divisor may be zero.
    #[error("the divisor may be zero")]
    ZeroDivisor,
    /// The divisor is not one of finitely many figures.
    #[error("the divisor is not a figure: put the division inside `round(…)`")]
    OpenDivisor,
    /// More instructions than a service may have.
    #[error("the service has more than {0} operations")]
    TooMany(usize),
    /// Bands whose edges are not proved to rise.
    #[error("the upper edges of the bands are not proved to rise")]
    Edges,
    /// A register number out of place.
    #[error("register {0} is not written before it is read")]
    Register(Reg),
    /// Something refers to a table, block, group or band that is not there.
    #[error("{0} does not exist")]
    Missing(&'static str),
}

impl Shape {
    /// A shape of this unit and range.
    #[must_use]
    pub fn new(kind: Kind, den: Wide, lo: Wide, hi: Wide) -> Self {
        let widest = lo.saturating_abs().max(hi.saturating_abs());
        Self { kind, den, lo, hi, finite: None, widest }
    }

    /// One known value.
    #[must_use]
    pub fn exact(kind: Kind, den: Wide, num: Wide) -> Self {
        Self { finite: Some(vec![num]), ..Self::new(kind, den, num, num) }
    }

    /// A truth value.
    #[must_use]
    pub fn truth() -> Self {
        Self::new(Kind::Bool, 1, 0, 1)
    }

    /// Whether the unit is one that arithmetic knows.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        !matches!(self.kind, Kind::Bool | Kind::Choice(_) | Kind::Date)
    }

    pub(super) fn named(kind: Kind, den: Wide, lo: Wide, hi: Wide, widest: Wide) -> Self {
        let mut shape = Self::new(kind, den, lo, hi);
        shape.widest = shape.widest.max(widest);
        shape
    }

    /// Over the smallest denominator that all of its few values have: half of a figure of 500 yuan is
    /// a whole number of fen. The linker divides by what was saved.
    pub(super) fn reduced(mut self) -> Self {
        let Some(all) = &self.finite else { return self };
        let common = all.iter().fold(self.den, |g, n| gcd(g, *n).unwrap_or(1)).max(1);
        for n in self.finite.iter_mut().flatten().chain([&mut self.den, &mut self.lo, &mut self.hi]) {
            *n = n.checked_div(common).unwrap_or(*n);
        }
        self
    }

    /// A finite set pushed through a function, where both sides are finite.
    pub(super) fn combine(mut self, a: &Self, b: &Self, f: fn(Wide, Wide) -> Option<Wide>) -> Self {
        if let (Some(x), Some(y)) = (&a.finite, &b.finite) {
            if x.len().max(y.len()) > FINITE {
                return self;
            }
            let mut all = Vec::new();
            for p in x {
                for q in y {
                    match f(*p, *q) {
                        Some(v) => insert(&mut all, v),
                        None => return self,
                    }
                }
            }
            if all.len() <= FINITE {
                self.lo = all.first().copied().unwrap_or(self.lo);
                self.hi = all.last().copied().unwrap_or(self.hi);
                self.finite = Some(all);
            }
        }
        self
    }
}

/// The word for a unit in messages.
#[must_use]
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Money => "money",
        Kind::Rate => "rate",
        Kind::Number => "number",
        Kind::Points => "points",
        Kind::Days => "days",
        Kind::Months => "months",
        Kind::Date => "date",
        Kind::Bool => "yes/no",
        Kind::Choice(_) => "option",
    }
}

/// Shape of an input or of a record's field.
#[must_use]
pub fn input_shape(input: &Input) -> Shape {
    let mut shape = Shape::new(input.kind, wide(input.den), wide(input.min), wide(input.max));
    if !input.only.is_empty() {
        let mut all = Vec::with_capacity(input.only.len());
        input.only.iter().for_each(|n| insert(&mut all, wide(*n)));
        shape.finite = Some(all);
    }
    shape
}

/// Shapes of all registers so far: of the main code and of each block.
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    /// One a register.
    pub main: Vec<Shape>,
    /// One a local register, for each block.
    pub blocks: Vec<Vec<Shape>>,
}

impl Shapes {
    /// Shapes of the inputs and constants of a program.
    #[must_use]
    pub fn start(program: &Program) -> Self {
        let figures = program.constants.iter().map(constant_shape);
        Self { main: program.inputs.iter().map(input_shape).chain(figures).collect(), blocks: Vec::new() }
    }

    /// The shape of a register of the main code.
    ///
    /// # Errors
    /// [`Problem::Register`] where it is not written yet.
    pub fn get(&self, reg: Reg) -> Result<&Shape, Problem> {
        self.main.get(reg as usize).ok_or(Problem::Register(reg))
    }

    /// Infers the next instruction and adds its shape.
    ///
    /// # Errors
    /// A [`Problem`]: units that do not fit, a possible overflow, a divisor that may be zero; nothing is added then.
    pub fn push(&mut self, program: &Program, instr: &Instr) -> Result<&Shape, Problem> {
        if let Instr::Aggregate(aggregate) = instr {
            self.open_block(program, aggregate.block)?;
            let block = program.blocks.get(aggregate.block as usize).ok_or(Problem::Missing("the block"))?;
            for inner in &block.code {
                self.push_local(program, aggregate.block, inner)?;
            }
        }
        let block = match instr {
            Instr::Aggregate(aggregate) => Some(aggregate.block),
            _ => None,
        };
        let shape = infer(program, self, block, instr).map_err(|problem| *problem)?;
        self.main.push(shape);
        self.main.last().ok_or(Problem::Register(0))
    }

    /// Starts the shapes of a block with its record's fields.
    ///
    /// # Errors
    /// Where the block or its list does not exist.
    pub fn open_block(&mut self, program: &Program, index: u32) -> Result<(), Problem> {
        let block = program.blocks.get(index as usize).ok_or(Problem::Missing("the block"))?;
        let list = program.lists.get(block.list as usize).ok_or(Problem::Missing("the list"))?;
        while self.blocks.len() <= index as usize {
            self.blocks.push(Vec::new());
        }
        if let Some(slot) = self.blocks.get_mut(index as usize) {
            *slot = list.fields.iter().map(input_shape).collect();
        }
        Ok(())
    }

    /// Infers one instruction of a block.
    ///
    /// # Errors
    /// As [`Shapes::push`]; blocks do not nest.
    pub fn push_local(&mut self, program: &Program, block: u32, instr: &Instr) -> Result<&Shape, Problem> {
        if matches!(instr, Instr::Aggregate(_) | Instr::CostFor(..)) {
            return Err(Problem::Units("this cannot stand inside an aggregate".into()));
        }
        let shape = infer(program, self, Some(block), instr).map_err(|problem| *problem)?;
        let shapes = self.blocks.get_mut(block as usize).ok_or(Problem::Missing("the block"))?;
        shapes.push(shape);
        shapes.last().ok_or(Problem::Register(LOCAL))
    }

    /// The shape of a register as code of this block (or the main code) sees it.
    ///
    /// # Errors
    /// [`Problem::Register`] where it is not written yet.
    pub fn read(&self, block: Option<u32>, reg: Reg) -> Result<&Shape, Problem> {
        match (reg.checked_sub(LOCAL), block) {
            (None, _) => self.get(reg),
            (Some(local), Some(block)) => self
                .blocks
                .get(block as usize)
                .and_then(|shapes| shapes.get(local as usize))
                .ok_or(Problem::Register(reg)),
            (Some(_), None) => Err(Problem::Register(reg)),
        }
    }
}

/// Shape of a constant; an open or refusing one can be anything of its unit.
#[must_use]
pub fn constant_shape(constant: &Constant) -> Shape {
    Shape::exact(constant.kind, wide(constant.den), wide(constant.num))
}
