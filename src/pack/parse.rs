//! From a tree to the raw pack.

use super::cites::cites;
use super::facts::{check_name, fact, figure, pack_fact};
use super::limits::LONGEST_QUOTE;
use super::raw::*;
use super::read::{Fields, Scope, Spot};
use super::steps::step;
use crate::date::{Date, SettlementYear};
use crate::diagnostic::{Diagnostic, Place};
use crate::formula::FigureUnit;
use crate::plan::{
    Assumption, Clause, CrossesYear, EntryKind, Header, LONGEST_ID, ServiceKind, Source, Status, Text, is_pack_id,
    is_source_id,
};
use crate::text::Node;

const STATUS: [(&str, Status); 7] = [
    ("in_force", Status::InForce),
    ("dated", Status::Dated),
    ("historical", Status::Historical),
    ("illustrative", Status::Illustrative),
    ("proposal", Status::Proposal),
    ("comparison", Status::Comparison),
    ("invented", Status::Invented),
];
const GRADES: [(&str, &str); 4] =
    [("policy_text", "policy_text"), ("authority_page", "authority_page"), ("press", "press"), ("seed", "seed")];

/// Facts and constraints that packs share.
#[derive(Debug, Default)]
pub struct RawVocabulary<'a> {
    /// Facts.
    pub facts: Vec<RawFact<'a>>,
    /// Constraints.
    pub constraints: Vec<RawConstraint<'a>>,
}

/// Reads the vocabulary.
pub fn parse_vocabulary<'a>(scope: &Scope, file: &'a str, node: &'a Node) -> RawVocabulary<'a> {
    let Some(fields) = Fields::open(scope, Spot { file, node, path: String::new() }) else {
        return RawVocabulary::default();
    };
    let facts = fields
        .entries("facts")
        .into_iter()
        .filter_map(|(id, at, spot)| fact(scope, &id, at, spot, [&[], &[]]))
        .collect();
    let constraints = constraints(&fields);
    fields.close();
    RawVocabulary { facts, constraints }
}

/// Reads a pack. Problems of form go to the scope; what could be read comes back all the same, so
/// that later checks can add theirs.
pub fn parse<'a>(scope: &Scope, file: &'a str, node: &'a Node, vocabulary: &RawVocabulary<'a>) -> Option<RawPack<'a>> {
    let fields = Fields::open(scope, Spot { file, node, path: String::new() })?;
    let at = fields.get("pack").map_or_else(|| fields.spot().place(), |spot| spot.place());
    let header = header(&fields);
    let quoted = header.status != Status::Invented;
    let mut facts: Vec<RawFact<'a>> = Vec::new();
    let mut broken = Vec::new();
    for (id, at, spot) in fields.entries("facts") {
        match pack_fact(scope, &id, at, spot, &vocabulary.facts, &facts) {
            Some(found) => facts.push(found),
            None => broken.push(id),
        }
    }
    let own_constraints = constraints(&fields);
    let pack = RawPack {
        header,
        at,
        quoted,
        sources: fields
            .entries("sources")
            .into_iter()
            .filter_map(|(id, at, spot)| source(scope, &id, &at, spot))
            .collect(),
        payers: fields.entries("payers").into_iter().filter_map(|(id, at, spot)| payer(scope, id, &at, spot)).collect(),
        facts,
        parameters: fields
            .entries("parameters")
            .into_iter()
            .filter_map(|(id, at, spot)| parameter(scope, id, at, spot))
            .collect(),
        institutions: fields
            .entries("institutions")
            .into_iter()
            .filter_map(|(id, at, spot)| institution(scope, id, at, spot))
            .collect(),
        groups: fields.entries("groups").into_iter().map(|(id, at, spot)| group(scope, id, &at, &spot)).collect(),
        constraints: own_constraints,
        shared_constraints: vocabulary.constraints.clone(),
        ledger: fields.get("ledger").and_then(|spot| ledger(scope, spot)),
        previous: fields
            .entries("previous")
            .into_iter()
            .filter_map(|(id, at, spot)| previous(scope, &id, at, spot))
            .collect(),
        frame: fields.entries("frame").into_iter().filter_map(|(id, at, spot)| bound(scope, id, &at, spot)).collect(),
        services: fields
            .entries("services")
            .into_iter()
            .filter_map(|(id, at, spot)| service(scope, id, at, spot))
            .collect(),
        broken,
    };
    fields.close();
    Some(pack)
}

