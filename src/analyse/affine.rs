//! The number of a curve: a linear function of one unknown amount `t` and of roundings that depend on it.
//!
//! Comparisons are decided at one point (or just after it) and note the nearest later point at
//! which they would come out otherwise; between two such points every register is one function.

use super::linear::{Linear, MOST_VARIABLES};
use crate::number::{Number, Ratio, Rounding, Wide, lcm, round_div, wide};
use core::cell::{Cell, RefCell};
use core::cmp::Ordering;

/// Most whole amounts that one comparison looks ahead where roundings may change its outcome.
const MOST_AHEAD: Wide = 4_096;

/// A function of the amount (unknown 0) and of roundings (unknowns 1 and up).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Affine(pub(super) Linear);

/// Where comparisons are decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// At the point itself, before rounding.
    At,
    /// Just after it, before rounding.
    After,
    /// At a whole amount, with every rounding as it is done there.
    Whole,
}

/// A rounding of something that depends on the amount, to be done again at any amount of its stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rounded {
    of: Linear,
    mode: Rounding,
    /// Its value at the point of the run.
    here: Wide,
    /// Without rounding: constant and slope, and how far roundings can lead away.
    line: Line,
}

/// A function without its roundings, and how far they can lead away from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) constant: Ratio,
    pub(super) slope: Ratio,
    pub(super) off: Ratio,
}

/// Looks on at comparisons and roundings.
#[derive(Debug)]
pub struct Look {
    point: Ratio,
    side: Side,
    register: Cell<u32>,
    flip: Cell<Option<(Ratio, u32)>>,
    roundings: RefCell<Vec<Rounded>>,
    broken: Cell<Option<u32>>,
}

impl Look {
    /// Decides comparisons at (or just after) a point.
    #[must_use]
    pub fn new(point: Ratio, side: Side) -> Self {
        Self {
            point,
            side,
            register: Cell::new(0),
            flip: Cell::new(None),
            roundings: RefCell::new(Vec::new()),
            broken: Cell::new(None),
        }
    }

    /// The nearest later point at which a comparison comes out otherwise, and the register whose
    /// comparison it is.
    #[must_use]
    pub fn flip(&self) -> Option<(Ratio, u32)> {
        self.flip.get()
    }

    /// The first register whose comparison or rounding is outside what a curve can follow.
    pub(super) fn broken(&self) -> Option<u32> {
        self.broken.get()
    }

    pub(super) fn into_roundings(self) -> Vec<Rounded> {
        self.roundings.into_inner()
    }

    fn note(&self, at: Ratio) {
        let nearer = self.flip.get().is_none_or(|(known, _)| at < known);
        if at > self.point && nearer {
            self.flip.set(Some((at, self.register.get())));
        }
    }

    fn fail(&self) -> Ordering {
        if self.broken.get().is_none() {
            self.broken.set(Some(self.register.get()));
        }
        Ordering::Equal
    }

    /// The sign of a difference. Where `merged`, nought counts as less: what chooses the lesser or the
    /// greater of two equals may choose either, and what asks for more need not know.
    fn sign(&self, d: Linear, merged: bool) -> Ordering {
        if d.den == 0 {
            return self.fail();
        }
        if d.is_constant() {
            return Ord::cmp(&d.constant, &0);
        }
        let found = if self.side == Side::Whole { self.whole(&d, merged) } else { self.limit(&d) };
        found.unwrap_or_else(|| self.fail())
    }

    /// Before rounding: `d` has the sign of its slope after its root and the other before it.
    fn limit(&self, d: &Linear) -> Option<Ordering> {
        let slope = d.coefficient(0)?;
        let root = Ratio::new(d.constant, d.den)?.div(slope)?.neg();
        self.note(root);
        let after = slope.cmp(&Ratio::ZERO);
        Some(match (self.point.cmp(&root), self.side) {
            (Ordering::Equal, Side::At) => Ordering::Equal,
            (Ordering::Less, _) => after.reverse(),
            _ => after,
        })
    }

