//! Curve, bounds and solve against direct evaluation and brute force.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what is wrong by stopping there"
)]

use yibao_rules::analyse::{bounds, curve, solve};
use yibao_rules::case::{Answer, Case};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::{Engine, Outcome, decide};
use yibao_rules::number::format_fen;

fn read(path: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn engine(folder: &str) -> Engine {
    let mut library = Library::new();
    library.add_vocabulary("packs/vocabulary.yaml", &read("packs/vocabulary.yaml")).unwrap();
    let file = format!("{folder}/pack.yaml");
    let pack = Pack::parse(&file, &read(&file), &library).unwrap_or_else(|e| panic!("{e}"));
    Engine::load(pack.into_plan()).unwrap()
}

fn answers(facts: &[(&str, &str)]) -> Case {
    let facts = facts.iter().map(|(name, text)| ((*name).to_owned(), Answer::text(*text))).collect();
    Case { facts, ..Case::default() }
}

fn with(case: &Case, fact: &str, text: &str) -> Case {
    let mut case = case.clone();
    case.facts.retain(|(name, _)| name != fact);
    case.facts.push((fact.to_owned(), Answer::text(text)));
    case
}

fn fen(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

fn patient(engine: &Engine, service: &str, case: &Case) -> Option<i64> {
    let decision = decide(engine, service, case).ok()?;
    if decision.outcome != Outcome::Computed {
        return None;
    }
    Some(fen(&decision.amounts?.patient.text))
}

#[test]
fn the_curve_of_a_stay_has_its_knot_at_the_deductible() {
    let engine = engine("packs/anhui-suzhou-resident");
    let case = answers(&[
        ("total", "0"),
        ("out_of_scope", "0"),
        ("over_limit", "0"),
        ("first_pay", "0"),
        ("admission_date", "2023-06-20"),
        ("scheme", "resident"),
        ("place", "in_city"),
        ("level", "city_third"),
    ]);
    let plotted = curve(&engine, "inpatient", &case, "total", None).unwrap();
    let line = plotted.line("patient").unwrap();
    let knots: Vec<String> = plotted.knots.iter().map(|k| k.at.to_string()).collect();
    // 三级(市属) 起付线700元: below it the person pays all, above it a quarter.
    assert_eq!(knots, ["70000"]);
    assert_eq!(plotted.knots[0].step.as_deref(), Some("borne"));
    let slopes: Vec<String> = plotted.pieces.iter().map(|p| p.lines[line].unwrap().1.to_string()).collect();
    assert_eq!(slopes, ["1", "0.25"]);
}

#[test]
fn bounds_are_reached_by_their_witnesses_and_no_answer_goes_beyond() {
    let engine = engine("packs/anhui-suzhou-resident");
    let case = answers(&[
        ("total", "20000"),
        ("out_of_scope", "0"),
        ("over_limit", "0"),
        ("first_pay", "0"),
        ("admission_date", "2023-06-20"),
        ("scheme", "resident"),
        ("place", "in_city"),
    ]);
    let found = bounds(&engine, "inpatient", &case).unwrap();
    let bound = found.amounts.iter().find(|b| b.id == "patient").unwrap();
    // 20000 - (20000 - 200) * 85% = 3170; 20000 - (20000 - 1000) * 70% = 6700
    assert_eq!((bound.least.as_str(), bound.greatest.as_str()), ("3170.00", "6700.00"));
    assert!(!bound.outer);
    let mut brute: Vec<i64> = Vec::new();
    for level in ["first", "county", "city_third", "provincial_third"] {
        brute.extend(patient(&engine, "inpatient", &with(&case, "level", level)));
    }
    assert_eq!(brute.iter().min(), Some(&fen(&bound.least)));
    assert_eq!(brute.iter().max(), Some(&fen(&bound.greatest)));
    assert_eq!(found.ask.iter().map(|a| a.fact.fact.as_str()).collect::<Vec<_>>(), ["level"]);
    let witness = bound.least_witness.clone().unwrap();
    assert_eq!(witness.answers, [("level".to_owned(), "first".to_owned())]);
}

#[test]
fn bounds_with_the_bill_open_follow_its_curve() {
    let engine = engine("packs/anhui-suzhou-resident");
    let case = answers(&[
        ("out_of_scope", "0"),
        ("over_limit", "0"),
        ("first_pay", "0"),
        ("admission_date", "2023-06-20"),
        ("scheme", "resident"),
        ("place", "in_city"),
    ]);
    let found = bounds(&engine, "inpatient", &case).unwrap();
    let bound = found.amounts.iter().find(|b| b.id == "patient").unwrap();
    assert_eq!(bound.least, "0.00");
    // The greatest bill of the vocabulary, 5,000,000 yuan, at the dearest level: 1000 + (5000000 - 1000) * 30%
    assert_eq!(bound.greatest, "1500700.00");
    for (witness, expected) in [(&bound.least_witness, &bound.least), (&bound.greatest_witness, &bound.greatest)] {
        let mut full = case.clone();
        for (name, value) in &witness.as_ref().unwrap().answers {
            full = with(&full, name, value);
        }
        assert_eq!(patient(&engine, "inpatient", &full), Some(fen(expected)));
    }
}

#[test]
fn solve_finds_every_bill_and_says_what_is_impossible() {
    let engine = engine("packs/anhui-suzhou-resident");
    let case = answers(&[
        ("total", "0"),
        ("out_of_scope", "0"),
        ("over_limit", "0"),
        ("first_pay", "0"),
        ("admission_date", "2023-06-20"),
        ("scheme", "resident"),
        ("place", "in_city"),
        ("level", "city_third"),
    ]);
    // 700 + (t - 700) * 25% = 5525 → t = 20000; a quarter of a fen is rounded, so several bills give it.
    let found = solve(&engine, "inpatient", &case, "total", "patient", 552_500).unwrap();
    let mut brute = Vec::new();
    for t in 1_999_000..2_001_000 {
        if patient(&engine, "inpatient", &with(&case, "total", &format_fen(i128::from(t)))) == Some(552_500) {
            brute.push(t);
        }
    }
    let listed: Vec<i64> = found.stretches.iter().flat_map(|s| fen(&s.from)..=fen(&s.to)).collect();
    assert_eq!(listed, brute);
    let none = solve(&engine, "inpatient", &case, "total", "patient", 500_000_000).unwrap();
    assert!(none.stretches.is_empty());
    assert!(none.reachable.is_some());
}

use yibao_rules::analyse::{Proof, Proved, diff, prove};

fn result<'a>(proof: &'a Proof, id: &str) -> &'a Proved {
    &proof.properties.iter().find(|p| p.id == id).unwrap().result
}

