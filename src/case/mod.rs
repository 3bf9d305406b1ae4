//! Cases: what a person answered, and how answers become the numbers a program reads.

mod answer;
mod encode;
#[cfg(feature = "authoring")]
mod read;

pub use answer::{Answer, AnswerKind, Case, Earlier, Named};
pub use encode::{Encoded, Value, encode, value_of};
pub(crate) use encode::{encode_one, encode_trying};
#[cfg(feature = "authoring")]
pub use read::{answer_of, case_of, named_of};
