//! Decisions as text, from the same trace: for a patient a sentence and a sum, for an officer the
//! formula with its row and clause, for a developer values, ids and places. Chinese and English.

mod money;
mod step;
mod whole;
mod words;

pub use step::step_text;
pub use whole::decision_text;

use crate::plan::Text;
use core::str::FromStr;

/// For whom a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    /// A sentence and a sum.
    Patient,
    /// Formula, row, clause.
    Officer,
    /// Values, ids, states.
    Developer,
}

/// Language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

/// A word that names no register or language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not one of {expected}")]
pub struct UnknownWord {
    found: String,
    expected: &'static str,
}

impl UnknownWord {
    fn new(word: &str, expected: &'static str) -> Self {
        Self { found: word.chars().take(40).collect(), expected }
    }
}

impl FromStr for Register {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "patient" => Ok(Self::Patient),
            "officer" => Ok(Self::Officer),
            "developer" => Ok(Self::Developer),
            _ => Err(UnknownWord::new(word, "patient officer developer")),
        }
    }
}

impl FromStr for Lang {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "zh-CN" | "zh" => Ok(Self::Zh),
            "en" => Ok(Self::En),
            _ => Err(UnknownWord::new(word, "zh-CN en")),
        }
    }
}

impl Lang {
    /// The side of a text in this language.
    #[must_use]
    pub fn of(self, text: &Text) -> &str {
        match self {
            Self::Zh => &text.zh,
            Self::En => &text.en,
        }
    }

    /// One side of fixed words, `Chinese|English`.
    #[inline(never)]
    fn pick(self, both: &'static str) -> &'static str {
        let (zh, en) = both.split_once('|').unwrap_or((both, both));
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// Adds a line made of these parts.
fn line(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
    out.push('\n');
}
