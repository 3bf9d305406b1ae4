//! The parser's events to the tree, without recursion.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::node::{Entry, Layout, Node, NodeKind, Span, Spanned};
use super::source::Source;
use super::{Limits, bytes, keys, shown, syntax};
use crate::diagnostic::{Diagnostic, Diagnostics, unseen};

/// The depth that dropping and comparing a tree, which recurse, can take on any host.
const DEEPEST: usize = 128;

/// What a surrogate pair is replaced with, character for character, before the parser, which does not know pairs, sees
/// the text. Both are noncharacters, refused as characters and as escapes, so none is left when all are put back.
const STAND_IN: &str = "\\uFDD0\\uFDD1";
const STAND_IN_READ: &str = "\u{FDD0}\u{FDD1}";

pub(super) fn tree(source: &Source<'_>, limits: &Limits) -> Result<Node, Diagnostics> {
    let (text, pairs) = without_pairs(source);
    let mut builder = Builder {
        source,
        limits: Limits { depth: limits.depth.min(DEEPEST), ..*limits },
        pairs,
        frames: Vec::new(),
        root: None,
        nodes: 0,
        found: Diagnostics::new(),
    };
    let mut parser = Parser::new_from_str(&text);
    let mut documents = 0_usize;
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let opened = builder.frames.last().filter(|frame| frame.bracketed).map(|frame| frame.start);
                builder.found.push(syntax::diagnostic(source, &error, opened, builder.limits.depth));
                break;
            }
        };
        let start = source.index(span.start.line(), span.start.col());
        let end = source.index(span.end.line(), span.end.col()).max(start);
        if matches!(event, Event::DocumentStart(_)) {
            documents = documents.saturating_add(1);
            if documents > 1 {
                let problem = Diagnostic::error("several-documents", "a second document starts here; one is expected");
                let end = start.saturating_add(3);
                builder.found.push(problem.at(source.place(start, end, "")).help("write one document in a file"));
                break;
            }
        }
        if builder.event(event, start, end).is_err() {
            break;
        }
    }
    builder.finish()
}

/// The text with the stand-in for every surrogate pair, and the index and character of each.
fn without_pairs(source: &Source<'_>) -> (String, Vec<(usize, char)>) {
    let chars = source.chars();
    let mut text = String::with_capacity(chars.len());
    let mut pairs = Vec::new();
    let mut skip = 0_usize;
    for (n, c) in chars.iter().enumerate() {
        if skip > 0 {
            skip = skip.saturating_sub(1);
            continue;
        }
        match (*c == '\\').then(|| syntax::pair(source.slice(n, n.saturating_add(12)))).flatten() {
            Some(paired) => {
                text.push_str(STAND_IN);
                pairs.push((n, paired));
                skip = 11;
            }
            None => text.push(*c),
        }
    }
    (text, pairs)
}

/// The problem is recorded; nothing more can be read.
struct Stop;

struct Builder<'s, 'f> {
    source: &'s Source<'f>,
    limits: Limits,
    pairs: Vec<(usize, char)>,
    frames: Vec<Frame>,
    root: Option<Node>,
    nodes: usize,
    found: Diagnostics,
}

struct Frame {
    start: usize,
    bracketed: bool,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, first: BTreeMap<String, Span>, key: Option<Spanned<String>> },
}

impl Builder<'_, '_> {
    fn event(&mut self, event: Event<'_>, start: usize, end: usize) -> Result<(), Stop> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
            Event::Alias(_) => {
                self.count(start)?;
                self.found.push(syntax::alias().at(self.source.place(start, end, &self.path())));
                if self.wants_key() {
                    self.key(self.source.slice(start, end).iter().collect(), false, start, end);
                } else {
                    self.add(self.scalar_node(String::new(), ScalarStyle::Plain, start, end));
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.count(start)?;
                self.properties(anchor, tag.is_some(), start);
                let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
                let text = self.text(&text, style, start, end);
                if self.wants_key() {
                    self.key(text, quoted, start, end);
                } else {
                    self.add(self.scalar_node(text, style, start, end));
                }
                Ok(())
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(start, end, anchor, tag.is_some(), Content::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Mapping { entries: Vec::new(), first: BTreeMap::new(), key: None };
                self.open(start, end, anchor, tag.is_some(), content)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(start);
                Ok(())
            }
        }
    }

    fn count(&mut self, start: usize) -> Result<(), Stop> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes <= self.limits.nodes {
            return Ok(());
        }
        let message = format!("the text has more than {} nodes (values, keys and collections)", self.limits.nodes);
        let place = self.source.place(start, start, &self.path());
        self.found.push(Diagnostic::error("too-many-nodes", message).at(place).help("split it into several files"));
        Err(Stop)
    }

