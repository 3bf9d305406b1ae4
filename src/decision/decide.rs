//! From a case to a decision.

use super::amounts::{Reader, fact_of, input_label};
use super::engine::{Engine, Run};
use super::missing::missing;
use super::receipt::{Receipt, answers_digest};
use super::view::*;
use crate::case::{Case, Encoded, encode};
use crate::date::{Date, days_between};
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::plan::{CrossesYear, Form, Plan, Reg, Service, State, Status, Text};

/// Decides a case.
///
/// # Errors
/// Answers that are none: unknown names, wrong types, values out of bounds, contradictions.
pub fn decide(engine: &Engine, service: &str, case: &Case) -> Result<Decision, Diagnostics> {
    let (index, found) = engine.service(service)?;
    let encoded = encode(engine.plan(), found, case)?;
    decide_placed(engine, index, found, &encoded, &[], &|fact| place_of(case, fact)).map(|(decision, _)| decision)
}

/// Where the answer to a fact, or to an institution's attribute, stands.
pub(crate) fn place_of(case: &Case, name: &str) -> Option<Place> {
    let answer = |name: &str| case.facts.iter().find(|(fact, _)| fact == name).map(|(_, answer)| answer);
    let found = answer(name).or_else(|| answer(name.split_once('.')?.0))?;
    found.place.clone()
}

/// Decides checked answers; `refused` are reasons known before anything is computed.
#[cfg(feature = "wasm")]
pub(crate) fn decide_encoded(
    engine: &Engine,
    index: usize,
    service: &Service,
    encoded: &Encoded,
    refused: &[Refusal],
) -> Result<Decision, Diagnostics> {
    decide_placed(engine, index, service, encoded, refused, &|_| None).map(|(decision, _)| decision)
}

/// Decides checked answers; `refused` are reasons known before anything is computed, `place` says where the answer to
/// a fact stands.
pub(crate) fn decide_placed(
    engine: &Engine,
    index: usize,
    service: &Service,
    encoded: &Encoded,
    refused: &[Refusal],
    place: &dyn Fn(&str) -> Option<Place>,
) -> Result<(Decision, Run), Diagnostics> {
    let as_of = day_of(service.as_of, encoded);
    let mut refusals: Vec<Refusal> = refused.to_vec();
    before_computing(engine.plan(), service, encoded, as_of, &mut refusals);
    let run = engine.run(index, encoded);
    let reader = Reader { engine, index, service, run: &run };
    contradictions(&reader, place)?;
    let decision = reader.decision(encoded, as_of, refusals);
    Ok((decision, run))
}

fn day_of(reg: Option<Reg>, encoded: &Encoded) -> Option<Date> {
    let value = encoded.inputs.get(reg? as usize)?.ok()?;
    i32::try_from(value).ok().and_then(Date::from_days)
}

impl Refusal {
    /// A refusal that no step gives.
    pub(crate) fn before(code: &str, zh: String, en: String) -> Self {
        Self { code: code.into(), text: Text { zh, en }, step: None, cites: Vec::new() }
    }
}

/// Refusals that need no computing: not in force, outside the period, over a year's edge.
fn before_computing(plan: &Plan, service: &Service, encoded: &Encoded, as_of: Option<Date>, all: &mut Vec<Refusal>) {
    let header = &plan.pack;
    if header.status == Status::Proposal {
        all.push(Refusal::before(
            "not-in-force",
            "这是建议或预告，不是现行规定，不能据此测算".into(),
            "a proposal or announcement, not a rule in force".into(),
        ));
    }
    let Some(day) = as_of else { return };
    if header.from.is_some_and(|from| day < from) || header.until.is_some_and(|until| day >= until) {
        let text = |day: Option<Date>, none: &str| day.map_or_else(|| none.to_owned(), |d| d.to_string());
        let sides = |none| (text(header.from, none), text(header.until, none));
        let ((zh_from, zh_until), (en_from, en_until)) = (sides("未写明"), sides("not stated"));
        all.push(Refusal::before(
            "out-of-period",
            format!("{day} 不在政策写明的期间内（{zh_from} 起，{zh_until} 前）"),
            format!("{day} is outside the stated period (from {en_from}, until {en_until})"),
        ));
    }
    if let Some(last) = day_of(service.ends, encoded)
        && let Some(refusal) = span_refusal(plan, service, day, last)
    {
        all.push(refusal);
    }
}

