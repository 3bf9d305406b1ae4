//! The canonical form of a pack: JSON with sorted keys and no spaces, texts as written. Its SHA-256
//! is the pack's digest; the vocabulary and the frames it leans on are part of what is digested.

use super::frame::Bound;
use crate::text::{Node, NodeKind};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Canonical JSON of a tree.
#[must_use]
pub fn canonical_json(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    match &node.kind {
        NodeKind::Scalar { .. } if node.is_null() => out.push_str("null"),
        NodeKind::Scalar { text, .. } => quote(text, out),
        NodeKind::Sequence(all) => {
            out.push('[');
            for (i, item) in all.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        NodeKind::Mapping(entries) => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by(|a, b| a.key.value.cmp(&b.key.value));
            out.push('{');
            for (i, entry) in sorted.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                quote(&entry.key.value, out);
                out.push(':');
                write(&entry.value, out);
            }
            out.push('}');
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A pack with what it leans on, as one text: its canonical JSON, then after a zero byte each the vocabulary's facts
/// that it names, the vocabulary's constraints on those, and the bounds that its steps are held to. Other changes of
/// them leave the text alone. Its SHA-256 is the digest.
#[must_use]
pub fn canonical_text(pack: &Node, vocabulary: Option<&Node>, bounds: &[Bound]) -> String {
    let mut text = canonical_json(pack);
    let mut add = |part: &str| {
        text.push('\0');
        text.push_str(part);
    };
    let mut named = BTreeSet::new();
    if let Some(facts) = pack.get("facts") {
        words(facts, &mut named);
    }
    let section = |key: &str| vocabulary.and_then(|v| v.get(key));
    let facts = section("facts").and_then(Node::as_mapping).unwrap_or_default();
    for entry in facts.iter().filter(|entry| named.contains(entry.key.value.as_str())) {
        add(&canonical_json(&entry.value));
    }
    for constraint in section("constraints").and_then(Node::as_sequence).unwrap_or_default() {
        let must = constraint.get("must").and_then(Node::as_text).unwrap_or_default();
        let names = must
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
            .map(|name| name.split('.').next().unwrap_or(name));
        let asked = |name: &str| facts.iter().any(|entry| entry.key.value == name);
        if names.filter(|name| asked(name)).all(|name| named.contains(name)) {
            add(&canonical_json(constraint));
        }
    }
    let mut all = BTreeSet::new();
    words(pack, &mut all);
    let mut held: Vec<String> = bounds
        .iter()
        .filter(|bound| all.contains(format!("{}/{}", bound.pack, bound.id).as_str()))
        .map(|bound| {
            let quotes = bound
                .cites
                .iter()
                .filter_map(|cite| bound.sources.get(cite.source as usize)?.clauses.get(cite.clause as usize));
            let quotes: Vec<&str> = quotes.map(|clause| clause.quote.as_str()).collect();
            format!("{}/{} {} {} {}", bound.pack, bound.id, bound.at_most, bound.written, quotes.join(" "))
        })
        .collect();
    // Whatever order the frames were given in.
    held.sort();
    held.iter().for_each(|bound| add(bound));
    text
}

/// SHA-256 of a pack's [`canonical_text`], hexadecimal.
#[must_use]
pub fn digest(pack: &Node, vocabulary: Option<&Node>, bounds: &[Bound]) -> String {
    digest_of(&canonical_text(pack, vocabulary, bounds))
}

pub(super) fn digest_of(canonical: &str) -> String {
    hex(&Sha256::digest(canonical))
}

/// All keys and texts of a tree.
fn words<'n>(node: &'n Node, out: &mut BTreeSet<&'n str>) {
    match &node.kind {
        NodeKind::Scalar { text, .. } => {
            out.insert(text);
        }
        NodeKind::Sequence(all) => all.iter().for_each(|item| words(item, out)),
        NodeKind::Mapping(entries) => {
            for entry in entries {
                out.insert(&entry.key.value);
                words(&entry.value, out);
            }
        }
    }
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
