//! The spanned tree.

use crate::diagnostic::Place;

/// A range of the text: lines and columns from 1, columns in characters, the end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First line.
    pub start_line: u32,
    /// First column.
    pub start_column: u32,
    /// Last line.
    pub end_line: u32,
    /// The column after the last character.
    pub end_column: u32,
}

impl Span {
    /// The span in `file`, at `path` of the tree.
    #[must_use]
    pub fn place(&self, file: &str, path: &str) -> Place {
        Place {
            file: file.to_owned(),
            line: self.start_line,
            column: self.start_column,
            end_line: self.end_line,
            end_column: self.end_column,
            path: path.to_owned(),
        }
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written, quotes included.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Where it was written, in `file`, at `path` of the tree.
    #[must_use]
    pub fn place(&self, file: &str, path: &str) -> Place {
        self.span.place(file, path)
    }
}

/// A node of the tree.
///
/// Two nodes are equal when kinds *and* spans are; [`Node::same_content`] compares without the spans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it was written: a scalar from its first to its last character, quotes included (of a block scalar, its
    /// text without the `|`); a bracketed collection with its brackets; an indented one from its first to its last
    /// child; a value that is left out, the empty place after its `:` or `-`.
    pub span: Span,
    pub(super) layout: Layout,
}

/// The kinds of node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// Text. Nothing is read into it: `200`, `true` and `"200"` are text, `quoted` tells them apart.
    Scalar {
        /// The text, with escapes and folds resolved.
        text: String,
        /// Whether it was written in quotes.
        quoted: bool,
        /// Whether it was written as a block, after `|` or `>`.
        block: bool,
    },
    /// Nodes in order.
    Sequence(Vec<Node>),
    /// Entries in the order they were written; no key twice.
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Spanned<String>,
    /// The value.
    pub value: Node,
}

/// How the characters of a scalar lie in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Layout {
    /// On one line, this many columns after the start of the span.
    Straight(u32),
    /// In runs, ordered; white space between them.
    Runs(Box<[Run]>),
    /// Not known (escapes), or not a scalar.
    Unknown,
}

/// Consecutive characters of a scalar that are consecutive in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// The offset of the first, in characters of the scalar's text.
    pub(super) at: usize,
    pub(super) len: usize,
    pub(super) line: u32,
    pub(super) column: u32,
}

impl Node {
    /// The entries, if it is a mapping.
    #[must_use]
    pub fn as_mapping(&self) -> Option<&[Entry]> {
        match &self.kind {
            NodeKind::Mapping(entries) => Some(entries),
            NodeKind::Scalar { .. } | NodeKind::Sequence(_) => None,
        }
    }

    /// The nodes, if it is a sequence.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&[Self]> {
        match &self.kind {
            NodeKind::Sequence(nodes) => Some(nodes),
            NodeKind::Scalar { .. } | NodeKind::Mapping(_) => None,
        }
    }

    /// The text, if it is a scalar (the empty text for a value left out).
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            NodeKind::Sequence(_) | NodeKind::Mapping(_) => None,
        }
    }

    /// The value of `key`, if it is a mapping that has it. Takes time linear in the number of entries.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key`, if it is a mapping that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.as_mapping()?.iter().find(|entry| entry.key.value == key)
    }

    /// Whether it is a value left out, `~` or `null`, without quotes.
    #[must_use]
    pub fn is_null(&self) -> bool {
        match &self.kind {
            NodeKind::Scalar { text, quoted: false, block: false } => matches!(text.as_str(), "" | "~" | "null"),
            NodeKind::Scalar { .. } | NodeKind::Sequence(_) | NodeKind::Mapping(_) => false,
        }
    }

    /// Whether the scalar was written in quotes; false for other nodes.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        matches!(self.kind, NodeKind::Scalar { quoted: true, .. })
    }

    /// The word for its kind in messages: `text`, `a list`, `a mapping` or `nothing`.
    #[must_use]
    pub fn kind_word(&self) -> &'static str {
        match &self.kind {
            NodeKind::Scalar { .. } if self.is_null() => "nothing",
            NodeKind::Scalar { .. } => "text",
            NodeKind::Sequence(_) => "a list",
            NodeKind::Mapping(_) => "a mapping",
        }
    }

    /// Where it was written, in `file`, at `path` of the tree.
    #[must_use]
    pub fn place(&self, file: &str, path: &str) -> Place {
        self.span.place(file, path)
    }

    /// Where the characters from `start` up to `end` (offsets in *characters* of the scalar's text, `end` exclusive)
    /// were written. Offsets past the text mean its end.
    ///
    /// Exact for plain scalars, quoted ones without escapes, and blocks, on one line or several. For a scalar with
    /// escapes, and for other nodes, it is the span of the node.
    #[must_use]
    pub fn offset_span(&self, start: usize, end: usize) -> Span {
        let Some(text) = self.as_text() else {
            return self.span;
        };
        let length = text.chars().count();
        let start = start.min(length);
        let end = end.min(length).max(start);
        let Some((start_line, start_column)) = self.position(start) else {
            return self.span;
        };
        let after_last = match end.checked_sub(1).filter(|last| *last >= start) {
            Some(last) => self.position(last).map(|(line, column)| (line, column.saturating_add(1))),
            None => Some((start_line, start_column)),
        };
        let (end_line, end_column) = after_last.unwrap_or((start_line, start_column));
        Span { start_line, start_column, end_line, end_column }
    }

    /// [`Node::offset_span`] as a place in `file`, at `path` of the tree.
    #[must_use]
    pub fn offset_place(&self, file: &str, path: &str, start: usize, end: usize) -> Place {
        self.offset_span(start, end).place(file, path)
    }

    fn position(&self, offset: usize) -> Option<(u32, u32)> {
        let after = |column: u32, by: usize| column.saturating_add(super::source::small(by));
        match &self.layout {
            Layout::Straight(lead) => {
                let first = self.span.start_column.saturating_add(*lead);
                Some((self.span.start_line, after(first, offset)))
            }
            Layout::Runs(runs) => {
                let n = runs.partition_point(|run| run.at <= offset).saturating_sub(1);
                let run = runs.get(n)?;
                Some((run.line, after(run.column, offset.saturating_sub(run.at).min(run.len))))
            }
            Layout::Unknown => None,
        }
    }

    /// Whether both hold the same texts under the same keys in the same order, wherever and however they are written;
    /// quotes count, because `null` and `"null"` differ.
    #[must_use]
    pub fn same_content(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (NodeKind::Scalar { text: a, .. }, NodeKind::Scalar { text: b, .. }) => {
                a == b && self.is_null() == other.is_null()
            }
            (NodeKind::Sequence(a), NodeKind::Sequence(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_content(b))
            }
            (NodeKind::Mapping(a), NodeKind::Mapping(b)) => {
                let same = |(a, b): (&Entry, &Entry)| a.key.value == b.key.value && a.value.same_content(&b.value);
                a.len() == b.len() && a.iter().zip(b).all(same)
            }
            _ => false,
        }
    }
}
