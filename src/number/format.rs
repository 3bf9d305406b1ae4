//! Writing numbers exactly.

use core::fmt::{self, Write};

use super::common::gcd_of_sizes;

/// An amount in fen as yuan with two decimals: `12345.67`, `-0.05`.
///
/// ```
/// use yibao_rules::number::format_fen;
/// assert_eq!(format_fen(1_234_567), "12345.67");
/// assert_eq!(format_fen(-5), "-0.05");
/// ```
pub fn format_fen(fen: i128) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let size = fen.unsigned_abs();
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

/// `num / den` as an exact decimal where there is a finite one, otherwise as a reduced fraction.
///
/// A zero `den` is no number; it is written as it came, `num/0`, so that a fault stays visible.
///
/// ```
/// use yibao_rules::number::format_scaled;
/// assert_eq!(format_scaled(75, 100), "0.75");
/// assert_eq!(format_scaled(50, -150), "-1/3");
/// ```
pub fn format_scaled(num: i128, den: i128) -> String {
    let mut text = String::new();
    // Writing to a string has no error to report.
    let _ = write_decimal(&mut text, num, den);
    text
}

/// The same text with `,` before every three digits of the whole part.
///
/// A text that is not a plain decimal (`1/3`) comes back unchanged.
///
/// ```
/// use yibao_rules::number::group_thousands;
/// assert_eq!(group_thousands("-12345.67"), "-12,345.67");
/// assert_eq!(group_thousands("2000/3"), "2000/3");
/// ```
pub fn group_thousands(text: &str) -> String {
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) => ("-", size),
        None => ("", text),
    };
    let (whole, decimals) = match size.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (size, None),
    };
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !decimals.is_none_or(plain) {
        return text.to_owned();
    }
    let mut grouped = String::from(sign);
    let mut left = whole.len();
    for digit in whole.chars() {
        grouped.push(digit);
        left = left.saturating_sub(1);
        if left > 0 && left.is_multiple_of(3) {
            grouped.push(',');
        }
    }
    if let Some(decimals) = decimals {
        grouped.push('.');
        grouped.push_str(decimals);
    }
    grouped
}

/// Writes `num / den` as [`format_scaled`] describes.
pub(super) fn write_decimal(out: &mut impl Write, num: i128, den: i128) -> fmt::Result {
    let (size, whole) = (num.unsigned_abs(), den.unsigned_abs());
    let common = gcd_of_sizes(size, whole);
    let (Some(size), Some(mut den_left), true) = (size.checked_div(common), whole.checked_div(common), den != 0) else {
        return write!(out, "{num}/{den}");
    };
    if num != 0 && (num < 0) != (den < 0) {
        out.write_char('-')?;
    }
    if !is_finite(den_left) {
        return write!(out, "{size}/{den_left}");
    }
    write!(out, "{}", size.checked_div(den_left).unwrap_or(0))?;
    let mut rest = size.checked_rem(den_left).unwrap_or(0);
    if rest > 0 {
        out.write_char('.')?;
    }
    while rest > 0 {
        let digit;
        (digit, rest, den_left) = next_digit(rest, den_left);
        write!(out, "{digit}")?;
    }
    Ok(())
}

/// Whether 1 / `den` has a finite decimal: no prime factor but 2 and 5.
fn is_finite(mut den: u128) -> bool {
    while den > 0 && den.is_multiple_of(10) {
        den /= 10;
    }
    while den > 0 && den.is_multiple_of(5) {
        den /= 5;
    }
    den.is_power_of_two()
}

/// The next decimal of `rest / den`, with the rest and the denominator that remain.
///
/// INVARIANT: `rest < den` and `den` is made of 2 and 5 only, so 10 / `den` reduces at every step.
/// The reduction is what keeps `rest * 10` from overflowing.
fn next_digit(rest: u128, den: u128) -> (u128, u128, u128) {
    let (times, den) = if den.is_multiple_of(10) {
        (1, den / 10)
    } else if den.is_multiple_of(5) {
        (2, den / 5)
    } else {
        (5, den / 2)
    };
    // Multiplying quotient and rest apart, because `rest * 5` itself may need 129 bits.
    let whole = rest.checked_div(den).unwrap_or(0).wrapping_mul(times);
    let part = rest.checked_rem(den).unwrap_or(0).wrapping_mul(times);
    let digit = whole.wrapping_add(part.checked_div(den).unwrap_or(0));
    (digit, part.checked_rem(den).unwrap_or(0), den)
}
