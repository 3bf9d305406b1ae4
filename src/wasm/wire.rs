//! A case as JavaScript walked it, and the answers it is, each with its path.

use crate::case::{Answer, AnswerKind, Case, Earlier, Named};
use crate::decision::camel_case;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, clipped};
use crate::plan::{Fact, Plan};

use super::json::{FromJson, Reader};

/// One value, tagged so that nothing a caller writes can be taken for something else.
#[derive(Debug, Clone)]
pub(super) enum Wire {
    None,
    Truth(bool),
    Text(String),
    /// What no answer can be, in words.
    Unreadable(String),
    List(Vec<Wire>),
    Map(Vec<(String, Wire)>),
}

impl FromJson for Wire {
    fn read(json: &mut Reader<'_>) -> Self {
        let (name, holds) = json.variant();
        let wire = match name {
            "none" => Self::None,
            "truth" => Self::Truth(FromJson::read(json)),
            "text" => Self::Text(FromJson::read(json)),
            "unreadable" => Self::Unreadable(FromJson::read(json)),
            "list" => Self::List(FromJson::read(json)),
            "map" => Self::Map(FromJson::read(json)),
            _ => {
                json.fail("a tagged answer");
                Self::None
            }
        };
        json.end_variant(holds);
        wire
    }
}

impl Wire {
    pub(super) fn word(&self) -> String {
        match self {
            Self::None => "nothing".into(),
            Self::Truth(yes) => format!("`{yes}`"),
            Self::Text(text) => format!("`{}`", clipped(text)),
            Self::Unreadable(what) => what.clone(),
            Self::List(_) => "a list".into(),
            Self::Map(_) => "a mapping".into(),
        }
    }

