//! Proofs over all inputs within their declared bounds.
//!
//! Finite facts are tried, amounts are kept as unknowns; every comparison that they leave open forks
//! the run (see [`Linear`](super::linear::Linear)). In each region that results every amount is one
//! linear function, so a property is decided there exactly. What is proved is the calculation before
//! rounding; rounding can move an amount by a fen per rounding and is reported as that.

use super::bounds::tried;
use super::domain::{Choice, Domain, domains, only_compared, with};
use super::form::{Followed, Fork, Turn};
use super::linear::{Linear, MOST_VARIABLES};
use super::property::{Check, checks, slot};
use super::region::Region;
use crate::case::Encoded;
use crate::decision::{Engine, FUNCTION, MOST_WORK_OF_AUTHORS, Run, Work, instructions, missing_for};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::evaluate::{Answers, Slot, evaluate};
use crate::number::{Number, wide};
use crate::plan::{Constraint, Instr, Kind, Linked, Program, Reg, Service, State, Text};
use core::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

const MOST_COMBINATIONS: usize = 20_000;
const MOST_REGIONS: usize = 200_000;

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
        why: Text,
    },
}

/// A concrete counter-example, which can be replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// Answers.
    pub answers: Vec<(String, String)>,
    /// For a property of two cases: the other answer to the fact in which they differ.
    pub against: Option<(String, String)>,
    /// What comes out on the first and on the second.
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
    pub uncovered: Vec<Text>,
    /// How far rounding can move an amount from what is proved, in fen.
    pub rounding: i64,
}

/// Registers of a run.
pub(super) type Registers = Vec<Slot<Linear>>;

/// An open amount: its input and bounds.
pub(super) type Variable = (usize, i64, i64);

/// A region with the run (or two) that leads to it.
pub(super) struct Seen<'s> {
    pub(super) encoded: &'s Encoded,
    pub(super) choice: &'s Choice,
    pub(super) variables: &'s [Variable],
    pub(super) region: &'s Region,
    pub(super) runs: &'s [Registers],
    pub(super) broken: &'s [Reg],
}

pub(super) struct Prover<'a> {
    pub(super) engine: &'a Engine,
    pub(super) index: usize,
    pub(super) service: &'a Service,
    linked: Linked<Linear>,
    work: &'a Work,
    /// Numbers that regions calculated since work was counted last.
    regions_done: Rc<Cell<u64>>,
    combinations: usize,
    regions: usize,
    pub(super) refused: usize,
    uncovered: Vec<Text>,
    /// Inputs of which only some figures are tried.
    tried: Vec<usize>,
    /// Inputs that a product of two unknowns reads.
    factors: BTreeSet<usize>,
    results: Vec<Property>,
}

pub(super) fn text(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text { zh: zh.into(), en: en.into() }
}

/// Proves the general properties of a settlement and the claims of a service.
///
/// ```
/// use yibao_rules::analyse::{Proved, prove};
/// # use yibao_rules::{compile::{Library, Pack}, decision::Engine};
/// # let mut library = Library::new();
/// # library.add_vocabulary("v", &std::fs::read("packs/vocabulary.yaml").unwrap()).unwrap();
/// # let pack = std::fs::read("packs/anhui-suzhou-resident/pack.yaml").unwrap();
/// # let engine = Engine::load(Pack::parse("p", &pack, &library).unwrap().into_plan()).unwrap();
/// let proof = prove(&engine, "inpatient").unwrap();
/// let never_falls = proof.properties.iter().find(|p| p.id == "never_falls:total").unwrap();
/// assert_eq!(never_falls.result, Proved::Proved);
/// ```
///
/// # Errors
/// Where the service does not exist.
pub fn prove(engine: &Engine, service: &str) -> Result<Proof, Diagnostics> {
    prove_with(engine, service, &Work::of(MOST_WORK_OF_AUTHORS))
}