    /// With roundings: the sign here, and the next whole amount with another one.
    fn whole(&self, d: &Linear, merged: bool) -> Option<Ordering> {
        let roundings = self.roundings.borrow();
        let point = self.point.num();
        let mut values = [wide(0); MOST_VARIABLES];
        *values.first_mut()? = point;
        for (slot, rounded) in values.iter_mut().skip(1).zip(roundings.iter()) {
            *slot = rounded.here;
        }
        let class = |n: Wide| {
            let sign = Ord::cmp(&n, &0);
            if merged && sign == Ordering::Equal { Ordering::Less } else { sign }
        };
        let here = class(d.scaled_at(&values)?);
        let line = line_of(d, &roundings)?;
        // Outside this stretch the sign is that of the line, whatever the roundings do.
        let (first, last) = if line.slope.is_zero() {
            let apart = Ratio::ZERO.max(line.constant).max(line.constant.neg());
            if apart > line.off {
                return Some(here);
            }
            let again = period(&roundings).filter(|n| *n <= MOST_AHEAD);
            (point, point.checked_add(again.unwrap_or(MOST_AHEAD.saturating_add(1)))?)
        } else {
            let root = |off: Ratio| off.sub(line.constant)?.div(line.slope);
            let (a, b) = (root(line.off)?, root(line.off.neg())?);
            (floor(a.min(b)), floor(a.max(b)).saturating_add(1))
        };
        let start = Ord::max(point.saturating_add(1), first);
        for ahead in start..=last {
            if ahead.saturating_sub(start) >= MOST_AHEAD {
                self.note(Ratio::new(ahead, 1)?);
                break;
            }
            replay(&roundings, ahead, &mut values)?;
            if class(d.scaled_at(&values)?) != here {
                self.note(Ratio::new(ahead, 1)?);
                break;
            }
        }
        Some(here)
    }

    fn round(&self, quotient: Linear, mode: Rounding) -> Option<Linear> {
        // A sum of whole numbers is whole at every whole amount.
        if self.side != Side::Whole || quotient.den == 1 {
            return Some(quotient);
        }
        // A half goes away from zero: which way that is must not change within a stretch.
        if matches!(mode, Rounding::HalfUp | Rounding::TowardZero) {
            self.sign(quotient, false);
        }
        let mut roundings = self.roundings.borrow_mut();
        let at = match roundings.iter().position(|r| r.of == quotient && r.mode == mode) {
            Some(at) => at,
            None => {
                let mut values = [wide(0); MOST_VARIABLES];
                *values.first_mut()? = self.point.num();
                for (slot, rounded) in values.iter_mut().skip(1).zip(roundings.iter()) {
                    *slot = rounded.here;
                }
                let mut line = line_of(&quotient, &roundings)?;
                line.off = line.off.add(Ratio::ONE)?;
                let here = round_div(quotient.scaled_at(&values)?, quotient.den, mode)?;
                roundings.push(Rounded { of: quotient, mode, here, line });
                roundings.len().checked_sub(1)?
            }
        };
        let number = at.checked_add(1).filter(|number| *number < MOST_VARIABLES)?;
        Some(Linear::variable(number))
    }
}

pub(super) fn floor(n: Ratio) -> Wide {
    n.num().div_euclid(n.den())
}

/// A function with every rounding taken as what it rounds.
pub(super) fn line_of(d: &Linear, roundings: &[Rounded]) -> Option<Line> {
    let mut line = Line { constant: Ratio::new(d.constant, d.den)?, slope: d.coefficient(0)?, off: Ratio::ZERO };
    for (i, rounded) in roundings.iter().enumerate() {
        let by = d.coefficient(i.checked_add(1)?).unwrap_or(Ratio::ZERO);
        if !by.is_zero() {
            line.constant = line.constant.add(rounded.line.constant.mul(by)?)?;
            line.slope = line.slope.add(rounded.line.slope.mul(by)?)?;
            line.off = line.off.add(rounded.line.off.mul(by.max(by.neg()))?)?;
        }
    }
    Some(line)
}

