//! The rules of units, denominators and ranges: the shape of each instruction from its operands.

use super::program::{Cell, Comparison, Fold, Instr, Kind, LOCAL, Program, Reg, Table};
use super::shape::{FINITE, HUNDREDTHS, Problem, Shape, Shapes, constant_shape, kind_word};
use crate::date::Date;
use crate::number::{Rounding, Wide, lcm, round_div, wide};

/// Works out shapes. The first problem is kept, and whatever follows it means nothing: a result to be looked at after
/// every operation would be most of the code of a load.
pub(super) struct Inference<'a> {
    program: &'a Program,
    shapes: &'a Shapes,
    block: Option<u32>,
    problem: Option<Problem>,
}

/// What stands in for a shape that is not there.
static NOTHING: Shape = Shape { kind: Kind::Number, den: 1, lo: 0, hi: 0, finite: None, widest: 0 };

const MONTHS: Wide = 300 * 12;
const YEARS: Wide = 300;

/// Infers the shape of one instruction of a block, or of the main code.
///
/// # Errors
/// A [`Problem`]: units that do not fit, a possible overflow, a divisor that may be zero.
pub(super) fn infer(
    program: &Program,
    shapes: &Shapes,
    block: Option<u32>,
    instr: &Instr,
) -> Result<Shape, Box<Problem>> {
    let mut inference = Inference::new(program, shapes, block);
    let mut shape = inference.shape(instr);
    shape.widest = shape.widest.max(written(&shape));
    match inference.problem {
        None => Ok(shape),
        Some(problem) => Err(Box::new(problem)),
    }
}

/// Any civil day the engine knows.
#[must_use]
pub fn date_shape() -> Shape {
    Shape::new(Kind::Date, 1, wide(Date::MIN.days()), wide(Date::MAX.days()))
}

fn is_option(kind: Kind) -> bool {
    matches!(kind, Kind::Bool | Kind::Choice(_))
}

fn far(shape: &Shape) -> Wide {
    shape.lo.saturating_abs().max(shape.hi.saturating_abs())
}

/// The greatest number that writing a value takes: money over a denominator of yuan, shares in per cent.
fn written(shape: &Shape) -> Wide {
    let shares = matches!(shape.kind, Kind::Rate | Kind::Points);
    (if shares { far(shape).max(shape.den) } else { shape.den }).saturating_mul(HUNDREDTHS)
}

impl<'a> Inference<'a> {
    pub(super) fn new(program: &'a Program, shapes: &'a Shapes, block: Option<u32>) -> Self {
        Self { program, shapes, block, problem: None }
    }

    /// What went wrong, if anything did.
    pub(super) fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    #[inline(never)]
    fn note(&mut self, problem: Problem) {
        self.problem.get_or_insert(problem);
    }

    /// Units that do not fit, in words.
    #[inline(never)]
    fn units(&mut self, message: &[&str]) {
        self.note(Problem::Units(message.concat()));
    }

