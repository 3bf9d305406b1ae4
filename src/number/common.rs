//! Common divisors and multiples.

/// The greatest common divisor, never negative; `gcd(0, n)` is the size of `n`.
///
/// `None` only where the answer is 2¹²⁷ itself, which needs `i128::MIN` on one side and
/// `i128::MIN` or zero on the other.
///
/// ```
/// use yibao_rules::number::gcd;
/// assert_eq!(gcd(-12, 18), Some(6));
/// assert_eq!(gcd(0, 0), Some(0));
/// assert_eq!(gcd(i128::MIN, 0), None);
/// ```
pub fn gcd(a: i128, b: i128) -> Option<i128> {
    i128::try_from(gcd_of_sizes(a.unsigned_abs(), b.unsigned_abs())).ok()
}

/// The least common multiple, never negative; zero if either is zero.
///
/// `None` where it does not fit.
///
/// ```
/// use yibao_rules::number::lcm;
/// assert_eq!(lcm(4, -6), Some(12));
/// assert_eq!(lcm(i128::MAX, 2), None);
/// ```
pub fn lcm(a: i128, b: i128) -> Option<i128> {
    let (a, b) = (a.unsigned_abs(), b.unsigned_abs());
    if a == 0 || b == 0 {
        return Some(0);
    }
    let multiple = a.checked_div(gcd_of_sizes(a, b))?.checked_mul(b)?;
    i128::try_from(multiple).ok()
}

pub(super) fn gcd_of_sizes(mut a: u128, mut b: u128) -> u128 {
    while let Some(rest) = a.checked_rem(b) {
        // Division of 128 bits is a slow routine, and nearly every value met is far smaller.
        if let (Ok(small_a), Ok(small_b)) = (u64::try_from(b), u64::try_from(rest)) {
            return u128::from(gcd_of_words(small_a, small_b));
        }
        (a, b) = (b, rest);
    }
    a
}

fn gcd_of_words(mut a: u64, mut b: u64) -> u64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}
