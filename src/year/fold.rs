//! The fold itself.

use super::check::{check, span};
use super::ledger::Balances;
use super::split::{Piece, SplitError, pieces};
use super::view::{EncounterView, PieceView, YearView};
use crate::case::{Answer, AnswerKind, Case, Encoded, Named, encode, value_of};
use crate::date::Date;
use crate::decision::{Decision, Engine, Outcome, Refusal, decide_placed, place_of, posted};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, clipped};
use crate::evaluate::Slot;
use crate::number::format_fen;
use crate::plan::{CrossesYear, Input, Service, State, Text};
use std::collections::BTreeMap;

/// One stay or visit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Encounter {
    /// Id.
    pub id: String,
    /// Service.
    pub service: String,
    /// The encounter it follows (a transfer).
    pub follows: Option<String>,
    /// Answers.
    pub case: Case,
    /// Where it stands.
    pub place: Option<Place>,
}

/// A year's encounters.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct YearCase {
    /// Balances before the first encounter; `None`: there was none before it. [`OPENING_DAY`] among them is the day
    /// they are of.
    pub opening: Option<Named>,
    /// Encounters in order.
    pub encounters: Vec<Encounter>,
    /// Figures tried for open parameters, for all encounters.
    pub parameters: Named,
}

/// The name under which opening balances say of which day they are. It is no entry of a ledger.
pub const OPENING_DAY: &str = "as_of";

/// How often attached facts may make the fold repeat; each repeat settles at least one more stay.
const MOST_PASSES: usize = 64;
/// Most encounters of one year.
const MOST_ENCOUNTERS: usize = 1_000;

/// What a later stay may read of one that is decided.
type Carried = Vec<Option<(Slot<i128>, i128)>>;
/// Facts attached to encounters: (encounter, fact) to the value's number or state.
type Attached = BTreeMap<(usize, String), Result<i64, State>>;

/// Folds a year.
///
/// # Errors
/// Encounters out of order, overlapping, ending before they begin, following what is not there;
/// answers that are none; balances beyond their bounds.
pub fn year(engine: &Engine, case: &YearCase) -> Result<YearView, Diagnostics> {
    if case.encounters.len() > MOST_ENCOUNTERS {
        let message = format!("{} encounters, at most {MOST_ENCOUNTERS} are taken", case.encounters.len());
        return Err(Diagnostics::from(
            Diagnostic::error("too-many-encounters", message)
                .help("a year is one person's: ask each person's stays apart"),
        ));
    }
    let mut problems = check(engine, &case.encounters);
    problems.append(opening_day(engine, case));
    let encoded = encode_all(engine, case, &mut problems);
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    let fold = Fold { engine, case, encoded };
    let mut attached = Attached::new();
    let first = fold.pass(&attached)?;
    let mut last = first.clone();
    for _ in 0..MOST_PASSES {
        if last.attached == attached {
            return Ok(fold.view(first, last));
        }
        attached = last.attached.clone();
        last = fold.pass(&attached)?;
    }
    let message = "what later stays attach to earlier ones does not come to rest: each changes the other";
    Err(Diagnostics::from(
        Diagnostic::error("attaches-without-end", message)
            .help("this is a fault of the pack: what a stay attaches must not depend on what it changes"),
    ))
}

/// What is wrong with the day of the opening balances: no day, a day after the first encounter begins, or a day of
/// another settlement year, whose sums say nothing about this one.
fn opening_day(engine: &Engine, case: &YearCase) -> Diagnostics {
    let mut problems = Diagnostics::new();
    let Some((_, answer)) = case.opening.iter().flatten().find(|(name, _)| name == OPENING_DAY) else {
        return problems;
    };
    let mut report = |code: &'static str, message: String, help: &str| {
        let problem = Diagnostic::error(code, message).help(help);
        problems.push(match &answer.place {
            Some(place) => problem.at(place.clone()),
            None => problem,
        });
    };
    let day = match &answer.kind {
        AnswerKind::Text(text) => Date::parse(text).map_err(|e| e.to_string()),
        _ => Err(format!("{} is not a date", answer.word())),
    };
    let day = match day {
        Ok(day) => day,
        Err(message) => {
            report("bad-date", format!("`{OPENING_DAY}`: {message}"), "write 2023-06-16");
            return problems;
        }
    };
    let first = case.encounters.iter().find_map(|e| Some((e, span(engine, e).from?)));
    let Some((encounter, from)) = first else { return problems };
    if day > from {
        let message = format!("the opening balances are of {day}, after encounter `{}` begins on {from}", encounter.id);
        report(
            "ledger-contradiction",
            message,
            "balances of a later day hold this encounter already: leave it out, or give the balances from before it",
        );
    } else if let Some(year) = engine.plan().ledger.as_ref().map(|ledger| ledger.year) {
        let (then, now) = (year.year_start(day), year.year_start(from));
        if then != now {
            let message = format!(
                "the opening balances are of {day}, the settlement year of encounter `{}` began on {now}",
                encounter.id
            );
            report(
                "ledger-contradiction",
                message,
                "a new settlement year begins with empty balances: give those of this year, or none",
            );
        }
    }
    problems
}

