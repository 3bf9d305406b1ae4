//! Exact, cited rules for China's basic medical insurance.
//!
//! A policy is data: a *pack* of named steps, each with the clause it comes from. This crate reads
//! and proves packs, compiles them to plans, and decides cases exactly to the fen, with every
//! intermediate value kept. Nothing about a place is in Rust.
//!
//! ```
//! use yibao_rules::case::{Answer, Case};
//! use yibao_rules::compile::{Library, Pack};
//! use yibao_rules::decision::{Engine, Outcome, decide};
//! use yibao_rules::render::{Lang, Register, step_text};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut library = Library::new();
//! library.add_vocabulary("packs/vocabulary.yaml", &std::fs::read("packs/vocabulary.yaml")?)?;
//! let file = "packs/anhui-suzhou-resident/pack.yaml";
//! let pack = Pack::parse(file, &std::fs::read(file)?, &library)?;
//! let engine = Engine::load(pack.into_plan())?;
//!
//! // 20,000 yuan in a level 3 hospital of the city: the fund pays (20000 - 700) * 75%.
//! let stay = |place: &str| {
//!     let answers = [
//!         ("total", "20000"), ("out_of_scope", "0"), ("over_limit", "0"), ("first_pay", "0"),
//!         ("admission_date", "2023-06-20"), ("scheme", "resident"), ("level", "city_third"), ("place", place),
//!     ];
//!     let facts = answers.map(|(fact, answer)| (fact.to_owned(), Answer::text(answer)));
//!     Case { facts: facts.into(), ..Case::default() }
//! };
//! let decision = decide(&engine, "inpatient", &stay("in_city"))?;
//! let amounts = decision.amounts.as_ref().ok_or("a settlement has amounts")?;
//! assert_eq!(amounts.patient.text, "5525.00");
//! let why = step_text(&decision, "deductible", Register::Officer, Lang::Zh).ok_or("no such step")?;
//! assert!(why.contains("三级(市属)医疗机构起付线700元"));
//!
//! // The source does not speak of care elsewhere: refused, with the clause, and no figure.
//! let decision = decide(&engine, "inpatient", &stay("out_of_province"))?;
//! assert_eq!(decision.outcome, Outcome::Refused);
//! assert_eq!(decision.refusals.first().map(|r| r.code.as_str()), Some("not-covered"));
//! # Ok(())
//! # }
//! ```
//!
//! | to | begin with |
//! | --- | --- |
//! | check and compile a pack | [`compile::Pack`] (feature `authoring`) |
//! | load a compiled plan | [`decision::Engine::load`] |
//! | decide one case, or a year of stays | [`decision::decide`], [`year::year`] |
//! | decide columns of many cases | [`batch::Batch`] (feature `batch`) |
//! | explain a decision | [`render`] |
//! | run the cases of a pack | [`runner::run`] (feature `authoring`) |
//!
//! There is no clock, file, locale, randomness, float or hash-ordered container in the engine: the
//! same pack and the same answers give the same bytes on every host. Malformed input is an error
//! that carries [`diagnostic::Diagnostics`]; it never panics.

pub mod analyse;
#[cfg(feature = "batch")]
pub mod batch;
pub mod case;
#[cfg(feature = "authoring")]
pub mod compile;
pub mod date;
pub mod decision;
pub mod diagnostic;
pub mod evaluate;
#[cfg(feature = "authoring")]
pub mod figure;
#[cfg(feature = "authoring")]
pub mod formula;
pub mod json;
pub mod number;
#[cfg(feature = "authoring")]
pub mod pack;
pub mod plan;
pub mod render;
#[cfg(feature = "authoring")]
pub mod runner;
#[cfg(feature = "authoring")]
pub mod text;
#[cfg(feature = "wasm")]
pub mod wasm;
pub mod year;

/// Version of the engine, as receipts and plans name it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
