//! Problems as values: a stable code, a severity, a place, a message and help.
//!
//! A message starts in lower case, ends without a full stop, keeps the author's words in backticks and names what was
//! wrong and what was expected. Codes are kebab-case and never change their meaning.

mod nearest;
mod render;
mod unseen;
mod width;
mod words;

use std::borrow::Cow;
use std::fmt;

use crate::json::{ToJson, Writer, object, words};
use serde::Deserialize;

pub use nearest::{nearest, suggestion};
pub use render::{render_human, render_plain};
pub use unseen::{Unseen, unseen};
pub use width::{char_width, text_width};
pub use words::{clipped, joined};

/// How many diagnostics a [`Diagnostics`] keeps before it only counts.
pub const MOST_KEPT: usize = 200;

/// The code of the closing line that says how many diagnostics were not kept.
pub const TOO_MANY_PROBLEMS: &str = "too-many-problems";

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The pack, plan or case is refused.
    Error,
    /// It is accepted, and its author should look.
    Warning,
}

impl Severity {
    /// The word printed for it: `error` or `warning`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A range of a file, and the path of the node it belongs to.
///
/// Lines and columns count from 1; columns count characters (Unicode scalar values), so `费` is one column. The end is
/// exclusive: `end_column` is the column after the last character. An empty range has its end at its start. Places
/// order by file, then line, then column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The file as its reader named it.
    pub file: String,
    /// First line, from 1.
    pub line: u32,
    /// First column, from 1, in characters.
    pub column: u32,
    /// Last line, from 1.
    pub end_line: u32,
    /// The column after the last character, from 1, in characters.
    pub end_column: u32,
    /// Where it is in the tree, for example `services.inpatient.steps[2].rate`; empty when there is no such path.
    pub path: String,
}

/// Another place that a problem concerns, with a word on why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Also {
    /// The other place.
    pub place: Place,
    /// What is there, for example `first written here`.
    pub label: String,
}

/// One problem.
///
/// ```
/// use yibao_rules::diagnostic::{Diagnostic, Place, render_plain};
///
/// let place = Place { file: "p.yaml".into(), line: 3, column: 5, end_line: 3, end_column: 7, path: "title".into() };
/// let problem = Diagnostic::error("empty-title", "the title is empty").at(place).help("write a title");
/// assert_eq!(render_plain(&problem), "p.yaml:3:5: error[empty-title]: the title is empty (title)\n  help: write a title");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable, kebab-case code.
    pub code: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is, when it is somewhere.
    pub place: Option<Place>,
    /// What is wrong and what was expected.
    pub message: String,
    /// What the author can do.
    pub help: Option<String>,
    /// Other places that belong to the problem.
    pub also: Vec<Also>,
}

impl Diagnostic {
    /// A problem that refuses the input.
    #[must_use]
    pub fn error(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::with_severity(Severity::Error, code, message)
    }

    /// A problem that does not refuse the input.
    #[must_use]
    pub fn warning(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::with_severity(Severity::Warning, code, message)
    }

    fn with_severity(severity: Severity, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::made(severity, code.into(), message.into())
    }

    // One instance, called: written out wherever a problem is made, this is kilobytes of a page.
    #[inline(never)]
    fn made(severity: Severity, code: Cow<'static, str>, message: String) -> Self {
        Self { code, severity, place: None, message, help: None, also: Vec::new() }
    }

    /// A problem that refuses the input, at a place if there is one, with help unless it is empty.
    #[inline(never)]
    #[must_use]
    pub fn fault(code: &'static str, message: String, place: Option<&Place>, help: &str) -> Self {
        let mut fault = Self::made(Severity::Error, Cow::Borrowed(code), message);
        fault.place = place.cloned();
        if !help.is_empty() {
            fault.help = Some(help.to_owned());
        }
        fault
    }

    /// The same problem, at `place`.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same problem, with `help`.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same problem, with what a word that is not known may have been meant to be.
    #[must_use]
    pub fn meant<'w>(mut self, word: &str, mut known: impl Iterator<Item = &'w str>) -> Self {
        self.help = suggestion(word, &mut known).or(self.help);
        self
    }

    /// The same problem, with the nearest known word, if one is near.
    #[must_use]
    pub fn meant_only<'w>(mut self, word: &str, mut known: impl Iterator<Item = &'w str>) -> Self {
        if let Some(near) = nearest(word, &mut known) {
            self.help = Some(format!("did you mean `{near}`?"));
        }
        self
    }

    /// The same problem, with one more place that belongs to it.
    #[must_use]
    pub fn also(mut self, place: Place, label: impl Into<String>) -> Self {
        self.also.push(Also { place, label: label.into() });
        self
    }

    /// What it is sorted by.
    fn key(&self) -> (Option<(&str, u32, u32)>, &str) {
        (self.place.as_ref().map(|p| (p.file.as_str(), p.line, p.column)), &self.code)
    }

    /// Whether the problem refuses the input.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render_plain(self))
    }
}

