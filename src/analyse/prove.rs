//! Proofs over all inputs within their declared bounds.
//!
//! Finite facts are tried, amounts are kept as unknowns; every comparison that they leave open forks
//! the run (see [`Linear`](super::linear::Linear)). In each region that results every amount is one
//! linear function, so a property is decided there exactly. What is proved is the calculation before
//! rounding; rounding can move an amount by a fen per rounding and is reported as that.

use super::domain::{Choice, domains, only_compared, with, words};
use super::form::{Fork, Turn};
use super::linear::{Linear, MOST_VARIABLES};
use super::region::{Least, Region};
use crate::case::Encoded;
use crate::decision::{Engine, missing_facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::evaluate::{Answers, Slot, evaluate};
use crate::number::{Number, Ratio, format_fen};
use crate::plan::{Instr, Kind, Linked, Service, State, Text};
use std::collections::BTreeSet;

const MOST_COMBINATIONS: usize = 20_000;
const MOST_REGIONS: usize = 20_000;

/// What is known of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proved {
    /// Holds for every input.
    Proved,
    /// Does not hold, and the pack says why with a clause.
    Exempt {
        /// Why.
        why: Text,
        /// The input, all the same.
        counter: Counter,
    },
    /// Does not hold: a case that shows it.
    Refuted {
        /// The case.
        counter: Counter,
    },
    /// Not decided: what stands in the way.
    Open {
        /// What.
        why: String,
    },
}

/// A concrete counter-example, which can be replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// Answers.
    pub answers: Vec<(String, String)>,
    /// For a property of two bills: the other bill, in yuan.
    pub against: Option<String>,
    /// What the person pays on the first and on the second.
    pub amounts: Vec<String>,
}

/// A property with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// `conservation`, `no_part_below_zero`, `never_falls:total`, or a claim of the pack.
    pub id: String,
    /// Result.
    pub result: Proved,
}

/// The proof of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Service.
    pub service: String,
    /// Properties.
    pub properties: Vec<Property>,
    /// Combinations of finite facts that were followed.
    pub combinations: usize,
    /// Regions of amounts.
    pub regions: usize,
    /// Regions in which the text refuses; nothing is claimed there.
    pub refused: usize,
    /// What the proof does not cover.
    pub uncovered: Vec<String>,
    /// How far rounding can move an amount from what is proved, in fen.
    pub rounding: i64,
}

/// Sees the registers of one or two runs in each region.
type Look<'l, P> = dyn FnMut(&mut P, &Region, &[Registers]) + 'l;
/// Registers of a run.
type Registers = Vec<Slot<Linear>>;

struct Prover<'a> {
    engine: &'a Engine,
    index: usize,
    service: &'a Service,
    linked: Linked<Linear>,
    combinations: usize,
    regions: usize,
    refused: usize,
    uncovered: Vec<String>,
    rising: Option<usize>,
    results: Vec<Property>,
}

/// Proves the general properties of a settlement and the claims of a service.
///
/// # Errors
/// Where the service does not exist.
pub fn prove(engine: &Engine, service: &str) -> Result<Proof, Diagnostics> {
    let (index, found) = engine.service(service)?;
    let broken = || Diagnostics::from(Diagnostic::error("internal", "the plan does not link"));
    let linked = engine.linked(index).ok_or_else(broken)?;
    let mut prover = Prover {
        engine,
        index,
        service: found,
        linked,
        combinations: 0,
        regions: 0,
        refused: 0,
        uncovered: Vec::new(),
        rising: rising(found),
        results: Vec::new(),
    };
    prover.properties();
    // Open parameters are inputs like any other here: what is proved holds whatever they turn out to be.
    let inputs = found.program.inputs.iter().map(|_| Err(State::Unknown)).collect();
    let encoded = Encoded { inputs, lists: vec![None; found.program.lists.len()], tried: Vec::new() };
    if found.program.lists.is_empty() {
        prover.visit(&encoded, &Vec::new());
    } else {
        prover.leave("lists: a bill of any number of lines is beyond this proof".into());
        prover.open_all("the service reads a list");
    }
    let rounding = found
        .program
        .code
        .iter()
        .filter_map(rounds)
        .fold(0_i64, |sum, (num, den)| sum.saturating_add(num.checked_div(den).unwrap_or(0)));
    Ok(Proof {
        service: service.into(),
        properties: prover.results,
        combinations: prover.combinations,
        regions: prover.regions,
        refused: prover.refused,
        uncovered: prover.uncovered,
        rounding,
    })
}

