//! Proofs and diffs as plain data.

use super::prove::{Counter, Proof, Property, Proved};
use super::view::CaseView;
use super::{Change, ClauseChange, Diff, Person, Shift};
use crate::decision::Engine;
use crate::json::object;
use crate::number::wide;
use crate::plan::{Plan, Text};

/// A counter-example.
#[derive(Debug, Clone, PartialEq)]
pub struct CounterView {
    case: CaseView,
    against: Option<CaseView>,
    amounts: Vec<String>,
}

/// A property and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyView {
    id: String,
    is: &'static str,
    why: Option<Text>,
    counter: Option<CounterView>,
}

/// The proof of one service.
#[derive(Debug, Clone, PartialEq)]
pub struct ProofView {
    service: String,
    properties: Vec<PropertyView>,
    combinations: usize,
    regions: usize,
    refused: usize,
    uncovered: Vec<Text>,
    rounding: String,
}

impl ProofView {
    /// A proof of a pack's service.
    #[must_use]
    pub fn new(engine: &Engine, proof: Proof) -> Self {
        let plan = engine.plan();
        let service = plan.services.iter().find(|s| s.id == proof.service);
        let counter = |c: Counter| {
            let case = |answers: &[(String, String)]| CaseView::new(plan, service, answers);
            let against = c.against.map(|other| case(&[other]));
            Some(CounterView { case: case(&c.answers), against, amounts: c.amounts })
        };
        let property = |p: Property| {
            let (is, why, counter) = match p.result {
                Proved::Proved => ("proved", None, None),
                Proved::Exempt { why, counter: c } => ("exempt", Some(why), counter(c)),
                Proved::Refuted { counter: c } => ("refuted", None, counter(c)),
                Proved::Open { why } => ("open", Some(why), None),
            };
            PropertyView { id: p.id, is, why, counter }
        };
        Self {
            service: proof.service,
            properties: proof.properties.into_iter().map(property).collect(),
            combinations: proof.combinations,
            regions: proof.regions,
            refused: proof.refused,
            uncovered: proof.uncovered,
            rounding: crate::number::format_fen(wide(proof.rounding)),
        }
    }
}

/// A person whom a revision moves.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonView {
    case: CaseView,
    before: String,
    after: String,
}

/// Who gains and who loses in one settlement.
#[derive(Debug, Clone, PartialEq)]
pub struct ShiftView {
    service: String,
    compared: usize,
    winners: usize,
    losers: usize,
    saved: String,
    lost: String,
    most_saved: Option<PersonView>,
    most_lost: Option<PersonView>,
}

/// What changed between two revisions.
#[derive(Debug, Clone, PartialEq)]
pub struct DiffView {
    before: String,
    after: String,
    changes: Vec<Change>,
    clauses: Vec<ClauseChange>,
    shifts: Vec<ShiftView>,
    markdown: String,
}

impl DiffView {
    /// A diff of two packs; `plan` is the first's.
    #[must_use]
    pub fn new(plan: &Plan, diff: Diff) -> Self {
        let markdown = diff.markdown();
        let shift = |s: Shift| {
            let service = plan.services.iter().find(|known| known.id == s.service);
            let person = |p: Person| PersonView {
                case: CaseView::new(plan, service, &p.answers),
                before: p.before,
                after: p.after,
            };
            ShiftView {
                most_saved: s.most_saved.map(person),
                most_lost: s.most_lost.map(person),
                service: s.service,
                compared: s.compared,
                winners: s.winners,
                losers: s.losers,
                saved: s.saved,
                lost: s.lost,
            }
        };
        Self {
            before: diff.before,
            after: diff.after,
            changes: diff.changes,
            clauses: diff.clauses,
            shifts: diff.shifts.into_iter().map(shift).collect(),
            markdown,
        }
    }
}

object!(CounterView { case "case", against "against", amounts "amounts" });
object!(PropertyView { id "id", is "is", why "why", counter "counter" });
object!(ProofView {
    service "service", properties "properties", combinations "combinations", regions "regions", refused "refused",
    uncovered "uncovered", rounding "rounding",
});
object!(PersonView { case "case", before "before", after "after" });
object!(ShiftView {
    service "service", compared "compared", winners "winners", losers "losers", saved "saved", lost "lost",
    most_saved "mostSaved", most_lost "mostLost",
});
object!(DiffView {
    before "before", after "after", changes "changes", clauses "clauses", shifts "shifts", markdown "markdown",
});
