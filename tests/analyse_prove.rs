//! Orders of levels: what a text says of levels without a figure is proved, or refuted by a case that can be replayed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what is wrong by stopping there"
)]

mod analyse_kit;
mod common;

use analyse_kit::with;
use common::{library, read};
use yibao_rules::analyse::{Counter, Proof, Proved, prove};
use yibao_rules::case::Case;
use yibao_rules::compile::Pack;
use yibao_rules::decision::{Engine, Outcome, decide};

fn compile(text: &str) -> Engine {
    let pack = Pack::parse("pack.yaml", text.as_bytes(), &library()).unwrap_or_else(|e| panic!("{e}"));
    Engine::load(pack.into_plan()).unwrap()
}

fn property<'a>(proof: &'a Proof, id: &str) -> &'a Proved {
    let all: Vec<_> = proof.properties.iter().filter(|p| p.id == id).collect();
    assert_eq!(all.len(), 1, "{id} in {:#?}", proof.properties);
    &all[0].result
}

fn counter<'a>(proof: &'a Proof, id: &str) -> &'a Counter {
    match property(proof, id) {
        Proved::Refuted { counter } => counter,
        other => panic!("{id}: {other:?}"),
    }
}

/// The value of a step in both cases of a counter-example, decided anew.
fn replayed(engine: &Engine, service: &str, counter: &Counter, step: &str) -> [String; 2] {
    let set = |case: &Case, (name, text): &(String, String)| with(engine, case, name, text);
    let first = counter.answers.iter().fold(Case::default(), |case, answer| set(&case, answer));
    let second = set(&first, counter.against.as_ref().unwrap());
    [first, second].map(|case| {
        let decision = decide(engine, service, &case).unwrap();
        let step = decision.steps.iter().find(|s| s.id == step).unwrap();
        step.value.as_ref().unwrap().text.clone()
    })
}

const GAIZHOU: &str = "packs/gaizhou-2021/pack.yaml";

#[test]
fn gaizhou_keeps_its_levels_apart_whatever_the_rates_are() {
    let engine = compile(&read(GAIZHOU));
    let proof = prove(&engine, "reimbursement").unwrap();
    // All three rates are open in the plan (facts A14): each is an unknown of the proof, none is tried.
    assert_eq!(*property(&proof, "tiers"), Proved::Proved);
    // What multiplies an open rate by an open cost is not claimed to be proved.
    let Proved::Open { why } = property(&proof, "conservation") else { panic!("{proof:#?}") };
    assert!(why.en.contains("rate_primary") && why.zh.contains("rate_primary"), "{why:?}");
    assert!(proof.uncovered.iter().any(|gap| gap.en.contains("`basic`")));
}

#[test]
fn rows_in_the_wrong_order_are_refuted_with_rates() {
    let text = read(GAIZHOU)
        .replace("{ care_level: city, is: rate_city,", "{ care_level: city, is: rate_LARGE,")
        .replace("{ care_level: large, is: rate_large,", "{ care_level: large, is: rate_city,")
        .replace("rate_LARGE", "rate_large");
    let engine = compile(&text);
    let proof = prove(&engine, "reimbursement").unwrap();
    let found = counter(&proof, "tiers");
    assert_eq!(found.against, Some(("care_level".to_owned(), "large".to_owned())));
    let rate = |text: &str| text.trim_end_matches('%').parse::<f64>().unwrap();
    let [city, large] = replayed(&engine, "reimbursement", found, "rate");
    assert!(rate(&city) <= rate(&large), "{city} {large}");
    assert_eq!(found.amounts, [city, large]);
}

#[test]
fn without_the_requirement_any_rates_break_the_order() {
    let text =
        read(GAIZHOU).replace("rate_primary > rate_city and rate_city > rate_large", "rate_primary >= rate_city");
    let engine = compile(&text);
    let proof = prove(&engine, "reimbursement").unwrap();
    let found = counter(&proof, "tiers");
    let [one, next] = replayed(&engine, "reimbursement", found, "rate");
    assert_eq!(found.amounts, [one, next]);
}

#[test]
fn orders_of_an_invented_pack_are_told_apart() {
    let engine = compile(&read("tests/packs/level-order/pack.yaml"));
    let proof = prove(&engine, "stay").unwrap();
    // Never higher, but not always lower: 50% in the county and in the city.
    assert_eq!(*property(&proof, "rates_never_rise"), Proved::Proved);
    let found = counter(&proof, "rates_fall");
    assert_eq!(found.against, Some(("level".to_owned(), "city".to_owned())));
    assert_eq!(replayed(&engine, "stay", found, "rate"), ["50%", "50%"]);
    // The county pays from 400 yuan, the city from 200.
    let found = counter(&proof, "payments_never_rise");
    let fen = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
    let [county, city] = replayed(&engine, "stay", found, "basic");
    assert!(fen(&county) < fen(&city), "{county} {city}");
    assert!(proof.properties.iter().filter(|p| p.result == Proved::Proved).count() >= 4);
}

#[test]
fn a_bill_that_falls_is_refuted_with_two_cases_that_are_computed() {
    // Relief under a smaller limit up to a share of 10,000 yuan, under a larger one above it.
    let engine = compile(&read("packs/jinzhai-relief-2020/pack.yaml"));
    let proof = prove(&engine, "inpatient").unwrap();
    let found = counter(&proof, "never_falls:personal_share");
    let set = |case: &Case, (name, text): &(String, String)| with(&engine, case, name, text);
    let first = found.answers.iter().fold(Case::default(), |case, answer| set(&case, answer));
    let second = set(&first, found.against.as_ref().unwrap());
    let paid = [first, second].map(|case| {
        let decision = decide(&engine, "inpatient", &case).unwrap();
        assert_eq!(decision.outcome, Outcome::Computed);
        decision.amounts.unwrap().patient.text
    });
    assert_eq!(found.amounts, paid);
}

#[test]
fn an_order_names_a_step_and_options() {
    let base = read("tests/packs/level-order/pack.yaml");
    for (from, to, code) in [
        ("falls: rate,", "falls: raet,", "unknown-name"),
        ("falls: rate,", "", "missing-key"),
        ("falls: rate, along: { level: [town, county, city] }", "falls: rate", "missing-key"),
        ("falls: rate,", "falls: rate, never_rises: rate,", "missing-key"),
        ("falls: rate,", "falls: rate, holds: total >= 0元,", "unknown-key"),
        ("falls: rate, along: { level: [town,", "falls: rate, along: { level: [twon,", "unknown-option"),
        (
            "falls: rate, along: { level: [town, county, city] }",
            "falls: rate, along: { total: [town, city] }",
            "unknown-fact",
        ),
        ("falls: rate, along: { level: [town, county, city] }", "falls: rate, along: { level: [town] }", "missing-key"),
        ("falls: rate, along: { level:", "falls: level, along: { level:", "units"),
    ] {
        let text = base.replacen(from, to, 1);
        assert_ne!(text, base, "{from}");
        let problems = Pack::parse("pack.yaml", text.as_bytes(), &library()).unwrap_err();
        assert!(problems.iter().any(|p| p.code == code && p.place.is_some()), "{to}: {problems}");
    }
}
