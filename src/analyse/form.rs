//! The number of a proof: a linear function of several unknown amounts, exact.
//!
//! A comparison that the amounts known so far do not decide forks the run: each outcome that some
//! amounts still allow is followed in a run of its own, under the condition that makes it so. All
//! runs together cover every input.

use super::region::{Region, Row};
use crate::number::{Number, Rounding, gcd, lcm, round_div};
use core::cell::{Cell, RefCell};
use core::cmp::Ordering;

/// Most unknown amounts.
pub const MOST_VARIABLES: usize = 8;

/// `(constant + Σ coefficient × variable) / den`; `den = 0` where there is no such function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linear {
    pub(super) coefficients: [i128; MOST_VARIABLES],
    pub(super) constant: i128,
    pub(super) den: i128,
}

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

impl Linear {
    const NONE: Self = Self { coefficients: [0; MOST_VARIABLES], constant: 0, den: 0 };

    /// A constant.
    pub(super) fn fixed(value: i128) -> Self {
        Self { coefficients: [0; MOST_VARIABLES], constant: value, den: 1 }
    }

    /// One of the unknown amounts.
    pub(super) fn variable(at: usize) -> Self {
        let mut form = Self::fixed(0);
        if let Some(slot) = form.coefficients.get_mut(at) {
            *slot = 1;
        }
        form
    }

    /// Whether it is a function at all.
    pub(super) fn is_function(&self) -> bool {
        self.den != 0
    }

    fn is_constant(&self) -> bool {
        self.coefficients.iter().all(|c| *c == 0)
    }

    fn reduced(mut self) -> Self {
        let common = self
            .coefficients
            .iter()
            .chain([&self.constant, &self.den])
            .try_fold(0_i128, |g, n| gcd(g, *n))
            .unwrap_or(1);
        let common = if self.den < 0 { common.saturating_neg() } else { common };
        if common == 0 {
            return Self::NONE;
        }
        let by = |n: i128| n.checked_div(common).unwrap_or(0);
        self.coefficients = self.coefficients.map(by);
        (self.constant, self.den) = (by(self.constant), by(self.den));
        self
    }

    fn zip(self, other: Self, f: impl Fn(i128, i128) -> Option<i128>, den: Option<i128>) -> Self {
        let mut out = Self::NONE;
        for ((slot, a), b) in out.coefficients.iter_mut().zip(self.coefficients).zip(other.coefficients) {
            match f(a, b) {
                Some(n) => *slot = n,
                None => return Self::NONE,
            }
        }
        match (f(self.constant, other.constant), den) {
            (Some(constant), Some(den)) => Self { constant, den, ..out }.reduced(),
            _ => Self::NONE,
        }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        self.sum(other, -1)
    }

    fn sum(self, other: Self, sign: i128) -> Self {
        if self.den == 0 || other.den == 0 {
            return Self::NONE;
        }
        let Some(den) = lcm(self.den, other.den) else { return Self::NONE };
        let (x, y) =
            (den.checked_div(self.den).unwrap_or(1), den.checked_div(other.den).unwrap_or(1).saturating_mul(sign));
        self.zip(other, |a, b| a.checked_mul(x)?.checked_add(b.checked_mul(y)?), Some(den))
    }

    fn scaled(self, num: i128, den: i128) -> Self {
        self.zip(self, |a, _| a.checked_mul(num), self.den.checked_mul(den))
    }
}

impl Number for Linear {
    type Watch = Fork;

    const ZERO: Self = Self { coefficients: [0; MOST_VARIABLES], constant: 0, den: 1 };
    const ONE: Self = Self { coefficients: [0; MOST_VARIABLES], constant: 1, den: 1 };

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
        self.sum(other, 1)
    }

    fn sub(self, other: Self) -> Self {
        self.sum(other, -1)
    }

    fn mul(self, other: Self) -> Self {
        if self.den == 0 || other.den == 0 {
            return Self::NONE;
        }
        match (self.is_constant(), other.is_constant()) {
            (_, true) => self.scaled(other.constant, other.den),
            (true, _) => other.scaled(self.constant, self.den),
            _ => Self::NONE,
        }
    }

    fn neg(self) -> Self {
        Self::ZERO.sum(self, -1)
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
        if d.den == 0 || !d.is_constant() || d.constant == 0 {
            return Self::NONE;
        }
        self.scaled(d.den, d.constant)
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
