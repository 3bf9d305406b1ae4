//! The number of a curve: a function `(a + b t) / c` of one unknown amount `t`, exact.
//!
//! Comparisons are decided at one point (or just after it) and note the nearest later point at
//! which they would come out otherwise; between two such points every register is one function.

use crate::number::{Number, Ratio, Rounding, gcd, round_div};
use core::cell::Cell;
use core::cmp::Ordering;

/// `(a + b t) / c`, reduced, `c > 0`; `c = 0` where no such function exists (a product of two
/// functions of `t`, or numbers past 128 bits).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Affine {
    a: i128,
    b: i128,
    c: i128,
}

/// Where comparisons are decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// At the point itself.
    At,
    /// Just after it.
    After,
}

/// Looks on at comparisons.
#[derive(Debug)]
pub struct Look {
    point: Ratio,
    side: Side,
    register: Cell<u32>,
    flip: Cell<Option<(Ratio, u32)>>,
}

impl Look {
    /// Decides comparisons at (or just after) a point.
    #[must_use]
    pub fn new(point: Ratio, side: Side) -> Self {
        Self { point, side, register: Cell::new(0), flip: Cell::new(None) }
    }

    /// The nearest later point at which a comparison comes out otherwise, and the register whose
    /// comparison it is.
    #[must_use]
    pub fn flip(&self) -> Option<(Ratio, u32)> {
        self.flip.get()
    }

    fn note(&self, at: Ratio) {
        let nearer = self.flip.get().is_none_or(|(known, _)| at < known);
        if at > self.point && nearer {
            self.flip.set(Some((at, self.register.get())));
        }
    }
}

impl Affine {
    const NONE: Self = Self { a: 0, b: 0, c: 0 };

    /// The unknown amount itself.
    pub const VARIABLE: Self = Self { a: 0, b: 1, c: 1 };

    /// Whether it is a function at all.
    #[must_use]
    pub fn is_function(self) -> bool {
        self.c != 0
    }

    /// Constant part and slope.
    #[must_use]
    pub fn parts(self) -> Option<(Ratio, Ratio)> {
        Some((Ratio::new(self.a, self.c)?, Ratio::new(self.b, self.c)?))
    }

    fn new(a: Option<i128>, b: Option<i128>, c: Option<i128>) -> Self {
        let (Some(a), Some(b), Some(c)) = (a, b, c) else { return Self::NONE };
        if c == 0 {
            return Self::NONE;
        }
        let Some(common) = gcd(a, b).and_then(|g| gcd(g, c)).filter(|g| *g != 0) else { return Self::NONE };
        let common = if c < 0 { common.saturating_neg() } else { common };
        let by = |n: i128| n.checked_div(common).unwrap_or(0);
        Self { a: by(a), b: by(b), c: by(c) }
    }

    fn sum(self, other: Self, sign: i128) -> Self {
        if self.c == 0 || other.c == 0 {
            return Self::NONE;
        }
        // Most values share a denominator; then nothing grows.
        if self.c == other.c {
            let plus = |x: i128, y: i128| y.checked_mul(sign).and_then(|y| x.checked_add(y));
            return Self::new(plus(self.a, other.a), plus(self.b, other.b), Some(self.c));
        }
        let cross = |x: i128, y: i128| {
            let left = x.checked_mul(other.c)?;
            let right = y.checked_mul(self.c)?.checked_mul(sign)?;
            left.checked_add(right)
        };
        Self::new(cross(self.a, other.a), cross(self.b, other.b), self.c.checked_mul(other.c))
    }
}

impl Number for Affine {
    type Watch = Look;

    const ZERO: Self = Self { a: 0, b: 0, c: 1 };
    const ONE: Self = Self { a: 1, b: 0, c: 1 };

    fn from_i64(value: i64) -> Self {
        Self { a: i128::from(value), b: 0, c: 1 }
    }

    /// The value of a constant; 0 for a function of the amount, which nothing asks this of.
    fn to_i128(self) -> i128 {
        if self.b == 0 { self.a.checked_div(self.c).unwrap_or(0) } else { 0 }
    }

    fn from_i128(value: i128) -> Self {
        Self { a: value, b: 0, c: 1 }
    }

    fn add(self, other: Self) -> Self {
        self.sum(other, 1)
    }

    fn sub(self, other: Self) -> Self {
        self.sum(other, -1)
    }

    fn mul(self, other: Self) -> Self {
        let (f, k) = if other.b == 0 { (self, other) } else { (other, self) };
        if k.b != 0 {
            return Self::NONE;
        }
        Self::new(f.a.checked_mul(k.a), f.b.checked_mul(k.a), f.c.checked_mul(k.c))
    }

    fn neg(self) -> Self {
        Self::ZERO.sub(self)
    }

    fn cmp(self, other: Self, watch: &Look) -> Ordering {
        let d = self.sub(other);
        if d.c == 0 {
            return Ordering::Equal;
        }
        if d.b == 0 {
            return Ord::cmp(&d.a, &0);
        }
        let Some(root) = Ratio::new(d.a.saturating_neg(), d.b) else { return Ordering::Equal };
        watch.note(root);
        // d has the sign of b after its root and the other before it.
        let rising = d.b > 0;
        match (Ord::cmp(&watch.point, &root), watch.side) {
            (Ordering::Equal, Side::At) => Ordering::Equal,
            (Ordering::Less, _) => {
                if rising {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            _ => {
                if rising {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
        }
    }

    fn div_exact(self, d: Self) -> Self {
        if d.b != 0 || d.a == 0 {
            return Self::NONE;
        }
        Self::new(self.a.checked_mul(d.c), self.b.checked_mul(d.c), self.c.checked_mul(d.a))
    }

    /// A constant is rounded; a function of the amount is kept as it is before rounding.
    fn round_div(self, d: Self, mode: Rounding) -> Self {
        let quotient = self.div_exact(d);
        if quotient.c == 0 || quotient.b != 0 {
            return quotient;
        }
        Self::new(round_div(quotient.a, quotient.c, mode), Some(0), Some(1))
    }

    fn enter(watch: &Look, register: u32) {
        watch.register.set(register);
    }
}
