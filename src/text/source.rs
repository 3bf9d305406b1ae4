//! The text as characters, with its lines.

use super::node::Span;
use crate::diagnostic::Place;

/// A decoded text whose line ends are all `\n`.
///
/// Characters, not bytes, because every place is counted in characters and a line can be the whole of a JSON file.
pub(super) struct Source<'a> {
    file: &'a str,
    chars: Vec<char>,
    /// The index of the first character of each line; never empty.
    line_starts: Vec<usize>,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: &'a str, text: &str) -> Self {
        let mut chars = Vec::with_capacity(text.len());
        let mut line_starts = vec![0];
        let mut after_cr = false;
        for c in text.chars() {
            if after_cr && c == '\n' {
                after_cr = false;
                continue;
            }
            after_cr = c == '\r';
            let c = if after_cr { '\n' } else { c };
            chars.push(c);
            if c == '\n' {
                line_starts.push(chars.len());
            }
        }
        Self { file, chars, line_starts }
    }

    pub(super) fn chars(&self) -> &[char] {
        &self.chars
    }

    pub(super) fn get(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &[char] {
        self.chars.get(start..end).unwrap_or_default()
    }

    /// The index of a saphyr position: its line counts from 1, its column from 0. Clamped to the text, because saphyr
    /// puts the end of a text without a final line break on the line after it.
    pub(super) fn index(&self, line: usize, column: usize) -> usize {
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.chars.len());
        start.saturating_add(column).min(self.chars.len())
    }

    /// Line and column, both from 1, of an index.
    pub(super) fn position(&self, index: usize) -> (u32, u32) {
        let line = self.line_starts.partition_point(|start| *start <= index);
        let start = line.checked_sub(1).and_then(|n| self.line_starts.get(n)).copied().unwrap_or(0);
        (small(line), small(index.saturating_sub(start).saturating_add(1)))
    }

    /// The characters of line `number` (from 1), without its end.
    pub(super) fn line(&self, number: u32) -> &[char] {
        let at = number as usize;
        let Some(start) = at.checked_sub(1).and_then(|n| self.line_starts.get(n)).copied() else {
            return &[];
        };
        let end = self.line_starts.get(at).map_or(self.chars.len(), |next| next.saturating_sub(1));
        self.slice(start, end)
    }

    /// The end of an anchor, alias or tag that starts at `start`; clipped, so that many take linear time together.
    pub(super) fn word_end(&self, start: usize) -> usize {
        let most = self.slice(start, start.saturating_add(64).min(self.chars.len()));
        let word = most.iter().take_while(|c| !c.is_whitespace() && !matches!(c, ',' | '[' | ']' | '{' | '}')).count();
        start.saturating_add(word)
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let (start_line, start_column) = self.position(start);
        let (end_line, end_column) = self.position(end.max(start));
        Span { start_line, start_column, end_line, end_column }
    }

    pub(super) fn place(&self, start: usize, end: usize, path: &str) -> Place {
        self.span(start, end).place(self.file, path)
    }

    pub(super) const fn file(&self) -> &str {
        self.file
    }
}

pub(super) fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