#[test]
fn a_stay_is_proved_for_every_bill() {
    let engine = engine("packs/anhui-suzhou-resident");
    let proof = prove(&engine, "inpatient").unwrap();
    println!("{proof:#?}");
    for property in &proof.properties {
        assert_eq!(property.result, Proved::Proved, "{}", property.id);
    }
    assert!(proof.combinations >= 4 && proof.regions > proof.combinations);
}

const FALLING: &str = r#"
pack: falling
revision: 2024.1.1
title: { zh: 试, en: test }
region: { code: "000000", zh: 试, en: test }
publisher: { zh: 试, en: test }
status: invented
payers:
  fund: { zh: 基金, en: fund }
facts:
  total: { type: money, label: { zh: 总费用, en: total }, min: 0元, max: 100000元 }
services:
  stay:
    title: { zh: 试, en: test }
    kind: settlement
    claims:
      half: { holds: paid <= total / 2, zh: 基金不超过一半, en: at most half }
      high: { holds: paid <= 40000元, zh: 封顶, en: cap }
    steps:
      - id: rate
        label: { zh: 比例, en: rate }
        table:
          by: [total]
          rows:
            - { total: "< 10000元", is: 20% }
            - { total: ">= 10000元", is: 50% }
      - id: bill
        label: { zh: 账单, en: bill }
        bill: total
        parts: { share: { zh: 分担, en: share, amount: rest } }
      - id: paid
        label: { zh: 支付, en: pays }
        pay: fund
        from: [share]
        amount: total * rate
        round: half_up to fen
