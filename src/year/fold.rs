//! The fold itself.

use super::check::{check, span};
use super::ledger::{Account, Balance, Balances, Carried, accounts, comes_to, opening};
use super::split::{Piece, pieces};
use super::view::{EncounterView, PieceView, YearView};
use crate::case::{AnswerKind, Case, Encoded, Named, encode_trying};
use crate::date::Date;
use crate::decision::{
    Amounts, Engine, MOST_WORK_OF_A_YEAR, Outcome, Refusal, Run, WRITING, Work, decide_placed, instructions, place_of,
    posted, reason_in, reason_of,
};
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::evaluate::Slot;
use crate::number::{Wide, format_fen, wide};
use crate::plan::{CrossesYear, Kind, Reg, Service, State};

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

impl Encounter {
    /// A problem of this encounter.
    pub(super) fn fault(&self, code: &'static str, message: String, help: &str) -> Diagnostic {
        Diagnostic::fault(code, message, self.place.as_ref(), help)
    }
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

/// A fact that a later encounter writes into an earlier one.
#[derive(Debug, PartialEq)]
struct Attached {
    encounter: usize,
    fact: String,
    value: Balance,
}

/// Folds a year.
///
/// # Errors
/// Encounters out of order, overlapping, ending before they begin, following what is not there;
/// answers that are none; balances beyond their bounds.
pub fn year(engine: &Engine, case: &YearCase) -> Result<YearView, Diagnostics> {
    if case.encounters.len() > MOST_ENCOUNTERS {
        let message = format!("{} encounters, at most {MOST_ENCOUNTERS} are taken", case.encounters.len());
        return Err(fault("too-many-encounters", message, "a year is one person's: ask each person's stays apart"));
    }
    let mut problems = check(engine, &case.encounters);
    if let Some(problem) = opening_day(engine, case) {
        problems.push(problem);
    }
    let encoded = encode_all(engine, case, &mut problems);
    problems.or(())?;
    let accounts = accounts(engine);
    let opening = opening(engine, &accounts, case.opening.as_deref().unwrap_or_default())?;
    let work = Work::of(MOST_WORK_OF_A_YEAR);
    let fold = Fold { engine, case, encoded, accounts: &accounts, opening, work };
    let mut attached = Vec::new();
    let mut last = fold.pass(&attached)?;
    let first: Vec<Option<Wide>> = last.encounters.iter().map(net_of).collect();
    for _ in 0..MOST_PASSES {
        if last.attached == attached {
            return Ok(fold.view(&first, last.encounters));
        }
        attached = last.attached;
        last = fold.pass(&attached)?;
    }
    Err(fault(
        "attaches-without-end",
        "what later stays attach to earlier ones does not come to rest: each changes the other".into(),
        "this is a fault of the pack: what a stay attaches must not depend on what it changes",
    ))
}

fn fault(code: &'static str, message: String, help: &str) -> Diagnostics {
    Diagnostics::from(Diagnostic::fault(code, message, None, help))
}

/// What is wrong with the day of the opening balances: no day, a day after the first encounter begins, or a day of
/// another settlement year, whose sums say nothing about this one.
fn opening_day(engine: &Engine, case: &YearCase) -> Option<Diagnostic> {
    let (_, answer) = case.opening.as_ref()?.iter().find(|(name, _)| name == OPENING_DAY)?;
    let fault = |code: &'static str, message: String, help: &str| {
        Some(Diagnostic::fault(code, message, answer.place.as_ref(), help))
    };
    let day = match &answer.kind {
        AnswerKind::Text(text) => Date::parse(text).map_err(|e| e.to_string()),
        _ => Err(format!("{} is not a date", answer.word())),
    };
    let day = match day {
        Ok(day) => day,
        Err(message) => return fault("bad-date", format!("`{OPENING_DAY}`: {message}"), "write 2023-06-16"),
    };
    let (encounter, from) = case.encounters.iter().find_map(|e| Some((e, span(engine, e).from?)))?;
    if day > from {
        return fault(
            "ledger-contradiction",
            format!("the opening balances are of {day}, after encounter `{}` begins on {from}", encounter.id),
            "balances of a later day hold this encounter already: leave it out, or give the balances from before it",
        );
    }
    let year = engine.plan().ledger.as_ref()?.year;
    let now = year.year_start(from);
    if year.year_start(day) == now {
        return None;
    }
    fault(
        "ledger-contradiction",
        format!(
            "the opening balances are of {day}, the settlement year of encounter `{}` began on {now}",
            encounter.id
        ),
        "a new settlement year begins with empty balances: give those of this year, or none",
    )
}

