//! Counting in months, which have no fixed length.

use serde::{Deserialize, Serialize};

use super::Date;

/// Where a day lands whose number the reached month does not have, as 31 January does one month
/// on. Whoever adds months names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthEnd {
    /// On the last day of that month: 28 or 29 February.
    Clip,
    /// On the first day of the month after: 1 March.
    Next,
    /// Nowhere: there is no answer.
    Refuse,
}

impl Date {
    /// The day with the same number this many months later, or earlier if negative.
    ///
    /// `None` out of range, or where `end` refuses.
    ///
    /// ```
    /// use yibao_rules::date::{Date, MonthEnd};
    /// let day = Date::parse("2021-01-31")?;
    /// assert_eq!(day.add_months(1, MonthEnd::Clip), Some(Date::parse("2021-02-28")?));
    /// assert_eq!(day.add_months(1, MonthEnd::Next), Some(Date::parse("2021-03-01")?));
    /// assert_eq!(day.add_months(1, MonthEnd::Refuse), None);
    /// # Ok::<(), yibao_rules::date::DateError>(())
    /// ```
    pub fn add_months(self, months: i32, end: MonthEnd) -> Option<Date> {
        let (year, month, day) = self.ymd();
        let index = month_index(year, month).checked_add(months)?;
        let (year, month) = month_at(index)?;
        let length = month_length(year, month);
        if day <= length {
            return Date::from_ymd(year, month, day);
        }
        match end {
            MonthEnd::Clip => Date::from_ymd(year, month, length),
            MonthEnd::Next => {
                let (year, month) = month_at(index.checked_add(1)?)?;
                Date::from_ymd(year, month, 1)
            }
            MonthEnd::Refuse => None,
        }
    }
}

/// Months since January of the year 0. Dates span 300 years, so it cannot wrap.
fn month_index(year: i32, month: u32) -> i32 {
    year.wrapping_mul(12).wrapping_add(month.cast_signed()).wrapping_sub(1)
}

fn month_at(index: i32) -> Option<(i32, u32)> {
    let month = u32::try_from(index.rem_euclid(12)).ok()?.checked_add(1)?;
    Some((index.div_euclid(12), month))
}

fn month_length(year: i32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days from `a` to `b`, negative if `b` is earlier.
pub fn days_between(a: Date, b: Date) -> i32 {
    b.days().wrapping_sub(a.days())
}

/// Completed months from `a` to `b`, negative if `b` is earlier.
///
/// A month is complete when the day of the month is reached again, or, where a month does not have
/// that day, when the month is over: from 31 January the first is complete on 1 March. Going
/// backwards, `whole_months_between(b, a)` is the same number with the other sign.
///
/// ```
/// use yibao_rules::date::{Date, whole_months_between};
/// let start = Date::parse("2021-01-31")?;
/// assert_eq!(whole_months_between(start, Date::parse("2021-02-28")?), 0);
/// assert_eq!(whole_months_between(start, Date::parse("2021-03-01")?), 1);
/// # Ok::<(), yibao_rules::date::DateError>(())
/// ```
pub fn whole_months_between(a: Date, b: Date) -> i32 {
    if b < a {
        return whole_months_between(b, a).wrapping_neg();
    }
    let ((from_year, from_month, from_day), (year, month, day)) = (a.ymd(), b.ymd());
    let months = month_index(year, month).wrapping_sub(month_index(from_year, from_month));
    if day < from_day { months.wrapping_sub(1) } else { months }
}

/// Age in completed years (周岁) on a day.
///
/// Who was born on 29 February completes a year on 1 March where there is no 29 February. That
/// follows from counting completed years: on 28 February the year is not yet over.
///
/// Before the birth it counts the years still to go, as a negative number, and zero within the
/// last of them; whoever must refuse such a date compares the two dates.
///
/// ```
/// use yibao_rules::date::{Date, age_on};
/// let birth = Date::parse("2000-02-29")?;
/// assert_eq!(age_on(birth, Date::parse("2018-02-28")?), 17);
/// assert_eq!(age_on(birth, Date::parse("2018-03-01")?), 18);
/// # Ok::<(), yibao_rules::date::DateError>(())
/// ```
pub fn age_on(birth: Date, day: Date) -> i32 {
    whole_months_between(birth, day) / 12
}

/// The least and the greatest number of days that `n` consecutive months can have, over every day
/// of the Gregorian calendar to start on (with [`MonthEnd::Clip`]); as many below zero where `n` is.
///
/// `None` past what 64 bits count.
///
/// ```
/// use yibao_rules::date::month_span;
/// assert_eq!(month_span(1), Some((28, 31)));
/// assert_eq!(month_span(12), Some((365, 366)));
/// assert_eq!(month_span(-1), Some((-31, -28)));
/// // Four centuries are always 146,097 days.
/// assert_eq!(month_span(4_800), Some((146_097, 146_097)));
/// ```
pub fn month_span(n: i64) -> Option<(i64, i64)> {
    if n < 0 {
        let (least, greatest) = month_span(n.checked_neg()?)?;
        return Some((greatest.checked_neg()?, least.checked_neg()?));
    }
    // Starts on the first of a month are enough. From day d of a month of L days to a month of
    // L' days it is the whole months in between, less d - L' where the day is clipped. As d <= L,
    // that lies between the span from this first and the span from the next first.
    let (years, months) = (n / 12, n % 12);
    let common = years.checked_mul(365)?;
    let mut span: Option<(i64, i64)> = None;
    // Whether the months over hold a February, by how many days they have.
    let mut leap = [None; 2];
    for start in 1..=12_u32 {
        let (mut days, mut februaries) = (common, years);
        for month in (start..).take(usize::try_from(months).unwrap_or(0)) {
            let month = if month > 12 { month % 12 } else { month };
            // 2021 stands for the common years; leap days are counted apart.
            days = days.checked_add(i64::from(month_length(2021, month)))?;
            februaries = februaries.checked_add(i64::from(month == 2))?;
        }
        let known = leap.get_mut(usize::from(februaries > years))?;
        let (least, greatest) = *known.get_or_insert_with(|| leap_days(februaries));
        let (least, greatest) = (days.checked_add(least)?, days.checked_add(greatest)?);
        span = Some(span.map_or((least, greatest), |(a, b)| (a.min(least), b.max(greatest))));
    }
    span
}

/// Years after which the calendar comes round, and the leap days in them.
const CYCLE: i64 = 400;
const CYCLE_LEAP_DAYS: i64 = 97;

/// The least and the greatest number of leap days in `n` Februaries of consecutive years.
fn leap_days(n: i64) -> (i64, i64) {
    if n <= 100 {
        // The greatest is met around 2000, where every fourth year is a leap year for two centuries. The least is met
        // from four years on where the years begin just after a leap year and hold 1900, which was none; two such
        // centuries would need 101 years.
        let least = (n / 4).wrapping_sub(i64::from(n >= 4));
        return (least, n.wrapping_add(3) / 4);
    }
    let (cycles, rest) = (n / CYCLE, n % CYCLE);
    let up_to = |year: i64| (year / 4).wrapping_sub(year / 100).wrapping_add(year / 400);
    let (mut least, mut greatest) = (CYCLE, 0);
    for before in 0..CYCLE {
        let found = up_to(before.wrapping_add(rest)).wrapping_sub(up_to(before));
        (least, greatest) = (least.min(found), greatest.max(found));
    }
    let whole = cycles.wrapping_mul(CYCLE_LEAP_DAYS);
    (whole.wrapping_add(least), whole.wrapping_add(greatest))
}
