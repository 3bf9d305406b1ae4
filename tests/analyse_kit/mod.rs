//! What the tests of the analyses share: every pack with its cases, and decisions as plain texts.
#![allow(dead_code, reason = "each test file uses its own part")]

use crate::common::{Folder, folders, library};
use std::collections::BTreeMap;
use yibao_rules::case::{Answer, AnswerKind, Case, Earlier};
use yibao_rules::compile::Pack;
use yibao_rules::decision::{Decision, Engine, Outcome, decide};
use yibao_rules::runner::Scenario;

/// Name, engine, single cases.
pub type Ready = (String, Engine, Vec<(String, Case)>);

/// Every pack, shipped and invented, with its single cases: service and answers. Stays of a year count as what they
/// answer themselves.
pub fn packs() -> Vec<Ready> {
    let library = library();
    let all = folders("packs").into_iter().chain(folders("tests/packs"));
    let ready = |folder: Folder| {
        let pack = Pack::parse(&folder.file, folder.text.as_bytes(), &library).unwrap_or_else(|e| panic!("{e}"));
        let single = |scenario| match scenario {
            Scenario::One(service, case) => vec![(service, case)],
            Scenario::Year(year) => year.encounters.into_iter().map(|e| (e.service, e.case)).collect(),
        };
        let cases = folder.cases.cases.into_iter().flat_map(|c| single(c.scenario)).collect();
        (folder.name, Engine::load(pack.into_plan()).unwrap(), cases)
    };
    all.map(ready).collect()
}

/// A case with one more answer: to a fact, an attribute, a balance or an open parameter.
pub fn with(engine: &Engine, case: &Case, name: &str, text: &str) -> Case {
    let mut case = case.clone();
    let answer = match text {
        "true" => Answer::truth(true),
        "false" => Answer::truth(false),
        text => Answer::text(text),
    };
    let put = |all: &mut Vec<(String, Answer)>, name: &str| {
        all.retain(|(known, _)| known != name);
        all.push((name.to_owned(), answer.clone()));
    };
    if let Some(entry) = name.strip_prefix("ledger.") {
        put(&mut case.ledger, entry);
    } else if let Some(field) = name.strip_prefix("previous.") {
        let mut fields = match case.previous {
            Earlier::Known(fields) => fields,
            _ => Vec::new(),
        };
        put(&mut fields, field);
        case.previous = Earlier::Known(fields);
    } else if engine.plan().parameters.iter().any(|p| p.id == name) {
        put(&mut case.parameters, name);
    } else if let Some((fact, field)) = name.split_once('.') {
        let known = case.facts.iter().position(|(known, _)| known == fact);
        let mut fields = match known.map(|at| case.facts.remove(at).1.kind) {
            Some(AnswerKind::Map(fields)) => fields,
            Some(AnswerKind::Text(id)) => vec![("id".to_owned(), Answer::text(id))],
            _ => Vec::new(),
        };
        fields.retain(|(known, _)| known != field);
        fields.push((field.to_owned(), answer));
        case.facts.push((fact.to_owned(), Answer { kind: AnswerKind::Map(fields), place: None }));
    } else {
        put(&mut case.facts, name);
    }
    case
}

/// Every amount of a decision that has a value, by the id that a curve gives it.
pub fn amounts(decision: &Decision) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut put = |id: &str, value: &yibao_rules::decision::Value| {
        if matches!(value.unit, "bool" | "option") {
            return;
        }
        if value.state == yibao_rules::plan::State::Known {
            all.insert(id.to_owned(), value.text.clone());
        }
    };
    if let Some(amounts) = &decision.amounts {
        put("total", &amounts.total);
        put("patient", &amounts.patient);
        put("net", &amounts.net);
        for payment in amounts.payments.iter().chain(&amounts.benefits) {
            put(&payment.step, &payment.amount);
        }
    }
    for allocation in &decision.allocations {
        put(&allocation.step, &allocation.amount);
    }
    for result in &decision.result {
        put(&result.id, &result.value);
    }
    if let Some(limit) = &decision.limit {
        put(&limit.step, &limit.to);
    }
    all
}

/// The amounts that deciding a case gives; none where it is refused or contradictory.
pub fn direct(engine: &Engine, service: &str, case: &Case) -> BTreeMap<String, String> {
    let decision = decide(engine, service, case).ok().filter(|d| d.outcome != Outcome::Refused);
    decision.as_ref().map(amounts).unwrap_or_default()
}

/// The same numbers in the same order, every time.
pub struct Seed(pub u64);

impl Seed {
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 20) % most.max(1)
    }
}
