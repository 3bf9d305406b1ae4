//! Reading decimals as people and packs write them.

use super::ratio::Ratio;

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
    let digits = || whole.bytes().chain(decimals.bytes()).filter(|&byte| is_digit(byte));
    let too_many = || NumberError::TooManyDigits(text.to_owned());
    if digits().count() > MOST_DIGITS {
        return Err(too_many());
    }
    let read =
        digits().try_fold(0_i128, |sum, byte| sum.checked_mul(10)?.checked_add(i128::from(byte.wrapping_sub(b'0'))));
    let scale = decimals.bytes().try_fold(1_i128, |scale, _| scale.checked_mul(10));
    let value = read.zip(scale).and_then(|(read, scale)| Ratio::new(read, scale)).ok_or_else(too_many)?;
    Ok(if negative { value.neg() } else { value })
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
