//! Civil days, months, settlement years and periods.
//!
//! There is no clock and no time zone here: every date is handed in. The calendar is the
//! Gregorian one, for the years 1900 to 2199. This is the only module that knows `chrono`.

mod civil;
mod error;
mod month;
mod period;
mod settlement;

pub use civil::Date;
pub use error::DateError;
pub use month::{MonthEnd, age_on, days_between, month_span, whole_months_between};
pub use period::Period;
pub use settlement::SettlementYear;
