//! The properties that a proof decides in each region.

use super::domain::{Choice, with, words};
use super::linear::Linear;
use super::prove::{Counter, Proved, Prover, Seen, text};
use super::region::{Least, Point};
use crate::case::{Encoded, value_of};
use crate::evaluate::Slot;
use crate::number::{Number, Ratio, Wide, wide};
use crate::plan::{Claim, Kind, Program, Reg, Service, State, Text};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What is checked.
#[derive(Debug, Clone)]
enum What {
    /// Total = payers + person.
    Conservation,
    /// No part, payment or rest is below zero.
    NotBelowZero,
    /// Of two bills the person never pays less on the higher one; the input that rises.
    NeverFalls(usize),
    /// A condition of the pack.
    Holds(Claim),
    /// A step is greater (or not less) at one option than at the next: input, codes of both.
    Order(Claim, usize, u32, u32),
}

/// One property to check.
#[derive(Debug, Clone)]
pub(super) struct Check {
    pub(super) id: String,
    what: What,
    /// Whether it is a further part of the property before it.
    pub(super) goes_on: bool,
    /// Registers on which the property depends.
    pub(super) roots: Vec<Reg>,
    /// Which registers those read.
    pub(super) reads: Rc<[bool]>,
    /// Which registers the constraints read.
    pub(super) guards: Rc<[bool]>,
}

/// Properties of a service: those that every settlement has, and its claims.
pub(super) fn checks(service: &Service) -> Vec<Check> {
    let out = &service.outputs;
    let mut all: Vec<(String, What, Vec<Reg>)> = Vec::new();
    if let Some(bill) = &out.bill {
        let parts = bill.parts.iter().flat_map(|p| [p.amount, p.left]);
        let amounts: Vec<Reg> =
            parts.chain(out.payments.iter().map(|p| p.paid)).chain([bill.total, bill.patient]).collect();
        all.push(("conservation".into(), What::Conservation, amounts.clone()));
        all.push(("no_part_below_zero".into(), What::NotBelowZero, amounts));
        let total = bill.total as usize;
        if let Some(input) = service.program.inputs.get(total) {
            all.push((format!("never_falls:{}", input.name), What::NeverFalls(total), vec![bill.total, bill.patient]));
        }
    }
    for claim in out.claims.iter().filter(|c| c.id != "never_falls") {
        match &claim.order {
            None => {
                // A claim about a settlement speaks of what is computed.
                let bill = out.bill.as_ref().map(|b| b.patient);
                let roots = [claim.holds].into_iter().chain(bill).collect();
                all.push((claim.id.clone(), What::Holds(claim.clone()), roots));
            }
            Some(order) => {
                for (one, next) in order.options.iter().zip(order.options.iter().skip(1)) {
                    let what = What::Order(claim.clone(), order.input as usize, *one, *next);
                    all.push((claim.id.clone(), what, vec![order.register]));
                }
            }
        }
    }
    let check = |(id, what, mut roots): (String, What, Vec<Reg>)| {
        let guards: Vec<Reg> = out.constraints.iter().map(|c| c.holds).collect();
        roots.extend(&out.requires);
        roots.extend(&guards);
        let (reads, guards) = (closure_of(&service.program, &roots), closure_of(&service.program, &guards));
        let goes_on = matches!(&what, What::Order(claim, _, one, _) if first(claim) != Some(*one));
        Check { id, what, goes_on, roots, reads, guards }
    };
    all.into_iter().map(check).collect()
}

fn first(claim: &Claim) -> Option<u32> {
    claim.order.as_ref()?.options.first().copied()
}

/// Which registers these read, themselves included.
fn closure_of(program: &Program, roots: &[Reg]) -> Rc<[bool]> {
    let read: BTreeSet<Reg> = roots.iter().flat_map(|reg| super::curve::closure(program, *reg)).collect();
    (0..program.registers()).map(|reg| u32::try_from(reg).is_ok_and(|reg| read.contains(&reg))).collect()
}

impl Check {
    /// The answers by which the runs of the property differ: one run, or two.
    pub(super) fn pairs(&self) -> Vec<Choice> {
        match &self.what {
            What::Order(_, at, one, next) => vec![vec![(*at, i64::from(*one))], vec![(*at, i64::from(*next))]],
            _ => vec![Vec::new()],
        }
    }

    /// The amount that is higher in a second run.
    pub(super) fn rises(&self) -> Option<usize> {
        if let What::NeverFalls(total) = self.what { Some(total) } else { None }
    }
}

pub(super) fn slot(registers: &[Slot<Linear>], reg: Reg) -> Slot<Linear> {
    registers.get(reg as usize).copied().unwrap_or(Slot::without(State::Failed, 0))
}

