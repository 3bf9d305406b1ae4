//! The year over which a fund counts.

use serde::{Deserialize, Serialize};

use super::{Date, DateError};

/// The day on which a settlement year (医保年度) starts: 1 January unless a place says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawSettlementYear")]
pub struct SettlementYear {
    // INVARIANT: a day that every year has.
    month: u32,
    day: u32,
}

#[derive(Deserialize)]
struct RawSettlementYear {
    month: u32,
    day: u32,
}

impl TryFrom<RawSettlementYear> for SettlementYear {
    type Error = DateError;

    fn try_from(raw: RawSettlementYear) -> Result<SettlementYear, DateError> {
        let RawSettlementYear { month, day } = raw;
        SettlementYear::new(month, day).ok_or(DateError::NotYearStart { month, day })
    }
}

impl SettlementYear {
    /// The calendar year, from 1 January.
    pub const CALENDAR: SettlementYear = SettlementYear { month: 1, day: 1 };

    /// A year that starts on this day; `None` unless every year has it, so not on 29 February.
    ///
    /// ```
    /// use yibao_rules::date::SettlementYear;
    /// assert!(SettlementYear::new(7, 1).is_some());
    /// assert!(SettlementYear::new(2, 29).is_none());
    /// ```
    pub fn new(month: u32, day: u32) -> Option<SettlementYear> {
        // 2021 is a common year: what it has, every year has.
        Date::from_ymd(2021, month, day).map(|_| SettlementYear { month, day })
    }

    /// The month it starts in, from 1.
    pub const fn month(self) -> u32 {
        self.month
    }

    /// The day of that month, from 1.
    pub const fn day(self) -> u32 {
        self.day
    }

    /// The first day of the settlement year that holds `date`; [`Date::MIN`] where that would be
    /// before it.
    ///
    /// ```
    /// use yibao_rules::date::{Date, SettlementYear};
    /// let july = SettlementYear::new(7, 1).unwrap_or_default();
    /// assert_eq!(july.year_start(Date::parse("2021-06-30")?), Date::parse("2020-07-01")?);
    /// assert_eq!(july.next_start(Date::parse("2021-06-30")?), Date::parse("2021-07-01")?);
    /// # Ok::<(), yibao_rules::date::DateError>(())
    /// ```
    pub fn year_start(self, date: Date) -> Date {
        let year = self.year_of(date);
        Date::from_ymd(year, self.month, self.day).unwrap_or(Date::MIN)
    }

    /// The first day of the settlement year after the one that holds `date`; [`Date::MAX`] where
    /// that would be after it.
    pub fn next_start(self, date: Date) -> Date {
        let year = self.year_of(date).wrapping_add(1);
        Date::from_ymd(year, self.month, self.day).unwrap_or(Date::MAX)
    }

    /// The calendar year in which the settlement year that holds `date` starts.
    fn year_of(self, date: Date) -> i32 {
        let (year, month, day) = date.ymd();
        if (month, day) < (self.month, self.day) { year.wrapping_sub(1) } else { year }
    }
}

impl Default for SettlementYear {
    fn default() -> SettlementYear {
        SettlementYear::CALENDAR
    }
}