fn check_pack_id(fields: &Fields<'_, '_>, spot: &Spot<'_>) {
    if !is_pack_id(spot.text()) {
        fields.scope().report(
            Diagnostic::error("bad-id", format!("`{}` cannot be a pack's id", spot.text()))
                .at(spot.place())
                .help(format!("use up to {LONGEST_ID} lower-case letters and digits joined by `-`")),
        );
    }
}

fn header(fields: &Fields<'_, '_>) -> Header {
    let scope = fields.scope();
    let id = fields.need_text("pack");
    if let Some(spot) = &id {
        check_pack_id(fields, spot);
    }
    let text = |spot: Option<Spot<'_>>| spot.map(|s| s.text().to_owned()).unwrap_or_default();
    let revision = text(fields.need_text("revision"));
    let title = fields.need_label("title");
    let (mut region_code, mut region) = (String::new(), Text::default());
    if let Some(inner) = fields.need("region").and_then(|spot| Fields::open(scope, spot)) {
        region_code = text(inner.need_text("code"));
        region = inner.own_label();
        inner.close();
    }
    let publisher = fields.need_label("publisher");
    let status = fields.need_text("status").and_then(|t| fields.word(&t, &STATUS)).unwrap_or(Status::Dated);
    let (mut from, mut until) = (None, None);
    if let Some(inner) = fields.get("period").and_then(|spot| Fields::open(scope, spot)) {
        from = inner.date("from");
        until = inner.date("until");
        check_period(&inner, from, until);
        inner.close();
    }
    let (mut reviewed_by, mut reviewed_on) = (None, None);
    if let Some(inner) = fields.get("reviewed").and_then(|spot| Fields::open(scope, spot)) {
        reviewed_by = inner.need_text("by").map(|t| t.text().to_owned());
        reviewed_on = inner.date("on");
        inner.close();
    }
    let caveats = fields.items("caveats").iter().filter_map(|spot| super::read::both_languages(scope, spot)).collect();
    let assumptions = fields
        .entries("assumptions")
        .into_iter()
        .filter_map(|(id, at, spot)| {
            check_name(scope, &id, &at);
            Some(Assumption { id, text: super::read::both_languages(scope, &spot)? })
        })
        .collect();
    let evidence_date = fields.date("evidence_date");
    Header {
        id: id.map(|s| s.text().to_owned()).unwrap_or_default(),
        revision,
        title,
        region_code,
        region,
        publisher,
        status,
        evidence_date,
        from,
        until,
        reviewed_by,
        reviewed_on,
        caveats,
        assumptions,
    }
}

pub(super) fn check_period(fields: &Fields<'_, '_>, from: Option<Date>, until: Option<Date>) {
    if let (Some(from), Some(until)) = (from, until)
        && from >= until
    {
        fields.scope().report(
            Diagnostic::error("empty-period", format!("the period from {from} until {until} holds no day"))
                .at(fields.spot().place())
                .help("`until` is the first day no longer covered"),
        );
    }
}

