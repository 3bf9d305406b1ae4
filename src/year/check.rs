//! What encounters must be before they are folded: in order, apart, whole, and linked to what is there.

use super::fold::Encounter;
use crate::case::AnswerKind;
use crate::date::Date;
use crate::decision::Engine;
use crate::diagnostic::{Diagnostic, Diagnostics, Place};

/// First and last day of an encounter, as far as they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
}

fn day(encounter: &Encounter, name: &str) -> Option<Date> {
    let (_, answer) = encounter.case.facts.iter().find(|(fact, _)| fact == name)?;
    match &answer.kind {
        AnswerKind::Text(text) => Date::parse(text).ok(),
        _ => None,
    }
}

/// The days of an encounter.
pub(super) fn span(engine: &Engine, encounter: &Encounter) -> Span {
    let Some(service) = engine.plan().services.iter().find(|s| s.id == encounter.service) else {
        return Span { from: None, to: None };
    };
    let of = |reg: Option<u32>| day(encounter, &service.program.inputs.get(reg? as usize)?.name);
    let from = of(service.as_of);
    Span { from, to: of(service.ends).or(from) }
}

/// All problems of the list of encounters, each with both places.
pub(super) fn check(engine: &Engine, encounters: &[Encounter]) -> Diagnostics {
    let mut problems = Diagnostics::new();
    let mut before: Option<(&Encounter, Span)> = None;
    for (i, encounter) in encounters.iter().enumerate() {
        let own = span(engine, encounter);
        let id = &encounter.id;
        let mut report = |code, message| problems.push(encounter.fault(code, message, ""));
        let earlier = encounters.get(..i).unwrap_or_default();
        if earlier.iter().any(|e| e.id == *id) {
            report("duplicate-id", format!("there are two encounters `{id}`"));
        }
        if let (Some(from), Some(to)) = (own.from, own.to)
            && to < from
        {
            let message = format!("encounter `{id}` ends on {to}, before it begins on {from}");
            report("discharge-before-admission", message);
        }
        links(encounter, earlier, encounters, &mut problems);
        if let (Some((before, last)), Some(from)) = (before, own.from) {
            order(encounter, from, before, last, &mut problems);
        }
        before = Some((encounter, own));
    }
    problems
}

fn links(encounter: &Encounter, earlier: &[Encounter], all: &[Encounter], problems: &mut Diagnostics) {
    let Some(followed) = &encounter.follows else { return };
    if earlier.iter().any(|e| e.id == *followed) {
        return;
    }
    let later = all.iter().find(|e| e.id == *followed);
    let what = if later.is_some() { "which comes after it" } else { "which is not there" };
    let problem = encounter.fault(
        "follows-unknown",
        format!("encounter `{}` follows `{followed}`, {what}", encounter.id),
        "a transfer names the stay it comes from; list that stay before it",
    );
    let problem = problem.meant_only(followed, earlier.iter().map(|e| e.id.as_str()));
    problems.push(beside(problem, later.and_then(|e| e.place.as_ref()), followed));
}

/// The problem, with the place of another encounter that belongs to it.
fn beside(problem: Diagnostic, place: Option<&Place>, id: &str) -> Diagnostic {
    match place {
        Some(place) => problem.also(place.clone(), id),
        None => problem,
    }
}

fn order(encounter: &Encounter, from: Date, before: &Encounter, last: Span, problems: &mut Diagnostics) {
    let Some(start) = last.from else { return };
    let what = format!("encounter `{}` begins on {from}, ", encounter.id);
    let problem = if from < start {
        encounter.fault(
            "out-of-order",
            format!("{what}before `{}` on {start}", before.id),
            "list encounters in the order of their first days",
        )
    } else {
        // A transfer on the day of discharge is two stays, not an overlap.
        let Some(end) = last.to.filter(|end| from < *end && *end >= start) else { return };
        encounter.fault("overlap", format!("{what}while `{}` lasts until {end}", before.id), "")
    };
    problems.push(beside(problem, before.place.as_ref(), &before.id));
}
