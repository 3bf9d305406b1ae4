//! Stretches of days.

use serde::{Deserialize, Serialize};

use super::{Date, DateError};

/// A half-open stretch of days, `[from, until)`: the first day is in it, the last is not. A side
/// left out is open.
///
/// ```
/// use yibao_rules::date::{Date, Period};
/// let (from, until) = (Date::parse("2023-01-01")?, Date::parse("2024-01-01")?);
/// let year = Period::new(Some(from), Some(until))?;
/// assert!(year.contains(from) && !year.contains(until));
/// assert!(Period::new(Some(until), Some(from)).is_err());
/// # Ok::<(), yibao_rules::date::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "RawPeriod")]
pub struct Period {
    // INVARIANT: it holds at least one day.
    from: Option<Date>,
    until: Option<Date>,
}

#[derive(Deserialize)]
struct RawPeriod {
    from: Option<Date>,
    until: Option<Date>,
}

impl TryFrom<RawPeriod> for Period {
    type Error = DateError;

    fn try_from(raw: RawPeriod) -> Result<Period, DateError> {
        Period::new(raw.from, raw.until)
    }
}

impl Period {
    /// All days.
    pub const ALWAYS: Period = Period { from: None, until: None };

    /// The days from `from` on and before `until`.
    ///
    /// # Errors
    ///
    /// [`DateError::EmptyPeriod`] if there is no such day. An open start counts as [`Date::MIN`].
    pub fn new(from: Option<Date>, until: Option<Date>) -> Result<Period, DateError> {
        let start = from.unwrap_or(Date::MIN);
        match until {
            Some(until) if until <= start => Err(DateError::EmptyPeriod { from: start, until }),
            _ => Ok(Period { from, until }),
        }
    }

    /// The first day, if there is one.
    pub const fn from(self) -> Option<Date> {
        self.from
    }

    /// The day after the last, if there is one.
    pub const fn until(self) -> Option<Date> {
        self.until
    }

    /// Whether the day is in the period.
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    /// Whether the two periods share a day. Periods that only touch do not.
    pub fn overlaps(self, other: Period) -> bool {
        // Neither is empty, so they share a day exactly where the later of the starts is in both.
        let start = self.from.max(other.from).unwrap_or(Date::MIN);
        self.contains(start) && other.contains(start)
    }
}