"#;

#[test]
fn a_rate_on_the_whole_bill_is_refuted_with_two_bills() {
    let pack = Pack::parse("falling.yaml", FALLING.as_bytes(), &Library::new()).unwrap_or_else(|e| panic!("{e}"));
    let engine = Engine::load(pack.into_plan()).unwrap();
    let proof = prove(&engine, "stay").unwrap();
    println!("{proof:#?}");
    let Proved::Refuted { counter } = result(&proof, "never_falls:total") else { panic!("{proof:?}") };
    let (low, high) = (counter.answers[0].1.clone(), counter.against.clone().unwrap().1);
    let paid = |bill: &str| patient(&engine, "stay", &answers(&[("total", bill)])).unwrap();
    // 8,000 of 10,000 − 1 fen is paid by the person below the edge, 5,000 of 10,000 at it.
    assert!(fen(&high) > fen(&low) && paid(&high) < paid(&low), "{low} {high}");
    assert!(fen(&low) < 1_000_000 && fen(&high) >= 1_000_000);
    assert_eq!(*result(&proof, "half"), Proved::Proved);
    let Proved::Refuted { counter } = result(&proof, "high") else { panic!() };
    assert!(fen(&counter.answers[0].1) > 8_000_000);
    assert_eq!(*result(&proof, "conservation"), Proved::Proved);
    assert_eq!(*result(&proof, "no_part_below_zero"), Proved::Proved);
}

#[test]
fn a_diff_names_figures_and_who_gains() {
    let before = Engine::load(Pack::parse("a.yaml", FALLING.as_bytes(), &Library::new()).unwrap().into_plan()).unwrap();
    let text = FALLING.replace("is: 20%", "is: 30%").replace("2024.1.1", "2024.2.1");
    let after = Engine::load(Pack::parse("b.yaml", text.as_bytes(), &Library::new()).unwrap().into_plan()).unwrap();
    let found = diff(&before, &after, 10_000, 7).unwrap();
    assert_eq!(found.changes.len(), 1);
    assert_eq!((found.changes[0].before.as_deref(), found.changes[0].after.as_deref()), (Some("20%"), Some("30%")));
    let shift = &found.shifts[0];
    assert_eq!(shift.compared, 10_000);
    assert_eq!(shift.losers, 0);
    assert!(shift.winners > 5_000);
    assert!(found.markdown().contains("`stay.rate` row total=< 10000元: `20%` → `30%`"), "{}", found.markdown());
    assert_eq!(diff(&before, &after, 10_000, 7).unwrap(), found);
}

const CAPPED: &str = r#"
pack: capped
revision: 2024.1.1
title: { zh: 试, en: test }
region: { code: "000000", zh: 试, en: test }
publisher: { zh: 试, en: test }
status: invented
payers:
  fund: { zh: 基金, en: fund }
facts:
  total: { type: money, label: { zh: 总费用, en: total }, min: 0元, max: 100000元 }
ledger:
  year_starts: 01-01
  entries:
    paid: { type: money, kind: sum, min: 0元, max: 50000元, label: { zh: 已付, en: paid } }
services:
  stay:
    title: { zh: 试, en: test }
    kind: settlement
    posts: { paid: basic }
    claims:
      capped: { holds: basic + ledger.paid <= 50000元, zh: 封顶, en: cap }
      lower: { holds: basic + ledger.paid <= 40000元, zh: 低封顶, en: lower cap }
    steps:
      - id: bill
        label: { zh: 账单, en: bill }
        bill: total
        parts: { share: { zh: 分担, en: share, amount: rest } }
      - id: basic
        label: { zh: 支付, en: pays }
        pay: fund
        from: [share]
        amount: total * 80%
        cap: 50000元 - ledger.paid
        round: half_up to fen