fn source(scope: &Scope, id: &str, at: &Place, spot: Spot<'_>) -> Option<Source> {
    check_source_id(scope, id, at);
    let fields = Fields::open(scope, spot)?;
    let text = |key| fields.text(key).map(|t| t.text().to_owned());
    let title = fields.need_text("title").map(|t| t.text().to_owned()).unwrap_or_default();
    let grade = fields.need_text("grade").and_then(|t| fields.word(&t, &GRADES)).unwrap_or("press").to_owned();
    let mut clauses = Vec::new();
    for (clause, place, spot) in fields.entries("clauses") {
        check_source_id(scope, &clause, &place);
        let Some(inner) = Fields::open(scope, spot) else { continue };
        let quote = inner.need_text("quote").map(|t| quote(scope, &t)).unwrap_or_default();
        let article = inner.text("article").map(|t| t.text().to_owned());
        let label = inner.text("label").map(|t| t.text().to_owned());
        inner.close();
        clauses.push(Clause { id: clause, article, label, quote });
    }
    let source = Source {
        id: id.to_owned(),
        title,
        number: text("number"),
        issuer: text("issuer"),
        issued: fields.date("issued"),
        read_at: text("read_at"),
        mirror: fields.flag("mirror"),
        grade,
        clauses,
    };
    fields.close();
    Some(source)
}

/// A sentence as printed: short enough to be looked through for every cite.
fn quote(scope: &Scope, spot: &Spot<'_>) -> String {
    let text = spot.text().trim_end();
    let length = text.chars().count();
    if length <= LONGEST_QUOTE {
        return text.to_owned();
    }
    let message = format!("the quote has {length} characters, at most {LONGEST_QUOTE} are read");
    scope.report(
        Diagnostic::error("quote-too-long", message)
            .at(spot.place())
            .help("quote the sentences that are cited, each as a clause of its own"),
    );
    String::new()
}

fn check_source_id(scope: &Scope, id: &str, at: &Place) {
    if !is_source_id(id) {
        scope.report(
            Diagnostic::error("bad-id", format!("`{id}` cannot be the id of a source or clause"))
                .at(at.clone())
                .help(format!("use up to {LONGEST_ID} lower-case letters, digits, `-` and `_`")),
        );
    }
}

fn payer(scope: &Scope, id: String, at: &Place, spot: Spot<'_>) -> Option<(String, Text, bool)> {
    check_name(scope, &id, at);
    let fields = Fields::open(scope, spot)?;
    let label = fields.own_label();
    let own = fields.flag("own");
    fields.close();
    Some((id, label, own))
}

fn parameter<'a>(scope: &Scope, id: String, at: Place, spot: Spot<'a>) -> Option<RawParameter<'a>> {
    check_name(scope, &id, &at);
    let fields = Fields::open(scope, spot)?;
    const TYPES: [(&str, &str); 6] = [
        ("money", "money"),
        ("number", "number"),
        ("rate", "rate"),
        ("points", "points"),
        ("days", "days"),
        ("months", "months"),
    ];
    let form = fields.need_text("type").and_then(|t| fields.word(&t, &TYPES)).unwrap_or("number").to_owned();
    let label = fields.need_label("label");
    let is = figure(&fields, "is");
    let mut all_cites = cites(&fields, "cite");
    let unset = fields.get("unset").and_then(|spot| {
        let inner = Fields::open(scope, spot)?;
        let text = inner.own_label();
        all_cites.extend(cites(&inner, "cite"));
        inner.close();
        Some(text)
    });
    let options = fields.items("options").into_iter().filter_map(|spot| super::facts::figure_of(scope, spot)).collect();
    if is.is_some() == unset.is_some() {
        scope.report(
            Diagnostic::error(
                "parameter",
                "a parameter has a figure under `is`, or says under `unset` why there is none",
            )
            .at(at.clone()),
        );
    }
    let (min, max) = (figure(&fields, "min"), figure(&fields, "max"));
    let decimals = fields.number("decimals", 6).and_then(|n| u8::try_from(n).ok());
    fields.close();
    Some(RawParameter { id, at, form, label, is, unset, options, min, max, decimals, cites: all_cites })
}

