//! Plans: what is written is what is read, nothing in one is trusted, and the digest tells every change of meaning.
#![cfg(feature = "authoring")]
#![expect(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "tests stop at what they did not expect")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::Engine;
use yibao_rules::plan::{Plan, PlanError, Problem, check_characters, read as read_plan};
use yibao_rules::runner::{Answered, parse_cases, run};
use yibao_rules::text::Node;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn folders(of: &str) -> Vec<String> {
    let mut all: Vec<String> = fs::read_dir(root().join(of))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.join("pack.yaml").is_file())
        .map(|p| p.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/"))
        .collect();
    all.sort();
    all
}

/// The vocabulary and every national frame, as the build gives them to all packs.
fn library(vocabulary: &str) -> Library {
    let mut library = Library::new();
    library.add_vocabulary("packs/vocabulary.yaml", vocabulary.as_bytes()).unwrap();
    let texts = folders("packs").into_iter().map(|folder| read(&format!("{folder}/pack.yaml")));
    for text in texts.filter(|text| text.contains("\nframe:")) {
        let frame = Pack::parse("pack.yaml", text.as_bytes(), &library).unwrap_or_else(|e| panic!("{e}"));
        library.add_frame(&frame);
    }
    library
}

fn compile(text: &str, library: &Library) -> Result<Plan, String> {
    Pack::parse("pack.yaml", text.as_bytes(), library).map(Pack::into_plan).map_err(|e| e.to_string())
}

#[test]
fn every_plan_is_read_as_it_was_written() {
    let library = library(&read("packs/vocabulary.yaml"));
    let mut plans = 0;
    for folder in folders("packs").into_iter().chain(folders("tests/packs")) {
        let plan = compile(&read(&format!("{folder}/pack.yaml")), &library).unwrap();
        let text = serde_json::to_string(&plan).unwrap();
        let again: Plan = serde_json::from_str(&text).unwrap();
        assert_eq!(again, plan, "{folder}");
        assert_eq!(serde_json::to_string(&again).unwrap(), text, "{folder}: byte for byte");
        // What was read decides every case as what was compiled does.
        let (one, two) = (Engine::load(plan).unwrap(), Engine::load(again).unwrap());
        let cases = parse_cases("cases.yaml", read(&format!("{folder}/cases.yaml")).as_bytes()).unwrap();
        for (a, b) in run(&one, &cases).iter().zip(run(&two, &cases)) {
            match (&a.answer, &b.answer) {
                (Answered::One(a), Answered::One(b)) => assert_eq!(a, b),
                (Answered::Year(a), Answered::Year(b)) => assert_eq!(a, b),
                (Answered::Error(a), Answered::Error(b)) => assert_eq!(a, b),
                _ => panic!("{folder}, {}: two kinds of answer", a.id),
            }
        }
        plans += 1;
    }
    assert!(plans > 20, "{plans} plans");
}

#[test]
fn compiling_twice_gives_the_same_bytes() {
    let library = library(&read("packs/vocabulary.yaml"));
    for folder in folders("packs") {
        let text = read(&format!("{folder}/pack.yaml"));
        let plan = || serde_json::to_string(&compile(&text, &library).unwrap()).unwrap();
        assert_eq!(plan(), plan(), "{folder}");
    }
}

// ── Broken plans.

/// A small plan with a table, a list, bands, a bill and a ledger, to be broken by hand.
const WHOLE: &str = r#"
pack: whole
revision: '1'
title: { zh: 全, en: whole }
region: { code: '000000', zh: 虚设, en: nowhere }
publisher: { zh: 测试, en: tests }
status: invented
sources: { rule: { title: 通知, grade: press, clauses: { one: { quote: 起付线二百元 } } } }
payers: { fund: { zh: 基金, en: fund } }
facts:
  total: { type: money, min: 0元, max: 100000元, label: { zh: 总额, en: total } }
  level: { type: option, label: { zh: 级别, en: level }, options: { first: { zh: 一级, en: first }, third: { zh: 三级, en: third } } }
  day: { type: date, label: { zh: 日期, en: day } }
  lines: { type: list, max: 10, label: { zh: 明细, en: lines }, of: { amount: { type: money, min: 0元, max: 1000元, label: { zh: 金额, en: amount } } } }
  hospital: { type: institution, label: { zh: 医院, en: hospital } }
