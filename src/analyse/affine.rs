//! The number of a curve: a linear function of one unknown amount `t` and of roundings that depend on it.
//!
//! Comparisons are decided at one point (or just after it) and note the nearest later point at
//! which they would come out otherwise; between two such points every register is one function.

use super::linear::{Linear, MOST_VARIABLES};
use crate::number::{Number, Ratio, Rounding, Wide, lcm, round_div, wide};
use core::cell::{Cell, RefCell};
use core::cmp::Ordering;

/// Most steps of roundings that one comparison looks ahead where they may change its outcome.
const MOST_AHEAD: usize = 4_096;

/// The amount, and the value of each rounding there.
pub(super) type Values = [Wide; MOST_VARIABLES];

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
    /// The last amount that is asked for: beyond it nothing is looked for.
    end: Wide,
    /// Values of functions that were worked out to look ahead.
    looked: Cell<u64>,
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
            end: Wide::MAX,
            looked: Cell::new(0),
        }
    }

    /// Decides comparisons at a whole amount, with roundings, and looks no further than to another.
    pub(super) fn whole_at(point: i64, end: i64) -> Self {
        Self { end: wide(end), ..Self::new(Ratio::from_int(point), Side::Whole) }
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

    /// How many values were worked out to look ahead.
    pub(super) fn looked(&self) -> u64 {
        self.looked.get()
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
        let mut values: Values = [0; MOST_VARIABLES];
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
            // After a turn of the roundings everything comes again.
            (point, point.saturating_add(period(&roundings).unwrap_or(Wide::MAX)))
        } else {
            let root = |off: Ratio| off.sub(line.constant)?.div(line.slope);
            let (a, b) = (root(line.off)?, root(line.off.neg())?);
            (floor(a.min(b)), floor(a.max(b)).saturating_add(1))
        };
        let last = Ord::min(last, self.end);
        let mut at = Ord::max(point.saturating_add(1), first);
        for _ in 0..MOST_AHEAD {
            if at > last {
                return Some(here);
            }
            replay(&roundings, at, &mut values)?;
            // Between two steps of the roundings the difference is a straight function of the amount.
            let end = stretch(&roundings, &values, last, &self.looked)?;
            let sign = |at: Wide| {
                self.looked.set(self.looked.get().saturating_add(1));
                *values.first_mut()? = at;
                Some(class(d.scaled_at(&values)?) == here)
            };
            let same = last_same(at, end, sign)?;
            if same < end {
                self.note(Ratio::new(same.checked_add(1)?, 1)?);
                return Some(here);
            }
            at = end.checked_add(1)?;
        }
        self.note(Ratio::new(at, 1)?);
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
                let mut values: Values = [0; MOST_VARIABLES];
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
pub(super) fn replay(roundings: &[Rounded], at: Wide, values: &mut Values) -> Option<()> {
    *values.first_mut()? = at;
    for (i, rounded) in roundings.iter().enumerate() {
        let value = round_div(rounded.of.scaled_at(values)?, rounded.of.den, rounded.mode)?;
        *values.get_mut(i.checked_add(1)?)? = value;
    }
    Some(())
}

/// The last amount, up to `last`, at which every rounding still has the value that it has at the amount of `values`.
/// Counts the values worked out for it.
///
/// A rounding alone is a stair of the amount, up or down; so is each of several as long as those before it stand still.
pub(super) fn stretch(roundings: &[Rounded], values: &Values, last: Wide, looked: &Cell<u64>) -> Option<Wide> {
    let at = *values.first()?;
    let mut end = last;
    for (rounded, here) in roundings.iter().zip(values.iter().skip(1)) {
        let mut ahead = *values;
        let same = |at: Wide| {
            looked.set(looked.get().saturating_add(1));
            *ahead.first_mut()? = at;
            Some(round_div(rounded.of.scaled_at(&ahead)?, rounded.of.den, rounded.mode)? == *here)
        };
        if *rounded.of.coefficients.first()? != 0 {
            end = last_same(at, end, same)?;
        }
    }
    Some(end)
}

/// The last number from `first` to `last` for which something is so that is so up to some number and no further; one
/// before `first` where it is not even so there. Looks near `first` first: most steps are short.
fn last_same(first: Wide, last: Wide, mut same: impl FnMut(Wide) -> Option<bool>) -> Option<Wide> {
    let mut known = first.checked_sub(1)?;
    let mut step: Wide = 1;
    let mut beyond = loop {
        let next = Ord::min(known.saturating_add(step), last);
        if next <= known {
            return Some(known);
        }
        if !same(next)? {
            break next;
        }
        known = next;
        step = step.saturating_mul(2);
    };
    while beyond.checked_sub(known)? > 1 {
        let middle = known.checked_add(beyond.checked_sub(known)?.checked_div(2)?)?;
        if same(middle)? { known = middle } else { beyond = middle }
    }
    Some(known)
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