fn institution<'a>(scope: &Scope, id: String, at: Place, spot: Spot<'a>) -> Option<RawInstitution<'a>> {
    check_name(scope, &id, &at);
    let fields = Fields::open(scope, spot)?;
    let label = fields.own_label();
    let names = fields.items("names").iter().map(|s| s.text().to_owned()).collect();
    let mut attributes = Vec::new();
    for (key, _, value) in fields.own_entries() {
        if !matches!(key.as_str(), "zh" | "en" | "names") {
            fields.get(&key);
            attributes.push((key, value));
        }
    }
    fields.close();
    Some(RawInstitution { id, at, label, names, attributes })
}

fn group<'a>(scope: &Scope, id: String, at: &Place, spot: &Spot<'a>) -> RawGroup<'a> {
    check_name(scope, &id, at);
    let mut members = Vec::new();
    for item in super::read::at_most(scope, "members", spot, super::read::items(spot)) {
        if item.node.as_text().is_some() {
            members.push(RawMember { id: item, from: None, until: None, cites: Vec::new() });
        } else if let Some(fields) = Fields::open(scope, item) {
            let (from, until) = (fields.date("from"), fields.date("until"));
            check_period(&fields, from, until);
            let cites = cites(&fields, "cite");
            if let Some(id) = fields.need_text("id") {
                members.push(RawMember { id, from, until, cites });
            }
            fields.close();
        }
    }
    RawGroup { id, members }
}

fn constraints<'a>(fields: &Fields<'_, 'a>) -> Vec<RawConstraint<'a>> {
    let mut all = Vec::new();
    for spot in fields.list("constraints") {
        let Some(inner) = Fields::open(fields.scope(), spot) else { continue };
        let must = inner.need_formula("must");
        let text = inner.own_label();
        inner.close();
        if let Some(must) = must {
            all.push(RawConstraint { must, text });
        }
    }
    all
}

fn ledger<'a>(scope: &Scope, spot: Spot<'a>) -> Option<RawLedger<'a>> {
    let fields = Fields::open(scope, spot)?;
    let mut year = SettlementYear::CALENDAR;
    if let Some(t) = fields.need_text("year_starts") {
        let parts: Vec<Option<u32>> = t.text().split('-').map(|p| p.parse().ok()).collect();
        match parts.as_slice() {
            [Some(month), Some(day)] if SettlementYear::new(*month, *day).is_some() => {
                year = SettlementYear::new(*month, *day).unwrap_or(year)
            }
            _ => scope.report(
                Diagnostic::error("bad-date", format!("`{}` is not a day of the year", t.text()))
                    .at(t.place())
                    .help("write month and day, as in `01-01` or `07-01`; 29 February is not allowed"),
            ),
        }
    }
    const KINDS: [(&str, EntryKind); 4] =
        [("sum", EntryKind::Sum), ("count", EntryKind::Count), ("max", EntryKind::Max), ("last", EntryKind::Last)];
    let mut entries = Vec::new();
    for (id, at, spot) in fields.entries("entries") {
        let Some(inner) = Fields::open(scope, spot.clone()) else { continue };
        let kind = inner.need_text("kind").and_then(|t| inner.word(&t, &KINDS)).unwrap_or(EntryKind::Sum);
        if let Some(found) = typed(scope, &id, at, &inner) {
            entries.push((found, kind));
        }
        inner.close();
    }
    fields.close();
    Some(RawLedger { year, entries })
}

/// A declaration with type, bounds and label, without a question.
fn typed<'a>(scope: &Scope, id: &str, at: Place, fields: &Fields<'_, 'a>) -> Option<RawFact<'a>> {
    check_name(scope, id, &at);
    const TYPES: [(&str, &str); 8] = [
        ("money", "money"),
        ("number", "number"),
        ("rate", "rate"),
        ("points", "points"),
        ("days", "days"),
        ("months", "months"),
        ("date", "date"),
        ("bool", "bool"),
    ];
    let form = fields.need_text("type").and_then(|t| fields.word(&t, &TYPES))?.to_owned();
    Some(RawFact {
        id: id.to_owned(),
        at,
        shared: false,
        form,
        label: fields.need_label("label"),
        question: fields.label("question"),
        hint: fields.label("hint"),
        confirmed_by: None,
        options: Vec::new(),
        only: Vec::new(),
        min: figure(fields, "min"),
        max: figure(fields, "max"),
        decimals: fields.number("decimals", 6).and_then(|n| u8::try_from(n).ok()).unwrap_or(0),
        fields: Vec::new(),
        most: 0,
    })
}

