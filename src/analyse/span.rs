//! Spans of whole amounts in which no comparison changes: what a run gave at their beginning, with its
//! roundings recorded, gives every amount of the span to the fen.

use super::affine::{Affine, Line, Look, Rounded, Values, floor, line_of, period, replay, stretch};
use super::curve::Plotter;
use super::linear::{Linear, MOST_VARIABLES};
use crate::case::Encoded;
use crate::decision::Work;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::evaluate::Slot;
use crate::number::{Wide, narrow, wide};
use core::cell::Cell;

/// Most spans between two amounts.
const MOST_SPANS: usize = 20_000;
/// Most stretches looked at at each end of a span, where rounding may move the extreme.
const MOST_NEAR: usize = 10_000;

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
        let mut values: Values = [0; MOST_VARIABLES];
        replay(&self.roundings, wide(at), &mut values)?;
        let scaled = function.scaled_at(&values)?;
        scaled.checked_div(function.den).filter(|n| n.checked_mul(function.den) == Some(scaled))
    }

    /// What working out one value of a line counts for.
    pub(super) fn cost(&self) -> u64 {
        u64::try_from(self.roundings.len()).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// A line without its roundings, and how far they can lead away.
    pub(super) fn line(&self, line: usize) -> Option<Line> {
        line_of(&(*self.lines.get(line)?)?, &self.roundings)
    }

    /// After so many amounts every rounding cuts off the same again.
    pub(super) fn period(&self) -> Option<Wide> {
        period(&self.roundings)
    }

    /// The last amount, up to `to`, at which every rounding has the value that it has at `from`: so far every line is
    /// a straight function of the amount. `None` past what can be calculated.
    pub(super) fn stretch(&self, from: i64, to: i64, work: &Work) -> Result<Option<i64>, Diagnostics> {
        let mut values: Values = [0; MOST_VARIABLES];
        let looked = Cell::new(self.cost());
        let end = replay(&self.roundings, wide(from), &mut values)
            .and_then(|()| stretch(&self.roundings, &values, wide(to), &looked));
        work.take(looked.get())?;
        Ok(end.and_then(narrow))
    }

    /// Amounts among which each line's least and greatest value of the span are: the ends of its stretches, as far from
    /// the ends of the span as a rounding can outweigh the slope or has not repeated. `None`: they are too many.
    pub(super) fn candidates(&self, work: &Work) -> Result<Option<Vec<i64>>, Diagnostics> {
        let Some(near) = self.near() else { return Ok(None) };
        let first = narrow(wide(self.from).saturating_add(near)).map_or(self.to, |n| n.min(self.to));
        let last = narrow(wide(self.to).saturating_sub(near)).map_or(self.from, |n| n.max(self.from));
        let mut all = Vec::new();
        for (mut from, to) in [(self.from, first), (last.max(first.saturating_add(1)), self.to)] {
            let mut left = MOST_NEAR;
            while from <= to {
                let (Some(end), Some(less)) = (self.stretch(from, to, work)?, left.checked_sub(1)) else {
                    return Ok(None);
                };
                left = less;
                all.extend([from, end]);
                from = end.saturating_add(1);
            }
        }
        all.dedup();
        Ok(Some(all))
    }

    /// How far from an end of the span roundings may still move an extreme of a line.
    fn near(&self) -> Option<Wide> {
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
        Some(near)
    }
}

impl Plotter<'_> {
    /// Every span between two amounts, in order: `each` sees it with the registers at its beginning.
    pub(super) async fn spans(
        &self,
        encoded: &Encoded,
        variable: usize,
        range: (i64, i64),
        each: &mut dyn FnMut(Span, &[Slot<Affine>]),
    ) -> Result<(), Diagnostics> {
        let mut at = range.0;
        for _ in 0..MOST_SPANS {
            self.work.pause().await;
            let look = Look::whole_at(at, range.1);
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
