//! Columns: the answers of many cases to one question, and the values of one step.

use super::lane::{LANES, Lane, is_whole};
use crate::case::Value;
use crate::date::Date;
use crate::plan::{Input, Kind, State};

/// The answers to one question, one a case, in the units of the plan: money in fen × the input's denominator, options
/// by their number, days since 1970-01-01, yes as 1.
///
/// | column | not answered | no stay before (`previous.…` only) |
/// | --- | --- | --- |
/// | `F64` | NaN | +∞ |
/// | `I64`, `I32` | the least number | the next |
/// | `U8` | 255 | 254 |
#[derive(Debug, Clone, Copy)]
pub enum Column<'a> {
    /// Nobody was asked.
    Absent,
    /// The same answer for all.
    Same(Value),
    /// Whole numbers as doubles.
    F64(&'a [f64]),
    /// Whole numbers.
    I64(&'a [i64]),
    /// Whole numbers.
    I32(&'a [i32]),
    /// Options and truth values.
    U8(&'a [u8]),
}

/// The answers to a list, one list a case.
#[derive(Debug, Clone, Copy)]
pub struct ListColumn<'a> {
    /// Where the records of each case begin, and where those of the last end: one more than there are cases.
    pub starts: &'a [u32],
    /// The fields of all records, in the order of the plan's list.
    pub fields: &'a [Column<'a>],
}

/// What stands in a column for one case: an answer, the state without one, or something that is neither.
pub(super) type Given = Result<Value, NoAnswer>;

/// A number that is no whole one.
#[derive(Debug)]
pub(super) struct NoAnswer;

/// One cell of a column.
pub(super) trait Cell: Copy {
    fn given(self) -> Given;
    /// The number, whatever it means.
    fn lane<L: Lane>(self) -> L;
    /// Whether it is certain at a glance that it is a whole number.
    fn is_plain(self) -> bool;
}

macro_rules! whole_cell {
    ($int:ty, $unknown:expr, $none:expr) => {
        impl Cell for $int {
            fn given(self) -> Given {
                Ok(match self {
                    n if n == $unknown => Err(State::Unknown),
                    n if n == $none => Err(State::NotApplicable),
                    n => Ok(i64::from(n)),
                })
            }
            #[inline(always)]
            fn lane<L: Lane>(self) -> L {
                L::of(i64::from(self))
            }
            #[inline(always)]
            fn is_plain(self) -> bool {
                self != $unknown && self != $none
            }
        }
    };
}

whole_cell!(i64, i64::MIN, i64::MIN + 1);
whole_cell!(i32, i32::MIN, i32::MIN + 1);
whole_cell!(u8, u8::MAX, u8::MAX - 1);

impl Cell for f64 {
    fn given(self) -> Given {
        if self.is_nan() {
            Ok(Err(State::Unknown))
        } else if self == f64::INFINITY {
            Ok(Err(State::NotApplicable))
        } else if (self as i64) as f64 == self {
            // Beyond 64 bits the conversion saturates; bounds are far below.
            Ok(Ok(self as i64))
        } else {
            Err(NoAnswer)
        }
    }
    #[inline(always)]
    fn lane<L: Lane>(self) -> L {
        L::of_double(self)
    }
    #[inline(always)]
    fn is_plain(self) -> bool {
        is_whole(self)
    }
}

impl Column<'_> {
    /// How many cases it holds, where it holds one a case.
    #[must_use]
    pub fn cases(&self) -> Option<usize> {
        match self {
            Self::Absent | Self::Same(_) => None,
            Self::F64(all) => Some(all.len()),
            Self::I64(all) => Some(all.len()),
            Self::I32(all) => Some(all.len()),
            Self::U8(all) => Some(all.len()),
        }
    }

    pub(super) fn given(&self, at: usize) -> Given {
        match self {
            Self::Absent => Ok(Err(State::Unknown)),
            Self::Same(value) => Ok(*value),
            Self::F64(all) => all.get(at).map_or(Err(NoAnswer), |cell| cell.given()),
            Self::I64(all) => all.get(at).map_or(Err(NoAnswer), |cell| cell.given()),
            Self::I32(all) => all.get(at).map_or(Err(NoAnswer), |cell| cell.given()),
            Self::U8(all) => all.get(at).map_or(Err(NoAnswer), |cell| cell.given()),
        }
    }
}

/// Least and greatest answer to a question. Any day of the calendar is an answer: one outside the period of a policy is
/// refused, with the period, and is no fault of the answer.
pub(super) fn bounds(input: &Input) -> (i64, i64) {
    match input.kind {
        Kind::Date => (i64::from(Date::MIN.days()), i64::from(Date::MAX.days())),
        _ => (input.min, input.max),
    }
}

/// Whether a number is an answer to this question.
fn is_allowed(input: &Input, n: i64) -> bool {
    let (least, most) = bounds(input);
    n >= least && n <= most && (input.only.is_empty() || input.only.contains(&n))
}

/// An answer as a plan's reader would hand it over: the number, or the input's own state without one.
pub(super) fn checked(input: &Input, given: Given) -> Given {
    match given? {
        Ok(n) if !is_allowed(input, n) => Err(NoAnswer),
        // There may have been no stay before; of anything else a case has a value or does not say it.
        Err(State::NotApplicable) if !input.name.starts_with("previous.") => Err(NoAnswer),
        Err(State::NotApplicable) => Ok(Err(State::NotApplicable)),
        Err(_) => Ok(Err(input.absent)),
        Ok(n) => Ok(Ok(n)),
    }
}

/// Fills 64 numbers from cells; whether every one of them is an answer within the bounds.
#[inline(always)]
pub(super) fn fill<C: Cell, L: Lane>(cells: &[C], input: &Input, nums: &mut [L; LANES]) -> bool {
    let (least, most) = bounds(input);
    let (least, most) = (L::of(least), L::of(most));
    let mut all = cells.len() == LANES && input.only.is_empty();
    for (num, cell) in nums.iter_mut().zip(cells) {
        *num = cell.lane();
        all &= cell.is_plain() & (*num >= least) & (*num <= most);
    }
    all
}