fn previous<'a>(scope: &Scope, id: &str, at: Place, spot: Spot<'a>) -> Option<RawPrevious<'a>> {
    if spot.node.as_text().is_some() {
        check_name(scope, id, &at);
        let fact = RawFact {
            id: id.to_owned(),
            at,
            shared: false,
            form: String::new(),
            label: Text::default(),
            question: None,
            hint: None,
            confirmed_by: None,
            options: Vec::new(),
            only: Vec::new(),
            min: None,
            max: None,
            decimals: 0,
            fields: Vec::new(),
            most: 0,
        };
        return Some(RawPrevious { fact, from: spot });
    }
    let fields = Fields::open(scope, spot)?;
    let from = fields.need_text("from");
    let fact = typed(scope, id, at, &fields);
    fields.close();
    Some(RawPrevious { fact: fact?, from: from? })
}

fn bound<'a>(scope: &Scope, id: String, at: &Place, spot: Spot<'a>) -> Option<RawBound<'a>> {
    check_name(scope, &id, at);
    let fields = Fields::open(scope, spot)?;
    let label = fields.need_label("label");
    let (most, least) = (figure(&fields, "at_most"), figure(&fields, "at_least"));
    let cites = cites(&fields, "cite");
    if most.is_some() == least.is_some() {
        scope.report(Diagnostic::error("missing-key", "a bound is `at_most` or `at_least` a figure").at(at.clone()));
    }
    fields.close();
    let at_most = most.is_some();
    let (figure, spot) = most.or(least)?;
    Some(RawBound { id, label, at_most, figure, spot, cites })
}

fn service<'a>(scope: &Scope, id: String, at: Place, spot: Spot<'a>) -> Option<RawService<'a>> {
    check_name(scope, &id, &at);
    const KINDS: [(&str, ServiceKind); 7] = [
        ("amount", ServiceKind::Amount),
        ("settlement", ServiceKind::Settlement),
        ("eligibility", ServiceKind::Eligibility),
        ("limit", ServiceKind::Limit),
        ("allocation", ServiceKind::Allocation),
        ("membership", ServiceKind::Membership),
        ("indicator", ServiceKind::Indicator),
    ];
    const CROSSES: [(&str, CrossesYear); 4] = [
        ("refuse", CrossesYear::Refuse),
        ("admission", CrossesYear::Admission),
        ("discharge", CrossesYear::Discharge),
        ("split", CrossesYear::Split),
    ];
    let fields = Fields::open(scope, spot)?;
    let title = fields.need_label("title");
    let kind = fields.need_text("kind").and_then(|t| fields.word(&t, &KINDS)).unwrap_or(ServiceKind::Indicator);
    let crosses_year = fields.text("crosses_year").and_then(|t| fields.word(&t, &CROSSES)).unwrap_or_default();
    let officer = fields
        .text("audience")
        .and_then(|t| fields.word(&t, &[("patient", false), ("officer", true)]))
        .unwrap_or(false);
    let split_days = figure(&fields, "split_every").and_then(|(figure, spot)| {
        let days = (figure.unit == FigureUnit::Days && figure.value.den() == 1)
            .then(|| u32::try_from(figure.value.num()).ok())
            .flatten()
            .filter(|d| *d > 0);
        if days.is_none() {
            scope.report(
                Diagnostic::error("bad-number", format!("`{}` is not a number of days", spot.text()))
                    .at(spot.place())
                    .help("write `90 days`"),
            );
        }
        days
    });
    let lines = fields.get("lines").and_then(|spot| {
        let inner = Fields::open(scope, spot)?;
        let (list, date) = (inner.need_text("list"), inner.need_text("date"));
        inner.close();
        Some((list?, date?))
    });
    let formulas = |key: &str| -> Vec<(String, Place, Formula<'a>)> {
        fields
            .entries(key)
            .into_iter()
            .filter_map(|(id, at, spot)| Some((id, at, super::read::parse_formula(scope, spot)?)))
            .collect()
    };
    let mut broken = Vec::new();
    let mut steps = Vec::new();
    for spot in fields.list("steps") {
        let id = spot.node.get("id").and_then(Node::as_text);
        match step(scope, spot) {
            Some(found) => steps.push(found),
            None => broken.extend(id.map(str::to_owned)),
        }
    }
    let service = RawService {
        title,
        kind,
        officer,
        crosses_year,
        split_days,
        lines,
        topic: fields.text("topic").map(|t| t.text().to_owned()),
        as_of: fields.text("as_of"),
        ends: fields.text("ends"),
        after: fields.items("after"),
        verdict: fields.formula("verdict"),
        result: fields.items("result"),
        posts: formulas("posts"),
        attaches: formulas("attaches"),
        claims: claims(scope, &fields),
        steps,
        broken,
        id,
        at,
    };
    fields.close();
    Some(service)
}

