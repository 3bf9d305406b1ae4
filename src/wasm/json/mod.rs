//! JSON from across the boundary. Numbers are whole; a plan and a case have no others, and reading binary fractions is
//! the larger part of a general JSON reader. Reading is by hand, because serde's generated code
//! for a plan is three times the size of the rest of the engine.

mod form;
mod read;

pub use form::{ANOTHER, Expected, FromJson, field, only_entry};
pub(in crate::wasm) use form::{record, words};
pub use read::{Json, parse};

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
/// Where the text is no JSON, or not of this type.
pub fn from_str<T: FromJson>(text: &str) -> Result<T, JsonError> {
    T::from_json(&parse(text)?).map_err(unexpected)
}

fn unexpected(key: Expected) -> JsonError {
    JsonError(if key.is_empty() {
        "another value is expected".into()
    } else {
        ["`", key, "` is missing or not what it should be"].concat()
    })
}
