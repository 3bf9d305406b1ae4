//! How much an analysis does: counted in instructions, whatever the figures of a pack are, and ended by name where it
//! would be too much.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what is wrong by stopping there"
)]

mod analyse_kit;
mod common;

use analyse_kit::{Seed, direct, packs, with};
use common::read;
use std::fmt::Write;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use yibao_rules::analyse::{Proved, bounds, bounds_with, curve, curve_with, diff_with, prove_with, solve, solve_with};
use yibao_rules::case::{Answer, Case};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::{Engine, MOST_WORK, MOST_WORK_OF_AUTHORS, Work, finish};
use yibao_rules::diagnostic::Diagnostics;
use yibao_rules::number::format_fen;

fn compile(text: &str) -> Engine {
    let pack = Pack::parse("pack.yaml", text.as_bytes(), &Library::new()).unwrap_or_else(|e| panic!("{e}"));
    Engine::load(pack.into_plan()).unwrap()
}

/// The rules that change over time, with another way to round.
fn rounded(how: &str) -> Engine {
    let text = read("tests/packs/over-time/pack.yaml");
    assert!(text.contains("round: half_up to fen"));
    compile(&text.replace("round: half_up to fen", &format!("round: {how}")))
}

fn answers(facts: &[(&str, &str)]) -> Case {
    let facts = facts.iter().map(|(name, text)| ((*name).to_owned(), Answer::text(*text))).collect();
    Case { facts, ..Case::default() }
}

fn code<T>(found: Result<T, Diagnostics>) -> String {
    found.err().and_then(|problems| problems.iter().next().map(|p| p.code.to_string())).unwrap_or_default()
}

#[test]
fn the_unit_that_a_step_rounds_to_costs_nothing() {
    let day = answers(&[("admission_date", "2023-06-01")]);
    let bounded = |how: &str, case: &Case| {
        let work = Work::default();
        let found = finish(bounds_with(&rounded(how), "inpatient", case, &work)).unwrap();
        (found, work.done())
    };
    for case in [&day, &Case::default()] {
        let (_, fen) = bounded("half_up to fen", case);
        for how in ["half_up to yuan", "half_up to 100 yuan", "half_even to 10000 yuan", "floor to 100000 yuan"] {
            let (found, done) = bounded(how, case);
            assert!(done < fen * 4 && done < MOST_WORK / 10, "{how}: {done}, to the fen {fen}");
            assert!(found.amounts.iter().all(|b| !b.outer), "{how}: {found:?}");
        }
    }
    // A hospital in the city that is no member: 800 yuan, then 70 %. The fund pays 690,000 up to where 70 % are 695,000:
    // 800 + 695,000 / 0.7 = 993,657.142…, so of 993,657.14 the person bears 303,657.14, and of 1,000,000 only 300,000.
    let (found, _) = bounded("half_up to 10000 yuan", &day);
    let patient = found.amounts.iter().find(|b| b.id == "patient").unwrap();
    assert_eq!((patient.least.as_str(), patient.greatest.as_str()), ("0.00", "303657.14"));
    let engine = rounded("half_up to 10000 yuan");
    let witness = patient.greatest_witness.as_ref().unwrap();
    let full = witness.answers.iter().fold(day, |case, (name, text)| with(&engine, &case, name, text));
    assert_eq!(direct(&engine, "inpatient", &full)["patient"], "303657.14");
}

