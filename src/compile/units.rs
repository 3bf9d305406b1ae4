//! Figures as register numbers.

use crate::formula::{Figure, FigureUnit};
use crate::number::Ratio;
use crate::plan::{Kind, MOST};

/// The kind of a figure.
pub(super) fn kind_of(unit: FigureUnit) -> Kind {
    match unit {
        FigureUnit::Yuan => Kind::Money,
        FigureUnit::Percent => Kind::Rate,
        FigureUnit::Points => Kind::Points,
        FigureUnit::Days | FigureUnit::Weeks => Kind::Days,
        FigureUnit::Months | FigureUnit::Years => Kind::Months,
        FigureUnit::Number => Kind::Number,
    }
}

/// A figure in register units: fen, shares, days, months.
pub(super) fn register_value(figure: Figure) -> Option<Ratio> {
    let by = |n: i64| figure.value.mul(Ratio::from_int(n));
    match figure.unit {
        FigureUnit::Yuan => by(100),
        FigureUnit::Percent | FigureUnit::Points => figure.value.div(Ratio::from_int(100)),
        FigureUnit::Weeks => by(7),
        FigureUnit::Years => by(12),
        FigureUnit::Days | FigureUnit::Months | FigureUnit::Number => Some(figure.value),
    }
}

/// Numerator and denominator small enough for a plan.
pub(super) fn parts(value: Ratio) -> Option<(i64, i64)> {
    let fits = |n: i128| i64::try_from(n).ok().filter(|n| n.saturating_abs() <= MOST);
    Some((fits(value.num())?, fits(value.den())?))
}

/// A figure's numerator over a given denominator, where it is whole there.
pub(super) fn over(figure: Figure, den: i64) -> Option<i64> {
    let scaled = register_value(figure)?.mul(Ratio::from_int(den))?;
    if scaled.den() != 1 {
        return None;
    }
    i64::try_from(scaled.num()).ok().filter(|n| n.saturating_abs() <= MOST)
}

/// The kind named by a type word, numeric kinds only.
pub(super) fn numeric(form: &str) -> Option<Kind> {
    Some(match form {
        "money" => Kind::Money,
        "number" => Kind::Number,
        "rate" => Kind::Rate,
        "points" => Kind::Points,
        "days" => Kind::Days,
        "months" => Kind::Months,
        _ => return None,
    })
}

/// Denominator of a fact: fen for money, hundredths with `decimals` for rates.
pub(super) fn denominator(kind: Kind, decimals: u8) -> i64 {
    let tens = 10_i64.checked_pow(u32::from(decimals)).unwrap_or(1);
    match kind {
        Kind::Rate | Kind::Points => tens.saturating_mul(100),
        Kind::Number => tens,
        _ => 1,
    }
}