fn encode_all(engine: &Engine, case: &YearCase, problems: &mut Diagnostics) -> Vec<(usize, Encoded)> {
    let mut all = Vec::new();
    for encounter in &case.encounters {
        let mut full = encounter.case.clone();
        full.parameters.extend(case.parameters.iter().cloned());
        match engine
            .service(&encounter.service)
            .and_then(|(i, service)| Ok((i, encode(engine.plan(), service, &full)?)))
        {
            Ok(found) => all.push(found),
            Err(e) => problems.append(located(e, encounter)),
        }
    }
    all
}

/// Problems of an encounter's answers, with the encounter's place where they have none.
fn located(problems: Diagnostics, encounter: &Encounter) -> Diagnostics {
    problems
        .iter()
        .map(|d| {
            let mut d = d.clone();
            if d.place.is_none() {
                d.message = format!("encounter `{}`: {}", encounter.id, d.message);
                d.place.clone_from(&encounter.place);
            }
            d
        })
        .collect()
}

struct Fold<'a> {
    engine: &'a Engine,
    case: &'a YearCase,
    encoded: Vec<(usize, Encoded)>,
}

#[derive(Clone)]
struct Pass {
    encounters: Vec<EncounterView>,
    attached: Attached,
}

impl<'a> Fold<'a> {
    fn service(&self, at: usize) -> Option<(usize, &'a Service)> {
        let index = self.encoded.get(at)?.0;
        Some((index, self.engine.plan().services.get(index)?))
    }

    fn declared(&self, name: &str) -> Option<Input> {
        let services = &self.engine.plan().services;
        services.iter().flat_map(|s| &s.program.inputs).find(|i| i.name == name).cloned()
    }

    /// A balance posted but read by no service still counts; its bounds are then open.
    fn entry(&self, name: &str) -> Option<Input> {
        let open = || {
            let plan = self.engine.plan();
            let id = name.strip_prefix("ledger.")?;
            let at = plan.ledger.as_ref()?.entries.iter().position(|e| e.id == id)?;
            let (service, reg) = plan
                .services
                .iter()
                .enumerate()
                .find_map(|(i, s)| Some((i, s.outputs.posts.iter().find(|(e, _)| *e as usize == at)?.1)))?;
            let shape = self.engine.shapes(service)?.get(reg).ok()?.clone();
            let den = i64::try_from(shape.den).ok()?;
            Some(Input {
                name: name.into(),
                kind: shape.kind,
                den,
                min: 0,
                max: crate::plan::MOST,
                only: Vec::new(),
                absent: State::Unknown,
                reason: 0,
            })
        };
        self.declared(name).or_else(open)
    }

    fn opening(&self) -> Result<Balances, Diagnostics> {
        let mut balances = Balances::new(self.engine.plan().ledger.as_ref(), |name| self.entry(name));
        let Some(opening) = &self.case.opening else { return Ok(balances) };
        // Opening balances are checked like any answer, against a service that reads them.
        let mut problems = Diagnostics::new();
        for (name, answer) in opening.iter().filter(|(name, _)| name != OPENING_DAY) {
            let input = self.entry(&format!("ledger.{name}"));
            let Some(input) = input else {
                problems.push(self.unknown_entry(name, answer));
                continue;
            };
            let program = crate::plan::Program { inputs: vec![input.clone()], ..Default::default() };
            let service = Service { program, ..blank_service() };
            let case = Case { ledger: vec![(name.clone(), answer.clone())], ..Case::default() };
            match encode(self.engine.plan(), &service, &case) {
                Ok(encoded) => {
                    if let (Some(balance), Some(value)) =
                        (balances.all.iter_mut().find(|b| b.input.name == input.name), encoded.inputs.first())
                    {
                        balance.value = *value;
                    }
                }
                Err(e) => problems.append(e),
            }
        }
        if problems.has_errors() { Err(problems.sorted()) } else { Ok(balances) }
    }

