//! Reading decimals as people and packs write them.

use super::ratio::Ratio;
use super::wide::{Wide, wide};

/// More digits than any amount or rate needs, and few enough that 128 bits always hold them.
const MOST_DIGITS: usize = 30;

/// Why a text is not a decimal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// There is no text at all.
    #[error("empty text, expected a decimal such as `12.5`")]
    Empty,
    /// The text has a character or a shape that no decimal has.
    #[error("`{0}` is not a number, expected a decimal such as `12.5`")]
    NotANumber(String),
    /// A thousands separator stands where it does not part off exactly three digits.
    #[error("`{0}` has a misplaced separator, expected groups of three digits as in `12,345.67`")]
    MisplacedSeparator(String),
    /// More digits than can be held.
    #[error("`{0}` has too many digits, expected at most 30")]
    TooManyDigits(String),
}

/// Reads a decimal exactly.
///
/// An optional `-`, digits that may be parted by `,` into groups of three, and optionally a `.`
/// with at least one digit on either side; at most 30 digits altogether. There is no exponent, no
/// leading `+`, no white space, and no full-width form.
///
/// # Errors
///
/// [`NumberError`], which quotes the text.
///
/// ```
/// use yibao_rules::number::{Ratio, parse_decimal};
/// assert_eq!(parse_decimal("-12,345.50").ok(), Ratio::new(-24_691, 2));
/// let error = parse_decimal("1,23").map_err(|e| e.to_string());
/// assert_eq!(
///     error,
///     Err("`1,23` has a misplaced separator, expected groups of three digits as in `12,345.67`".into()),
/// );
/// ```
pub fn parse_decimal(text: &str) -> Result<Ratio, NumberError> {
    let decimal = Decimal::parse(text)?;
    let read =
        decimal.digits().try_fold(0, |sum: Wide, digit| sum.checked_mul(10)?.checked_add(wide(i64::from(digit))));
    let scale = decimal.decimals.bytes().try_fold(1, |scale: Wide, _| scale.checked_mul(10));
    let value = read.zip(scale).and_then(|(read, scale)| Ratio::new(read, scale));
    let value = value.ok_or_else(|| NumberError::TooManyDigits(text.to_owned()))?;
    Ok(if decimal.negative { value.neg() } else { value })
}

/// A decimal as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Decimal<'t> {
    negative: bool,
    /// Before the point, separators included.
    whole: &'t str,
    /// After it.
    decimals: &'t str,
}

/// How a decimal stands to the units that something is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// So many units.
    Units(i64),
    /// Whole units, but more of them than 64 bits hold.
    TooMany,
    /// Part of a unit is left.
    TooFine,
}

impl<'t> Decimal<'t> {
    /// Takes a text apart, without a number of any width.
    ///
    /// # Errors
    /// As [`parse_decimal`].
    pub fn parse(text: &'t str) -> Result<Self, NumberError> {
        if text.is_empty() {
            return Err(NumberError::Empty);
        }
        let (negative, size) = match text.strip_prefix('-') {
            Some(size) => (true, size),
            None => (false, text),
        };
        let (whole, decimals) = match size.split_once('.') {
            Some((_, "")) => return Err(NumberError::NotANumber(text.to_owned())),
            Some(parts) => parts,
            None => (size, ""),
        };
        if !whole.bytes().any(is_digit) || !whole.bytes().chain(decimals.bytes()).all(is_digit_or_separator) {
            return Err(NumberError::NotANumber(text.to_owned()));
        }
        if decimals.contains(',') || !is_grouped(whole) {
            return Err(NumberError::MisplacedSeparator(text.to_owned()));
        }
        let decimal = Self { negative, whole, decimals };
        if decimal.digits().count() > MOST_DIGITS {
            return Err(NumberError::TooManyDigits(text.to_owned()));
        }
        Ok(decimal)
    }

    fn digits(&self) -> impl DoubleEndedIterator<Item = u8> {
        let all = self.whole.bytes().chain(self.decimals.bytes());
        all.filter(|byte| is_digit(*byte)).map(|byte| byte.wrapping_sub(b'0'))
    }

    /// How many units it is, of which one of it is `den × 10^shift`.
    ///
    /// The digits are multiplied one by one from the last, so that no width limits how many there are.
    ///
    /// ```
    /// use yibao_rules::number::{Counted, Decimal};
    /// let fen = |yuan| Decimal::parse(yuan).unwrap().units(1, 2);
    /// assert_eq!(fen("-1,234.5"), Counted::Units(-123_450));
    /// assert_eq!(fen("0.005"), Counted::TooFine);
    /// assert_eq!(fen("100000000000000000000"), Counted::TooMany);
    /// ```
    #[must_use]
    pub fn units(&self, den: i64, shift: i32) -> Counted {
        // The place of a digit of the product, counted from that of the units.
        let decimals = i32::try_from(self.decimals.len()).unwrap_or(i32::MAX);
        let mut place = shift.saturating_sub(decimals);
        let mut worth = 10_i64.checked_pow(place.max(0).unsigned_abs());
        let (mut sum, mut carry) = (Some(0_i64), 0_i64);
        let mut digits = self.digits().rev();
        loop {
            let digit = digits.next();
            if digit.is_none() && carry == 0 {
                break;
            }
            // INVARIANT: no carry is greater than `den`, and a plan's denominators are below 2^53.
            let here = i64::from(digit.unwrap_or(0)).saturating_mul(den).saturating_add(carry);
            carry = here / 10;
            let left = here % 10;
            if place < 0 {
                if left != 0 {
                    return Counted::TooFine;
                }
            } else {
                let more = if left == 0 { Some(0) } else { worth.and_then(|worth| worth.checked_mul(left)) };
                sum = sum.zip(more).and_then(|(sum, more)| sum.checked_add(more));
                worth = worth.and_then(|worth| worth.checked_mul(10));
            }
            place = place.saturating_add(1);
        }
        sum.map_or(Counted::TooMany, |sum| Counted::Units(if self.negative { sum.wrapping_neg() } else { sum }))
    }
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

fn is_digit_or_separator(byte: u8) -> bool {
    is_digit(byte) || byte == b','
}

/// Whether the part before the point has no separator, or one before every three digits.
fn is_grouped(whole: &str) -> bool {
    let Some((first, rest)) = whole.split_once(',') else {
        return true;
    };
    (1..=3).contains(&first.len()) && rest.split(',').all(|group| group.len() == 3)
}
