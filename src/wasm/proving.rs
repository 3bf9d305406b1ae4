//! Proofs and diffs of loaded plans, for authors.

use super::handle::Handle;
use super::{one_problem, thrown, written};
use crate::analyse::report::{DiffView, ProofView};
use crate::analyse::{diff, prove};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Most people of a diff.
const MOST_PEOPLE: u32 = 1_000_000;

#[wasm_bindgen]
impl Handle {
    /// Proves the properties of a service.
    ///
    /// # Errors
    /// `unknown-service`.
    pub fn prove(&self, service: &str) -> Result<String, JsValue> {
        written(prove(&self.engine, service).map(|proof| ProofView::new(&self.engine, proof)))
    }

    /// What changed from these rules to others.
    ///
    /// # Errors
    /// `out-of-range`: too many people; `too-much-work`: too many for rules of this length.
    pub fn diff(&self, after: &Handle, people: u32, seed: u64) -> Result<String, JsValue> {
        if people > MOST_PEOPLE {
            let message = format!("{people} people are more than {MOST_PEOPLE}");
            return Err(thrown(&one_problem("out-of-range", message)));
        }
        let people = usize::try_from(people).unwrap_or(0);
        let found = diff(&self.engine, &after.engine, people, seed);
        written(found.map(|found| DiffView::new(self.engine.plan(), found)))
    }
}
