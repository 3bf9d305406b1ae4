//! Bounds where answers are missing: the least and greatest of each amount, and every verdict that is
//! still possible, each with a witness — a full set of answers that evaluates to it.
//!
//! The search answers one missing fact after another, always one that the result still depends on,
//! so facts that cannot matter are never asked. Finite facts are tried; one amount is followed over all
//! its spans. Where two amounts are open only a range that surely holds can be given; it is labelled `outer`.

use super::affine::Affine;
use super::curve::{Line, Plotter};
use super::domain::{Choice, Domain, domains, is_open, with, words};
use super::span::Span;
use crate::case::{Case, Encoded, encode};
use crate::decision::{Engine, Missing, Run, VerdictWord, Work, finish, missing_facts, refuses_before, verdict_of};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::evaluate::Slot;
use crate::json::{ToJson, Writer};
use crate::number::{Ratio, Rounding, Wide, format_fen, round_div};
use crate::plan::{Input, Plan, Program, Reg, Service, Shapes, State};
use std::collections::{BTreeMap, BTreeSet};

/// Most complete answers that are tried.
const MOST_LEAVES: usize = 50_000;
/// Most ends of open ranges tried for verdicts where nothing exact can be said.
const MOST_ENDS: usize = 256;

/// Answers that give a bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The facts that were open, answered: name and value.
    pub answers: Vec<(String, String)>,
}

/// A bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// `total patient net` or a step.
    pub id: String,
    /// Least amount, in yuan.
    pub least: String,
    /// Answers that give it; absent where the bound is `outer`.
    pub least_witness: Option<Witness>,
    /// Greatest amount, in yuan.
    pub greatest: String,
    /// Answers that give it; absent where the bound is `outer`.
    pub greatest_witness: Option<Witness>,
    /// Whether it surely holds but may not be reached.
    pub outer: bool,
}

/// An unanswered fact that can matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenFact {
    /// The fact.
    pub fact: Missing,
    /// How wide the person's amount can still be once this is answered, in yuan; the smaller, the
    /// more the question narrows.
    pub leaves: Option<String>,
}

/// What can still come out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Amounts.
    pub amounts: Vec<Bound>,
    /// Possible verdicts, each with a witness.
    pub verdicts: Vec<(VerdictWord, Witness)>,
    /// Whether there are no others. Two open amounts, or an age counted from an open day, leave some untried.
    pub verdicts_complete: bool,
    /// A case in which the text refuses, if there is one.
    pub refused: Option<Witness>,
    /// Facts that can matter, the one that narrows most first.
    pub ask: Vec<OpenFact>,
    /// Unanswered facts that cannot matter.
    pub idle: Vec<String>,
}

/// One combination of the finite answers: the person's least and greatest amount, and over which amount.
struct Leaf {
    choice: Choice,
    patient: Option<(Wide, Wide)>,
    over: Option<(usize, Vec<Span>)>,
}

/// A value and the answers that give it.
type Found = Option<(Wide, Choice)>;

struct Search<'a> {
    plotter: Plotter<'a>,
    patient: Option<usize>,
    leaves: Vec<Leaf>,
    least: Vec<Found>,
    greatest: Vec<Found>,
    verdicts: Vec<(VerdictWord, Choice)>,
    refused: Option<Choice>,
    outer: Vec<Option<(Wide, Wide)>>,
    inexact: bool,
    /// Facts that the result depended on somewhere, as they were met.
    met: Vec<String>,
    known: BTreeSet<String>,
}

