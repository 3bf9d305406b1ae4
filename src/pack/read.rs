//! Reading a mapping field by field: what is missing, misspelt or of the wrong form is collected,
//! never thrown, so that one run shows all of it.

use super::limits::most;
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, nearest};
use crate::formula;
use crate::pack::raw::Formula;
use crate::plan::Text;
use crate::text::Node;
use core::cell::RefCell;

/// Where problems are collected while a file is read.
#[derive(Debug, Default)]
pub struct Scope {
    problems: RefCell<Diagnostics>,
}

impl Scope {
    /// Adds a problem.
    pub fn report(&self, diagnostic: Diagnostic) {
        self.problems.borrow_mut().push(diagnostic);
    }

    /// Whether the next problem would only be counted: then nobody reads its help.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.problems.borrow().is_full()
    }

    /// Whether anything so far refuses the text.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems.borrow().has_errors()
    }

    /// All problems so far.
    #[must_use]
    pub fn into_problems(self) -> Diagnostics {
        self.problems.into_inner()
    }
}

/// A piece of text and where it stands.
#[derive(Debug, Clone)]
pub struct Spot<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// The node.
    pub node: &'a Node,
    /// Path in the tree.
    pub path: String,
}

impl<'a> Spot<'a> {
    /// The text; empty where the node is not a scalar.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.node.as_text().unwrap_or("")
    }

    /// Its place.
    #[must_use]
    pub fn place(&self) -> Place {
        self.node.place(self.file, &self.path)
    }

    /// The place of some of its characters.
    #[must_use]
    pub fn part(&self, span: (usize, usize)) -> Place {
        self.node.offset_place(self.file, &self.path, span.0, span.1)
    }

    /// A child of a list or mapping.
    #[must_use]
    pub fn child(&self, node: &'a Node, step: &str) -> Self {
        let joint = if step.starts_with('[') || self.path.is_empty() { "" } else { "." };
        Self { file: self.file, node, path: format!("{}{joint}{step}", self.path) }
    }
}

/// A mapping that is being read.
pub struct Fields<'s, 'a> {
    scope: &'s Scope,
    spot: Spot<'a>,
    seen: RefCell<Vec<String>>,
}

impl<'s, 'a> Fields<'s, 'a> {
    /// Opens a mapping; anything else is reported.
    pub fn open(scope: &'s Scope, spot: Spot<'a>) -> Option<Self> {
        if spot.node.as_mapping().is_none() {
            scope.report(
                Diagnostic::error(
                    "expected-mapping",
                    format!("found {} where a mapping is expected", spot.node.kind_word()),
                )
                .at(spot.place()),
            );
            return None;
        }
        Some(Self { scope, spot, seen: RefCell::default() })
    }

