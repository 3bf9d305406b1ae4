//! A function in the making: two cases an instruction, every intermediate value in a local of its own, so that an
//! engine's optimiser finds what it likes best, values that are written once.

use wasm_encoder::{InstructionSink, MemArg, MemArgTarget};

use super::value::{Mask, Num};
use crate::batch::lane::{Lane, SHIFT};
use std::collections::BTreeMap;

/// A local of 128 bits: a number, or a mask, of two cases.
pub(super) type Local = u32;

/// An instruction that takes all from the stack.
pub(super) type How = for<'s, 'a> fn(&'s mut InstructionSink<'a>) -> &'s mut InstructionSink<'a>;

/// The count of cases, the function's parameter.
pub(super) const CASES: u32 = 0;
/// The first of the two cases in hand.
pub(super) const AT: u32 = 1;
/// Bytes up to it in a column of 32 bits.
pub(super) const AT4: u32 = 2;
/// The same of 64 bits.
pub(super) const AT8: u32 = 3;
/// Cases left so far.
pub(super) const LEFT: u32 = 4;
/// Bits of the two cases.
pub(super) const BITS: u32 = 5;
/// Two numbers to be thought of for a moment.
pub(super) const SPARE: [u32; 2] = [6, 7];
/// Locals of 32 bits after the parameter; those of 128 come next.
pub(super) const SMALL: u32 = 7;

/// How wide the cells of a column are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Width {
    One,
    Four,
    Eight,
}

/// The instructions for two cases.
#[derive(Debug, Clone, Default)]
pub(super) struct Code {
    pub(super) bytes: Vec<u8>,
    /// Where two figures are loaded, and from how many bytes after the first of all: they stand where only the host
    /// knows.
    pub(super) loads: Vec<(usize, u64)>,
    pub(super) locals: u32,
    /// Numbers times a factor, which several operations want.
    products: BTreeMap<(Local, u64), Local>,
}

pub(super) fn at(offset: u64) -> MemArg {
    MemArg { offset, align: 0, target: MemArgTarget::Memory(0), ordering: None }
}

/// The same 64 bits twice.
pub(super) fn twice(bits: u64) -> i128 {
    let bits = u128::from(bits);
    (bits | (bits << 64)).cast_signed()
}