/// Bounds of a service's answers where facts are missing.
///
/// ```
/// use yibao_rules::analyse::bounds;
/// # use yibao_rules::{case::{Answer, Case}, compile::{Library, Pack}, decision::Engine};
/// # let mut library = Library::new();
/// # library.add_vocabulary("v", &std::fs::read("packs/vocabulary.yaml").unwrap()).unwrap();
/// # let pack = std::fs::read("packs/anhui-suzhou-resident/pack.yaml").unwrap();
/// # let engine = Engine::load(Pack::parse("p", &pack, &library).unwrap().into_plan()).unwrap();
/// let known = [
///     ("total", "20000"), ("out_of_scope", "0"), ("over_limit", "0"), ("first_pay", "0"),
///     ("admission_date", "2023-06-20"), ("scheme", "resident"), ("place", "in_city"),
/// ];
/// let facts = known.map(|(fact, answer)| (fact.into(), Answer::text(answer))).to_vec();
/// // The level of the hospital is open: 200 yuan, then 85% by the fund, up to 1,000 yuan, then 70%.
/// let found = bounds(&engine, "inpatient", &Case { facts, ..Case::default() }).unwrap();
/// let patient = found.amounts.iter().find(|b| b.id == "patient").unwrap();
/// assert_eq!((patient.least.as_str(), patient.greatest.as_str()), ("3170.00", "6700.00"));
/// let witness = patient.least_witness.as_ref().unwrap();
/// assert_eq!(witness.answers, [("level".to_owned(), "first".to_owned())]);
/// assert_eq!(found.ask[0].fact.fact, "level");
/// ```
///
/// # Errors
/// Answers that are none; `unbounded` for a list that is missing; `too-many-combinations`; `too-much-work`.
pub fn bounds(engine: &Engine, service: &str, case: &Case) -> Result<Bounds, Diagnostics> {
    finish(bounds_with(engine, service, case, &Work::default()))
}

/// The same with a budget, and in its turns.
///
/// # Errors
/// As [`bounds`].
pub async fn bounds_with(engine: &Engine, service: &str, case: &Case, work: &Work) -> Result<Bounds, Diagnostics> {
    let plotter = Plotter::new(engine, service, work)?;
    let encoded = encode(engine.plan(), plotter.service, case)?;
    let lines = plotter.lines.len();
    let mut search = Search {
        patient: plotter.lines.iter().position(|l| l.id == "patient"),
        plotter,
        leaves: Vec::new(),
        least: vec![None; lines],
        greatest: vec![None; lines],
        verdicts: Vec::new(),
        refused: None,
        outer: vec![None; lines],
        inexact: false,
        met: Vec::new(),
        known: BTreeSet::new(),
    };
    // Depth first, and a list instead of recursion: the question may be interrupted at each.
    let mut open = vec![(encoded.clone(), Vec::new())];
    while let Some((answers, choice)) = open.pop() {
        work.pause().await;
        open.extend(search.visit(&answers, &choice).await?.into_iter().rev());
    }
    search.finish(&encoded)
}