institutions:
  central: { zh: 中心, en: central }
groups: { members: [central] }
ledger: { year_starts: 01-01, entries: { paid: { type: money, kind: sum, min: 0元, max: 100000元, label: { zh: 已付, en: paid } } } }
services:
  stay:
    title: { zh: 住院, en: stay }
    kind: settlement
    as_of: day
    posts: { paid: basic }
    steps:
      - { id: deductible, label: { zh: 起付线, en: deductible }, cite: "rule/one#二百元", table: { by: [level], rows: [{ level: first, is: 200元 }, { level: third, is: 700元 }] } }
      - { id: sum, label: { zh: 合计, en: sum }, value: "min(total, sum(lines: amount * 2)) + ledger.paid * 0" }
      - { id: member, label: { zh: 成员, en: member }, value: hospital in members }
      - { id: shared, label: { zh: 分段, en: bands }, round: half_up to fen, bands: { of: sum, from: deductible, rows: [{ up_to: 10000元, rate: 60% }, { rate: 70% }] } }
      - { id: bill, label: { zh: 账单, en: bill }, bill: total, parts: { share: { zh: 分担, en: share, amount: rest } } }
      - { id: basic, label: { zh: 支付, en: pays }, pay: fund, from: [share], amount: "if member then shared else shared * 90%", round: half_up to fen }
"#;

fn whole() -> Value {
    serde_json::to_value(compile(WHOLE, &Library::new()).unwrap()).unwrap()
}

fn load(plan: Value) -> Result<Engine, PlanError> {
    Engine::load(serde_json::from_value(plan).unwrap())
}

/// Changes the value at a path, or adds a field that the plan leaves out; one that no plan has would change nothing.
fn broken(path: &str, value: Value) -> Value {
    let mut plan = whole();
    if let Some(at) = plan.pointer_mut(path) {
        *at = value;
        return plan;
    }
    let (record, field) = path.rsplit_once('/').unwrap();
    let record = plan.pointer_mut(record).unwrap_or_else(|| panic!("{path} is not in the plan"));
    record.as_object_mut().unwrap().insert(field.to_owned(), value);
    plan
}

fn index(of: &str, wanted: impl Fn(&Value) -> bool) -> usize {
    whole().pointer(of).unwrap().as_array().unwrap().iter().position(wanted).unwrap()
}

#[test]
fn the_plan_to_be_broken_is_whole() {
    assert!(load(whole()).is_ok());
}