fn encode_all(engine: &Engine, case: &YearCase, problems: &mut Diagnostics) -> Vec<(usize, Encoded)> {
    let mut all = Vec::new();
    for encounter in &case.encounters {
        let encoded = engine.service(&encounter.service).and_then(|(index, service)| {
            Ok((index, encode_trying(engine.plan(), service, &encounter.case, &case.parameters)?))
        });
        match encoded {
            Ok(found) => all.push(found),
            Err(e) => problems.append(located(e, encounter)),
        }
    }
    all
}

/// Problems of an encounter's answers, with the encounter's place where they have none.
fn located(problems: Diagnostics, encounter: &Encounter) -> Diagnostics {
    problems.each(&mut |problem| {
        if problem.place.is_none() {
            problem.message = format!("encounter `{}`: {}", encounter.id, problem.message);
            problem.place.clone_from(&encounter.place);
        }
    })
}

struct Fold<'a> {
    engine: &'a Engine,
    case: &'a YearCase,
    encoded: Vec<(usize, Encoded)>,
    accounts: &'a [Account<'a>],
    opening: Vec<Balance>,
    work: Work,
}

struct Pass {
    encounters: Vec<EncounterView>,
    attached: Vec<Attached>,
}

impl<'a> Fold<'a> {
    fn service(&self, at: usize) -> Option<(usize, &'a Service, &Encoded)> {
        let (index, encoded) = self.encoded.get(at)?;
        Some((*index, self.engine.plan().services.get(*index)?, encoded))
    }

    fn pass(&self, attached: &[Attached]) -> Result<Pass, Diagnostics> {
        let ledger = self.engine.plan().ledger.as_ref();
        let mut balances = Balances { accounts: self.accounts, values: self.opening.clone(), year: None };
        let mut carried: Vec<Vec<Option<Carried>>> = Vec::new();
        let mut next = Vec::new();
        let mut encounters = Vec::new();
        for (i, encounter) in self.case.encounters.iter().enumerate() {
            let Some((index, service, encoded)) = self.service(i) else { continue };
            let mut encoded = encoded.clone();
            self.attach(service, i, attached, &mut encoded);
            let earlier = self.earlier(i, encounter);
            self.link(service, &mut encoded, earlier.and_then(|at| carried.get(at)).map_or(&[], Vec::as_slice));
            within_bounds(service, &encoded, encounter)?;
            let days = span(self.engine, encounter);
            balances.turn(ledger, if service.crosses_year == CrossesYear::Discharge { days.to } else { days.from });
            let before = balances.view();
            let mut decided = Vec::new();
            let mut kept = Vec::new();
            let (pieces, refused) = whole_or_pieces(service, ledger, encoded);
            for Piece { from, until, mut encoded } in pieces {
                if from != days.from {
                    balances.turn(ledger, from);
                }
                balances.write(service, &mut encoded);
                let place = |fact: &str| place_of(&encounter.case, fact);
                let (decision, run) = decide_placed(self.engine, index, service, &encoded, &refused, &place)
                    .map_err(|e| located(e, encounter))?;
                let known = |reg: Reg| run.registers.get(reg as usize).is_some_and(Slot::is_known);
                let took = instructions(self.engine, index, &encoded, &known);
                self.work.take(took.saturating_add(WRITING)).map_err(|e| located(e, encounter))?;
                let handed_on = HandedOn { engine: self.engine, index, run: &run, refused: decision.refusals.first() };
                for (entry, reg) in &service.outputs.posts {
                    let entry = ledger.and_then(|ledger| ledger.entries.get(*entry as usize));
                    if let (Some(entry), Some(carried)) = (entry, handed_on.of(*reg)) {
                        balances.post(&entry.id, &carried);
                    }
                }
                kept.clear();
                for reg in &service.outputs.previous {
                    kept.push(reg.and_then(|reg| handed_on.of(reg)));
                }
                self.attaches(service, &handed_on, encounter, &mut next)?;
                decided.push(PieceView { from, until, decision });
            }
            if let Some(entry) = balances.beyond() {
                return Err(Diagnostics::from(encounter.fault(
                    "ledger-contradiction",
                    format!("after encounter `{}` {entry}", encounter.id),
                    "check the opening balances and the bills; if they are right, the pack's bound is wrong",
                )));
            }
            carried.push(kept);
            encounters.push(EncounterView {
                id: encounter.id.clone(),
                follows: encounter.follows.clone(),
                before,
                after: balances.view(),
                pieces: decided,
                credit: None,
            });
        }
        Ok(Pass { encounters, attached: next })
    }

