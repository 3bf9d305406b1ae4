//! What is known of a register before any case: unit, denominator, range, and (for divisors) the
//! finite set of values it can take. [`infer`] is the one place where units are checked; compiling
//! a pack and loading a plan both go through it.

use super::program::{Cell, Comparison, Constant, Fold, Input, Instr, Kind, LOCAL, Program, Reg, Table};
use crate::date::Date;
use crate::number::{Rounding, lcm, round_div};

/// Values a divisor may take, at most.
const FINITE: usize = 64;

/// What is known of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Unit.
    pub kind: Kind,
    /// The register holds value × `den`; positive.
    pub den: i128,
    /// Least numerator.
    pub lo: i128,
    /// Greatest numerator.
    pub hi: i128,
    /// All numerators, where they are few.
    pub finite: Option<Vec<i128>>,
    /// Greatest magnitude met on the way (operands brought to one denominator).
    pub widest: i128,
}

/// Why an instruction does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Units do not fit the operation.
    #[error("{0}")]
    Units(String),
    /// A number could need more than 128 bits.
    #[error("the numbers of this step may grow past 128 bits: round earlier or narrow the bounds of the facts it reads")]
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
    pub fn new(kind: Kind, den: i128, lo: i128, hi: i128) -> Self {
        let widest = lo.saturating_abs().max(hi.saturating_abs());
        Self { kind, den, lo, hi, finite: None, widest }
    }

    /// One known value.
    #[must_use]
    pub fn exact(kind: Kind, den: i128, num: i128) -> Self {
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

    /// The same values over a multiple of the denominator.
    fn over(&self, den: i128) -> Result<Self, Problem> {
        let factor = den.checked_div(self.den).ok_or(Problem::TooWide)?;
        let by = |n: i128| n.checked_mul(factor).ok_or(Problem::TooWide);
        let finite = match &self.finite {
            Some(all) => Some(all.iter().map(|n| by(*n)).collect::<Result<Vec<_>, _>>()?),
            None => None,
        };
        let (lo, hi) = (by(self.lo)?, by(self.hi)?);
        let widest = self.widest.max(lo.saturating_abs()).max(hi.saturating_abs());
        Ok(Self { kind: self.kind, den, lo, hi, finite, widest })
    }

    /// Both over one denominator.
    pub(super) fn align(&self, other: &Self) -> Result<(Self, Self), Problem> {
        let den = lcm(self.den, other.den).ok_or(Problem::TooWide)?;
        Ok((self.over(den)?, other.over(den)?))
    }

    /// The values that either may take, over one denominator.
    fn union(&self, other: &Self) -> Result<Self, Problem> {
        let (a, b) = self.align(other)?;
        let finite = match (a.finite, b.finite) {
            (Some(mut x), Some(y)) => {
                x.extend(y);
                x.sort_unstable();
                x.dedup();
                (x.len() <= FINITE).then_some(x)
            }
            _ => None,
        };
        Ok(Self { kind: a.kind, den: a.den, lo: a.lo.min(b.lo), hi: a.hi.max(b.hi), finite, widest: a.widest.max(b.widest) })
    }

    fn named(kind: Kind, den: i128, lo: i128, hi: i128, widest: i128) -> Self {
        let mut shape = Self::new(kind, den, lo, hi);
        shape.widest = shape.widest.max(widest);
        shape
    }

    /// Over the smallest denominator that all of its few values have: half of a figure of 500 yuan is
    /// a whole number of fen. The linker divides by what was saved.
    fn reduced(mut self) -> Self {
        let Some(all) = &self.finite else { return self };
        let common = all.iter().try_fold(self.den, |g, n| crate::number::gcd(g, *n)).unwrap_or(1).max(1);
        let by = |n: i128| n.checked_div(common).unwrap_or(n);
        self.finite = Some(all.iter().map(|n| by(*n)).collect());
        (self.den, self.lo, self.hi) = (by(self.den), by(self.lo), by(self.hi));
        self
    }

    /// A finite set pushed through a function, where both sides are finite.
    fn combine(mut self, a: &Self, b: &Self, f: impl Fn(i128, i128) -> Option<i128>) -> Self {
        if let (Some(x), Some(y)) = (&a.finite, &b.finite) {
            if x.len().max(y.len()) > FINITE {
                return self;
            }
            let mut all = Vec::new();
            for p in x {
                for q in y {
                    match f(*p, *q) {
                        Some(v) => all.push(v),
                        None => return self,
                    }
                }
            }
            all.sort_unstable();
            all.dedup();
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
    let mut shape = Shape::new(input.kind, i128::from(input.den), i128::from(input.min), i128::from(input.max));
    if !input.only.is_empty() {
        shape.finite = Some(input.only.iter().map(|n| i128::from(*n)).collect());
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
    /// As [`infer`]; nothing is added then.
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
        let shape = infer(program, instr, &|reg| self.read(block, reg))?;
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
    /// As [`infer`]; blocks do not nest.
    pub fn push_local(&mut self, program: &Program, block: u32, instr: &Instr) -> Result<&Shape, Problem> {
        if matches!(instr, Instr::Aggregate(_) | Instr::CostFor(..)) {
            return Err(Problem::Units("this cannot stand inside an aggregate".into()));
        }
        let shape = infer(program, instr, &|reg| self.read(Some(block), reg))?;
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
    Shape::exact(constant.kind, i128::from(constant.den), i128::from(constant.num))
}

/// Infers the shape of one instruction. `shape` gives the shape of a register that may be read.
///
/// # Errors
/// A [`Problem`]: units that do not fit, a possible overflow, a divisor that may be zero.
pub fn infer<'a>(
    program: &Program,
    instr: &Instr,
    shape: &dyn Fn(Reg) -> Result<&'a Shape, Problem>,
) -> Result<Shape, Problem> {
    use Instr as I;
    Ok(match instr {
        I::Add(a, b) => add(shape(*a)?, shape(*b)?)?,
        I::Sub(a, b) => subtract(shape(*a)?, shape(*b)?)?,
        I::Mul(a, b) => multiply(shape(*a)?, shape(*b)?)?,
        I::Div(a, b) => divide(shape(*a)?, shape(*b)?)?,
        I::DivRound(a, b, mode, num, den) => divide_rounded(shape(*a)?, shape(*b)?, *mode, *num, *den)?,
        I::Round(a, mode, num, den) => round(shape(*a)?, *mode, *num, *den)?,
        I::Min(a, b) => extreme(shape(*a)?, shape(*b)?, "min", i128::min)?,
        I::Max(a, b) => extreme(shape(*a)?, shape(*b)?, "max", i128::max)?,
        I::Cmp(how, a, b) => compare(*how, shape(*a)?, shape(*b)?)?,
        I::CmpSpan(_, a, b) => {
            expect(shape(*a)?, Kind::Days, "the left side")?;
            expect(shape(*b)?, Kind::Months, "the right side")?;
            whole(shape(*b)?)?;
            Shape::truth()
        }
        I::And(a, b) | I::Or(a, b) => {
            expect(shape(*a)?, Kind::Bool, "the left side")?;
            expect(shape(*b)?, Kind::Bool, "the right side")?;
            Shape::truth()
        }
        I::Not(a) => {
            expect(shape(*a)?, Kind::Bool, "what follows `not`")?;
            Shape::truth()
        }
        I::Applies(a) => {
            shape(*a)?;
            Shape::truth()
        }
        I::If(c, a, b) => {
            expect(shape(*c)?, Kind::Bool, "the condition")?;
            same_unit(shape(*a)?, shape(*b)?, "`then` gives", "`else` gives")?;
            shape(*a)?.union(shape(*b)?)?
        }
        I::InSet(a, _) | I::InGroup(a, _, None) => {
            choice(shape(*a)?)?;
            Shape::truth()
        }
        I::InGroup(a, _, Some(on)) => {
            choice(shape(*a)?)?;
            expect(shape(*on)?, Kind::Date, "what follows `on`")?;
            Shape::truth()
        }
        I::Table(index) => {
            let table = program.tables.get(*index as usize).ok_or(Problem::Missing("the table"))?;
            table_shape(table, shape)?
        }
        I::Bands { of, from, edges, rates, totals } => bands(*of, *from, edges, rates, *totals, shape)?,
        I::CostFor(bands, payment) => cost_for(program, *bands, shape(*payment)?, shape)?,
        I::Exceptions(base, alternatives, _) => {
            let mut all = shape(*base)?.clone();
            for (when, value) in alternatives {
                expect(shape(*when)?, Kind::Bool, "`when`")?;
                same_unit(&all, shape(*value)?, "the step gives", "the exception gives")?;
                all = all.union(shape(*value)?)?;
            }
            all
        }
        I::MonthsBetween(a, b) => {
            dates(shape(*a)?, shape(*b)?)?;
            Shape::new(Kind::Months, 1, -MONTHS, MONTHS)
        }
        I::YearsBetween(a, b) => {
            dates(shape(*a)?, shape(*b)?)?;
            Shape::new(Kind::Number, 1, -YEARS, YEARS)
        }
        I::YearOf(a) => {
            expect(shape(*a)?, Kind::Date, "`year` of")?;
            Shape::new(Kind::Number, 1, 1900, 2199)
        }
        I::AddMonths(a, b, ..) => {
            expect(shape(*a)?, Kind::Date, "`add_months` to")?;
            expect(shape(*b)?, Kind::Months, "`add_months` of")?;
            whole(shape(*b)?)?;
            date_shape()
        }
        I::Require(a, b, _) => {
            expect(shape(*b)?, Kind::Bool, "the requirement")?;
            let a = shape(*a)?;
            let few = a.finite.as_ref().filter(|all| all.len() <= FINITE).cloned();
            Shape { finite: few, ..Shape::named(a.kind, a.den, a.lo, a.hi, a.widest) }
        }
        I::Figure(constant) => constant_shape(constant),
        I::Aggregate(aggregate) => {
            let block = program.blocks.get(aggregate.block as usize).ok_or(Problem::Missing("the block"))?;
            let list = program.lists.get(block.list as usize).ok_or(Problem::Missing("the list"))?;
            if let Some(filter) = aggregate.filter {
                expect(shape(filter)?, Kind::Bool, "`where`")?;
            }
            fold(aggregate.fold, shape(aggregate.value)?, i128::from(list.max))?
        }
    })
}

const MONTHS: i128 = 300 * 12;
const YEARS: i128 = 300;

/// Any civil day the engine knows.
#[must_use]
pub fn date_shape() -> Shape {
    Shape::new(Kind::Date, 1, i128::from(Date::MIN.days()), i128::from(Date::MAX.days()))
}

fn units(message: String) -> Problem {
    Problem::Units(message)
}

fn expect(shape: &Shape, kind: Kind, what: &str) -> Result<(), Problem> {
    if shape.kind == kind {
        Ok(())
    } else {
        Err(units(format!("{what} is `{}`, expected `{}`", kind_word(shape.kind), kind_word(kind))))
    }
}

fn choice(shape: &Shape) -> Result<(), Problem> {
    match shape.kind {
        Kind::Choice(_) | Kind::Bool => Ok(()),
        other => Err(units(format!("`in` needs an option on its left, found `{}`", kind_word(other)))),
    }
}

fn dates(a: &Shape, b: &Shape) -> Result<(), Problem> {
    expect(a, Kind::Date, "the first day")?;
    expect(b, Kind::Date, "the second day")
}

fn whole(shape: &Shape) -> Result<(), Problem> {
    if shape.den == 1 {
        Ok(())
    } else {
        Err(units("months must be whole".into()))
    }
}

fn same_unit(a: &Shape, b: &Shape, left: &str, right: &str) -> Result<(), Problem> {
    if a.kind == b.kind {
        Ok(())
    } else {
        Err(units(format!("{left} `{}` and {right} `{}`", kind_word(a.kind), kind_word(b.kind))))
    }
}

fn add(a: &Shape, b: &Shape) -> Result<Shape, Problem> {
    let kind = match (a.kind, b.kind) {
        (Kind::Date, Kind::Days) | (Kind::Days, Kind::Date) => {
            let days = if a.kind == Kind::Days { a } else { b };
            if days.den != 1 {
                return Err(units("a date moves by whole days".into()));
            }
            return Ok(date_shape());
        }
        (Kind::Rate, Kind::Points) | (Kind::Points, Kind::Rate) => Kind::Rate,
        (x, y) if x == y && a.is_numeric() => x,
        (x, y) => return Err(units(format!("`{}` + `{}` has no meaning", kind_word(x), kind_word(y)))),
    };
    let (a, b) = a.align(b)?;
    let lo = a.lo.checked_add(b.lo).ok_or(Problem::TooWide)?;
    let hi = a.hi.checked_add(b.hi).ok_or(Problem::TooWide)?;
    Ok(Shape::named(kind, a.den, lo, hi, a.widest.max(b.widest)).combine(&a, &b, i128::checked_add))
}

fn subtract(a: &Shape, b: &Shape) -> Result<Shape, Problem> {
    let kind = match (a.kind, b.kind) {
        (Kind::Date, Kind::Date) => Kind::Days,
        (Kind::Date, Kind::Days) => {
            if b.den != 1 {
                return Err(units("a date moves by whole days".into()));
            }
            return Ok(date_shape());
        }
        (Kind::Rate, Kind::Points) => Kind::Rate,
        (x, y) if x == y && a.is_numeric() => x,
        (x, y) => return Err(units(format!("`{}` - `{}` has no meaning", kind_word(x), kind_word(y)))),
    };
    let (a, b) = a.align(b)?;
    let lo = a.lo.checked_sub(b.hi).ok_or(Problem::TooWide)?;
    let hi = a.hi.checked_sub(b.lo).ok_or(Problem::TooWide)?;
    Ok(Shape::named(kind, a.den, lo, hi, a.widest.max(b.widest)).combine(&a, &b, i128::checked_sub))
}

/// Unit of a product: a share or a number scales anything; points only by numbers.
fn product_kind(a: Kind, b: Kind) -> Option<Kind> {
    match (a, b) {
        (Kind::Number, k) | (k, Kind::Number) if !matches!(k, Kind::Date | Kind::Bool | Kind::Choice(_)) => Some(k),
        (Kind::Rate, Kind::Rate) => Some(Kind::Rate),
        (Kind::Rate, Kind::Money) | (Kind::Money, Kind::Rate) => Some(Kind::Money),
        _ => None,
    }
}

fn multiply(a: &Shape, b: &Shape) -> Result<Shape, Problem> {
    let kind = product_kind(a.kind, b.kind)
        .ok_or_else(|| units(format!("`{}` * `{}` has no meaning", kind_word(a.kind), kind_word(b.kind))))?;
    let den = a.den.checked_mul(b.den).ok_or(Problem::TooWide)?;
    let (lo, hi) = corners(a, b)?;
    let product = Shape::named(kind, den, lo, hi, a.widest.max(b.widest)).combine(a, b, i128::checked_mul);
    Ok(product.reduced())
}

fn corners(a: &Shape, b: &Shape) -> Result<(i128, i128), Problem> {
    let mut lo = i128::MAX;
    let mut hi = i128::MIN;
    for x in [a.lo, a.hi] {
        for y in [b.lo, b.hi] {
            let p = x.checked_mul(y).ok_or(Problem::TooWide)?;
            lo = lo.min(p);
            hi = hi.max(p);
        }
    }
    Ok((lo, hi))
}

fn quotient_kind(a: Kind, b: Kind) -> Option<Kind> {
    match (a, b) {
        (x, y) if x == y && !matches!(x, Kind::Date | Kind::Bool | Kind::Choice(_)) => Some(Kind::Number),
        (k, Kind::Number) if !matches!(k, Kind::Date | Kind::Bool | Kind::Choice(_)) => Some(k),
        (Kind::Money, Kind::Rate) => Some(Kind::Money),
        _ => None,
    }
}

fn quotient(a: &Shape, b: &Shape) -> Result<Kind, Problem> {
    quotient_kind(a.kind, b.kind)
        .ok_or_else(|| units(format!("`{}` / `{}` has no meaning", kind_word(a.kind), kind_word(b.kind))))
}

/// What a division needs: `a / b = (a.num × b.den × (least ÷ b.num)) / (a.den × least)`.
pub(super) fn divisor_multiple(b: &Shape) -> Result<i128, Problem> {
    let all = b.finite.as_ref().ok_or(Problem::OpenDivisor)?;
    let mut least: i128 = 1;
    for n in all {
        if *n == 0 {
            return Err(Problem::ZeroDivisor);
        }
        least = lcm(least, *n).ok_or(Problem::TooWide)?;
    }
    Ok(least)
}

fn divide(a: &Shape, b: &Shape) -> Result<Shape, Problem> {
    let kind = quotient(a, b)?;
    let least = divisor_multiple(b)?;
    let den = a.den.checked_mul(least).ok_or(Problem::TooWide)?;
    let factor = least.checked_mul(b.den).ok_or(Problem::TooWide)?;
    // |a ÷ b| is greatest at the divisor nearest to zero; |least ÷ n| ≤ least.
    let reach = a.lo.saturating_abs().max(a.hi.saturating_abs()).checked_mul(factor).ok_or(Problem::TooWide)?;
    let positive = a.lo >= 0 && b.finite.as_ref().is_some_and(|all| all.iter().all(|n| *n > 0));
    Ok(Shape::named(kind, den, if positive { 0 } else { reach.saturating_neg() }, reach, factor))
}

fn divide_rounded(a: &Shape, b: &Shape, mode: Rounding, num: i64, den: i64) -> Result<Shape, Problem> {
    let kind = quotient(a, b)?;
    if b.lo <= 0 && b.hi >= 0 {
        return Err(Problem::ZeroDivisor);
    }
    // a.num × b.den × den ÷ (a.den × b.num × num), in units of num ÷ den.
    let up = b.den.checked_mul(i128::from(den)).ok_or(Problem::TooWide)?;
    let down = a.den.checked_mul(i128::from(num)).ok_or(Problem::TooWide)?;
    let least = b.lo.saturating_abs().min(b.hi.saturating_abs());
    let reach = a.lo.saturating_abs().max(a.hi.saturating_abs());
    let top = reach.checked_mul(up).ok_or(Problem::TooWide)?;
    let widest_down = b.lo.saturating_abs().max(b.hi.saturating_abs()).checked_mul(down).ok_or(Problem::TooWide)?;
    let bottom = least.checked_mul(down).ok_or(Problem::TooWide)?;
    let steps = round_div(top, bottom, Rounding::Ceiling).ok_or(Problem::TooWide)?;
    let limit = steps.checked_mul(i128::from(num)).ok_or(Problem::TooWide)?;
    let positive = a.lo >= 0 && b.lo > 0;
    let _ = mode;
    Ok(Shape::named(kind, i128::from(den), if positive { 0 } else { limit.saturating_neg() }, limit, top.max(widest_down)))
}

fn round(a: &Shape, mode: Rounding, num: i64, den: i64) -> Result<Shape, Problem> {
    if !a.is_numeric() {
        return Err(units(format!("`{}` cannot be rounded", kind_word(a.kind))));
    }
    let (num, den) = (i128::from(num), i128::from(den));
    let down = a.den.checked_mul(num).ok_or(Problem::TooWide)?;
    let one = |n: i128| {
        let top = n.checked_mul(den).ok_or(Problem::TooWide)?;
        round_div(top, down, mode).and_then(|q| q.checked_mul(num)).ok_or(Problem::TooWide)
    };
    let widest = a.widest.checked_mul(den).ok_or(Problem::TooWide)?.max(down);
    let finite = match &a.finite {
        Some(all) if all.len() <= FINITE => Some(all.iter().map(|n| one(*n)).collect::<Result<Vec<_>, _>>()?),
        _ => None,
    };
    let mut shape = Shape::named(a.kind, den, one(a.lo)?, one(a.hi)?, widest);
    shape.finite = finite;
    Ok(shape)
}

fn extreme(a: &Shape, b: &Shape, name: &str, pick: fn(i128, i128) -> i128) -> Result<Shape, Problem> {
    if a.kind != b.kind || matches!(a.kind, Kind::Bool | Kind::Choice(_)) {
        return Err(units(format!("`{name}` of `{}` and `{}` has no meaning", kind_word(a.kind), kind_word(b.kind))));
    }
    let (a, b) = a.align(b)?;
    let shape = Shape::named(a.kind, a.den, pick(a.lo, b.lo), pick(a.hi, b.hi), a.widest.max(b.widest));
    Ok(shape.combine(&a, &b, |x, y| Some(pick(x, y))))
}

fn compare(how: Comparison, a: &Shape, b: &Shape) -> Result<Shape, Problem> {
    if a.kind != b.kind {
        return Err(units(format!("`{}` cannot be compared with `{}`", kind_word(a.kind), kind_word(b.kind))));
    }
    if matches!(a.kind, Kind::Bool | Kind::Choice(_)) && !matches!(how, Comparison::Eq | Comparison::Ne) {
        return Err(units(format!("`{}` has no order", kind_word(a.kind))));
    }
    let (a, b) = a.align(b)?;
    Ok(Shape { widest: a.widest.max(b.widest), ..Shape::truth() })
}

fn table_shape<'a>(table: &Table, shape: &dyn Fn(Reg) -> Result<&'a Shape, Problem>) -> Result<Shape, Problem> {
    let mut all: Option<Shape> = None;
    for key in &table.keys {
        shape(*key)?;
    }
    for row in &table.rows {
        if row.cells.len() != table.keys.len() {
            return Err(Problem::Missing("a cell"));
        }
        for (cell, key) in row.cells.iter().zip(&table.keys) {
            let key = shape(*key)?;
            let option = matches!(key.kind, Kind::Bool | Kind::Choice(_));
            match cell {
                Cell::Options(_) if !option => return Err(units(format!("a column of `{}` takes intervals", kind_word(key.kind)))),
                Cell::Interval(..) if option => return Err(units(format!("a column of `{}` takes options", kind_word(key.kind)))),
                _ => {}
            }
        }
    }
    for result in table.rows.iter().map(|row| row.result).chain(table.otherwise) {
        let next = shape(result)?;
        all = Some(match all {
            None => next.clone(),
            Some(so_far) => {
                same_unit(&so_far, next, "one row gives", "another gives")?;
                so_far.union(next)?
            }
        });
    }
    all.ok_or(Problem::Missing("a row"))
}

/// The denominators that bands work in: of the amounts, and of the rates.
pub(super) fn band_dens<'a>(
    of: Reg,
    from: Reg,
    edges: &[Reg],
    rates: &[Reg],
    shape: &dyn Fn(Reg) -> Result<&'a Shape, Problem>,
) -> Result<(i128, i128), Problem> {
    let mut amount = 1;
    for reg in [of, from].iter().chain(edges) {
        amount = lcm(amount, shape(*reg)?.den).ok_or(Problem::TooWide)?;
    }
    let mut rate = 1;
    for reg in rates {
        rate = lcm(rate, shape(*reg)?.den).ok_or(Problem::TooWide)?;
    }
    Ok((amount, rate))
}

fn bands<'a>(
    of: Reg,
    from: Reg,
    edges: &[Reg],
    rates: &[Reg],
    totals: Option<Rounding>,
    shape: &dyn Fn(Reg) -> Result<&'a Shape, Problem>,
) -> Result<Shape, Problem> {
    if rates.len() != edges.len().saturating_add(1) {
        return Err(Problem::Missing("a band's rate"));
    }
    let unit = shape(of)?.kind;
    if !matches!(unit, Kind::Money | Kind::Number) {
        return Err(units(format!("bands share out money, not `{}`", kind_word(unit))));
    }
    let (amount, share) = band_dens(of, from, edges, rates, shape)?;
    expect(shape(from)?, unit, "`from`")?;
    let mut before: Option<Shape> = None;
    for edge in edges {
        expect(shape(*edge)?, unit, "`up_to`")?;
        let edge = shape(*edge)?.over(amount)?;
        if before.as_ref().is_some_and(|b| b.hi >= edge.lo) || edge.lo <= 0 {
            return Err(Problem::Edges);
        }
        before = Some(edge);
    }
    let mut top: i128 = 0;
    for rate in rates {
        expect(shape(*rate)?, Kind::Rate, "`rate`")?;
        let rate = shape(*rate)?.over(share)?;
        if rate.lo < 0 {
            return Err(units("a band's rate may be negative".into()));
        }
        top = top.max(rate.hi);
    }
    let den = amount.checked_mul(share).ok_or(Problem::TooWide)?;
    let of = shape(of)?.over(amount)?;
    let from = shape(from)?.over(amount)?;
    let end = of.hi.max(0).checked_add(from.hi.max(0)).ok_or(Problem::TooWide)?;
    let total = end.checked_mul(top).ok_or(Problem::TooWide)?;
    let widest = total.max(of.widest).max(from.widest).max(top).max(before.map_or(0, |b| b.widest));
    match totals {
        None => {
            let hi = of.hi.max(0).checked_mul(top).ok_or(Problem::TooWide)?;
            Ok(Shape::named(unit, den, 0, hi, widest))
        }
        // A rounded total is a whole fen; the difference of two can miss the exact one by one fen.
        Some(_) => {
            let hi = round_div(total, den, Rounding::Ceiling).ok_or(Problem::TooWide)?;
            Ok(Shape::named(unit, 1, 0, hi, widest))
        }
    }
}