    /// Refuses `&anchor` and `!tag`, which stand at the start of the span of a node that has them.
    fn properties(&mut self, anchor: usize, tagged: bool, start: usize) {
        if anchor == 0 && !tagged {
            return;
        }
        let mut at = start;
        for _ in 0..2 {
            let end = self.source.word_end(at);
            let problem = match self.source.get(at) {
                Some('&') if anchor > 0 => syntax::anchor(),
                Some('!') if tagged => syntax::tag(),
                _ => break,
            };
            self.found.push(problem.at(self.source.place(at, end, &self.path())));
            at = end;
            while self.source.get(at).is_some_and(|c| c == ' ') {
                at = at.saturating_add(1);
            }
        }
        if at == start {
            let place = self.source.place(start, start, &self.path());
            if anchor > 0 {
                self.found.push(syntax::anchor().at(place.clone()));
            }
            if tagged {
                self.found.push(syntax::tag().at(place));
            }
        }
    }

    /// The text of a scalar with its surrogate pairs put back, refusing what escapes can smuggle in.
    fn text(&mut self, read: &str, style: ScalarStyle, start: usize, end: usize) -> String {
        let text = match self.with_pairs(read, style, start, end) {
            Some(text) => text,
            None => {
                let message = "this text holds half of a surrogate pair";
                self.found.push(syntax::bad_escape(self.source, start, end, message));
                String::new()
            }
        };
        // The text outside escapes was checked before, so this is an escape.
        if let Some((c, why)) = text.chars().find_map(|c| unseen(c).map(|why| (c, why))) {
            self.found.push(bytes::refused(c, why).at(self.source.place(start, end, &self.path())));
        }
        if text.len() > self.limits.scalar_chars {
            let length = text.chars().count();
            if length > self.limits.scalar_chars {
                let message =
                    format!("this text has {length} characters; at most {} are read", self.limits.scalar_chars);
                let place = self.source.place(start, start, &self.path());
                self.found
                    .push(Diagnostic::error("scalar-too-long", message).at(place).help("split it into several texts"));
                return String::new();
            }
        }
        text
    }

    fn with_pairs(&self, read: &str, style: ScalarStyle, start: usize, end: usize) -> Option<String> {
        let from = self.pairs.partition_point(|(at, _)| *at < start);
        let to = self.pairs.partition_point(|(at, _)| *at < end);
        let pairs = self.pairs.get(from..to).filter(|pairs| !pairs.is_empty());
        let Some(pairs) = pairs else {
            return Some(read.to_owned());
        };
        let escaped = style == ScalarStyle::DoubleQuoted;
        let mut parts = read.split(if escaped { STAND_IN_READ } else { STAND_IN });
        let mut text = parts.next()?.to_owned();
        for (at, paired) in pairs {
            let part = parts.next()?;
            if escaped {
                text.push(*paired);
            } else {
                text.extend(self.source.slice(*at, at.saturating_add(12)));
            }
            text.push_str(part);
        }
        // INVARIANT: as many stand-ins were read as were written; any other count means a pair cut in two by `\\`.
        (parts.next().is_none() && !text.contains(['\u{FDD0}', '\u{FDD1}'])).then_some(text)
    }

    fn scalar_node(&self, text: String, style: ScalarStyle, start: usize, end: usize) -> Node {
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let (start, end) = match style {
            ScalarStyle::Plain if text.is_empty() => {
                let at = self.source.left_out(start);
                (at, at)
            }
            ScalarStyle::Plain => (start, end),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => (start, self.source.quote_end(start, end)),
            ScalarStyle::Literal | ScalarStyle::Folded => (start, self.source.trimmed(start, end)),
        };
        let layout = self.source.layout(&text, quoted, start, end);
        Node { kind: NodeKind::Scalar { text, quoted, block }, span: self.source.span(start, end), layout }
    }

