//! What encounters must be before they are folded: in order, apart, whole, and linked to what is there.

use super::fold::Encounter;
use crate::case::{Answer, AnswerKind};
use crate::date::Date;
use crate::decision::Engine;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// First and last day of an encounter, as far as they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
}

fn answer<'a>(encounter: &'a Encounter, name: &str) -> Option<&'a Answer> {
    encounter.case.facts.iter().find(|(fact, _)| fact == name).map(|(_, answer)| answer)
}

fn day(encounter: &Encounter, name: &str) -> Option<Date> {
    match &answer(encounter, name)?.kind {
        AnswerKind::Text(text) => Date::parse(text).ok(),
        _ => None,
    }
}

/// The days of an encounter.
pub(super) fn span(engine: &Engine, encounter: &Encounter) -> Span {
    let Ok((_, service)) = engine.service(&encounter.service) else { return Span { from: None, to: None } };
    let name = |reg: Option<u32>| reg.and_then(|r| service.program.inputs.get(r as usize)).map(|i| i.name.clone());
    let of = |reg| name(reg).and_then(|n| day(encounter, &n));
    let from = of(service.as_of);
    Span { from, to: of(service.ends).or(from) }
}

/// All problems of the list of encounters, each with both places.
pub(super) fn check(engine: &Engine, encounters: &[Encounter]) -> Diagnostics {
    let mut problems = Diagnostics::new();
    let spans: Vec<Span> = encounters.iter().map(|e| span(engine, e)).collect();
    for (i, (encounter, own)) in encounters.iter().zip(&spans).enumerate() {
        let earlier = encounters.get(..i).unwrap_or_default();
        if earlier.iter().any(|e| e.id == encounter.id) {
            problems.push(at(
                encounter,
                Diagnostic::error("duplicate-id", format!("there are two encounters `{}`", encounter.id)),
            ));
        }
        if let (Some(from), Some(to)) = (own.from, own.to)
            && to < from
        {
            problems.push(at(
                encounter,
                Diagnostic::error(
                    "discharge-before-admission",
                    format!("encounter `{}` ends on {to}, before it begins on {from}", encounter.id),
                ),
            ));
        }
        links(encounter, earlier, encounters, &mut problems);
        order(encounter, own, earlier, &spans, &mut problems);
    }
    problems
}

fn at(encounter: &Encounter, problem: Diagnostic) -> Diagnostic {
    match &encounter.place {
        Some(place) => problem.at(place.clone()),
        None => problem,
    }
}

fn links(encounter: &Encounter, earlier: &[Encounter], all: &[Encounter], problems: &mut Diagnostics) {
    let Some(followed) = &encounter.follows else { return };
    if earlier.iter().any(|e| e.id == *followed) {
        return;
    }
    let later = all.iter().find(|e| e.id == *followed);
    let message = match later {
        Some(_) => format!("encounter `{}` follows `{followed}`, which comes after it", encounter.id),
        None => format!("encounter `{}` follows `{followed}`, which is not there", encounter.id),
    };
    let problem = Diagnostic::error("follows-unknown", message)
        .help("a transfer names the stay it comes from; list that stay before it");
    let mut problem = at(encounter, problem.meant_only(followed, earlier.iter().map(|e| e.id.as_str())));
    if let Some(place) = later.and_then(|e| e.place.clone()) {
        problem = problem.also(place, followed.clone());
    }
    problems.push(problem);
}

fn order(encounter: &Encounter, own: &Span, earlier: &[Encounter], spans: &[Span], problems: &mut Diagnostics) {
    let Some((before, last)) = earlier.iter().zip(spans).next_back() else { return };
    let Some(from) = own.from else { return };
    let problem = match (last.from, last.to) {
        (Some(start), _) if from < start => Diagnostic::error(
            "out-of-order",
            format!("encounter `{}` begins on {from}, before `{}` on {start}", encounter.id, before.id),
        )
        .help("list encounters in the order of their first days"),
        // A transfer on the day of discharge is two stays, not an overlap.
        (Some(start), Some(end)) if from < end && end >= start => Diagnostic::error(
            "overlap",
            format!("encounter `{}` begins on {from}, while `{}` lasts until {end}", encounter.id, before.id),
        ),
        _ => return,
    };
    let mut problem = at(encounter, problem);
    if let Some(place) = &before.place {
        problem = problem.also(place.clone(), before.id.clone());
    }
    problems.push(problem);
}
