//! The parser's complaints in our words.

use saphyr_parser::ScanError;

use super::source::Source;
use crate::diagnostic::Diagnostic;

/// The diagnostic for `error`. `opened` is the index of the innermost bracket that is still open; `depth`, the limit of nesting.
pub(super) fn diagnostic(source: &Source<'_>, error: &ScanError, opened: Option<usize>, depth: usize) -> Diagnostic {
    let at = source.index(error.marker().line(), error.marker().col());
    let info = error.info();
    let has = |part: &str| info.contains(part);
    let make = |code: &'static str, message: &str, help: &str| {
        let end = at.saturating_add(usize::from(source.get(at).is_some_and(|c| c != '\n')));
        Diagnostic::error(code, message).at(source.place(at, end, "")).help(help)
    };
    if has("unknown anchor") {
        return alias().at(source.place(at, source.word_end(at), ""));
    }
    if has("anchor or alias") || has("for anchor") {
        return if source.get(at) == Some('*') {
            make("no-aliases", ALIAS, WRITE_OUT)
        } else {
            make("no-anchors", ANCHOR, WRITE_OUT)
        };
    }
    if has("tag") || has("TAG") || has("handle") {
        return make("no-tags", TAG, TAG_HELP);
    }
    if has("recursion limit") {
        // The parser counts to 255 before it hands out the first bracket, and `depth` is less.
        return too_deep(depth).at(source.place(at, at.saturating_add(1), ""));
    }
    if has("escape") || has("hexadecimal") {
        return escape(source, at);
    }
    if has("unexpected end of stream") || has("unexpected document indicator") {
        return make("unclosed-quote", "this quote is never closed", "write the closing quote");
    }
    if has("tab") {
        let line = source.position(at).0;
        let tab = source.line(line).iter().position(|c| *c == '\t');
        let tab = tab.map_or(at, |n| source.index(line as usize, n));
        let place = source.place(tab, tab.saturating_add(1), "");
        return Diagnostic::error("tab-indentation", "a tab stands where only spaces are expected")
            .at(place)
            .help("write spaces");
    }
    let expected = match opened.and_then(|opened| source.get(opened)) {
        Some('[') => Some(("[", "expected `,` or `]`")),
        Some(_) => Some(("{", "expected `,` or `}`")),
        None => None,
    };
    if let (Some((bracket, expected)), Some(opened)) = (expected, opened) {
        let also = |problem: Diagnostic| {
            problem.also(source.place(opened, opened.saturating_add(1), ""), format!("`{bracket}` opened here"))
        };
        if at >= source.chars().len() {
            let message = format!("{expected}, found the end of the text");
            return also(make("unclosed-bracket", &message, "write the closing bracket"));
        }
        if has("flow sequence") || has("flow mapping") {
            let help = punctuation(source, at).unwrap_or("write text that holds `,` `[` `]` `{` `}` in quotes");
            return also(make("syntax", expected, help));
        }
    }
    let plain = if has("mapping values are not allowed") {
        (
            "`:` is not expected here",
            "write one `key: value` on a line, text that holds `: ` in quotes, and check the indentation",
        )
    } else if has("expected key") || has("expected '-'") || has("invalid indentation") || has("wrongly indented") {
        (
            "this line does not fit the indentation of the lines above",
            "entries of one mapping or list start in the same column",
        )
    } else if has("sequence entries are not allowed") || has("only valid inside a block") {
        ("`-` is not expected here", "start the list on a line of its own")
    } else if has("simple key") {
        ("expected `:` after the key above", "write `key: value`")
    } else if has("node content") {
        ("expected a value", "remove the comma or write the value before it")
    } else if has("expected <document") || has("after document end") {
        ("expected the end of the text", "a file holds one document")
    } else if has("misplaced bracket") {
        ("this bracket closes nothing", "write text that starts with a bracket in quotes")
    } else if has("comment intercepting") {
        ("a comment interrupts text that goes on in the next line", "move the comment, or put the text on one line")
    } else if has("trailing content") {
        (
            "text follows the closing quote",
            "write a quote inside quoted text as `\\\"` in double and `''` in single quotes",
        )
    } else if has("comments must be separated") {
        ("expected a space before `#`", "write a space before a comment, and text that holds `#` in quotes")
    } else if has("unexpected character") {
        ("text cannot start with this character", "write the text in quotes")
    } else if has("directive") {
        ("`%` starts a directive, which is not supported", "remove the line, or write the text in quotes")
    } else {
        let help = punctuation(source, at).unwrap_or("write text with special characters in quotes");
        return make("syntax", &format!("neither YAML nor JSON: {}", info.replace("while parsing ", "in ")), help);
    };
    make("syntax", plain.0, punctuation(source, at).unwrap_or(plain.1))
}