impl Prover<'_> {
    /// Decides a property in one region.
    pub(super) fn look(&mut self, check: &Check, seen: &Seen<'_>) {
        // A comparison that could not be followed leaves open whatever reads it.
        if let Some(reg) = seen.broken.first() {
            return self.not_straight(check, *reg);
        }
        let refused: Vec<bool> = seen.runs.iter().map(|run| self.is_refused(check, run)).collect();
        if let (What::NeverFalls(_), [false, true]) = (&check.what, refused.as_slice()) {
            self.leave(text(
                "有的账单不予测算：再高的账单不与更低的比较",
                "some bills are refused: higher bills beyond those are not compared with lower ones",
            ));
        }
        if refused.contains(&true) {
            self.refused = self.refused.saturating_add(1);
            return;
        }
        let straight =
            |reg: &&Reg| seen.runs.iter().any(|run| slot(run, **reg).is_known() && !slot(run, **reg).num.is_function());
        if let Some(reg) = check.roots.iter().find(straight) {
            return self.not_straight(check, *reg);
        }
        match &check.what {
            What::Conservation => self.conservation(check, seen),
            What::NotBelowZero => self.not_below_zero(check, seen),
            What::NeverFalls(total) => self.never_falls(check, seen, *total),
            What::Holds(claim) => self.holds(check, seen, claim),
            What::Order(claim, at, _, next) => self.order(check, seen, claim, (*at, i64::from(*next))),
        }
    }

    fn is_refused(&self, check: &Check, registers: &[Slot<Linear>]) -> bool {
        let out = &self.service.outputs;
        let contradiction = out.constraints.iter().any(|c| slot(registers, c.holds).is_false());
        // An order of a step speaks of the step, whatever becomes of the bill.
        let bill = out.bill.as_ref().map(|b| b.patient).filter(|_| !matches!(check.what, What::Order(..)));
        contradiction || out.requires.iter().copied().chain(bill).any(|reg| !slot(registers, reg).is_known())
    }

    /// The value of a register in the first run.
    fn value(seen: &Seen<'_>, run: usize, reg: Reg) -> Linear {
        seen.runs.get(run).map_or(Linear::ZERO, |registers| slot(registers, reg).num)
    }

    fn too_wide(&mut self, check: &Check) {
        self.settle(&check.id, Proved::Open { why: text("数值超过128位", "numbers past 128 bits") });
    }

    fn conservation(&mut self, check: &Check, seen: &Seen<'_>) {
        let Some(bill) = &self.service.outputs.bill else { return };
        let mut rest = Self::value(seen, 0, bill.total);
        let parts = bill.parts.iter().map(|p| p.left);
        for reg in parts.chain(self.service.outputs.payments.iter().map(|p| p.paid)) {
            rest = rest.minus(Self::value(seen, 0, reg));
        }
        if rest == Linear::ZERO {
            return;
        }
        for side in [rest, Linear::ZERO.minus(rest)] {
            self.least(check, seen, &side, true, "the identity does not hold in a region without whole amounts");
        }
    }

    fn not_below_zero(&mut self, check: &Check, seen: &Seen<'_>) {
        let Some(bill) = &self.service.outputs.bill else { return };
        let parts = bill.parts.iter().flat_map(|p| [p.amount, p.left]);
        let all: Vec<Reg> = parts.chain(self.service.outputs.payments.iter().map(|p| p.paid)).collect();
        for reg in all {
            self.least(check, seen, &Self::value(seen, 0, reg), true, "an amount may be below zero before rounding");
        }
    }

    /// Refutes where a function is below zero (or at it, unless `closed`) somewhere in the region.
    fn least(&mut self, check: &Check, seen: &Seen<'_>, of: &Linear, closed: bool, otherwise: &str) {
        match seen.region.least(of) {
            Least::At(least, point) if least < Ratio::ZERO || (least.is_zero() && !closed) => {
                let counter = self.case_at(seen, &point, |_| Some((None, Vec::new())));
                self.refute(check, counter, otherwise);
            }
            Least::TooWide => self.too_wide(check),
            _ => {}
        }
    }

    fn refute(&mut self, check: &Check, counter: Option<Counter>, otherwise: &str) {
        let claims = &self.service.outputs.claims;
        let exempt = match &check.what {
            What::Holds(claim) | What::Order(claim, ..) => claim.exempt.clone(),
            What::NeverFalls(_) => claims.iter().find(|c| c.id == "never_falls").and_then(|c| c.exempt.clone()),
            _ => None,
        };
        let result = match (exempt, counter) {
            (Some(why), Some(counter)) => Proved::Exempt { why, counter },
            (None, Some(counter)) => Proved::Refuted { counter },
            (_, None) => Proved::Open { why: open_without_case(otherwise) },
        };
        self.settle(&check.id, result);
    }

    fn holds(&mut self, check: &Check, seen: &Seen<'_>, claim: &Claim) {
        let Some(registers) = seen.runs.first() else { return };
        let found = slot(registers, claim.holds);
        if found.is_true() || found.state == State::NotApplicable {
            return;
        }
        if !found.is_known() {
            let why = text("断言读到有些回答没有的值", "the claim reads a value that some inputs leave open");
            self.settle(&check.id, Proved::Open { why });
            return;
        }
        let Least::At(_, point) = seen.region.least(&Linear::ZERO) else { return };
        let counter = self.case_at(seen, &point, |encoded| {
            let run = self.run(encoded);
            run.registers.get(claim.holds as usize).filter(|s| s.is_false()).map(|_| (None, Vec::new()))
        });
        self.refute(check, counter, "the claim fails before rounding, in no case that was found");
    }

    fn never_falls(&mut self, check: &Check, seen: &Seen<'_>, total: usize) {
        let Some(bill) = &self.service.outputs.bill else { return };
        let rise = Self::value(seen, 1, bill.patient).minus(Self::value(seen, 0, bill.patient));
        match seen.region.least(&rise) {
            Least::At(least, point) if least < Ratio::ZERO => {
                let name = self.service.program.inputs.get(total).map(|i| i.name.clone()).unwrap_or_default();
                let counter = self.case_at(seen, &point, |encoded| {
                    let (other, amounts) = self.falls(encoded, total, bill.patient)?;
                    Some((Some((name.clone(), self.shown_input(total, other))), amounts))
                });
                self.refute(
                    check,
                    counter,
                    "the person's amount falls before rounding, in no two bills that were found",
                );
            }
            Least::TooWide => self.too_wide(check),
            _ => {}
        }
    }

    /// A higher bill on which the person pays less.
    fn falls(&self, encoded: &Encoded, total: usize, patient: Reg) -> Option<(i64, Vec<String>)> {
        let paid = |amount: i64| {
            let run = self.run(&with(encoded, &vec![(total, amount)]));
            let out = &self.service.outputs;
            let known = |reg: &Reg| run.registers.get(*reg as usize).is_some_and(|s| s.is_known());
            let slot = run.registers.get(patient as usize).filter(|s| s.is_known())?;
            out.requires.iter().all(known).then_some(slot.num)
        };
        let most = self.service.program.inputs.get(total)?.max;
        let first = (*encoded.inputs.get(total)?).ok()?;
        let here = paid(first)?;
        let mut step = 1_i64;
        while step <= 10_000_000_000 {
            let other = Ord::min(first.saturating_add(step), most);
            if let Some(less) = paid(other).filter(|there| *there < here) {
                return Some((other, vec![self.shown(patient, here), self.shown(patient, less)]));
            }
            step = step.saturating_mul(10);
        }
        None
    }

    fn order(&mut self, check: &Check, seen: &Seen<'_>, claim: &Claim, next: (usize, i64)) {
        let Some(order) = &claim.order else { return };
        let mut slots = seen.runs.iter().map(|run| slot(run, order.register));
        // Where the text gives the step no value there is nothing to compare.
        if slots.any(|s| !s.is_known()) {
            self.refused = self.refused.saturating_add(1);
            return;
        }
        let gap = Self::value(seen, 0, order.register).minus(Self::value(seen, 1, order.register));
        let (least, point) = match seen.region.least(&gap) {
            Least::At(least, point) => (least, point),
            Least::Empty => return,
            Least::TooWide => return self.too_wide(check),
        };
        if least > Ratio::ZERO || (least.is_zero() && !order.strict) {
            return;
        }
        let first = check.pairs().into_iter().next().unwrap_or_default();
        let counter = self.case_at(seen, &point, |encoded| {
            let value = |way: &Choice| {
                let run = self.run(&with(encoded, way));
                run.registers.get(order.register as usize).filter(|s| s.is_known()).map(|s| s.num)
            };
            let (a, b) = (value(&first)?, value(&vec![next])?);
            let other = words(self.engine.plan(), self.service, &vec![next]).pop()?;
            let shown = vec![self.shown(order.register, a), self.shown(order.register, b)];
            (a < b || (order.strict && a == b)).then_some((Some(other), shown))
        });
        let counter = counter.map(|mut counter| {
            counter.answers.extend(words(self.engine.plan(), self.service, &first));
            counter
        });
        self.refute(check, counter, "the order fails before rounding, in no case that was found");
    }

    fn shown(&self, reg: Reg, n: Wide) -> String {
        let shape = self.engine.shapes(self.index).and_then(|s| s.get(reg).ok());
        shape.map_or_else(|| n.to_string(), |s| value_of(s.kind, s.den, n))
    }

    fn shown_input(&self, at: usize, n: i64) -> String {
        let input = self.service.program.inputs.get(at);
        let (kind, den) = input.map_or((Kind::Money, 1), |i| (i.kind, i.den));
        value_of(kind, wide(den), wide(n))
    }

    /// A whole case at or beside a point, for which `shows` has something to show.
    fn case_at(
        &self,
        seen: &Seen<'_>,
        point: &Point,
        shows: impl Fn(&Encoded) -> Option<(Option<(String, String)>, Vec<String>)>,
    ) -> Option<Counter> {
        for whole in corners(point) {
            let bounded = seen.variables.iter().zip(&whole);
            let way: Choice = bounded.map(|((at, low, high), n)| (*at, Ord::clamp(*n, *low, *high))).collect();
            if let Some((against, amounts)) = shows(&with(seen.encoded, &way)) {
                let mut full = seen.choice.clone();
                full.extend(way);
                return Some(Counter { answers: words(self.engine.plan(), self.service, &full), against, amounts });
            }
        }
        None
    }
}

fn open_without_case(en: &str) -> Text {
    text("四舍五入之前不成立，没有找到整分的例子", en)
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
        all.truncate(512);
    }
    all
}
