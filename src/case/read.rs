//! Cases from YAML or JSON text.

use super::answer::{Answer, AnswerKind, Case, Earlier, Named};
use crate::diagnostic::{Diagnostic, Diagnostics, clipped};
use crate::text::{Node, NodeKind};

/// The answer that a node is.
#[must_use]
pub fn answer_of(file: &str, path: &str, node: &Node) -> Answer {
    let kind = match &node.kind {
        NodeKind::Scalar { .. } if node.is_null() => AnswerKind::None,
        NodeKind::Scalar { text, quoted: false, .. } if text == "true" || text == "false" => {
            AnswerKind::Truth(text == "true")
        }
        NodeKind::Scalar { text, .. } => AnswerKind::Text(text.clone()),
        NodeKind::Sequence(all) => {
            AnswerKind::List(all.iter().enumerate().map(|(i, n)| answer_of(file, &format!("{path}[{i}]"), n)).collect())
        }
        NodeKind::Mapping(_) => AnswerKind::Map(named_of(file, path, node)),
    };
    Answer { kind, place: Some(node.place(file, path)) }
}

/// The entries of a mapping as named answers; nothing for other nodes.
#[must_use]
pub fn named_of(file: &str, path: &str, node: &Node) -> Named {
    let entries = node.as_mapping().unwrap_or_default();
    let joint = if path.is_empty() { "" } else { "." };
    entries
        .iter()
        // No name is longer than what is kept of it here: a path of each of many answers under a long key is the product
        // of both.
        .map(|e| (e.key.value.clone(), answer_of(file, &format!("{path}{joint}{}", clipped(&e.key.value)), &e.value)))
        .collect()
}

/// Reads a case: `facts`, `parameters`, `ledger`, `previous`; or a plain mapping of facts.
///
/// # Errors
/// Where a section is not a mapping.
pub fn case_of(file: &str, path: &str, node: &Node) -> Result<Case, Diagnostics> {
    let mut problems = Diagnostics::new();
    let sections = ["facts", "parameters", "ledger", "previous"];
    let sectioned = node.as_mapping().is_some_and(|all| all.iter().any(|e| sections.contains(&e.key.value.as_str())));
    if node.as_mapping().is_none() {
        problems.push(
            Diagnostic::error("expected-mapping", format!("found {} where a case is expected", node.kind_word()))
                .at(node.place(file, path))
                .help("write `facts: { total: \"20000\", … }`"),
        );
        return Err(problems);
    }
    if !sectioned {
        return Ok(Case { facts: named_of(file, path, node), ..Case::default() });
    }
    let joint = if path.is_empty() { "" } else { "." };
    let mut section = |key: &str| -> Named {
        let path = format!("{path}{joint}{key}");
        let Some(found) = node.get(key).filter(|n| !n.is_null()) else { return Vec::new() };
        if found.as_mapping().is_none() {
            problems.push(
                Diagnostic::error(
                    "expected-mapping",
                    format!("`{key}` is {} where a mapping is expected", found.kind_word()),
                )
                .at(found.place(file, &path)),
            );
        }
        named_of(file, &path, found)
    };
    let (facts, parameters, ledger) = (section("facts"), section("parameters"), section("ledger"));
    let previous = match node.get("previous") {
        None => Earlier::Unknown,
        Some(found) if found.as_text() == Some("none") => Earlier::None,
        Some(found) => Earlier::Known(if found.is_null() { Vec::new() } else { section("previous") }),
    };
    if problems.is_empty() { Ok(Case { facts, parameters, ledger, previous }) } else { Err(problems) }
}