impl std::error::Error for Diagnostic {}

/// All the problems found, at most [`MOST_KEPT`] of them.
///
/// Past that number they are only counted, and a closing `too-many-problems` line, always last, says how many more
/// there were. The closing line is an error when one of those was.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    /// INVARIANT: at most `MOST_KEPT`.
    kept: Vec<Diagnostic>,
    /// INVARIANT: present exactly when `more` is above zero.
    closing: Option<Box<Diagnostic>>,
    more: usize,
}

impl Diagnostics {
    /// No problems.
    #[must_use]
    pub const fn new() -> Self {
        Self { kept: Vec::new(), closing: None, more: 0 }
    }

    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.kept.len() < MOST_KEPT {
            self.kept.push(diagnostic);
        } else {
            self.count_more(1, diagnostic.severity);
        }
    }

    /// Adds all problems of `others`.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        for diagnostic in others {
            self.push(diagnostic);
        }
    }

    /// Adds all problems of `other`, those it only counted included.
    pub fn append(&mut self, other: Self) {
        self.extend(other.kept);
        if let Some(closing) = other.closing {
            self.count_more(other.more, closing.severity);
        }
    }

    /// Whether the next problem would only be counted.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.kept.len() >= MOST_KEPT
    }

    /// Adds the problem that `make` builds, or only counts it, without building it, when no more are kept.
    pub fn push_with(&mut self, severity: Severity, make: impl FnOnce() -> Diagnostic) {
        if self.is_full() {
            self.count_more(1, severity);
        } else {
            self.push(make());
        }
    }

    /// The same problems, each changed.
    #[must_use]
    pub fn each(mut self, change: &mut dyn FnMut(&mut Diagnostic)) -> Self {
        self.kept.iter_mut().for_each(change);
        self
    }

    /// These problems, sorted, or what was made where none is an error.
    ///
    /// # Errors
    /// The problems, if any is an error.
    pub fn or<T>(self, made: T) -> Result<T, Self> {
        if self.has_errors() { Err(self.sorted()) } else { Ok(made) }
    }

    fn count_more(&mut self, more: usize, severity: Severity) {
        self.more = self.more.saturating_add(more);
        let severity = self.closing.as_ref().map_or(severity, |closing| closing.severity.min(severity));
        let message = match self.more {
            1 => "there is 1 more problem".to_owned(),
            more => format!("there are {more} more problems"),
        };
        let closing = Diagnostic::with_severity(severity, TOO_MANY_PROBLEMS, message);
        self.closing = Some(Box::new(closing.help("correct those above first")));
    }

    /// Whether any problem is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.kept.iter().any(Diagnostic::is_error) || self.closing.as_deref().is_some_and(Diagnostic::is_error)
    }

    /// The same problems by file, line, column and code; those without a place come first.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        // Sorted by insertion: there are few, they mostly are in order already, and a page need not load a second way.
        for end in 1..self.kept.len() {
            for at in (0..end).rev() {
                match self.kept.get_mut(at..).unwrap_or_default() {
                    [before, after, ..] if after.key() < before.key() => std::mem::swap(before, after),
                    _ => break,
                }
            }
        }
        self
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many lines there are, the closing line included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len().saturating_add(usize::from(self.closing.is_some()))
    }

    /// All lines, the closing line last.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.kept.iter().chain(self.closing.as_deref())
    }
}

impl From<Diagnostic> for Diagnostics {
    #[inline(never)]
    fn from(diagnostic: Diagnostic) -> Self {
        Self { kept: vec![diagnostic], closing: None, more: 0 }
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        let mut all = Self::new();
        all.extend(iter);
        all
    }
}

impl ToJson for Diagnostics {
    fn write(&self, out: &mut Writer) {
        out.list(&mut self.iter().map(|problem| problem as &dyn ToJson));
    }
}

object!(Place { file "file", line "line", column "column", end_line "endLine", end_column "endColumn", path "path" });
object!(Also { place "place", label "label" });
object!(Diagnostic {
    code "code", severity "severity", place "place?", message "message", help "help?", also "also?",
});
words!(Severity { "error" Error, "warning" Warning });

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, diagnostic) in self.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&render_plain(diagnostic))?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
