//! The proof of figures: every figure of a step stands, with its unit, in a marked phrase of one of
//! the step's own cites. Zero and 100 % are structure, not policy, and need no quote.

use crate::date::Date;
use crate::diagnostic::{Diagnostic, Place};
use crate::figure::{self, Unit};
use crate::formula::{Figure, FigureUnit};
use crate::number::Ratio;
use crate::pack::{RawCite, Scope};
use crate::plan::{Cite, Source, Text};

/// Finds clauses and marks of cites; what is not there is reported.
pub(super) fn resolve_cites(scope: &Scope, sources: &[Source], raw: &[RawCite<'_>]) -> Vec<Cite> {
    raw.iter().filter_map(|cite| resolve(scope, sources, cite)).collect()
}

fn resolve(scope: &Scope, sources: &[Source], raw: &RawCite<'_>) -> Option<Cite> {
    let at = raw.at.as_ref()?;
    let (path, phrase) = match at.text().split_once('#') {
        Some((path, phrase)) => (path, Some(phrase)),
        None => (at.text(), None),
    };
    let (source_id, clause_id) = path.split_once('/').unwrap_or((path, ""));
    let Some(source) = sources.iter().position(|s| s.id == source_id) else {
        scope.report(Diagnostic::error("unknown-source", format!("there is no source `{source_id}`")).at(at.place()).help("a cite is `source/clause#marked phrase`"));
        return None;
    };
    let clauses = sources.get(source).map(|s| s.clauses.as_slice()).unwrap_or_default();
    let Some(clause) = clauses.iter().position(|c| c.id == clause_id) else {
        scope.report(Diagnostic::error("unknown-clause", format!("source `{source_id}` has no clause `{clause_id}`")).at(at.place()).help("a cite is `source/clause#marked phrase`"));
        return None;
    };
    let quote = clauses.get(clause).map(|c| c.quote.as_str()).unwrap_or_default();
    let mark = phrase.and_then(|phrase| mark(scope, quote, phrase, &at.place()));
    Some(Cite { source: super::builder::number(source), clause: super::builder::number(clause), mark })
}

fn mark(scope: &Scope, quote: &str, phrase: &str, place: &Place) -> Option<(u32, u32)> {
    match figure::locate(quote, phrase).as_slice() {
        [(first, end)] => Some((super::builder::number(*first), super::builder::number(*end))),
        [] => {
            scope.report(
                Diagnostic::error("mark-not-found", format!("`{phrase}` does not stand in the quote, or would cut a figure of it"))
                    .at(place.clone())
                    .help(format!("the quote is: {quote}")),
            );
            None
        }
        all => {
            scope.report(
                Diagnostic::error("mark-ambiguous", format!("`{phrase}` stands {} times in the quote", all.len()))
                    .at(place.clone())
                    .help("mark more words, so that one place is meant"),
            );
            None
        }
    }
}

/// The marked phrases that may prove figures.
pub(super) struct Proof<'s> {
    scope: &'s Scope,
    phrases: Vec<String>,
    readings: Vec<Figure>,
    days: Vec<Date>,
}

impl<'s> Proof<'s> {
    pub(super) fn new(scope: &'s Scope, sources: &[Source], cites: &[RawCite<'_>]) -> Self {
        let mut proof = Self { scope, phrases: Vec::new(), readings: Vec::new(), days: Vec::new() };
        proof.add(sources, cites);
        proof
    }

    /// More cites.
    pub(super) fn add(&mut self, sources: &[Source], cites: &[RawCite<'_>]) {
        for cite in cites {
            if let Some(reads) = &cite.reads {
                self.readings.extend(&reads.figures);
                self.days.extend(&reads.days);
            }
            let Some((path, phrase)) = cite.at.as_ref().and_then(|at| at.text().split_once('#')) else { continue };
            let Some((source, clause)) = path.split_once('/') else { continue };
            let quote = sources.iter().find(|s| s.id == source).and_then(|s| s.clauses.iter().find(|c| c.id == clause));
            // The phrase counts only where the quote has it.
            if quote.is_some_and(|c| figure::locate(&c.quote, phrase).len() == 1) {
                self.phrases.push(phrase.to_owned());
            }
        }
    }

    /// Proves a figure or reports it.
    pub(super) fn figure(&mut self, found: Figure, place: Place) {
        let structural = found.value.is_zero() || (found.unit == FigureUnit::Percent && found.value == Ratio::from_int(100));
        if structural || self.readings.iter().any(|r| *r == found) {
            return;
        }
        let proved = units(found.unit).iter().any(|unit| self.phrases.iter().any(|p| figure::matches(p, found.value, *unit)));
        if !proved {
            self.missing(&format!("{}{}", found.value, found.unit.word()), place);
        }
    }

    /// Proves a day, or (for an end) the day before it.
    pub(super) fn day(&mut self, day: Date, end: bool, place: Place) {
        let holds = |day: Date| {
            let (year, month, of_month) = day.ymd();
            let value = u8::try_from(month).ok().zip(u8::try_from(of_month).ok()).and_then(|(m, d)| figure::date_value(year, m, d));
            value.is_some_and(|v| self.phrases.iter().any(|p| figure::matches(p, v, Unit::Date)))
        };
        let before = day.add_days(-1);
        if !(holds(day) || (end && before.is_some_and(holds)) || self.days.contains(&day)) {
            self.missing(&day.to_string(), place);
        }
    }

    fn missing(&self, figure: &str, place: Place) {
        let found = if self.phrases.is_empty() { "no phrase is marked".into() } else { figure::describe(&self.phrases.join("；")) };
        self.scope.report(
            Diagnostic::error("figure-not-quoted", format!("`{figure}` does not stand in a marked phrase: {found}"))
                .at(place)
                .help("mark the words that print it, as in `cite: \"source/clause#起付线200元\"`; where the text prints it otherwise, say so under `reads`"),
        );
    }
}

/// The units of a text that may print a figure of a formula.
fn units(unit: FigureUnit) -> &'static [Unit] {
    match unit {
        FigureUnit::Yuan => &[Unit::Yuan],
        FigureUnit::Percent => &[Unit::Percent],
        FigureUnit::Points => &[Unit::Points],
        FigureUnit::Days => &[Unit::Days],
        FigureUnit::Weeks => &[Unit::Weeks],
        FigureUnit::Months => &[Unit::Months, Unit::Years],
        FigureUnit::Years => &[Unit::Years],
        FigureUnit::Number => &[Unit::Bare, Unit::Count, Unit::Age, Unit::Times, Unit::Multiple, Unit::Years, Unit::WorkingDays],
    }
}

/// Readings of a step's cites: they become assumptions of every decision that uses it.
pub(super) fn readings(cites: &[RawCite<'_>]) -> Vec<Text> {
    cites.iter().filter_map(|cite| cite.reads.as_ref().map(|reads| reads.text.clone())).collect()
}
