//! The canonical form of a pack: JSON with sorted keys and no spaces, texts as written. Its SHA-256
//! is the pack's digest; the vocabulary and the frames it leans on are part of what is digested.

use super::frame::Bound;
use crate::text::{Node, NodeKind};
use sha2::{Digest, Sha256};
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

/// SHA-256 of a pack with what it leans on, hexadecimal.
#[must_use]
pub fn digest(pack: &Node, vocabulary: Option<&Node>, bounds: &[Bound]) -> String {
    let mut hash = Sha256::new();
    hash.update(canonical_json(pack));
    // Shared facts count where the pack names them; other changes of the vocabulary leave it alone.
    let facts = pack.get("facts").and_then(Node::as_mapping).unwrap_or_default();
    for entry in facts {
        if let Some(shared) = vocabulary.and_then(|v| v.get("facts")).and_then(|f| f.get(&entry.key.value)) {
            hash.update([0]);
            hash.update(canonical_json(shared));
        }
    }
    for bound in bounds {
        hash.update([0]);
        hash.update(format!("{}/{}={}", bound.pack, bound.id, bound.written));
    }
    hex(&hash.finalize())
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
