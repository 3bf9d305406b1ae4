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
    /// Places in bytes, where they are certainly places; nothing where a key has too many cuts.
    fn places(&mut self, keys: &[Key<f64>]) -> Option<(Num, Mask)> {
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
                    let hows: [How; 2] = [|s| s.f64x2_ge(), |s| s.f64x2_gt()];
                    for (cut, how) in cuts.iter().flat_map(|cut| hows.map(|how| (cut, how))) {
                        let past = self.code.compare(n, Num::Figure(*cut), how);
                        let step = self.code.select(past, Num::Figure(stride), Num::Figure(0.0));
                        place = self.code.plus(place, step);
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
        let Some((places, mut known)) = self.places(keys).filter(|_| !figures.is_empty()) else { return Value::UNSURE };
        let found = self.at_places(places, figures);
        let open = self.holes(figures, found, &mut known);
        Value { open, ..Value::number(found, known) }
    }

    /// Figures stand in one array; in another which operand it is instead, counted from one.
    pub(super) fn choose(&mut self, keys: &[Key<f64>], choice: &[Option<Operand<f64>>]) -> Value {
        let Some((places, mut known)) = self.places(keys).filter(|_| !choice.is_empty()) else { return Value::UNSURE };
        let mut operands: Vec<Operand<f64>> = Vec::new();
        let (mut figures, mut which) = (Vec::new(), Vec::new());
        for one in choice {
            let value = one.map_or(Value::UNSURE, |operand| self.value(operand.row));
            let (figure, number) = match (one, value.known, value.what) {
                (None, ..) | (_, Mask::None, _) => (f64::NONE, 0),
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

/// The number of an operand among those met so far.
fn numbered(operands: &mut Vec<Operand<f64>>, operand: &Operand<f64>) -> i64 {
    let is_same = |met: &Operand<f64>| met.row == operand.row && met.by == operand.by;
    let at = operands.iter().position(is_same).unwrap_or_else(|| {
        operands.push(*operand);
        operands.len().saturating_sub(1)
    });
    i64::try_from(at).unwrap_or(i64::MAX).saturating_add(1)
}