    fn wants_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { content: Content::Mapping { key: None, .. }, .. }))
    }

    fn key(&mut self, text: String, quoted: bool, start: usize, end: usize) {
        let end = if quoted {
            self.source.quote_end(start, end)
        } else if text.is_empty() {
            start
        } else {
            end
        };
        let span = self.source.span(start, end);
        let name = shown(&text);
        let problem = keys::problem(&text, quoted, span);
        let parent = self.path();
        let mut first = None;
        if let Some(Frame { content: Content::Mapping { key, first: seen, .. }, .. }) = self.frames.last_mut() {
            first = seen.get(&text).copied();
            if first.is_none() {
                seen.insert(text.clone(), span);
            }
            *key = Some(Spanned { value: text, span });
        }
        if let Some(problem) = problem {
            self.found.push(problem.at(span.place(self.source.file(), &parent)));
        }
        if let Some(first) = first {
            let path = self.path();
            let message = format!("the key `{name}` is written twice in one mapping");
            let problem = Diagnostic::error("duplicate-key", message).at(span.place(self.source.file(), &path));
            self.found.push(
                problem.help("keep one of them").also(first.place(self.source.file(), &path), "first written here"),
            );
        }
    }

    fn open(&mut self, start: usize, end: usize, anchor: usize, tagged: bool, content: Content) -> Result<(), Stop> {
        self.count(start)?;
        self.properties(anchor, tagged, start);
        let place = |end: usize| self.source.place(start, end, &self.path());
        if self.wants_key() {
            let problem =
                Diagnostic::error("complex-key", "a collection is a key here; text is expected").at(place(end));
            self.found.push(problem.help("write a text that starts with `[` or `{` in quotes, and `?` not at all"));
            return Err(Stop);
        }
        if self.frames.len() >= self.limits.depth {
            let problem = syntax::too_deep(self.limits.depth).at(place(end));
            self.found.push(problem);
            return Err(Stop);
        }
        // An indented collection starts with an empty span; only a bracket, or an anchor before it, has width.
        let bracketed = end > start && matches!(self.source.get(start), Some('[' | '{'));
        self.frames.push(Frame { start, bracketed, content });
        Ok(())
    }

    fn close(&mut self, bracket: usize) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let (kind, first, last) = match frame.content {
            Content::Sequence(nodes) => {
                let (first, last) = (nodes.first().map(|node| node.span), nodes.last().map(|node| node.span));
                (NodeKind::Sequence(nodes), first, last)
            }
            Content::Mapping { entries, .. } => {
                let last = entries.last().map(|entry| entry.value.span);
                (NodeKind::Mapping(entries), None, last)
            }
        };
        let mut span =
            self.source.span(frame.start, if frame.bracketed { bracket.saturating_add(1) } else { frame.start });
        if !frame.bracketed {
            if let Some(last) = last {
                (span.end_line, span.end_column) = (last.end_line, last.end_column);
            }
            // A list that is not indented below its key is given as starting after its first `-`, or later.
            if matches!(kind, NodeKind::Sequence(_)) && !self.source.starts_with_dash(frame.start, first) {
                (span.start_line, span.start_column) = self.source.dash_before(span);
            }
        }
        self.add(Node { kind, span, layout: Layout::Unknown });
    }

    fn add(&mut self, node: Node) {
        match self.frames.last_mut().map(|frame| &mut frame.content) {
            Some(Content::Sequence(nodes)) => nodes.push(node),
            Some(Content::Mapping { entries, key, .. }) => {
                if let Some(key) = key.take() {
                    entries.push(Entry { key, value: node });
                }
            }
            None => self.root = Some(node),
        }
    }

    /// The path of the node that is read next.
    fn path(&self) -> String {
        let mut path = String::new();
        for frame in &self.frames {
            match &frame.content {
                Content::Sequence(nodes) => path.push_str(&format!("[{}]", nodes.len())),
                Content::Mapping { key: Some(key), .. } => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&shown(&key.value));
                }
                Content::Mapping { key: None, .. } => {}
            }
        }
        path
    }

    fn finish(mut self) -> Result<Node, Diagnostics> {
        if self.found.has_errors() {
            return Err(self.found);
        }
        match self.root.take() {
            Some(root) if !(root.is_null() && root.as_text() == Some("")) => Ok(root),
            _ => {
                let holds = self.source.chars().contains(&'#');
                let message = if holds { "the text holds only comments" } else { "the text is empty" };
                let problem = Diagnostic::error("empty-document", message).at(self.source.place(0, 0, ""));
                Err(problem.help("write the pack as a mapping, `key: value` on each line").into())
            }
        }
    }
}