/// The fact that is the bill: the amount that rises.
fn rising(service: &Service) -> Option<usize> {
    let total = service.outputs.bill.as_ref()?.total as usize;
    (total < service.program.inputs.len()).then_some(total)
}

impl Prover<'_> {
    fn properties(&mut self) {
        let mut ids: Vec<String> = Vec::new();
        if self.service.outputs.bill.is_some() {
            ids.extend(["conservation".into(), "no_part_below_zero".into()]);
            if let Some(input) = self.rising.and_then(|at| self.service.program.inputs.get(at)) {
                ids.push(format!("never_falls:{}", input.name));
            }
        }
        ids.extend(self.service.outputs.claims.iter().filter(|c| c.id != "never_falls").map(|c| c.id.clone()));
        self.results = ids.into_iter().map(|id| Property { id, result: Proved::Proved }).collect();
    }

    fn leave(&mut self, what: String) {
        if !self.uncovered.contains(&what) {
            self.uncovered.push(what);
        }
    }

    fn open_all(&mut self, why: &str) {
        for property in &mut self.results {
            if property.result == Proved::Proved {
                property.result = Proved::Open { why: why.into() };
            }
        }
    }

    fn settle(&mut self, id: &str, result: Proved) {
        if let Some(property) = self.results.iter_mut().find(|p| p.id == id)
            && matches!(property.result, Proved::Proved | Proved::Open { .. })
        {
            property.result = result;
        }
    }

    fn is_proved(&self, id: &str) -> bool {
        self.results.iter().any(|p| p.id == id && p.result == Proved::Proved)
    }

    /// Tries finite facts, one after another, as far as the answers depend on them.
    fn visit(&mut self, encoded: &Encoded, choice: &Choice) {
        if self.combinations > MOST_COMBINATIONS {
            self.leave(format!("more than {MOST_COMBINATIONS} combinations of facts"));
            self.open_all("too many combinations of facts");
            return;
        }
        let run = self.engine.run(self.index, encoded);
        let mut names = missing_facts(self.engine, self.index, &run);
        let claims: Vec<u32> = self.service.outputs.claims.iter().map(|c| c.holds).collect();
        names.extend(crate::decision::missing_for(self.engine, self.index, &run, &claims));
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        let open = domains(self.engine.plan(), self.service, encoded, &names);
        if let Some(domain) = open.iter().find(|d| !d.choices.is_empty()) {
            self.calculated_days(domain);
            for way in &domain.choices {
                let mut next = choice.clone();
                next.extend(way.iter().copied());
                self.visit(&with(encoded, way), &next);
            }
            return;
        }
        self.combinations = self.combinations.saturating_add(1);
        let variables: Vec<(usize, i64, i64)> = open.iter().filter_map(|d| d.range).collect();
        // One more variable for the second bill of "never falls".
        if variables.len() >= MOST_VARIABLES {
            self.leave(format!(
                "{} amounts at once, at most {} are followed",
                variables.len(),
                MOST_VARIABLES.saturating_sub(1)
            ));
            self.open_all("too many amounts at once");
            return;
        }
        self.single(encoded, choice, &variables);
        self.double(encoded, choice, &variables);
    }

    /// A day that is calculated with (an age, a length of stay) has more than finitely many cases; the
    /// days tried stand for themselves only.
    fn calculated_days(&mut self, domain: &super::domain::Domain) {
        let inputs = &self.service.program.inputs;
        let calculated =
            domain.choices.iter().flatten().any(|(at, _)| {
                inputs.get(*at).is_some_and(|i| i.kind == Kind::Date) && !only_compared(self.service, *at)
            });
        if calculated {
            self.leave(format!(
                "`{}` is calculated with; only days at the edges that the rules name are followed",
                domain.fact
            ));
            self.open_all("a day is calculated with");
        }
    }

    fn slots(&self, encoded: &Encoded, variables: &[(usize, i64, i64)], second: Option<usize>) -> Answers<Linear> {
        let mut inputs: Vec<Slot<Linear>> = encoded
            .inputs
            .iter()
            .zip(&self.service.program.inputs)
            .map(|(value, input)| match value {
                Ok(n) => Slot::known(Linear::from_i64(*n)),
                Err(state) => Slot::without(*state, input.reason),
            })
            .collect();
        for (i, (at, _, _)) in variables.iter().enumerate() {
            // The second bill has the number after all others.
            let number = if second == Some(*at) { variables.len() } else { i };
            if let Some(slot) = inputs.get_mut(*at) {
                *slot = Slot::known(Linear::variable(number));
            }
        }
        Answers { inputs, lists: encoded.lists.iter().map(|_| None).collect() }
    }

    fn run(&self, answers: &Answers<Linear>, fork: &Fork) -> Vec<Slot<Linear>> {
        let mut registers = Vec::new();
        evaluate(&self.linked, &self.engine.plan().groups, answers, &mut registers, fork);
        registers
    }

    /// Every region once: `look` sees the registers of one (or two) runs in it.
    fn regions(&mut self, answers: &[Answers<Linear>], start: &Region, look: &mut Look<'_, Self>) {
        let mut script: Vec<Turn> = Vec::new();
        loop {
            self.regions = self.regions.saturating_add(1);
            if self.regions > MOST_REGIONS {
                self.leave(format!("more than {MOST_REGIONS} regions of amounts"));
                self.open_all("too many regions of amounts");
                return;
            }
            let fork = Fork::new(start.clone(), script);
            let runs: Vec<Vec<Slot<Linear>>> = answers.iter().map(|a| self.run(a, &fork)).collect();
            let (region, taken, gave_up) = fork.finish();
            script = taken;
            if gave_up {
                self.leave("a step that is not a straight function of the amounts".into());
                self.open_all("a step is not a straight function of the amounts");
                return;
            }
            if !self.is_refused(&runs) {
                look(self, &region, &runs);
            } else {
                self.refused = self.refused.saturating_add(1);
            }
            // The next way not yet gone: the last turn that has one.
            while script.last().is_some_and(|t| t.rest.is_empty()) {
                script.pop();
            }
            match script.last_mut() {
                Some(turn) => turn.taken = turn.rest.remove(0),
                None => return,
            }
        }
    }

    fn is_refused(&self, runs: &[Vec<Slot<Linear>>]) -> bool {
        let out = &self.service.outputs;
        runs.iter().any(|registers| {
            let slot = |reg: u32| registers.get(reg as usize).copied().unwrap_or(Slot::without(State::Failed, 0));
            let contradiction = out.constraints.iter().any(|c| slot(c.holds).is_false());
            let bill = out.bill.as_ref().map(|b| b.patient);
            contradiction || out.requires.iter().copied().chain(bill).any(|reg| !slot(reg).is_known())
        })
    }

    fn single(&mut self, encoded: &Encoded, choice: &Choice, variables: &[(usize, i64, i64)]) {
        let bounds: Vec<(i64, i64)> = variables.iter().map(|(_, lo, hi)| (*lo, *hi)).collect();
        let answers = [self.slots(encoded, variables, None)];
        let (choice, variables) = (choice.clone(), variables.to_vec());
        let encoded = encoded.clone();
        self.regions(&answers, &Region::new(bounds), &mut |prover, region, runs| {
            let Some(registers) = runs.first() else { return };
            prover.bill(&encoded, &choice, &variables, region, registers);
            prover.claims(&encoded, &choice, &variables, region, registers);
        });
    }

    /// Total = payers + person, part by part, and nothing below zero.
    fn bill(
        &mut self,
        encoded: &Encoded,
        choice: &Choice,
        variables: &[(usize, i64, i64)],
        region: &Region,
        registers: &[Slot<Linear>],
    ) {
        let Some(bill) = &self.service.outputs.bill else { return };
        let value = |reg: u32| registers.get(reg as usize).map_or(Linear::ZERO, |s| s.num);
        let mut rest = value(bill.total);
        for part in &bill.parts {
            rest = rest.sub(value(part.left));
        }
        for payment in &self.service.outputs.payments {
            rest = rest.sub(value(payment.paid));
        }
        if !rest.is_function() {
            self.leave("a step that is not a straight function of the amounts".into());
            self.open_all("a step is not a straight function of the amounts");
            return;
        }
        // Zero as a function, or zero for all amounts of this region.
        let none = |form: &Linear| matches!(region.least(form), Least::At(least, _) if least >= Ratio::ZERO);
        if rest != Linear::ZERO && !(none(&rest) && none(&rest.neg())) {
            let counter = self.counter(encoded, choice, variables, region, &rest, None);
            self.settle(
                "conservation",
                refuted(counter, "the identity does not hold in a region without whole amounts"),
            );
        }
        if self.is_proved("no_part_below_zero") {
            let amounts: Vec<u32> = bill
                .parts
                .iter()
                .flat_map(|p| [p.amount, p.left])
                .chain(self.service.outputs.payments.iter().map(|p| p.paid))
                .collect();
            for reg in amounts {
                match region.least(&value(reg)) {
                    Least::At(least, _) if least < Ratio::ZERO => {
                        let counter = self.counter(encoded, choice, variables, region, &value(reg), None);
                        self.settle(
                            "no_part_below_zero",
                            refuted(counter, "an amount may be below zero before rounding"),
                        );
                    }
                    Least::TooWide => {
                        self.settle("no_part_below_zero", Proved::Open { why: "numbers past 128 bits".into() })
                    }
                    _ => {}
                }
            }
        }
    }

    fn claims(
        &mut self,
        encoded: &Encoded,
        choice: &Choice,
        variables: &[(usize, i64, i64)],
        region: &Region,
        registers: &[Slot<Linear>],
    ) {
        let claims = self.service.outputs.claims.clone();
        for claim in &claims {
            let slot = registers.get(claim.holds as usize).copied().unwrap_or(Slot::without(State::Failed, 0));
            if slot.is_true() || !self.is_proved(&claim.id) {
                continue;
            }
            if !slot.is_known() {
                if slot.state != State::NotApplicable {
                    self.settle(
                        &claim.id,
                        Proved::Open { why: "the claim reads a value that some inputs leave open".into() },
                    );
                }
                continue;
            }
            let counter = self.counter(encoded, choice, variables, region, &Linear::ZERO, None);
            let result = match (&claim.exempt, counter) {
                (Some(why), Some(counter)) => Proved::Exempt { why: why.clone(), counter },
                (_, counter) => refuted(counter, "the claim fails in a region without whole amounts"),
            };
            self.settle(&claim.id, result);
        }
    }

    /// Two bills, the second higher: the person never pays less on it.
    fn double(&mut self, encoded: &Encoded, choice: &Choice, variables: &[(usize, i64, i64)]) {
        let Some(total) = self.rising else { return };
        let Some(at) = variables.iter().position(|(input, _, _)| *input == total) else { return };
        let id = self.service.program.inputs.get(total).map(|i| format!("never_falls:{}", i.name)).unwrap_or_default();
        if !self.is_proved(&id) {
            return;
        }
        let mut bounds: Vec<(i64, i64)> = variables.iter().map(|(_, lo, hi)| (*lo, *hi)).collect();
        bounds.extend(variables.get(at).map(|(_, lo, hi)| (*lo, *hi)));
        let mut start = Region::new(bounds);
        // total − total' + 1 ≤ 0
        let gap = Linear::variable(at).sub(Linear::variable(variables.len())).add(Linear::ONE);
        start.add(vec![super::region::Row { coefficients: gap.coefficients, constant: gap.constant }]);
        let answers = [self.slots(encoded, variables, None), self.slots(encoded, variables, Some(total))];
        let (choice, variables, encoded) = (choice.clone(), variables.to_vec(), encoded.clone());
        let patient = self.service.outputs.bill.as_ref().map_or(0, |b| b.patient);
        self.regions(&answers, &start, &mut |prover, region, runs| {
            let value = |i: usize| runs.get(i).and_then(|r| r.get(patient as usize)).map_or(Linear::ZERO, |s| s.num);
            let rise = value(1).sub(value(0));
            if !rise.is_function() {
                prover.settle(&id, Proved::Open { why: "a step is not a straight function of the amounts".into() });
                return;
            }
            match region.least(&rise) {
                Least::At(least, _) if least < Ratio::ZERO => {
                    let counter = prover.counter(&encoded, &choice, &variables, region, &rise, Some((total, patient)));
                    let exempt = prover
                        .service
                        .outputs
                        .claims
                        .iter()
                        .find(|c| c.id == "never_falls")
                        .and_then(|c| c.exempt.clone());
                    let result = match (exempt, counter) {
                        (Some(why), Some(counter)) => Proved::Exempt { why, counter },
                        (_, counter) => refuted(counter, "the person's amount falls between two fen, before rounding"),
                    };
                    prover.settle(&id, result);
                }
                Least::TooWide => prover.settle(&id, Proved::Open { why: "numbers past 128 bits".into() }),
                _ => {}
            }
        });
    }

    /// A whole case near the point where a function is least, which evaluates as claimed.
    fn counter(
        &self,
        encoded: &Encoded,
        choice: &Choice,
        variables: &[(usize, i64, i64)],
        region: &Region,
        of: &Linear,
        pair: Option<(usize, u32)>,
    ) -> Option<Counter> {
        let Least::At(_, point) = region.least(of) else { return None };
        for whole in corners(&point) {
            let way: Choice =
                variables.iter().zip(&whole).map(|((at, lo, hi), n)| (*at, Ord::clamp(*n, *lo, *hi))).collect();
            let mut full = choice.clone();
            full.extend(way.iter().copied());
            let first = with(encoded, &way);
            let answers = words(self.engine.plan(), self.service, &full);
            match pair {
                None => return Some(Counter { answers, against: None, amounts: Vec::new() }),
                Some((total, patient)) => {
                    let other = *whole.get(variables.len())?;
                    let second = with(&first, &vec![(total, other)]);
                    let paid = |e: &Encoded| {
                        self.engine
                            .run(self.index, e)
                            .registers
                            .get(patient as usize)
                            .filter(|s| s.is_known())
                            .map(|s| s.num)
                    };
                    if let (Some(a), Some(b)) = (paid(&first), paid(&second))
                        && b < a
                    {
                        return Some(Counter {
                            answers,
                            against: Some(format_fen(i128::from(other))),
                            amounts: vec![format_fen(a), format_fen(b)],
                        });
                    }
                }
            }
        }
        None
    }
}