/// The same with a budget: what it does not suffice for stays open, and the proof says so.
///
/// # Errors
/// As [`prove`].
pub fn prove_with(engine: &Engine, service: &str, work: &Work) -> Result<Proof, Diagnostics> {
    let (index, found) = engine.service(service)?;
    let broken = || Diagnostics::from(Diagnostic::error("internal", "the plan does not link"));
    let linked = engine.linked(index).ok_or_else(broken)?;
    let checks = checks(found);
    // An order of three options is two checks of one property.
    let mut results: Vec<Property> = Vec::new();
    for check in checks.iter().filter(|c| !c.goes_on) {
        results.push(Property { id: check.id.clone(), result: Proved::Proved });
    }
    let mut prover = Prover {
        engine,
        index,
        service: found,
        linked,
        work,
        regions_done: Rc::default(),
        combinations: 0,
        regions: 0,
        refused: 0,
        uncovered: Vec::new(),
        tried: Vec::new(),
        factors: BTreeSet::new(),
        results,
    };
    if found.program.lists.is_empty() {
        prover.all(&checks);
        prover.try_figures(&checks);
    } else {
        prover.leave(text(
            "清单：任意多行的账单不在证明范围内",
            "lists: a bill of any number of lines is beyond this proof",
        ));
        for check in &checks {
            prover.open(&check.id, text("这项服务要读清单", "the service reads a list"));
        }
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

impl Prover<'_> {
    fn all(&mut self, checks: &[Check]) {
        // Open parameters are inputs like any other here: what is proved holds whatever they turn out to be.
        let inputs = self.service.program.inputs.iter().map(|_| Err(State::Unknown)).collect();
        let encoded = Encoded { inputs, ..Encoded::default() };
        for check in checks {
            let mut open = vec![(encoded.clone(), Vec::new())];
            while let Some((answers, choice)) = open.pop() {
                open.extend(self.visit(check, &answers, &choice).into_iter().rev());
            }
        }
    }

    /// What a product of two unknowns left open is tried again at a few figures of one of them: a case
    /// that breaks a property is one, whatever was tried; one that breaks none proves nothing.
    fn try_figures(&mut self, checks: &[Check]) {
        let named = |at: &usize| {
            let input = self.service.program.inputs.get(*at);
            let factor =
                |kind: Kind| matches!(kind, Kind::Rate | Kind::Number | Kind::Points | Kind::Days | Kind::Months);
            input.filter(|i| factor(i.kind)).map(|i| i.name.clone())
        };
        let names: Vec<String> = self.factors.iter().filter_map(named).collect();
        let open: Vec<Property> = self.results.iter().filter(|p| is_open(p)).cloned().collect();
        if names.is_empty() || open.is_empty() {
            return;
        }
        self.tried = self.factors.iter().copied().filter(|at| named(at).is_some()).collect();
        let again: Vec<Check> = checks.iter().filter(|c| open.iter().any(|p| p.id == c.id)).cloned().collect();
        for property in &mut self.results {
            if is_open(property) {
                property.result = Proved::Proved;
            }
        }
        self.all(&again);
        let figures = names.join(" ");
        let why = text(
            format!("{figures} 只试了几个数值：试过的都成立，其余没有证明"),
            format!("only some figures of {figures} were tried: it holds for those, for others it is not shown"),
        );
        for property in &open {
            if self.is_proved(&property.id) {
                self.open(&property.id, why.clone());
            }
        }
        self.leave(why);
    }

    pub(super) fn leave(&mut self, what: Text) {
        if !self.uncovered.contains(&what) {
            self.uncovered.push(what);
        }
    }

    fn open(&mut self, id: &str, why: Text) {
        if self.is_proved(id) {
            self.settle(id, Proved::Open { why });
        }
    }

    pub(super) fn settle(&mut self, id: &str, result: Proved) {
        if let Some(property) = self.results.iter_mut().find(|p| p.id == id)
            && (property.result == Proved::Proved || is_open(property))
        {
            property.result = result;
        }
    }

    pub(super) fn is_proved(&self, id: &str) -> bool {
        self.results.iter().any(|p| p.id == id && p.result == Proved::Proved)
    }

    /// Runs the service on answers as they are.
    pub(super) fn run(&self, encoded: &Encoded) -> Run {
        let run = self.engine.run(self.index, encoded);
        let known = |reg: Reg| run.registers.get(reg as usize).is_some_and(Slot::is_known);
        self.work.count(instructions(self.engine, self.index, encoded, &known));
        run
    }

    /// Leaves a property open, and says so of the proof.
    fn give_up(&mut self, check: &Check, why: Text) {
        self.leave(why.clone());
        self.open(&check.id, why);
    }

    /// Whether there is work left; if not, the property stays open.
    fn goes_on(&mut self, check: &Check) -> bool {
        self.work.count(self.regions_done.take());
        let is_left = self.work.is_left();
        if !is_left {
            let why = text("要算的太多", "more would have to be calculated than a proof may take");
            self.give_up(check, why);
        }
        is_left
    }

    /// Tries finite facts, one after another, as far as the property depends on them: what is left to try.
    fn visit(&mut self, check: &Check, encoded: &Encoded, choice: &Choice) -> Vec<(Encoded, Choice)> {
        if !self.is_proved(&check.id) || !self.goes_on(check) {
            return Vec::new();
        }
        if self.combinations > MOST_COMBINATIONS {
            let why = text("事实的组合太多", format!("more than {MOST_COMBINATIONS} combinations of facts"));
            self.give_up(check, why);
            return Vec::new();
        }
        let mut names: Vec<String> = Vec::new();
        let pairs = check.pairs();
        for way in &pairs {
            let run = self.run(&with(encoded, way));
            for name in missing_for(self.engine, self.index, &run, &check.roots) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let mut open = domains(self.engine.plan(), self.service, encoded, &names);
        self.work.count(tried(self.engine.plan(), self.service, &names, &open));
        for domain in &mut open {
            self.figures(domain);
        }
        if let Some(domain) = open.iter().find(|d| !d.choices.is_empty()) {
            self.calculated_days(check, domain);
            let next = |way: &Choice| (with(encoded, way), choice.iter().chain(way).copied().collect());
            return domain.choices.iter().map(next).collect();
        }
        self.combinations = self.combinations.saturating_add(1);
        let variables: Vec<Variable> = open.iter().filter_map(|d| d.range).collect();
        if variables.len() > MOST_VARIABLES {
            let why = text(
                format!("同时有 {} 个未定金额，最多 {MOST_VARIABLES} 个", variables.len()),
                format!("{} amounts at once, at most {MOST_VARIABLES} are followed", variables.len()),
            );
            self.give_up(check, why);
            return Vec::new();
        }
        self.regions(check, encoded, choice, &variables);
        Vec::new()
    }

    /// What to try of an input: a few figures where its product with another unknown has no straight
    /// function; none of a day that is only counted from, which is an unknown like an amount.
    fn figures(&self, domain: &mut Domain) {
        let Some((at, low, high)) = domain.range else { return };
        if self.tried.contains(&at) {
            let third = high.saturating_sub(low).checked_div(3).unwrap_or(0);
            let mut all = vec![low, low.saturating_add(third), high.saturating_sub(third), high];
            all.dedup();
            domain.choices = all.into_iter().map(|n| vec![(at, n)]).collect();
        } else if !domain.choices.is_empty() && !only_compared(self.service, at) && self.is_counted(at) {
            domain.choices.clear();
        }
    }

    /// Whether no calendar enters into what is made of a day.
    fn is_counted(&self, at: usize) -> bool {
        let program = &self.service.program;
        super::curve::calendar(program).into_iter().all(|reg| inputs_of(program, reg).all(|input| input != at))
    }

    /// A day from which months or years are counted has more than finitely many cases; the days tried
    /// stand for themselves only.
    fn calculated_days(&mut self, check: &Check, domain: &Domain) {
        let Some((at, ..)) = domain.range.filter(|(at, ..)| !self.tried.contains(at)) else { return };
        if only_compared(self.service, at) {
            return;
        }
        let why = text(
            format!("要用 `{}` 数年月，只试了规则写明的日期前后", domain.fact),
            format!(
                "months or years are counted from `{}`; only days at the edges that the rules name are followed",
                domain.fact
            ),
        );
        self.give_up(check, why);
    }

    fn slots(&self, encoded: &Encoded, variables: &[Variable], rise: Option<usize>) -> Answers<Linear> {
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
            let more = Linear::fixed(wide(i64::from(rise == Some(*at))));
            if let Some(slot) = inputs.get_mut(*at) {
                *slot = Slot::known(Linear::variable(i).plus(more));
            }
        }
        Answers { inputs, lists: Vec::new() }
    }

    /// Looks at every region once.
    fn regions(&mut self, check: &Check, encoded: &Encoded, choice: &Choice, variables: &[Variable]) {
        let rise = check.rises().filter(|total| variables.iter().any(|(at, low, high)| at == total && low < high));
        if check.rises().is_some() && rise.is_none() {
            return;
        }
        // The second bill is one fen higher.
        let bound = |(at, low, high): &Variable| {
            (*low, if rise == Some(*at) { Ord::max(high.saturating_sub(1), *low) } else { *high })
        };
        let start = Region::new(variables.iter().map(bound).collect(), self.regions_done.clone());
        let answers: Vec<Answers<Linear>> = match rise {
            Some(_) => vec![self.slots(encoded, variables, None), self.slots(encoded, variables, rise)],
            None => check.pairs().iter().map(|way| self.slots(&with(encoded, way), variables, None)).collect(),
        };
        // First where no answers contradict each other, then each such region for itself: a comparison further on
        // is not followed where nobody is.
        let mut starts: Vec<Region> = Vec::new();
        let constraints = &self.service.outputs.constraints;
        self.explore(check, encoded, (&check.guards, &start), &answers, &mut |_, followed, runs| {
            let wrong = |c: &Constraint| runs.iter().any(|run| slot(run, c.holds).is_false());
            if !constraints.iter().any(wrong) || !followed.broken.is_empty() {
                starts.push(followed.region.clone());
            }
        });
        for start in &starts {
            self.explore(check, encoded, (&check.reads, start), &answers, &mut |prover, followed, runs| {
                let (region, broken) = (&followed.region, followed.broken.as_slice());
                prover.look(check, &Seen { encoded, choice, variables, region, runs, broken });
            });
        }
    }

    /// Every region once, with its runs, as long as the property may still be proved.
    fn explore(
        &mut self,
        check: &Check,
        encoded: &Encoded,
        (reads, start): (&Rc<[bool]>, &Region),
        answers: &[Answers<Linear>],
        each: &mut dyn FnMut(&mut Self, &Followed, &[Registers]),
    ) {
        let mut script: Vec<Turn> = Vec::new();
        while self.is_proved(&check.id) && self.goes_on(check) {
            self.regions = self.regions.saturating_add(1);
            if self.regions > MOST_REGIONS {
                let why = text("金额的区域太多", format!("more than {MOST_REGIONS} regions of amounts"));
                return self.give_up(check, why);
            }
            let fork = Fork::new(reads.clone(), start.clone(), script);
            let mut runs: Vec<Registers> = Vec::new();
            for answers in answers {
                let mut registers = Vec::new();
                evaluate(&self.linked, &self.engine.plan().groups, answers, &mut registers, &fork);
                let known = |reg: Reg| registers.get(reg as usize).is_some_and(Slot::is_known);
                let instructions = instructions(self.engine, self.index, encoded, &known);
                self.work.count(instructions.saturating_mul(FUNCTION));
                runs.push(registers);
            }
            let followed = fork.finish();
            each(self, &followed, &runs);
            // The next way not yet gone: the last turn that has one.
            script = followed.script;
            while script.last_mut().is_some_and(|turn| !turn.advance()) {
                script.pop();
            }
            if script.is_empty() {
                return;
            }
        }
    }

    /// The property is not decided: this register is no straight function of the amounts.
    pub(super) fn not_straight(&mut self, check: &Check, register: Reg) {
        self.factors.extend(inputs_of(&self.service.program, register));
        let step = super::curve::step_of(self.service, register).map_or("?", |s| s.id.as_str());
        let why = text(
            format!("`{step}` 把两个未定的数相乘，不是金额的直线函数"),
            format!("`{step}` multiplies two unknowns: it is no straight function of the amounts"),
        );
        self.give_up(check, why);
    }
}

fn is_open(property: &Property) -> bool {
    matches!(property.result, Proved::Open { .. })
}

/// Inputs that a register reads.
fn inputs_of(program: &Program, register: Reg) -> impl Iterator<Item = usize> {
    let inputs = program.inputs.len();
    super::curve::closure(program, register).into_iter().map(|reg| reg as usize).filter(move |at| *at < inputs)
}

/// The unit that an instruction rounds to.
fn rounds(instr: &Instr) -> Option<(i64, i64)> {
    match instr {
        Instr::Round(_, _, num, den) | Instr::DivRound(_, _, _, num, den) => Some((*num, *den)),
        Instr::Bands { totals: Some(_), .. } => Some((2, 1)),
        _ => None,
    }
}
