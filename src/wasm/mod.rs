//! The bindings: an engine as a handle, with texts in and out, and a buffer of numbers for the quick path.
//!
//! JavaScript hands over a case as it was walked there, so that nothing foreign runs while Rust holds a handle, and
//! takes decisions as JSON, the same bytes that the native engine writes. Nothing in here panics: what is wrong comes
//! back as diagnostics.

#[cfg(feature = "analysis")]
mod analysis;
#[cfg(feature = "authoring")]
mod authoring;
mod handle;
mod json;
mod plan;
#[cfg(all(feature = "analysis", feature = "authoring"))]
mod proving;
mod quick;
mod wire;
mod year;

pub use handle::Handle;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::{ToJson, to_string};
use wasm_bindgen::JsValue;

/// In place of std's allocator: smaller, and as fast.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// What JavaScript catches: all diagnostics, as JSON text.
fn thrown(problems: &Diagnostics) -> JsValue {
    JsValue::from_str(&to_string(problems))
}

fn one_problem(code: &'static str, message: String) -> Diagnostics {
    Diagnostics::from(Diagnostic::error(code, message))
}

/// What JavaScript gets of an answer: its JSON text, or all diagnostics.
fn written<T: ToJson>(answer: Result<T, Diagnostics>) -> Result<String, JsValue> {
    match answer {
        Ok(value) => Ok(to_string(&value)),
        Err(problems) => Err(thrown(&problems)),
    }
}
