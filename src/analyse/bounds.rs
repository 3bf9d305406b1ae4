//! Bounds where answers are missing: the least and greatest of each amount, and every verdict that is
//! still possible, each with a witness — a full set of answers that evaluates to it.
//!
//! The search answers one missing fact after another, always one that the result still depends on,
//! so facts that cannot matter are never asked. Finite facts are tried; one amount is followed by its
//! curve. Where two amounts are open only a range that surely holds can be given; it is labelled `outer`.

use super::curve::{Curve, Line, Plotter};
use super::domain::{Choice, Domain, domains, is_open, only_compared, with, words};
use crate::case::{Case, Encoded, encode, value_of};
use crate::decision::{Engine, Missing, VerdictWord, missing_facts, verdict_of};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::{ToJson, Writer};
use crate::number::{Ratio, format_fen};
use crate::plan::{Input, Instr, Kind, Program, Shapes, State};
use std::collections::BTreeMap;

/// Most complete answers that are tried.
const MOST_LEAVES: usize = 50_000;
/// Fen tried at each end of a piece, where rounding may move the extreme.
const NEAR: i64 = 48;

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
    /// A case in which the text refuses, if there is one.
    pub refused: Option<Witness>,
    /// Facts that can matter, the one that narrows most first.
    pub ask: Vec<OpenFact>,
    /// Unanswered facts that cannot matter.
    pub idle: Vec<String>,
}

/// A complete set of answers, or one with a single amount open.
struct Leaf {
    choice: Choice,
    amounts: Vec<Option<i128>>,
    curve: Option<(usize, Curve)>,
}

struct Search<'a> {
    plotter: Plotter<'a>,
    leaves: Vec<Leaf>,
    least: Vec<Option<(i128, Choice)>>,
    greatest: Vec<Option<(i128, Choice)>>,
    verdicts: BTreeMap<u8, (VerdictWord, Choice)>,
    refused: Option<Choice>,
    outer: Vec<Option<(i128, i128)>>,
    is_outer: bool,
    met: Vec<String>,
}

/// Bounds of a service's answers where facts are missing.
///
/// # Errors
/// Answers that are none; `unbounded` for a list that is missing; `too-many-combinations`.
pub fn bounds(engine: &Engine, service: &str, case: &Case) -> Result<Bounds, Diagnostics> {
    let plotter = Plotter::new(engine, service)?;
    let encoded = encode(engine.plan(), plotter.service, case)?;
    let lines = plotter.lines.len();
    let mut search = Search {
        plotter,
        leaves: Vec::new(),
        least: vec![None; lines],
        greatest: vec![None; lines],
        verdicts: BTreeMap::new(),
        refused: None,
        outer: vec![None; lines],
        is_outer: false,
        met: Vec::new(),
    };
    search.visit(&encoded, &Vec::new())?;
    Ok(search.finish(&encoded))
}

