//! Reading `cases.yaml`.

use std::collections::BTreeSet;

use super::form;
use crate::case::{Answer, Case, answer_of, case_of, named_of};
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::text::{self, Limits, Node};
use crate::year::{Encounter, YearCase};

/// Where a case's numbers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Someone else's printed result.
    Published,
    /// Calculated from the clause.
    Derived,
    /// Made up, for mechanics.
    Invented,
}

/// A file of cases.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// Cases.
    pub cases: Vec<TestCase>,
}

/// One case.
#[derive(Debug, Clone)]
pub struct TestCase {
    /// Id.
    pub id: String,
    /// Where its numbers come from.
    pub origin: Origin,
    /// What is asked.
    pub scenario: Scenario,
    /// What must come out.
    pub expect: Expected,
    /// Hand calculations: path of an expected value, and the sum.
    pub working: Vec<(String, String)>,
    /// Words by which cases are chosen.
    pub tags: Vec<String>,
    /// The day that decides, where it is given apart from the facts.
    pub date: Option<Answer>,
    /// Where each expected value stands, by its path below `expect`.
    pub spots: Vec<(String, Place)>,
    /// Where it stands.
    pub place: Place,
}

/// What is asked.
#[derive(Debug, Clone)]
pub enum Scenario {
    /// One service.
    One(String, Case),
    /// A year.
    Year(YearCase),
}

/// What must come out.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    /// `computed incomplete refused`.
    pub outcome: Option<String>,
    /// Amounts by payer, `patient`, `cash`, `net`, `total`, or step of a benefit.
    pub amounts: Vec<(String, String)>,
    /// Verdict.
    pub verdict: Option<String>,
    /// Limit: least of a range, and most.
    pub limit: Option<(Option<String>, String)>,
    /// Values of steps.
    pub steps: Vec<(String, String)>,
    /// Clauses that must appear.
    pub clauses: Vec<String>,
    /// Facts that must be missing, all of them; `None` says nothing.
    pub missing: Option<Vec<String>>,
    /// What an amount can still be where answers are missing: its least and its greatest.
    pub bounds: Vec<(String, (String, String))>,
    /// Code of a refusal.
    pub refusal: Option<String>,
    /// Code of an error.
    pub error: Option<String>,
    /// The pack that governs.
    pub governs: Option<String>,
    /// Warnings that must appear.
    pub warnings: Vec<String>,
    /// Papers still to bring: steps.
    pub documents: Option<Vec<String>>,
    /// Credit of an encounter.
    pub credit: Option<String>,
    /// Balances after an encounter.
    pub after: Vec<(String, String)>,
    /// Encounters of a year.
    pub encounters: Vec<(String, Expected)>,
}

/// Reads a file of cases.
///
/// # Errors
/// Every problem of its form at once.
pub fn parse_cases(file: &str, bytes: &[u8]) -> Result<CaseFile, Diagnostics> {
    let node = text::parse(file, bytes, &Limits::default())?;
    let mut reader = Reader { file, problems: Diagnostics::new() };
    let all = node.get("cases").and_then(Node::as_sequence).unwrap_or_default();
    if all.is_empty() {
        reader.report("no-cases", "there are no cases: `cases` is a list with at least one".into(), &node, "");
    }
    let mut cases: Vec<TestCase> = Vec::new();
    let mut ids = BTreeSet::new();
    for (i, item) in all.iter().enumerate() {
        if let Some(case) = reader.case(item, &format!("cases[{i}]")) {
            if !ids.insert(case.id.clone()) {
                reader.report(
                    "duplicate-id",
                    format!("there are two cases `{}`", case.id),
                    item,
                    &format!("cases[{i}]"),
                );
            }
            cases.push(case);
        }
    }
    if reader.problems.has_errors() { Err(reader.problems.sorted()) } else { Ok(CaseFile { cases }) }
}

struct Reader<'a> {
    file: &'a str,
    problems: Diagnostics,
}

