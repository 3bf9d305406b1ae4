//! Writing numbers exactly.

use super::common::gcd_of_sizes;
use super::wide::{Size, Wide};

/// An amount in fen as yuan with two decimals: `12345.67`, `-0.05`.
///
/// ```
/// use yibao_rules::number::format_fen;
/// assert_eq!(format_fen(1_234_567), "12345.67");
/// assert_eq!(format_fen(-5), "-0.05");
/// ```
pub fn format_fen(fen: Wide) -> String {
    let size = fen.unsigned_abs();
    let mut text = String::from(if fen < 0 { "-" } else { "" });
    push_digits(&mut text, size / 100);
    text.push('.');
    push_digits(&mut text, size / 10 % 10);
    push_digits(&mut text, size % 10);
    text
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
pub fn format_scaled(num: Wide, den: Wide) -> String {
    let mut text = String::new();
    push_scaled(&mut text, num, den);
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

/// Appends the digits of a whole number.
fn push_digits(out: &mut String, n: Size) {
    if n > 9 {
        push_digits(out, n / 10);
    }
    out.extend(char::from_digit((n % 10) as u32, 10));
}

/// Appends `num / den`.
fn push_fraction(out: &mut String, num: Size, den: Size) {
    push_digits(out, num);
    out.push('/');
    push_digits(out, den);
}

/// Appends `num / den` as [`format_scaled`] describes.
fn push_scaled(out: &mut String, num: Wide, den: Wide) {
    let (size, whole) = (num.unsigned_abs(), den.unsigned_abs());
    if num != 0 && (num < 0) != (den < 0) {
        out.push('-');
    }
    let common = gcd_of_sizes(size, whole);
    let (Some(size), Some(mut den_left), true) = (size.checked_div(common), whole.checked_div(common), den != 0) else {
        return push_fraction(out, size, whole);
    };
    if !is_finite(den_left) {
        return push_fraction(out, size, den_left);
    }
    push_digits(out, size.checked_div(den_left).unwrap_or(0));
    let mut rest = size.checked_rem(den_left).unwrap_or(0);
    if rest > 0 {
        out.push('.');
    }
    while rest > 0 {
        let digit;
        (digit, rest, den_left) = next_digit(rest, den_left);
        push_digits(out, digit);
    }
}

/// Whether 1 / `den` has a finite decimal: no prime factor but 2 and 5.
fn is_finite(mut den: Size) -> bool {
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
fn next_digit(rest: Size, den: Size) -> (Size, Size, Size) {
    let (times, den) = if den.is_multiple_of(10) {
        (1, den / 10)
    } else if den.is_multiple_of(5) {
        (2, den / 5)
    } else {
        (5, den / 2)
    };
    // Multiplying quotient and rest apart, because `rest * 5` itself may need one bit more than there are.
    let whole = rest.checked_div(den).unwrap_or(0).wrapping_mul(times);
    let part = rest.checked_rem(den).unwrap_or(0).wrapping_mul(times);
    let digit = whole.wrapping_add(part.checked_div(den).unwrap_or(0));
    (digit, part.checked_rem(den).unwrap_or(0), den)
}
