//! The analyses of a loaded plan, as JSON.

use super::handle::{Handle, wire};
use super::wire::{Reading, joined};
use super::{json, one_problem, thrown, written};
use crate::analyse::view::{BoundsView, CurveView, SolutionView, range_from_text, wanted_from_text};
use crate::analyse::{Comparison, Counterfactual, bounds_with, curve_with, solve_with};
use crate::case::Case;
use crate::decision::{Decision, Engine, Work, decide, finish};
use crate::diagnostic::Diagnostics;
use crate::json::{ToJson, to_string};
use crate::plan::{Service, Text};
use crate::year::{YearView, year};
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::rc::Rc;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// The same problems, each with its place seen from further out.
fn within(problems: Diagnostics, path: &str) -> Diagnostics {
    problems.each(&mut |problem| {
        if let Some(place) = &mut problem.place {
            place.path = if place.path.is_empty() { path.to_owned() } else { joined(path, &place.path) };
        }
    })
}

/// What an analysis does in one turn, in instructions: a few milliseconds.
const TURN: u64 = 100_000;

/// An analysis that was asked for: followed to its end at once, or turn by turn. Whoever lets go of it stops it.
#[wasm_bindgen]
pub struct Question {
    /// Nothing once it was given: nobody may ask a future again.
    answer: Option<Answer>,
}

type Answer = Pin<Box<dyn Future<Output = Result<String, Diagnostics>>>>;

#[wasm_bindgen]
impl Question {
    /// The answer, as JSON.
    ///
    /// # Errors
    /// Those of the analysis; `too-much-work`.
    pub fn finish(self) -> Result<String, JsValue> {
        let gone = || one_problem("internal", "the answer was given before".to_owned());
        self.answer.map_or_else(|| Err(gone()), finish).map_err(|e| thrown(&e))
    }

    /// One turn: the answer, as JSON, or nothing while there is more to do.
    ///
    /// # Errors
    /// As [`Question::finish`].
    pub fn step(&mut self) -> Result<Option<String>, JsValue> {
        let polled = self.answer.as_mut().map(|a| a.as_mut().poll(&mut Context::from_waker(Waker::noop())));
        let Some(Poll::Ready(answer)) = polled else { return Ok(None) };
        self.answer = None;
        answer.map(Some).map_err(|e| thrown(&e))
    }
}

/// A question to be followed; what is wrong with its words is said at once.
fn asked<T: ToJson, F: Future<Output = Result<T, Diagnostics>> + 'static>(
    question: Result<F, Diagnostics>,
) -> Result<Question, JsValue> {
    let question = question.map_err(|e| thrown(&e))?;
    Ok(Question { answer: Some(Box::pin(async { Ok(to_string(&question.await?)) })) })
}

fn work() -> Work {
    Work::default().in_turns(TURN)
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
    ) -> Result<Question, JsValue> {
        asked((|| {
            let (index, engine, case) = self.ready(service, case)?;
            let (service, fact, at) = (service.to_owned(), self.fact_named(fact), points(at)?);
            let range = range_from_text(&engine, &service, &fact, from.as_deref(), to.as_deref())?;
            Ok(async move {
                let curve = curve_with(&engine, &service, &case, &fact, Some(range), &work()).await?;
                CurveView::new(service_at(&engine, index)?, &curve, &at)
            })
        })())
    }

    /// What can still come out where answers are missing.
    ///
    /// # Errors
    /// As [`crate::analyse::bounds`].
    pub fn bounds(&self, service: &str, case: &str) -> Result<Question, JsValue> {
        asked((|| {
            let (index, engine, case) = self.ready(service, case)?;
            let service = service.to_owned();
            Ok(async move {
                let bounds = bounds_with(&engine, &service, &case, &work()).await?;
                Ok(BoundsView::new(engine.plan(), service_at(&engine, index)?, bounds))
            })
        })())
    }

    /// All amounts of a fact that give a wanted result.
    ///
    /// # Errors
    /// As [`crate::analyse::solve`]; `bad-amount`.
    pub fn solve(&self, service: &str, case: &str, fact: &str, line: &str, wanted: &str) -> Result<Question, JsValue> {
        asked((|| {
            let (_, engine, case) = self.ready(service, case)?;
            let (service, fact, line) = (service.to_owned(), self.fact_named(fact), line.to_owned());
            let wanted = wanted_from_text(&engine, &service, &line, wanted)?;
            Ok(async move {
                let solution = solve_with(&engine, &service, &case, &fact, (&line, wanted), &work()).await?;
                Ok(SolutionView::from(solution))
            })
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

fn service_at(engine: &Engine, index: usize) -> Result<&Service, Diagnostics> {
    let gone = || one_problem("internal", "the service is gone".to_owned());
    engine.plan().services.get(index).ok_or_else(gone)
}

fn points(text: &str) -> Result<Vec<String>, Diagnostics> {
    json::from_str(text).map_err(|e| one_problem("internal", e.to_string()))
}

impl Handle {
    /// What a question takes along: it may outlive the call.
    fn ready(&self, service: &str, case: &str) -> Result<(usize, Rc<Engine>, Case), Diagnostics> {
        let (index, _) = self.engine.service(service)?;
        Ok((index, Rc::clone(&self.engine), self.case(case, "")?))
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
