//! The exact fraction that compiling works with.

use core::cmp::Ordering;
use core::fmt;

use super::common::{gcd, gcd_of_sizes};
use super::format::format_scaled;
use super::wide::Wide;

/// An exact fraction of two whole numbers ([`Wide`]), always in lowest terms.
///
/// It has no unit of its own: the same type holds 0.75, a share, and 12.50, an amount of yuan.
///
/// Operations are checked and give `None` where the result does not fit. [`mul`](Ratio::mul) and
/// [`div`](Ratio::div) refuse only then; [`add`](Ratio::add) and [`sub`](Ratio::sub) also where
/// the numerator does not fit before it is reduced.
///
/// ```
/// use yibao_rules::number::Ratio;
/// let bill = Ratio::new(91, 100).and_then(|share| Ratio::from_int(65_000).div(share));
/// assert_eq!(bill, Ratio::new(500_000, 7));
/// assert_eq!(Ratio::new(1, 0), None);
/// assert_eq!(Ratio::ONE.div(Ratio::ZERO), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    // INVARIANT: den > 0, gcd(num, den) == 1, num > Wide::MIN (so that every sign can be turned).
    num: Wide,
    den: Wide,
}

impl Ratio {
    /// Nought.
    pub const ZERO: Ratio = Ratio { num: 0, den: 1 };
    /// One whole.
    pub const ONE: Ratio = Ratio { num: 1, den: 1 };

    /// The fraction `num / den`, reduced, with the sign in the numerator.
    ///
    /// `None` if `den` is zero, or if a side is past `Wide::MAX` even in lowest terms.
    ///
    /// ```
    /// use yibao_rules::number::{Ratio, Wide};
    /// assert_eq!(Ratio::new(6, -8), Ratio::new(-3, 4));
    /// assert_eq!(Ratio::new(Wide::MIN, 1), None);
    /// ```
    pub fn new(num: Wide, den: Wide) -> Option<Ratio> {
        let (size, whole) = (num.unsigned_abs(), den.unsigned_abs());
        let common = gcd_of_sizes(size, whole);
        let size = Wide::try_from(size.checked_div(common)?).ok()?;
        let whole = Wide::try_from(whole.checked_div(common)?).ok()?;
        if whole == 0 {
            return None;
        }
        let negative = (num < 0) != (den < 0);
        Some(Ratio { num: if negative { size.wrapping_neg() } else { size }, den: whole })
    }

    /// Whole numbers need no common divisor looked for: most amounts are whole, and division is dear in Wasm.
    fn whole(num: Wide) -> Option<Ratio> {
        (num > Wide::MIN).then_some(Ratio { num, den: 1 })
    }

    /// A whole number. For wider ones there is `Ratio::new(n, 1)`.
    pub const fn from_int(n: i64) -> Ratio {
        Ratio { num: n as Wide, den: 1 }
    }

    /// The numerator in lowest terms; it carries the sign.
    pub const fn num(self) -> Wide {
        self.num
    }

    /// The denominator in lowest terms, at least 1.
    pub const fn den(self) -> Wide {
        self.den
    }

    /// Whether this is nought.
    pub const fn is_zero(self) -> bool {
        self.num == 0
    }

    /// The same size with the other sign. It always fits.
    pub const fn neg(self) -> Ratio {
        Ratio { num: self.num.wrapping_neg(), den: self.den }
    }

    /// The sum, or `None` where it does not fit.
    #[expect(clippy::should_implement_trait, reason = "checked, so it cannot be the operator")]
    pub fn add(self, other: Ratio) -> Option<Ratio> {
        if self.den == 1 && other.den == 1 {
            return Ratio::whole(self.num.checked_add(other.num)?);
        }
        // Only what the two denominators share can be cancelled afterwards, so the numbers stay
        // as small as they can be without looking at the numerators (Knuth, TAOCP 4.5.1).
        let shared = gcd(self.den, other.den)?;
        let own = self.den.checked_div(shared)?;
        let left = self.num.checked_mul(other.den.checked_div(shared)?)?;
        let right = other.num.checked_mul(own)?;
        let sum = left.checked_add(right)?;
        let cancelled = gcd(sum, shared)?;
        let den = own.checked_mul(other.den.checked_div(cancelled)?)?;
        Ratio::new(sum.checked_div(cancelled)?, den)
    }

    /// The difference, or `None` where it does not fit.
    #[expect(clippy::should_implement_trait, reason = "checked, so it cannot be the operator")]
    pub fn sub(self, other: Ratio) -> Option<Ratio> {
        self.add(other.neg())
    }

    /// The product, or `None` where it does not fit.
    #[expect(clippy::should_implement_trait, reason = "checked, so it cannot be the operator")]
    pub fn mul(self, other: Ratio) -> Option<Ratio> {
        if self.den == 1 && other.den == 1 {
            return Ratio::whole(self.num.checked_mul(other.num)?);
        }
        let across = gcd(self.num, other.den)?;
        let back = gcd(other.num, self.den)?;
        let num = self.num.checked_div(across)?.checked_mul(other.num.checked_div(back)?)?;
        let den = self.den.checked_div(back)?.checked_mul(other.den.checked_div(across)?)?;
        Ratio::new(num, den)
    }

    /// The quotient, or `None` where it does not fit or `other` is nought.
    #[expect(clippy::should_implement_trait, reason = "checked, so it cannot be the operator")]
    pub fn div(self, other: Ratio) -> Option<Ratio> {
        self.mul(Ratio::new(other.den, other.num)?)
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> Ordering {
        let left = self.num.checked_mul(other.den);
        let right = other.num.checked_mul(self.den);
        match (left, right) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => compare_stepwise((self.num, self.den), (other.num, other.den)),
        }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares two fractions with positive denominators through their continued fractions, which
/// never needs a number wider than the four given.
fn compare_stepwise(mut left: (Wide, Wide), mut right: (Wide, Wide)) -> Ordering {
    loop {
        // INVARIANT: denominators stay positive, so the division exists.
        let wholes = left.0.checked_div_euclid(left.1).cmp(&right.0.checked_div_euclid(right.1));
        let rest_left = left.0.checked_rem_euclid(left.1).unwrap_or(0);
        let rest_right = right.0.checked_rem_euclid(right.1).unwrap_or(0);
        if wholes != Ordering::Equal {
            return wholes;
        }
        if rest_left == 0 || rest_right == 0 {
            return rest_left.cmp(&rest_right);
        }
        // r/b < s/d exactly where d/s < b/r: turning both over changes the sides, not the answer.
        (left, right) = ((right.1, rest_right), (left.1, rest_left));
    }
}

impl fmt::Display for Ratio {
    /// An exact finite decimal where there is one (`0.75`, `-12.5`), otherwise `num/den`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_scaled(self.num, self.den))
    }
}

impl fmt::Debug for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ratio({self})")
    }
}
