//! Curves to the fen: what the recorded roundings give is what deciding the case gives, with no tolerance.
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

use analyse_kit::{Seed, direct, packs, with};
use std::collections::BTreeSet;
use yibao_rules::analyse::{Curve, curve, solve};
use yibao_rules::case::{Case, Earlier};
use yibao_rules::decision::Engine;
use yibao_rules::number::{Ratio, parse_decimal};
use yibao_rules::plan::{Kind, State};

/// Text of an amount in the units of an input.
fn text(kind: Kind, den: i64, n: i64) -> String {
    let whole = if kind == Kind::Money { den * 100 } else { den };
    let exact = Ratio::new(i128::from(n), i128::from(whole)).unwrap();
    if kind == Kind::Rate { format!("{}%", exact.mul(Ratio::from_int(100)).unwrap()) } else { exact.to_string() }
}

/// Whole amounts at, beside and between the knots, and random ones.
fn points(curve: &Curve, low: i64, high: i64, random: usize, seed: &mut Seed) -> BTreeSet<i64> {
    let mut all = BTreeSet::new();
    for piece in &curve.pieces {
        let whole = |r: Ratio| i64::try_from(r.num().div_euclid(r.den())).unwrap();
        let (from, to) = (whole(piece.from), whole(piece.to));
        all.extend([from - 1, from, from + 1, from + 2, from.midpoint(to), to - 1, to, to + 1, to + 2]);
        for _ in 0..random {
            all.insert(from + i64::try_from(seed.below(u64::try_from(to - from + 1).unwrap())).unwrap());
        }
    }
    all.retain(|n| (low..=high).contains(n));
    all
}

/// Holds a curve against direct evaluation; how many values were compared.
fn check(engine: &Engine, service: &str, case: &Case, fact: &str, range: (i64, i64), seed: &mut Seed) -> usize {
    let input = engine.service(service).unwrap().1.program.inputs.iter().find(|i| i.name == fact).unwrap().clone();
    let plotted = match curve(engine, service, case, fact, Some(range)) {
        Ok(plotted) => plotted,
        Err(problems) => {
            // Said, with the step; never a curve that is nearly right.
            assert!(problems.iter().all(|p| matches!(&*p.code, "not-linear" | "not-an-amount")), "{problems}");
            return 0;
        }
    };
    let mut compared = 0;
    for point in points(&plotted, range.0.max(input.min), range.1.min(input.max), 12, seed) {
        let case = with(engine, case, fact, &text(input.kind, input.den, point));
        let expected = direct(engine, service, &case);
        for (i, line) in plotted.lines.iter().enumerate() {
            let expected = expected.get(&line.id).cloned();
            let shown = plotted.text_at(i, point);
            assert_eq!(shown, expected, "{} {service} {} at {fact} = {point}", engine.plan().pack.id, line.id);
            compared += usize::from(expected.is_some());
        }
    }
    compared
}

#[test]
fn every_curve_of_every_pack_gives_what_deciding_gives() {
    let mut seed = Seed(2026);
    let (mut curves, mut compared) = (0, 0);
    for (_, engine, cases) in packs() {
        let mut done = BTreeSet::new();
        for (at, (service, case)) in cases.iter().enumerate() {
            let Ok((_, found)) = engine.service(service) else { continue };
            // A few cases of each service; each with every amount it reads.
            let seen = done.iter().filter(|(s, _)| s == service).count();
            if seen >= 4 || !done.insert((service.clone(), at)) {
                continue;
            }
            for input in &found.program.inputs {
                if input.absent != State::Unknown || !matches!(input.kind, Kind::Money | Kind::Rate | Kind::Number) {
                    continue;
                }
                // An answer about the stay before is one only where there was one.
                if input.name.starts_with("previous.") && !matches!(case.previous, Earlier::Known(_)) {
                    continue;
                }
                // The stretch in which amounts occur, and the whole range.
                for range in [(input.min, input.max.min(30_000_000)), (input.min, input.max)] {
                    let values = check(&engine, service, case, &input.name, range, &mut seed);
                    curves += usize::from(values > 0);
                    compared += values;
                }
            }
        }
    }
    assert!(curves > 400 && compared > 50_000, "{curves} curves, {compared} values");
}

/// Solves for what one amount gives: that amount is found, every end of a stretch gives it, what lies beside does not.
fn check_solve(engine: &Engine, service: &str, case: &Case, fact: &str, seed: &mut Seed) -> usize {
    let input = engine.service(service).unwrap().1.program.inputs.iter().find(|i| i.name == fact).unwrap().clone();
    let Ok(plotted) = curve(engine, service, case, fact, None) else { return 0 };
    let mut solved = 0;
    for (i, line) in plotted.lines.iter().enumerate() {
        let point = input.min
            + i64::try_from(seed.below(u64::try_from((input.max - input.min).min(9_000_000)).unwrap())).unwrap();
        let Some(wanted) = plotted.at(i, point).and_then(|n| i64::try_from(n).ok()) else { continue };
        let found = match solve(engine, service, case, fact, &line.id, wanted) {
            Ok(found) => found,
            Err(problems) => {
                assert!(problems.iter().all(|p| p.code == "too-many-amounts"), "{problems}");
                continue;
            }
        };
        let units = |shown: &str| {
            i64::try_from(
                parse_decimal(shown)
                    .unwrap()
                    .mul(Ratio::from_int(if input.kind == Kind::Money { 100 } else { input.den }))
                    .unwrap()
                    .num(),
            )
            .unwrap()
        };
        let value = |n: i64| {
            direct(engine, service, &with(engine, case, fact, &text(input.kind, input.den, n))).get(&line.id).cloned()
        };
        let place = format!("{} {service} {} = {wanted} over {fact}", engine.plan().pack.id, line.id);
        let stretches: Vec<(i64, i64)> = found.stretches.iter().map(|s| (units(&s.from), units(&s.to))).collect();
        assert!(
            stretches.iter().any(|(from, to)| (*from..=*to).contains(&point)),
            "{place}: {point} not in {stretches:?}"
        );
        let text = Some(line.text(i128::from(wanted)));
        for (from, to) in stretches.iter().take(20) {
            for inside in [*from, *to, from.midpoint(*to)] {
                assert_eq!(value(inside), text, "{place} at {inside}");
            }
            for beside in [from - 1, to + 1] {
                assert!(
                    beside < input.min || beside > input.max || value(beside) != text,
                    "{place} beside, at {beside}"
                );
            }
        }
        solved += 1;
    }
    solved
}

#[test]
fn solutions_give_what_was_wanted_and_their_neighbours_do_not() {
    let mut seed = Seed(7);
    let mut solved = 0;
    for (_, engine, cases) in packs() {
        let mut done = BTreeSet::new();
        for (service, case) in &cases {
            let Ok((_, found)) = engine.service(service) else { continue };
            if done.insert(service.clone()) {
                for input in found.program.inputs.iter().filter(|i| i.kind == Kind::Money && !i.name.contains('.')) {
                    solved += check_solve(&engine, service, case, &input.name, &mut seed);
                }
            }
        }
    }
    assert!(solved > 200, "{solved}");
}