    fn unknown_entry(&self, name: &str, answer: &Answer) -> Diagnostic {
        let entries =
            self.engine.plan().ledger.iter().flat_map(|ledger| &ledger.entries).map(|entry| entry.id.as_str());
        let problem = Diagnostic::error("unknown-entry", format!("the ledger has no entry `{}`", clipped(name)))
            .meant(name, entries);
        match &answer.place {
            Some(place) => problem.at(place.clone()),
            None => problem,
        }
    }

    fn pass(&self, attached: &Attached) -> Result<Pass, Diagnostics> {
        let plan = self.engine.plan();
        let mut balances = self.opening()?;
        let mut carried: Vec<Carried> = Vec::new();
        let mut next = Attached::new();
        let mut views = Vec::new();
        for (i, encounter) in self.case.encounters.iter().enumerate() {
            let Some((index, service)) = self.service(i) else { continue };
            let Some((_, encoded)) = self.encoded.get(i) else { continue };
            let mut encoded = encoded.clone();
            self.attach(service, i, attached, &mut encoded);
            let earlier = self.earlier(i, encounter);
            self.link(service, &mut encoded, earlier.and_then(|at| carried.get(at)));
            within_bounds(service, &encoded, encounter)?;
            let days = span(self.engine, encounter);
            let day = if service.crosses_year == CrossesYear::Discharge { days.to } else { days.from };
            let before_turn = {
                balances.turn(plan.ledger.as_ref(), day);
                balances.view()
            };
            let mut decided = Vec::new();
            let mut kept: Carried = Vec::new();
            for (piece, refused) in self.pieces(service, &encoded) {
                if piece.from != days.from {
                    balances.turn(plan.ledger.as_ref(), piece.from);
                }
                let (decision, run) = self
                    .decide(index, service, piece.encoded, &balances, &refused, encounter)
                    .map_err(|e| located(e, encounter))?;
                self.post(index, service, &run, &mut balances);
                kept = service
                    .outputs
                    .previous
                    .iter()
                    .map(|reg| reg.and_then(|reg| self.carried(index, &run, reg)))
                    .collect();
                self.attaches(index, service, &run, encounter, &mut next)?;
                decided.push(PieceView { from: piece.from, until: piece.until, decision });
            }
            if let Some(entry) = balances.beyond() {
                let problem =
                    Diagnostic::error("ledger-contradiction", format!("after encounter `{}` {entry}", encounter.id))
                        .help("check the opening balances and the bills; if they are right, the pack's bound is wrong");
                return Err(Diagnostics::from(match &encounter.place {
                    Some(place) => problem.at(place.clone()),
                    None => problem,
                }));
            }
            carried.push(kept);
            views.push(EncounterView {
                id: encounter.id.clone(),
                follows: encounter.follows.clone(),
                before: before_turn,
                after: balances.view(),
                pieces: decided,
                credit: None,
            });
        }
        Ok(Pass { encounters: views, attached: next })
    }

    /// The stay that `previous` means: the one named, else the one just before.
    fn earlier(&self, i: usize, encounter: &Encounter) -> Option<usize> {
        match &encounter.follows {
            Some(id) => self.case.encounters.iter().position(|e| e.id == *id),
            None => i.checked_sub(1),
        }
    }

    fn attach(&self, service: &Service, i: usize, attached: &Attached, encoded: &mut Encoded) {
        let attachable: Vec<&str> =
            self.engine.plan().services.iter().flat_map(|s| &s.outputs.attaches).map(|(f, _)| f.as_str()).collect();
        for (input, slot) in service.program.inputs.iter().zip(&mut encoded.inputs) {
            match attached.get(&(i, input.name.clone())) {
                Some(value) => *slot = *value,
                // Until a later stay says otherwise, nothing has happened after this one.
                None if slot.is_err()
                    && input.kind == crate::plan::Kind::Bool
                    && attachable.contains(&input.name.as_str()) =>
                {
                    *slot = Ok(0)
                }
                None => {}
            }
        }
    }

