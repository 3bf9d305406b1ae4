//! The handle that JavaScript holds: a loaded plan, and the numbers of the quick path.

use super::quick::Quick;
use super::wire::{Reading, Wire};
use super::{json, one_problem, thrown, written};
use crate::case::Case;
use crate::decision::{Decision, Engine, Receipt, Replay, decide, decide_encoded, replay};
use crate::diagnostic::{Diagnostic, Diagnostics, clipped, joined};
use crate::plan::{Plan, Reg, check_characters};
use crate::render::{Lang, Register, UnknownWord, decision_text, step_text};
use crate::year::{YearView, year};
use std::rc::Rc;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// A loaded plan.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Handle {
    /// Shared with the analyses that are on their way.
    pub(super) engine: Rc<Engine>,
    quick: Quick,
}

/// JSON text as JavaScript hands it over; `code` says what it cannot be read as.
fn read_or<T: json::Blank>(code: &'static str, text: &str) -> Result<T, Diagnostics> {
    json::from_str(text).map_err(|e| one_problem(code, e.0))
}

pub(super) fn wire(text: &str) -> Result<Wire, Diagnostics> {
    read_or("unreadable-case", text)
}

#[wasm_bindgen]
impl Handle {
    /// Loads a plan from its JSON text.
    ///
    /// # Errors
    /// `bad-plan` with the first fault.
    pub fn load(plan: &str) -> Result<Handle, JsValue> {
        let bad = |message: String| thrown(&one_problem("bad-plan", message));
        check_characters(plan).map_err(|e| bad(e.to_string()))?;
        let plan: Plan = json::from_str(plan).map_err(|e| bad(e.to_string()))?;
        let engine = Engine::load(plan).map_err(|e| bad(e.to_string()))?;
        let quick = Quick::new(&engine);
        Ok(Handle { engine: Rc::new(engine), quick })
    }

    /// The whole decision on a case, as JSON.
    ///
    /// # Errors
    /// Every answer that is none.
    pub fn decide(&self, service: &str, case: &str) -> Result<String, JsValue> {
        written(self.decided(service, case))
    }

    /// The decision, or one step of it, in words; empty where there is no such step.
    ///
    /// # Errors
    /// As [`Handle::decide`], and words that name no register or language.
    pub fn explain(
        &self,
        service: &str,
        case: &str,
        step: Option<String>,
        register: &str,
        lang: &str,
    ) -> Result<String, JsValue> {
        self.explained(service, case, step.as_deref(), register, lang).map_err(|e| thrown(&e))
    }

    /// A year of encounters, as JSON.
    ///
    /// # Errors
    /// As [`crate::year::year`].
    pub fn year(&self, case: &str) -> Result<String, JsValue> {
        written(self.folded(case))
    }

    /// Decides a kept case again and compares with its receipt, as JSON.
    ///
    /// # Errors
    /// `bad-receipt`, or as [`Handle::decide`].
    pub fn replay(&self, case: &str, receipt: &str) -> Result<String, JsValue> {
        written(self.replayed(case, receipt))
    }
}

#[wasm_bindgen]
impl Handle {
    /// Watches registers (a JSON list) of a service: a JSON list of two numbers for each, what it means and its
    /// denominator; empty where the service has no quick path.
    ///
    /// # Errors
    /// Where it is no list of registers.
    pub fn watch(&mut self, service: usize, traces: bool, registers: &str) -> Result<String, JsValue> {
        let registers = registers_of(registers);
        written(registers.map(|registers| self.quick.watch(&self.engine, service, traces, &registers)))
    }

    /// Where the input buffer begins. It does not move.
    #[wasm_bindgen(js_name = inputAt)]
    pub fn input_at(&self) -> usize {
        self.quick.input.as_ptr() as usize
    }

    /// How many inputs the buffer holds.
    #[wasm_bindgen(js_name = inputCount)]
    pub fn input_count(&self) -> usize {
        self.quick.input.len()
    }

    /// Where the output buffer begins. It moves only when something is watched.
    #[wasm_bindgen(js_name = outputAt)]
    pub fn output_at(&self) -> usize {
        self.quick.output.as_ptr() as usize
    }

    /// How many outputs the buffer holds.
    #[wasm_bindgen(js_name = outputCount)]
    pub fn output_count(&self) -> usize {
        self.quick.output.len()
    }

    /// Runs a service on the input buffer; whether the output buffer then holds the whole answer.
    pub fn run(&mut self, service: usize) -> bool {
        self.quick.run(&self.engine, service)
    }

    /// Writes what is watched for the trace of what ran last, a decision of this service; whether all of it is known.
    pub fn trace(&mut self, service: usize) -> bool {
        self.quick.written(service, true)
    }

    /// The whole decision on the input buffer, as JSON; `tried` is a JSON list of inputs that are open parameters.
    ///
    /// # Errors
    /// As [`Handle::decide`]; none for what [`Handle::run`] computed.
    #[wasm_bindgen(js_name = decideBuffer)]
    pub fn decide_buffer(&self, service: usize, tried: &str) -> Result<String, JsValue> {
        written(self.decided_buffer(service, tried))
    }
}

fn registers_of(text: &str) -> Result<Vec<Reg>, Diagnostics> {
    read_or("internal", text)
}

impl Handle {
    pub(super) fn case(&self, case: &str, path: &str) -> Result<Case, Diagnostics> {
        let mut reading = Reading::new(self.engine.plan());
        let case = reading.case(&wire(case)?, path);
        reading.read(case)
    }

    fn decided(&self, service: &str, case: &str) -> Result<Decision, Diagnostics> {
        // The service first: a wrong name is the likelier slip.
        self.engine.service(service)?;
        decide(&self.engine, service, &self.case(case, "")?)
    }

    fn decided_buffer(&self, service: usize, tried: &str) -> Result<Decision, Diagnostics> {
        let tried = registers_of(tried)?;
        let Some(found) = self.engine.plan().services.get(service) else {
            return Err(one_problem("unknown-service", "there is no such service".into()));
        };
        let encoded = self.quick.encoded(found, &tried);
        decide_encoded(&self.engine, &found.id, &encoded)
    }

    fn explained(
        &self,
        service: &str,
        case: &str,
        step: Option<&str>,
        register: &str,
        lang: &str,
    ) -> Result<String, Diagnostics> {
        let bad = |e: UnknownWord| one_problem("unknown-option", e.to_string());
        let register: Register = register.parse().map_err(bad)?;
        let lang: Lang = lang.parse().map_err(bad)?;
        let decision = self.decided(service, case)?;
        let Some(step) = step else { return Ok(decision_text(&decision, register, lang)) };
        step_text(&decision, step, register, lang).ok_or_else(|| {
            let all = joined(&mut decision.steps.iter().map(|s| s.id.as_str()), " ");
            let message = format!("there is no step `{}`", clipped(step));
            Diagnostics::from(Diagnostic::error("unknown-step", message).help(format!("steps are {all}")))
        })
    }

    fn folded(&self, case: &str) -> Result<YearView, Diagnostics> {
        let mut reading = Reading::new(self.engine.plan());
        let case = reading.year(&wire(case)?);
        year(&self.engine, &reading.read(case)?)
    }

    fn replayed(&self, case: &str, receipt: &str) -> Result<Replay, Diagnostics> {
        let receipt: Receipt = read_or("bad-receipt", receipt)?;
        replay(&self.engine, &self.case(case, "")?, &receipt)
    }
}
