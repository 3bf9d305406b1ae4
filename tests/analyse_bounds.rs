//! Bounds against brute force: every option of the facts left open, and amounts at, beside and between all knots.
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

use analyse_kit::{Seed, amounts, packs, with};
use std::collections::{BTreeMap, BTreeSet};
use yibao_rules::analyse::{Bounds, bounds, curve};
use yibao_rules::case::{AnswerKind, Case};
use yibao_rules::decision::{Decision, Engine, Outcome, decide};
use yibao_rules::number::{Ratio, format_fen, parse_decimal};
use yibao_rules::plan::{Kind, State};

/// Most full cases of one brute force.
const MOST: usize = 600;

/// Every way to answer a fact, where there are few.
fn options(engine: &Engine, name: &str) -> Option<Vec<String>> {
    let plan = engine.plan();
    let (root, field) = name.split_once('.').map_or((name, None), |(root, field)| (root, Some(field)));
    let fact = plan.facts.iter().find(|f| f.id == root)?;
    let fact = match field {
        Some(field) => fact.fields.iter().find(|f| f.id == field)?,
        None => fact,
    };
    if fact.form == "institution" {
        let listed = plan.institutions.iter().map(|i| i.id.clone());
        return (!plan.institutions.is_empty()).then(|| listed.chain(["other".into()]).collect());
    }
    if fact.form == "list" {
        return None;
    }
    if fact.form == "bool" {
        return Some(vec!["true".into(), "false".into()]);
    }
    let set = plan.choices.get(fact.choices? as usize)?;
    let allowed = |at: usize| fact.only.is_empty() || fact.only.iter().any(|only| *only as usize == at);
    Some(set.options.iter().enumerate().filter(|(at, _)| allowed(*at)).map(|(_, o)| o.id.clone()).collect())
}

fn set(engine: &Engine, case: &Case, answers: &[(String, String)]) -> Case {
    answers.iter().fold(case.clone(), |case, (name, text)| with(engine, &case, name, text))
}

/// What an answer comes to: amounts where it is computed, the verdict, or a refusal. `None`: nobody's answers.
#[derive(Debug, PartialEq, Clone)]
struct Result {
    refused: bool,
    amounts: BTreeMap<String, Ratio>,
    verdict: Option<String>,
}

fn result(engine: &Engine, service: &str, case: &Case) -> Option<Result> {
    let decision: Decision = match decide(engine, service, case) {
        Ok(decision) => decision,
        Err(problems) => {
            assert!(problems.iter().all(|p| p.code == "constraint"), "{problems}");
            return None;
        }
    };
    let refused = decision.outcome == Outcome::Refused;
    // What the pack declares impossible contradicts itself.
    if refused && decision.refusals.iter().all(|r| r.code == "impossible") {
        return None;
    }
    assert!(decision.outcome != Outcome::Incomplete, "{:?}", decision.missing);
    let all = if refused { BTreeMap::new() } else { amounts(&decision) };
    Some(Result {
        refused,
        amounts: all.iter().map(|(id, text)| (id.clone(), number(text))).collect(),
        verdict: (!refused).then_some(decision.verdict).flatten().map(|v| format!("{:?}", v.is)),
    })
}

fn is_listed(case: &Case, fact: &str) -> bool {
    let answer = case.facts.iter().find(|(name, _)| name == fact).map(|(_, answer)| &answer.kind);
    matches!(answer, Some(AnswerKind::Text(id)) if id != "other")
}

/// The first fact that a case still has to answer.
fn missing(engine: &Engine, service: &str, case: &Case) -> Option<String> {
    let decision = decide(engine, service, case).ok()?;
    let first = decision.missing.first()?;
    Some(first.fact.clone())
}

/// All full answers: options of the open facts, and the amounts given.
fn full(engine: &Engine, case: &Case, open: &[(String, Vec<String>)]) -> Vec<Case> {
    let mut all = vec![case.clone()];
    for (name, texts) in open {
        let each = |case: &Case| -> Vec<Case> {
            // What a listed institution is, the pack says itself.
            let listed = name.split_once('.').is_some_and(|(root, _)| is_listed(case, root));
            if listed { vec![case.clone()] } else { texts.iter().map(|text| with(engine, case, name, text)).collect() }
        };
        all = all.iter().flat_map(each).collect();
    }
    all
}

