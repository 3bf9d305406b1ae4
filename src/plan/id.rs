//! What an id may be: the name of a pack becomes a file's, and any id becomes a word of code, of a page or of a formula.

/// Most letters of an id.
pub const LONGEST_ID: usize = 60;

/// Words of the formula language.
const RESERVED: [&str; 17] = [
    "if", "then", "else", "and", "or", "not", "in", "within", "of", "on", "where", "to", "true", "false", "rest",
    "ledger", "previous",
];

fn is_made_of(id: &str, also: &[u8]) -> bool {
    !id.is_empty()
        && id.len() <= LONGEST_ID
        && id.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || also.contains(&c))
}

/// A pack's: lower-case letters and digits joined by `-`.
#[must_use]
pub fn is_pack_id(id: &str) -> bool {
    is_made_of(id, b"-")
}

/// A source's or a clause's: `_` too.
#[must_use]
pub fn is_source_id(id: &str) -> bool {
    is_made_of(id, b"-_")
}

/// A fact's, a step's, a parameter's: what a formula can name.
#[must_use]
pub fn is_name(id: &str) -> bool {
    is_made_of(id, b"_") && id.starts_with(|c: char| c.is_ascii_lowercase()) && !RESERVED.contains(&id)
}
