//! Columns of cases through a compiled rule pack, for any host that runs WebAssembly.
//!
//! The module imports nothing: no glue, no clock, no memory of the host's. A host writes a plan and a request into its
//! memory as text, is told where the columns stand, fills them, runs as many cases as there are, and reads the values.
//! One instance holds one open service; a host that wants more makes more instances.
//!
//! | export | does |
//! | --- | --- |
//! | `memory` | the module's memory |
//! | `text_room(bytes)` | where a text of so many bytes is to be written |
//! | `load()` | takes the text as a plan; 1 where it is one |
//! | `open()` | takes the text as a [`Request`]; 1 where it can be met |
//! | `reply_at()`, `reply_len()` | the answer to the last call as JSON: what stands where, or all diagnostics |
//! | `run(cases)` | decides the first cases of the columns; 1 where it could |
//! | `rest(cases)` | decides those of the first cases that the compiled service left; 1 where it could |
//!
//! A request names a service, room for how many cases, the type of each column that will be filled (`f64`, `i64`,
//! `i32`, `u8`; an answer that is not named is not answered), and what values are wanted:
//!
//! ```json
//! { "service": "inpatient", "cases": 4096, "inputs": { "total": "f64", "level": "u8" }, "outputs": ["patient"] }
//! ```
//!
//! The reply gives the address of every column, and what its numbers mean. Addresses hold until the next `open`; the
//! memory's buffer may have to be taken anew after any call.
//!
//! A host that may compile WebAssembly can ask for `"compiled": true`. Where the service allows, the reply then says
//! where the bytes of a module stand, `"compiled": { "at": …, "length": … }`, until the next `open`. It imports this
//! module's memory as `batch` `memory` and exports `run(cases)`, which does what `run` does for every case of
//! which it is certain, from two cases on, and returns 0 where it was of all. Otherwise `rest(cases)` decides the
//! others.

#[cfg(target_arch = "wasm32")]
mod abi;
mod columns;
mod compiled;
mod host;
mod request;
mod rest;

pub use host::Host;
pub use request::{Numbers, Request};
