//! The number an evaluator carries.

use core::cmp::Ordering;
use core::fmt::Debug;

use super::round::Rounding;
use super::wide::Wide;

/// A number an evaluator carries: today a whole number at a scale that the plan knows.
///
/// The scale (how many units make one yuan, say) is not in the value. Adding two values of
/// different scales is a fault of the compiler, not something this trait can notice.
///
/// INVARIANT: the ranges of all values were proved when the plan was loaded, so no operation
/// leaves the range of the type and no divisor is zero. If the proof were wrong the result would
/// wrap around or be zero; nothing panics.
///
/// The method names are those of `Ord` and the operators on purpose, for formulas written over an
/// `N: Number`. On a concrete `i64` they may be ambiguous; write `Number::min(a, b, &())` there.
pub trait Number: Copy + Debug + PartialEq {
    /// What looks on while values are compared. Whole numbers need no one; a number that stands for
    /// a function of an unknown amount notes here where a comparison would come out otherwise.
    type Watch;

    /// Nought.
    const ZERO: Self;
    /// One unit of the scale (not one yuan).
    const ONE: Self;

    /// A value from 64 bits.
    fn from_i64(value: i64) -> Self;
    /// The value as wide as any. Nothing is lost.
    fn to_wide(self) -> Wide;
    /// The value from as many bits as any has. Higher bits are cut off: the caller has proved the range.
    fn from_wide(value: Wide) -> Self;

    /// The sum.
    fn add(self, other: Self) -> Self;
    /// The difference.
    fn sub(self, other: Self) -> Self;
    /// The product. The scale of the result is the product of the scales.
    fn mul(self, other: Self) -> Self;
    /// The same size with the other sign.
    fn neg(self) -> Self;
    /// The order of the two.
    fn cmp(self, other: Self, watch: &Self::Watch) -> Ordering;
    /// Whether it is less. Asks less of `watch` than the whole order does.
    #[inline(always)]
    fn less(self, other: Self, watch: &Self::Watch) -> bool {
        self.cmp(other, watch) == Ordering::Less
    }
    /// The lesser.
    fn min(self, other: Self, watch: &Self::Watch) -> Self {
        if self.cmp(other, watch) == Ordering::Greater { other } else { self }
    }
    /// The greater.
    fn max(self, other: Self, watch: &Self::Watch) -> Self {
        if self.cmp(other, watch) == Ordering::Less { other } else { self }
    }
    /// Where the value stands among rising cut points: `2 i + 1` at cut `i`, `2 i` before it.
    fn stretch(self, cuts: &[Wide], watch: &Self::Watch) -> usize {
        let mut at = 0_usize;
        for cut in cuts {
            match self.cmp(Self::from_wide(*cut), watch) {
                Ordering::Less => break,
                Ordering::Equal => return at.wrapping_add(1),
                Ordering::Greater => at = at.wrapping_add(2),
            }
        }
        at
    }
    /// The rounded quotient, looked on at: where it depends on an unknown amount, the rounding is noted.
    #[inline(always)]
    fn round_at(self, d: Self, mode: Rounding, _watch: &Self::Watch) -> Self {
        self.round_div(d, mode)
    }
    /// Told before each register is written.
    fn enter(_watch: &Self::Watch, _register: u32) {}

    /// The quotient by a divisor that is known to leave no rest; a rest would be dropped. Zero if
    /// `d` is zero, which the invariant excludes.
    fn div_exact(self, d: Self) -> Self;
    /// The quotient rounded to a whole number. Zero if `d` is zero or the result does not fit,
    /// both of which the invariant excludes.
    ///
    /// ```
    /// use yibao_rules::number::{Number, Rounding};
    /// // 12.34 yuan at 92.5 %: fen times basis points, back to fen.
    /// let share = 1234_i64.mul(9250).round_div(10_000, Rounding::HalfUp);
    /// assert_eq!(share, 1141);
    /// ```
    fn round_div(self, d: Self, mode: Rounding) -> Self;
}

macro_rules! whole_number {
    ($int:ty) => {
        impl Number for $int {
            type Watch = ();

            const ZERO: Self = 0;
            const ONE: Self = 1;

            #[inline]
            fn from_i64(value: i64) -> Self {
                Self::from(value)
            }

            #[inline]
            fn to_wide(self) -> Wide {
                self as Wide
            }

            #[inline]
            fn from_wide(value: Wide) -> Self {
                value as Self
            }

            #[inline]
            fn add(self, other: Self) -> Self {
                self.wrapping_add(other)
            }

            #[inline]
            fn sub(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }

            #[inline]
            fn mul(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }

            #[inline]
            fn neg(self) -> Self {
                self.wrapping_neg()
            }

            #[inline]
            fn cmp(self, other: Self, (): &()) -> Ordering {
                Ord::cmp(&self, &other)
            }

            #[inline]
            fn stretch(self, cuts: &[Wide], (): &()) -> usize {
                match cuts.binary_search(&self.to_wide()) {
                    Ok(i) => i.wrapping_mul(2).wrapping_add(1),
                    Err(i) => i.wrapping_mul(2),
                }
            }

            #[inline]
            fn div_exact(self, d: Self) -> Self {
                self.checked_div(d).unwrap_or(0)
            }

            #[inline]
            fn round_div(self, d: Self, mode: Rounding) -> Self {
                let Some(cut) = self.checked_div(d) else { return 0 };
                let rest = self.wrapping_sub(cut.wrapping_mul(d));
                if rest == 0 {
                    return cut;
                }
                let rest = rest.unsigned_abs();
                // rest < |d|: comparing with what is left of |d| needs no doubling.
                let half = Ord::cmp(&rest, &d.unsigned_abs().wrapping_sub(rest));
                let negative = (self < 0) != (d < 0);
                let step = Self::from(mode.goes_away_from_zero(negative, half, cut & 1 == 1));
                // A rest needs |d| > 1, so the quotient has room for one more step.
                if negative { cut.wrapping_sub(step) } else { cut.wrapping_add(step) }
            }
        }
    };
}

whole_number!(i64);
#[cfg(feature = "authoring")]
whole_number!(i128);
