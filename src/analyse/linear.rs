//! Linear functions of a few unknowns, exact: what the curve and the proof calculate with.

use crate::number::{Ratio, Wide, gcd, lcm};

/// Most unknowns of a function.
pub const MOST_VARIABLES: usize = 10;

/// `(constant + Σ coefficient × variable) / den`, reduced; `den = 0` where there is no such function
/// (a product of two functions, or numbers past 128 bits).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linear {
    pub(super) coefficients: [Wide; MOST_VARIABLES],
    pub(super) constant: Wide,
    pub(super) den: Wide,
}

impl Linear {
    pub(super) const NONE: Self = Self { coefficients: [0; MOST_VARIABLES], constant: 0, den: 0 };

    /// A constant.
    pub(super) const fn fixed(value: Wide) -> Self {
        Self { coefficients: [0; MOST_VARIABLES], constant: value, den: 1 }
    }

    /// One of the unknowns.
    pub(super) fn variable(at: usize) -> Self {
        let mut form = Self::fixed(0);
        if let Some(slot) = form.coefficients.get_mut(at) {
            *slot = 1;
        }
        form
    }

    /// Whether it is a function at all.
    pub(super) fn is_function(&self) -> bool {
        self.den != 0
    }

    pub(super) fn is_constant(&self) -> bool {
        self.coefficients.iter().all(|c| *c == 0)
    }

    fn reduced(mut self) -> Self {
        let mut common = self.den;
        for n in self.coefficients.iter().chain([&self.constant]) {
            if common == 1 {
                return self;
            }
            match gcd(common, *n) {
                Some(found) => common = found,
                None => return Self::NONE,
            }
        }
        let common = if self.den < 0 { common.saturating_neg() } else { common };
        for n in self.coefficients.iter_mut().chain([&mut self.constant, &mut self.den]) {
            *n = n.checked_div(common).unwrap_or(0);
        }
        self
    }

    /// `self × x + other × y` over a denominator.
    fn mix(mut self, x: Wide, other: &Self, y: Wide, den: Wide) -> Self {
        let add = |a: &mut Wide, b: Wide| {
            let sum = a.checked_mul(x).zip(b.checked_mul(y)).and_then(|(a, b)| a.checked_add(b));
            *a = sum.unwrap_or(0);
            sum.is_some()
        };
        let mut fits = add(&mut self.constant, other.constant);
        for (a, b) in self.coefficients.iter_mut().zip(other.coefficients) {
            fits &= add(a, b);
        }
        self.den = den;
        if fits { self.reduced() } else { Self::NONE }
    }

    fn sum(self, other: Self, sign: Wide) -> Self {
        if self.den == other.den {
            return self.mix(1, &other, sign, self.den);
        }
        let Some(den) = lcm(self.den, other.den).filter(|den| *den != 0) else { return Self::NONE };
        let by = |own: Wide| den.checked_div(own).unwrap_or(1);
        self.mix(by(self.den), &other, by(other.den).saturating_mul(sign), den)
    }

    pub(super) fn plus(self, other: Self) -> Self {
        self.sum(other, 1)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        self.sum(other, -1)
    }

    pub(super) fn times(self, other: Self) -> Self {
        let (form, by) = if other.is_constant() { (self, other) } else { (other, self) };
        match form.den.checked_mul(by.den) {
            Some(den) if den != 0 && by.is_constant() => form.mix(by.constant, &Self::fixed(0), 0, den),
            _ => Self::NONE,
        }
    }

    pub(super) fn over(self, d: Self) -> Self {
        match self.den.checked_mul(d.constant) {
            Some(den) if den != 0 && d.den != 0 && d.is_constant() => self.mix(d.den, &Self::fixed(0), 0, den),
            _ => Self::NONE,
        }
    }

    /// The value times the denominator, where the unknowns are these (0 beyond them).
    pub(super) fn scaled_at(&self, values: &[Wide]) -> Option<Wide> {
        let mut sum = self.constant;
        for (c, value) in self.coefficients.iter().zip(values) {
            if *c != 0 {
                sum = sum.checked_add(c.checked_mul(*value)?)?;
            }
        }
        Some(sum)
    }

    /// A coefficient, as a fraction.
    pub(super) fn coefficient(&self, at: usize) -> Option<Ratio> {
        Ratio::new(*self.coefficients.get(at)?, self.den)
    }
}
