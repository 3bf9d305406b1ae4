//! Words of messages.

/// Most characters of a stranger's word that a message repeats.
const MOST_SHOWN: usize = 60;

/// The beginning of a word that may be of any length.
#[must_use]
pub fn clipped(word: &str) -> &str {
    let end = word.char_indices().nth(MOST_SHOWN).map_or(word.len(), |(at, _)| at);
    word.get(..end).unwrap_or(word)
}

/// Words with something between them.
#[must_use]
pub fn joined(words: &mut dyn Iterator<Item = &str>, between: &str) -> String {
    let mut out = String::new();
    let mut rest = false;
    for word in words {
        if rest {
            out.push_str(between);
        }
        out.push_str(word);
        rest = true;
    }
    out
}