"#;

#[test]
fn a_claim_over_a_balance_shares_its_amounts_with_the_rest() {
    let pack = Pack::parse("capped.yaml", CAPPED.as_bytes(), &Library::new()).unwrap_or_else(|e| panic!("{e}"));
    let engine = Engine::load(pack.into_plan()).unwrap();
    let proof = prove(&engine, "stay").unwrap();
    for id in ["conservation", "no_part_below_zero", "never_falls:total", "capped"] {
        assert_eq!(*result(&proof, id), Proved::Proved, "{id}: {proof:#?}");
    }
    assert!(matches!(result(&proof, "lower"), Proved::Refuted { .. }));
}

#[test]
fn the_name_of_the_health_centre_is_not_asked_for_a_long_prescription() {
    let mut library = Library::new();
    library.add_vocabulary("packs/vocabulary.yaml", &read("packs/vocabulary.yaml")).unwrap();
    let frame = "packs/cn-long-prescription/pack.yaml";
    library.add_frame(&Pack::parse(frame, &read(frame), &library).unwrap_or_else(|e| panic!("{e}")));
    let file = "packs/gaizhou-2021/pack.yaml";
    let pack = Pack::parse(file, &read(file), &library).unwrap_or_else(|e| panic!("{e}"));
    let engine = Engine::load(pack.into_plan()).unwrap();
    let case = answers(&[("service_date", "2021-08-20")]);
    let found = bounds(&engine, "long_prescription", &case).unwrap();
    let asked: Vec<&str> = found.ask.iter().map(|a| a.fact.fact.as_str()).collect();
    assert_eq!(asked, ["signed", "chronic", "disease_covered", "supply", "offered"]);
    // Whichever of the 31 institutions it is, the same can come out.
    for institution in engine.plan().institutions.iter().map(|i| i.id.as_str()).chain(["other"]) {
        let named = bounds(&engine, "long_prescription", &with(&case, "hospital", institution)).unwrap();
        assert_eq!(named, found, "{institution}");
    }
    // 2 months are 59 to 62 days: what lies between is for the agency to say.
    let words: Vec<String> = found.verdicts.iter().map(|(word, _)| format!("{word:?}")).collect();
    assert_eq!(words.len(), 3, "{words:?}");
    for word in ["Meets", "DoesNotMeet", "MustBeConfirmed"] {
        assert!(words.iter().any(|w| w == word), "{words:?}");
    }
    // Once she is not signed, nothing else matters.
    let found = bounds(&engine, "long_prescription", &with_truth(&case, "signed", false)).unwrap();
    assert!(found.ask.is_empty(), "{:?}", found.ask);
    assert_eq!(found.idle, ["chronic", "disease_covered", "supply", "offered"]);
}

fn with_truth(case: &Case, fact: &str, yes: bool) -> Case {
    let mut case = case.clone();
    case.facts.push((fact.to_owned(), Answer::truth(yes)));
    case
}

