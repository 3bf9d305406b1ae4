//! Quotients and rounding, for two cases.
//!
//! A rounded quotient n / d of whole numbers never reaches a whole number that it is not: the distance is at least
//! 1 / d, relatively 1 / n, and n is below 2⁵³. So its whole part is that of the exact quotient, upwards and downwards.

use super::code::{Code, How};
use super::value::{Mask, Num};
use crate::batch::lane::Lane;
use crate::number::Rounding;

/// How a number is rounded: to whole numbers after a division by a positive one.
#[derive(Clone, Copy)]
pub(super) struct Round {
    pub(super) mode: Rounding,
    pub(super) down: Num,
    /// Whether the number is never below nought.
    pub(super) is_never_negative: bool,
}

impl Code {
    /// The quotient. A power of two divides by multiplication, exactly.
    pub(super) fn quotient(&mut self, n: Num, divisor: Num) -> Num {
        match divisor {
            Num::Figure(1.0) => n,
            Num::Figure(d) if (d.whole().cast_unsigned()).is_power_of_two() => {
                self.of_two(n, Num::Figure(Lane::over(1.0, d)), |s| s.f64x2_mul())
            }
            _ => self.of_two(n, divisor, |s| s.f64x2_div()),
        }
    }

    /// The quotient that leaves no rest; nought by nought.
    pub(super) fn exact_quotient(&mut self, n: Num, divisor: Num) -> Num {
        match (n, divisor) {
            (Num::Figure(n), Num::Figure(divisor)) => Num::Figure(n.over(divisor)),
            (_, Num::Figure(0.0)) => divisor,
            (_, Num::Figure(_)) => self.quotient(n, divisor),
            (_, Num::Held(_)) => {
                let is = self.compare(divisor, Num::Figure(0.0), |s| s.f64x2_ne());
                let quotient = self.quotient(n, divisor);
                self.select(is, quotient, Num::Figure(0.0))
            }
        }
    }

    pub(super) fn rounded(&mut self, n: Num, how: Round) -> Num {
        let whole: How = match how.mode {
            Rounding::HalfUp | Rounding::HalfEven => return self.nearest(n, how),
            Rounding::Floor => |s| s.f64x2_floor(),
            Rounding::Ceiling => |s| s.f64x2_ceil(),
            Rounding::TowardZero => |s| s.f64x2_trunc(),
        };
        if how.down == Num::Figure(1.0) {
            return n;
        }
        let quotient = self.quotient(n, how.down);
        self.of_one(quotient, whole)
    }

    /// Of the size without the sign.
    fn nearest(&mut self, n: Num, how: Round) -> Num {
        if how.down == Num::Figure(1.0) {
            return n;
        }
        let size = if how.is_never_negative { n } else { self.of_one(n, |s| s.f64x2_abs()) };
        let cut = match (how.mode, how.down) {
            (Rounding::HalfUp, Num::Figure(down)) => {
                // The rest takes a step where it is half of the divisor or more: with that much added, the cut does.
                let raised = self.plus(size, Num::Figure(down.cut(2.0)));
                self.floored(raised, how.down)
            }
            _ => self.stepped(size, how),
        };
        if how.is_never_negative {
            return cut;
        }
        let sign = self.of_two(n, Num::Figure(-0.0), |s| s.v128_and());
        self.of_two(cut, sign, |s| s.v128_or())
    }

    /// The whole part of a quotient that is not negative.
    fn floored(&mut self, n: Num, down: Num) -> Num {
        let quotient = self.quotient(n, down);
        self.of_one(quotient, |s| s.f64x2_floor())
    }

    /// The whole part, and one more where the rest says so.
    fn stepped(&mut self, size: Num, how: Round) -> Num {
        let cut = self.floored(size, how.down);
        let taken = self.times(cut, how.down);
        let rest = self.minus(size, taken);
        let left = self.minus(how.down, rest);
        let more = if how.mode == Rounding::HalfUp {
            self.compare(rest, left, |s| s.f64x2_ge())
        } else {
            let above = self.compare(rest, left, |s| s.f64x2_gt());
            let half = self.compare(rest, left, |s| s.f64x2_eq());
            let odd = self.odd(cut);
            let up = self.and(half, odd);
            self.or(above, up)
        };
        let step = self.select(more, Num::Figure(1.0), Num::Figure(0.0));
        self.plus(cut, step)
    }

    fn odd(&mut self, n: Num) -> Mask {
        let half = self.floored(n, Num::Figure(2.0));
        let even = self.plus(half, half);
        self.compare(n, even, |s| s.f64x2_ne())
    }
}
