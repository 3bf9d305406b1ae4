//! A plan's text, before and while it is read.

use crate::diagnostic::unseen;
use core::fmt;

#[cfg(feature = "json")]
use super::texts::Plan;

/// A character that no text of a plan may hold, or an escape for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextFault {
    /// The byte where it stands.
    pub at: usize,
}

impl fmt::Display for TextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.to_string();
        f.write_str(&["a character that readers do not see, or half of one (at byte ", &at, ")"].concat())
    }
}

/// Holds the JSON text of a plan to what the text of a pack is held to: no character that a reader does not see, as
/// itself or as an escape, and no half of a surrogate pair.
///
/// # Errors
/// The first such character.
pub fn check_characters(json: &str) -> Result<(), TextFault> {
    let mut at = 0_usize;
    // The first half of a pair, and the byte behind it.
    let mut half: Option<(u32, usize)> = None;
    while let Some(rest) = json.get(at..) {
        let Some(c) = rest.chars().next() else { break };
        let fault = Err(TextFault { at });
        let (read, length) = if c == '\\' { escaped(rest) } else { (Some(u32::from(c)), c.len_utf8()) };
        let Some(code) = read else { return fault };
        at = at.saturating_add(length);
        let joined = half.take().filter(|(_, end)| end.saturating_add(length) == at);
        let whole = match (joined, code) {
            (Some((first, _)), 0xdc00..=0xdfff) => (((first & 0x3ff) << 10) | (code & 0x3ff)).saturating_add(0x1_0000),
            (Some(_), _) => return fault,
            (None, 0xd800..=0xdbff) => {
                half = Some((code, at));
                continue;
            }
            (None, _) => code,
        };
        // A carriage return stands between the lines of a text, never in one.
        let may_stand = whole == 0xd && c != '\\' || char::from_u32(whole).is_some_and(|c| unseen(c).is_none());
        if !may_stand {
            return fault;
        }
    }
    if half.is_some() { Err(TextFault { at }) } else { Ok(()) }
}

/// The character that an escape stands for, and the escape's length. What is no escape is the reader's business: it
/// stands for its own letter.
fn escaped(rest: &str) -> (Option<u32>, usize) {
    let bytes = rest.as_bytes();
    match bytes.get(1) {
        Some(b'b') => (Some(8), 2),
        Some(b'f') => (Some(12), 2),
        Some(b'n') => (Some(10), 2),
        Some(b'r') => (Some(13), 2),
        Some(b't') => (Some(9), 2),
        Some(b'u') => (rest.get(2..6).and_then(|hex| u32::from_str_radix(hex, 16).ok()), 6),
        Some(byte) if byte.is_ascii() => (Some(u32::from(*byte)), 2),
        _ => (None, 1),
    }
}

/// Reads a plan from its JSON text, as strictly as a page does: with the fields, in the order and in the form in which
/// plans are written, and nothing else.
///
/// # Errors
/// What is expected instead, with its place.
#[cfg(feature = "json")]
pub fn read(json: &str) -> Result<Plan, String> {
    check_characters(json).map_err(|fault| fault.to_string())?;
    let plan: Plan = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let written = serde_json::to_string(&plan).map_err(|error| error.to_string())?;
    match json.trim_ascii().bytes().zip(written.bytes()).position(|(found, expected)| found != expected) {
        None if json.trim_ascii().len() == written.len() => Ok(plan),
        at => {
            let at = at.unwrap_or(written.len());
            let expected: String = written.get(at..).unwrap_or_default().chars().take(20).collect();
            Err(format!("expected `{expected}` (at byte {at}); plans have their fields in one order and no others"))
        }
    }
}
