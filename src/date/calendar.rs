//! The Gregorian calendar as arithmetic on days since 1970-01-01, for the years of [`Date`](super::Date).
//!
//! By hand, because a library for dates brings tables of every year it knows, which a page would load; a test holds it
//! to one, day by day.

/// Days before 1970-01-01, counted from 0001-01-01.
const EPOCH: i32 = 719_162;

const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The lengths of a year's months, in order.
fn months(year: i32) -> impl Iterator<Item = u32> {
    let february = if is_leap(year) { 29 } else { 28 };
    LENGTHS.into_iter().enumerate().map(move |(i, length)| if i == 1 { february } else { length })
}

/// The first day of a year.
fn start(year: i32) -> i32 {
    let past = year.saturating_sub(1);
    let leap_days = (past / 4).saturating_sub(past / 100).saturating_add(past / 400);
    past.saturating_mul(365).saturating_add(leap_days).saturating_sub(EPOCH)
}

/// Days since 1970-01-01; `None` if the calendar has no such day. Years from 1 on.
pub(super) fn days_of(year: i32, month: u32, day: u32) -> Option<i32> {
    let mut days = start(year);
    for (length, number) in months(year).zip(1_u32..) {
        if number == month {
            let behind = day.checked_sub(1)?;
            return if day <= length { days.checked_add(i32::try_from(behind).ok()?) } else { None };
        }
        days = days.checked_add(i32::try_from(length).ok()?)?;
    }
    None
}

/// Year, month and day of days since 1970-01-01.
pub(super) fn ymd_of(days: i32) -> (i32, u32, u32) {
    // 400 years have 146,097 days: the year, or the one after it.
    let mut year = days.saturating_mul(400).div_euclid(146_097).saturating_add(1971);
    while start(year) > days {
        year = year.saturating_sub(1);
    }
    let mut day = u32::try_from(days.saturating_sub(start(year))).unwrap_or(0).saturating_add(1);
    for (length, month) in months(year).zip(1_u32..) {
        if day <= length {
            return (year, month, day);
        }
        day = day.saturating_sub(length);
    }
    (year, 12, 31)
}