#[test]
fn what_has_no_bounds_or_no_curve_is_named() {
    // A list may hold anything.
    let lines = engine("tests/packs/bill-lines");
    let (service, _) = lines.plan().services.iter().map(|s| (s.id.clone(), s)).next().unwrap();
    let problems = bounds(&lines, &service, &Case::default()).unwrap_err();
    assert!(problems.iter().any(|p| p.code == "unbounded" && p.message.contains("`lines`")), "{problems}");
    // Products of two amounts, days of a calendar, options: said, with the step or the fact.
    let text = FALLING.replace("amount: total * rate", "amount: total * (total / 100000元)");
    let pack = Pack::parse("square.yaml", text.as_bytes(), &Library::new()).unwrap_or_else(|e| panic!("{e}"));
    let square = Engine::load(pack.into_plan()).unwrap();
    let problems = curve(&square, "stay", &Case::default(), "total", None).unwrap_err();
    assert!(problems.iter().any(|p| p.code == "not-linear" && p.message.contains("`paid`")), "{problems}");
    let problems = solve(&square, "stay", &Case::default(), "total", "patient", 100).unwrap_err();
    assert!(problems.iter().any(|p| p.code == "not-linear" && p.message.contains("`paid`")), "{problems}");
    // Bounds say what surely holds instead, and that it may not be reached.
    let found = bounds(&square, "stay", &Case::default()).unwrap();
    assert!(found.amounts.iter().all(|b| b.outer && b.least_witness.is_none()), "{found:?}");
    let patient = found.amounts.iter().find(|b| b.id == "patient").unwrap();
    assert_eq!((patient.least.as_str(), patient.greatest.as_str()), ("0.00", "100000.00"));
    let suzhou = engine("packs/anhui-suzhou-resident");
    for (fact, code) in [("level", "not-an-amount"), ("admission_date", "not-an-amount"), ("totl", "unknown-fact")] {
        let problems = curve(&suzhou, "inpatient", &Case::default(), fact, None).unwrap_err();
        assert!(problems.iter().any(|p| p.code == code), "{problems}");
    }
}

const AGED: &str = r#"
pack: aged
revision: 2024.1.1
title: { zh: 试, en: test }
region: { code: "000000", zh: 试, en: test }
publisher: { zh: 试, en: test }
status: invented
facts:
  age: { type: number, label: { zh: 年龄, en: age }, min: 0, max: 120 }
  stay: { type: days, label: { zh: 天数, en: days }, min: 0 days, max: 400 days }
services:
  allowance:
    title: { zh: 试, en: test }
    kind: amount
    result: [allowance]
    steps:
      - id: allowance
        label: { zh: 补助, en: allowance }
        value: max(0, age - 60) * 12.50元
  away:
    title: { zh: 试, en: test }
    kind: amount
    result: [daily]
    steps:
      - id: daily
        label: { zh: 补助, en: allowance }
        value: min(stay / 1 days, 30) * 45元
"#;

#[test]
fn a_fact_that_is_no_money_is_solved_in_its_own_unit() {
    let pack = Pack::parse("aged.yaml", AGED.as_bytes(), &Library::new()).unwrap_or_else(|e| panic!("{e}"));
    let engine = Engine::load(pack.into_plan()).unwrap();
    // (age - 60) × 12.50 = 125 at 70.
    let found = solve(&engine, "allowance", &Case::default(), "age", "allowance", 12_500).unwrap();
    let all: Vec<(&str, &str)> = found.stretches.iter().map(|s| (s.from.as_str(), s.to.as_str())).collect();
    assert_eq!(all, [("70", "70")]);
    assert_eq!(found.reachable, Some(("0.00".to_owned(), "750.00".to_owned())));
    let none = solve(&engine, "allowance", &Case::default(), "age", "allowance", 0).unwrap();
    assert_eq!((none.stretches[0].from.as_str(), none.stretches[0].to.as_str()), ("0", "60"));
    // 30 days and more give 30 × 45 = 1,350.
    let found = solve(&engine, "away", &Case::default(), "stay", "daily", 135_000).unwrap();
    let all: Vec<(&str, &str)> = found.stretches.iter().map(|s| (s.from.as_str(), s.to.as_str())).collect();
    assert_eq!(all, [("30", "400")]);
    let plotted = curve(&engine, "away", &Case::default(), "stay", None).unwrap();
    assert_eq!(plotted.knots.iter().map(|k| k.at.to_string()).collect::<Vec<_>>(), ["30"]);
    assert_eq!(plotted.text_at(0, 7), Some("315.00".to_owned()));
}
