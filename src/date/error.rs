//! What can be wrong with a date.

use super::Date;

/// Why a text is no date, or two dates are no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// The text is not four digits, two digits and two digits with hyphens between.
    #[error("`{0}` is not a date, expected YYYY-MM-DD such as `2021-08-20`")]
    NotADate(String),
    /// The year is written well but outside what is supported.
    #[error("`{0}` is out of range, expected a year from 1900 to 2199")]
    OutOfRange(String),
    /// The calendar has no such month or day.
    #[error("`{0}` is not in the calendar, expected a month from 01 to 12 and a day that the month has")]
    NotInCalendar(String),
    /// A period that holds no day.
    #[error("`{from}` to `{until}` holds no day, expected an end after the start")]
    EmptyPeriod {
        /// The first day asked for.
        from: Date,
        /// The day before which the period should have ended.
        until: Date,
    },
    /// A settlement year that does not start on a day which every year has.
    #[error("`{month:02}-{day:02}` does not start a settlement year, expected a day that every year has")]
    NotYearStart {
        /// The month asked for.
        month: u32,
        /// The day asked for.
        day: u32,
    },
}