impl Search<'_> {
    fn visit(&mut self, encoded: &Encoded, choice: &Choice) -> Result<(), Diagnostics> {
        if self.leaves.len() > MOST_LEAVES {
            return Err(Diagnostics::from(
                Diagnostic::error(
                    "too-many-combinations",
                    format!("more than {MOST_LEAVES} combinations of missing answers"),
                )
                .help("answer some of the facts first"),
            ));
        }
        let (engine, index, service) = (self.plotter.engine, self.plotter.index, self.plotter.service);
        let run = engine.run(index, encoded);
        // Answers that contradict each other are nobody's.
        if service.outputs.constraints.iter().any(|c| run.registers.get(c.holds as usize).is_some_and(|s| s.is_false()))
        {
            return Ok(());
        }
        let names = missing_facts(engine, index, &run);
        if names.is_empty() {
            self.leaf(
                encoded,
                choice,
                &run.registers.iter().map(|s| (s.is_known().then_some(s.num), s.state)).collect::<Vec<_>>(),
            );
            return Ok(());
        }
        for list in &service.program.lists {
            if names.contains(&list.name) {
                return Err(Diagnostics::from(
                    Diagnostic::error(
                        "unbounded",
                        format!("`{}` is a list: what it could hold has no bounds", list.name),
                    )
                    .help("answer it first"),
                ));
            }
        }
        for name in &names {
            if !self.met.contains(name) {
                self.met.push(name.clone());
            }
        }
        let open = domains(engine.plan(), service, encoded, &names);
        match open.iter().find(|d| d.range.is_none()) {
            Some(domain) => self.branch(encoded, choice, domain),
            None => self.amounts(encoded, choice, &open),
        }
    }

    fn branch(&mut self, encoded: &Encoded, choice: &Choice, domain: &Domain) -> Result<(), Diagnostics> {
        let service = self.plotter.service;
        for way in &domain.choices {
            let dated = way.iter().any(|(at, _)| {
                service.program.inputs.get(*at).is_some_and(|i| i.kind == Kind::Date)
                    && !only_compared(&service.program, *at)
            });
            self.is_outer |= dated;
            let mut next = choice.clone();
            next.extend(way.iter().copied());
            self.visit(&with(encoded, way), &next)?;
        }
        Ok(())
    }

    fn leaf(&mut self, _encoded: &Encoded, choice: &Choice, registers: &[(Option<i128>, State)]) {
        let refused = self.is_refused(registers);
        if refused && self.refused.is_none() {
            self.refused = Some(choice.clone());
        }
        let amounts: Vec<Option<i128>> = self
            .plotter
            .lines
            .iter()
            .map(|l| if refused { None } else { registers.get(l.register as usize).and_then(|r| r.0) })
            .collect();
        self.note(&amounts, choice);
        self.verdict(registers, choice);
        self.leaves.push(Leaf { choice: choice.clone(), amounts, curve: None });
    }

    fn is_refused(&self, registers: &[(Option<i128>, State)]) -> bool {
        let out = &self.plotter.service.outputs;
        let amounts = self.plotter.lines.iter().map(|l| l.register);
        let all = out.requires.iter().copied().chain(out.verdict).chain(amounts);
        all.filter_map(|reg| registers.get(reg as usize))
            .any(|(_, state)| matches!(state, State::Unset | State::Failed))
    }

    fn verdict(&mut self, registers: &[(Option<i128>, State)], choice: &Choice) {
        let Some(reg) = self.plotter.service.outputs.verdict else { return };
        let Some((num, state)) = registers.get(reg as usize) else { return };
        let word = verdict_of(*state, num.is_some_and(|n| n != 0));
        self.verdicts.entry(word as u8).or_insert_with(|| (word, choice.clone()));
    }

    fn note(&mut self, amounts: &[Option<i128>], choice: &Choice) {
        for (i, amount) in amounts.iter().enumerate() {
            let Some(amount) = amount else { continue };
            if let Some(slot) = self.least.get_mut(i)
                && slot.as_ref().is_none_or(|(known, _)| amount < known)
            {
                *slot = Some((*amount, choice.clone()));
            }
            if let Some(slot) = self.greatest.get_mut(i)
                && slot.as_ref().is_none_or(|(known, _)| amount > known)
            {
                *slot = Some((*amount, choice.clone()));
            }
        }
    }

    /// Only amounts are open: one is followed by its curve, several give a range that surely holds.
    fn amounts(&mut self, encoded: &Encoded, choice: &Choice, open: &[Domain]) -> Result<(), Diagnostics> {
        let ranges: Vec<(usize, i64, i64)> = open.iter().filter_map(|d| d.range).collect();
        let [(at, low, high)] = ranges.as_slice() else {
            self.is_outer = true;
            self.surely(encoded);
            return Ok(());
        };
        let curve = self.plotter.plot(encoded, *at, Ratio::from_int(*low), Ratio::from_int(*high))?;
        for point in candidates(&curve, *low, *high) {
            let way = vec![(*at, point)];
            let run = self.plotter.engine.run(self.plotter.index, &with(encoded, &way));
            if self
                .plotter
                .service
                .outputs
                .constraints
                .iter()
                .any(|c| run.registers.get(c.holds as usize).is_some_and(|s| s.is_false()))
            {
                continue;
            }
            let registers: Vec<(Option<i128>, State)> =
                run.registers.iter().map(|s| (s.is_known().then_some(s.num), s.state)).collect();
            let mut full = choice.clone();
            full.extend(way);
            if self.is_refused(&registers) {
                if self.refused.is_none() {
                    self.refused = Some(full);
                }
                continue;
            }
            let amounts: Vec<Option<i128>> =
                self.plotter.lines.iter().map(|l| registers.get(l.register as usize).and_then(|r| r.0)).collect();
            self.note(&amounts, &full);
            self.verdict(&registers, &full);
        }
        let amounts = vec![None; self.plotter.lines.len()];
        self.leaves.push(Leaf { choice: choice.clone(), amounts, curve: Some((*at, curve)) });
        Ok(())
    }

    /// The ranges that inference gives once the known answers are points.
    fn surely(&mut self, encoded: &Encoded) {
        let service = self.plotter.service;
        let mut program: Program = service.program.clone();
        for (input, value) in program.inputs.iter_mut().zip(&encoded.inputs) {
            if let Ok(n) = value {
                *input = Input { min: *n, max: *n, only: Vec::new(), ..input.clone() };
            }
        }
        let mut shapes = Shapes::start(&program);
        for instr in &program.code {
            if shapes.push(&program, instr).is_err() {
                return;
            }
        }
        for (i, line) in self.plotter.lines.iter().enumerate() {
            let Ok(shape) = shapes.get(line.register) else { continue };
            // Whole fen: a share lies between nothing and the bill, whatever inference can prove.
            let (lo, hi) = if shape.den == 1 { (shape.lo, shape.hi) } else { continue };
            if let Some(slot) = self.outer.get_mut(i) {
                *slot = Some(slot.map_or((lo, hi), |(a, b)| (Ord::min(a, lo), Ord::max(b, hi))));
            }
        }
    }

    fn finish(mut self, encoded: &Encoded) -> Bounds {
        let plan = self.plotter.engine.plan();
        let service = self.plotter.service;
        let witness = |choice: &Choice| Witness { answers: words(plan, service, choice) };
        let mut amounts = Vec::new();
        for (i, line) in self.plotter.lines.iter().enumerate() {
            let (least, greatest) = (self.least.get(i).cloned().flatten(), self.greatest.get(i).cloned().flatten());
            let sure = self.outer.get(i).copied().flatten();
            let show = |n: i128| shown(&self.plotter, line, n);
            let bound = match (least, greatest, sure) {
                (Some((a, x)), Some((b, y)), None) => Bound {
                    id: line.id.clone(),
                    least: show(a),
                    least_witness: Some(witness(&x)),
                    greatest: show(b),
                    greatest_witness: Some(witness(&y)),
                    outer: self.is_outer,
                },
                (a, b, Some((lo, hi))) => {
                    let low = a.map_or(lo, |(n, _)| Ord::min(n, lo));
                    let high = b.map_or(hi, |(n, _)| Ord::max(n, hi));
                    Bound {
                        id: line.id.clone(),
                        least: show(low),
                        least_witness: None,
                        greatest: show(high),
                        greatest_witness: None,
                        outer: true,
                    }
                }
                _ => continue,
            };
            amounts.push(bound);
        }
        let verdicts =
            std::mem::take(&mut self.verdicts).into_values().map(|(word, choice)| (word, witness(&choice))).collect();
        let refused = self.refused.as_ref().map(witness);
        let ask = self.ask();
        let idle = service
            .program
            .inputs
            .iter()
            .zip(&encoded.inputs)
            .filter(|(i, v)| is_open(v) && !self.met.contains(&i.name))
            .map(|(i, _)| i.name.clone())
            .collect();
        Bounds { amounts, verdicts, refused, ask, idle }
    }

    /// Facts that can matter, by how wide the person's amount can be once each is answered.
    fn ask(&self) -> Vec<OpenFact> {
        let engine = self.plotter.engine;
        let mut all: Vec<(Option<i128>, OpenFact)> = Vec::new();
        for name in &self.met {
            let fact = crate::decision::missing_fact(engine, self.plotter.index, name);
            let width = self.width_without(name);
            all.push((width, OpenFact { fact, leaves: width.map(format_fen) }));
        }
        all.sort_by_key(|(width, _)| width.unwrap_or(i128::MAX));
        all.into_iter().map(|(_, fact)| fact).collect()
    }

    /// The greatest width of the person's amount over the answers of one fact.
    fn width_without(&self, name: &str) -> Option<i128> {
        let patient = self.plotter.lines.iter().position(|l| l.id == "patient")?;
        let inputs = &self.plotter.service.program.inputs;
        let at = inputs.iter().position(|i| i.name == *name)?;
        let curved = self.leaves.iter().any(|l| l.curve.as_ref().is_some_and(|(variable, _)| *variable == at));
        if curved {
            return self.width_at_points(patient, at);
        }
        let mut groups: BTreeMap<Option<i64>, (Ratio, Ratio)> = BTreeMap::new();
        for leaf in &self.leaves {
            let key = leaf.choice.iter().find(|(input, _)| *input == at).map(|(_, value)| *value);
            let Some((low, high)) = range_of(leaf, patient) else { continue };
            let entry = groups.entry(key).or_insert((low, high));
            *entry = (entry.0.min(low), entry.1.max(high));
        }
        widest(groups.values().copied())
    }

    /// With the amount itself answered: the spread of all curves at each knot of any.
    fn width_at_points(&self, patient: usize, at: usize) -> Option<i128> {
        let curves: Vec<&Curve> =
            self.leaves.iter().filter_map(|l| l.curve.as_ref()).filter(|(v, _)| *v == at).map(|(_, c)| c).collect();
        let mut points: Vec<Ratio> = curves.iter().flat_map(|c| c.pieces.iter().flat_map(|p| [p.from, p.to])).collect();
        points.sort();
        points.dedup();
        let spread = |point: Ratio| {
            let values: Vec<Ratio> = curves.iter().filter_map(|c| c.value(patient, point)).collect();
            Some((values.iter().copied().min()?, values.iter().copied().max()?))
        };
        widest(points.into_iter().filter_map(spread))
    }
}