fn span_refusal(plan: &Plan, service: &Service, from: Date, to: Date) -> Option<Refusal> {
    let crosses = plan.ledger.as_ref().is_some_and(|l| l.year.year_start(from) != l.year.year_start(to));
    if crosses && service.crosses_year == CrossesYear::Refuse {
        return Some(Refusal::before(
            "crosses-year",
            format!("{from} 至 {to} 跨两个结算年度，依据没有写明怎样计算"),
            format!("{from} to {to} spans two settlement years; the text does not say how it is settled"),
        ));
    }
    let long = |days: u32| i32::try_from(days).is_ok_and(|days| days_between(from, to) >= days);
    let split = crosses && service.crosses_year == CrossesYear::Split || service.split_days.is_some_and(long);
    split.then(|| {
        Refusal::before(
            "needs-split",
            format!("{from} 至 {to} 须按日期分段计算，请给出逐日费用并按年度计算"),
            format!("{from} to {to} is settled in pieces: give dated lines and compute it as a year"),
        )
    })
}

/// Answers that cannot be true together.
fn contradictions(reader: &Reader<'_>, place: &dyn Fn(&str) -> Option<Place>) -> Result<(), Diagnostics> {
    let mut problems = Diagnostics::new();
    for constraint in &reader.service.outputs.constraints {
        if !reader.slot(constraint.holds).is_false() {
            continue;
        }
        let values: Vec<String> = constraint
            .facts
            .iter()
            .filter_map(|name| {
                let at = reader.service.program.inputs.iter().position(|i| i.name == *name)?;
                Some(format!("`{name}` = {}", reader.value(u32::try_from(at).ok()?).text))
            })
            .collect();
        let mut problem = Diagnostic::error("constraint", format!("{}: {}", constraint.text.en, values.join(", ")))
            .help(constraint.text.zh.clone());
        for (name, place) in constraint.facts.iter().filter_map(|name| Some((name, place(name)?))) {
            problem =
                if problem.place.is_none() { problem.at(place) } else { problem.also(place, format!("`{name}`")) };
        }
        problems.push(problem);
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.sorted()) }
}