/// `falls: STEP` or `never_rises: STEP`, `along: { FACT: [OPTION, …] }`
fn order<'a>(scope: &Scope, fields: &Fields<'_, 'a>, at: &Place) -> Option<RawOrder<'a>> {
    let (falls, never_rises) = (fields.text("falls"), fields.text("never_rises"));
    let along = fields.entries("along");
    let strict = falls.is_some();
    let step = match (falls, never_rises) {
        (Some(step), None) | (None, Some(step)) => step,
        (None, None) if along.is_empty() => return None,
        _ => {
            let message = "an order says either what `falls` or what `never_rises` along the options";
            scope.report(Diagnostic::error("missing-key", message).at(at.clone()));
            return None;
        }
    };
    let Some((fact, place, options)) = along.into_iter().next().filter(|_| fields.entries("along").len() == 1) else {
        let message = "`along` names one fact with its options, the greatest first";
        scope.report(Diagnostic::error("missing-key", message).at(at.clone()));
        return None;
    };
    Some(RawOrder { step, fact: (fact, place), options: super::read::items(&options), strict })
}

/// `claims: { id: { holds, zh, en, cite, unless: {zh, en} } }`; an order instead of `holds`.
fn claims<'a>(scope: &Scope, fields: &Fields<'_, 'a>) -> Vec<RawClaim<'a>> {
    let mut all = Vec::new();
    for (id, at, spot) in fields.entries("claims") {
        check_name(scope, &id, &at);
        let Some(inner) = Fields::open(scope, spot) else { continue };
        // `never_falls` is a property that every settlement has; here it can only be exempted.
        let general = id == "never_falls";
        let order = order(scope, &inner, &at);
        let holds = if general || order.is_some() { inner.formula("holds") } else { inner.need_formula("holds") };
        if let Some(holds) = holds.as_ref().filter(|_| general || order.is_some()) {
            let message = if general {
                "`never_falls` is claimed of every settlement"
            } else {
                "a claim is a formula or an order"
            };
            scope.report(Diagnostic::error("unknown-key", message).at(holds.spot.place()));
        }
        let text = if general { Text::default() } else { inner.own_label() };
        let (exempt, cites) = (inner.label("unless"), cites(&inner, "cite"));
        if general && exempt.is_none() {
            scope.report(
                Diagnostic::error(
                    "missing-key",
                    "`unless` is missing: it says why the person's amount may fall as the bill rises",
                )
                .at(at.clone()),
            );
        }
        if exempt.is_some() && cites.is_empty() {
            scope.report(Diagnostic::error("missing-key", "an exemption cites the clause that makes it").at(at));
        }
        inner.close();
        if general || holds.is_some() || order.is_some() {
            all.push(RawClaim { id, text, holds, order, exempt, cites });
        }
    }
    all
}
