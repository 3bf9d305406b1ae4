//! Packs as written: [`raw`] mirrors the file with the place of everything, [`parse`] fills it and
//! reports every problem of form at once. What is valid is decided when it compiles.

mod cites;
mod facts;
mod limits;
mod parse;
mod raw;
mod read;
mod steps;

pub use parse::{RawVocabulary, parse, parse_vocabulary};
pub use raw::*;
pub use read::{Fields, Scope, Spot};
