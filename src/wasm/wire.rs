//! A case as JavaScript walked it, and the answers it is, each with its path.

use crate::case::{Answer, AnswerKind, Case, Earlier, Named};
use crate::decision::camel_chars;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity, clipped};
use crate::json::each_word;
use crate::plan::{Fact, Plan};

use super::json::{Blank, FromJson, Reader};

/// One value, tagged so that nothing a caller writes can be taken for something else.
#[derive(Debug)]
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
    fn read(&mut self, json: &mut Reader<'_>) {
        let (at, holds) = json.variant("none truth text unreadable list map");
        *self = match at {
            1 => Self::Truth(false),
            2 => Self::Text(String::new()),
            3 => Self::Unreadable(String::new()),
            4 => Self::List(Vec::new()),
            5 => Self::Map(Vec::new()),
            _ => Self::None,
        };
        match self {
            Self::None => {}
            Self::Truth(yes) => yes.read(json),
            Self::Text(text) | Self::Unreadable(text) => text.read(json),
            Self::List(all) => all.read(json),
            Self::Map(all) => all.read(json),
        }
        json.end_variant(holds);
    }
}

impl Blank for Wire {
    const BLANK: Self = Self::None;
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

    #[inline(never)]
    pub(super) fn get(&self, key: &str) -> Option<&Wire> {
        for (known, value) in self.entries() {
            if known == key {
                return if matches!(value, Self::None) { None } else { Some(value) };
            }
        }
        None
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

/// The path of what stands under a key. No name of a plan is longer than what is kept of it: the paths of a stranger's
/// answers grow with their number, not with their number times the length of a key above them.
pub(super) fn joined(path: &str, key: &str) -> String {
    let key = clipped(key);
    if path.is_empty() { key.to_owned() } else { [path, ".", key].concat() }
}

/// Reads cases against a plan: a key may be written as the pack writes it or as JavaScript does.
pub(super) struct Reading<'a> {
    pub(super) plan: &'a Plan,
    pub(super) problems: Diagnostics,
}

/// Keys of a case.
const SECTIONS: &str = "facts parameters ledger previous";

/// Whether a list of words has this one.
pub(super) fn among(words: &str, word: &str) -> bool {
    each_word(words).any(|known| known == word)
}

/// Names that answers may go by.
type Names<'i> = dyn Fn(usize) -> Option<&'i str> + 'i;

impl<'a> Reading<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        Self { plan, problems: Diagnostics::new() }
    }

    #[inline(never)]
    pub(super) fn report(&mut self, code: &'static str, message: String, path: &str, help: &str) {
        self.problems.push_with(Severity::Error, || Diagnostic::fault(code, message, Some(&place(path)), help));
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
        if all.iter().any(|(key, _)| among(SECTIONS, key)) {
            self.sections(wire, "", path)
        } else {
            Case { facts: self.facts(Some(wire), path), ..Case::default() }
        }
    }

    /// The sections of a case, among keys of its `own` that are none.
    pub(super) fn sections(&mut self, wire: &Wire, own: &str, path: &str) -> Case {
        for (key, _) in wire.entries() {
            if !among(SECTIONS, key) && !among(own, key) {
                self.report(
                    "unknown-key",
                    format!("`{}` is not a key of a case", clipped(key)),
                    &joined(path, key),
                    "keys are facts parameters ledger previous",
                );
            }
        }
        let plan = self.plan;
        let facts = self.facts(wire.get("facts"), &joined(path, "facts"));
        let parameters = self.parameters(wire, path);
        let ledger = self.named(wire, path, "ledger", &|i| Some(&plan.ledger.as_ref()?.entries.get(i)?.id));
        let previous = match wire.get("previous") {
            None => Earlier::Unknown,
            Some(Wire::Text(word)) if word == "none" => Earlier::None,
            Some(_) => Earlier::Known(self.named(wire, path, "previous", &|i| Some(&plan.previous.get(i)?.id))),
        };
        Case { facts, parameters, ledger, previous }
    }

    pub(super) fn parameters(&mut self, wire: &Wire, path: &str) -> Named {
        let plan = self.plan;
        self.named(wire, path, "parameters", &|i| Some(&plan.parameters.get(i)?.id))
    }

    /// Balances before the first encounter, and the day they are of.
    pub(super) fn opening(&mut self, wire: &Wire) -> Named {
        let entries = self.plan.ledger.as_ref().map_or(&[][..], |ledger| &ledger.entries);
        self.named(wire, "", "opening", &|i| match entries.get(i) {
            Some(entry) => Some(&entry.id),
            None => (i == entries.len()).then_some(crate::year::OPENING_DAY),
        })
    }

    fn facts(&mut self, wire: Option<&Wire>, path: &str) -> Named {
        let plan = self.plan;
        self.section(wire, path, &plan.facts, &|i| Some(&plan.facts.get(i)?.id))
    }

    /// The answers of one section, which may be absent.
    fn named(&mut self, wire: &Wire, path: &str, key: &str, names: &Names<'_>) -> Named {
        self.section(wire.get(key), &joined(path, key), &[], names)
    }

    fn section(&mut self, wire: Option<&Wire>, path: &str, facts: &[Fact], names: &Names<'_>) -> Named {
        let mut all = Named::new();
        // Names of the plan that were answered. What is none of them cannot be said in two ways, and is not looked for
        // among the others: that would take time in proportion to the square of their number.
        let mut taken: Vec<usize> = Vec::new();
        let Some(wire) = wire else { return all };
        if !matches!(wire, Wire::Map(_)) {
            self.report(
                "expected-mapping",
                format!("found {} where a mapping is expected", wire.word()),
                path,
                "give an object of names and answers",
            );
        }
        for (key, value) in wire.entries() {
            let (path, meant) = (joined(path, key), meant(key, names));
            let id = meant.map_or(key.as_str(), |(_, id)| id);
            if meant.is_some_and(|(at, _)| taken.contains(&at)) {
                self.report(
                    "duplicate-key",
                    format!("`{id}` is answered twice, as `{}` too", clipped(key)),
                    &path,
                    "give it once",
                );
                continue;
            }
            taken.extend(meant.map(|(at, _)| at));
            let answer = answer(value, path, facts.iter().find(|f| f.id == id));
            all.push((id.to_owned(), answer));
        }
        all
    }
}

