//! Where nodes lie in the text, exactly: what the parser's spans leave open.

use super::node::{Layout, Run, Span};
use super::source::{Source, small};

impl Source<'_> {
    /// The place after the `:` of a value that is left out; the parser gives the end of the key.
    pub(super) fn left_out(&self, start: usize) -> usize {
        let mut at = start;
        while self.get(at).is_some_and(|c| c == ' ' || c == '\t') {
            at = at.saturating_add(1);
        }
        if self.get(at) == Some(':') { at.saturating_add(1) } else { start }
    }

    /// The place after the closing quote; the parser counts the white space and the comment after it, too.
    pub(super) fn quote_end(&self, start: usize, end: usize) -> usize {
        let raw = self.slice(start, end);
        let Some(quote) = raw.first() else {
            return end;
        };
        let mut inner = raw.iter().zip(start..).skip(1).peekable();
        while let Some((c, at)) = inner.next() {
            if *quote == '"' && *c == '\\' {
                inner.next();
            } else if c == quote && (*quote == '"' || inner.next_if(|(next, _)| *next == quote).is_none()) {
                return at.saturating_add(1);
            }
        }
        end
    }

    /// The end without the white space that the parser counts to a block.
    pub(super) fn trimmed(&self, start: usize, end: usize) -> usize {
        let blank = self.slice(start, end).iter().rev().take_while(|c| c.is_ascii_whitespace()).count();
        end.saturating_sub(blank).max(start)
    }

    pub(super) fn layout(&self, text: &str, quoted: bool, start: usize, end: usize) -> Layout {
        let lead = usize::from(quoted);
        let start = start.saturating_add(lead);
        let end = end.saturating_sub(lead);
        let raw = self.slice(start, end);
        if !raw.contains(&'\n') && raw.iter().copied().eq(text.chars()) {
            return Layout::Straight(small(lead));
        }
        self.runs(text, start, raw).map_or(Layout::Unknown, |runs| Layout::Runs(runs.into()))
    }

    /// Lays the lines of `raw`, without their outer white space, along `text`. `None` unless they are the whole text.
    fn runs(&self, text: &str, start: usize, raw: &[char]) -> Option<Vec<Run>> {
        let mut runs = Vec::new();
        let mut rest = text.chars().enumerate().peekable();
        let mut line_start = start;
        for line in raw.split(|c| *c == '\n') {
            let blank = line.iter().take_while(|c| c.is_ascii_whitespace()).count();
            let words = trimmed_line(line);
            let begin = line_start.saturating_add(blank);
            line_start = line_start.saturating_add(line.len()).saturating_add(1);
            if words.is_empty() {
                continue;
            }
            while rest.next_if(|(_, c)| c.is_ascii_whitespace()).is_some() {}
            let at = rest.peek()?.0;
            for c in words {
                rest.next_if(|(_, read)| read == c)?;
            }
            let (line, column) = self.position(begin);
            runs.push(Run { at, len: words.len(), line, column });
        }
        rest.all(|(_, c)| c.is_ascii_whitespace()).then_some(runs)
    }

    pub(super) fn starts_with_dash(&self, start: usize, first: Option<Span>) -> bool {
        let after = start.saturating_add(1);
        let here = self.position(start);
        self.get(start) == Some('-')
            && self.get(after).is_none_or(char::is_whitespace)
            && first.is_none_or(|first| (first.start_line, first.start_column) != here)
    }

    /// The nearest line start `-` that is above or left of the start of `span`.
    pub(super) fn dash_before(&self, span: Span) -> (u32, u32) {
        for line in (1..=span.start_line).rev() {
            let chars = self.line(line);
            let blank = chars.iter().take_while(|c| **c == ' ').count();
            let column = small(blank.saturating_add(1));
            if chars.get(blank) == Some(&'-') && column < span.start_column {
                return (line, column);
            }
            if chars.get(blank).is_some_and(|c| *c != '#') && line < span.start_line {
                break;
            }
        }
        (span.start_line, span.start_column)
    }
}

/// A line without its outer white space.
fn trimmed_line(line: &[char]) -> &[char] {
    let mut words = line;
    while let [c, rest @ ..] = words
        && c.is_ascii_whitespace()
    {
        words = rest;
    }
    while let [rest @ .., c] = words
        && c.is_ascii_whitespace()
    {
        words = rest;
    }
    words
}
