//! Dates: 2021年8月20日, 2023-07-01, 4月10日, 2007年9月.

use crate::number::Ratio;

use super::find::Figure;
use super::line::Line;
use super::numeral::{Lexeme, Numeral};
use super::unit::{Unit, whole};

const fn days_in(year: i128, month: i128) -> Option<i128> {
    let leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    })
}

fn is_day(year: i128, month: i128, day: i128) -> bool {
    days_in(year, month).is_some_and(|last| (1..=last).contains(&day))
}

pub(super) fn is_year(number: &Numeral) -> bool {
    number.width == 4 && number.digits.is_some_and(year_in_range)
}

fn year_in_range(year: i128) -> bool {
    (1900..=2100).contains(&year)
}

/// A date as one number, `yyyymmdd`, the way [`Unit::Date`] carries it.
pub(super) fn packed(year: i128, month: i128, day: i128) -> Option<Ratio> {
    let months = year.checked_mul(100)?.checked_add(month)?;
    Ratio::new(months.checked_mul(100)?.checked_add(day)?, 1)
}

/// `2023-07-01`, `2023/7/1` or `2023.7.1`: where it ends, and the date if there is such a day.
pub(super) fn iso(line: &Line, start: usize) -> Option<(usize, Option<Figure>)> {
    let (year, at) = digits(line, start, 4)?;
    let mark = line.at(at).filter(|ch| matches!(ch, '-' | '/' | '.'))?;
    let (month, second) = digits(line, at.saturating_add(1), 2)?;
    line.at(second).filter(|ch| *ch == mark)?;
    let (day, end) = digits(line, second.saturating_add(1), 2)?;
    if !year_in_range(year) || start.checked_add(4) != Some(at) {
        return None;
    }
    let value = is_day(year, month, day).then(|| packed(year, month, day))?;
    value.map(|value| (end, Some(Figure::whole(start, end, value, Unit::Date))))
}

/// A touching run of at most `most` digits that no further digit or decimal point follows.
fn digits(line: &Line, start: usize, most: usize) -> Option<(i128, usize)> {
    let (mut sum, mut at) = (0_i128, start);
    while let Some(digit) = line.at(at).and_then(|ch| ch.to_digit(10)) {
        if line.gap(at) && at != start {
            break;
        }
        sum = sum.checked_mul(10)?.checked_add(i128::from(digit))?;
        at = at.saturating_add(1);
    }
    let width = at.checked_sub(start)?;
    (width >= 1 && width <= most).then_some((sum, at))
}

/// A date written with 年月日 that begins with the lexeme at `index`: how many lexemes it takes,
/// and the date, or nothing for a day that does not exist.
pub(super) fn written(line: &Line, lexemes: &[Lexeme], index: usize) -> Option<(usize, Option<Figure>)> {
    let first = number(lexemes, index)?;
    let second = number(lexemes, index.saturating_add(1));
    if is_year(first) && line.at(first.end) == Some('年') {
        let month = second.filter(|n| follows(first, n) && line.at(n.end) == Some('月'))?;
        let day = number(lexemes, index.saturating_add(2)).filter(|n| follows(month, n) && is_day_word(line, n.end));
        let year = first.digits?;
        let Some(day) = day else {
            let end = month.end.saturating_add(1);
            let value = whole(month.value).and_then(|m| {
                days_in(year, m)?;
                Ratio::new(year.checked_mul(100)?.checked_add(m)?, 1)
            });
            let figure = value.map(|v| Figure::whole(first.start, end, v, Unit::YearMonth));
            return Some((2, figure));
        };
        let end = day.end.saturating_add(1);
        let value = whole(month.value)
            .zip(whole(day.value))
            .filter(|(m, d)| is_day(year, *m, *d))
            .and_then(|(m, d)| packed(year, m, d));
        let figure = value.map(|v| Figure::whole(first.start, end, v, Unit::Date));
        return Some((3, figure));
    }
    if line.at(first.end) == Some('月') {
        let day = second.filter(|n| follows(first, n) && is_day_word(line, n.end))?;
        let end = day.end.saturating_add(1);
        // Any leap year, so that 2月29日 is a day.
        let value = whole(first.value)
            .zip(whole(day.value))
            .filter(|(m, d)| is_day(2000, *m, *d))
            .and_then(|(m, d)| packed(0, m, d));
        let figure = value.map(|v| Figure::whole(first.start, end, v, Unit::MonthDay));
        return Some((2, figure));
    }
    None
}

/// The day of the year as a date of this year, or of the month of a year, that stands before it in a range. A day that
/// comes earlier belongs to some later year, which nothing says.
pub(super) fn in_year_of(date: Ratio, day: Ratio) -> Option<Ratio> {
    let (date, day) = (whole(date)?, whole(day)?);
    let (year, from) = (date.checked_div(10_000)?, date.checked_rem(10_000)?);
    let (month, of_month) = (day.checked_div(100)?, day.checked_rem(100)?);
    if day < from || !is_day(year, month, of_month) {
        return None;
    }
    packed(year, month, of_month)
}

/// As [`in_year_of`], of a month: 2023年1月至6月.
pub(super) fn month_in_year_of(start: Ratio, month: Ratio) -> Option<Ratio> {
    let (start, month) = (whole(start)?, whole(month)?);
    let (year, from) = (start.checked_div(100)?, start.checked_rem(100)?);
    if month < from || month > 12 {
        return None;
    }
    Ratio::new(year.checked_mul(100)?.checked_add(month)?, 1)
}

fn number(lexemes: &[Lexeme], index: usize) -> Option<&Numeral> {
    match lexemes.get(index)? {
        Lexeme::Number(number) => Some(number),
        Lexeme::Whole(_) => None,
    }
}

/// One character, the unit, stands between the two.
fn follows(left: &Numeral, right: &Numeral) -> bool {
    left.end.checked_add(1) == Some(right.start)
}

fn is_day_word(line: &Line, at: usize) -> bool {
    matches!(line.at(at), Some('日' | '号'))
}