const ALIAS: &str = "`*` refers to an anchor; aliases are not allowed";
const ANCHOR: &str = "`&` names an anchor; anchors are not allowed";
const TAG: &str = "`!` starts a tag; tags are not allowed";
const WRITE_OUT: &str = "write the value out where it is used, and text that starts with `*` or `&` in quotes";
const TAG_HELP: &str = "remove it, and write text that starts with `!` in quotes";

pub(super) fn alias() -> Diagnostic {
    Diagnostic::error("no-aliases", ALIAS).help(WRITE_OUT)
}

pub(super) fn too_deep(depth: usize) -> Diagnostic {
    Diagnostic::error("too-deep", format!("collections are nested more than {depth} deep"))
        .help("name the inner parts and write them apart")
}

pub(super) fn anchor() -> Diagnostic {
    Diagnostic::error("no-anchors", ANCHOR).help(WRITE_OUT)
}

pub(super) fn tag() -> Diagnostic {
    Diagnostic::error("no-tags", TAG).help(TAG_HELP)
}

/// The likely cause when a line, or the one above, was typed with a Chinese keyboard.
fn punctuation(source: &Source<'_>, at: usize) -> Option<&'static str> {
    let line = source.position(at).0;
    let near = || source.line(line.saturating_sub(1)).iter().chain(source.line(line));
    let any = |wide: char| near().any(|c| *c == wide);
    if any('：') {
        Some("`：` is a full-width colon: write `: ` (a colon and a space) after a key")
    } else if any('“') || any('”') {
        Some("`“` and `”` are not quotes here: write `\"`")
    } else if any('，') {
        Some("`，` is a full-width comma: write `,`")
    } else {
        None
    }
}

/// The first bad escape of the double-quoted scalar that starts at `start`.
fn escape(source: &Source<'_>, start: usize) -> Diagnostic {
    let mut at = start.saturating_add(1);
    while let Some(c) = source.get(at) {
        if c != '\\' {
            at = at.saturating_add(1);
            continue;
        }
        let letter = at.saturating_add(1);
        let digits = match source.get(letter) {
            Some(
                '0' | 'a' | 'b' | 't' | '\t' | 'n' | 'v' | 'f' | 'r' | 'e' | ' ' | '"' | '/' | '\\' | 'N' | '_' | 'L'
                | 'P' | '\n',
            ) => 0,
            Some('x') => 2_usize,
            Some('u') => 4,
            Some('U') => 8,
            _ => {
                return bad_escape(source, at, letter.saturating_add(1), "this escape is not known");
            }
        };
        let first = letter.saturating_add(1);
        let end = first.saturating_add(digits);
        let hex = source.slice(first, end);
        if hex.len() != digits || !hex.iter().all(char::is_ascii_hexdigit) {
            let message = format!("expected {digits} hexadecimal digits after this escape");
            return bad_escape(source, at, first, &message);
        }
        let value = hex.iter().filter_map(|c| c.to_digit(16)).fold(0_u32, |sum, digit| sum.wrapping_shl(4) | digit);
        if (0xD800..0xE000).contains(&value) {
            // A whole pair was read before the parser saw it, and is passed over here.
            let low = end.saturating_add(6);
            if pair(source.slice(at, low.max(end))).is_none() {
                return bad_escape(source, at, end, "this escape is half of a surrogate pair");
            }
            at = low;
            continue;
        }
        if char::from_u32(value).is_none() {
            return bad_escape(source, at, end, "this escape names no character");
        }
        at = end;
    }
    bad_escape(source, start, start.saturating_add(1), "this quoted text holds a bad escape")
}

pub(super) fn bad_escape(source: &Source<'_>, start: usize, end: usize, message: &str) -> Diagnostic {
    Diagnostic::error("bad-escape", message)
        .at(source.place(start, end, ""))
        .help("write the character itself, a backslash as `\\\\`, or the text in single quotes")
}

/// The character of twelve characters `\uD8xx\uDCxx`; `None` if they are not such a pair.
pub(super) fn pair(chars: &[char]) -> Option<char> {
    let unit = |from: usize| {
        let digits = match chars.get(from..from.saturating_add(6))? {
            ['\\', 'u', digits @ ..] => digits,
            _ => return None,
        };
        digits.iter().try_fold(0_u16, |sum, c| Some(sum.wrapping_shl(4) | u16::try_from(c.to_digit(16)?).ok()?))
    };
    if chars.len() != 12 {
        return None;
    }
    char::decode_utf16([unit(0)?, unit(6)?]).next()?.ok().filter(|c| *c > '\u{FFFF}')
}