fn widest(ranges: impl Iterator<Item = (Ratio, Ratio)>) -> Option<i128> {
    let widths = ranges.filter_map(|(low, high)| high.sub(low));
    let most = widths.max()?;
    crate::number::round_div(most.num(), most.den(), crate::number::Rounding::HalfUp)
}

/// Range of a line over a leaf, in fen.
fn range_of(leaf: &Leaf, line: usize) -> Option<(Ratio, Ratio)> {
    if let Some((_, curve)) = &leaf.curve {
        let ends = curve.pieces.iter().flat_map(|p| [p.value(line, p.from), p.value(line, p.to)]).flatten();
        let all: Vec<Ratio> = ends.collect();
        return Some((all.iter().copied().min()?, all.iter().copied().max()?));
    }
    let fen = Ratio::new(leaf.amounts.get(line).copied().flatten()?, 1)?;
    Some((fen, fen))
}

/// Whole amounts at and near the ends of every piece: between them a line only rises or only falls,
/// up to what rounding does, which repeats within a few fen.
fn candidates(curve: &Curve, low: i64, high: i64) -> Vec<i64> {
    let mut all: Vec<i64> = Vec::new();
    let near = |r: Ratio| r.num().div_euclid(r.den());
    for piece in &curve.pieces {
        for end in [near(piece.from), near(piece.to)] {
            let Ok(end) = i64::try_from(end) else { continue };
            for step in -NEAR..=NEAR {
                let point = end.saturating_add(step);
                if point >= low && point <= high {
                    all.push(point);
                }
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn shown(plotter: &Plotter<'_>, line: &Line, n: i128) -> String {
    let shape = plotter.engine.shapes(plotter.index).and_then(|s| s.get(line.register).ok());
    shape.map_or_else(|| n.to_string(), |s| value_of(s.kind, s.den, n))
}

/// Whether an instruction rounds (for those who ask how far fen can be from the exact curve).
pub(super) fn rounds(instr: &Instr) -> Option<(i64, i64)> {
    match instr {
        Instr::Round(_, _, num, den) | Instr::DivRound(_, _, _, num, den) => Some((*num, *den)),
        Instr::Bands { totals: Some(_), .. } => Some((2, 1)),
        _ => None,
    }
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