impl Reader<'_> {
    fn decision(&self, encoded: &Encoded, as_of: Option<Date>, mut refusals: Vec<Refusal>) -> Decision {
        let plan = self.plan();
        let roots = self.answered();
        refusals.extend(self.refusals(&roots));
        let mut missing_names = missing(plan, self.service, self.run, &roots);
        // Without the day that decides, a pack with a stated period cannot say whether it applies.
        let dated = plan.pack.from.is_some() || plan.pack.until.is_some();
        if let Some(name) = self
            .service
            .as_of
            .filter(|_| dated && as_of.is_none())
            .and_then(|reg| self.service.program.inputs.get(reg as usize))
            .map(|i| i.name.clone())
            && !missing_names.contains(&name)
        {
            missing_names.push(name);
        }
        let missing = if refusals.is_empty() {
            missing_names.iter().map(|name| self.missing_view(name)).collect()
        } else {
            Vec::new()
        };
        let verdict = self.verdict(&missing_names);
        let confirmed = verdict.as_ref().is_some_and(|v| v.is == VerdictWord::MustBeConfirmed);
        let steps = self.steps();
        let blank = refusals
            .iter()
            .any(|r| matches!(r.code.as_str(), "not-in-force" | "out-of-period" | "crosses-year" | "needs-split"));
        let outcome = if !refusals.is_empty() {
            Outcome::Refused
        } else if !(missing_names.is_empty() || confirmed && self.only_verdict_open()) {
            Outcome::Incomplete
        } else {
            Outcome::Computed
        };
        let clauses = self.clauses(&steps, &refusals);
        let header = &plan.pack;
        Decision {
            outcome,
            service: ServiceRef {
                id: self.service.id.clone(),
                title: self.service.title.clone(),
                kind: self.service.kind,
            },
            pack: PackRef {
                id: header.id.clone(),
                revision: header.revision.clone(),
                title: header.title.clone(),
                region: header.region.clone(),
                status: header.status,
                evidence_date: header.evidence_date,
                reviewed_by: header.reviewed_by.clone(),
                reviewed_on: header.reviewed_on,
            },
            as_of,
            // Refused before computing: no figure is shown, nor the steps behind one.
            amounts: self.amounts().filter(|_| !blank),
            verdict: verdict.filter(|_| !blank),
            limit: self.limit().filter(|_| !blank),
            allocations: if blank {
                Vec::new()
            } else {
                self.service.outputs.allocations.iter().map(|a| self.plain_payment(a)).collect()
            },
            result: if blank { Vec::new() } else { self.result() },
            documents: self.documents(),
            layers: if blank { Vec::new() } else { self.layers() },
            refusals,
            missing,
            warnings: self.warnings(encoded, as_of),
            assumptions: self.assumptions(&steps),
            caveats: header.caveats.clone(),
            clauses,
            steps: if blank { Vec::new() } else { steps },
            receipt: Receipt {
                engine: crate::VERSION.into(),
                pack: header.id.clone(),
                revision: header.revision.clone(),
                digest: plan.digest.clone(),
                service: self.service.id.clone(),
                service_date: as_of,
                answers: answers_digest(self.service, encoded),
            },
        }
    }

    /// The registers that the service answers with.
    fn answered(&self) -> Vec<Reg> {
        let out = &self.service.outputs;
        let mut all: Vec<Reg> = out.requires.clone();
        if let Some(bill) = &out.bill {
            all.extend([bill.total, bill.patient, bill.net]);
            all.extend(out.payments.iter().map(|p| p.paid));
        }
        all.extend(out.benefits.iter().chain(&out.allocations).map(|a| a.amount));
        all.extend(out.verdict);
        let step = |at: &u32| self.service.steps.get(*at as usize);
        all.extend(out.result.iter().filter_map(step).map(|s| s.register));
        if let Some(limit) = out.limit.as_ref().and_then(step) {
            // An open local limit within a frame is answered by the frame.
            if !(limit.frame.is_some() && self.slot(limit.register).state == State::Unset) {
                all.push(limit.register);
            }
            if let Form::Limit { from: Some(from) } = &limit.form {
                all.push(*from);
            }
        }
        all
    }

    /// Whether the verdict is the only thing asked that is not settled.
    fn only_verdict_open(&self) -> bool {
        self.answered().iter().all(|reg| self.slot(*reg).is_known() || Some(*reg) == self.service.outputs.verdict)
    }

    fn refusals(&self, roots: &[Reg]) -> Vec<Refusal> {
        let mut all: Vec<Refusal> = Vec::new();
        let mut seen: Vec<u32> = Vec::new();
        for reg in roots {
            let slot = self.slot(*reg);
            let refused = matches!(slot.state, State::Unset | State::Failed);
            // How long a month is, is for the agency to say; the verdict says so.
            let open_month =
                slot.reason == 0 && slot.state == State::Unset && Some(*reg) == self.service.outputs.verdict;
            if !refused || open_month || seen.contains(&slot.reason) {
                continue;
            }
            seen.push(slot.reason);
            let Some(reason) = self.service.reasons.get(slot.reason as usize) else { continue };
            let step = reason.step.and_then(|at| self.service.steps.get(at as usize)).map(|s| s.id.clone());
            all.push(Refusal {
                code: reason.code.clone(),
                text: reason.text.clone(),
                step,
                cites: self.cites(&reason.cites),
            });
        }
        all
    }

    fn missing_view(&self, name: &str) -> Missing {
        let fact = fact_of(self.plan(), name);
        Missing {
            fact: name.to_owned(),
            key: camel_case(name),
            label: input_label(self.plan(), name).unwrap_or_else(|| Text { zh: name.into(), en: name.into() }),
            question: fact.and_then(|f| f.question.clone()),
            confirmed_by: self.confirmed_by(name),
        }
    }

    fn confirmed_by(&self, name: &str) -> Option<String> {
        let own = fact_of(self.plan(), name).and_then(|f| f.confirmed_by.clone());
        let parent = || {
            name.split_once('.').and_then(|(fact, _)| fact_of(self.plan(), fact)).and_then(|f| f.confirmed_by.clone())
        };
        own.or_else(parent)
    }

    fn verdict(&self, missing: &[String]) -> Option<Verdict> {
        let reg = self.service.outputs.verdict?;
        let slot = self.slot(reg);
        let mut by: Vec<String> = Vec::new();
        let is = match slot.state {
            State::Known if slot.is_true() => VerdictWord::Meets,
            State::Known | State::NotApplicable => VerdictWord::DoesNotMeet,
            State::Unset => {
                by.push("agency".into());
                VerdictWord::MustBeConfirmed
            }
            State::Failed => VerdictWord::CannotTell,
            State::Unknown => {
                let who: Option<Vec<String>> = missing.iter().map(|name| self.confirmed_by(name)).collect();
                match who.filter(|w| !w.is_empty()) {
                    Some(mut who) => {
                        who.sort();
                        who.dedup();
                        by = who;
                        VerdictWord::MustBeConfirmed
                    }
                    None => VerdictWord::CannotTell,
                }
            }
        };
        let decided = |step: &&crate::plan::Step| {
            let value = self.slot(step.register);
            matches!(step.form, Form::Condition { .. })
                && match is {
                    VerdictWord::Meets => value.is_true(),
                    VerdictWord::DoesNotMeet => value.is_false(),
                    _ => !value.is_known(),
                }
        };
        Some(Verdict { is, by, decided: self.service.steps.iter().filter(decided).map(|s| s.id.clone()).collect() })
    }

    fn documents(&self) -> Vec<Document> {
        let held = |slot: crate::evaluate::Slot<i128>| if slot.is_known() { Some(slot.is_true()) } else { None };
        self.service
            .steps
            .iter()
            .filter_map(|step| match &step.form {
                Form::Condition { document: Some(label), .. } => {
                    Some(Document { step: step.id.clone(), label: label.clone(), held: held(self.slot(step.register)) })
                }
                _ => None,
            })
            .collect()
    }

    fn warnings(&self, encoded: &Encoded, as_of: Option<Date>) -> Vec<Warning> {
        let header = &self.plan().pack;
        let mut all = Vec::new();
        let mut warn = |code, zh: String, en: String| all.push(Warning { code, text: Text { zh, en } });
        match header.status {
            Status::Historical => warn(
                "historical",
                "历史政策演示，非现行待遇".into(),
                "a past policy, shown as history; not a benefit in force".into(),
            ),
            Status::Illustrative => warn(
                "illustrative",
                "公开算例，不代表任何地方的现行规定".into(),
                "a published example, not the rules of any place".into(),
            ),
            Status::Comparison => {
                warn("comparison", "另一种制度，仅供比较".into(), "another system, for comparison only".into())
            }
            Status::Invented => {
                warn("invented", "虚构的数字，仅供测试".into(), "invented figures, for tests only".into())
            }
            Status::InForce | Status::Dated | Status::Proposal => {}
        }
        if let (Some(day), Some(evidence)) = (as_of, header.evidence_date) {
            if day > evidence && header.until.is_none() {
                warn(
                    "after-evidence",
                    format!("依据的日期是{}，之后是否有变化不清楚", evidence.zh()),
                    format!("the text is of {evidence}; whether it changed since is not known"),
                );
            }
            if day < evidence && header.from.is_none() {
                warn(
                    "before-evidence",
                    format!("依据的日期是{}，在此之前是否已经实行不清楚", evidence.zh()),
                    format!("the text is of {evidence}; whether it applied before is not known"),
                );
            }
        }
        for name in &encoded.tried {
            let label = input_label(self.plan(), name).unwrap_or_default();
            warn(
                "asker-figure",
                format!("“{}”是您自己填的，依据没有写明", label.zh),
                format!("`{}` is your own figure, the text does not give it", label.en),
            );
        }
        all
    }

    fn assumptions(&self, steps: &[StepView]) -> Vec<Text> {
        let mut all: Vec<Text> = Vec::new();
        let mut add = |text: &Text| {
            if !all.contains(text) {
                all.push(text.clone());
            }
        };
        for (step, view) in self.service.steps.iter().zip(steps) {
            let used = step.block.is_some() || self.slot(step.register).is_known();
            let applied = view.applied.unwrap_or(true);
            if used && applied {
                view.assumes.iter().chain(&view.readings).for_each(&mut add);
                if let Form::Table { rows, .. } | Form::Bands { rows, .. } = &step.form {
                    for (row, shown) in rows.iter().zip(&view.rows) {
                        if shown.chosen || !view.records.is_empty() {
                            row.readings.iter().for_each(&mut add);
                        }
                    }
                }
            }
        }
        all
    }

    /// Clauses that the decision rests on: of its steps, chosen rows, refusals and layers.
    fn clauses(&self, steps: &[StepView], refusals: &[Refusal]) -> Vec<ClauseView> {
        let mut ids: Vec<String> = Vec::new();
        let mut add = |cite: &CiteView| {
            if !ids.contains(&cite.clause) {
                ids.push(cite.clause.clone());
            }
        };
        for (step, view) in self.service.steps.iter().zip(steps) {
            view.cites.iter().for_each(&mut add);
            // Records choose rows of their own: with any record, the table speaks as a whole.
            let records = !view.records.is_empty();
            view.rows.iter().filter(|r| r.chosen || records).flat_map(|r| &r.cites).for_each(&mut add);
            if let Form::Table { otherwise, .. } = &step.form
                && self.slot(step.register).is_known()
                && !view.rows.iter().any(|r| r.chosen)
            {
                self.cites(otherwise).iter().for_each(&mut add);
            }
        }
        refusals.iter().flat_map(|r| &r.cites).for_each(&mut add);
        self.layers().iter().flat_map(|l| &l.cites).for_each(&mut add);
        ids.iter().filter_map(|id| self.clause(id)).collect()
    }

    fn clause(&self, id: &str) -> Option<ClauseView> {
        let (source, clause) = id.rsplit_once('/')?;
        let source = self.plan().sources.iter().find(|s| s.id == source)?;
        let clause = source.clauses.iter().find(|c| c.id == clause)?;
        Some(ClauseView {
            id: id.to_owned(),
            title: source.title.clone(),
            number: source.number.clone(),
            issuer: source.issuer.clone(),
            issued: source.issued,
            read_at: source.read_at.clone(),
            grade: source.grade.clone(),
            article: clause.article.clone(),
            label: clause.label.clone(),
            quote: clause.quote.clone(),
        })
    }
}

