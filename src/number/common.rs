//! Common divisors and multiples.

use super::wide::{Size, Wide};

/// The greatest common divisor, never negative; `gcd(0, n)` is the size of `n`.
///
/// `None` only where the answer is one more than `Wide::MAX`, which needs `Wide::MIN` on one side and
/// `Wide::MIN` or zero on the other.
///
/// ```
/// use yibao_rules::number::{Wide, gcd};
/// assert_eq!(gcd(-12, 18), Some(6));
/// assert_eq!(gcd(0, 0), Some(0));
/// assert_eq!(gcd(Wide::MIN, 0), None);
/// ```
pub fn gcd(a: Wide, b: Wide) -> Option<Wide> {
    Wide::try_from(gcd_of_sizes(a.unsigned_abs(), b.unsigned_abs())).ok()
}

/// The least common multiple, never negative; zero if either is zero.
///
/// `None` where it does not fit.
///
/// ```
/// use yibao_rules::number::{Wide, lcm};
/// assert_eq!(lcm(4, -6), Some(12));
/// assert_eq!(lcm(Wide::MAX, 2), None);
/// ```
pub fn lcm(a: Wide, b: Wide) -> Option<Wide> {
    let (a, b) = (a.unsigned_abs(), b.unsigned_abs());
    if a == 0 || b == 0 {
        return Some(0);
    }
    let multiple = a.checked_div(gcd_of_sizes(a, b))?.checked_mul(b)?;
    Wide::try_from(multiple).ok()
}

pub(super) fn gcd_of_sizes(mut a: Size, mut b: Size) -> Size {
    while let Some(rest) = a.checked_rem(b) {
        // Division of 128 bits is a slow routine, and nearly every value met is far smaller.
        #[cfg(feature = "authoring")]
        if let (Ok(small_a), Ok(small_b)) = (u64::try_from(b), u64::try_from(rest)) {
            return Size::from(gcd_of_words(small_a, small_b));
        }
        (a, b) = (b, rest);
    }
    a
}

#[cfg(feature = "authoring")]
fn gcd_of_words(mut a: u64, mut b: u64) -> u64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}
