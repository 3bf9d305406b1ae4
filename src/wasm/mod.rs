//! The bindings: an engine as a handle, with texts in and out, and a buffer of numbers for the quick path.
//!
//! JavaScript hands over a case as it was walked there, so that nothing foreign runs while Rust holds a handle, and
//! takes decisions as JSON, the same bytes that the native engine writes. Nothing in here panics: what is wrong comes
//! back as diagnostics.

#[cfg(feature = "authoring")]
mod analysis;
#[cfg(feature = "authoring")]
mod authoring;
mod handle;
mod json;
mod plan;
mod quick;
mod wire;
mod year;

pub use handle::Handle;

use crate::diagnostic::{Diagnostic, Diagnostics};
use serde::Serialize;
use wasm_bindgen::JsValue;

/// What JavaScript catches: all diagnostics, as JSON text.
fn thrown(problems: &Diagnostics) -> JsValue {
    JsValue::from_str(&json::to_string(problems).unwrap_or_else(|_| "[]".into()))
}

fn thrown_one(problem: Diagnostic) -> JsValue {
    thrown(&Diagnostics::from(problem))
}

/// JSON text of what always has one.
fn written<T: Serialize + ?Sized>(value: &T) -> Result<String, JsValue> {
    json::to_string(value).map_err(|e| thrown_one(Diagnostic::error("internal", e.to_string())))
}
