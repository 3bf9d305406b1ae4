//! Answers of two cases, read and checked.

use super::code::{Code, Width, at};
use super::value::{Mask, Num, Value};
use super::{Cells, Place};
use crate::batch::column::bounds;
use crate::batch::lane::Lane;
use crate::plan::Input;

/// Reads a column; the answers, and where they are certainly answers: whole, within their bounds, none left out.
pub(super) fn read(code: &mut Code, input: &Input, place: Place) -> (Value, Mask) {
    let n = load(code, place);
    let (least, most) = bounds(input);
    let (least, most) = place.cells.answers(least, most);
    let mut is = if let Cells::F64 | Cells::I64 = place.cells {
        // A double may be no whole number, or none at all, which equals nothing.
        let whole = if let Cells::F64 = place.cells { code.of_one(n, |s| s.f64x2_trunc()) } else { n };
        let low = code.greater(whole, Num::Figure(f64::of(least)));
        let near = code.lesser(low, Num::Figure(f64::of(most)));
        code.compare(n, near, |s| s.f64x2_eq())
    } else {
        let (low, high) = place.cells.ends();
        let above = if least > low { ge(code, n, least) } else { Mask::All };
        let below = if most < high { le(code, n, most) } else { Mask::All };
        code.and(above, below)
    };
    if !input.only.is_empty() {
        let mut one = Mask::None;
        for only in &input.only {
            let equal = code.compare(n, Num::Figure(f64::of(*only)), |s| s.f64x2_eq());
            one = code.or(one, equal);
        }
        is = code.and(is, one);
    }
    let value = Value { range: Some((least, most)), ..Value::number(n, Mask::All) };
    (value, is)
}

fn ge(code: &mut Code, n: Num, least: i64) -> Mask {
    code.compare(n, Num::Figure(f64::of(least)), |s| s.f64x2_ge())
}

fn le(code: &mut Code, n: Num, most: i64) -> Mask {
    code.compare(n, Num::Figure(f64::of(most)), |s| s.f64x2_le())
}

fn load(code: &mut Code, place: Place) -> Num {
    let here = at(u64::from(place.at));
    match place.cells {
        Cells::F64 => {
            code.case(Width::Eight);
            code.sink().v128_load(here);
        }
        Cells::I64 => {
            code.case(Width::Eight);
            code.sink().i64_load(here);
            code.push(|s| s.f64_convert_i64_s());
            code.push(|s| s.f64x2_splat());
            code.case(Width::Eight);
            code.sink().i64_load(at(u64::from(place.at).wrapping_add(8)));
            code.push(|s| s.f64_convert_i64_s());
            code.sink().f64x2_replace_lane(1);
        }
        Cells::I32 => {
            code.case(Width::Four);
            code.sink().v128_load64_zero(here);
            code.push(|s| s.f64x2_convert_low_i32x4_s());
        }
        Cells::U8 => {
            code.case(Width::One);
            code.sink().v128_load16_splat(here);
            code.push(|s| s.i16x8_extend_low_i8x16_u());
            code.push(|s| s.i32x4_extend_low_i16x8_u());
            code.push(|s| s.f64x2_convert_low_i32x4_s());
        }
    }
    Num::Held(code.keep())
}

impl Cells {
    /// Least and greatest number that such a cell holds.
    fn ends(self) -> (i64, i64) {
        match self {
            Self::F64 | Self::I64 => (i64::MIN, i64::MAX),
            Self::I32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
            Self::U8 => (0, i64::from(u8::MAX)),
        }
    }

    /// Bounds without the numbers that stand for no answer.
    fn answers(self, least: i64, most: i64) -> (i64, i64) {
        let (low, high) = self.ends();
        match self {
            Self::F64 => (least, most),
            Self::I64 | Self::I32 => (least.max(low.saturating_add(2)), most),
            Self::U8 => (least, most.min(high.saturating_sub(2))),
        }
    }
}
