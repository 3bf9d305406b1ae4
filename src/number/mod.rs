//! Exact numbers: ratios while a pack is read and checked, scaled integers while it is evaluated.
//!
//! Nothing here rounds unless a [`Rounding`] is named, nothing is a float, and nothing panics: an
//! operation whose result does not fit says so with `None`.
//!
//! [`Ratio`] is for the time of compiling, where the scale of every value is still being worked
//! out. [`Number`] is what an evaluator carries afterwards: a plain integer at a scale that the
//! plan knows.

mod common;
mod format;
mod parse;
mod ratio;
mod round;
mod scaled;
mod wide;
mod words;

pub use common::{gcd, lcm};
pub use format::{format_fen, format_scaled, group_thousands};
pub use parse::{Counted, Decimal, NumberError, parse_decimal};
pub use ratio::Ratio;
pub use round::{Rounding, round_div};
pub use scaled::Number;
pub use wide::{Wide, narrow, wide};
pub use words::in_words;
