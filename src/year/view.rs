//! A year as its reader gets it.

use crate::decision::{Decision, NamedValue};
use crate::json::object;

/// A year.
#[derive(Debug, Clone, PartialEq)]
pub struct YearView {
    /// Encounters, in the order given.
    pub encounters: Vec<EncounterView>,
    /// Sum of the persons' shares less benefits, where all are known; yuan.
    pub net: Option<String>,
    /// Sum of what all payers but the person paid, where all are known; yuan.
    pub paid: Option<String>,
    /// Whether balances before the first encounter were given; if not, they were taken as zero.
    pub opening_given: bool,
}

/// One encounter.
#[derive(Debug, Clone, PartialEq)]
pub struct EncounterView {
    /// Id.
    pub id: String,
    /// The encounter it follows.
    pub follows: Option<String>,
    /// Balances before it.
    pub before: Vec<NamedValue>,
    /// Balances after it.
    pub after: Vec<NamedValue>,
    /// Its pieces; one unless the stay was split.
    pub pieces: Vec<PieceView>,
    /// What the person got back because of a later event; yuan.
    pub credit: Option<String>,
}

/// A piece of an encounter.
#[derive(Debug, Clone, PartialEq)]
pub struct PieceView {
    /// First day.
    pub from: Option<crate::date::Date>,
    /// Last day, or the first of the next piece.
    pub until: Option<crate::date::Date>,
    /// Decision.
    pub decision: Decision,
}

object!(YearView { encounters "encounters", net "net", paid "paid", opening_given "openingGiven" });
object!(EncounterView {
    id "id", follows "follows", before "before", after "after", pieces "pieces", credit "credit",
});
object!(PieceView { from "from", until "until", decision "decision" });