    #[inline(never)]
    pub(super) fn get(&mut self, reg: Reg) -> &'a Shape {
        match self.shapes.read(self.block, reg) {
            Ok(shape) => shape,
            Err(problem) => {
                self.note(problem);
                &NOTHING
            }
        }
    }

    #[inline(never)]
    fn fit(&mut self, n: Option<Wide>) -> Wide {
        if n.is_none() {
            self.note(Problem::TooWide);
        }
        n.unwrap_or(0)
    }

    #[inline(never)]
    pub(super) fn times(&mut self, a: Wide, b: Wide) -> Wide {
        self.fit(a.checked_mul(b))
    }

    #[inline(never)]
    fn plus(&mut self, a: Wide, b: Wide) -> Wide {
        self.fit(a.checked_add(b))
    }

    #[inline(never)]
    pub(super) fn common(&mut self, a: Wide, b: Wide) -> Wide {
        self.fit(lcm(a, b))
    }

    #[inline(never)]
    fn require(&mut self, shape: &Shape, kind: Kind, what: &str) {
        if shape.kind != kind {
            self.units(&[what, " is `", kind_word(shape.kind), "`, expected `", kind_word(kind), "`"]);
        }
    }

    #[inline(never)]
    fn expect_truth(&mut self, reg: Reg, what: &str) {
        let shape = self.get(reg);
        self.require(shape, Kind::Bool, what);
    }

    fn expect_whole(&mut self, shape: &Shape) {
        if shape.den != 1 {
            self.units(&["months must be whole"]);
        }
    }

    #[inline(never)]
    fn expect_same(&mut self, a: Kind, b: Kind, left: &str, right: &str) {
        if a != b {
            self.units(&[left, " `", kind_word(a), "` and ", right, " `", kind_word(b), "`"]);
        }
    }

    #[inline(never)]
    fn meaningless(&mut self, a: Kind, sign: &str, b: Kind) {
        self.units(&["`", kind_word(a), "` ", sign, " `", kind_word(b), "` has no meaning"]);
    }

    /// The same values over a multiple of the denominator.
    #[inline(never)]
    fn over(&mut self, shape: &Shape, den: Wide) -> Shape {
        let factor = self.fit(den.checked_div(shape.den));
        let finite = shape.finite.as_ref().map(|all| {
            let mut scaled = Vec::with_capacity(all.len());
            for n in all {
                scaled.push(self.times(*n, factor));
            }
            scaled
        });
        let (lo, hi) = (self.times(shape.lo, factor), self.times(shape.hi, factor));
        let widest = shape.widest.max(lo.saturating_abs()).max(hi.saturating_abs());
        Shape { kind: shape.kind, den, lo, hi, finite, widest }
    }

    /// Both over one denominator.
    #[inline(never)]
    fn align(&mut self, a: &Shape, b: &Shape) -> (Shape, Shape) {
        let den = self.common(a.den, b.den);
        (self.over(a, den), self.over(b, den))
    }

    /// `so_far` becomes the values that either may take, over one denominator.
    #[inline(never)]
    fn unite(&mut self, so_far: &mut Shape, other: &Shape) {
        let (mut a, b) = self.align(so_far, other);
        let finite = match (a.finite.take(), b.finite) {
            (Some(mut x), Some(y)) => {
                y.into_iter().for_each(|n| insert(&mut x, n));
                (x.len() <= FINITE).then_some(x)
            }
            _ => None,
        };
        a.finite = finite;
        a.lo = a.lo.min(b.lo);
        a.hi = a.hi.max(b.hi);
        a.widest = a.widest.max(b.widest);
        *so_far = a;
    }

    fn shape(&mut self, instr: &Instr) -> Shape {
        use Instr as I;
        match instr {
            I::Add(a, b) => self.sum(*a, *b, false),
            I::Sub(a, b) => self.sum(*a, *b, true),
            I::Mul(a, b) => self.product(*a, *b),
            I::Div(a, b) => self.quotient(*a, *b),
            I::DivRound(a, b, _, num, den) => self.rounded_quotient(*a, *b, wide(*num), wide(*den)),
            I::Round(a, mode, num, den) => self.round(*a, *mode, wide(*num), wide(*den)),
            I::Min(a, b) => self.extreme(*a, *b, "min", Wide::min),
            I::Max(a, b) => self.extreme(*a, *b, "max", Wide::max),
            I::Cmp(how, a, b) => self.compare(*how, *a, *b),
            I::CmpSpan(_, a, b) => {
                let (a, b) = (self.get(*a), self.get(*b));
                self.require(a, Kind::Days, "the left side");
                self.require(b, Kind::Months, "the right side");
                self.expect_whole(b);
                // So many months have at most 31 days each.
                let longest = self.times(far(b), 31);
                let longest = self.times(longest, a.den);
                Shape { widest: a.widest.max(longest), ..Shape::truth() }
            }
            I::And(a, b) | I::Or(a, b) => {
                self.expect_truth(*a, "the left side");
                self.expect_truth(*b, "the right side");
                Shape::truth()
            }
            I::Not(a) => {
                self.expect_truth(*a, "what follows `not`");
                Shape::truth()
            }
            I::Applies(a) => {
                self.get(*a);
                Shape::truth()
            }
            I::If(c, a, b) => {
                self.expect_truth(*c, "the condition");
                let (a, b) = (self.get(*a), self.get(*b));
                self.expect_same(a.kind, b.kind, "`then` gives", "`else` gives");
                let mut either = a.clone();
                self.unite(&mut either, b);
                either
            }
            I::InSet(a, _) => self.choice(*a),
            I::InGroup(a, _, on) => {
                let truth = self.choice(*a);
                if let Some(on) = on {
                    let on = self.get(*on);
                    self.require(on, Kind::Date, "what follows `on`");
                }
                truth
            }
            I::Table(index) => match self.program.tables.get(*index as usize) {
                Some(table) => self.table(table),
                None => self.missing("the table"),
            },
            I::Bands { of, from, edges, rates, totals } => self.bands(*of, *from, edges, rates, *totals),
            I::CostFor(bands, payment) => self.cost_for(*bands, *payment),
            I::Exceptions(base, alternatives, _) => {
                let mut all = self.get(*base).clone();
                for (when, value) in alternatives {
                    self.expect_truth(*when, "`when`");
                    let value = self.get(*value);
                    self.expect_same(all.kind, value.kind, "the step gives", "the exception gives");
                    self.unite(&mut all, value);
                }
                all
            }
            I::MonthsBetween(a, b) => {
                self.dates(*a, *b);
                Shape::new(Kind::Months, 1, -MONTHS, MONTHS)
            }
            I::YearsBetween(a, b) => {
                self.dates(*a, *b);
                Shape::new(Kind::Number, 1, -YEARS, YEARS)
            }
            I::YearOf(a) => {
                let a = self.get(*a);
                self.require(a, Kind::Date, "`year` of");
                Shape::new(Kind::Number, 1, 1900, 2199)
            }
            I::AddMonths(a, b, ..) => {
                let (a, b) = (self.get(*a), self.get(*b));
                self.require(a, Kind::Date, "`add_months` to");
                self.require(b, Kind::Months, "`add_months` of");
                self.expect_whole(b);
                date_shape()
            }
            I::Require(a, b, _) => {
                self.expect_truth(*b, "the requirement");
                let a = self.get(*a);
                let few = a.finite.as_ref().filter(|all| all.len() <= FINITE).cloned();
                Shape { finite: few, ..Shape::named(a.kind, a.den, a.lo, a.hi, a.widest) }
            }
            I::Figure(constant) => constant_shape(constant),
            I::Aggregate(aggregate) => {
                let block = self.program.blocks.get(aggregate.block as usize);
                let Some(list) = block.and_then(|block| self.program.lists.get(block.list as usize)) else {
                    return self.missing("the block or its list");
                };
                if let Some(filter) = aggregate.filter {
                    self.expect_truth(filter, "`where`");
                }
                self.fold(aggregate.fold, aggregate.value, wide(list.max))
            }
        }
    }

    fn missing(&mut self, what: &'static str) -> Shape {
        self.note(Problem::Missing(what));
        Shape::truth()
    }

    fn choice(&mut self, reg: Reg) -> Shape {
        let kind = self.get(reg).kind;
        if !is_option(kind) {
            self.units(&["`in` needs an option on its left, found `", kind_word(kind), "`"]);
        }
        Shape::truth()
    }

    fn dates(&mut self, a: Reg, b: Reg) {
        let (a, b) = (self.get(a), self.get(b));
        self.require(a, Kind::Date, "the first day");
        self.require(b, Kind::Date, "the second day");
    }

    /// A sum or, with `less`, a difference.
    fn sum(&mut self, a: Reg, b: Reg, less: bool) -> Shape {
        let (a, b) = (self.get(a), self.get(b));
        let kind = match (a.kind, b.kind) {
            (Kind::Date, Kind::Date) if less => Kind::Days,
            (Kind::Date, Kind::Days) => return self.moved_date(b),
            (Kind::Days, Kind::Date) if !less => return self.moved_date(a),
            (Kind::Rate, Kind::Points) => Kind::Rate,
            (Kind::Points, Kind::Rate) if !less => Kind::Rate,
            (x, y) if x == y && a.is_numeric() => x,
            (x, y) => {
                self.meaningless(x, if less { "-" } else { "+" }, y);
                return Shape::truth();
            }
        };
        let (a, mut b) = self.align(a, b);
        if less {
            b = negative(b);
        }
        let (lo, hi) = (self.plus(a.lo, b.lo), self.plus(a.hi, b.hi));
        let sum = Shape::named(kind, a.den, lo, hi, a.widest.max(b.widest));
        sum.combine(&a, &b, Wide::checked_add)
    }

    fn moved_date(&mut self, days: &Shape) -> Shape {
        if days.den != 1 {
            self.units(&["a date moves by whole days"]);
        }
        date_shape()
    }

    fn product(&mut self, a: Reg, b: Reg) -> Shape {
        let (a, b) = (self.get(a), self.get(b));
        let Some(kind) = product_kind(a.kind, b.kind) else {
            self.meaningless(a.kind, "*", b.kind);
            return Shape::truth();
        };
        let den = self.times(a.den, b.den);
        let (mut lo, mut hi) = (Wide::MAX, Wide::MIN);
        for (x, y) in [(a.lo, b.lo), (a.lo, b.hi), (a.hi, b.lo), (a.hi, b.hi)] {
            let corner = self.times(x, y);
            lo = lo.min(corner);
            hi = hi.max(corner);
        }
        Shape::named(kind, den, lo, hi, a.widest.max(b.widest)).combine(a, b, Wide::checked_mul).reduced()
    }

    fn quotient_kind(&mut self, a: &Shape, b: &Shape) -> Kind {
        quotient_kind(a.kind, b.kind).unwrap_or_else(|| {
            self.meaningless(a.kind, "/", b.kind);
            Kind::Number
        })
    }

    /// What a division needs: `a / b = (a.num × b.den × (least ÷ b.num)) / (a.den × least)`.
    pub(super) fn divisor_multiple(&mut self, b: &Shape) -> Wide {
        let mut least: Wide = 1;
        match &b.finite {
            None => self.note(Problem::OpenDivisor),
            Some(all) if all.contains(&0) => self.note(Problem::ZeroDivisor),
            Some(all) => all.iter().for_each(|n| least = self.common(least, *n)),
        }
        least
    }

    fn quotient(&mut self, a: Reg, b: Reg) -> Shape {
        let (a, b) = (self.get(a), self.get(b));
        let kind = self.quotient_kind(a, b);
        let least = self.divisor_multiple(b);
        let den = self.times(a.den, least);
        let factor = self.times(least, b.den);
        // |a ÷ b| is greatest at the divisor nearest to zero; |least ÷ n| ≤ least.
        let reach = self.times(far(a), factor);
        let positive = a.lo >= 0 && b.finite.as_ref().is_some_and(|all| all.iter().all(|n| *n > 0));
        Shape::named(kind, den, if positive { 0 } else { reach.saturating_neg() }, reach, factor)
    }

    fn rounded_quotient(&mut self, a: Reg, b: Reg, num: Wide, den: Wide) -> Shape {
        let (a, b) = (self.get(a), self.get(b));
        let kind = self.quotient_kind(a, b);
        if b.lo <= 0 && b.hi >= 0 {
            self.note(Problem::ZeroDivisor);
        }
        // a.num × b.den × den ÷ (a.den × b.num × num), in units of num ÷ den.
        let up = self.times(b.den, den);
        let down = self.times(a.den, num);
        let top = self.times(far(a), up);
        let widest_down = self.times(far(b), down);
        let bottom = self.times(b.lo.saturating_abs().min(b.hi.saturating_abs()), down);
        let steps = self.fit(round_div(top, bottom, Rounding::Ceiling));
        let limit = self.times(steps, num);
        let least = if a.lo >= 0 && b.lo > 0 { 0 } else { limit.saturating_neg() };
        Shape::named(kind, den, least, limit, top.max(widest_down))
    }

    fn round(&mut self, a: Reg, mode: Rounding, num: Wide, den: Wide) -> Shape {
        let a = self.get(a);
        if !a.is_numeric() {
            self.units(&["`", kind_word(a.kind), "` cannot be rounded"]);
        }
        let down = self.times(a.den, num);
        let mut one = |n: Wide| {
            let top = self.times(n, den);
            let steps = self.fit(round_div(top, down, mode));
            self.times(steps, num)
        };
        let finite = match &a.finite {
            Some(all) if all.len() <= FINITE => {
                let mut rounded = Vec::with_capacity(all.len());
                for n in all {
                    insert(&mut rounded, one(*n));
                }
                Some(rounded)
            }
            _ => None,
        };
        let (lo, hi) = (one(a.lo), one(a.hi));
        let widest = self.times(a.widest, den).max(down);
        let mut shape = Shape::named(a.kind, den, lo, hi, widest);
        shape.finite = finite;
        shape
    }

    fn extreme(&mut self, a: Reg, b: Reg, name: &str, pick: fn(Wide, Wide) -> Wide) -> Shape {
        let (a, b) = (self.get(a), self.get(b));
        if a.kind != b.kind || is_option(a.kind) {
            self.units(&["`", name, "` of `", kind_word(a.kind), "` and `", kind_word(b.kind), "` has no meaning"]);
        }
        let (a, b) = self.align(a, b);
        let shape = Shape::named(a.kind, a.den, pick(a.lo, b.lo), pick(a.hi, b.hi), a.widest.max(b.widest));
        if pick(0, 1) == 0 {
            shape.combine(&a, &b, |x, y| Some(x.min(y)))
        } else {
            shape.combine(&a, &b, |x, y| Some(x.max(y)))
        }
    }

    fn compare(&mut self, how: Comparison, a: Reg, b: Reg) -> Shape {
        let (a, b) = (self.get(a), self.get(b));
        if a.kind != b.kind {
            self.units(&["`", kind_word(a.kind), "` cannot be compared with `", kind_word(b.kind), "`"]);
        }
        if is_option(a.kind) && !matches!(how, Comparison::Eq | Comparison::Ne) {
            self.units(&["`", kind_word(a.kind), "` has no order"]);
        }
        let (a, b) = self.align(a, b);
        Shape { widest: a.widest.max(b.widest), ..Shape::truth() }
    }

    fn table(&mut self, table: &Table) -> Shape {
        for row in &table.rows {
            if row.cells.len() != table.keys.len() {
                return self.missing("a cell");
            }
            for (cell, key) in row.cells.iter().zip(&table.keys) {
                let kind = self.get(*key).kind;
                match cell {
                    Cell::Options(_) if !is_option(kind) => {
                        self.units(&["a column of `", kind_word(kind), "` takes intervals"]);
                    }
                    Cell::Interval(..) if is_option(kind) => {
                        self.units(&["a column of `", kind_word(kind), "` takes options"]);
                    }
                    _ => {}
                }
            }
        }
        let mut all: Option<Shape> = None;
        for result in table.rows.iter().map(|row| row.result).chain(table.otherwise) {
            let next = self.get(result);
            match &mut all {
                None => all = Some(next.clone()),
                Some(so_far) => {
                    self.expect_same(so_far.kind, next.kind, "one row gives", "another gives");
                    self.unite(so_far, next);
                }
            }
        }
        match all {
            Some(all) => all,
            None => self.missing("a row"),
        }
    }

    fn common_den(&mut self, mut den: Wide, all: &[Reg]) -> Wide {
        for reg in all {
            let own = self.get(*reg).den;
            den = self.common(den, own);
        }
        den
    }

    /// The denominators that bands work in: of the amounts, and of the rates.
    pub(super) fn band_dens(&mut self, of: Reg, from: Reg, edges: &[Reg], rates: &[Reg]) -> (Wide, Wide) {
        let amount = self.common_den(1, &[of, from]);
        (self.common_den(amount, edges), self.common_den(1, rates))
    }

    fn bands(&mut self, of: Reg, from: Reg, edges: &[Reg], rates: &[Reg], totals: Option<Rounding>) -> Shape {
        if rates.len() != edges.len().saturating_add(1) {
            return self.missing("a band's rate");
        }
        let unit = self.get(of).kind;
        if !matches!(unit, Kind::Money | Kind::Number) {
            self.units(&["bands share out money, not `", kind_word(unit), "`"]);
        }
        let (amount, share) = self.band_dens(of, from, edges, rates);
        let (of, from) = (self.get(of), self.get(from));
        self.require(from, unit, "`from`");
        // Edges rise, from above nought, whatever they turn out to be.
        let mut below: Wide = 0;
        let mut widest: Wide = 0;
        for edge in edges {
            let edge = self.get(*edge);
            self.require(edge, unit, "`up_to`");
            let edge = self.over(edge, amount);
            if edge.lo <= below {
                self.note(Problem::Edges);
            }
            below = edge.hi;
            widest = edge.widest;
        }
        let mut top: Wide = 0;
        for rate in rates {
            let rate = self.get(*rate);
            self.require(rate, Kind::Rate, "`rate`");
            let rate = self.over(rate, share);
            if rate.lo < 0 {
                self.units(&["a band's rate may be negative"]);
            }
            top = top.max(rate.hi);
        }
        let den = self.times(amount, share);
        let (of, from) = (self.over(of, amount), self.over(from, amount));
        let end = self.plus(of.hi.max(0), from.hi.max(0));
        let total = self.times(end, top);
        let widest = total.max(of.widest).max(from.widest).max(top).max(widest);
        match totals {
            None => {
                let hi = self.times(of.hi.max(0), top);
                Shape::named(unit, den, 0, hi, widest)
            }
            // A rounded total is a whole fen; the difference of two can miss the exact one by one fen.
            Some(_) => {
                let hi = self.fit(round_div(total, den, Rounding::Ceiling));
                Shape::named(unit, 1, 0, hi, widest)
            }
        }
    }

    /// Denominators of `cost_for`: of money, of rates, and the common multiple of the rates.
    pub(super) fn cost_dens(&mut self, bands: Reg, payment: Reg) -> (Wide, Wide, Wide) {
        let Some(Instr::Bands { of, from, edges, rates, .. }) = self.program.writer(bands) else {
            self.note(Problem::Missing("the bands step"));
            return (1, 1, 1);
        };
        let (amount, share) = self.band_dens(*of, *from, edges, rates);
        let money = self.common_den(amount, &[payment]);
        let mut least: Wide = 1;
        for rate in rates {
            let rate = self.get(*rate);
            let rate = self.over(rate, share);
            let own = self.divisor_multiple(&rate);
            least = self.common(least, own);
        }
        (money, share, least)
    }

    fn cost_for(&mut self, bands: Reg, payment: Reg) -> Shape {
        let program = self.program;
        let Some(Instr::Bands { of, from, edges, .. }) = program.writer(bands).filter(|_| bands < LOCAL) else {
            return self.missing("the bands step");
        };
        let (paid, given) = (self.get(payment), self.get(bands));
        self.require(paid, given.kind, "the payment");
        let (money, share, least) = self.cost_dens(bands, payment);
        let den = self.times(money, least);
        let reach = self.over(paid, money).hi.max(0);
        let reach = self.times(reach, share);
        let hi = self.times(reach, least);
        // Positions and edges are compared with the payment scaled up to `den × share`.
        let mut widest = hi;
        for reg in [of, from].into_iter().chain(edges) {
            let part = self.get(*reg);
            let part = self.over(part, money).widest;
            let part = self.times(part, den);
            widest = widest.max(self.times(part, share));
        }
        Shape::named(paid.kind, den, 0, hi, widest)
    }

    fn fold(&mut self, fold: Fold, value: Reg, most: Wide) -> Shape {
        let value = self.get(value);
        match fold {
            Fold::Sum => {
                if !value.is_numeric() {
                    self.units(&["`sum` of `", kind_word(value.kind), "` has no meaning"]);
                }
                let (lo, hi) = (self.times(value.lo.min(0), most), self.times(value.hi.max(0), most));
                Shape::named(value.kind, value.den, lo, hi, value.widest)
            }
            Fold::Count => Shape::new(Kind::Number, 1, 0, most),
            Fold::Any | Fold::All => {
                self.require(value, Kind::Bool, "what is asked of each record");
                Shape::truth()
            }
            Fold::Min | Fold::Max => {
                if is_option(value.kind) {
                    self.units(&["`", kind_word(value.kind), "` has no order"]);
                }
                Shape { finite: None, ..value.clone() }
            }
        }
    }
}

