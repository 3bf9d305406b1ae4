//! A lone figure, and rounding as written.

use super::lex::{TokenKind, tokens};
use super::{Figure, FigureUnit, FormulaError, RoundTo};
use crate::number::{Ratio, Rounding};

/// Parses one figure with its unit: `200元`, `75%`, `-5 points`.
///
/// # Errors
/// Where the text is anything else.
pub fn parse_figure(text: &str) -> Result<Figure, FormulaError> {
    let whole = (0, text.chars().count());
    let (minus, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    match tokens(rest)?.as_slice() {
        [one] => match one.kind {
            TokenKind::Figure(figure) if minus => Ok(Figure { value: figure.value.neg(), ..figure }),
            TokenKind::Figure(figure) => Ok(figure),
            _ => Err(not_a_figure(text, whole)),
        },
        _ => Err(not_a_figure(text, whole)),
    }
}

fn not_a_figure(text: &str, span: (usize, usize)) -> FormulaError {
    FormulaError::new("formula-figure", format!("`{text}` is not a figure"), span)
        .help("write a number with its unit, as in `200元`, `75%`, `28 days`")
}

/// Parses rounding: `half_up to fen`, `floor to 10 yuan`, `ceiling to 1`.
///
/// # Errors
/// Where mode or unit is missing or unknown.
pub fn parse_round(text: &str) -> Result<RoundTo, FormulaError> {
    let span = (0, text.chars().count());
    let wrong = |message: String| {
        FormulaError::new("rounding", message, span)
            .help("write a mode and a unit, as in `half_up to fen`, `floor to 10 yuan`, `ceiling to 1`")
    };
    let Some((mode, unit)) = text.split_once(" to ") else {
        return Err(wrong(format!("`{text}` does not say mode and unit")));
    };
    let mode = match mode.trim() {
        "half_up" => Rounding::HalfUp,
        "half_even" => Rounding::HalfEven,
        "floor" => Rounding::Floor,
        "ceiling" => Rounding::Ceiling,
        "toward_zero" => Rounding::TowardZero,
        other => {
            return Err(wrong(format!(
                "`{other}` is not a rounding mode; modes are half_up half_even floor ceiling toward_zero"
            )));
        }
    };
    let unit = unit.trim();
    let money = |fen: i64| RoundTo { mode, unit: Ratio::from_int(fen), money: true };
    if unit == "fen" || unit == "分" {
        return Ok(money(1));
    }
    if unit == "yuan" || unit == "元" {
        return Ok(money(100));
    }
    let figure = parse_figure(unit).map_err(|_| wrong(format!("`{unit}` is not a unit to round to")))?;
    if figure.value <= Ratio::ZERO {
        return Err(wrong(format!("`{unit}` is not a multiple to round to")));
    }
    let scaled = |by: Ratio| figure.value.mul(by).ok_or_else(|| wrong(format!("`{unit}` is too large")));
    match figure.unit {
        FigureUnit::Yuan => Ok(RoundTo { mode, unit: scaled(Ratio::from_int(100))?, money: true }),
        FigureUnit::Percent | FigureUnit::Points => {
            let hundredth = Ratio::new(1, 100).unwrap_or(Ratio::ONE);
            Ok(RoundTo { mode, unit: scaled(hundredth)?, money: false })
        }
        _ => Ok(RoundTo { mode, unit: figure.value, money: false }),
    }
}
