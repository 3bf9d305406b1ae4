//! The proof of figures: every figure of a step stands, with its unit, in a marked phrase of one of
//! the step's own cites. Zero and 100 % are structure, not policy, and need no quote.

use crate::date::Date;
use crate::diagnostic::{Diagnostic, Place};
use crate::figure::{self, Unit};
use crate::formula::{Figure, FigureUnit};
use crate::number::Ratio;
use crate::pack::{RawCite, Scope};
use crate::plan::{Cite, Source, Text};
use core::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What was found so far: a cite is resolved for each step and row that leans on it, and looking through a quote takes
/// time.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Places of a phrase, by clause and phrase.
    places: RefCell<BTreeMap<String, Vec<(usize, usize)>>>,
    /// Figures of a phrase.
    figures: RefCell<BTreeMap<String, Rc<figure::Figures>>>,
}

impl Found {
    /// Where the phrase of a cite (`source/clause#phrase`) stands in its quote.
    fn places(&self, cite: &str, quote: &str, phrase: &str) -> Vec<(usize, usize)> {
        if let Some(known) = self.places.borrow().get(cite) {
            return known.clone();
        }
        let all = figure::locate(quote, phrase);
        self.places.borrow_mut().insert(cite.to_owned(), all.clone());
        all
    }

    fn figures(&self, phrase: &str) -> Rc<figure::Figures> {
        let mut all = self.figures.borrow_mut();
        Rc::clone(all.entry(phrase.to_owned()).or_insert_with(|| Rc::new(figure::Figures::of(phrase))))
    }
}

