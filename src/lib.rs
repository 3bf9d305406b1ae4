//! Exact, cited rules for China's basic medical insurance.
pub mod case;
#[cfg(feature = "authoring")]
pub mod compile;
pub mod date;
pub mod decision;
pub mod diagnostic;
pub mod evaluate;
pub mod figure;
#[cfg(feature = "authoring")]
pub mod formula;
pub mod number;
#[cfg(feature = "authoring")]
pub mod pack;
pub mod plan;
#[cfg(feature = "authoring")]
pub mod text;

/// Version of the engine, as receipts and plans name it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub mod year;
#[cfg(feature = "authoring")]
pub mod runner;