impl Code {
    pub(super) fn sink(&mut self) -> InstructionSink<'_> {
        InstructionSink::new(&mut self.bytes)
    }

    pub(super) fn push(&mut self, how: How) {
        how(&mut self.sink());
    }

    /// Keeps what was computed last.
    pub(super) fn keep(&mut self) -> Local {
        let local = SMALL.wrapping_add(1).wrapping_add(self.locals);
        self.locals = self.locals.wrapping_add(1);
        self.sink().local_set(local);
        local
    }

    pub(super) fn number(&mut self, n: Num) {
        match n {
            Num::Figure(n) => self.sink().v128_const(twice(n.to_bits())),
            Num::Held(local) => self.sink().local_get(local),
        };
    }

    pub(super) fn mask(&mut self, mask: Mask) {
        match mask {
            Mask::All => self.sink().v128_const(-1),
            Mask::None => self.sink().v128_const(0),
            Mask::Held(local) => self.sink().local_get(local),
        };
    }

    /// What an instruction makes of one number.
    pub(super) fn of_one(&mut self, a: Num, how: How) -> Num {
        self.number(a);
        self.push(how);
        Num::Held(self.keep())
    }

    /// What an instruction makes of two numbers.
    pub(super) fn of_two(&mut self, a: Num, b: Num, how: How) -> Num {
        self.number(a);
        self.number(b);
        self.push(how);
        Num::Held(self.keep())
    }

    /// A comparison.
    pub(super) fn compare(&mut self, a: Num, b: Num, how: How) -> Mask {
        match self.of_two(a, b, how) {
            Num::Held(local) => Mask::Held(local),
            Num::Figure(_) => Mask::None,
        }
    }

    pub(super) fn plus(&mut self, a: Num, b: Num) -> Num {
        match (a, b) {
            (Num::Figure(0.0), n) | (n, Num::Figure(0.0)) => n,
            _ => self.of_two(a, b, |s| s.f64x2_add()),
        }
    }

    pub(super) fn minus(&mut self, a: Num, b: Num) -> Num {
        if b == Num::Figure(0.0) { a } else { self.of_two(a, b, |s| s.f64x2_sub()) }
    }

    pub(super) fn times(&mut self, a: Num, b: Num) -> Num {
        match (a, b) {
            (Num::Figure(1.0), n) | (n, Num::Figure(1.0)) => n,
            (Num::Figure(a), Num::Figure(b)) => Num::Figure(a.times(b)),
            (Num::Held(local), Num::Figure(by)) | (Num::Figure(by), Num::Held(local)) => {
                if let Some(known) = self.products.get(&(local, by.to_bits())) {
                    return Num::Held(*known);
                }
                let product = self.of_two(a, b, |s| s.f64x2_mul());
                if let Num::Held(made) = product {
                    self.products.insert((local, by.to_bits()), made);
                }
                product
            }
            _ => self.of_two(a, b, |s| s.f64x2_mul()),
        }
    }

    pub(super) fn lesser(&mut self, a: Num, b: Num) -> Num {
        self.of_two(b, a, |s| s.f64x2_pmin())
    }

    pub(super) fn greater(&mut self, a: Num, b: Num) -> Num {
        self.of_two(b, a, |s| s.f64x2_pmax())
    }

    /// One number where the mask is set, another elsewhere.
    pub(super) fn select(&mut self, mask: Mask, yes: Num, no: Num) -> Num {
        if yes == no {
            return yes;
        }
        match (mask, yes, no) {
            (Mask::All, ..) => yes,
            (Mask::None, ..) => no,
            (_, _, Num::Figure(0.0)) => {
                self.number(yes);
                self.mask(mask);
                self.push(|s| s.v128_and());
                Num::Held(self.keep())
            }
            (_, Num::Figure(0.0), _) => {
                self.number(no);
                self.mask(mask);
                self.push(|s| s.v128_andnot());
                Num::Held(self.keep())
            }
            _ => {
                self.number(yes);
                self.number(no);
                self.mask(mask);
                self.push(|s| s.v128_bitselect());
                Num::Held(self.keep())
            }
        }
    }

    fn of_masks(&mut self, a: Mask, b: Mask, how: How) -> Mask {
        self.mask(a);
        self.mask(b);
        self.push(how);
        Mask::Held(self.keep())
    }

    /// Where both masks are set.
    pub(super) fn and(&mut self, a: Mask, b: Mask) -> Mask {
        match (a, b) {
            (Mask::None, _) | (_, Mask::None) => Mask::None,
            (Mask::All, other) | (other, Mask::All) => other,
            _ if a == b => a,
            _ => self.of_masks(a, b, |s| s.v128_and()),
        }
    }

    /// Where one of the masks is set.
    pub(super) fn or(&mut self, a: Mask, b: Mask) -> Mask {
        match (a, b) {
            (Mask::All, _) | (_, Mask::All) => Mask::All,
            (Mask::None, other) | (other, Mask::None) => other,
            _ if a == b => a,
            _ => self.of_masks(a, b, |s| s.v128_or()),
        }
    }

    /// Where the first is set and the second is not.
    pub(super) fn but(&mut self, a: Mask, b: Mask) -> Mask {
        match (a, b) {
            (Mask::None, _) | (_, Mask::All) => Mask::None,
            (_, Mask::None) => a,
            (Mask::All, Mask::Held(_)) => {
                self.mask(b);
                self.push(|s| s.v128_not());
                Mask::Held(self.keep())
            }
            _ => self.of_masks(a, b, |s| s.v128_andnot()),
        }
    }

    pub(super) fn not(&mut self, a: Mask) -> Mask {
        self.but(Mask::All, a)
    }

    /// A mask, chosen by another.
    pub(super) fn select_mask(&mut self, mask: Mask, yes: Mask, no: Mask) -> Mask {
        if yes == no {
            return yes;
        }
        let (one, other) = (self.and(mask, yes), self.but(no, mask));
        self.or(one, other)
    }

    /// Puts the offset of the case in hand on the stack.
    pub(super) fn case(&mut self, width: Width) {
        self.sink().local_get(match width {
            Width::One => AT,
            Width::Four => AT4,
            Width::Eight => AT8,
        });
    }

    /// Figures of an array that begins `offset` bytes after the first of all, at these places in bytes. A place past
    /// `last` reads what stands there: a case that is not plain may come with any.
    pub(super) fn figures(&mut self, places: Num, offset: u64, last: f64) -> Num {
        // A whole number added to 2⁵² stands in the low bits.
        let shifted = self.of_two(places, Num::Figure(SHIFT), |s| s.f64x2_add());
        self.number(shifted);
        // The low word of each half, the high one as it is.
        let most = (last.whole().cast_unsigned() & 0xffff_ffff) | (0xffff_ffff << 32);
        self.sink().v128_const(twice(most)).i32x4_min_u();
        let shifted = self.keep();
        for (place, lane) in SPARE.into_iter().zip([0, 2]) {
            self.sink().local_get(shifted).i32x4_extract_lane(lane).local_set(place);
        }
        self.loads.push((self.bytes.len(), offset));
        Num::Held(self.keep())
    }
}
