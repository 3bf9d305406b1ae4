//! What came out against what was expected.

use super::Answered;
use super::read::Expected;
use crate::analyse::Bounds;
use crate::decision::{Decision, Outcome, Value, VerdictWord};
use crate::json::object;
use crate::number::Wide;
use crate::plan::State;
use crate::year::{EncounterView, YearView};
use std::fmt;

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Path of the expected value below `expect`, such as `amounts.fund`; empty where nothing of the kind was expected.
    pub path: String,
    /// What was expected.
    pub expected: Option<String>,
    /// What came out.
    pub found: Option<String>,
    /// Both in words.
    pub message: String,
}

object!(Difference { path "path", expected "expected", found "found", message "message" });

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Differences as they are found, below an encounter's name and path.
pub(super) struct Found {
    out: Vec<Difference>,
    name: String,
    path: String,
}

impl Found {
    pub(super) fn new() -> Self {
        Self { out: Vec::new(), name: String::new(), path: String::new() }
    }

    pub(super) fn all(self) -> Vec<Difference> {
        self.out
    }

    fn below(&mut self, encounter: &str) {
        self.name = format!("{encounter}: ");
        self.path = format!("encounters.{encounter}.");
    }

    pub(super) fn say(&mut self, path: &str, expected: Option<&str>, found: Option<String>, message: String) {
        self.out.push(Difference {
            path: format!("{}{path}", self.path),
            expected: expected.map(str::to_owned),
            found,
            message: format!("{}{message}", self.name),
        });
    }

    /// Holds what came out against what was expected. `name` is what it is called in words.
    pub(super) fn check(&mut self, path: &str, name: &str, expected: &str, found: Option<String>) {
        if found.as_deref() != Some(expected) {
            let message = format!("{name}: expected {expected}, found {}", found.as_deref().unwrap_or("nothing"));
            self.say(path, Some(expected), found, message);
        }
    }
}

/// Every difference.
pub(super) fn differences(expect: &Expected, answer: &Answered, out: &mut Found) {
    match answer {
        Answered::Error(problems) => {
            let codes: Vec<&str> = problems.iter().map(|d| d.code.as_ref()).collect();
            match &expect.error {
                Some(code) if codes.contains(&code.as_str()) => {}
                Some(code) => {
                    let found = codes.join(" ");
                    let message = format!("error: expected `{code}`, found {found}");
                    out.say("error", Some(code), Some(found), message);
                }
                None => {
                    let all: Vec<String> = problems.iter().map(|d| format!("{}: {}", d.code, d.message)).collect();
                    out.say("", None, Some(codes.join(" ")), format!("unexpected error: {}", all.join("; ")));
                }
            }
        }
        Answered::One(decision) => one(expect, decision, out),
        Answered::Year(year) => of_year(expect, year, out),
    }
}

fn of_year(expect: &Expected, year: &YearView, out: &mut Found) {
    if let Some(code) = &expect.error {
        out.say("error", Some(code), None, format!("error: expected `{code}`, found none"));
    }
    for (name, value) in &expect.amounts {
        let found = match name.as_str() {
            "net" => year.net.clone(),
            "paid" => year.paid.clone(),
            _ => None,
        };
        out.check(&format!("amounts.{name}"), &format!("year {name}"), value, found);
    }
    for (id, expected) in &expect.encounters {
        match year.encounters.iter().find(|e| e.id == *id) {
            Some(found) => {
                out.below(id);
                encounter(expected, found, out);
            }
            None => out.say(&format!("encounters.{id}"), None, None, format!("encounter {id}: not there")),
        }
        (out.name, out.path) = Default::default();
    }
}

fn encounter(expect: &Expected, found: &EncounterView, out: &mut Found) {
    if let Some(credit) = &expect.credit {
        out.check("credit", "credit", credit, found.credit.clone());
    }
    for (name, value) in &expect.after {
        let balance = found.after.iter().find(|b| b.id == *name).map(|b| text_of(&b.value));
        out.check(&format!("after.{name}"), &format!("after {name}"), value, balance);
    }
    if let [piece] = found.pieces.as_slice() {
        one(expect, &piece.decision, out);
        return;
    }
    // Amounts of a split stay are the sums of its pieces.
    for (name, value) in &expect.amounts {
        let all: Option<Vec<Wide>> = found
            .pieces
            .iter()
            .map(|p| amount(&p.decision, name).and_then(|t| t.replace('.', "").parse().ok()))
            .collect();
        let sum = all.map(|all| crate::number::format_fen(all.iter().fold(0, |a: Wide, b| a.saturating_add(*b))));
        out.check(&format!("amounts.{name}"), name, value, sum);
    }
    if let Some(outcome) = &expect.outcome {
        for piece in &found.pieces {
            let word = outcome_word(piece.decision.outcome);
            if word != outcome {
                let message = format!("outcome: expected {outcome}, a piece is {word}");
                out.say("outcome", Some(outcome), Some(word.into()), message);
            }
        }
    }
}

fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Computed => "computed",
        Outcome::Incomplete => "incomplete",
        Outcome::Refused => "refused",
    }
}

/// A value as cases write it: its text, or the name of its state.
fn text_of(value: &Value) -> String {
    match value.state {
        State::Known => value.text.clone(),
        State::Unknown => "unknown".into(),
        State::NotApplicable => "not_applicable".into(),
        State::Unset => "unset".into(),
        State::Failed => "failed".into(),
    }
}

