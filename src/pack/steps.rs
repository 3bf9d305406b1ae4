//! Reading steps.

use super::cites::cites;
use super::facts::check_name;
use super::raw::*;
use super::read::{Fields, Scope, Spot};
use crate::diagnostic::Diagnostic;
use crate::formula::parse_round;
use crate::plan::Text;

/// The keys that say what a step is.
const FORMS: [&str; 12] = [
    "value",
    "versions",
    "table",
    "bands",
    "bill",
    "pay",
    "benefit",
    "condition",
    "require",
    "exception_to",
    "limit",
    "allocate",
];

/// Reads one step.
pub(super) fn step<'a>(scope: &Scope, spot: Spot<'a>) -> Option<RawStep<'a>> {
    let fields = Fields::open(scope, spot.clone())?;
    let id = fields.need_text("id").map(|t| {
        check_name(scope, t.text(), &t.place());
        t.text().to_owned()
    });
    let label = fields.need_label("label");
    let each = fields.text("each");
    let cites = cites(&fields, "cite");
    let assumes = fields.items("assumes");
    let frame = fields.text("frame");
    let options_of = fields.text("options_of");
    let round = fields.text("round").and_then(|t| round(scope, t));
    let present: Vec<&str> = FORMS.iter().copied().filter(|key| spot.node.get(key).is_some()).collect();
    // `value` belongs to an exception as well.
    let main = if present.contains(&"exception_to") { Some("exception_to") } else { present.first().copied() };
    let extra =
        present.iter().filter(|key| Some(**key) != main && !(main == Some("exception_to") && **key == "value")).count();
    if extra > 0 {
        let found: Vec<String> = present.iter().map(|key| format!("`{key}`")).collect();
        scope.report(
            Diagnostic::error("step-form", format!("the step is {} at once", found.join(" and ")))
                .at(spot.place())
                .help("make a step of each; a formula reads the steps above it"),
        );
        return None;
    }
    let Some(main) = main else {
        scope.report(
            Diagnostic::error("step-form", "the step does not say what it is")
                .at(spot.place())
                .help(format!("write one of {}", FORMS.join(" "))),
        );
        return None;
    };
    let form = form(&fields, main);
    fields.close();
    Some(RawStep { id: id?, at: spot, label, each, form: form?, cites, assumes, round, frame, options_of })
}

fn round<'a>(scope: &Scope, spot: Spot<'a>) -> Option<(crate::formula::RoundTo, bool, Spot<'a>)> {
    let (text, totals) = match spot.text().strip_prefix("totals ") {
        Some(rest) => (rest, true),
        None => (spot.text(), false),
    };
    match parse_round(text) {
        Ok(how) => Some((how, totals, spot)),
        Err(e) => {
            let mut problem = Diagnostic::error(e.code, e.message).at(spot.place());
            if let Some(help) = e.help {
                problem = problem.help(help);
            }
            scope.report(problem);
            None
        }
    }
}

fn form<'a>(fields: &Fields<'_, 'a>, main: &str) -> Option<RawForm<'a>> {
    let scope = fields.scope();
    Some(match main {
        "value" => RawForm::Value(fields.need_formula("value")?),
        "versions" => {
            RawForm::Versions(fields.list("versions").into_iter().filter_map(|spot| version(scope, spot)).collect())
        }
        "table" => RawForm::Table(table(scope, fields.need("table")?)?),
        "bands" => bands(scope, fields.need("bands")?)?,
        "bill" => RawForm::Bill { total: fields.need_formula("bill")?, parts: parts(fields) },
        "pay" => {
            let payer = fields.need_text("pay");
            let from = fields.items("from");
            if from.is_empty() {
                scope.report(
                    Diagnostic::error("missing-key", "`from` is missing: a payer draws from named parts of the bill")
                        .at(fields.spot().place()),
                );
            }
            let (amount, cap) = (fields.need_formula("amount"), fields.formula("cap"));
            let (at_least, leaves) = (fields.formula("at_least"), fields.formula("leaves"));
            RawForm::Pay { payer: payer?, from, amount: amount?, cap, at_least, leaves }
        }
        "benefit" | "allocate" => {
            let payer = fields.need_text(main);
            let amount = fields.need_formula("amount");
            if main == "benefit" {
                RawForm::Benefit { payer: payer?, amount: amount? }
            } else {
                RawForm::Allocate { payer: payer?, amount: amount? }
            }
        }
        "condition" => {
            let holds_if = fields.need_formula("condition");
            let (holds, fails) = (fields.need_label("holds"), fields.need_label("fails"));
            let document = fields.label("document");
            RawForm::Condition { holds_if: holds_if?, holds, fails, document }
        }
        "require" => {
            let must = fields.need_formula("require");
            let refuse = fields.need_label("refuse");
            RawForm::Require { must: must?, refuse }
        }
        "exception_to" => {
            let to = fields.need_text("exception_to");
            let (when, value) = (fields.need_formula("when"), fields.need_formula("value"));
            RawForm::Exception { to: to?, when: when?, value: value? }
        }
        _ => limit(fields)?,
    })
}

fn limit<'a>(fields: &Fields<'_, 'a>) -> Option<RawForm<'a>> {
    let spot = fields.need("limit")?;
    if spot.node.as_mapping().is_none() {
        return Some(RawForm::Limit { from: None, to: fields.need_formula("limit")? });
    }
    let range = Fields::open(fields.scope(), spot)?;
    let (from, to) = (range.need_formula("from"), range.need_formula("to"));
    range.close();
    Some(RawForm::Limit { from: Some(from?), to: to? })
}

