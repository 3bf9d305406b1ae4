//! The only places where a number is rounded.

use core::cmp::Ordering;

use super::wide::Wide;
use serde::{Deserialize, Serialize};

/// What happens to the part that is cut off. A step that rounds names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest; a half goes away from zero (0.5 to 1, -0.5 to -1), as 四舍五入 does.
    HalfUp,
    /// To the nearest; a half goes to the even neighbour.
    HalfEven,
    /// Down, towards minus infinity.
    Floor,
    /// Up, towards plus infinity.
    Ceiling,
    /// Towards zero: the rest is dropped.
    TowardZero,
}

impl Rounding {
    /// Whether a quotient that was cut towards zero must take one more step away from zero, given
    /// the sign of the exact value, how its non-zero rest compares with a half, and whether the
    /// cut quotient is odd.
    #[inline]
    pub(super) fn goes_away_from_zero(self, negative: bool, rest: Ordering, odd: bool) -> bool {
        match self {
            Rounding::HalfUp => rest != Ordering::Less,
            Rounding::HalfEven => rest == Ordering::Greater || (rest == Ordering::Equal && odd),
            Rounding::Floor => negative,
            Rounding::Ceiling => !negative,
            Rounding::TowardZero => false,
        }
    }
}

/// `n / d` rounded to a whole number, exactly.
///
/// `None` if `d` is zero or the result does not fit (`Wide::MIN / -1`).
///
/// ```
/// use yibao_rules::number::{Rounding, round_div};
/// assert_eq!(round_div(-5, 2, Rounding::HalfUp), Some(-3));
/// assert_eq!(round_div(-5, 2, Rounding::HalfEven), Some(-2));
/// assert_eq!(round_div(5, 0, Rounding::Floor), None);
/// ```
pub fn round_div(n: Wide, d: Wide, mode: Rounding) -> Option<Wide> {
    let cut = n.checked_div(d)?;
    let rest = n.checked_rem(d)?.unsigned_abs();
    if rest == 0 {
        return Some(cut);
    }
    // rest < |d|: comparing with what is left of |d| needs no doubling, so it cannot overflow.
    let half = rest.cmp(&d.unsigned_abs().wrapping_sub(rest));
    let negative = (n < 0) != (d < 0);
    if !mode.goes_away_from_zero(negative, half, cut & 1 == 1) {
        Some(cut)
    } else if negative {
        cut.checked_sub(1)
    } else {
        cut.checked_add(1)
    }
}
