// What a stranger may send, and what must hold of it. Each function is a target of the fuzzer and is replayed over its
// corpus by the tests.

use yibao_rules::case::Case;
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::{Engine, decide};
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
    if let Some(Ok(plan)) = words(data).map(plan::read) {
        decides(plan, false);
    }
}

fn decides(plan: plan::Plan, is_ours: bool) {
    let engine = match Engine::load(plan) {
        Ok(engine) => engine,
        Err(fault) => return assert!(!is_ours, "{fault}"),
    };
    for service in &engine.plan().services {
        let _ = decide(&engine, &service.id, &Case::default());
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
