//! The evaluator against an independent one: random programs, printed as packs and compiled, against a big-rational
//! evaluation of the same trees written here from the pack guide alone; and random bills against plain book-keeping.
#![cfg(feature = "authoring")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "tests stop at what they did not expect"
)]

mod asked;
mod bills;
mod chance;
mod programs;
mod trees;
mod truth_table;
mod values;
mod whole;

use asked::*;
use chance::*;
use programs::*;
use trees::*;
use values::*;
use whole::*;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write;

use num_bigint::BigInt;
use num_rational::BigRational;
use yibao_rules::case::{Answer, AnswerKind, Case, Earlier, encode};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::{Engine, Outcome, decide};
use yibao_rules::evaluate::{Answers, Slot, evaluate};
use yibao_rules::number::Number;
use yibao_rules::plan::{Kind, Plan, Service, State, Verified, link, verify};
