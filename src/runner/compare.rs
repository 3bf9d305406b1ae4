//! What came out against what was expected.

use super::Answered;
use super::read::Expected;
use crate::decision::{Decision, Outcome, Value, VerdictWord};
use crate::plan::State;
use crate::year::{EncounterView, YearView};

/// Every difference, in words.
pub(super) fn differences(expect: &Expected, answer: &Answered) -> Vec<String> {
    let mut out = Vec::new();
    match answer {
        Answered::Error(problems) => {
            let codes: Vec<&str> = problems.iter().map(|d| d.code.as_ref()).collect();
            match &expect.error {
                Some(code) if codes.contains(&code.as_str()) => {}
                Some(code) => out.push(format!("error: expected `{code}`, found {}", codes.join(" "))),
                None => out.push(format!(
                    "unexpected error: {}",
                    problems.iter().map(|d| format!("{}: {}", d.code, d.message)).collect::<Vec<_>>().join("; ")
                )),
            }
        }
        Answered::One(decision) => one(expect, decision, "", &mut out),
        Answered::Year(year) => of_year(expect, year, &mut out),
    }
    out
}

fn of_year(expect: &Expected, year: &YearView, out: &mut Vec<String>) {
    if let Some(code) = &expect.error {
        out.push(format!("error: expected `{code}`, found none"));
    }
    for (name, value) in &expect.amounts {
        let found = match name.as_str() {
            "net" => year.net.clone(),
            "paid" => year.paid.clone(),
            _ => None,
        };
        if found.as_deref() != Some(value) {
            out.push(format!("year {name}: expected {value}, found {}", found.unwrap_or_else(|| "nothing".into())));
        }
    }
    for (id, expected) in &expect.encounters {
        match year.encounters.iter().find(|e| e.id == *id) {
            Some(found) => encounter(expected, found, out),
            None => out.push(format!("encounter {id}: not there")),
        }
    }
}

fn encounter(expect: &Expected, found: &EncounterView, out: &mut Vec<String>) {
    let prefix = format!("{}: ", found.id);
    if let Some(credit) = &expect.credit
        && found.credit.as_ref() != Some(credit)
    {
        out.push(format!("{prefix}credit: expected {credit}, found {}", found.credit.as_deref().unwrap_or("none")));
    }
    for (name, value) in &expect.after {
        let balance = found.after.iter().find(|b| b.id == *name).map(|b| text_of(&b.value));
        if balance.as_ref() != Some(value) {
            out.push(format!("{prefix}after {name}: expected {value}, found {}", balance.unwrap_or_default()));
        }
    }
    if let [piece] = found.pieces.as_slice() {
        one(expect, &piece.decision, &prefix, out);
        return;
    }
    // Amounts of a split stay are the sums of its pieces.
    for (name, value) in &expect.amounts {
        let all: Option<Vec<i128>> = found
            .pieces
            .iter()
            .map(|p| amount(&p.decision, name).and_then(|t| t.replace('.', "").parse().ok()))
            .collect();
        let sum = all.map(|all| crate::number::format_fen(all.iter().fold(0, |a: i128, b| a.saturating_add(*b))));
        if sum.as_ref() != Some(value) {
            out.push(format!("{prefix}{name}: expected {value}, found {}", sum.unwrap_or_else(|| "nothing".into())));
        }
    }
    if let Some(outcome) = &expect.outcome {
        for piece in &found.pieces {
            if outcome_word(piece.decision.outcome) != outcome {
                out.push(format!(
                    "{prefix}outcome: expected {outcome}, a piece is {}",
                    outcome_word(piece.decision.outcome)
                ));
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
            let fen: Option<Vec<i128>> = many.iter().map(|p| p.amount.text.replace('.', "").parse().ok()).collect();
            fen.map(|all| crate::number::format_fen(all.iter().fold(0, |a: i128, b| a.saturating_add(*b))))
        }
    }
}

fn one(expect: &Expected, found: &Decision, prefix: &str, out: &mut Vec<String>) {
    let mut check = |name: &str, expected: &str, found: Option<String>| {
        if found.as_deref() != Some(expected) {
            out.push(format!(
                "{prefix}{name}: expected {expected}, found {}",
                found.unwrap_or_else(|| "nothing".into())
            ));
        }
    };
    if let Some(code) = &expect.error {
        check("error", code, None);
    }
    if let Some(outcome) = &expect.outcome {
        check("outcome", outcome, Some(outcome_word(found.outcome).into()));
    }
    for (name, value) in &expect.amounts {
        check(name, value, amount(found, name));
    }
    if let Some(verdict) = &expect.verdict {
        check("verdict", verdict, found.verdict.as_ref().map(|v| verdict_word(v.is).into()));
    }
    if let Some((from, to)) = &expect.limit {
        check("limit", &plain(to), found.limit.as_ref().map(|l| plain(&text_of(&l.to))));
        if let Some(from) = from {
            check(
                "limit from",
                &plain(from),
                found.limit.as_ref().and_then(|l| l.from.as_ref()).map(|v| plain(&text_of(v))),
            );
        }
    }
    for (id, value) in &expect.steps {
        let step = found.steps.iter().find(|s| s.id == *id);
        check(id, &plain(value), step.and_then(|s| s.value.as_ref()).map(|v| plain(&text_of(v))));
    }
    for clause in &expect.clauses {
        check("clause", clause, found.clauses.iter().find(|c| c.id == *clause).map(|c| c.id.clone()));
    }
    if let Some(missing) = &expect.missing {
        let mut expected = missing.clone();
        let mut names: Vec<String> = found.missing.iter().map(|m| m.fact.clone()).collect();
        expected.sort();
        names.sort();
        check("missing", &expected.join(" "), Some(names.join(" ")));
    }
    if let Some(code) = &expect.refusal {
        let codes: Vec<&str> = found.refusals.iter().map(|r| r.code.as_str()).collect();
        check("refusal", code, if codes.contains(&code.as_str()) { Some(code.clone()) } else { Some(codes.join(" ")) });
    }
    if let Some(pack) = &expect.governs {
        check("governs", pack, found.layers.first().map(|l| l.governs.clone()));
    }
    for code in &expect.warnings {
        check("warning", code, found.warnings.iter().find(|w| w.code == code).map(|w| w.code.to_owned()));
    }
    if let Some(documents) = &expect.documents {
        let bring: Vec<String> =
            found.documents.iter().filter(|d| d.held != Some(true)).map(|d| d.step.clone()).collect();
        check("documents", &documents.join(" "), Some(bring.join(" ")));
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