/// A number that orders as the text does: days as year, month and day in one.
fn number(text: &str) -> Ratio {
    let is_day = text.len() == 10 && text.split('-').count() == 3;
    let text = if is_day { text.replace('-', "") } else { text.trim_end_matches('%').to_owned() };
    parse_decimal(&text).unwrap()
}

/// No full answer goes beyond the bounds, and every bound is what its witness decides to.
fn check(engine: &Engine, service: &str, case: &Case, found: &Bounds, all: &[Case], finite: bool) {
    let place = || format!("{} {service}", engine.plan().pack.id);
    let results: Vec<Result> = all.iter().filter_map(|case| result(engine, service, case)).collect();
    for bound in &found.amounts {
        let (least, greatest) = (number(&bound.least), number(&bound.greatest));
        let values: Vec<Ratio> = results.iter().filter_map(|r| r.amounts.get(&bound.id).copied()).collect();
        for value in &values {
            assert!(least <= *value && *value <= greatest, "{} {}: {value} beyond {bound:?}", place(), bound.id);
        }
        if finite {
            assert!(!bound.outer, "{} {}", place(), bound.id);
            assert_eq!(values.iter().min().copied(), Some(least), "{} {}", place(), bound.id);
            assert_eq!(values.iter().max().copied(), Some(greatest), "{} {}", place(), bound.id);
        }
        for (witness, value) in [(&bound.least_witness, least), (&bound.greatest_witness, greatest)] {
            assert_eq!(witness.is_none(), bound.outer, "{} {}", place(), bound.id);
            let Some(witness) = witness else { continue };
            let reached = result(engine, service, &set(engine, case, &witness.answers)).unwrap();
            assert_eq!(reached.amounts.get(&bound.id), Some(&value), "{} {} {witness:?}", place(), bound.id);
        }
    }
    let known: BTreeSet<String> = results.iter().filter_map(|r| r.verdict.clone()).collect();
    let said: BTreeSet<String> = found.verdicts.iter().map(|(word, _)| format!("{word:?}")).collect();
    assert!(!found.verdicts_complete || known.is_subset(&said), "{}: {known:?}, bounds say {said:?}", place());
    assert!(!finite || known == said, "{}: {known:?}, bounds say {said:?}", place());
    for (word, witness) in &found.verdicts {
        let reached = result(engine, service, &set(engine, case, &witness.answers)).unwrap();
        assert_eq!(reached.verdict, Some(format!("{word:?}")), "{} {witness:?}", place());
    }
    match &found.refused {
        Some(witness) => {
            let decision = decide(engine, service, &set(engine, case, &witness.answers)).unwrap();
            assert_eq!(decision.outcome, Outcome::Refused, "{} {witness:?}", place());
        }
        None => assert!(results.iter().all(|r| !r.refused), "{}: a refusal was not found", place()),
    }
}

/// Amounts at, beside and between the knots of every combination, and random ones.
fn amounts_to_try(engine: &Engine, service: &str, all: &[Case], name: &str, seed: &mut Seed) -> Vec<String> {
    let input = engine.service(service).unwrap().1.program.inputs.iter().find(|i| i.name == name).unwrap();
    let mut points = BTreeSet::from([input.min, input.max]);
    for case in all.iter().take(40) {
        let Ok(curve) = curve(engine, service, case, name, None) else { continue };
        for piece in &curve.pieces {
            let from = i64::try_from(piece.from.num().div_euclid(piece.from.den())).unwrap();
            points.extend([from - 1, from, from + 1]);
        }
    }
    points.extend(
        (0..20).map(|_| input.min + i64::try_from(seed.below(u64::try_from(input.max - input.min).unwrap())).unwrap()),
    );
    points.retain(|n| (input.min..=input.max).contains(n));
    points.into_iter().map(|n| format_fen(i128::from(n))).collect()
}

