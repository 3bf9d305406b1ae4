//! Spans of whole amounts in which no comparison changes: what a run gave at their beginning, with its
//! roundings recorded, gives every amount of the span to the fen.

use super::affine::{Affine, Line, Look, Rounded, Side, floor, line_of, period, replay};
use super::curve::Plotter;
use super::linear::{Linear, MOST_VARIABLES};
use crate::case::Encoded;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::evaluate::Slot;
use crate::number::{Ratio, Wide, narrow, wide};

/// Most spans between two amounts.
const MOST_SPANS: usize = 20_000;
/// Most amounts tried at each end of a span, where rounding may move the extreme.
const MOST_NEAR: Wide = 10_000;

/// Whole amounts (register units: fen for money) over which every line is one function of the amount
/// and of recorded roundings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: i64,
    pub(super) to: i64,
    roundings: Vec<Rounded>,
    lines: Vec<Option<Linear>>,
}

impl Span {
    /// A line at an amount of the span: every rounding is done again there.
    pub(super) fn value(&self, line: usize, at: i64) -> Option<Wide> {
        let function = (*self.lines.get(line)?)?;
        let mut values = [wide(0); MOST_VARIABLES];
        replay(&self.roundings, wide(at), &mut values)?;
        let scaled = function.scaled_at(&values)?;
        scaled.checked_div(function.den).filter(|n| n.checked_mul(function.den) == Some(scaled))
    }

    /// A line without its roundings, and how far they can lead away.
    pub(super) fn line(&self, line: usize) -> Option<Line> {
        line_of(&(*self.lines.get(line)?)?, &self.roundings)
    }

    /// After so many amounts every rounding cuts off the same again.
    pub(super) fn period(&self) -> Option<Wide> {
        period(&self.roundings)
    }

    /// Amounts among which each line's least and greatest value of the span are: its ends, and as far
    /// from them as a rounding can outweigh the slope or has not repeated. `None`: they are too many.
    pub(super) fn candidates(&self) -> Option<Vec<i64>> {
        let mut near = wide(0);
        for line in 0..self.lines.len() {
            let Some(line) = self.line(line) else { continue };
            if line.off.is_zero() {
                continue;
            }
            let again = self.period();
            let outweighed = || {
                let steep = line.slope.max(line.slope.neg());
                line.off.add(line.off).and_then(|both| both.div(steep)).map(floor)
            };
            let own = match (again, outweighed()) {
                (Some(a), Some(b)) => a.min(b),
                (a, b) => a.or(b)?,
            };
            near = near.max(own.saturating_add(1));
        }
        let near = narrow(near).filter(|_| near <= MOST_NEAR)?;
        let (first, last) = (self.from.saturating_add(near).min(self.to), self.to.saturating_sub(near).max(self.from));
        let mut all: Vec<i64> = (self.from..=first).collect();
        all.extend(last.max(first.saturating_add(1))..=self.to);
        Some(all)
    }
}

impl Plotter<'_> {
    /// Every span between two amounts, in order: `each` sees it with the registers at its beginning.
    pub(super) fn spans(
        &self,
        encoded: &Encoded,
        variable: usize,
        range: (i64, i64),
        each: &mut dyn FnMut(Span, &[Slot<Affine>]),
    ) -> Result<(), Diagnostics> {
        let mut at = range.0;
        for _ in 0..MOST_SPANS {
            let look = Look::new(Ratio::from_int(at), Side::Whole);
            let registers = self.run(encoded, variable, &look)?;
            let lines = self.functions(encoded, &registers)?;
            // Flips are whole amounts here.
            let next = look.flip().and_then(|(flip, _)| narrow(flip.num()));
            let to = next.map_or(range.1, |next| next.saturating_sub(1).min(range.1));
            each(Span { from: at, to, roundings: look.into_roundings(), lines }, &registers);
            if to >= range.1 {
                return Ok(());
            }
            at = to.saturating_add(1);
        }
        Err(Diagnostics::from(Diagnostic::error(
            "too-many-knots",
            format!("roundings cut the amounts into more than {MOST_SPANS} spans"),
        )))
    }
}
