//! A calculator for the workings of cases: hand-written sums, recalculated in big rationals.
//!
//! It shares nothing with the engine. Numbers with `%`, `+ - * /`, unary minus, parentheses, `min`,
//! `max`, `clamp(x, low, high)`, `round2(x)` and `round(x, half_up to fen)`, both of which round half away from zero to hundredths, and
//! `floor2(x)`, which cuts to hundredths.

use num_bigint::BigInt;
use num_rational::BigRational;
use std::iter::Peekable;
use std::str::Chars;

/// The value of a sum, or what is wrong with it.
pub fn calculate(sum: &str) -> Result<BigRational, String> {
    let mut reader = Reader { rest: sum.chars().peekable() };
    let value = reader.sum()?;
    reader.blanks();
    match reader.rest.next() {
        None => Ok(value),
        Some(c) => Err(format!("`{c}` after the end of `{sum}`")),
    }
}

/// An expected value as a number: `14475.00`, `85%`, `3 points`, `12 weeks`.
pub fn expected(text: &str) -> Result<BigRational, String> {
    let number =
        [" points", " months", " days", "个月", "元"].iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(text);
    match number.strip_suffix(" weeks") {
        Some(weeks) => calculate(&format!("{weeks} * 7")),
        None => calculate(number),
    }
}

/// A decimal as a big rational.
fn decimal(digits: &str) -> Result<BigRational, String> {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{part}").parse::<BigInt>().map_err(|e| format!("`{digits}`: {e}"))?;
    let places = u32::try_from(part.len()).map_err(|e| e.to_string())?;
    Ok(BigRational::new(all, BigInt::from(10).pow(places)))
}

/// Rounded to hundredths, a half away from zero.
fn to_fen(value: &BigRational) -> BigRational {
    let hundred = BigRational::from_integer(BigInt::from(100));
    // `BigRational::round` takes halves away from zero.
    (value * &hundred).round() / hundred
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
    }

    fn take(&mut self, wanted: char) -> bool {
        self.blanks();
        self.rest.next_if_eq(&wanted).is_some()
    }

    fn need(&mut self, wanted: char) -> Result<(), String> {
        if self.take(wanted) { Ok(()) } else { Err(format!("`{wanted}` is missing, found {:?}", self.rest.peek())) }
    }

    fn sum(&mut self) -> Result<BigRational, String> {
        let mut value = self.product()?;
        loop {
            if self.take('+') {
                value += self.product()?;
            } else if self.take('-') {
                value -= self.product()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Result<BigRational, String> {
        let mut value = self.single()?;
        loop {
            if self.take('*') {
                value *= self.single()?;
            } else if self.take('/') {
                let by = self.single()?;
                if by == BigRational::from_integer(BigInt::from(0)) {
                    return Err("divided by zero".into());
                }
                value /= by;
            } else {
                return Ok(value);
            }
        }
    }

    fn single(&mut self) -> Result<BigRational, String> {
        if self.take('-') {
            return Ok(-self.single()?);
        }
        if self.take('(') {
            let value = self.sum()?;
            self.need(')')?;
            return Ok(value);
        }
        let mut word = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_')) {
            word.push(c);
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            let value = decimal(&word)?;
            return Ok(if self.take('%') { value / BigRational::from_integer(BigInt::from(100)) } else { value });
        }
        self.function(&word)
    }

    fn function(&mut self, name: &str) -> Result<BigRational, String> {
        self.need('(')?;
        let first = self.sum()?;
        let value = match name {
            "round2" => to_fen(&first),
            "floor2" => {
                let hundred = BigRational::from_integer(BigInt::from(100));
                (first * &hundred).floor() / hundred
            }
            "round" => {
                self.need(',')?;
                for c in "half_up to fen".chars().filter(|c| *c != ' ') {
                    self.need(c)?;
                }
                to_fen(&first)
            }
            "clamp" => {
                self.need(',')?;
                let low = self.sum()?;
                self.need(',')?;
                let high = self.sum()?;
                if low > high {
                    return Err("a clamp's low end is above its high end".into());
                }
                first.max(low).min(high)
            }
            "min" | "max" => {
                let mut best = first;
                while self.take(',') {
                    let next = self.sum()?;
                    if (name == "min") == (next < best) {
                        best = next;
                    }
                }
                best
            }
            other => return Err(format!("`{other}` is no function of the calculator")),
        };
        self.need(')')?;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{calculate, expected};
    use num_bigint::BigInt;
    use num_rational::BigRational;

    fn fraction(num: i64, den: i64) -> BigRational {
        BigRational::new(BigInt::from(num), BigInt::from(den))
    }

    #[test]
    fn sums_products_and_signs() {
        assert_eq!(calculate("1 + 2 * 3 - 4 / 8"), Ok(fraction(13, 2)));
        assert_eq!(calculate("10 - 3 - 2"), Ok(fraction(5, 1)));
        assert_eq!(calculate("-(2 - 5) * -2"), Ok(fraction(-6, 1)));
        assert_eq!(calculate("(20000 - 700) * 75%"), Ok(fraction(14475, 1)));
        assert_eq!(calculate("65000 / 0.91"), Ok(fraction(6_500_000, 91)));
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(calculate("0.1 + 0.2"), Ok(fraction(3, 10)));
        assert_eq!(calculate("12.5%"), Ok(fraction(1, 8)));
        assert_eq!(calculate("499.99"), Ok(fraction(49_999, 100)));
    }

    #[test]
    fn least_and_greatest() {
        assert_eq!(calculate("min(3, 2, 2.5)"), Ok(fraction(2, 1)));
        assert_eq!(calculate("max(0, 900 - 900.01)"), Ok(fraction(0, 1)));
        assert_eq!(calculate("max(1, min(5, 3))"), Ok(fraction(3, 1)));
        assert_eq!(calculate("min(2, 2)"), Ok(fraction(2, 1)));
        assert_eq!(calculate("clamp(20% * 9999, 2000, 10000)"), Ok(fraction(2000, 1)));
        assert_eq!(calculate("clamp(20% * 60000, 2000, 10000)"), Ok(fraction(10_000, 1)));
        assert_eq!(calculate("clamp(20% * 20000, 2000, 10000)"), Ok(fraction(4000, 1)));
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(calculate("round2(0.005)"), Ok(fraction(1, 100)));
        assert_eq!(calculate("round2(0.0049999)"), Ok(fraction(0, 1)));
        assert_eq!(calculate("round2(-0.005)"), Ok(fraction(-1, 100)));
        assert_eq!(calculate("round(333.33 * 60%, half_up to fen)"), Ok(fraction(200, 1)));
        assert_eq!(calculate("round2(1 / 3) * 3"), Ok(fraction(99, 100)));
        assert_eq!(calculate("floor2(2 / 3)"), Ok(fraction(66, 100)));
    }

    #[test]
    fn what_is_no_sum_is_an_error() {
        for bad in
            ["", "1 +", "(1", "1)", "1 2", "mean(1, 2)", "round(1, floor to yuan)", "1 / (2 - 2)", "1.2.3", "200元"]
        {
            assert!(calculate(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn expected_values() {
        assert_eq!(expected("-240.00"), Ok(fraction(-240, 1)));
        assert_eq!(expected("73%"), Ok(fraction(73, 100)));
        assert_eq!(expected("3 points"), Ok(fraction(3, 1)));
        assert_eq!(expected("12 weeks"), Ok(fraction(84, 1)));
        assert!(expected("true").is_err());
    }
}