    fn link(&self, service: &Service, encoded: &mut Encoded, kept: Option<&Carried>) {
        for (input, slot) in service.program.inputs.iter().zip(&mut encoded.inputs) {
            let Some(name) = input.name.strip_prefix("previous.") else { continue };
            if slot.is_ok() {
                continue;
            }
            let at = self.engine.plan().previous.iter().position(|p| p.id == name);
            let value = at.and_then(|at| kept.and_then(|k| k.get(at)).copied().flatten());
            *slot = match value {
                Some((value, den)) if value.is_known() => i128::from(input.den)
                    .checked_div(den)
                    .and_then(|by| value.num.checked_mul(by))
                    .and_then(|n| i64::try_from(n).ok())
                    .ok_or(State::Failed),
                Some((value, _)) => Err(value.state),
                // There is no earlier stay, or its service has no such value.
                None => Err(State::NotApplicable),
            };
        }
    }

    fn pieces(&self, service: &Service, encoded: &Encoded) -> Vec<(Piece, Vec<Refusal>)> {
        match pieces(service, self.engine.plan().ledger.as_ref(), encoded) {
            Ok(all) => all.into_iter().map(|piece| (piece, Vec::new())).collect(),
            Err(why) => {
                let (zh, en) = match why {
                    SplitError::NoLines => {
                        ("这次住院要分段计算，须有逐日费用", "this stay is settled in pieces and needs dated lines")
                    }
                    SplitError::StrayLine => {
                        ("逐日费用中有没有日期或不在住院期间的一行", "a line has no day, or one outside the stay")
                    }
                };
                let refusal = Refusal {
                    code: "needs-lines".into(),
                    text: Text { zh: zh.into(), en: en.into() },
                    step: None,
                    cites: Vec::new(),
                };
                vec![(Piece { from: None, until: None, encoded: encoded.clone() }, vec![refusal])]
            }
        }
    }

    fn decide(
        &self,
        index: usize,
        service: &Service,
        mut encoded: Encoded,
        balances: &Balances,
        refused: &[Refusal],
        encounter: &Encounter,
    ) -> Result<(Decision, crate::decision::Run), Diagnostics> {
        for (input, slot) in service.program.inputs.iter().zip(&mut encoded.inputs) {
            if let Some(balance) = balances.all.iter().find(|b| b.input.name == input.name) {
                *slot = balance.value;
            }
        }
        let decision =
            decide_placed(self.engine, index, service, &encoded, refused, &|fact| place_of(&encounter.case, fact))?;
        Ok((decision, self.engine.run(index, &encoded)))
    }

    fn post(&self, index: usize, service: &Service, run: &crate::decision::Run, balances: &mut Balances) {
        let entries = self.engine.plan().ledger.as_ref().map(|l| l.entries.as_slice()).unwrap_or_default();
        for (entry, reg) in &service.outputs.posts {
            let (Some(entry), Some((slot, den))) = (entries.get(*entry as usize), self.carried(index, run, *reg))
            else {
                continue;
            };
            balances.post(&entry.id, slot, den);
        }
    }

    fn carried(&self, index: usize, run: &crate::decision::Run, reg: u32) -> Option<(Slot<i128>, i128)> {
        let den = self.engine.shapes(index)?.get(reg).ok()?.den;
        Some((posted(run, reg), den))
    }

