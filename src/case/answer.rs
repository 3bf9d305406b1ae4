//! Answers as given.

use crate::diagnostic::{Place, clipped};

/// One answer, and where it stands if it came from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What it is.
    pub kind: AnswerKind,
    /// Where.
    pub place: Option<Place>,
}

/// Kinds of answer. Figures are text: a program never sees a binary fraction.
#[derive(Debug, Clone, PartialEq)]
pub enum AnswerKind {
    /// Not answered.
    None,
    /// Yes or no.
    Truth(bool),
    /// Text, figures included.
    Text(String),
    /// Something no answer can be (a number with a fraction, say), in words.
    Unreadable(String),
    /// Records.
    List(Vec<Answer>),
    /// Named answers.
    Map(Named),
}

/// Answers by name, in the order given.
pub type Named = Vec<(String, Answer)>;

/// The earlier stay, as far as it is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Earlier {
    /// Nothing was said.
    #[default]
    Unknown,
    /// There is none.
    None,
    /// Its values.
    Known(Named),
}

/// A case: one service asked with answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Case {
    /// Facts.
    pub facts: Named,
    /// Figures tried for open parameters.
    pub parameters: Named,
    /// Balances before this stay.
    pub ledger: Named,
    /// The earlier stay.
    pub previous: Earlier,
}

impl Answer {
    /// An answer that is text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { kind: AnswerKind::Text(text.into()), place: None }
    }

    /// Yes or no.
    #[must_use]
    pub fn truth(yes: bool) -> Self {
        Self { kind: AnswerKind::Truth(yes), place: None }
    }

    /// The word for its kind in messages.
    #[must_use]
    pub fn word(&self) -> String {
        match &self.kind {
            AnswerKind::None => "nothing".into(),
            AnswerKind::Truth(yes) => format!("`{yes}`"),
            AnswerKind::Text(text) => format!("`{}`", clipped(text)),
            AnswerKind::Unreadable(what) => what.clone(),
            AnswerKind::List(_) => "a list".into(),
            AnswerKind::Map(_) => "a mapping".into(),
        }
    }
}
