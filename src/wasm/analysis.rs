//! The analyses of a loaded plan, as JSON.

use super::handle::{Handle, wire};
use super::wire::{Reading, joined};
use super::{json, one_problem, thrown, written};
use crate::analyse::view::{BoundsView, CurveView, SolutionView, range_from_text, wanted_from_text};
use crate::analyse::{Comparison, Counterfactual, bounds, curve, solve};
use crate::case::Case;
use crate::decision::{Decision, decide};
use crate::diagnostic::Diagnostics;
use crate::plan::Text;
use crate::year::{YearView, year};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// The same problems, each with its place seen from further out.
fn within(problems: Diagnostics, path: &str) -> Diagnostics {
    problems.each(&mut |problem| {
        if let Some(place) = &mut problem.place {
            place.path = if place.path.is_empty() { path.to_owned() } else { joined(path, &place.path) };
        }
    })
}

#[wasm_bindgen]
impl Handle {
    /// The curve over one amount; `at` is a JSON list of amounts at which values to the fen are wanted.
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
        at: &str,
    ) -> Result<String, JsValue> {
        written((|| {
            let (_, found, case) = self.asked(service, case)?;
            let fact = self.fact_named(fact);
            let range = range_from_text(&self.engine, service, &fact, from.as_deref(), to.as_deref())?;
            let curve = curve(&self.engine, service, &case, &fact, Some(range))?;
            CurveView::new(found, &curve, &points(at)?)
        })())
    }

    /// What can still come out where answers are missing.
    ///
    /// # Errors
    /// As [`crate::analyse::bounds`].
    pub fn bounds(&self, service: &str, case: &str) -> Result<String, JsValue> {
        written((|| {
            let (_, found, case) = self.asked(service, case)?;
            let bounds = bounds(&self.engine, service, &case)?;
            Ok(BoundsView::new(self.engine.plan(), found, bounds))
        })())
    }

    /// All amounts of a fact that give a wanted result.
    ///
    /// # Errors
    /// As [`crate::analyse::solve`]; `bad-amount`.
    pub fn solve(&self, service: &str, case: &str, fact: &str, line: &str, wanted: &str) -> Result<String, JsValue> {
        written((|| {
            let (_, _, case) = self.asked(service, case)?;
            let wanted = wanted_from_text(&self.engine, service, line, wanted)?;
            let solution = solve(&self.engine, service, &case, &self.fact_named(fact), line, wanted)?;
            Ok(SolutionView::from(solution))
        })())
    }

    /// A year as it went against a year as it might have gone.
    ///
    /// # Errors
    /// As [`Handle::year`], each place under `actual` or `instead`.
    pub fn counterfactual(&self, actual: &str, instead: &str) -> Result<String, JsValue> {
        let actual = self.folded_within(actual, "actual");
        written(actual.and_then(|actual| Ok(Counterfactual::of(actual, self.folded_within(instead, "instead")?))))
    }
}

fn points(text: &str) -> Result<Vec<String>, Diagnostics> {
    json::from_str(text).map_err(|e| one_problem("internal", e.to_string()))
}

impl Handle {
    fn asked(&self, service: &str, case: &str) -> Result<(usize, &crate::plan::Service, Case), Diagnostics> {
        let (index, found) = self.engine.service(service)?;
        Ok((index, found, self.case(case, "")?))
    }

    /// A fact as the pack writes it.
    fn fact_named(&self, fact: &str) -> String {
        super::wire::fact_meant(fact, &self.engine.plan().facts).to_owned()
    }

    fn folded_within(&self, case: &str, name: &str) -> Result<YearView, Diagnostics> {
        let mut reading = Reading::new(self.engine.plan());
        let case = reading.year(&wire(case)?);
        let folded = reading.read(case).and_then(|case| year(&self.engine, &case));
        folded.map_err(|problems| within(problems, name))
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
        let decided = || {
            rules.engine.service(service)?;
            decide(&rules.engine, service, &rules.case(case, &path)?)
        };
        self.decisions.push(decided().map_err(|e| thrown(&e))?);
        self.labels.push(Text { zh: zh.into(), en: en.into() });
        Ok(())
    }

    /// Where they part.
    ///
    /// # Errors
    /// Never but for a fault of the engine.
    pub fn compared(&mut self) -> Result<String, JsValue> {
        let (labels, decisions) = (std::mem::take(&mut self.labels), std::mem::take(&mut self.decisions));
        written(Ok(Comparison::of(labels, decisions)))
    }
}