    /// Facts that this encounter writes into the one it follows.
    fn attaches(
        &self,
        index: usize,
        service: &Service,
        run: &crate::decision::Run,
        encounter: &Encounter,
        next: &mut Attached,
    ) -> Result<(), Diagnostics> {
        let followed = encounter.follows.as_ref().and_then(|id| self.case.encounters.iter().position(|e| e.id == *id));
        for (fact, reg) in &service.outputs.attaches {
            let Some((slot, den)) = self.carried(index, run, *reg) else { continue };
            // A fact that is false changes nothing.
            if slot.is_false() {
                continue;
            }
            let Some(at) = followed else {
                if slot.is_known() {
                    let problem = Diagnostic::error(
                        "transfer-without-stay",
                        format!("encounter `{}` comes from another stay and does not say which", encounter.id),
                    )
                    .help("name that stay under `follows` and list it before this one");
                    return Err(Diagnostics::from(match &encounter.place {
                        Some(place) => problem.at(place.clone()),
                        None => problem,
                    }));
                }
                continue;
            };
            let Some((_, target)) = self.service(at) else { continue };
            let Some(input) = target.program.inputs.iter().find(|i| i.name == *fact) else { continue };
            let scaled = i128::from(input.den)
                .checked_div(den)
                .and_then(|by| slot.num.checked_mul(by))
                .and_then(|n| i64::try_from(n).ok());
            next.insert(
                (at, fact.clone()),
                if slot.is_known() { scaled.ok_or(State::Failed) } else { Err(slot.state) },
            );
        }
        Ok(())
    }

    fn view(&self, first: Pass, last: Pass) -> YearView {
        let mut encounters = last.encounters;
        for (now, then) in encounters.iter_mut().zip(&first.encounters) {
            now.credit = net_of(then)
                .zip(net_of(now))
                .and_then(|(then, now)| (then != now).then(|| format_fen(then.saturating_sub(now))));
        }
        let sum = |f: &dyn Fn(&EncounterView) -> Option<i128>| {
            encounters.iter().map(f).try_fold(0_i128, |sum, next| next.map(|n| sum.saturating_add(n))).map(format_fen)
        };
        let (net, paid) = (sum(&net_of), sum(&paid_of));
        YearView { net, paid, opening_given: self.case.opening.is_some(), encounters }
    }
}

/// What was linked or attached must lie within the bounds that every calculation was proved for.
fn within_bounds(service: &Service, encoded: &Encoded, encounter: &Encounter) -> Result<(), Diagnostics> {
    for (input, slot) in service.program.inputs.iter().zip(&encoded.inputs) {
        let Some(n) = slot.as_ref().ok().filter(|n| **n < input.min || **n > input.max) else { continue };
        // The service date may lie outside the pack's period: that is refused with the period.
        if input.kind == crate::plan::Kind::Date {
            continue;
        }
        let text = |n: i64| value_of(input.kind, i128::from(input.den), i128::from(n));
        let message = format!(
            "encounter `{}`: `{}` comes to {}, it can be from {} to {}",
            encounter.id,
            input.name,
            text(*n),
            text(input.min),
            text(input.max)
        );
        let problem = Diagnostic::error("ledger-contradiction", message);
        return Err(Diagnostics::from(match &encounter.place {
            Some(place) => problem.at(place.clone()),
            None => problem,
        }));
    }
    Ok(())
}

fn fen(text: &str) -> Option<i128> {
    text.replace('.', "").parse().ok()
}

/// What an encounter costs the person, benefits taken off.
fn net_of(encounter: &EncounterView) -> Option<i128> {
    encounter
        .pieces
        .iter()
        .map(|p| {
            (p.decision.outcome == Outcome::Computed).then(|| fen(&p.decision.amounts.as_ref()?.net.text)).flatten()
        })
        .try_fold(0_i128, |sum, n| n.map(|n| sum.saturating_add(n)))
}

fn paid_of(encounter: &EncounterView) -> Option<i128> {
    let of = |d: &Decision| -> Option<i128> {
        let amounts = d.amounts.as_ref().filter(|_| d.outcome == Outcome::Computed)?;
        amounts
            .payments
            .iter()
            .filter(|p| !p.own)
            .map(|p| fen(&p.amount.text))
            .try_fold(0_i128, |sum, n| n.map(|n| sum.saturating_add(n)))
    };
    encounter.pieces.iter().map(|p| of(&p.decision)).try_fold(0_i128, |sum, n| n.map(|n| sum.saturating_add(n)))
}

fn blank_service() -> Service {
    Service {
        id: String::new(),
        title: Text::default(),
        kind: crate::plan::ServiceKind::Indicator,
        topic: None,
        officer: false,
        as_of: None,
        ends: None,
        crosses_year: CrossesYear::Refuse,
        split_days: None,
        split_lines: None,
        program: crate::plan::Program::default(),
        reasons: Vec::new(),
        steps: Vec::new(),
        outputs: crate::plan::Outputs::default(),
    }
}
