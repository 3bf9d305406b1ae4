//! What is known of a register while a module is made.

use super::code::Local;

/// Numbers of two cases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Num {
    /// The same number in every case.
    Figure(f64),
    /// What a local holds.
    Held(Local),
}

/// Cases of which something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mask {
    /// All.
    All,
    /// None.
    None,
    /// Those with every bit set.
    Held(Local),
}

/// A number or a truth value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum What {
    Number(Num),
    Truth(Mask),
}

/// A register.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value {
    pub(super) what: What,
    /// Where it certainly has a value, and this one.
    pub(super) known: Mask,
    /// Where it certainly has none. In cases of neither kind the evaluator decides.
    pub(super) open: Mask,
    /// Least and greatest number, where it is known and they are.
    pub(super) range: Option<(i64, i64)>,
}

impl Value {
    /// No value that this back end knows of.
    pub(super) const UNSURE: Self =
        Self { what: What::Number(Num::Figure(0.0)), known: Mask::None, open: Mask::None, range: None };
    /// No value in any case.
    pub(super) const OPEN: Self = Self { open: Mask::All, ..Self::UNSURE };

    pub(super) fn number(n: Num, known: Mask) -> Self {
        Self { what: What::Number(n), known, ..Self::UNSURE }
    }

    pub(super) fn truth(mask: Mask, known: Mask) -> Self {
        Self { what: What::Truth(mask), known, range: Some((0, 1)), ..Self::UNSURE }
    }

    /// Whether no known number is below nought.
    pub(super) fn is_never_negative(&self) -> bool {
        self.range.is_some_and(|(least, _)| least >= 0)
    }
}
