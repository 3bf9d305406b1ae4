//! All amounts of a fact that give a wanted result: points and stretches.

use super::affine::floor;
use super::curve::Plotter;
use super::domain::words;
use super::span::Span;
use crate::case::{Case, encode};
use crate::decision::Engine;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::object;
use crate::number::{Ratio, Wide, narrow, wide};

/// Most stretches found.
const MOST_STRETCHES: usize = 20_000;
/// Most amounts that are tried in one span.
const MOST_TRIED: Wide = 2_000_000;

/// Neighbouring amounts that all give the wanted result, in yuan (or in what the fact counts in).
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
    /// Stretches, in order; a single amount has equal ends. Empty: no amount gives it.
    pub stretches: Vec<Stretch>,
    /// Least and greatest value that the line can have: says how far off an impossible wish is.
    pub reachable: Option<(String, String)>,
}

/// Solves for one amount.
///
/// `line` is `patient`, `net`, `total` or a step; `wanted` in fen, or in the units of the line.
///
/// ```
/// use yibao_rules::analyse::solve;
/// # use yibao_rules::{case::{Answer, Case}, compile::{Library, Pack}, decision::Engine};
/// # let mut library = Library::new();
/// # library.add_vocabulary("v", &std::fs::read("packs/vocabulary.yaml").unwrap()).unwrap();
/// # let pack = std::fs::read("packs/anhui-suzhou-resident/pack.yaml").unwrap();
/// # let engine = Engine::load(Pack::parse("p", &pack, &library).unwrap().into_plan()).unwrap();
/// let known = [
///     ("out_of_scope", "0"), ("over_limit", "0"), ("first_pay", "0"), ("level", "city_third"),
///     ("admission_date", "2023-06-20"), ("scheme", "resident"), ("place", "in_city"),
/// ];
/// let facts = known.map(|(fact, answer)| (fact.into(), Answer::text(answer))).to_vec();
/// // 700 + (t - 700) × 25% = 5,525 at t = 20,000; the fund's 75% is rounded, so its neighbours give it too.
/// let case = Case { facts, ..Case::default() };
/// let found = solve(&engine, "inpatient", &case, "total", "patient", 552_500).unwrap();
/// assert_eq!((found.stretches[0].from.as_str(), found.stretches[0].to.as_str()), ("19999.99", "20000.02"));
/// ```
///
/// # Errors
/// As [`curve`](super::curve()); `unknown-line`; `too-many-amounts`.
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
    let encoded = encode(engine.plan(), plotter.service, &without(case, fact))?;
    let Some(at) = plotter.lines.iter().position(|l| l.id == line) else {
        let all: Vec<&str> = plotter.lines.iter().map(|l| l.id.as_str()).collect();
        return Err(Diagnostics::from(
            Diagnostic::error("unknown-line", format!("there is no amount `{line}`"))
                .help(format!("amounts are {}", all.join(" "))),
        ));
    };
    let range = plotter.service.program.inputs.get(variable).map_or((0, 0), |i| (i.min, i.max));
    let mut spans = Vec::new();
    plotter.spans(&encoded, variable, range, &mut |span, _| spans.push(span))?;
    let mut search = Search { line: at, wanted: wide(wanted), found: Vec::new(), reach: None };
    for span in &spans {
        search.span(span)?;
    }
    let amount = |n: i64| words(engine.plan(), plotter.service, &vec![(variable, n)]).pop().map(|(_, text)| text);
    let stretch = |(from, to): &(i64, i64)| Some(Stretch { from: amount(*from)?, to: amount(*to)? });
    let value = |n: Wide| plotter.lines.get(at).map_or_else(String::new, |line| line.text(n));
    Ok(Solution {
        fact: fact.to_owned(),
        line: line.to_owned(),
        stretches: search.found.iter().filter_map(stretch).collect(),
        reachable: search.reach.map(|(low, high)| (value(low), value(high))),
    })
}

/// A case without the answer to a fact, a balance or a parameter: that one varies.
pub(super) fn without(case: &Case, fact: &str) -> Case {
    let mut case = case.clone();
    case.facts.retain(|(name, _)| name != fact);
    case.parameters.retain(|(name, _)| name != fact);
    case.ledger.retain(|(name, _)| Some(name.as_str()) != fact.strip_prefix("ledger."));
    case
}

struct Search {
    line: usize,
    wanted: Wide,
    found: Vec<(i64, i64)>,
    reach: Option<(Wide, Wide)>,
}

fn too_many() -> Diagnostics {
    Diagnostics::from(Diagnostic::error(
        "too-many-amounts",
        "the wanted amount hardly depends on the fact: too many amounts would have to be tried or listed",
    ))
}

impl Search {
    fn span(&mut self, span: &Span) -> Result<(), Diagnostics> {
        let Some(line) = span.line(self.line) else { return Ok(()) };
        for point in span.candidates().unwrap_or_else(|| vec![span.from, span.to]) {
            if let Some(n) = span.value(self.line, point) {
                self.reach = Some(self.reach.map_or((n, n), |(a, b)| (Ord::min(a, n), Ord::max(b, n))));
            }
        }
        let (from, to) = (wide(span.from), wide(span.to));
        let gap = Ratio::new(self.wanted, 1).and_then(|wanted| wanted.sub(line.constant));
        if line.slope.is_zero() {
            let apart = gap.map(|gap| gap.max(gap.neg()));
            if apart.is_none_or(|apart| apart > line.off) {
                return Ok(());
            }
            // Flat: what one turn of the roundings gives is given by every turn.
            let turn = if line.off.is_zero() { Some(1) } else { span.period() };
            if let Some(turn) = turn.filter(|turn| *turn <= MOST_TRIED) {
                let last = Ord::min(from.saturating_add(turn).saturating_sub(1), to);
                match (from..=last).filter(|amount| self.gives(span, *amount).is_some()).count() {
                    0 => return Ok(()),
                    n if Wide::try_from(n) == Ok(turn) => return self.add(span.from, span.to),
                    _ => {}
                }
            }
            return self.each(span, from, to);
        }
        // Roundings reach no further than `off` from the line.
        let root = |off: Ratio| gap?.add(off)?.div(line.slope).map(floor);
        let (Some(a), Some(b)) = (root(line.off), root(line.off.neg())) else { return Err(too_many()) };
        self.each(span, Ord::max(Ord::min(a, b), from), Ord::min(Ord::max(a, b).saturating_add(1), to))
    }

    fn gives(&self, span: &Span, amount: Wide) -> Option<i64> {
        narrow(amount).filter(|at| span.value(self.line, *at) == Some(self.wanted))
    }

    fn each(&mut self, span: &Span, from: Wide, to: Wide) -> Result<(), Diagnostics> {
        if to.saturating_sub(from) > MOST_TRIED {
            return Err(too_many());
        }
        for amount in from..=to {
            if let Some(at) = self.gives(span, amount) {
                self.add(at, at)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, from: i64, to: i64) -> Result<(), Diagnostics> {
        match self.found.last_mut() {
            Some(last) if from <= last.1.saturating_add(1) => last.1 = Ord::max(last.1, to),
            _ => self.found.push((from, to)),
        }
        if self.found.len() > MOST_STRETCHES { Err(too_many()) } else { Ok(()) }
    }
}

object!(Stretch { from "from", to "to" });