    /// The stay that `previous` means: the one named, else the one just before.
    fn earlier(&self, i: usize, encounter: &Encounter) -> Option<usize> {
        match &encounter.follows {
            Some(_) => self.followed(encounter),
            None => i.checked_sub(1),
        }
    }

    fn followed(&self, encounter: &Encounter) -> Option<usize> {
        let id = encounter.follows.as_ref()?;
        self.case.encounters.iter().position(|e| e.id == *id)
    }

    fn attach(&self, service: &Service, i: usize, attached: &[Attached], encoded: &mut Encoded) {
        let services = &self.engine.plan().services;
        for (at, input) in service.program.inputs.iter().enumerate() {
            if let Some(found) = attached.iter().find(|a| a.encounter == i && a.fact == input.name) {
                found.value.answer(at, encoded);
            } else if input.kind == Kind::Bool
                && encoded.inputs.get(at).is_some_and(Result::is_err)
                && services.iter().any(|s| s.outputs.attaches.iter().any(|(fact, _)| *fact == input.name))
            {
                // Until a later stay says otherwise, nothing has happened after this one.
                Balance::of(Ok(0)).answer(at, encoded);
            }
        }
    }

    fn link(&self, service: &Service, encoded: &mut Encoded, kept: &[Option<Carried>]) {
        for (at, input) in service.program.inputs.iter().enumerate() {
            let Some(name) = input.name.strip_prefix("previous.") else { continue };
            if encoded.inputs.get(at).is_some_and(Result::is_ok) {
                continue;
            }
            let of = self.engine.plan().previous.iter().position(|p| p.id == name);
            let carried = of.and_then(|of| kept.get(of)?.as_ref());
            // There is no earlier stay, or its service has no such value.
            let nothing = || Balance::of(Err(State::NotApplicable));
            carried.map_or_else(nothing, |carried| carried.over(input)).answer(at, encoded);
        }
    }

    /// Facts that this encounter writes into the one it follows.
    fn attaches(
        &self,
        service: &Service,
        handed_on: &HandedOn<'_>,
        encounter: &Encounter,
        next: &mut Vec<Attached>,
    ) -> Result<(), Diagnostics> {
        for (fact, reg) in &service.outputs.attaches {
            let Some(carried) = handed_on.of(*reg) else { continue };
            // A fact that is false changes nothing.
            if carried.slot.is_false() {
                continue;
            }
            let Some(at) = self.followed(encounter) else {
                if carried.slot.is_known() {
                    return Err(Diagnostics::from(encounter.fault(
                        "transfer-without-stay",
                        format!("encounter `{}` comes from another stay and does not say which", encounter.id),
                        "name that stay under `follows` and list it before this one",
                    )));
                }
                continue;
            };
            let Some((_, target, _)) = self.service(at) else { continue };
            let Some(input) = target.program.inputs.iter().find(|i| i.name == *fact) else { continue };
            let value = carried.over(input);
            match next.iter_mut().find(|a| a.encounter == at && a.fact == *fact) {
                Some(known) => known.value = value,
                None => next.push(Attached { encounter: at, fact: fact.clone(), value }),
            }
        }
        Ok(())
    }

