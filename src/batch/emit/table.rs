//! Tables: a place in a dense array, and the figure or the operand that stands there.

use super::Maker;
use super::code::How;
use super::value::{Mask, Num, Value, What};
use crate::batch::kernel::{Cut, Key, Operand};
use crate::batch::lane::Lane;

/// Cuts that a key is held against one by one, at most.
const MOST_CUTS: usize = 64;
/// Operands that a table chooses among, at most; figures do not count.
const MOST_CHOICES: usize = 16;
/// Bytes of a figure.
const STEP: f64 = 8.0;

impl Maker<'_> {
    /// Places in bytes, where they are certainly places; nothing where a key has too many cuts, or the array no place.
    fn places<T>(&mut self, keys: &[Key<f64>], array: &[T], same: fn(&T, &T) -> bool) -> Option<(Num, Mask)> {
        if array.is_empty() {
            return None;
        }
        let (mut place, mut known) = (Num::Figure(0.0), Mask::All);
        for key in keys {
            let value = self.value(key.row);
            let n = self.number_of(value);
            let stride = key.stride.times(STEP);
            known = self.code.and(known, value.known);
            match &key.cut {
                Cut::Option { most } => {
                    let most_place = most.whole();
                    if !value.range.is_some_and(|(least, most)| least >= 0 && most <= most_place) {
                        let above = self.code.compare(n, Num::Figure(0.0), |s| s.f64x2_ge());
                        let below = self.code.compare(n, Num::Figure(*most), |s| s.f64x2_le());
                        let inside = self.code.and(above, below);
                        known = self.code.and(known, inside);
                    }
                    let step = match value.what {
                        What::Truth(mask) => self.code.select(mask, Num::Figure(stride), Num::Figure(0.0)),
                        What::Number(n) => self.code.times(n, Num::Figure(stride)),
                    };
                    place = self.code.plus(place, step);
                }
                Cut::Cuts { cuts, .. } if cuts.len() > MOST_CUTS => return None,
                Cut::Cuts { factor, cuts } => {
                    let n = self.code.times(n, Num::Figure(*factor));
                    let dense = Dense { array, same, stride: key.stride.place(), stretches: stretches(cuts) };
                    for (at, cut) in cuts.iter().enumerate() {
                        for (how, steps) in dense.steps(at) {
                            let past = self.code.compare(n, Num::Figure(*cut), how);
                            let step = self.code.select(past, Num::Figure(stride.times(steps)), Num::Figure(0.0));
                            place = self.code.plus(place, step);
                        }
                    }
                }
            }
        }
        Some((place, known))
    }

    /// Adds an array of figures; the figures at these places.
    fn at_places(&mut self, places: Num, figures: &[f64]) -> Num {
        let bytes = |n: usize| i64::try_from(n.saturating_mul(8)).unwrap_or(i64::MAX);
        let offset = bytes(self.figures.len()).cast_unsigned();
        self.figures.extend_from_slice(figures);
        self.code.figures(places, offset, f64::of(bytes(figures.len().saturating_sub(1))))
    }

    pub(super) fn look_up(&mut self, keys: &[Key<f64>], figures: &[f64]) -> Value {
        let same = |a: &f64, b: &f64| a.to_bits() == b.to_bits();
        let Some((places, mut known)) = self.places(keys, figures, same) else { return Value::UNSURE };
        let found = self.at_places(places, figures);
        let open = self.holes(figures, found, &mut known);
        Value { open, ..Value::number(found, known) }
    }

    /// Figures stand in one array; in another which operand it is instead, counted from one.
    pub(super) fn choose(&mut self, keys: &[Key<f64>], choice: &[Option<Operand<f64>>]) -> Value {
        let Some((places, mut known)) = self.places(keys, choice, |a, b| a == b) else { return Value::UNSURE };
        let mut operands: Vec<Operand<f64>> = Vec::new();
        let (mut figures, mut which) = (Vec::new(), Vec::new());
        for one in choice {
            let value = one.map_or(Value::UNSURE, |operand| self.value(operand.row));
            let (figure, number) = match (one, value.known, value.what) {
                (None, ..) => (f64::NONE, 0),
                // What this back end does not know of may well have a value: the evaluator decides.
                _ if value.open == Mask::All => (f64::NONE, 0),
                (Some(operand), Mask::All, What::Number(Num::Figure(n))) => (n.times(operand.by), 0),
                (Some(operand), ..) => (f64::ZERO, numbered(&mut operands, operand)),
            };
            figures.push(figure);
            which.push(f64::of(number));
        }
        if operands.len() > MOST_CHOICES {
            return Value::UNSURE;
        }
        let mut found = self.at_places(places, &figures);
        let open = self.holes(&figures, found, &mut known);
        if operands.is_empty() {
            return Value { open, ..Value::number(found, known) };
        }
        let which = self.at_places(places, &which);
        for (operand, number) in operands.iter().zip(1_i64..) {
            let (n, operand_known) = self.operand(operand);
            let is = self.code.compare(which, Num::Figure(f64::of(number)), |s| s.f64x2_eq());
            found = self.code.select(is, n, found);
            let unknown = self.code.but(is, operand_known);
            known = self.code.but(known, unknown);
        }
        Value { open, ..Value::number(found, known) }
    }

    /// Where an array has no figure, which is taken out of what is known.
    fn holes(&mut self, figures: &[f64], found: Num, known: &mut Mask) -> Mask {
        if !figures.iter().any(|figure| figure.is_none()) {
            return Mask::None;
        }
        let is = self.code.compare(found, found, |s| s.f64x2_eq());
        let open = self.code.but(*known, is);
        *known = self.code.and(*known, is);
        open
    }
}

/// Below the first cut, on it, above it, on the next …
fn stretches(cuts: &[f64]) -> usize {
    cuts.len().saturating_mul(2).saturating_add(1)
}

/// A dense array along one key.
struct Dense<'a, T> {
    array: &'a [T],
    same: fn(&T, &T) -> bool,
    stride: usize,
    stretches: usize,
}

impl<T> Dense<'_, T> {
    /// How a cut is passed, and how many places that leads on. A cut mostly belongs to one of its sides, whatever the
    /// other keys are: then one comparison does.
    fn steps(&self, cut: usize) -> Vec<(How, f64)> {
        let below = cut.saturating_mul(2);
        if self.is_joined(below.saturating_add(1)) {
            vec![(|s| s.f64x2_ge(), 2.0)]
        } else if self.is_joined(below) {
            vec![(|s| s.f64x2_gt(), 2.0)]
        } else {
            vec![(|s| s.f64x2_ge(), 1.0), (|s| s.f64x2_gt(), 1.0)]
        }
    }

    /// Whether the same stands in a stretch and in the one above it.
    fn is_joined(&self, stretch: usize) -> bool {
        let in_stretch = |at: usize| {
            let along = at.checked_div(self.stride).and_then(|at| at.checked_rem(self.stretches));
            along == Some(stretch)
        };
        let above = self.array.iter().skip(self.stride);
        self.array.iter().zip(above).enumerate().all(|(at, (one, other))| !in_stretch(at) || (self.same)(one, other))
    }
}

/// The number of an operand among those met so far.
fn numbered(operands: &mut Vec<Operand<f64>>, operand: &Operand<f64>) -> i64 {
    let at = operands.iter().position(|met| met == operand).unwrap_or_else(|| {
        operands.push(*operand);
        operands.len().saturating_sub(1)
    });
    i64::try_from(at).unwrap_or(i64::MAX).saturating_add(1)
}
