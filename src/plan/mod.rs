//! The plan: what a checked pack compiles to, and all that a portal loads.
//!
//! A plan is data (serde), bound to its pack by the pack's digest. It carries for every service a
//! [`Program`] over registers and the texts that explain it. Nothing in it is trusted: loading runs
//! [`verify`](crate::plan::verify), which infers unit, scale and range of every register again.

mod conserve;
mod cover;
mod id;
mod infer;
mod link;
mod named;
mod program;
mod read;
mod service;
mod shape;
mod texts;
mod verify;

pub use cover::{Column, Cover, Fault, IMPOSSIBLE, MOST_CELLS, MOST_CELLS_IN_ALL, MOST_ROWS, OTHERWISE, cover};
pub use id::{LONGEST_ID, is_name, is_pack_id, is_source_id};
pub use infer::date_shape;
pub use link::{Bands, Linked, LinkedBlock, LinkedTable, Op, Scaled, Two, link};
pub use program::{
    Aggregate, Block, Cell, Comparison, Constant, Fold, Input, Instr, Kind, LOCAL, List, Program, Reg, Row, State,
    Table,
};
#[cfg(feature = "json")]
pub use read::read;
pub use read::{TextFault, check_characters};
pub use service::*;
pub use shape::{HUNDREDTHS, Problem, Shape, Shapes, constant_shape, input_shape, kind_word};
pub use texts::*;
pub(crate) use verify::refused;
pub use verify::{
    MOST, MOST_INPUTS, MOST_REGISTERS, MOST_SERVICES, MOST_WORK, PlanError, Verified, cover_table, most_work, verify,
};

/// Whether a field says nothing: it is then left out of the plan's text.
fn is_default<T: Default + PartialEq>(field: &T) -> bool {
    *field == T::default()
}