/// A register's run value, for those who keep going (the year).
pub(crate) fn posted(run: &Run, reg: Reg) -> crate::evaluate::Slot<i128> {
    run.registers.get(reg as usize).copied().unwrap_or(crate::evaluate::Slot::without(State::Failed, 0))
}

/// A name as JavaScript writes it: `admission_date` is `admissionDate`.
#[must_use]
pub fn camel_case(name: &str) -> String {
    camel_chars(name).collect()
}

pub(crate) fn camel_chars(name: &str) -> impl Iterator<Item = char> {
    let mut raise = false;
    name.chars().filter_map(move |c| {
        let raised = std::mem::replace(&mut raise, c == '_');
        (c != '_').then(|| if raised { c.to_ascii_uppercase() } else { c })
    })
}

/// Names of the unanswered facts on which a run's answers depend.
pub(crate) fn missing_facts(engine: &Engine, index: usize, run: &Run) -> Vec<String> {
    let Some(service) = engine.plan().services.get(index) else { return Vec::new() };
    let reader = Reader { engine, index, service, run };
    missing(engine.plan(), service, run, &reader.answered())
}

/// Names of the unanswered facts on which these registers of a run depend.
#[cfg(feature = "authoring")]
pub(crate) fn missing_for(engine: &Engine, index: usize, run: &Run, registers: &[Reg]) -> Vec<String> {
    engine.plan().services.get(index).map(|service| missing(engine.plan(), service, run, registers)).unwrap_or_default()
}

/// A missing fact with its label and question.
pub(crate) fn missing_fact(engine: &Engine, index: usize, name: &str) -> Missing {
    let run =
        Run { registers: Vec::new(), answers: crate::evaluate::Answers { inputs: Vec::new(), lists: Vec::new() } };
    match engine.plan().services.get(index) {
        Some(service) => Reader { engine, index, service, run: &run }.missing_view(name),
        None => Missing {
            fact: name.into(),
            key: camel_case(name),
            label: Text::default(),
            question: None,
            confirmed_by: None,
        },
    }
}

/// The verdict that a decided (or open) register stands for.
pub(crate) fn verdict_of(state: State, holds: bool) -> VerdictWord {
    match state {
        State::Known if holds => VerdictWord::Meets,
        State::Known | State::NotApplicable => VerdictWord::DoesNotMeet,
        State::Unset => VerdictWord::MustBeConfirmed,
        State::Unknown | State::Failed => VerdictWord::CannotTell,
    }
}