/// Finds clauses and marks of cites; what is not there is reported.
pub(super) fn resolve_cites(found: &Found, scope: &Scope, sources: &[Source], raw: &[RawCite<'_>]) -> Vec<Cite> {
    raw.iter().filter_map(|cite| resolve(found, scope, sources, cite)).collect()
}

fn resolve(found: &Found, scope: &Scope, sources: &[Source], raw: &RawCite<'_>) -> Option<Cite> {
    let at = raw.at.as_ref()?;
    let (path, phrase) = match at.text().split_once('#') {
        Some((path, phrase)) => (path, Some(phrase)),
        None => (at.text(), None),
    };
    let (source_id, clause_id) = path.split_once('/').unwrap_or((path, ""));
    let Some(source) = sources.iter().position(|s| s.id == source_id) else {
        scope.report(
            Diagnostic::error("unknown-source", format!("there is no source `{source_id}`"))
                .at(at.place())
                .help("a cite is `source/clause#marked phrase`")
                .meant(source_id, sources.iter().map(|s| s.id.as_str())),
        );
        return None;
    };
    let clauses = sources.get(source).map(|s| s.clauses.as_slice()).unwrap_or_default();
    let Some(clause) = clauses.iter().position(|c| c.id == clause_id) else {
        scope.report(
            Diagnostic::error("unknown-clause", format!("source `{source_id}` has no clause `{clause_id}`"))
                .at(at.place())
                .help("a cite is `source/clause#marked phrase`")
                .meant(clause_id, clauses.iter().map(|c| c.id.as_str())),
        );
        return None;
    };
    let quote = clauses.get(clause).map(|c| c.quote.as_str()).unwrap_or_default();
    let mark =
        phrase.and_then(|phrase| mark(scope, quote, phrase, &found.places(at.text(), quote, phrase), &at.place()));
    Some(Cite { source: super::builder::number(source), clause: super::builder::number(clause), mark })
}

fn mark(scope: &Scope, quote: &str, phrase: &str, places: &[(usize, usize)], place: &Place) -> Option<(u32, u32)> {
    match places {
        [(first, end)] => Some((super::builder::number(*first), super::builder::number(*end))),
        [] => {
            scope.report(
                Diagnostic::error(
                    "mark-not-found",
                    format!("`{phrase}` does not stand in the quote, or would cut a figure of it"),
                )
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

/// Characters of what phrases hold that a message shows.
const MOST_SHOWN: usize = 120;

/// The marked phrases that may prove figures.
pub(super) struct Proof<'s> {
    found: &'s Found,
    scope: &'s Scope,
    phrases: Vec<(String, Rc<figure::Figures>)>,
    readings: Vec<Figure>,
    days: Vec<Date>,
    /// A cite names what is not there, which was told: what it would have proved is no news.
    broken: bool,
}

impl<'s> Proof<'s> {
    pub(super) fn new(found: &'s Found, scope: &'s Scope, sources: &[Source], cites: &[RawCite<'_>]) -> Self {
        let mut proof =
            Self { found, scope, phrases: Vec::new(), readings: Vec::new(), days: Vec::new(), broken: false };
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
            let Some(at) = cite.at.as_ref() else { continue };
            let (path, phrase) = at.text().split_once('#').unwrap_or((at.text(), ""));
            let (source, clause) = path.split_once('/').unwrap_or((path, ""));
            let quote = sources.iter().find(|s| s.id == source).and_then(|s| s.clauses.iter().find(|c| c.id == clause));
            // The phrase counts only where the quote has it.
            if !phrase.is_empty() && quote.is_some_and(|c| self.found.places(at.text(), &c.quote, phrase).len() == 1) {
                self.phrases.push((phrase.to_owned(), self.found.figures(phrase)));
            } else {
                self.broken |= quote.is_none() || at.text().contains('#');
            }
        }
    }

    /// Proves a figure or reports it.
    pub(super) fn figure(&mut self, found: Figure, place: Place) {
        let structural =
            found.value.is_zero() || (found.unit == FigureUnit::Percent && found.value == Ratio::from_int(100));
        if structural || self.readings.contains(&found) {
            return;
        }
        let proved = units(found.unit).iter().any(|unit| self.phrases.iter().any(|(_, p)| p.hold(found.value, *unit)));
        if !proved {
            self.missing(&format!("{}{}", found.value, found.unit.word()), place);
        }
    }

    /// Proves a day, or (for an end) the day before it.
    pub(super) fn day(&mut self, day: Date, end: bool, place: Place) {
        let holds = |day: Date| {
            let (year, month, of_month) = day.ymd();
            let value = u8::try_from(month)
                .ok()
                .zip(u8::try_from(of_month).ok())
                .and_then(|(m, d)| figure::date_value(year, m, d));
            value.is_some_and(|v| self.phrases.iter().any(|(_, p)| p.hold(v, Unit::Date)))
        };
        let before = day.add_days(-1);
        if !(holds(day) || (end && before.is_some_and(holds)) || self.days.contains(&day)) {
            self.missing(&day.to_string(), place);
        }
    }

    fn missing(&self, figure: &str, place: Place) {
        if self.broken {
            return;
        }
        if self.scope.is_full() {
            self.scope.report(Diagnostic::error("figure-not-quoted", "").at(place));
            return;
        }
        let found = if self.phrases.is_empty() {
            "no phrase is marked".to_owned()
        } else {
            figure::describe(&self.phrases.iter().map(|(p, _)| p.as_str()).collect::<Vec<_>>().join("；"))
        };
        let more = if found.chars().nth(MOST_SHOWN).is_some() { "…" } else { "" };
        let found: String = found.chars().take(MOST_SHOWN).collect();
        self.scope.report(
            Diagnostic::error("figure-not-quoted", format!("`{figure}` does not stand in a marked phrase: {found}{more}"))
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
        FigureUnit::Number => {
            &[Unit::Bare, Unit::Count, Unit::Age, Unit::Times, Unit::Multiple, Unit::Years, Unit::WorkingDays]
        }
    }
}

/// Readings of a step's cites: they become assumptions of every decision that uses it.
pub(super) fn readings(cites: &[RawCite<'_>]) -> Vec<Text> {
    cites.iter().filter_map(|cite| cite.reads.as_ref().map(|reads| reads.text.clone())).collect()
}
