//! Diagnostics as text, for logs and for people.

use super::width::char_width;
use super::{Diagnostic, Place};

/// Terminal columns of source text that an excerpt shows at most.
const EXCERPT_WIDTH: usize = 96;

/// Terminal columns kept before the place when a long line is clipped.
const LEAD_WIDTH: usize = 32;

/// The diagnostic on one line, with its help and other places on indented lines after it; no final line break.
///
/// Characters that a terminal would act on are shown as `\u{..}`.
#[must_use]
pub fn render_plain(diagnostic: &Diagnostic) -> String {
    let mut out = String::new();
    if let Some(place) = &diagnostic.place {
        out.push_str(&position(place));
        out.push_str(": ");
    }
    out.push_str(&heading(diagnostic));
    if let Some(place) = diagnostic.place.as_ref().filter(|place| !place.path.is_empty()) {
        out.push_str(&format!(" ({})", visible(&place.path)));
    }
    if let Some(help) = &diagnostic.help {
        out.push_str("\n  help: ");
        out.push_str(&visible(help));
    }
    for also in &diagnostic.also {
        out.push_str(&format!("\n  also: {}: {}", position(&also.place), visible(&also.label)));
    }
    out
}

/// The diagnostic for a terminal, with the source line and a marker under the place when `source` (the whole text of
/// the file) is given; no final line break.
///
/// Wide characters count two columns. A tab is shown as one space. A line wider than 96 columns is clipped around the
/// place. Of a place over several lines the first is shown.
#[must_use]
pub fn render_human(diagnostic: &Diagnostic, source: Option<&str>) -> String {
    let mut out = heading(diagnostic);
    let mut gutter = String::from(" ");
    if let Some(place) = &diagnostic.place {
        gutter = " ".repeat(place.line.to_string().len().saturating_add(1));
        out.push_str(&format!("\n{gutter}--> {}", position(place)));
        if !place.path.is_empty() {
            out.push_str(&format!(" ({})", visible(&place.path)));
        }
        let line = source.and_then(|source| nth_line(source, place.line));
        if let Some((text, marker)) = line.map(|line| excerpt(line, place)) {
            out.push_str(&format!("\n{gutter}|\n{} | {text}\n{gutter}| {marker}", place.line));
        }
    }
    if let Some(help) = &diagnostic.help {
        out.push_str(&format!("\n{gutter}= help: {}", visible(help)));
    }
    for also in &diagnostic.also {
        out.push_str(&format!("\n{gutter}= also: {}: {}", position(&also.place), visible(&also.label)));
    }
    out
}

fn heading(diagnostic: &Diagnostic) -> String {
    format!("{}[{}]: {}", diagnostic.severity.word(), diagnostic.code, visible(&diagnostic.message))
}

fn position(place: &Place) -> String {
    format!("{}:{}:{}", visible(&place.file), place.line, place.column)
}

/// `text` with the characters that would move the cursor, colour the terminal or reverse the reading order written out.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if acts(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Line `number` (from 1) of `source`; `\n`, `\r\n` and `\r` end a line, as they do for the reader.
fn nth_line(source: &str, number: u32) -> Option<&str> {
    let mut rest = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    let mut left = number.checked_sub(1)?;
    loop {
        let (line, after) = match rest.split_once(['\n', '\r']) {
            Some((line, after)) => {
                let ended_by_cr = rest.get(line.len()..).is_some_and(|end| end.starts_with('\r'));
                let after = if ended_by_cr { after.strip_prefix('\n').unwrap_or(after) } else { after };
                (line, Some(after))
            }
            None => (rest, None),
        };
        if left == 0 {
            return Some(line);
        }
        left = left.saturating_sub(1);
        rest = after?;
    }
}

/// The shown part of `line` and the marker line under it.
fn excerpt(line: &str, place: &Place) -> (String, String) {
    let shown: Vec<char> = line
        .chars()
        .map(|c| {
            if c == '\t' {
                ' '
            } else if acts(c) {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect();
    let start = (place.column.saturating_sub(1) as usize).min(shown.len());
    let end = if place.end_line > place.line { shown.len() } else { place.end_column.saturating_sub(1) as usize };
    let end = end.min(shown.len()).max(start);

    let width = |chars: &[char]| chars.iter().copied().map(char_width).fold(0, usize::saturating_add);
    let mut first = 0;
    if width(&shown) > EXCERPT_WIDTH {
        let mut lead = 0_usize;
        first = start;
        while let Some(before) = first.checked_sub(1).and_then(|n| shown.get(n)) {
            lead = lead.saturating_add(char_width(*before));
            if lead > LEAD_WIDTH {
                break;
            }
            first = first.saturating_sub(1);
        }
    }
    let mut text = String::new();
    let mut marker = String::new();
    let mut used = 0_usize;
    if first > 0 {
        text.push('…');
        marker.push(' ');
    }
    for (n, c) in shown.iter().enumerate().skip(first) {
        let wide = char_width(*c);
        used = used.saturating_add(wide);
        if used > EXCERPT_WIDTH {
            text.push('…');
            break;
        }
        text.push(*c);
        let mark = if n < start { " " } else { "^" };
        if n < end {
            marker.push_str(&mark.repeat(wide));
        } else if n < start {
            marker.push_str(&" ".repeat(wide));
        }
    }
    if start == end {
        marker.push('^');
    }
    (text, marker)
}