fn version<'a>(scope: &Scope, spot: Spot<'a>) -> Option<RawVersion<'a>> {
    let fields = Fields::open(scope, spot.clone())?;
    let version = RawVersion {
        from: fields.date("from"),
        until: fields.date("until"),
        value: fields.need_formula("value")?,
        cites: cites(&fields, "cite"),
        spot,
    };
    fields.close();
    Some(version)
}

fn parts<'a>(fields: &Fields<'_, 'a>) -> Vec<RawPart<'a>> {
    let scope = fields.scope();
    let mut all = Vec::new();
    for (id, at, spot) in fields.entries("parts") {
        check_part(scope, &id, &at);
        let Some(inner) = Fields::open(scope, spot) else { continue };
        let label = inner.own_label();
        let amount = match inner.need_text("amount") {
            Some(t) if t.text() == "rest" => None,
            Some(t) => super::read::parse_formula(scope, t),
            None => None,
        };
        inner.close();
        all.push(RawPart { id, at, label, amount });
    }
    if all.is_empty() {
        scope.report(
            Diagnostic::error("missing-key", "`parts` is missing: a bill is split into named parts")
                .at(fields.spot().place()),
        );
    }
    all
}

fn check_part(scope: &Scope, id: &str, at: &crate::diagnostic::Place) {
    check_name(scope, id, at);
}

fn bands<'a>(scope: &Scope, spot: Spot<'a>) -> Option<RawForm<'a>> {
    let fields = Fields::open(scope, spot)?;
    let (of, from) = (fields.need_formula("of"), fields.need_formula("from"));
    let rows: Vec<RawBand<'a>> = fields.list("rows").into_iter().filter_map(|spot| band(scope, spot)).collect();
    fields.close();
    Some(RawForm::Bands { of: of?, from: from?, rows })
}

fn band<'a>(scope: &Scope, spot: Spot<'a>) -> Option<RawBand<'a>> {
    let fields = Fields::open(scope, spot.clone())?;
    let (up_to, rate) = (fields.formula("up_to"), fields.need_formula("rate"));
    let cites = cites(&fields, "cite");
    fields.close();
    Some(RawBand { up_to, rate: rate?, cites, spot })
}

fn table<'a>(scope: &Scope, spot: Spot<'a>) -> Option<RawTable<'a>> {
    let fields = Fields::open(scope, spot.clone())?;
    let written = fields.items("by");
    let asked = written.len();
    let by: Vec<Formula<'a>> = written.into_iter().filter_map(|t| super::read::parse_formula(scope, t)).collect();
    if asked == 0 {
        scope.report(
            Diagnostic::error("missing-key", "`by` is missing: a table looks at one or more named values")
                .at(fields.spot().place()),
        );
    }
    let keys: Vec<String> = by.iter().map(|f| f.spot.text().trim().to_owned()).collect();
    let mut whole = by.len() == asked;
    let mut rows = Vec::new();
    for spot in fields.list("rows") {
        match row(scope, spot, &keys) {
            Some((row, clean)) => {
                whole &= clean;
                rows.push(row);
            }
            None => whole = false,
        }
    }
    let impossible = fields
        .list("impossible")
        .into_iter()
        .filter_map(|spot| Some(Fields::open(scope, spot)?.own_entries()))
        .collect();
    let fallback = fields.get("otherwise").map(|spot| otherwise(scope, spot));
    whole &= fields.close() && !matches!(fallback, Some(None));
    Some(RawTable { by, rows, impossible, otherwise: fallback.flatten(), whole, spot })
}

fn otherwise<'a>(scope: &Scope, spot: Spot<'a>) -> Option<(RawResult<'a>, Vec<RawCite<'a>>)> {
    if spot.node.as_text().is_some() {
        return Some((RawResult::Is(super::read::parse_formula(scope, spot)?), Vec::new()));
    }
    let fields = Fields::open(scope, spot)?;
    let result = result(&fields);
    let cites = cites(&fields, "cite");
    fields.close();
    Some((result?, cites))
}

/// `is: FORMULA` or `refuse: {zh, en}`.
fn result<'a>(fields: &Fields<'_, 'a>) -> Option<RawResult<'a>> {
    if let Some(spot) = fields.get("refuse") {
        let text: Text = super::read::both_languages(fields.scope(), &spot)?;
        return Some(RawResult::Refuse(text, spot));
    }
    Some(RawResult::Is(fields.need_formula("is")?))
}

/// A row, and whether all of it could be read.
fn row<'a>(scope: &Scope, spot: Spot<'a>, keys: &[String]) -> Option<(RawRow<'a>, bool)> {
    let fields = Fields::open(scope, spot.clone())?;
    let mut cells = Vec::new();
    for (key, place, cell) in fields.own_entries() {
        if keys.contains(&key) {
            fields.get(&key);
            cells.push((key, place, cell));
        }
    }
    let is = result(&fields);
    let row = RawRow {
        cells,
        is: is?,
        from: fields.date("from"),
        until: fields.date("until"),
        cites: cites(&fields, "cite"),
        spot,
    };
    let clean = fields.close();
    Some((row, clean))
}