    /// The collector.
    #[must_use]
    pub fn scope(&self) -> &'s Scope {
        self.scope
    }

    /// The mapping itself.
    #[must_use]
    pub fn spot(&self) -> &Spot<'a> {
        &self.spot
    }

    /// The value of a key that may be left out.
    pub fn get(&self, key: &str) -> Option<Spot<'a>> {
        self.seen.borrow_mut().push(key.to_owned());
        let node = self.spot.node.get(key)?;
        (!node.is_null()).then(|| self.spot.child(node, key))
    }

    /// The value of a key that must be there.
    pub fn need(&self, key: &str) -> Option<Spot<'a>> {
        let found = self.get(key);
        if found.is_none() {
            self.scope.report(Diagnostic::error("missing-key", format!("`{key}` is missing")).at(self.spot.place()));
        }
        found
    }

    fn scalar(&self, spot: Spot<'a>) -> Option<Spot<'a>> {
        if spot.node.as_text().is_some() {
            return Some(spot);
        }
        self.scope.report(
            Diagnostic::error("expected-text", format!("found {} where text is expected", spot.node.kind_word()))
                .at(spot.place()),
        );
        None
    }

    /// Text that may be left out.
    pub fn text(&self, key: &str) -> Option<Spot<'a>> {
        self.get(key).and_then(|spot| self.scalar(spot))
    }

    /// Text that must be there.
    pub fn need_text(&self, key: &str) -> Option<Spot<'a>> {
        self.need(key).and_then(|spot| self.scalar(spot))
    }

    /// One of some words.
    pub fn word<T: Copy>(&self, spot: &Spot<'a>, words: &[(&str, T)]) -> Option<T> {
        let found = words.iter().find(|(word, _)| *word == spot.text()).map(|(_, value)| *value);
        if found.is_none() {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.scope.report(
                Diagnostic::error("unknown-word", format!("`{}` is not one of {}", spot.text(), all.join(" ")))
                    .at(spot.place())
                    .meant_only(spot.text(), all.iter().copied()),
            );
        }
        found
    }

    /// A date that may be left out.
    pub fn date(&self, key: &str) -> Option<Date> {
        let spot = self.text(key)?;
        match Date::parse(spot.text()) {
            Ok(date) => Some(date),
            Err(e) => {
                self.scope
                    .report(Diagnostic::error("bad-date", e.to_string()).at(spot.place()).help("write 2023-06-16"));
                None
            }
        }
    }

    /// A whole number that may be left out.
    pub fn number(&self, key: &str, most: u32) -> Option<u32> {
        let spot = self.text(key)?;
        match spot.text().parse::<u32>() {
            Ok(n) if n <= most => Some(n),
            _ => {
                self.scope.report(
                    Diagnostic::error(
                        "bad-number",
                        format!("`{}` is not a whole number from 0 to {most}", spot.text()),
                    )
                    .at(spot.place()),
                );
                None
            }
        }
    }

    /// `true` or `false`; false where left out.
    pub fn flag(&self, key: &str) -> bool {
        let Some(spot) = self.text(key) else { return false };
        self.word(&spot, &[("true", true), ("false", false)]).unwrap_or(false)
    }

    /// A text in both languages that may be left out.
    pub fn label(&self, key: &str) -> Option<Text> {
        self.get(key).and_then(|spot| both_languages(self.scope, &spot))
    }

    /// A text in both languages that must be there.
    pub fn need_label(&self, key: &str) -> Text {
        self.need(key).and_then(|spot| both_languages(self.scope, &spot)).unwrap_or_default()
    }

    /// `zh` and `en` of this very mapping.
    pub fn own_label(&self) -> Text {
        let side = |key| self.need_text(key).map(|spot| spot.text().to_owned()).unwrap_or_default();
        Text { zh: side("zh"), en: side("en") }
    }

    /// A formula that may be left out.
    pub fn formula(&self, key: &str) -> Option<Formula<'a>> {
        let spot = self.text(key)?;
        parse_formula(self.scope, spot)
    }

    /// A formula that must be there.
    pub fn need_formula(&self, key: &str) -> Option<Formula<'a>> {
        let spot = self.need_text(key)?;
        parse_formula(self.scope, spot)
    }

    /// The items of a list; a lone value counts as a list of one.
    pub fn items(&self, key: &str) -> Vec<Spot<'a>> {
        let Some(spot) = self.get(key) else { return Vec::new() };
        self.at_most(key, &spot, items(&spot))
    }

    /// The first ones only, and a problem, where there are more than a pack may have.
    fn at_most<T>(&self, key: &str, spot: &Spot<'a>, all: Vec<T>) -> Vec<T> {
        at_most(self.scope, key, spot, all)
    }

    /// Items of a key that must hold a list.
    pub fn list(&self, key: &str) -> Vec<Spot<'a>> {
        let Some(spot) = self.get(key) else { return Vec::new() };
        if spot.node.as_sequence().is_none() {
            self.scope.report(
                Diagnostic::error("expected-list", format!("found {} where a list is expected", spot.node.kind_word()))
                    .at(spot.place()),
            );
        }
        self.at_most(key, &spot, items(&spot))
    }

    /// Key, key's place and value of each entry of a mapping that may be left out.
    pub fn entries(&self, key: &str) -> Vec<(String, Place, Spot<'a>)> {
        let Some(spot) = self.get(key) else { return Vec::new() };
        match Fields::open(self.scope, spot.clone()) {
            Some(inner) => self.at_most(key, &spot, inner.own_entries()),
            None => Vec::new(),
        }
    }

    /// Entries of this very mapping.
    pub fn own_entries(&self) -> Vec<(String, Place, Spot<'a>)> {
        let all = self.spot.node.as_mapping().unwrap_or_default();
        all.iter()
            .map(|entry| {
                let key = entry.key.value.clone();
                let path = self.spot.child(&entry.value, &key).path;
                (key.clone(), entry.key.place(self.spot.file, &path), self.spot.child(&entry.value, &key))
            })
            .collect()
    }

    /// Reports keys that nothing asked for; whether there was none.
    pub fn close(&self) -> bool {
        let mut clean = true;
        let seen = self.seen.borrow();
        for (key, place, _) in self.own_entries() {
            if !seen.contains(&key) {
                clean = false;
                let mut problem = Diagnostic::error("unknown-key", format!("`{key}` is not a key here")).at(place);
                if self.scope.is_full() {
                    self.scope.report(problem);
                    continue;
                }
                if let Some(near) = nearest(&key, &mut seen.iter().map(String::as_str)) {
                    problem = problem.help(format!("did you mean `{near}`?"));
                } else {
                    let mut all: Vec<&str> = seen.iter().map(String::as_str).collect();
                    all.sort_unstable();
                    all.dedup();
                    problem = problem.help(format!("keys here are {}", all.join(" ")));
                }
                self.scope.report(problem);
            }
        }
        clean
    }
}