impl Search<'_> {
    /// Looks at answers: what is left to try where a fact that is still open has few.
    async fn visit(&mut self, encoded: &Encoded, choice: &Choice) -> Result<Vec<(Encoded, Choice)>, Diagnostics> {
        if self.leaves.len() > MOST_LEAVES {
            let message = format!("more than {MOST_LEAVES} combinations of missing answers");
            return Err(Diagnostics::from(
                Diagnostic::error("too-many-combinations", message).help("answer some of the facts first"),
            ));
        }
        let (engine, service) = (self.plotter.engine, self.plotter.service);
        let run = self.plotter.decide(encoded)?;
        // Answers that contradict each other are nobody's.
        if self.contradicts(&run) {
            return Ok(Vec::new());
        }
        let names = self.missing(encoded, &run);
        if let Some(list) = service.program.lists.iter().find(|list| names.contains(&list.name)) {
            let message = format!("`{}` is a list: what it could hold has no bounds", list.name);
            return Err(Diagnostics::from(Diagnostic::error("unbounded", message).help("answer it first")));
        }
        for name in &names {
            if self.known.insert(name.clone()) {
                self.met.push(name.clone());
            }
        }
        let open = domains(engine.plan(), service, encoded, &names);
        self.plotter.work.take(tried(engine.plan(), service, &names, &open))?;
        if let Some(domain) = open.iter().find(|d| d.exact) {
            let next = |way: &Choice| (with(encoded, way), choice.iter().chain(way).copied().collect());
            return Ok(domain.choices.iter().map(next).collect());
        }
        if open.is_empty() && self.is_unlisted(&run) {
            // Two answers that are none of those listed: they may be one or two, which no answer here settles.
            self.surely(encoded, choice, &open)?;
            return Ok(Vec::new());
        }
        if open.is_empty() {
            let patient = self.point(encoded, &run, choice);
            self.leaves.push(Leaf { choice: choice.clone(), patient: patient.map(|n| (n, n)), over: None });
            return Ok(Vec::new());
        }
        match open.as_slice() {
            [Domain { range: Some(range), .. }] if self.over(encoded, choice, *range).await? => {}
            _ => self.surely(encoded, choice, &open)?,
        }
        Ok(Vec::new())
    }

    /// Whether an answer is open though nothing is missing.
    fn is_unlisted(&self, run: &Run) -> bool {
        let lines = self.plotter.lines.iter().map(|line| line.register);
        lines
            .chain(self.plotter.service.outputs.verdict)
            .any(|reg| run.registers.get(reg as usize).is_some_and(|slot| slot.state == State::Unknown))
    }

    /// Facts that the answer still depends on.
    fn missing(&self, encoded: &Encoded, run: &Run) -> Vec<String> {
        let (engine, service) = (self.plotter.engine, self.plotter.service);
        let mut names = missing_facts(engine, self.plotter.index, run);
        // A pack with a stated period answers nothing without the day.
        let header = &engine.plan().pack;
        let day =
            service.deciding_day().filter(|_| header.from.is_some() || header.until.is_some()).map(|reg| reg as usize);
        let open = day.filter(|at| encoded.inputs.get(*at).is_some_and(is_open));
        if let Some(input) = open.and_then(|at| service.program.inputs.get(at))
            && !names.contains(&input.name)
        {
            names.push(input.name.clone());
        }
        names
    }

    fn contradicts(&self, run: &Run) -> bool {
        let constraints = &self.plotter.service.outputs.constraints;
        constraints.iter().any(|c| run.registers.get(c.holds as usize).is_some_and(|s| s.is_false()))
    }

    /// Takes note of a full set of answers; the person's amount.
    fn point(&mut self, encoded: &Encoded, run: &Run, choice: &Choice) -> Option<Wide> {
        let slot = |reg: Reg| run.registers.get(reg as usize);
        let state = |reg: Reg| slot(reg).map_or((State::Failed, 0), |s| (s.state, s.reason));
        let refused = self.plotter.is_refused(&state)
            || refuses_before(self.plotter.engine.plan(), self.plotter.service, encoded);
        if refused {
            self.refused.get_or_insert_with(|| choice.clone());
            return None;
        }
        if let Some(reg) = self.plotter.service.outputs.verdict {
            self.verdict(verdict_of(state(reg).0, slot(reg).is_some_and(|s| s.is_true())), choice);
        }
        let of = |line: &Line| slot(line.register).filter(|s| s.is_known()).map(|s| s.num);
        let amounts: Vec<Option<Wide>> = self.plotter.lines.iter().map(of).collect();
        for (line, amount) in amounts.iter().enumerate() {
            self.note(line, *amount, &|| choice.clone());
        }
        self.patient.and_then(|line| amounts.get(line).copied()?)
    }

    fn verdict(&mut self, word: VerdictWord, choice: &Choice) {
        if !self.verdicts.iter().any(|(known, _)| *known == word) {
            self.verdicts.push((word, choice.clone()));
        }
    }

    fn note(&mut self, line: usize, amount: Option<Wide>, choice: &dyn Fn() -> Choice) {
        let Some(amount) = amount else { return };
        for (all, sign) in [(&mut self.least, 1), (&mut self.greatest, -1)] {
            let Some(slot) = all.get_mut(line) else { continue };
            let further = |known: Wide| amount.saturating_sub(known).saturating_mul(sign) < 0;
            if slot.as_ref().is_none_or(|(known, _)| further(*known)) {
                *slot = Some((amount, choice()));
            }
        }
    }

    /// One amount (or a day that is only counted from) is open: every span of it. False where it cannot be followed.
    async fn over(
        &mut self,
        encoded: &Encoded,
        choice: &Choice,
        range: (usize, i64, i64),
    ) -> Result<bool, Diagnostics> {
        let (at, low, high) = range;
        // Whether a day is within the pack's period, or a stay crosses a year, is no step to follow.
        let service = self.plotter.service;
        if [service.as_of, service.ends].into_iter().flatten().any(|reg| reg as usize == at) {
            return Ok(false);
        }
        let mut spans: Vec<(Span, bool)> = Vec::new();
        let outputs = &self.plotter.service.outputs;
        let mut keep = |span: Span, registers: &[Slot<Affine>]| {
            let wrong = |c: &crate::plan::Constraint| registers.get(c.holds as usize).is_some_and(|s| s.is_false());
            spans.push((span, outputs.constraints.iter().any(wrong)));
        };
        let followed = self.plotter.spans(encoded, at, (low, high), &mut keep).await;
        match followed {
            Err(problems) if problems.iter().any(|p| p.code == "not-linear" || p.code == "too-many-knots") => {
                return Ok(false);
            }
            other => other?,
        }
        let mut range: Option<(Wide, Wide)> = None;
        for (span, nobody) in &spans {
            if *nobody {
                continue;
            }
            let full = |point: i64| {
                let mut full = choice.clone();
                full.push((at, point));
                full
            };
            // What is refused and which verdict is given stays the same within a span.
            self.plotter.work.pause().await;
            let way = full(span.from);
            let first = with(encoded, &way);
            let run = self.plotter.decide(&first)?;
            self.point(&first, &run, &way);
            let Some(points) = span.candidates(self.plotter.work)? else { return Ok(false) };
            for line in 0..self.plotter.lines.len() {
                for point in &points {
                    self.plotter.work.take(span.cost())?;
                    let value = span.value(line, *point);
                    self.note(line, value, &|| full(*point));
                    if let Some(n) = value.filter(|_| Some(line) == self.patient) {
                        range = Some(range.map_or((n, n), |(a, b)| (Ord::min(a, n), Ord::max(b, n))));
                    }
                }
            }
        }
        let over = Some((at, spans.into_iter().map(|(span, _)| span).collect()));
        self.leaves.push(Leaf { choice: choice.clone(), patient: range, over });
        Ok(true)
    }

    /// The ranges that inference gives once the known answers are points.
    fn surely(&mut self, encoded: &Encoded, choice: &Choice, open: &[Domain]) -> Result<(), Diagnostics> {
        self.inexact = true;
        for way in ends(open) {
            let full = with(encoded, &way);
            let run = self.plotter.decide(&full)?;
            let mut all = choice.clone();
            all.extend(way);
            if !self.contradicts(&run) && self.missing(&full, &run).is_empty() {
                self.point(&full, &run, &all);
            }
        }
        let mut program: Program = self.plotter.service.program.clone();
        for (input, value) in program.inputs.iter_mut().zip(&encoded.inputs) {
            if let Ok(n) = value {
                *input = Input { min: *n, max: *n, only: Vec::new(), ..input.clone() };
            }
        }
        let mut shapes = Shapes::start(&program);
        let inferred = program.code.iter().all(|instr| shapes.push(&program, instr).is_ok());
        // Narrower inputs never need more room; if they did, the ranges of any input still hold.
        let all = self.plotter.engine.shapes(self.plotter.index);
        let mut range: Option<(Wide, Wide)> = None;
        for (i, line) in self.plotter.lines.iter().enumerate() {
            let narrow = shapes.get(line.register).ok().filter(|_| inferred);
            let Some(shape) = narrow.or_else(|| all?.get(line.register).ok()) else { continue };
            // Registers are read at the denominator that the whole service has for them.
            let own = all.and_then(|s| s.get(line.register).ok()).unwrap_or(shape);
            let at = |n: Wide, mode| {
                let exact = Ratio::new(n, shape.den)?.mul(Ratio::new(own.den, 1)?)?;
                round_div(exact.num(), exact.den(), mode)
            };
            let lo = at(shape.lo, Rounding::Floor).unwrap_or(own.lo);
            let hi = at(shape.hi, Rounding::Ceiling).unwrap_or(own.hi);
            // Parts and payments below zero are refused: who pays a bill pays nothing at least and all of it at most.
            let whole = |reg: Reg| all?.get(reg).ok().map(|s| s.hi);
            let out = &self.plotter.service.outputs;
            let shares = |bill: &crate::plan::Bill| {
                line.register == bill.patient
                    || (line.register == bill.net && out.benefits.is_empty())
                    || out.payments.iter().any(|p| p.paid == line.register)
            };
            let (lo, hi) = match out.bill.as_ref().filter(|bill| shares(bill)) {
                Some(bill) => {
                    let most =
                        shapes.get(bill.total).ok().filter(|_| inferred).map(|s| s.hi).or_else(|| whole(bill.total));
                    (Ord::max(lo, 0), most.map_or(hi, |most| Ord::min(hi, most)))
                }
                None => (lo, hi),
            };
            if let Some(slot) = self.outer.get_mut(i) {
                *slot = Some(slot.map_or((lo, hi), |(a, b)| (Ord::min(a, lo), Ord::max(b, hi))));
            }
            if Some(i) == self.patient {
                range = Some((lo, hi));
            }
        }
        self.leaves.push(Leaf { choice: choice.clone(), patient: range, over: None });
        Ok(())
    }

    fn finish(mut self, encoded: &Encoded) -> Result<Bounds, Diagnostics> {
        self.verdicts.sort_unstable_by_key(|(word, _)| *word as u8);
        let (plan, service) = (self.plotter.engine.plan(), self.plotter.service);
        let witness = |choice: &Choice| Witness { answers: words(plan, service, choice) };
        let mut amounts = Vec::new();
        for (i, line) in self.plotter.lines.iter().enumerate() {
            let of = |all: &[Found]| all.get(i).cloned().flatten();
            let (least, greatest, sure) = (of(&self.least), of(&self.greatest), self.outer.get(i).copied().flatten());
            let reached = least.as_ref().zip(greatest.as_ref()).map(|((a, _), (b, _))| (*a, *b));
            let Some((low, high)) = (match (reached, sure) {
                (Some((a, b)), Some((lo, hi))) => Some((Ord::min(a, lo), Ord::max(b, hi))),
                (one, other) => one.or(other),
            }) else {
                continue;
            };
            let shown = |found: Found| found.filter(|_| sure.is_none()).map(|(_, choice)| witness(&choice));
            amounts.push(Bound {
                id: line.id.clone(),
                least: line.text(low),
                least_witness: shown(least),
                greatest: line.text(high),
                greatest_witness: shown(greatest),
                outer: sure.is_some(),
            });
        }
        let idle = |(input, value): &(&Input, &Result<i64, State>)| is_open(value) && !self.known.contains(&input.name);
        Ok(Bounds {
            amounts,
            verdicts: self.verdicts.iter().map(|(word, choice)| (*word, witness(choice))).collect(),
            verdicts_complete: !self.inexact,
            refused: self.refused.as_ref().map(witness),
            ask: self.ask()?,
            idle: service
                .program
                .inputs
                .iter()
                .zip(&encoded.inputs)
                .filter(idle)
                .map(|(i, _)| i.name.clone())
                .collect(),
        })
    }

    /// Facts that can matter, by how wide the person's amount can be once each is answered.
    fn ask(&self) -> Result<Vec<OpenFact>, Diagnostics> {
        let mut all: Vec<(Wide, OpenFact)> = Vec::new();
        for name in &self.met {
            let fact = crate::decision::missing_fact(self.plotter.engine, self.plotter.index, name);
            let width = self.width_without(name)?;
            let place = all.partition_point(|(other, _)| *other <= width.unwrap_or(Wide::MAX));
            all.insert(place, (width.unwrap_or(Wide::MAX), OpenFact { fact, leaves: width.map(format_fen) }));
        }
        Ok(all.into_iter().map(|(_, fact)| fact).collect())
    }

    /// The greatest width of the person's amount over the answers of one fact.
    fn width_without(&self, name: &str) -> Result<Option<Wide>, Diagnostics> {
        let at = self.plotter.service.program.inputs.iter().position(|i| i.name == *name);
        let (Some(at), Some(patient)) = (at, self.patient) else { return Ok(None) };
        let mut groups: BTreeMap<Option<i64>, (Wide, Wide)> = BTreeMap::new();
        let mut add = |key: Option<i64>, low: Wide, high: Wide| {
            let (a, b) = groups.entry(key).or_insert((low, high));
            (*a, *b) = (Ord::min(*a, low), Ord::max(*b, high));
        };
        let own = |leaf: &Leaf| leaf.over.as_ref().is_some_and(|(variable, _)| *variable == at);
        // With the amount itself answered: the spread of all combinations at each end of a span of any.
        let over: Vec<&Vec<Span>> =
            self.leaves.iter().filter(|l| own(l)).filter_map(|l| l.over.as_ref().map(|(_, spans)| spans)).collect();
        let ends: BTreeSet<i64> = over.iter().flat_map(|spans| spans.iter()).flat_map(|s| [s.from, s.to]).collect();
        for point in ends {
            for spans in &over {
                let covers = spans.partition_point(|span| span.from <= point);
                let span = covers.checked_sub(1).and_then(|i| spans.get(i));
                self.plotter.work.take(span.map_or(1, Span::cost))?;
                if let Some(value) = span.and_then(|span| span.value(patient, point)) {
                    add(Some(point), value, value);
                }
            }
        }
        for leaf in self.leaves.iter().filter(|l| !own(l)) {
            let key = leaf.choice.iter().find(|(input, _)| *input == at).map(|(_, value)| *value);
            if let Some((low, high)) = leaf.patient {
                add(key, low, high);
            }
        }
        Ok(groups.values().map(|(low, high)| high.saturating_sub(*low)).max())
    }
}

