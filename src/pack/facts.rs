//! Reading facts: declared here, or taken from the vocabulary.

use super::raw::RawFact;
use super::read::{Fields, Scope, Spot};
use crate::diagnostic::{Diagnostic, Place};
use crate::formula::{Figure, parse_figure};
use crate::plan::{LONGEST_ID, Text, is_name};

const TYPES: [(&str, &str); 12] = [
    ("money", "money"),
    ("number", "number"),
    ("rate", "rate"),
    ("points", "points"),
    ("days", "days"),
    ("months", "months"),
    ("date", "date"),
    ("bool", "bool"),
    ("option", "option"),
    ("institution", "institution"),
    ("code", "code"),
    ("list", "list"),
];

/// Ids of facts, steps, parameters: what a formula can name.
pub(super) fn check_name(scope: &Scope, id: &str, place: &Place) {
    if !is_name(id) {
        scope.report(Diagnostic::error("bad-id", format!("`{id}` cannot be a name")).at(place.clone()).help(format!(
            "use up to {LONGEST_ID} lower-case letters, digits and `_`, and no word of the formula language"
        )));
    }
}

/// A figure under a key.
pub(super) fn figure<'a>(fields: &Fields<'_, 'a>, key: &str) -> Option<(Figure, Spot<'a>)> {
    let spot = fields.text(key)?;
    figure_of(fields.scope(), spot)
}

pub(super) fn figure_of<'a>(scope: &Scope, spot: Spot<'a>) -> Option<(Figure, Spot<'a>)> {
    match parse_figure(spot.text()) {
        Ok(figure) => Some((figure, spot)),
        Err(e) => {
            scope.report(Diagnostic::error(e.code, e.message).at(spot.part((e.start, e.end))));
            None
        }
    }
}

/// Facts that a declaration may refer to: those above it, and the vocabulary's.
pub(super) type Known<'k, 'a> = [&'k [RawFact<'a>]; 2];

fn find<'k, 'a>(known: Known<'k, 'a>, id: &str) -> Option<&'k RawFact<'a>> {
    known.into_iter().flatten().find(|f| f.id == id)
}

/// Reads one declaration.
pub(super) fn fact<'a>(
    scope: &Scope,
    id: &str,
    at: Place,
    spot: Spot<'a>,
    known: Known<'_, 'a>,
) -> Option<RawFact<'a>> {
    check_name(scope, id, &at);
    let fields = Fields::open(scope, spot)?;
    let form = fields.need_text("type").and_then(|t| fields.word(&t, &TYPES)).unwrap_or("bool");
    let mut options: Vec<(String, Text)> = Vec::new();
    for (option, place, spot) in fields.entries("options") {
        check_name(scope, &option, &place);
        options.push((option, super::read::both_languages(scope, &spot).unwrap_or_default()));
    }
    if form == "code" {
        options = fields
            .items("values")
            .iter()
            .map(|v| (v.text().to_owned(), Text { zh: v.text().into(), en: v.text().into() }))
            .collect();
    }
    if matches!(form, "option") && options.is_empty() {
        scope.report(Diagnostic::error("missing-key", "an option fact needs `options`").at(at.clone()));
    }
    let nested = if form == "list" { "of" } else { "attributes" };
    let inner = if matches!(form, "list" | "institution") {
        nested_facts(scope, &fields, nested, form, known)
    } else {
        Vec::new()
    };
    let found = RawFact {
        id: id.to_owned(),
        at,
        shared: false,
        form: form.to_owned(),
        label: fields.need_label("label"),
        question: fields.label("question"),
        hint: fields.label("hint"),
        confirmed_by: fields
            .text("confirmed_by")
            .and_then(|t| fields.word(&t, &[("doctor", "doctor"), ("agency", "agency"), ("hospital", "hospital")]))
            .map(str::to_owned),
        options,
        only: Vec::new(),
        min: figure(&fields, "min"),
        max: if form == "list" { None } else { figure(&fields, "max") },
        decimals: fields.number("decimals", 6).and_then(|n| u8::try_from(n).ok()).unwrap_or(0),
        fields: inner,
        most: if form == "list" { fields.number("max", 10_000).unwrap_or(500) } else { 0 },
    };
    fields.close();
    Some(found)
}

fn nested_facts<'a>(
    scope: &Scope,
    fields: &Fields<'_, 'a>,
    key: &str,
    form: &str,
    known: Known<'_, 'a>,
) -> Vec<RawFact<'a>> {
    let mut all = Vec::new();
    // `attributes: hospital` takes those of another institution fact.
    if let Some(spot) = fields.get(key).filter(|spot| spot.node.as_text().is_some()) {
        match find(known, spot.text()) {
            Some(other) => return other.fields.clone(),
            None => scope.report(
                Diagnostic::error("unknown-fact", format!("there is no fact `{}` above", spot.text())).at(spot.place()),
            ),
        }
        return all;
    }
    for (id, place, spot) in fields.entries(key) {
        // `class: hospital_class` asks for each record what another fact asks once.
        let inner = match spot.node.as_text().and_then(|name| find(known, name)) {
            Some(other) => Some(RawFact { id: id.clone(), at: place.clone(), ..other.clone() }),
            None => fact(scope, &id, place.clone(), spot, known),
        };
        let Some(inner) = inner else { continue };
        let allowed = match form {
            "institution" => matches!(inner.form.as_str(), "option" | "bool"),
            _ => inner.form != "list",
        };
        if !allowed {
            scope.report(Diagnostic::error("fact-type", format!("`{}` cannot be a field here", inner.form)).at(place));
        }
        all.push(inner);
    }
    all
}

/// Reads a fact entry of a pack: `shared`, `{ shared: true, … }`, or a declaration.
pub(super) fn pack_fact<'a>(
    scope: &Scope,
    id: &str,
    at: Place,
    spot: Spot<'a>,
    shared: &[RawFact<'a>],
    above: &[RawFact<'a>],
) -> Option<RawFact<'a>> {
    let is_shared = spot.node.as_text() == Some("shared") || spot.node.get("shared").is_some();
    if !is_shared {
        return fact(scope, id, at, spot, [above, shared]);
    }
    let Some(found) = shared.iter().find(|f| f.id == id) else {
        let mut problem = Diagnostic::error("unknown-fact", format!("the vocabulary has no fact `{id}`")).at(at);
        if let Some(near) = crate::diagnostic::nearest(id, &mut shared.iter().map(|f| f.id.as_str())) {
            problem = problem.help(format!("did you mean `{near}`?"));
        }
        scope.report(problem);
        return None;
    };
    let mut found = RawFact { at, shared: true, ..found.clone() };
    if spot.node.as_text().is_none() {
        let fields = Fields::open(scope, spot)?;
        fields.get("shared");
        found.only = fields.items("options");
        if let Some(label) = fields.label("label") {
            found.label = label;
        }
        if let Some(question) = fields.label("question") {
            found.question = Some(question);
        }
        if let Some(hint) = fields.label("hint") {
            found.hint = Some(hint);
        }
        fields.close();
    }
    Some(found)
}
