//! Bytes to characters, and the characters that are refused wherever they stand.

use super::Limits;
use super::source::Source;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity, Unseen, unseen};

pub(super) fn decode<'a>(file: &str, bytes: &'a [u8], limits: &Limits) -> Result<&'a str, Diagnostics> {
    let start = || Place { file: file.to_owned(), line: 1, column: 1, end_line: 1, end_column: 1, path: String::new() };
    if bytes.len() > limits.bytes {
        let message = format!("the text has {} bytes; at most {} are read", bytes.len(), limits.bytes);
        return Err(Diagnostic::error("text-too-long", message).at(start()).help("split it into several files").into());
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let from = if bytes.starts_with(&[0xFF, 0xFE]) { "UTF-16LE" } else { "UTF-16BE" };
        let message = format!("the text is {from}; UTF-8 is expected");
        let help = "save it as UTF-8, or convert it: `iconv -f UTF-16 -t UTF-8`";
        return Err(Diagnostic::error("utf16", message).at(start()).help(help).into());
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let bad = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        let source = Source::new(file, std::str::from_utf8(good).unwrap_or_default());
        let at = source.chars().len();
        let mut place = source.place(at, at, "");
        place.end_column = place.end_column.saturating_add(1);
        let message = format!("the byte {bad:#04X} is not UTF-8");
        let help = "Chinese text is often GBK: save it as UTF-8, or convert it: `iconv -f GBK -t UTF-8`";
        Diagnostic::error("not-utf8", message).at(place).help(help).into()
    })
}

/// Refuses characters that no reader can see, and tabs where white space has meaning.
pub(super) fn check_characters(source: &Source<'_>) -> Result<(), Diagnostics> {
    let mut found = Diagnostics::new();
    for (n, c) in source.chars().iter().enumerate() {
        if let Some(why) = unseen(*c) {
            found.push_with(Severity::Error, || refused(*c, why).at(source.place(n, n.saturating_add(1), "")));
        }
    }
    if let Some(tabs) = tabs(source) {
        found.push(tabs);
    }
    if found.is_empty() { Ok(()) } else { Err(found.sorted()) }
}

pub(super) fn refused(c: char, why: Unseen) -> Diagnostic {
    let point = format!("U+{:04X}", c as u32);
    match why {
        Unseen::Control => Diagnostic::error("control-character", format!("{point} is a control character"))
            .help("remove it; line breaks and tabs are the only ones allowed"),
        Unseen::Hidden => Diagnostic::error("hidden-character", format!("{point} is an invisible character"))
            .help("remove it; it often comes with text copied from a web page"),
        Unseen::Damaged => Diagnostic::error("damaged-text", "U+FFFD stands for a character that was lost")
            .help("the text was converted from the wrong encoding: go back to the original"),
    }
}

/// One problem for all lines that are indented with tabs. A text that is one bracketed collection, as all JSON is, has
/// no indentation, only space.
fn tabs(source: &Source<'_>) -> Option<Diagnostic> {
    if matches!(source.chars().iter().find(|c| !c.is_whitespace()), Some('{' | '[')) {
        return None;
    }
    let mut first = None;
    let mut lines = 0_usize;
    let mut blank = Some(None);
    for (n, c) in source.chars().iter().enumerate() {
        // `blank` holds the first tab of a line as long as only white space was seen in it.
        blank = match (c, blank) {
            ('\n', _) => Some(None),
            (' ', seen) => seen,
            ('\t', Some(None)) => Some(Some(n)),
            ('\t', seen) => seen,
            (_, Some(Some(tab))) => {
                lines = lines.saturating_add(1);
                first = first.or(Some(tab));
                None
            }
            _ => None,
        };
    }
    let tab = first?;
    let message = match lines {
        1 => "a tab indents this line; spaces are expected".to_owned(),
        _ => format!("a tab indents this line and {} more; spaces are expected", lines.saturating_sub(1)),
    };
    let place = source.place(tab, tab.saturating_add(1), "");
    Some(Diagnostic::error("tab-indentation", message).at(place).help("write two spaces for each level"))
}