    fn view(&self, first: &[Option<Wide>], mut encounters: Vec<EncounterView>) -> YearView {
        let (mut net, mut paid) = (Some(0), Some(0));
        for (encounter, then) in encounters.iter_mut().zip(first) {
            let now = net_of(encounter);
            if let (Some(then), Some(now)) = (*then, now)
                && then != now
            {
                encounter.credit = then.checked_sub(now).map(format_fen);
            }
            net = plus(net, now);
            paid = plus(paid, sum_of(encounter, &paid_of));
        }
        YearView {
            net: net.map(format_fen),
            paid: paid.map(format_fen),
            opening_given: self.case.opening.is_some(),
            encounters,
        }
    }
}

/// What a decided encounter hands on to later ones.
struct HandedOn<'a> {
    engine: &'a Engine,
    index: usize,
    run: &'a Run,
    /// Why it was refused.
    refused: Option<&'a Refusal>,
}

impl HandedOn<'_> {
    /// A register, with the reason of its state. Of a refused encounter nothing that was worked out goes on: what it
    /// would have come to is what could not be said. Answers and figures do: the stay took place.
    fn of(&self, reg: Reg) -> Option<Carried> {
        let service = self.engine.plan().services.get(self.index)?;
        let den = self.engine.shapes(self.index)?.get(reg).ok()?.den;
        let slot = posted(self.run, reg);
        let carried = |slot, why| Some(Carried { slot, den, why });
        match self.refused {
            Some(refusal) if slot.is_known() && reg >= service.program.first_code() => {
                carried(Slot::without(State::Failed, 0), Some(reason_of(self.engine, refusal)))
            }
            _ => carried(slot, reason_in(self.engine, self.index, self.run, slot)),
        }
    }
}

/// The pieces of a stay; where it cannot be split, the whole of it and why.
fn whole_or_pieces(
    service: &Service,
    ledger: Option<&crate::plan::Ledger>,
    encoded: Encoded,
) -> (Vec<Piece>, Vec<Refusal>) {
    match pieces(service, ledger, &encoded) {
        Ok(all) => (all, Vec::new()),
        Err(refusal) => (vec![Piece { from: None, until: None, encoded }], vec![refusal]),
    }
}

/// What was linked or attached must lie within the bounds that every calculation was proved for.
fn within_bounds(service: &Service, encoded: &Encoded, encounter: &Encounter) -> Result<(), Diagnostics> {
    for (input, slot) in service.program.inputs.iter().zip(&encoded.inputs) {
        let Ok(n) = *slot else { continue };
        // The service date may lie outside the pack's period: that is refused with the period.
        if input.kind == Kind::Date || n >= input.min && n <= input.max {
            continue;
        }
        let message = format!("encounter `{}`: `{}` {}", encounter.id, input.name, comes_to(input, n));
        return Err(Diagnostics::from(encounter.fault("ledger-contradiction", message, "")));
    }
    Ok(())
}

/// Fen of an amount in yuan; nothing for one that is not counted in whole fen.
fn fen(text: &str) -> Option<Wide> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let mut fen: Wide = 0;
    for c in digits.chars().filter(|c| *c != '.') {
        fen = fen.checked_mul(10)?.checked_add(wide(c.to_digit(10)?))?;
    }
    if digits.is_empty() { None } else { Some(if digits.len() < text.len() { fen.saturating_neg() } else { fen }) }
}

fn plus(sum: Option<Wide>, next: Option<Wide>) -> Option<Wide> {
    sum?.checked_add(next?)
}

/// A sum over the pieces of an encounter, if all are computed.
fn sum_of(encounter: &EncounterView, of: &dyn Fn(&Amounts) -> Option<Wide>) -> Option<Wide> {
    let mut sum = Some(0);
    for piece in &encounter.pieces {
        if piece.decision.outcome != Outcome::Computed {
            return None;
        }
        sum = plus(sum, of(piece.decision.amounts.as_ref()?));
    }
    sum
}

/// What an encounter costs the person, benefits taken off.
fn net_of(encounter: &EncounterView) -> Option<Wide> {
    sum_of(encounter, &|amounts| fen(&amounts.net.text))
}

fn paid_of(amounts: &Amounts) -> Option<Wide> {
    let mut sum = Some(0);
    for payment in &amounts.payments {
        if !payment.own {
            sum = plus(sum, fen(&payment.amount.text));
        }
    }
    sum
}
