//! Other ways of looking at the same steps: the curve over one amount, bounds where answers are
//! missing, which question to ask next, what bill gives a wanted result, paths side by side.
//!
//! All of it is the one evaluator over another number ([`Affine`]) or a few of its runs.

mod affine;
mod bounds;
mod compare;
mod counterfactual;
mod curve;
#[cfg(feature = "authoring")]
mod diff;
mod domain;
#[cfg(feature = "authoring")]
mod form;
mod linear;
#[cfg(feature = "authoring")]
mod property;
#[cfg(feature = "authoring")]
mod prove;
#[cfg(feature = "authoring")]
mod region;
#[cfg(feature = "authoring")]
pub mod report;
mod solve;
mod span;
pub mod view;

pub use affine::{Affine, Look, Side};
pub use bounds::{Bound, Bounds, OpenFact, Witness, bounds, bounds_with};
pub use compare::{Comparison, Difference, Path, compare};
pub use counterfactual::{Counterfactual, counterfactual};
pub use curve::{Curve, Knot, Line, Piece, curve, curve_with};
#[cfg(feature = "authoring")]
pub use diff::{Change, ClauseChange, Diff, Person, Shift, diff, diff_with};
#[cfg(feature = "authoring")]
pub use prove::{Counter, Proof, Property, Proved, prove, prove_with};
pub use solve::{Solution, Stretch, solve, solve_with};
