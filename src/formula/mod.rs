//! Formulas: a small total language over named values. Text becomes tokens, tokens an [`Expr`];
//! units are checked later, when the expression becomes instructions.
//!
//! ```
//! let e = yibao_rules::formula::parse("max(0元, eligible - deductible) * rate").unwrap();
//! assert_eq!(e.span, (0, 37));
//! let e = yibao_rules::formula::parse("total +").unwrap_err();
//! assert_eq!(e.message, "the formula ends where a value is expected");
//! ```

mod ast;
mod figure;
mod lex;
mod parse;

pub use ast::{Expr, ExprKind, Figure, FigureUnit, Operator, RoundTo, Set};
pub use figure::{parse_figure, parse_round};
pub use lex::LONGEST;
pub use parse::parse;

/// Why a formula does not parse; offsets in characters of its text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormulaError {
    /// Stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl FormulaError {
    fn new(code: &'static str, message: impl Into<String>, span: (usize, usize)) -> Self {
        Self { code, message: message.into(), help: None, start: span.0, end: span.1 }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
