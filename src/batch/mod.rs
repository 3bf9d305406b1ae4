//! Many cases at once: columns in, columns out.
//!
//! The same linked program as for one case, run 64 cases an operation. Where every operand of an operation is known, a
//! kernel computes all of them; every other case goes through the evaluator's own definition. Outcomes and values are
//! those of [`decide`](crate::decision::decide), case by case; what they rest on is had by deciding that one case.
//!
//! Memory does not grow with the number of cases: a batch holds one block of 64.

mod assemble;
mod bank;
mod block;
mod column;
#[cfg(feature = "compiled")]
mod emit;
mod kernel;
mod lane;
mod open;

pub use column::{Column, ListColumn};
#[cfg(feature = "compiled")]
pub use emit::{Cells, Compiled, Layout, Place};
pub use open::{Batch, BatchError, Output};

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Outcome {
    /// Everything asked is computed.
    Computed = 0,
    /// An answer is missing.
    Incomplete = 1,
    /// The text leaves it open, refuses it, or does not speak of it.
    Refused = 2,
    /// The answers are none: out of their bounds, or not true together. Deciding the case says which and why.
    Invalid = 3,
}

/// Where the values of one step go.
#[derive(Debug)]
pub enum Values<'a> {
    /// Numbers below 2⁵³; NaN where there is none.
    F64(&'a mut [f64]),
    /// Numbers; the least number where there is none.
    I64(&'a mut [i64]),
}