const CASE_KEYS: [&str; 14] = [
    "id",
    "service",
    "origin",
    "facts",
    "parameters",
    "ledger",
    "previous",
    "year",
    "expect",
    "working",
    "note",
    "cite",
    "date",
    "tags",
];
const EXPECT_KEYS: [&str; 16] = [
    "outcome",
    "amounts",
    "verdict",
    "limit",
    "steps",
    "clauses",
    "missing",
    "refusal",
    "error",
    "governs",
    "warnings",
    "documents",
    "credit",
    "after",
    "encounters",
    "bounds",
];

impl Reader<'_> {
    fn report(&mut self, code: &'static str, message: String, node: &Node, path: &str) {
        self.problems.push(Diagnostic::error(code, message).at(node.place(self.file, path)));
    }

    fn keys(&mut self, node: &Node, known: &[&str], path: &str) {
        for entry in node.as_mapping().unwrap_or_default() {
            if !known.contains(&entry.key.value.as_str()) {
                let problem = Diagnostic::error("unknown-key", format!("`{}` is not a key here", entry.key.value))
                    .at(entry.key.place(self.file, path));
                self.problems.push(problem.help(format!("keys here are {}", known.join(" "))));
            }
        }
    }

    fn word(&self, node: &Node, key: &str) -> Option<String> {
        node.get(key).and_then(Node::as_text).map(str::to_owned)
    }

    fn case(&mut self, node: &Node, path: &str) -> Option<TestCase> {
        self.keys(node, &CASE_KEYS, path);
        let Some(id) = self.word(node, "id") else {
            self.report("missing-key", "`id` is missing".into(), node, path);
            return None;
        };
        let origin = match self.word(node, "origin").as_deref() {
            Some("published") => Origin::Published,
            Some("derived") => Origin::Derived,
            Some("invented") => Origin::Invented,
            _ => {
                self.report("missing-key", "`origin` is one of published derived invented".into(), node, path);
                return None;
            }
        };
        let scenario = match node.get("year") {
            Some(year) => Scenario::Year(self.year(node, year, path)?),
            None => {
                let Some(service) = self.word(node, "service") else {
                    self.report("missing-key", "`service` is missing".into(), node, path);
                    return None;
                };
                Scenario::One(service, self.one(node, path)?)
            }
        };
        let Some(expect) = node.get("expect") else {
            self.report(
                "missing-key",
                "`expect` is missing: a case without an expectation cannot fail".into(),
                node,
                path,
            );
            return None;
        };
        let mut spots = Vec::new();
        form::spots(self.file, "", expect, &mut spots);
        let expect = self.expected(expect, &format!("{path}.expect"));
        if let (Some(date), Scenario::Year(_)) = (node.get("date"), &scenario) {
            self.report("unknown-key", "`date` is not a key here: each encounter has its own day".into(), date, path);
        }
        let date = node.get("date").map(|n| answer_of(self.file, &format!("{path}.date"), n));
        let tags = form::words(node, "tags").unwrap_or_default();
        let mut working = Vec::new();
        if let Some(found) = node.get("working") {
            flatten(found, "", &mut working);
            form::spots(self.file, "working", found, &mut spots);
        }
        Some(TestCase { id, origin, scenario, expect, working, tags, date, spots, place: node.place(self.file, path) })
    }

    fn one(&mut self, node: &Node, path: &str) -> Option<Case> {
        let facts = node.get("facts").map(|n| named_of(self.file, &format!("{path}.facts"), n)).unwrap_or_default();
        match case_of(self.file, path, node) {
            Ok(case) => Some(Case { facts, ..case }),
            Err(e) => {
                self.problems.append(e);
                None
            }
        }
    }

    fn year(&mut self, case: &Node, node: &Node, path: &str) -> Option<YearCase> {
        self.keys(node, &["opening", "encounters"], path);
        let opening = node.get("opening").map(|n| named_of(self.file, &format!("{path}.year.opening"), n));
        let parameters =
            case.get("parameters").map(|n| named_of(self.file, &format!("{path}.parameters"), n)).unwrap_or_default();
        let mut encounters = Vec::new();
        for (i, item) in node.get("encounters").and_then(Node::as_sequence).unwrap_or_default().iter().enumerate() {
            let at = format!("{path}.year.encounters[{i}]");
            self.keys(item, &["id", "service", "facts", "follows", "previous", "ledger"], &at);
            let (Some(id), Some(service)) =
                (self.word(item, "id"), self.word(item, "service").or_else(|| self.word(case, "service")))
            else {
                self.report("missing-key", "an encounter has `id` and `service`".into(), item, &at);
                continue;
            };
            let case = self.one(item, &at)?;
            encounters.push(Encounter {
                id,
                service,
                follows: self.word(item, "follows"),
                case,
                place: Some(item.place(self.file, &at)),
            });
        }
        Some(YearCase { opening, encounters, parameters })
    }

    fn expected(&mut self, node: &Node, path: &str) -> Expected {
        self.keys(node, &EXPECT_KEYS, path);
        form::check(self.file, path, node, &mut self.problems);
        let pairs = |key: &str| -> Vec<(String, String)> {
            let entries = node.get(key).and_then(Node::as_mapping).unwrap_or_default();
            entries.iter().map(|e| (e.key.value.clone(), e.value.as_text().unwrap_or("").to_owned())).collect()
        };
        let limit = node.get("limit").map(|n| match n.as_mapping() {
            Some(_) => (self.word(n, "from"), self.word(n, "to").unwrap_or_default()),
            None => (None, n.as_text().unwrap_or("").to_owned()),
        });
        let mut encounters = Vec::new();
        for entry in node.get("encounters").and_then(Node::as_mapping).unwrap_or_default() {
            encounters.push((
                entry.key.value.clone(),
                self.expected(&entry.value, &format!("{path}.encounters.{}", entry.key.value)),
            ));
        }
        let mut bounds = Vec::new();
        for entry in node.get("bounds").and_then(Node::as_mapping).unwrap_or_default() {
            let (bound, at) = (&entry.value, format!("{path}.bounds.{}", entry.key.value));
            self.keys(bound, &["least", "greatest"], &at);
            match (self.word(bound, "least"), self.word(bound, "greatest")) {
                (Some(least), Some(greatest)) => bounds.push((entry.key.value.clone(), (least, greatest))),
                _ => self.report("missing-key", "a bound has `least` and `greatest`".into(), bound, &at),
            }
        }
        Expected {
            bounds,
            outcome: self.word(node, "outcome"),
            amounts: pairs("amounts"),
            verdict: self.word(node, "verdict"),
            limit,
            steps: pairs("steps"),
            clauses: form::words(node, "clauses").unwrap_or_default(),
            missing: form::words(node, "missing"),
            refusal: self.word(node, "refusal"),
            error: self.word(node, "error"),
            governs: self.word(node, "governs"),
            warnings: form::words(node, "warnings").unwrap_or_default(),
            documents: form::words(node, "documents"),
            credit: self.word(node, "credit"),
            after: pairs("after"),
            encounters,
        }
    }
}

/// Hand calculations as path and sum: `fund`, or `stay.fund` for an encounter.
fn flatten(node: &Node, path: &str, out: &mut Vec<(String, String)>) {
    for entry in node.as_mapping().unwrap_or_default() {
        let key = if path.is_empty() { entry.key.value.clone() } else { format!("{path}.{}", entry.key.value) };
        let key = key.strip_prefix("encounters.").map(str::to_owned).unwrap_or(key);
        match entry.value.as_text() {
            Some(sum) => out.push((key, sum.to_owned())),
            None => flatten(&entry.value, &key, out),
        }
    }
    if let Some(sum) = node.as_text() {
        out.push((path.to_owned(), sum.to_owned()));
    }
}