/// Denominators of `cost_for`: of money, of rates, and the common multiple of the rates.
pub(super) fn cost_dens<'a>(
    program: &Program,
    bands: Reg,
    payment: &Shape,
    shape: &dyn Fn(Reg) -> Result<&'a Shape, Problem>,
) -> Result<(i128, i128, i128), Problem> {
    let Some(Instr::Bands { of, from, edges, rates, .. }) = program.writer(bands) else {
        return Err(Problem::Missing("the bands step"));
    };
    let (amount, share) = band_dens(*of, *from, edges, rates, shape)?;
    let money = lcm(amount, payment.den).ok_or(Problem::TooWide)?;
    let mut least: i128 = 1;
    for rate in rates {
        least = lcm(least, divisor_multiple(&shape(*rate)?.over(share)?)?).ok_or(Problem::TooWide)?;
    }
    Ok((money, share, least))
}

fn cost_for<'a>(
    program: &Program,
    bands: Reg,
    payment: &Shape,
    shape: &dyn Fn(Reg) -> Result<&'a Shape, Problem>,
) -> Result<Shape, Problem> {
    if bands >= LOCAL {
        return Err(Problem::Missing("the bands step"));
    }
    expect(payment, shape(bands)?.kind, "the payment")?;
    let (money, share, least) = cost_dens(program, bands, payment, shape)?;
    let den = money.checked_mul(least).ok_or(Problem::TooWide)?;
    let reach = payment.over(money)?.hi.max(0);
    let hi = reach.checked_mul(share).and_then(|x| x.checked_mul(least)).ok_or(Problem::TooWide)?;
    // Positions and edges are compared with the payment scaled up to `den × share`.
    let Some(Instr::Bands { of, from, edges, .. }) = program.writer(bands) else {
        return Err(Problem::Missing("the bands step"));
    };
    let mut widest = hi;
    for reg in [of, from].into_iter().chain(edges) {
        let part = shape(*reg)?.over(money)?.widest;
        widest = widest.max(part.checked_mul(den).and_then(|x| x.checked_mul(share)).ok_or(Problem::TooWide)?);
    }
    Ok(Shape::named(payment.kind, den, 0, hi, widest))
}

fn fold(fold: Fold, value: &Shape, most: i128) -> Result<Shape, Problem> {
    Ok(match fold {
        Fold::Sum => {
            if !value.is_numeric() {
                return Err(units(format!("`sum` of `{}` has no meaning", kind_word(value.kind))));
            }
            let lo = value.lo.min(0).checked_mul(most).ok_or(Problem::TooWide)?;
            let hi = value.hi.max(0).checked_mul(most).ok_or(Problem::TooWide)?;
            Shape::named(value.kind, value.den, lo, hi, value.widest)
        }
        Fold::Count => Shape::new(Kind::Number, 1, 0, most),
        Fold::Any | Fold::All => {
            expect(value, Kind::Bool, "what is asked of each record")?;
            Shape::truth()
        }
        Fold::Min | Fold::Max => {
            if matches!(value.kind, Kind::Bool | Kind::Choice(_)) {
                return Err(units(format!("`{}` has no order", kind_word(value.kind))));
            }
            Shape { finite: None, ..value.clone() }
        }
    })
}