#[test]
fn a_plan_of_another_format_is_refused() {
    match load(broken("/format", json!(2))) {
        Err(PlanError::Format { found: 2 }) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_plan_refers_to_must_be_there() {
    let code = "/services/0/program/code";
    let group = index(code, |i| i.get("in_group").is_some());
    let step = |id: &str| index("/services/0/steps", |s| s["id"] == id);
    let input = |name: &str| index("/services/0/program/inputs", |i| i["name"] == name);
    let s = "/services/0";
    let cases: Vec<(String, Value, &str)> = vec![
        (format!("{code}/{group}/in_group/1"), json!(9), "a group that is not there"),
        (format!("{s}/asOf"), json!(input("total")), "a service date that is not a date"),
        (
            format!("{s}/program/inputs/{}/kind", input("level")),
            json!({ "choice": 9 }),
            "a choice set that is not there",
        ),
        (
            format!("{s}/program/inputs/{}/max", input("level")),
            json!(9_007_199_254_740_000_i64),
            "an input with options that are not there",
        ),
        (
            format!("{s}/program/inputs/{}/min", input("total")),
            json!(20_000_000),
            "an input with bounds that cannot be",
        ),
        (format!("{s}/program/inputs/{}/den", input("total")), json!(0), "an input with bounds that cannot be"),
        (format!("{s}/program/inputs/{}/max", input("total")), json!(i64::MAX), "an input with bounds that cannot be"),
        (
            format!("{s}/program/inputs/{}/only", input("total")),
            json!([-1]),
            "an input allows a value outside its bounds",
        ),
        (format!("{s}/program/inputs/{}/reason", input("total")), json!(77), "a reason that is not there"),
        (format!("{s}/program/constants/0/den"), json!(0), "a figure out of range"),
        (format!("{s}/program/lists/0/max"), json!(10_001), "a list too long"),
        (format!("{s}/program/lists/0/max"), json!(4_000_000_000_u32), "a list too long"),
        (format!("{s}/program/tables/0/impossible_reason"), json!(50), "a reason that is not there"),
        (format!("{s}/program/tables/0/impossible"), json!([[]]), "a table of the wrong size"),
        (format!("{s}/outputs/bill/total"), json!(input("level")), "an amount that is not whole fen"),
        (format!("{s}/outputs/payments/0/payer"), json!(3), "a payer that is not there"),
        (format!("{s}/outputs/payments/0/step"), json!(99), "a step that is not there"),
        (format!("{s}/outputs/payments/0/draws/0/0"), json!(5), "a part that is not there"),
        (format!("{s}/outputs/verdict"), json!(input("total")), "a verdict that is not yes or no"),
        (format!("{s}/outputs/posts/0/0"), json!(7), "a ledger entry that is not there"),
        (format!("{s}/outputs/posts/0/1"), json!(9_999), "a register that is not there"),
        (format!("{s}/outputs/limit"), json!(99), "a step that is not there"),
        (format!("{s}/outputs/result"), json!([99]), "a step that is not there"),
        (format!("{s}/steps/{}/register", step("sum")), json!(9_999), "a register that is not there"),
        (format!("{s}/steps/{}/cites/0/1", step("deductible")), json!(4), "a cite of a clause that is not there"),
        (format!("{s}/steps/{}/cites/0/3", step("deductible")), json!(99), "a mark outside its quote"),
        (format!("{s}/steps/{}/assumes", step("sum")), json!([0]), "an assumption that is not there"),
        (format!("{s}/steps/{}/form/table", step("deductible")), json!(3), "a table that is not there"),
        (format!("{s}/steps/{}/form/rows", step("deductible")), json!([]), "a table's texts that do not fit its rows"),
        (format!("{s}/steps/{}/form/bands", step("shared")), json!(0), "bands that are not there"),
        (format!("{s}/steps/{}/form/payment", step("basic")), json!(4), "a payment that is not there"),
        (format!("{s}/steps/{}/formulas/0/pieces/0/name/1", step("sum")), json!(9_999), "a register that is not there"),
        ("/groups/0/members/0/institution".into(), json!(9), "a group member that is not there"),
        ("/services".into(), Value::Array(vec![whole()["services"][0].clone(); 201]), "too many services"),
    ];
    for (path, value, what) in cases {
        if path.contains("/pieces/0/") && whole().pointer(&path).is_none() {
            continue;
        }
        match load(broken(&path, value)) {
            Err(PlanError::Broken { what: found, .. }) => assert_eq!(found, what, "{path}"),
            other => panic!("{path}: {other:?}"),
        }
    }
}

#[test]
fn what_a_pack_may_not_be_called_a_plan_may_not_be_called() {
    let s = "/services/0";
    let level = index("/facts", |fact| fact["id"] == "level");
    let twice = |of: &str| whole().pointer(&format!("{of}/0/id")).cloned().unwrap();
    let cases: Vec<(String, Value, &str)> = vec![
        ("/pack/id".into(), json!("../../outside"), "an id of a pack that cannot be one"),
        ("/pack/id".into(), json!("a\nb"), "an id of a pack that cannot be one"),
        ("/pack/id".into(), json!("x".repeat(61)), "an id of a pack that cannot be one"),
        ("/sources/0/id".into(), json!("../a:text"), "an id of a source that cannot be one"),
        ("/sources/0/clauses/0/id".into(), json!("a/b"), "an id of a clause that cannot be one"),
        ("/payers/0/id".into(), json!("a\n} export"), "an id that cannot be a name"),
        ("/facts/0/id".into(), json!("if"), "an id that cannot be a name"),
        ("/facts/1/id".into(), twice("/facts"), "an id that stands twice"),
        (format!("/facts/{level}/only"), json!([4_000_000_000_u32]), "an option that is not there"),
        (format!("/facts/{level}/choices"), json!(60_000), "a choice set that is not there"),
        (format!("{s}/id"), json!(""), "an id that cannot be a name"),
        (format!("{s}/steps/1/id"), twice("/services/0/steps"), "an id that stands twice"),
        (
            format!("{s}/program/inputs/1/name"),
            whole().pointer("/services/0/program/inputs/0/name").cloned().unwrap(),
            "an id that stands twice",
        ),
        (format!("{s}/outputs/previous"), json!([0, 0, 0, 0]), "a value of an earlier stay that has no name"),
        (format!("{s}/splitDays"), json!(0), "a stay cut into pieces of no day"),
        (format!("{s}/splitLines"), json!([9, 0]), "a list that is not there"),
        (format!("{s}/splitLines"), json!([0, 9]), "a field that is not there"),
    ];
    for (path, value, what) in cases {
        match load(broken(&path, value.clone())) {
            Err(PlanError::Broken { what: found, .. }) => assert_eq!(found, what, "{path}: {value}"),
            other => panic!("{path}: {value}: {other:?}"),
        }
    }
}

#[test]
fn what_is_paid_and_left_is_the_bill_or_the_plan_does_not_load() {
    let out = "/services/0/outputs";
    let plan = whole();
    let at = |path: &str| plan.pointer(&format!("{out}{path}")).cloned().unwrap();
    let share = "a bill whose total is not its payments and the person's share";
    let part = "a part of a bill that is not what was drawn from it and what is left";
    let cases = [
        ("/bill/patient", at("/bill/total"), share),
        ("/bill/cash", at("/payments/0/paid"), share),
        ("/bill/net", at("/bill/total"), share),
        ("/payments/0/paid", at("/payments/0/asked"), "a payment that is not what it draws from the parts"),
        ("/payments/0/draws", json!([]), "a payment that is not what it draws from the parts"),
        ("/bill/parts/0/left", at("/bill/parts/0/amount"), part),
        ("/bill/parts", json!([]), "a part that is not there"),
        ("/bill", Value::Null, "a payment without a bill"),
    ];
    for (path, value, what) in cases {
        match load(broken(&format!("{out}{path}"), value.clone())) {
            Err(PlanError::Broken { what: found, .. }) if found == what || path == "/bill" => {}
            other => panic!("{path}: {value}: {other:?}"),
        }
    }
}

#[test]
fn no_reader_takes_what_readers_do_not_see() {
    for (text, stands_at) in [
        ("{\"a\":\"元 \\ud842\\udfb7 \\n \\\\u202e\"}", None),
        ("\u{feff}{}", Some(0)),
        ("[\"\u{202e}\"]", Some(2)),
        ("[\"\\u202E\"]", Some(2)),
        ("[\"\\u0007\"]", Some(2)),
        ("[\"\\r\"]", Some(2)),
        ("[\"\\ufffd\"]", Some(2)),
        ("[\"\\ud800\"]", Some(8)),
        ("[\"\\ud800\\u0041\"]", Some(8)),
        ("[\"\\udc00\"]", Some(2)),
        ("[\"\\ud842", Some(8)),
        ("[\"\\u12", Some(2)),
    ] {
        assert_eq!(check_characters(text).err().map(|fault| fault.at), stands_at, "{text}");
    }
}

#[test]
fn a_plan_is_read_as_it_is_written_and_no_other_way() {
    let text = serde_json::to_string(&compile(WHOLE, &Library::new()).unwrap()).unwrap();
    assert_eq!(serde_json::to_string(&read_plan(&text).unwrap()).unwrap(), text);
    assert!(read_plan(&format!("{text}\n")).is_ok());
    for other in [
        text.replacen("\"engine\":", "\"also\":1,\"engine\":", 1),
        text.replacen("{\"format\":1,", "{", 1).replacen("\"engine\":", "\"engine\":\"x\",\"format\":1,\"e\":", 1),
        text.replacen(':', ": ", 1),
        text.replacen("\"zh\":\"", "\"zh\":\"\\u202e", 1),
        text.replacen("\"zh\":\"", "\"zh\":\"\\ud800", 1),
        format!("{text}x"),
    ] {
        assert!(read_plan(&other).is_err(), "{other}");
    }
}

#[test]
fn code_that_does_not_fit_is_refused() {
    let s = "/services/0/program";
    let code = format!("{s}/code");
    let add = index(&code, |i| i.get("add").is_some());
    let bands = index(&code, |i| i.get("bands").is_some());
    let mul = index(&code, |i| i.get("mul").is_some());
    let input = |name: &str| index("/services/0/program/inputs", |i| i["name"] == name);
    type Is = fn(&Problem) -> bool;
    let cases: Vec<(String, Value, Is)> = vec![
        (format!("{code}/{add}/add/0"), json!(9_999), |p| matches!(p, Problem::Register(9_999))),
        (format!("{code}/{add}/add/0"), json!(1 << 24), |p| matches!(p, Problem::Register(_))),
        (format!("{code}/{add}/add/0"), json!(input("level")), |p| matches!(p, Problem::Units(_))),
        (format!("{code}/{add}"), json!({ "div": [input("total"), input("total")] }), |p| {
            matches!(p, Problem::OpenDivisor)
        }),
        (format!("{code}/{add}"), json!({ "table": 9 }), |p| matches!(p, Problem::Missing(_))),
        (format!("{code}/{bands}/bands/rates"), json!([]), |p| matches!(p, Problem::Missing(_))),
        (format!("{code}/{bands}/bands/edges/0"), json!(input("total")), |p| matches!(p, Problem::Edges)),
        (format!("{code}/{mul}"), json!({ "mul": [input("total"), input("total")] }), |p| {
            matches!(p, Problem::Units(_))
        }),
    ];
    for (path, value, is) in cases {
        match load(broken(&path, value)) {
            Err(PlanError::Code { problem, .. }) => assert!(is(&problem), "{path}: {problem:?}"),
            Err(PlanError::Broken { what, .. }) if what.starts_with("a table that") => {}
            other => panic!("{path}: {other:?}"),
        }
    }
}

#[test]
fn a_table_with_a_gap_does_not_load() {
    let table = "/services/0/program/tables/0";
    let cases = [
        (format!("{table}/rows/1/cells/0"), json!({ "options": [0] })),
        (format!("{table}/rows/1/cells/0"), json!("any")),
        (format!("{table}/rows/1/cells/0"), json!({ "options": [] })),
        (format!("{table}/rows/1/cells/0"), json!({ "options": [7] })),
    ];
    for (path, value) in cases {
        match load(broken(&path, value)) {
            Err(PlanError::Table { table: 0, faults, .. }) => assert!(!faults.is_empty()),
            other => panic!("{path}: {other:?}"),
        }
    }
    // An interval in a column of options is a unit that does not fit.
    let path = format!("{table}/rows/1/cells/0");
    assert!(matches!(load(broken(&path, json!({ "interval": [[1, 1, true], null] }))), Err(PlanError::Code { .. })));
}

#[test]
fn a_block_is_run_once_and_a_table_is_read_once() {
    let code = "/services/0/program/code";
    let mut plan = whole();
    let all = plan.pointer_mut(code).unwrap().as_array_mut().unwrap();
    let table = all.iter().find(|i| i.get("table").is_some()).unwrap().clone();
    all.push(table);
    assert!(matches!(load(plan), Err(PlanError::Broken { what, .. }) if what == "a table that is read twice"));
    let mut plan = whole();
    let all = plan.pointer_mut(code).unwrap().as_array_mut().unwrap();
    let aggregate = all.iter().find(|i| i.get("aggregate").is_some()).unwrap().clone();
    all.push(aggregate);
    assert!(matches!(load(plan), Err(PlanError::Broken { what, .. }) if what == "a block that two aggregates run"));
}

#[test]
fn work_and_size_are_bounded_when_a_plan_loads() {
    let s = "/services/0/program";
    let broken_of = |plan: Value, wanted: &str| match load(plan) {
        Err(PlanError::Broken { what, .. }) => assert_eq!(what, wanted),
        other => panic!("{other:?}"),
    };
    let input = whole().pointer(&format!("{s}/inputs/0")).unwrap().clone();
    broken_of(broken(&format!("{s}/inputs"), Value::Array(vec![input; 2_001])), "too many inputs");
    let not = json!({ "applies": 0 });
    let mut plan = whole();
    plan.pointer_mut(&format!("{s}/code")).unwrap().as_array_mut().unwrap().extend(vec![not.clone(); 20_000]);
    broken_of(plan, "too many registers");
    // 3,000 operations for each of 10,000 records.
    let mut plan = broken(&format!("{s}/lists/0/max"), json!(10_000));
    plan.pointer_mut(&format!("{s}/blocks/0/code")).unwrap().as_array_mut().unwrap().extend(vec![not; 3_000]);
    broken_of(plan, "lists too long for what is done with each record");
    let rows = vec![json!({ "cells": ["any"], "result": 0 }); 2_001];
    assert!(load(broken(&format!("{s}/tables/0/rows"), Value::Array(rows))).is_err());
}

#[test]
fn a_pack_with_a_problem_is_not_had_in_part() {
    // `Pack` has no constructor but `parse`, which gives a whole pack or the problems, and no method that changes it.
    let half = WHOLE.replace("is: 700元", "is: 700");
    let problems = Pack::parse("pack.yaml", half.as_bytes(), &Library::new()).unwrap_err();
    assert_eq!(problems.iter().map(|d| d.code.as_ref()).collect::<Vec<_>>(), ["units"]);
}

// ── The digest.

fn digest(text: &str, library: &Library) -> String {
    compile(text, library).unwrap_or_else(|e| panic!("{e}")).digest
}

/// The text with one key of a flow mapping moved behind the next, and comments and blank lines added.
fn rearranged(text: &str) -> String {
    let mut out = String::from("# 注释\n\n");
    for line in text.lines() {
        out.push_str(&line.replace("{ zh: 一级, en: first }", "{ en: first, zh: 一级 }"));
        out.push('\n');
        if line == "status: invented" {
            out.push_str("\n# 以下是依据\n");
        }
    }
    out
}

#[test]
fn order_and_comments_leave_the_digest_alone() {
    let library = Library::new();
    assert_eq!(digest(WHOLE, &library), digest(&rearranged(WHOLE), &library));
    assert_eq!(digest(WHOLE, &library), digest(&WHOLE.replace("max: 100000元", "max: \"100000元\""), &library));
    // Whole sections in another order.
    let (head, services) = WHOLE.split_once("services:\n").unwrap();
    let swapped = format!("services:\n{services}{}", head.trim_start());
    assert_eq!(digest(WHOLE, &library), digest(&swapped, &library));
    assert_eq!(digest(WHOLE, &library).len(), 64);
}

#[test]
fn every_figure_and_quote_changes_the_digest() {
    let limits = yibao_rules::text::Limits::default();
    let node = |text: &str| yibao_rules::text::parse("pack.yaml", text.as_bytes(), &limits);
    let vocabulary = node(&read("packs/vocabulary.yaml")).unwrap();
    let of = |node: &Node| yibao_rules::compile::digest(node, Some(&vocabulary), &[]);
    let mut changed = 0;
    for folder in folders("packs") {
        let text = read(&format!("{folder}/pack.yaml"));
        let whole = node(&text).unwrap();
        let plain = yibao_rules::compile::canonical_json(&whole);
        let mut seen = BTreeSet::from([of(&whole)]);
        let digits: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).collect();
        // Some thirty digits of each pack, spread over all of it.
        for (at, digit) in digits.iter().step_by(digits.len() / 30 + 1) {
            let other = if *digit == '9' { '8' } else { char::from(*digit as u8 + 1) };
            let mutant = format!("{}{other}{}", &text[..*at], &text[at + 1..]);
            let Ok(found) = node(&mutant) else { continue };
            // A digit of a comment says nothing.
            if yibao_rules::compile::canonical_json(&found) != plain {
                assert!(seen.insert(of(&found)), "{folder}: the digest was there before, with a change at byte {at}");
                changed += 1;
            }
        }
    }
    assert!(changed > 200, "{changed} changes");
}

#[test]
fn what_a_pack_leans_on_is_part_of_its_digest() {
    let vocabulary = "facts:\n  total: { type: money, min: 0元, max: 100元, label: { zh: 总额, en: total } }\n  place: { type: option, label: { zh: 地, en: place }, options: { here: { zh: 本地, en: here }, away: { zh: 外地, en: away } } }\n  spare: { type: bool, label: { zh: 备用, en: spare } }\nconstraints:\n  - { must: total >= 0元, zh: 不小于零, en: not below zero }\n  - { must: not spare, zh: 没有, en: none }\n";
    let pack = "pack: leaning\nrevision: '1'\ntitle: { zh: 靠, en: leaning }\nregion: { code: '0', zh: 虚设, en: nowhere }\npublisher: { zh: 测试, en: tests }\nstatus: invented\nfacts:\n  total: shared\n  stays: { type: list, max: 3, label: { zh: 次, en: stays }, of: { where: place } }\nservices:\n  s: { title: { zh: 测, en: test }, kind: indicator, result: [x], steps: [{ id: x, label: { zh: 值, en: value }, value: \"total + count(stays where where = here) * 1元\", frame: FRAME }] }\n";
    let pack = pack
        .replace(", frame: FRAME", "")
        .replace("{ where: place }", "{ spot: place }")
        .replace("where where = here", "where spot = here");
    let with = |vocabulary: &str| {
        let mut library = Library::new();
        library.add_vocabulary("vocabulary.yaml", vocabulary.as_bytes()).unwrap();
        digest(&pack, &library)
    };
    let before = with(vocabulary);
    for (change, to, matters) in [
        ("max: 100元", "max: 101元", true),
        ("zh: 总额", "zh: 总费用", true),
        // A field that asks what a shared fact asks.
        ("zh: 外地", "zh: 异地", true),
        ("zh: 不小于零", "zh: 不能小于零", true),
        // Facts and constraints that this pack does not use.
        ("zh: 备用", "zh: 闲置", false),
        ("zh: 没有", "zh: 无", false),
    ] {
        assert_eq!(with(&vocabulary.replace(change, to)) != before, matters, "{change}");
    }
}

#[test]
fn only_the_frames_that_a_pack_names_are_part_of_its_digest() {
    let frame = |most: &str| {
        let text = format!(
            "pack: cn\nrevision: '1'\ntitle: {{ zh: 国, en: national }}\nregion: {{ code: '0', zh: 国, en: national }}\npublisher: {{ zh: 测试, en: tests }}\nstatus: invented\nframe:\n  cut: {{ label: {{ zh: 降幅, en: cut }}, at_most: {most} }}\n"
        );
        let pack = Pack::parse("frame.yaml", text.as_bytes(), &Library::new()).unwrap();
        let mut library = Library::new();
        library.add_frame(&pack);
        library
    };
    let framed = WHOLE.replace("value: hospital in members }", "value: hospital in members }\n      - { id: cut, label: { zh: 降幅, en: cut }, value: 10 points, frame: cn/cut }");
    assert_ne!(digest(&framed, &frame("20 points")), digest(&framed, &frame("15 points")));
    assert_eq!(digest(WHOLE, &frame("20 points")), digest(WHOLE, &Library::new()));
}
