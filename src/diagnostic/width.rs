//! How wide text is on a terminal.

/// The number of terminal columns of a character: 2 for East Asian wide and full-width ones, 0 for combining and
/// invisible ones, otherwise 1.
///
/// Follows the wide and full-width classes of Unicode Standard Annex 11, by block; ambiguous characters such as `“`
/// count 1.
#[must_use]
pub const fn char_width(c: char) -> usize {
    match c as u32 {
        0x0300..=0x036F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF => 0,
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0x4DBF
        | 0x4E00..=0xA4CF
        | 0xA960..=0xA97F
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF01..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1F64F
        | 0x1F680..=0x1F6FF
        | 0x1F900..=0x1F9FF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

/// The number of terminal columns of a text.
///
/// ```
/// use yibao_rules::diagnostic::text_width;
/// assert_eq!(text_width("起付线: 200元"), 13);
/// ```
#[must_use]
pub fn text_width(text: &str) -> usize {
    text.chars().map(char_width).fold(0, usize::saturating_add)
}
