//! The rules of units, denominators and ranges: the shape of each instruction from its operands.

use super::program::{Cell, Comparison, Fold, Instr, Kind, LOCAL, Program, Reg, Table};
use crate::date::Date;
use crate::number::{Rounding, lcm, round_div};

use super::shape::{FINITE, Problem, Shape, constant_shape, kind_word};

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
    if shape.den == 1 { Ok(()) } else { Err(units("months must be whole".into())) }
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
    Ok(Shape::named(
        kind,
        i128::from(den),
        if positive { 0 } else { limit.saturating_neg() },
        limit,
        top.max(widest_down),
    ))
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
                Cell::Options(_) if !option => {
                    return Err(units(format!("a column of `{}` takes intervals", kind_word(key.kind))));
                }
                Cell::Interval(..) if option => {
                    return Err(units(format!("a column of `{}` takes options", kind_word(key.kind))));
                }
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
