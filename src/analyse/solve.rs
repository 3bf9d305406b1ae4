//! All fen bills that give a wanted amount: points and stretches, each checked by evaluating there.

use super::bounds::rounds;
use super::curve::{Curve, Plotter};
use super::domain::with;
use crate::case::{Case, Encoded, encode};
use crate::decision::Engine;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::object;
use crate::number::{Ratio, format_fen};

/// Most amounts that are tried one by one.
const MOST_TRIED: i64 = 200_000;

/// Neighbouring fen amounts that all give the wanted result, in yuan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// First.
    pub from: String,
    /// Last.
    pub to: String,
}

/// All amounts of a fact that give a wanted result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// The fact that was solved for.
    pub fact: String,
    /// The line wanted.
    pub line: String,
    /// Stretches, in order; a single amount has equal ends. Empty: no bill gives it.
    pub stretches: Vec<Stretch>,
    /// Least and greatest amount that the line can be, in yuan: says how far off an impossible wish is.
    pub reachable: Option<(String, String)>,
}

/// Solves for one amount of the bill.
///
/// `line` is `patient`, `net`, `total` or a step; `wanted` in fen.
///
/// # Errors
/// As [`curve`](super::curve()); `unknown-line`.
pub fn solve(
    engine: &Engine,
    service: &str,
    case: &Case,
    fact: &str,
    line: &str,
    wanted: i64,
) -> Result<Solution, Diagnostics> {
    let plotter = Plotter::new(engine, service)?;
    let variable = plotter.variable(fact)?;
    let mut case = case.clone();
    case.facts.retain(|(name, _)| name != fact);
    let encoded = encode(engine.plan(), plotter.service, &case)?;
    let Some(at) = plotter.lines.iter().position(|l| l.id == line) else {
        let all: Vec<&str> = plotter.lines.iter().map(|l| l.id.as_str()).collect();
        return Err(Diagnostics::from(
            Diagnostic::error("unknown-line", format!("there is no amount `{line}`"))
                .help(format!("amounts are {}", all.join(" "))),
        ));
    };
    let bounds = plotter.service.program.inputs.get(variable).map_or((0, 0), |i| (i.min, i.max));
    let curve = plotter.plot(&encoded, variable, Ratio::from_int(bounds.0), Ratio::from_int(bounds.1))?;
    let solver = Solver {
        plotter: &plotter,
        encoded: &encoded,
        variable,
        register: plotter.lines.get(at).map_or(0, |l| l.register),
        wanted: i128::from(wanted),
        slack: slack(&plotter),
    };
    let mut found: Vec<(i64, i64)> = Vec::new();
    for piece in &curve.pieces {
        solver.piece(piece, at, &mut found)?;
    }
    Ok(Solution {
        fact: fact.to_owned(),
        line: line.to_owned(),
        stretches: merge(found),
        reachable: reachable(&curve, at),
    })
}

/// How far, in fen, rounding can move an amount from the curve.
fn slack(plotter: &Plotter<'_>) -> i64 {
    let units = plotter.service.program.code.iter().filter_map(rounds);
    units.fold(1_i64, |sum, (num, den)| sum.saturating_add(num.checked_div(den).unwrap_or(0)).saturating_add(1))
}

struct Solver<'a> {
    plotter: &'a Plotter<'a>,
    encoded: &'a Encoded,
    variable: usize,
    register: u32,
    wanted: i128,
    slack: i64,
}

impl Solver<'_> {
    fn gives(&self, amount: i64) -> bool {
        let run = self.plotter.engine.run(self.plotter.index, &with(self.encoded, &vec![(self.variable, amount)]));
        run.registers.get(self.register as usize).is_some_and(|s| s.is_known() && s.num == self.wanted)
    }

    fn piece(&self, piece: &super::Piece, line: usize, found: &mut Vec<(i64, i64)>) -> Result<(), Diagnostics> {
        let Some(Some((constant, slope))) = piece.lines.get(line) else { return Ok(()) };
        let floor = |r: Ratio| i64::try_from(r.num().div_euclid(r.den())).ok();
        let (Some(first), Some(last)) = (floor(piece.from), floor(piece.to)) else { return Ok(()) };
        let first = if Ratio::from_int(first) < piece.from { first.saturating_add(1) } else { first };
        let target = |off: i64| Ratio::new(self.wanted.saturating_add(i128::from(off)), 1);
        if slope.is_zero() {
            let (Some(low), Some(high)) = (target(self.slack.saturating_neg()), target(self.slack)) else {
                return Ok(());
            };
            if *constant < low || *constant > high || first > last {
                return Ok(());
            }
            // A flat stretch: its ends and its middle decide, and its first few fen for rounding.
            let samples =
                (0..64_i64).map(|i| first.saturating_add(i)).chain([last, first.midpoint(last)]).filter(|t| *t <= last);
            if samples.into_iter().all(|t| self.gives(t)) {
                found.push((first, last));
                return Ok(());
            }
            return self.each(first, last, found);
        }
        let root = |off: i64| target(off).and_then(|t| t.sub(*constant)).and_then(|d| d.div(*slope)).and_then(floor);
        let (Some(a), Some(b)) = (root(self.slack.saturating_neg()), root(self.slack)) else { return Ok(()) };
        let (low, high) = (Ord::min(a, b).saturating_sub(1), Ord::max(a, b).saturating_add(1));
        self.each(Ord::max(low, first), Ord::min(high, last), found)
    }

    fn each(&self, first: i64, last: i64, found: &mut Vec<(i64, i64)>) -> Result<(), Diagnostics> {
        if last.saturating_sub(first) > MOST_TRIED {
            return Err(Diagnostics::from(Diagnostic::error(
                "too-many-amounts",
                "the amount hardly depends on the bill; more than 200,000 bills would have to be tried",
            )));
        }
        for amount in first..=last {
            if self.gives(amount) {
                found.push((amount, amount));
            }
        }
        Ok(())
    }
}

fn merge(mut found: Vec<(i64, i64)>) -> Vec<Stretch> {
    found.sort_unstable();
    let mut all: Vec<(i64, i64)> = Vec::new();
    for (from, to) in found {
        match all.last_mut() {
            Some(last) if from <= last.1.saturating_add(1) => last.1 = Ord::max(last.1, to),
            _ => all.push((from, to)),
        }
    }
    all.into_iter()
        .map(|(from, to)| Stretch { from: format_fen(i128::from(from)), to: format_fen(i128::from(to)) })
        .collect()
}

fn reachable(curve: &Curve, line: usize) -> Option<(String, String)> {
    let ends: Vec<Ratio> =
        curve.pieces.iter().flat_map(|p| [p.value(line, p.from), p.value(line, p.to)]).flatten().collect();
    let fen = |r: &Ratio| crate::number::round_div(r.num(), r.den(), crate::number::Rounding::HalfUp).map(format_fen);
    Some((fen(ends.iter().min()?)?, fen(ends.iter().max()?)?))
}

object!(Stretch { from "from", to "to" });