#[test]
fn bounds_are_those_of_brute_force() {
    let mut seed = Seed(4);
    let (mut finite, mut curved, mut decided, mut skipped) = (0, 0, 0, 0);
    for (_, engine, cases) in packs() {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (service, case) in &cases {
            let Ok((_, read)) = engine.service(service) else { continue };
            let count = seen.entry(service.clone()).or_default();
            *count += 1;
            // Only cases that have an answer: then what is left open below is all that is open.
            if *count > 3 || decide(&engine, service, case).map_or(true, |d| d.outcome != Outcome::Computed) {
                continue;
            }
            let reads = |name: &str| {
                let inside = format!("{name}.");
                read.program.inputs.iter().any(|i| i.name == name || i.name.starts_with(&inside))
            };
            let few: Vec<(String, Vec<String>)> = case
                .facts
                .iter()
                .filter(|(name, _)| reads(name))
                .filter_map(|(name, _)| Some((name.clone(), options(&engine, name)?)))
                .collect();
            let money: Vec<String> = read
                .program
                .inputs
                .iter()
                .filter(|i| {
                    i.kind == Kind::Money && i.absent == State::Unknown && case.facts.iter().any(|(n, _)| *n == i.name)
                })
                .map(|i| i.name.clone())
                .collect();
            for _ in 0..3 {
                let mut open: Vec<(String, Vec<String>)> = Vec::new();
                let mut product = 1;
                for (name, texts) in &few {
                    if seed.below(2) == 0 && product * texts.len() <= MOST / 4 {
                        product *= texts.len();
                        open.push((name.clone(), texts.clone()));
                    }
                }
                let mut known = case.clone();
                known.facts.retain(|(name, _)| !open.iter().any(|(o, _)| o == name));
                // Another answer may make facts matter that this case leaves open: those are open too.
                let mut all = full(&engine, &known, &open);
                while let Some(missing) = all.iter().find_map(|case| missing(&engine, service, case)) {
                    let Some(texts) = options(&engine, &missing) else { break };
                    product *= texts.len();
                    if product > MOST {
                        break;
                    }
                    open.push((missing, texts));
                    all = full(&engine, &known, &open);
                }
                if all.iter().any(|case| missing(&engine, service, case).is_some()) {
                    skipped += 1;
                    continue;
                }
                let found = bounds(&engine, service, &known).unwrap();
                check(&engine, service, &known, &found, &all, true);
                for name in &found.idle {
                    // What cannot matter may be answered in any way.
                    let Some((_, texts)) = open.iter().find(|(o, _)| o == name) else { continue };
                    let others: Vec<_> = open.iter().filter(|(o, _)| o != name).cloned().collect();
                    for case in full(&engine, &known, &others).iter().take(30) {
                        let answered = |text: &String| result(&engine, service, &with(&engine, case, name, text));
                        // An answer that contradicts another is nobody's.
                        let every: Vec<_> = texts.iter().filter_map(answered).collect();
                        assert!(every.iter().all(|r| *r == every[0]), "{service}: {name} matters: {every:?}");
                    }
                }
                finite += usize::from(!open.is_empty());
                decided += all.len();
                let Some(amount) = money.get(usize::try_from(seed.below(money.len() as u64 + 1)).unwrap()) else {
                    continue;
                };
                if product > 40 {
                    continue;
                }
                let combinations = all;
                let mut known = known.clone();
                known.facts.retain(|(name, _)| name != amount);
                let found = bounds(&engine, service, &known).unwrap();
                let mut points = amounts_to_try(&engine, service, &combinations, amount, &mut seed);
                while points.len() * combinations.len() > MOST {
                    points.remove(usize::try_from(seed.below(points.len() as u64)).unwrap());
                }
                open.push((amount.clone(), points));
                let all = full(&engine, &known, &open);
                check(&engine, service, &known, &found, &all, false);
                // A range that may not be reached only where there is no curve.
                let is_curve = combinations.iter().all(|case| curve(&engine, service, case, amount, None).is_ok());
                let outer = found.amounts.iter().any(|b| b.outer);
                assert!(!(outer && is_curve), "{} {service} {amount} {known:?} {found:#?}", engine.plan().pack.id);
                curved += 1;
                decided += all.len();
            }
        }
    }
    println!("{finite} with options open, {curved} with an amount, {decided} decided, {skipped} skipped");
    assert!(finite > 150 && curved > 100 && skipped < finite / 10);
}
