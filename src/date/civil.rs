//! The civil day.

use core::fmt;

use chrono::{Datelike, NaiveDate};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::DateError;

/// A civil day in the years 1900 to 2199, without time of day or zone.
///
/// It is written and read, also by serde, as `YYYY-MM-DD` (ISO 8601).
///
/// ```
/// use yibao_rules::date::Date;
/// let day = Date::parse("2021-08-20")?;
/// assert_eq!(day.zh(), "2021年8月20日");
/// let error = Date::parse("2021-8-20").map_err(|e| e.to_string());
/// assert_eq!(error, Err("`2021-8-20` is not a date, expected YYYY-MM-DD such as `2021-08-20`".into()));
/// # Ok::<(), yibao_rules::date::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(
    // Days since 1970-01-01. INVARIANT: from MIN to MAX.
    i32,
);

impl Date {
    /// 1 January 1900.
    pub const MIN: Date = Date(-25_567);
    /// 31 December 2199.
    pub const MAX: Date = Date(84_005);

    /// Reads `YYYY-MM-DD`, strictly: ten ASCII characters, nothing left out.
    ///
    /// # Errors
    ///
    /// [`DateError`], which quotes the text: another shape, a year outside 1900 to 2199, or a day
    /// that the calendar does not have.
    pub fn parse(text: &str) -> Result<Date, DateError> {
        let (year, month, day) = fields(text).ok_or_else(|| DateError::NotADate(text.to_owned()))?;
        if !(1900..=2199).contains(&year) {
            return Err(DateError::OutOfRange(text.to_owned()));
        }
        let year = i32::try_from(year).unwrap_or(0);
        Date::from_ymd(year, month, day).ok_or_else(|| DateError::NotInCalendar(text.to_owned()))
    }

    /// The day with this year, month (from 1) and day (from 1); `None` if the calendar has no such
    /// day or the year is outside 1900 to 2199.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Date> {
        Date::from_days(NaiveDate::from_ymd_opt(year, month, day)?.to_epoch_days())
    }

    /// The day this many days after 1970-01-01; `None` outside [`Date::MIN`] to [`Date::MAX`].
    pub fn from_days(days: i32) -> Option<Date> {
        (Date::MIN.0..=Date::MAX.0).contains(&days).then_some(Date(days))
    }

    /// Days since 1970-01-01, negative before it.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// Year, month from 1, day from 1.
    pub fn ymd(self) -> (i32, u32, u32) {
        // INVARIANT: every value in range is a day that chrono knows.
        let day = NaiveDate::from_epoch_days(self.0).unwrap_or_default();
        (day.year(), day.month(), day.day())
    }

    /// As written in Chinese: `2021年8月20日`.
    pub fn zh(self) -> String {
        let (year, month, day) = self.ymd();
        format!("{year}年{month}月{day}日")
    }

    /// The day this many days later, or earlier if negative; `None` out of range.
    pub fn add_days(self, days: i32) -> Option<Date> {
        Date::from_days(self.0.checked_add(days)?)
    }
}

/// The three numbers of a text that has the shape of a date.
fn fields(text: &str) -> Option<(u32, u32, u32)> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *text.as_bytes() else {
        return None;
    };
    Some((number(&[y0, y1, y2, y3])?, number(&[m0, m1])?, number(&[d0, d1])?))
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |sum, &byte| {
        let digit = char::from(byte).to_digit(10)?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

impl fmt::Display for Date {
    /// `YYYY-MM-DD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        deserializer.deserialize_str(DateText)
    }
}

struct DateText;

impl Visitor<'_> for DateText {
    type Value = Date;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date written YYYY-MM-DD")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Date, E> {
        Date::parse(text).map_err(E::custom)
    }
}
