//! All amounts of a fact that give a wanted result: points and stretches.

use super::affine::floor;
use super::curve::Plotter;
use super::domain::words;
use super::span::Span;
use crate::case::{Case, encode};
use crate::decision::{Engine, Work, finish};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::object;
use crate::number::{Ratio, Wide, narrow, wide};

/// Most stretches found.
const MOST_STRETCHES: usize = 20_000;

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
    finish(solve_with(engine, service, case, fact, (line, wanted), &Work::default()))
}

/// The same with a budget, and in its turns.
///
/// # Errors
/// As [`solve`].
pub async fn solve_with(
    engine: &Engine,
    service: &str,
    case: &Case,
    fact: &str,
    (line, wanted): (&str, i64),
    work: &Work,
) -> Result<Solution, Diagnostics> {
    let plotter = Plotter::new(engine, service, work)?;
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
    plotter.spans(&encoded, variable, range, &mut |span, _| spans.push(span)).await?;
    let mut search = Search { line: at, wanted: wide(wanted), work, found: Vec::new(), reach: None };
    for span in &spans {
        search.span(span).await?;
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

struct Search<'a> {
    line: usize,
    wanted: Wide,
    work: &'a Work,
    found: Vec<(i64, i64)>,
    reach: Option<(Wide, Wide)>,
}

fn too_many() -> Diagnostics {
    Diagnostics::from(Diagnostic::error(
        "too-many-amounts",
        "the wanted amount hardly depends on the fact: too many amounts would have to be listed",
    ))
}

impl Search<'_> {
    async fn span(&mut self, span: &Span) -> Result<(), Diagnostics> {
        let Some(line) = span.line(self.line) else { return Ok(()) };
        for point in span.candidates(self.work)?.unwrap_or_else(|| vec![span.from, span.to]) {
            self.work.take(span.cost())?;
            if let Some(n) = span.value(self.line, point) {
                self.reach = Some(self.reach.map_or((n, n), |(a, b)| (Ord::min(a, n), Ord::max(b, n))));
            }
        }
        let gap = Ratio::new(self.wanted, 1).and_then(|wanted| wanted.sub(line.constant));
        if line.slope.is_zero() {
            let apart = gap.map(|gap| gap.max(gap.neg()));
            if apart.is_none_or(|apart| apart > line.off) {
                return Ok(());
            }
            // Flat: what one turn of the roundings gives is given by every turn.
            let turn = if line.off.is_zero() { Some(1) } else { span.period() };
            let last = turn.and_then(|turn| narrow(wide(span.from).saturating_add(turn).saturating_sub(1)));
            let Some(last) = last.filter(|last| *last < span.to) else {
                return self.each(span, span.from, span.to).await;
            };
            let mut one = Search { found: Vec::new(), ..*self };
            one.each(span, span.from, last).await?;
            return match one.found.as_slice() {
                [] => Ok(()),
                [(from, to)] if (*from, *to) == (span.from, last) => self.add(span.from, span.to),
                _ => self.each(span, span.from, span.to).await,
            };
        }
        // Roundings reach no further than `off` from the line.
        let root = |off: Ratio| gap?.add(off)?.div(line.slope).map(floor);
        let (Some(a), Some(b)) = (root(line.off), root(line.off.neg())) else { return Err(too_many()) };
        let within = |n: Wide| narrow(n.clamp(wide(span.from), wide(span.to))).unwrap_or(span.to);
        self.each(span, within(Ord::min(a, b)), within(Ord::max(a, b).saturating_add(1))).await
    }

    /// Stretch by stretch: on each the line is straight, so it gives the wanted amount everywhere, at one place or nowhere.
    async fn each(&mut self, span: &Span, mut from: i64, to: i64) -> Result<(), Diagnostics> {
        while from <= to {
            self.work.pause().await;
            let Some(end) = span.stretch(from, to, self.work)? else { return Err(too_many()) };
            if let Some((first, last)) = self.gives(span, from, end)? {
                self.add(first, last)?;
            }
            from = end.saturating_add(1);
        }
        Ok(())
    }

    /// Where on a stretch the line gives the wanted amount.
    fn gives(&self, span: &Span, from: i64, to: i64) -> Result<Option<(i64, i64)>, Diagnostics> {
        self.work.take(span.cost().saturating_mul(2))?;
        let (Some(a), Some(b)) = (span.value(self.line, from), span.value(self.line, to)) else { return Ok(None) };
        if self.wanted < Ord::min(a, b) || Ord::max(a, b) < self.wanted {
            return Ok(None);
        }
        if a == b {
            return Ok(Some((from, to)));
        }
        let (mut first, mut last) = (from, to);
        while first < last {
            self.work.take(span.cost())?;
            let middle = first.saturating_add(last.saturating_sub(first).checked_div(2).unwrap_or(0));
            let Some(value) = span.value(self.line, middle) else { return Ok(None) };
            let reached = if a < b { value >= self.wanted } else { value <= self.wanted };
            if reached { last = middle } else { first = middle.saturating_add(1) }
        }
        Ok((span.value(self.line, first) == Some(self.wanted)).then_some((first, first)))
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
