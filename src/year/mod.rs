//! A year of stays: a pure fold over encounters in order.
//!
//! Each encounter is decided with the balances that the ones before it left. What a later event
//! changes in an earlier stay is attached to that stay as a fact, and the fold repeats; a credit is
//! the difference between what the stay cost the person then and now.

mod check;
mod fold;
mod ledger;
mod split;
mod view;

pub use fold::{Encounter, OPENING_DAY, YearCase, year};
pub use view::{EncounterView, PieceView, YearView};
