// What a stranger may send, and what must hold of it. Each function is a target of the fuzzer and is replayed over its
// corpus by the tests.

use yibao_rules::case::Case;
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::{Decision, Engine, Value, decide};
use yibao_rules::plan::State;
use yibao_rules::{figure, formula, plan, runner, text};

type Target = fn(&[u8]);

pub const ALL: [(&str, Target); 6] =
    [("text", text), ("pack", pack), ("plan", plan), ("cases", cases), ("formula", formula), ("figure", figure)];

fn words(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

/// YAML or JSON: a tree, or problems that stand in the text.
pub fn text(data: &[u8]) {
    if let Err(problems) = text::parse("a.yaml", data, &text::Limits::default()) {
        let lines = data.iter().filter(|byte| **byte == b'\n' || **byte == b'\r').count() + 1;
        for place in problems.iter().filter_map(|problem| problem.place.as_ref()) {
            assert!(place.line >= 1 && (place.line as usize) <= lines, "{place:?}");
        }
    }
}

/// A pack that compiles has a plan that is read as it is written, loads and decides.
pub fn pack(data: &[u8]) {
    if let Ok(pack) = Pack::parse("pack.yaml", data, &Library::new()) {
        let text = serde_json::to_string(pack.plan()).expect("a plan is JSON");
        let read = plan::read(&text).expect("a plan is read as it is written");
        assert_eq!(&read, pack.plan());
        decides(read, true);
    }
}

/// A plan that loads is sound, whoever made it.
pub fn plan(data: &[u8]) {
    if let Some((text, Ok(plan))) = words(data).map(|text| (text, plan::read(text))) {
        assert_eq!(serde_json::to_string(&plan).expect("a plan is JSON"), text.trim_ascii());
        decides(plan, false);
    }
}

fn decides(plan: plan::Plan, is_ours: bool) {
    let engine = match Engine::load(plan) {
        Ok(engine) => engine,
        Err(fault) => return assert!(!is_ours, "{fault}"),
    };
    for service in &engine.plan().services {
        match decide(&engine, &service.id, &Case::default()) {
            Ok(decision) => adds_up(&decision),
            Err(problems) => assert!(problems.iter().all(|problem| problem.code != "internal"), "{problems}"),
        }
    }
}

/// The total is what others pay and what is left for the person.
fn adds_up(decision: &Decision) {
    let Some(amounts) = &decision.amounts else { return };
    let fen = |value: &Value| {
        (value.state == State::Known).then(|| value.text.replace('.', "").parse::<i128>().ok()).flatten()
    };
    let others = amounts.payments.iter().filter(|payment| !payment.own).map(|payment| fen(&payment.amount));
    if let (Some(total), Some(patient), Some(paid)) =
        (fen(&amounts.total), fen(&amounts.patient), others.sum::<Option<i128>>())
    {
        assert_eq!(total, paid + patient);
    }
}

/// Cases: read, or problems.
pub fn cases(data: &[u8]) {
    let _ = runner::parse_cases("cases.yaml", data);
}

/// A formula: a tree, or a fault within its characters.
pub fn formula(data: &[u8]) {
    let Some(text) = words(data) else { return };
    if let Err(fault) = formula::parse(text) {
        assert!(fault.start <= fault.end && fault.end <= text.chars().count() + 1, "{fault:?}");
    }
    let _ = (formula::parse_figure(text), formula::parse_round(text));
}

/// What a phrase says.
pub fn figure(data: &[u8]) {
    let Some(text) = words(data) else { return };
    let _ = (figure::find(text), figure::describe(text), figure::normalise(text));
}
