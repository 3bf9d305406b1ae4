/// Why a character may not stand in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// A control character or a noncharacter.
    Control,
    /// Invisible, or turns the order of what is read.
    Hidden,
    /// U+FFFD: a character was lost.
    Damaged,
}

/// Why a character may not be in a pack, a plan or anything else that people read; `None` if it may. Line feeds and tabs
/// may.
///
/// ```
/// use yibao_rules::diagnostic::{Unseen, unseen};
///
/// assert_eq!(unseen('元'), None);
/// assert_eq!(unseen('\u{202e}'), Some(Unseen::Hidden));
/// ```
#[must_use]
pub fn unseen(c: char) -> Option<Unseen> {
    match c {
        '\t' | '\n' => None,
        '\u{FFFD}' => Some(Unseen::Damaged),
        '\u{AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}' => Some(Unseen::Hidden),
        '\u{FDD0}'..='\u{FDEF}' => Some(Unseen::Control),
        c if c.is_control() || (c as u32 & 0xFFFE) == 0xFFFE => Some(Unseen::Control),
        _ => None,
    }
}
