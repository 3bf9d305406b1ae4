//! The form of what a case expects. Whatever has another form would be read as nothing, and a case that expects
//! nothing cannot fail.

use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::text::Node;

const TEXTS: [&str; 6] = ["outcome", "verdict", "refusal", "error", "governs", "credit"];
const MAPPINGS: [&str; 5] = ["amounts", "steps", "after", "encounters", "bounds"];
/// Each takes one text for a list of one; the second says whether it may be empty, which means none.
const LISTS: [(&str, bool); 4] = [("clauses", false), ("warnings", false), ("missing", true), ("documents", true)];

/// Reports what has not the form of an expectation.
pub(super) fn check(file: &str, path: &str, node: &Node, problems: &mut Diagnostics) {
    let mut report = |code: &'static str, message: String, node: &Node, path: &str| {
        problems.push(Diagnostic::error(code, message).at(node.place(file, path)));
    };
    let Some(entries) = node.as_mapping() else {
        return report("expected-mapping", format!("`expect` is {}, expected a mapping", node.kind_word()), node, path);
    };
    if entries.is_empty() {
        report("expected-mapping", "`expect` is empty: such a case cannot fail".into(), node, path);
    }
    for entry in entries {
        let (key, value) = (entry.key.value.as_str(), &entry.value);
        let at = format!("{path}.{key}");
        let found = |expected: &str| format!("`{key}` is {}, expected {expected}", value.kind_word());
        if TEXTS.contains(&key) && value.as_text().is_none_or(str::is_empty) {
            report("expected-text", found("text"), value, &at);
        }
        if MAPPINGS.contains(&key) && value.as_mapping().is_none_or(<[_]>::is_empty) {
            report("expected-mapping", found("a mapping with an entry"), value, &at);
        }
        if matches!(key, "amounts" | "steps" | "after") {
            for one in value.as_mapping().unwrap_or_default().iter().filter(|e| e.value.as_text().is_none()) {
                let message = format!("`{}` is {}, expected text", one.key.value, one.value.kind_word());
                report("expected-text", message, &one.value, &format!("{at}.{}", one.key.value));
            }
        }
        if let Some((_, empty)) = LISTS.iter().find(|(name, _)| *name == key) {
            let listed = value.as_sequence().map(|all| all.iter().all(|n| n.as_text().is_some()));
            let one = value.as_text().is_some_and(|text| *empty || !text.is_empty());
            if !(listed == Some(true) || one) || (!empty && value.as_sequence().is_some_and(<[_]>::is_empty)) {
                report("expected-list", found("a list of texts"), value, &at);
            }
        }
    }
}

/// A list of texts, or one text for a list of one.
pub(super) fn words(node: &Node, key: &str) -> Option<Vec<String>> {
    let found = node.get(key)?;
    Some(match found.as_sequence() {
        Some(all) => all.iter().filter_map(Node::as_text).map(str::to_owned).collect(),
        None => found.as_text().filter(|t| !t.is_empty()).map(|t| vec![t.to_owned()]).unwrap_or_default(),
    })
}

/// Where each expected value stands, by its path.
pub(super) fn spots(file: &str, path: &str, node: &Node, out: &mut Vec<(String, Place)>) {
    for entry in node.as_mapping().unwrap_or_default() {
        let at = if path.is_empty() { entry.key.value.clone() } else { format!("{path}.{}", entry.key.value) };
        out.push((at.clone(), entry.value.place(file, &at)));
        spots(file, &at, &entry.value, out);
    }
}