/// The unit that an instruction rounds to.
fn rounds(instr: &Instr) -> Option<(i64, i64)> {
    match instr {
        Instr::Round(_, _, num, den) | Instr::DivRound(_, _, _, num, den) => Some((*num, *den)),
        Instr::Bands { totals: Some(_), .. } => Some((2, 1)),
        _ => None,
    }
}

fn refuted(counter: Option<Counter>, otherwise: &str) -> Proved {
    match counter {
        Some(counter) => Proved::Refuted { counter },
        None => Proved::Open { why: otherwise.into() },
    }
}

/// Whole points around a rational one: each coordinate down and up.
fn corners(point: &[Ratio]) -> Vec<Vec<i64>> {
    let mut all: Vec<Vec<i64>> = vec![Vec::new()];
    for coordinate in point {
        let down = i64::try_from(coordinate.num().div_euclid(coordinate.den())).unwrap_or(0);
        let ways: Vec<i64> = if coordinate.den() == 1 { vec![down] } else { vec![down, down.saturating_add(1)] };
        all = all
            .into_iter()
            .flat_map(|head| {
                ways.iter().map(move |n| {
                    let mut next = head.clone();
                    next.push(*n);
                    next
                })
            })
            .collect();
        if all.len() > 512 {
            all.truncate(512);
        }
    }
    all
}
