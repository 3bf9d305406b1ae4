//! The analyses of a loaded plan, as JSON.

use super::handle::{Handle, wire};
use super::wire::{Reading, joined};
use super::{thrown, thrown_one, written};
use crate::analyse::report::{DiffView, ProofView};
use crate::analyse::view::{BoundsView, CurveView, SolutionView, range_from_text, wanted_from_text};
use crate::analyse::{Comparison, Counterfactual, bounds, curve, diff, prove, solve};
use crate::case::Case;
use crate::decision::{Decision, decide};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::plan::Text;
use crate::year::{YearView, year};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Most people of a diff.
const MOST_PEOPLE: u32 = 1_000_000;

/// The same problems, each with its place seen from further out.
fn within(problems: &Diagnostics, path: &str) -> Diagnostics {
    let mut moved = Diagnostics::new();
    for problem in problems.iter() {
        let mut problem = problem.clone();
        if let Some(place) = &mut problem.place {
            place.path = if place.path.is_empty() { path.to_owned() } else { joined(path, &place.path) };
        }
        moved.push(problem);
    }
    moved
}

#[wasm_bindgen]
impl Handle {
    /// The curve over one amount.
    ///
    /// # Errors
    /// As [`crate::analyse::curve`]; `bad-amount`.
    pub fn curve(
        &self,
        service: &str,
        case: &str,
        fact: &str,
        from: Option<String>,
        to: Option<String>,
        at: Vec<String>,
    ) -> Result<String, JsValue> {
        let (_, found, case) = self.asked(service, case)?;
        let fact = self.fact_named(fact);
        let range =
            range_from_text(&self.engine, service, &fact, from.as_deref(), to.as_deref()).map_err(|e| thrown(&e))?;
        let curve = curve(&self.engine, service, &case, &fact, Some(range)).map_err(|e| thrown(&e))?;
        written(&CurveView::new(found, &curve, &at).map_err(|e| thrown(&e))?)
    }

    /// What can still come out where answers are missing.
    ///
    /// # Errors
    /// As [`crate::analyse::bounds`].
    pub fn bounds(&self, service: &str, case: &str) -> Result<String, JsValue> {
        let (_, found, case) = self.asked(service, case)?;
        let bounds = bounds(&self.engine, service, &case).map_err(|e| thrown(&e))?;
        written(&BoundsView::new(self.engine.plan(), found, bounds))
    }

    /// All amounts of a fact that give a wanted result.
    ///
    /// # Errors
    /// As [`crate::analyse::solve`]; `bad-amount`.
    pub fn solve(&self, service: &str, case: &str, fact: &str, line: &str, wanted: &str) -> Result<String, JsValue> {
        let (_, _, case) = self.asked(service, case)?;
        let wanted = wanted_from_text(&self.engine, service, line, wanted).map_err(|e| thrown(&e))?;
        let solution =
            solve(&self.engine, service, &case, &self.fact_named(fact), line, wanted).map_err(|e| thrown(&e))?;
        written(&SolutionView::from(solution))
    }

    /// A year as it went against a year as it might have gone.
    ///
    /// # Errors
    /// As [`Handle::year`], each place under `actual` or `instead`.
    pub fn counterfactual(&self, actual: &str, instead: &str) -> Result<String, JsValue> {
        written(&Counterfactual::of(self.folded(actual, "actual")?, self.folded(instead, "instead")?))
    }

    /// Proves the properties of a service.
    ///
    /// # Errors
    /// `unknown-service`.
    pub fn prove(&self, service: &str) -> Result<String, JsValue> {
        let proof = prove(&self.engine, service).map_err(|e| thrown(&e))?;
        written(&ProofView::new(&self.engine, proof))
    }

    /// What changed from these rules to others.
    ///
    /// # Errors
    /// `out-of-range`: too many people.
    pub fn diff(&self, after: &Handle, people: u32, seed: u64) -> Result<String, JsValue> {
        if people > MOST_PEOPLE {
            let message = format!("{people} people are more than {MOST_PEOPLE}");
            return Err(thrown_one(Diagnostic::error("out-of-range", message)));
        }
        let people = usize::try_from(people).unwrap_or(0);
        written(&DiffView::new(self.engine.plan(), diff(&self.engine, &after.engine, people, seed)))
    }
}

impl Handle {
    fn asked(&self, service: &str, case: &str) -> Result<(usize, &crate::plan::Service, Case), JsValue> {
        let (index, found) = self.engine.service(service).map_err(|e| thrown(&e))?;
        Ok((index, found, self.case(case)?))
    }

    /// A fact as the pack writes it.
    fn fact_named(&self, fact: &str) -> String {
        super::wire::resolve(fact, self.engine.plan().facts.iter().map(|f| f.id.as_str()))
    }

    fn folded(&self, case: &str, name: &str) -> Result<YearView, JsValue> {
        let mut reading = Reading::new(self.engine.plan());
        let case = reading.year(&wire(case)?);
        if reading.problems.has_errors() {
            return Err(thrown(&within(&reading.problems, name)));
        }
        year(&self.engine, &case).map_err(|e| thrown(&within(&e, name)))
    }
}

/// Paths side by side, added one by one: each may be under other rules.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Paths {
    labels: Vec<Text>,
    decisions: Vec<Decision>,
}

#[wasm_bindgen]
impl Paths {
    /// None yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Decides one more.
    ///
    /// # Errors
    /// As [`Handle::decide`], places as seen from the list of paths.
    pub fn add(&mut self, rules: &Handle, zh: &str, en: &str, service: &str, case: &str) -> Result<(), JsValue> {
        let path = format!("[{}].input", self.decisions.len());
        rules.engine.service(service).map_err(|e| thrown(&e))?;
        let mut reading = Reading::new(rules.engine.plan());
        let case = reading.case(&wire(case)?, &path);
        if reading.problems.has_errors() {
            return Err(thrown(&reading.problems));
        }
        self.decisions.push(decide(&rules.engine, service, &case).map_err(|e| thrown(&e))?);
        self.labels.push(Text { zh: zh.into(), en: en.into() });
        Ok(())
    }

    /// Where they part.
    ///
    /// # Errors
    /// Never but for a fault of the engine.
    pub fn compared(&mut self) -> Result<String, JsValue> {
        let (labels, decisions) = (std::mem::take(&mut self.labels), std::mem::take(&mut self.decisions));
        written(&Comparison::of(labels, decisions))
    }
}
