//! The number of a proof: a linear function of several unknown amounts, exact.
//!
//! A comparison that the amounts known so far do not decide forks the run: each outcome that some
//! amounts still allow is followed in a run of its own, under the condition that makes it so. All
//! runs together cover every input.

use super::linear::Linear;
use super::region::{Region, Row};
use crate::number::{Number, Rounding, round_div};
use core::cell::{Cell, RefCell};
use core::cmp::Ordering;

/// Follows one run: which way each undecided comparison went, and under what conditions.
#[derive(Debug)]
pub struct Fork {
    region: RefCell<Region>,
    /// Choices to repeat, then new ones.
    script: RefCell<Vec<Turn>>,
    at: Cell<usize>,
    /// Whether a limit was met: then nothing that follows counts as proved.
    gave_up: Cell<bool>,
}

/// One undecided comparison.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    pub(super) taken: Ordering,
    pub(super) rest: Vec<Ordering>,
}

impl Fork {
    pub(super) fn new(region: Region, script: Vec<Turn>) -> Self {
        Self { region: RefCell::new(region), script: RefCell::new(script), at: Cell::new(0), gave_up: Cell::new(false) }
    }

    pub(super) fn finish(self) -> (Region, Vec<Turn>, bool) {
        (self.region.into_inner(), self.script.into_inner(), self.gave_up.get())
    }

    /// Decides the sign of a difference; `merged` takes equal as less.
    fn decide(&self, difference: &Linear, merged: bool) -> Ordering {
        if difference.den == 0 {
            return Ordering::Equal;
        }
        if difference.coefficients.iter().all(|c| *c == 0) {
            return Ord::cmp(&difference.constant, &0);
        }
        let at = self.at.get();
        let known = self.script.borrow().get(at).map(|t| t.taken);
        let mut region = self.region.borrow_mut();
        if let Some(order) = known {
            self.at.set(at.saturating_add(1));
            region.add(row(difference, order, merged));
            return order;
        }
        let all: &[Ordering] = if merged {
            &[Ordering::Less, Ordering::Greater]
        } else {
            &[Ordering::Less, Ordering::Equal, Ordering::Greater]
        };
        let mut open: Vec<Ordering> =
            all.iter().copied().filter(|order| region.allows(&row(difference, *order, merged))).collect();
        let taken = if open.is_empty() { Ordering::Equal } else { open.remove(0) };
        region.add(row(difference, taken, merged));
        self.script.borrow_mut().push(Turn { taken, rest: open });
        self.at.set(at.saturating_add(1));
        taken
    }

    pub(super) fn give_up(&self) {
        self.gave_up.set(true);
    }
}

/// The condition under which a difference has this sign: `Σ c x + k ≤ 0` rows over whole amounts, so
/// that below zero means −1 at most.
fn row(difference: &Linear, order: Ordering, merged: bool) -> Vec<Row> {
    let up = Row { coefficients: difference.coefficients, constant: difference.constant };
    let down = Row {
        coefficients: difference.coefficients.map(|c| c.saturating_neg()),
        constant: difference.constant.saturating_neg(),
    };
    let strict = |mut row: Row| {
        row.constant = row.constant.saturating_add(1);
        row
    };
    match order {
        Ordering::Less if merged => vec![up],
        Ordering::Less => vec![strict(up)],
        Ordering::Equal => vec![up, down],
        Ordering::Greater => vec![strict(down)],
    }
}

impl Number for Linear {
    type Watch = Fork;

    const ZERO: Self = Self::fixed(0);
    const ONE: Self = Self::fixed(1);

    fn from_i64(value: i64) -> Self {
        Self::fixed(i128::from(value))
    }

    fn to_i128(self) -> i128 {
        if self.is_constant() { self.constant.checked_div(self.den).unwrap_or(0) } else { 0 }
    }

    fn from_i128(value: i128) -> Self {
        Self::fixed(value)
    }

    fn add(self, other: Self) -> Self {
        self.plus(other)
    }

    fn sub(self, other: Self) -> Self {
        self.minus(other)
    }

    fn mul(self, other: Self) -> Self {
        self.times(other)
    }

    fn neg(self) -> Self {
        Self::ZERO.minus(self)
    }

    fn cmp(self, other: Self, watch: &Fork) -> Ordering {
        let difference = self.minus(other);
        if difference.den == 0 {
            watch.give_up();
        }
        watch.decide(&difference, false)
    }

    fn min(self, other: Self, watch: &Fork) -> Self {
        if watch.decide(&self.minus(other), true) == Ordering::Greater { other } else { self }
    }

    fn max(self, other: Self, watch: &Fork) -> Self {
        if watch.decide(&self.minus(other), true) == Ordering::Greater { self } else { other }
    }

    fn div_exact(self, d: Self) -> Self {
        self.over(d)
    }

    /// A constant is rounded; a function of the amounts is kept as it is before rounding.
    fn round_div(self, d: Self, mode: Rounding) -> Self {
        let quotient = self.div_exact(d);
        if quotient.den == 0 || !quotient.is_constant() {
            return quotient;
        }
        round_div(quotient.constant, quotient.den, mode).map_or(Self::NONE, Self::fixed)
    }
}