/// What it takes to find the answers of open facts, in instructions: each fact is looked for among all, and each
/// institution and member of a group is looked at.
pub(super) fn tried(plan: &Plan, service: &Service, names: &[String], open: &[Domain]) -> u64 {
    const COMPARED: usize = 8;
    let all = plan.facts.len().saturating_add(service.program.inputs.len());
    let looked = names.len().saturating_mul(all).checked_div(COMPARED).unwrap_or(0);
    let choices = open.iter().fold(looked, |sum, domain| sum.saturating_add(domain.choices.len()));
    let institution = |domain: &Domain| plan.facts.iter().any(|f| f.id == domain.fact && f.form == "institution");
    let members =
        plan.groups.iter().fold(plan.institutions.len(), |sum, group| sum.saturating_add(group.members.len()));
    let institutions = if open.iter().any(institution) { members } else { 0 };
    u64::try_from(choices.saturating_add(institutions)).unwrap_or(u64::MAX)
}

/// Combinations of the ends of open ranges and of the days at edges.
fn ends(open: &[Domain]) -> Vec<Choice> {
    let mut all: Vec<Choice> = vec![Vec::new()];
    for domain in open {
        let mut ways = domain.choices.clone();
        if let (true, Some((at, low, high))) = (ways.is_empty(), domain.range) {
            ways = vec![vec![(at, low)], vec![(at, high)]];
        }
        let mut next = Vec::new();
        for head in &all {
            for way in ways.iter().take(MOST_ENDS.checked_div(all.len()).unwrap_or(1).max(1)) {
                let mut full = head.clone();
                full.extend_from_slice(way);
                next.push(full);
            }
        }
        all = next;
    }
    all
}
impl ToJson for OpenFact {
    fn write(&self, out: &mut Writer) {
        let Missing { fact, key, label, question, confirmed_by } = &self.fact;
        out.object(
            "fact key label question confirmedBy leaves",
            &[fact, key, label, question, confirmed_by, &self.leaves],
        );
    }
}