/// After so many whole amounts every rounding cuts off the same again.
pub(super) fn period(roundings: &[Rounded]) -> Option<Wide> {
    let mut period = wide(1);
    for rounded in roundings {
        let own = rounded.line.slope.den();
        // A half goes to the even neighbour: so much further the parity must be the same too.
        let own = if rounded.mode == Rounding::HalfEven { own.checked_mul(2)? } else { own };
        period = lcm(period, own)?;
    }
    Some(period)
}

/// Does the roundings at another amount: fills in the amount and each rounding's value.
pub(super) fn replay(roundings: &[Rounded], at: Wide, values: &mut [Wide; MOST_VARIABLES]) -> Option<()> {
    *values.first_mut()? = at;
    for (i, rounded) in roundings.iter().enumerate() {
        let value = round_div(rounded.of.scaled_at(values)?, rounded.of.den, rounded.mode)?;
        *values.get_mut(i.checked_add(1)?)? = value;
    }
    Some(())
}

impl Affine {
    /// The unknown amount itself.
    #[must_use]
    pub fn variable() -> Self {
        Self(Linear::variable(0))
    }

    /// Whether it is a function at all.
    #[must_use]
    pub fn is_function(self) -> bool {
        self.0.is_function()
    }

    /// Whether it does not depend on the amount.
    #[must_use]
    pub fn is_constant(self) -> bool {
        self.0.is_constant()
    }

    /// Constant part and slope.
    #[must_use]
    pub fn parts(self) -> Option<(Ratio, Ratio)> {
        Some((Ratio::new(self.0.constant, self.0.den)?, self.0.coefficient(0)?))
    }
}

impl Number for Affine {
    type Watch = Look;

    const ZERO: Self = Self(Linear::fixed(0));
    const ONE: Self = Self(Linear::fixed(1));

    fn from_i64(value: i64) -> Self {
        Self(Linear::fixed(wide(value)))
    }

    /// The value of a constant; 0 for a function of the amount: what reads one so is refused before.
    fn to_wide(self) -> Wide {
        if self.is_constant() { self.0.constant.checked_div(self.0.den).unwrap_or(0) } else { 0 }
    }

    fn from_wide(value: Wide) -> Self {
        Self(Linear::fixed(value))
    }

    fn add(self, other: Self) -> Self {
        Self(self.0.plus(other.0))
    }

    fn sub(self, other: Self) -> Self {
        Self(self.0.minus(other.0))
    }

    fn mul(self, other: Self) -> Self {
        Self(self.0.times(other.0))
    }

    fn neg(self) -> Self {
        Self::ZERO.sub(self)
    }

    fn cmp(self, other: Self, watch: &Look) -> Ordering {
        watch.sign(self.0.minus(other.0), false)
    }

    fn less(self, other: Self, watch: &Look) -> bool {
        watch.sign(other.0.minus(self.0), true) == Ordering::Greater
    }

    fn min(self, other: Self, watch: &Look) -> Self {
        if watch.sign(self.0.minus(other.0), true) == Ordering::Greater { other } else { self }
    }

    fn max(self, other: Self, watch: &Look) -> Self {
        if watch.sign(self.0.minus(other.0), true) == Ordering::Greater { self } else { other }
    }

    fn div_exact(self, d: Self) -> Self {
        Self(self.0.over(d.0))
    }

    /// A constant is rounded; a function of the amount is kept as it is before rounding.
    fn round_div(self, d: Self, mode: Rounding) -> Self {
        let quotient = self.div_exact(d);
        if !quotient.is_function() || !quotient.is_constant() {
            return quotient;
        }
        round_div(quotient.0.constant, quotient.0.den, mode).map_or(Self(Linear::NONE), Self::from_wide)
    }

    fn round_at(self, d: Self, mode: Rounding, watch: &Look) -> Self {
        let quotient = self.round_div(d, mode);
        if !quotient.is_function() || quotient.is_constant() {
            return quotient;
        }
        watch.round(quotient.0, mode).map_or(Self(Linear::NONE), Self)
    }

    fn enter(watch: &Look, register: u32) {
        watch.register.set(register);
    }
}