/// The values with their signs turned.
fn negative(mut shape: Shape) -> Shape {
    (shape.lo, shape.hi) = (shape.hi.saturating_neg(), shape.lo.saturating_neg());
    for n in shape.finite.iter_mut().flatten() {
        *n = n.saturating_neg();
    }
    shape
}

/// Puts a number in its place in a rising list that has each number once.
pub(super) fn insert(all: &mut Vec<Wide>, n: Wide) {
    let at = all.partition_point(|known| *known < n);
    if all.get(at) != Some(&n) {
        all.insert(at, n);
    }
}

/// Unit of a product: a share or a number scales anything; points only by numbers.
fn product_kind(a: Kind, b: Kind) -> Option<Kind> {
    match (a, b) {
        (Kind::Number, k) | (k, Kind::Number) if k != Kind::Date && !is_option(k) => Some(k),
        (Kind::Rate, Kind::Rate) => Some(Kind::Rate),
        (Kind::Rate, Kind::Money) | (Kind::Money, Kind::Rate) => Some(Kind::Money),
        _ => None,
    }
}

fn quotient_kind(a: Kind, b: Kind) -> Option<Kind> {
    match (a, b) {
        (k, _) if k == Kind::Date || is_option(k) => None,
        (x, y) if x == y => Some(Kind::Number),
        (k, Kind::Number) => Some(k),
        (Kind::Money, Kind::Rate) => Some(Kind::Money),
        _ => None,
    }
}