/// An amount by name; several payments of one payer add up.
fn amount(decision: &Decision, name: &str) -> Option<String> {
    let amounts = decision.amounts.as_ref();
    if let Some(amounts) = amounts {
        let plain = match name {
            "patient" => Some(&amounts.patient),
            "cash" => Some(&amounts.cash),
            "net" => Some(&amounts.net),
            "total" => Some(&amounts.total),
            _ => None,
        };
        if let Some(value) = plain {
            return Some(text_of(value));
        }
    }
    let payments = amounts.iter().flat_map(|a| a.payments.iter().chain(&a.benefits)).chain(&decision.allocations);
    let ours: Vec<_> = payments.filter(|p| p.payer == name || p.step == name).collect();
    match ours.as_slice() {
        [] => None,
        [one] => Some(text_of(&one.amount)),
        many => {
            let fen: Option<Vec<Wide>> = many.iter().map(|p| p.amount.text.replace('.', "").parse().ok()).collect();
            fen.map(|all| crate::number::format_fen(all.iter().fold(0, |a: Wide, b| a.saturating_add(*b))))
        }
    }
}

fn one(expect: &Expected, found: &Decision, out: &mut Found) {
    if let Some(code) = &expect.error {
        out.check("error", "error", code, None);
    }
    if let Some(outcome) = &expect.outcome {
        out.check("outcome", "outcome", outcome, Some(outcome_word(found.outcome).into()));
    }
    for (name, value) in &expect.amounts {
        out.check(&format!("amounts.{name}"), name, value, amount(found, name));
    }
    if let Some(verdict) = &expect.verdict {
        out.check("verdict", "verdict", verdict, found.verdict.as_ref().map(|v| verdict_word(v.is).into()));
    }
    if let Some((from, to)) = &expect.limit {
        let limit_path = if from.is_some() { "limit.to" } else { "limit" };
        out.check(limit_path, "limit", &plain(to), found.limit.as_ref().map(|l| plain(&text_of(&l.to))));
        if let Some(from) = from {
            out.check(
                "limit.from",
                "limit from",
                &plain(from),
                found.limit.as_ref().and_then(|l| l.from.as_ref()).map(|v| plain(&text_of(v))),
            );
        }
    }
    for (id, value) in &expect.steps {
        let step = found.steps.iter().find(|s| s.id == *id);
        out.check(
            &format!("steps.{id}"),
            id,
            &plain(value),
            step.and_then(|s| s.value.as_ref()).map(|v| plain(&text_of(v))),
        );
    }
    for clause in &expect.clauses {
        out.check("clauses", "clause", clause, found.clauses.iter().find(|c| c.id == *clause).map(|c| c.id.clone()));
    }
    if let Some(missing) = &expect.missing {
        let mut expected = missing.clone();
        let mut names: Vec<String> = found.missing.iter().map(|m| m.fact.clone()).collect();
        expected.sort();
        names.sort();
        out.check("missing", "missing", &expected.join(" "), Some(names.join(" ")));
    }
    if let Some(code) = &expect.refusal {
        let codes: Vec<&str> = found.refusals.iter().map(|r| r.code.as_str()).collect();
        let said = if codes.contains(&code.as_str()) { code.clone() } else { codes.join(" ") };
        out.check("refusal", "refusal", code, Some(said));
    }
    if let Some(pack) = &expect.governs {
        out.check("governs", "governs", pack, found.layers.first().map(|l| l.governs.clone()));
    }
    for code in &expect.warnings {
        out.check(
            "warnings",
            "warning",
            code,
            found.warnings.iter().find(|w| w.code == code).map(|w| w.code.to_owned()),
        );
    }
    if let Some(documents) = &expect.documents {
        let bring: Vec<String> =
            found.documents.iter().filter(|d| d.held != Some(true)).map(|d| d.step.clone()).collect();
        out.check("documents", "documents", &documents.join(" "), Some(bring.join(" ")));
    }
}

/// Unit words of cases are taken off: `2 months` and `2` say the same of a months value.
fn plain(text: &str) -> String {
    for unit in [" months", " month", " weeks", " days", " points", "个月", "元"] {
        if let Some(rest) = text.strip_suffix(unit) {
            return if unit == " weeks" {
                rest.parse::<i64>().map_or_else(|_| rest.to_owned(), |n| n.saturating_mul(7).to_string())
            } else {
                rest.to_owned()
            };
        }
    }
    text.to_owned()
}

fn verdict_word(word: VerdictWord) -> &'static str {
    match word {
        VerdictWord::Meets => "meets",
        VerdictWord::DoesNotMeet => "does_not_meet",
        VerdictWord::MustBeConfirmed => "must_be_confirmed",
        VerdictWord::CannotTell => "cannot_tell",
    }
}

/// What an amount can still be, against what was expected of it.
pub(super) fn of_bounds(expect: &Expected, found: &Bounds, out: &mut Found) {
    for (id, (least, greatest)) in &expect.bounds {
        let bound = found.amounts.iter().find(|b| b.id == *id);
        for (end, expected, found) in [
            ("least", least, bound.map(|b| b.least.clone())),
            ("greatest", greatest, bound.map(|b| b.greatest.clone())),
        ] {
            out.check(&format!("bounds.{id}.{end}"), &format!("{end} {id}"), expected, found);
        }
    }
}