#[test]
fn coarse_roundings_of_every_kind_are_followed_to_the_fen() {
    let mut seed = Seed(11);
    let case = answers(&[("admission_date", "2023-06-01"), ("hospital", "bay")]);
    for mode in ["half_up", "half_even", "floor", "ceiling", "toward_zero"] {
        for unit in ["fen", "7 yuan", "333 yuan", "10000 yuan"] {
            let engine = rounded(&format!("{mode} to {unit}"));
            let drawn = curve(&engine, "inpatient", &case, "total", None).unwrap();
            let patient = drawn.line("patient").unwrap();
            for i in 0..12 {
                // Bills of every size, some of them where half a unit is paid.
                let bill = i64::try_from(seed.below(if i < 6 { 3_000_000 } else { 100_000_000 })).unwrap();
                let paid = |fen: i64| {
                    let full = with(&engine, &case, "total", &format_fen(i128::from(fen)));
                    direct(&engine, "inpatient", &full).remove("patient")
                };
                let at = paid(bill);
                assert_eq!(drawn.text_at(patient, bill), at, "{mode} {unit} {bill}");
                let wanted: i64 = at.as_ref().unwrap().replace('.', "").parse().unwrap();
                let found = solve(&engine, "inpatient", &case, "total", "patient", wanted).unwrap();
                let fen = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
                let all: Vec<(i64, i64)> = found.stretches.iter().map(|s| (fen(&s.from), fen(&s.to))).collect();
                assert!(all.iter().any(|(from, to)| (*from..=*to).contains(&bill)), "{mode} {unit} {bill} {all:?}");
                for (from, to) in all.iter().take(40) {
                    assert_eq!((paid(*from), paid(*to)), (at.clone(), at.clone()), "{mode} {unit} {bill}");
                    for beside in [from - 1, to + 1].into_iter().filter(|n| (0..=100_000_000).contains(n)) {
                        assert_ne!(paid(beside), at, "{mode} {unit} {bill}: {beside} gives it too");
                    }
                }
            }
            let found = bounds(&engine, "inpatient", &case).unwrap();
            let bound = found.amounts.iter().find(|b| b.id == "patient").unwrap();
            assert!(!bound.outer);
            // 300 yuan, then 70 %: at most half a unit or one is paid too much or too little of the greatest bill.
            let fen = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
            let spread: Vec<i64> =
                (0..2_000).map(|n| n * 50_000 + i64::try_from(seed.below(50_000)).unwrap()).collect();
            let most = spread.iter().filter_map(|n| drawn.at(patient, *n)).max().unwrap();
            assert!(i128::from(fen(&bound.greatest)) >= most, "{mode} {unit}: {bound:?}, {most} is reached");
        }
    }
}

/// So many amounts, each counted or not by a yes or no of its own: 2 to the power of them combinations.
fn many(facts: usize) -> Engine {
    let label = "label: { zh: 项, en: entry }";
    let mut text = String::from(
        "pack: many\nrevision: '1'\ntitle: { zh: 试, en: test }\nregion: { code: '0', zh: 试, en: test }\npublisher: { zh: 试, en: test }\nstatus: invented\nfacts:\n",
    );
    (0..facts).for_each(|i| writeln!(text, "  f{i}: {{ type: bool, {label} }}").unwrap());
    writeln!(
        text,
        "services:\n  s:\n    title: {{ zh: 试, en: test }}\n    kind: amount\n    result: [sum]\n    steps:"
    )
    .unwrap();
    for i in 0..facts {
        let before = if i == 0 { "0元".to_owned() } else { format!("s{}", i - 1) };
        let value = format!("{before} + (if f{i} then {}元 else 0元)", i + 1);
        writeln!(text, "      - {{ id: s{i}, {label}, value: \"{value}\" }}").unwrap();
    }
    writeln!(text, "      - {{ id: sum, {label}, value: s{} }}", facts - 1).unwrap();
    compile(&text)
}

#[test]
fn what_is_too_much_is_refused_by_name_and_the_next_question_is_answered() {
    let engine = many(400);
    let work = Work::default();
    assert_eq!(code(finish(bounds_with(&engine, "s", &Case::default(), &work))), "too-much-work");
    // One run more than there was work for, and no further.
    assert!(work.done() > MOST_WORK && work.done() < MOST_WORK + 10_000, "{}", work.done());
    // All but three: eight combinations, from nothing to 1 + 2 + 3 yuan.
    let mut known = Case::default();
    known.facts.extend((3..400).map(|i| (format!("f{i}"), Answer::truth(false))));
    let found = bounds(&engine, "s", &known).unwrap();
    assert_eq!((found.amounts[0].least.as_str(), found.amounts[0].greatest.as_str()), ("0.00", "6.00"));
}

