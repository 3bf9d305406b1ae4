//! Decisions: what a service answers to a case, with every step, clause and reason.

mod amounts;
mod decide;
mod engine;
mod machine;
mod missing;
mod receipt;
mod steps;
mod view;
mod work;

pub(crate) use amounts::unit_word;
#[cfg(feature = "wasm")]
pub(crate) use decide::camel_chars;
#[cfg(feature = "batch")]
pub(crate) use decide::framed_limit;
#[cfg(feature = "authoring")]
pub(crate) use decide::missing_for;
pub use decide::{camel_case, decide, decide_encoded};
pub(crate) use decide::{decide_placed, missing_fact, missing_facts, place_of, posted, refuses_before, verdict_of};
pub(crate) use decide::{reason_in, reason_of};
pub use engine::{Engine, Run};
#[cfg(any(feature = "wasm", feature = "batch"))]
pub(crate) use machine::Machine;
pub use receipt::{Receipt, Replay, replay};
pub use view::*;
pub(crate) use work::{FUNCTION, WRITING, instructions};
pub use work::{MOST_WORK, MOST_WORK_OF_A_YEAR, MOST_WORK_OF_AUTHORS, Work, finish};