/// The first ones only, and a problem, where there are more under a key than a pack may have.
pub(super) fn at_most<T>(scope: &Scope, key: &str, spot: &Spot<'_>, mut all: Vec<T>) -> Vec<T> {
    if let Some(most) = most(key).filter(|most| all.len() > *most) {
        let message = format!("`{key}` has {} entries, at most {most} are read", all.len());
        scope.report(
            Diagnostic::error("too-many", message)
                .at(spot.place())
                .help("split it: a pack can have several tables, services and sources, and there can be several packs"),
        );
        all.truncate(most);
    }
    all
}

/// Items of a list; a lone value counts as a list of one.
pub(super) fn items<'a>(spot: &Spot<'a>) -> Vec<Spot<'a>> {
    match spot.node.as_sequence() {
        Some(all) => all.iter().enumerate().map(|(i, node)| spot.child(node, &format!("[{i}]"))).collect(),
        None => vec![spot.clone()],
    }
}

pub(super) fn both_languages(scope: &Scope, spot: &Spot<'_>) -> Option<Text> {
    if spot.node.as_mapping().is_none() {
        let message = format!("found {} where a mapping is expected", spot.node.kind_word());
        scope.report(
            Diagnostic::error("expected-mapping", message)
                .at(spot.place())
                .help("write both languages: `{ zh: 示例, en: example }`"),
        );
        return None;
    }
    let fields = Fields::open(scope, spot.clone())?;
    let text = fields.own_label();
    fields.close();
    Some(text)
}

pub(super) fn parse_formula<'a>(scope: &Scope, spot: Spot<'a>) -> Option<Formula<'a>> {
    match formula::parse(spot.text()) {
        Ok(expr) => Some(Formula { spot, expr }),
        Err(e) => {
            let mut problem = Diagnostic::error(e.code, e.message.clone()).at(spot.part((e.start, e.end)));
            if let Some(help) = e.help {
                problem = problem.help(help);
            }
            scope.report(problem);
            None
        }
    }
}
