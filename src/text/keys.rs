//! Which keys are refused for what they are.

use super::node::Span;
use super::shown;
use crate::diagnostic::Diagnostic;

/// What is wrong with a scalar as a key; `None` if it is text on one line.
pub(super) fn problem(text: &str, quoted: bool, span: Span) -> Option<Diagnostic> {
    let name = shown(text);
    if span.end_line > span.start_line {
        Some(
            Diagnostic::error("complex-key", format!("the key `{name}` goes over several lines"))
                .help("write it on one line"),
        )
    } else if quoted {
        None
    } else if text == "<<" {
        let problem = Diagnostic::error("no-merge-keys", "`<<` is a merge key; merge keys are not allowed");
        Some(problem.help("write the entries out"))
    } else {
        not_text(text).map(|what| {
            let message = match what {
                "nothing" if text.is_empty() => "a key is missing here".to_owned(),
                _ => format!("the key `{name}` is {what} in YAML; text is expected"),
            };
            Diagnostic::error("non-text-key", message).help(format!("write it in quotes: `\"{name}\"`"))
        })
    }
}

/// What YAML's core schema makes of a plain scalar that it does not take for text.
fn not_text(text: &str) -> Option<&'static str> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some("nothing"),
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return Some("a yes/no value"),
        _ => {}
    }
    let digits = |text: &str, radix: u32| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    if text.strip_prefix("0o").is_some_and(|rest| digits(rest, 8))
        || text.strip_prefix("0x").is_some_and(|rest| digits(rest, 16))
    {
        return Some("a number");
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some("a number");
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", decimals)) => digits(decimals, 10),
        Some((whole, decimals)) => digits(whole, 10) && (decimals.is_empty() || digits(decimals, 10)),
        None => digits(mantissa, 10),
    };
    (mantissa_fits && exponent.is_none_or(|exponent| digits(exponent, 10))).then_some("a number")
}
