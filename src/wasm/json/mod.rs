//! JSON from across the boundary. Numbers are whole; a plan and a case have no others, and reading binary fractions is
//! the larger part of a general JSON reader. Reading is by hand and in the order of the fields, because serde's
//! generated code for a plan is three times the size of the rest of the engine.

mod form;
mod read;

pub use form::{Blank, FromJson};
pub(in crate::wasm) use form::{record, words};
pub use read::Reader;

use core::fmt;

/// Why a text is not what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError(pub String);

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for JsonError {}

/// Reads a value of a type from its text.
///
/// # Errors
/// Where the text is no JSON as `JSON.stringify` writes it, or not of this type, with its fields in this order.
pub fn from_str<T: Blank>(text: &str) -> Result<T, JsonError> {
    let mut value = T::BLANK;
    read(text, &mut value)?;
    Ok(value)
}

/// Reads a text into its place.
fn read(text: &str, into: &mut dyn FromJson) -> Result<(), JsonError> {
    let mut reader = Reader::new(text);
    into.read(&mut reader);
    reader.finish()
}