    pub(super) fn entries(&self) -> &[(String, Wire)] {
        match self {
            Self::Map(all) => all,
            _ => &[],
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Wire> {
        self.entries().iter().find(|(k, _)| k == key).map(|(_, v)| v).filter(|v| !matches!(v, Self::None))
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

pub(super) fn place(path: &str) -> Place {
    Place { path: path.to_owned(), ..Place::default() }
}

pub(super) fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Reads cases against a plan: a key may be written as the pack writes it or as JavaScript does.
pub(super) struct Reading<'a> {
    pub(super) plan: &'a Plan,
    pub(super) problems: Diagnostics,
}

const SECTIONS: [&str; 4] = ["facts", "parameters", "ledger", "previous"];

impl<'a> Reading<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        Self { plan, problems: Diagnostics::new() }
    }

    pub(super) fn report(&mut self, code: &'static str, message: String, path: &str, help: &str) {
        self.problems.push(Diagnostic::error(code, message).at(place(path)).help(help));
    }

    /// What was read, if nothing was wrong with it.
    pub(super) fn read<T>(self, read: T) -> Result<T, Diagnostics> {
        if self.problems.has_errors() { Err(self.problems) } else { Ok(read) }
    }

    /// A case: `facts`, `parameters`, `ledger`, `previous`; or the facts themselves.
    pub(super) fn case(&mut self, wire: &Wire, path: &str) -> Case {
        let Wire::Map(all) = wire else {
            self.report(
                "expected-mapping",
                format!("found {} where a case is expected", wire.word()),
                path,
                "give { facts: { total: \"20000\", … } }",
            );
            return Case::default();
        };
        if !all.iter().any(|(key, _)| SECTIONS.contains(&key.as_str())) {
            return Case { facts: self.facts(wire, path), ..Case::default() };
        }
        for (key, _) in all {
            if !SECTIONS.contains(&key.as_str()) {
                self.report(
                    "unknown-key",
                    format!("`{}` is not a key of a case", clipped(key)),
                    &joined(path, key),
                    "keys are facts parameters ledger previous",
                );
            }
        }
        let plan = self.plan;
        let facts = wire.get("facts").map(|w| self.facts(w, &joined(path, "facts"))).unwrap_or_default();
        let parameters =
            wire.get("parameters").map(|w| self.parameters(w, &joined(path, "parameters"))).unwrap_or_default();
        let ledger = wire.get("ledger").map(|w| self.ledger(w, &joined(path, "ledger"))).unwrap_or_default();
        let previous = match wire.get("previous") {
            None => Earlier::Unknown,
            Some(Wire::Text(word)) if word == "none" => Earlier::None,
            Some(known) => {
                let ids: Vec<&str> = plan.previous.iter().map(|p| p.id.as_str()).collect();
                Earlier::Known(self.named(known, &joined(path, "previous"), &ids))
            }
        };
        Case { facts, parameters, ledger, previous }
    }

    pub(super) fn parameters(&mut self, wire: &Wire, path: &str) -> Named {
        let ids: Vec<&str> = self.plan.parameters.iter().map(|p| p.id.as_str()).collect();
        self.named(wire, path, &ids)
    }

    pub(super) fn ledger(&mut self, wire: &Wire, path: &str) -> Named {
        let ids: Vec<&str> = self.plan.ledger.iter().flat_map(|l| &l.entries).map(|e| e.id.as_str()).collect();
        self.named(wire, path, &ids)
    }

    /// Balances before the first encounter, and the day they are of.
    pub(super) fn opening(&mut self, wire: &Wire, path: &str) -> Named {
        let entries = self.plan.ledger.iter().flat_map(|l| &l.entries).map(|e| e.id.as_str());
        let ids: Vec<&str> = entries.chain([crate::year::OPENING_DAY]).collect();
        self.named(wire, path, &ids)
    }

    fn facts(&mut self, wire: &Wire, path: &str) -> Named {
        let plan = self.plan;
        let entries = self.section(wire, path);
        let ids: Vec<&str> = plan.facts.iter().map(|f| f.id.as_str()).collect();
        let mut all = Named::new();
        for (key, value) in entries {
            let (path, id) = (joined(path, key), self.resolve(key, &ids));
            let fact = plan.facts.iter().find(|f| f.id == id);
            let answer = answer(value, &path, fact);
            self.add(&mut all, id, key, answer, &path);
        }
        all
    }

    fn named(&mut self, wire: &Wire, path: &str, ids: &[&str]) -> Named {
        let mut all = Named::new();
        for (key, value) in self.section(wire, path) {
            let path = joined(path, key);
            let id = self.resolve(key, ids);
            self.add(&mut all, id, key, answer(value, &path, None), &path);
        }
        all
    }

    fn section<'w>(&mut self, wire: &'w Wire, path: &str) -> &'w [(String, Wire)] {
        if !matches!(wire, Wire::Map(_)) {
            self.report(
                "expected-mapping",
                format!("found {} where a mapping is expected", wire.word()),
                path,
                "give an object of names and answers",
            );
        }
        wire.entries()
    }

    fn resolve(&self, key: &str, ids: &[&str]) -> String {
        resolve(key, ids.iter().copied())
    }

    fn add(&mut self, all: &mut Named, id: String, key: &str, answer: Answer, path: &str) {
        if all.iter().any(|(known, _)| *known == id) {
            self.report(
                "duplicate-key",
                format!("`{id}` is answered twice, as `{}` too", clipped(key)),
                path,
                "give it once",
            );
            return;
        }
        all.push((id, answer));
    }
}

/// The name that a key means: itself, else the one that JavaScript writes this way.
pub(super) fn resolve<'i>(key: &str, ids: impl Iterator<Item = &'i str> + Clone) -> String {
    if ids.clone().any(|id| id == key) {
        return key.to_owned();
    }
    ids.clone().find(|id| camel_case(id) == key).unwrap_or(key).to_owned()
}

/// The answer that a value is; `fact` names the fields of an institution or a record.
fn answer(wire: &Wire, path: &str, fact: Option<&Fact>) -> Answer {
    let kind = match wire {
        Wire::None => AnswerKind::None,
        Wire::Truth(yes) => AnswerKind::Truth(*yes),
        Wire::Text(text) => AnswerKind::Text(text.clone()),
        Wire::Unreadable(what) => AnswerKind::Unreadable(what.clone()),
        Wire::List(all) => {
            AnswerKind::List(all.iter().enumerate().map(|(i, w)| answer(w, &format!("{path}[{i}]"), fact)).collect())
        }
        Wire::Map(all) => {
            let fields = fact.map(|f| f.fields.as_slice()).unwrap_or_default();
            let one = |(key, value): &(String, Wire)| {
                let id = resolve(key, fields.iter().map(|f| f.id.as_str()));
                let inner = fields.iter().find(|f| f.id == id);
                (id, answer(value, &joined(path, key), inner))
            };
            AnswerKind::Map(all.iter().map(one).collect())
        }
    };
    Answer { kind, place: Some(place(path)) }
}
