//! What one lane carries.
//!
//! Lanes of a service whose every value stays below 2⁵² are doubles that hold whole numbers: sums, differences,
//! products and exact quotients of those are whole and below 2⁵³, so each operation is exact; a processor has vectors
//! for them everywhere, and JavaScript's columns are doubles already. Range analysis proves the bound when a plan
//! loads; a service that may pass it runs over 64-bit integers.
#![expect(clippy::float_arithmetic, reason = "whole numbers below 2^53, on which doubles are exact")]

use crate::number::Wide;
use core::fmt::Debug;

/// Cases that one operation takes at once; one bit each in a mask of 64.
pub(super) const LANES: usize = 64;

/// The numbers of one register, a case each.
pub(super) type Lanes<L> = [L; LANES];

/// Greatest magnitude that lanes of doubles may meet, one bit spare.
pub(super) const MOST_DOUBLE: Wide = 1 << 52;

/// A whole number in a lane.
pub(super) trait Lane: Copy + PartialOrd + Debug {
    /// Nought.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// What no value is; unequal to every number that a lane may hold.
    const NONE: Self;
    /// From 64 bits; exact where range analysis allowed this kind of lane.
    fn of(n: i64) -> Self;
    /// From a double; meant for whole numbers.
    fn of_double(n: f64) -> Self;
    /// The whole number.
    fn whole(self) -> i64;
    /// The same as a double, where that is exact; nought has no sign.
    fn double(self) -> f64;
    /// The sum.
    fn plus(self, other: Self) -> Self;
    /// The difference.
    fn minus(self, other: Self) -> Self;
    /// The product.
    fn times(self, other: Self) -> Self;
    /// The quotient that leaves no rest; nought by nought.
    fn over(self, divisor: Self) -> Self;
    /// How often a positive divisor goes into a number that is not negative.
    fn cut(self, divisor: Self) -> Self;
    /// Whether it is odd; it is not negative.
    fn is_odd(self) -> bool;
    /// Whether it is no number.
    fn is_none(self) -> bool;
    /// A number from nought on as a place in an array; any other leads beyond every array.
    fn place(self) -> usize;

    /// The lesser.
    #[inline(always)]
    fn lesser(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
    /// The greater.
    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    /// One or nought.
    #[inline(always)]
    fn truth(yes: bool) -> Self {
        if yes { Self::ONE } else { Self::ZERO }
    }
    /// Whether it stands for yes.
    #[inline(always)]
    fn holds(self) -> bool {
        self != Self::ZERO
    }
}

impl Lane for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const NONE: Self = f64::NAN;

    #[inline(always)]
    fn of(n: i64) -> Self {
        n as f64
    }
    #[inline(always)]
    fn of_double(n: f64) -> Self {
        n
    }
    #[inline(always)]
    fn whole(self) -> i64 {
        self as i64
    }
    #[inline(always)]
    fn double(self) -> f64 {
        self + 0.0
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self - other
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn over(self, divisor: Self) -> Self {
        // Exact: the true quotient is a whole number, and a division is rounded correctly.
        if divisor == 0.0 { 0.0 } else { self / divisor }
    }
    #[inline(always)]
    fn cut(self, divisor: Self) -> Self {
        // The nearest double of n / d is not above the next whole number unless n / d lies within 2⁻⁵³ of it,
        // relatively; the distance is at least 1 / d, and n is below 2⁵³.
        whole_below(self / divisor)
    }
    #[inline(always)]
    fn is_odd(self) -> bool {
        self - 2.0 * whole_below(self / 2.0) != 0.0
    }
    #[inline(always)]
    fn is_none(self) -> bool {
        self.is_nan()
    }
    #[inline(always)]
    fn place(self) -> usize {
        // Added to 2⁵², a whole number stands in the low bits; a conversion would look at NaN and both ends as well.
        // A number below nought borrows from 2⁵² and leaves all of them set.
        ((self + SHIFT).to_bits() & ((1 << 52) - 1)) as usize
    }
}

/// 2⁵².
pub(super) const SHIFT: f64 = 4_503_599_627_370_496.0;

/// The whole part of a number from nought to 2⁵².
#[inline(always)]
fn whole_below(x: f64) -> f64 {
    // Added to 2⁵², a double keeps no fraction: the sum is x rounded to the nearest. `floor` is a call on processors
    // of the first 64-bit generation, which is what programs are compiled for unless they are told more.
    let nearest = (x + SHIFT) - SHIFT;
    if nearest > x { nearest - 1.0 } else { nearest }
}

/// Whether a double below 2⁵¹ is whole; of greater ones, and of what is no number, it may say no.
#[inline(always)]
pub(super) fn is_whole(n: f64) -> bool {
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    (n + SHIFT) - SHIFT == n
}

impl Lane for i64 {
    const ZERO: Self = 0;
    const ONE: Self = 1;
    const NONE: Self = i64::MIN;

    #[inline(always)]
    fn of(n: i64) -> Self {
        n
    }
    #[inline(always)]
    fn of_double(n: f64) -> Self {
        n as i64
    }
    #[inline(always)]
    fn whole(self) -> i64 {
        self
    }
    #[inline(always)]
    fn double(self) -> f64 {
        self as f64
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self.wrapping_mul(other)
    }
    #[inline(always)]
    fn over(self, divisor: Self) -> Self {
        self.checked_div(divisor).unwrap_or(0)
    }
    #[inline(always)]
    fn cut(self, divisor: Self) -> Self {
        self.checked_div(divisor).unwrap_or(0)
    }
    #[inline(always)]
    fn is_odd(self) -> bool {
        self & 1 == 1
    }
    #[inline(always)]
    fn is_none(self) -> bool {
        self == i64::MIN
    }
    #[inline(always)]
    fn place(self) -> usize {
        self as usize
    }
}