#[test]
fn what_packs_ask_for_stays_far_below_the_limits() {
    for (name, engine, _) in packs() {
        for service in &engine.plan().services {
            let work = Work::default();
            let found = finish(bounds_with(&engine, &service.id, &Case::default(), &work));
            assert!(matches!(&*code(found), "" | "unbounded"), "{name} {}", service.id);
            assert!(work.done() < MOST_WORK / 10, "{name} {}: {}", service.id, work.done());
            let work = Work::of(MOST_WORK_OF_AUTHORS);
            prove_with(&engine, &service.id, &work).unwrap();
            assert!(work.done() < MOST_WORK_OF_AUTHORS / 10, "{name} {}: {}", service.id, work.done());
        }
    }
}

#[test]
fn every_analysis_counts_its_work_and_keeps_to_it() {
    let (_, engine, cases) = packs().into_iter().find(|(name, ..)| name == "anhui-suzhou-resident").unwrap();
    let (service, case) = &cases.iter().find(|(service, _)| service == "inpatient").unwrap();
    let all = |most: u64| {
        let work: [Work; 5] = std::array::from_fn(|_| Work::of(most));
        let drawn = finish(curve_with(&engine, service, case, "total", None, &work[0]));
        let bounded = finish(bounds_with(&engine, service, &Case::default(), &work[1]));
        let solved = finish(solve_with(&engine, service, case, "total", ("patient", 100_000), &work[2]));
        let changed = diff_with(&engine, &engine, 1_000, 1, &work[3]);
        let proved = prove_with(&engine, service, &work[4]).unwrap();
        let open = proved.properties.iter().filter(|p| matches!(p.result, Proved::Open { .. })).count();
        let codes = [code(drawn), code(bounded), code(solved), code(changed)];
        (codes, open, proved.properties.len(), work.map(|work| work.done()))
    };
    let (codes, open, _, done) = all(u64::MAX);
    assert_eq!((codes, open), (Default::default(), 0));
    // Each needs all that it did: with one instruction less it ends, by name. A proof leaves open what it did not reach.
    for (i, needed) in done[..4].iter().enumerate() {
        assert!(*needed > 100, "{i}: {needed}");
        let (enough, less) = (all(*needed).0, all(needed - 1).0);
        assert_eq!((enough[i].as_str(), less[i].as_str()), ("", "too-much-work"), "{i}");
    }
    let (enough, half) = (all(done[4]).1, all(done[4] / 2).1);
    assert!(enough == 0 && half > 0, "{enough} {half}");
    let (_, open, properties, _) = all(0);
    assert_eq!(open, properties);
    let proved = prove_with(&engine, service, &Work::of(0)).unwrap();
    assert!(proved.uncovered.iter().any(|what| what.en.contains("more would have to be calculated")), "{proved:?}");
}

#[test]
fn turns_give_what_one_go_gives() {
    let (_, engine, _) = packs().into_iter().find(|(name, ..)| name == "anhui-suzhou-resident").unwrap();
    let case = answers(&[("total", "20000")]);
    let at_once = bounds(&engine, "inpatient", &case).unwrap();
    let work = Work::default().in_turns(100);
    let mut question = pin!(bounds_with(&engine, "inpatient", &case, &work));
    let mut context = Context::from_waker(Waker::noop());
    let (mut turns, mut before, mut longest) = (0, 0, 0);
    let found = loop {
        let polled = question.as_mut().poll(&mut context);
        longest = Ord::max(longest, work.done() - before);
        before = work.done();
        match polled {
            Poll::Ready(found) => break found.unwrap(),
            Poll::Pending => turns += 1,
        }
    };
    assert_eq!(found, at_once);
    // A turn ends with the run in which it is used up.
    assert!(turns > 5 && longest < 3_000, "{turns} turns, the longest {longest}");
}
