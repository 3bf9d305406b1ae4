//! The number of a proof: a linear function of several unknown amounts, exact.
//!
//! A comparison that the amounts known so far do not decide forks the run: each outcome that some
//! amounts still allow is followed in a run of its own, under the condition that makes it so. All
//! runs together cover every input.

use super::linear::Linear;
use super::region::{Point, Region, Row};
use crate::number::{Number, Rounding, Wide, round_div, wide};
use core::cell::{Cell, RefCell};
use core::cmp::Ordering;
use std::rc::Rc;

/// Follows one run: which way each undecided comparison went, and under what conditions.
#[derive(Debug)]
pub struct Fork {
    /// Registers that matter; what any other compares is not followed.
    reads: Rc<[bool]>,
    region: RefCell<Region>,
    /// Choices to repeat, then new ones.
    script: RefCell<Vec<Turn>>,
    at: Cell<usize>,
    register: Cell<u32>,
    /// Registers whose comparison could not be followed: nothing that reads them counts as proved.
    broken: RefCell<Vec<u32>>,
}

/// One undecided comparison: the way taken, and those still to go, each with amounts that go it.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    taken: (Ordering, Option<Point>),
    rest: Vec<(Ordering, Option<Point>)>,
}

impl Turn {
    /// Takes the next way; false where there is none.
    pub(super) fn advance(&mut self) -> bool {
        let next = self.rest.pop();
        let found = next.is_some();
        if let Some(next) = next {
            self.taken = next;
        }
        found
    }
}

/// What a run leaves: its region, the ways it went, and what it could not follow.
pub(super) struct Followed {
    pub(super) region: Region,
    pub(super) script: Vec<Turn>,
    pub(super) broken: Vec<u32>,
}

impl Fork {
    pub(super) fn new(reads: Rc<[bool]>, region: Region, script: Vec<Turn>) -> Self {
        Self {
            reads,
            region: RefCell::new(region),
            script: RefCell::new(script),
            at: Cell::new(0),
            register: Cell::new(0),
            broken: RefCell::new(Vec::new()),
        }
    }

    pub(super) fn finish(self) -> Followed {
        Followed {
            region: self.region.into_inner(),
            script: self.script.into_inner(),
            broken: self.broken.into_inner(),
        }
    }

    /// Decides the sign of a difference; `merged` takes equal as less.
    fn decide(&self, difference: &Linear, merged: bool) -> Ordering {
        if !self.reads.get(self.register.get() as usize).copied().unwrap_or(true) {
            return Ordering::Equal;
        }
        if difference.den == 0 {
            self.broken.borrow_mut().push(self.register.get());
            return Ordering::Equal;
        }
        if difference.is_constant() {
            return Ord::cmp(&difference.constant, &0);
        }
        let at = self.at.get();
        self.at.set(at.saturating_add(1));
        let known = self.script.borrow().get(at).map(|turn| turn.taken.clone());
        let mut region = self.region.borrow_mut();
        let (order, point) = match known {
            Some(taken) => taken,
            None => {
                let all: &[Ordering] = if merged {
                    &[Ordering::Less, Ordering::Greater]
                } else {
                    &[Ordering::Less, Ordering::Equal, Ordering::Greater]
                };
                let allowed = |order: &Ordering| Some((*order, region.allows(&row(difference, *order, merged))?));
                let mut ways: Vec<(Ordering, Option<Point>)> = all.iter().filter_map(allowed).collect();
                let taken = ways.pop().unwrap_or((Ordering::Equal, None));
                self.script.borrow_mut().push(Turn { taken: taken.clone(), rest: ways });
                taken
            }
        };
        region.enter(row(difference, order, merged), point);
        order
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
        Self::fixed(wide(value))
    }

    fn to_wide(self) -> Wide {
        if self.is_constant() { self.constant.checked_div(self.den).unwrap_or(0) } else { 0 }
    }

    fn from_wide(value: Wide) -> Self {
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
        watch.decide(&self.minus(other), false)
    }

    fn less(self, other: Self, watch: &Fork) -> bool {
        watch.decide(&other.minus(self), true) == Ordering::Greater
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

    fn enter(watch: &Fork, register: u32) {
        watch.register.set(register);
    }
}