/// The name that a key means, with its number: itself, else the one that JavaScript writes this way.
fn meant<'i>(key: &str, names: &Names<'i>) -> Option<(usize, &'i str)> {
    let mut written = None;
    let mut at = 0_usize;
    while let Some(name) = names(at) {
        if name == key {
            return Some((at, name));
        }
        if written.is_none() && camel_chars(name).eq(key.chars()) {
            written = Some((at, name));
        }
        at = at.saturating_add(1);
    }
    written
}

/// The fact that a key means.
pub(super) fn fact_meant<'k>(key: &'k str, facts: &'k [Fact]) -> &'k str {
    meant(key, &|i| Some(&facts.get(i)?.id)).map_or(key, |(_, id)| id)
}

/// The answer that a value is; `fact` names the fields of an institution or a record.
fn answer(wire: &Wire, path: String, fact: Option<&Fact>) -> Answer {
    let kind = match wire {
        Wire::None => AnswerKind::None,
        Wire::Truth(yes) => AnswerKind::Truth(*yes),
        Wire::Text(text) => AnswerKind::Text(text.clone()),
        Wire::Unreadable(what) => AnswerKind::Unreadable(what.clone()),
        Wire::List(all) => {
            let mut items = Vec::new();
            for item in all {
                items.push(answer(item, format!("{path}[{}]", items.len()), fact));
            }
            AnswerKind::List(items)
        }
        Wire::Map(all) => {
            let fields = fact.map_or(&[][..], |f| &f.fields);
            let mut named = Named::new();
            for (key, value) in all {
                let id = fact_meant(key, fields);
                let inner = fields.iter().find(|f| f.id == id);
                named.push((id.to_owned(), answer(value, joined(&path, key), inner)));
            }
            AnswerKind::Map(named)
        }
    };
    Answer { kind, place: Some(Place { path, ..Place::default() }) }
}
