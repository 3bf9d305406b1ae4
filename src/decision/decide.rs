//! From a case to a decision.

use super::amounts::{Reader, fact_of, input_label};
use super::engine::{Engine, Run};
use super::missing::{missing, too_general};
use super::receipt::{Receipt, answers_digest};
use super::view::*;
use crate::case::{Case, Encoded, encode};
use crate::date::{Date, days_between};
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::number::Wide;
use crate::plan::{Cite, CrossesYear, Form, Header, OTHERWISE, Plan, Reason, Reg, Service, State, Status, Step, Text};

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

/// Decides answers that are numbers already: each within the bounds of its input.
///
/// # Errors
/// `unknown-service`; answers that cannot be true together.
pub fn decide_encoded(engine: &Engine, service: &str, encoded: &Encoded) -> Result<Decision, Diagnostics> {
    let (index, found) = engine.service(service)?;
    decide_placed(engine, index, found, encoded, &[], &|_| None).map(|(decision, _)| decision)
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
    let as_of = day_of(service.deciding_day(), encoded);
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
    out_of_period(header, as_of, all);
    if let (Some(first), Some(last)) = (day_of(service.as_of, encoded), day_of(service.ends, encoded)) {
        all.extend(span_refusal(plan, service, first, last));
    }
}

fn out_of_period(header: &Header, day: Option<Date>, all: &mut Vec<Refusal>) {
    let Some(day) = day else { return };
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
}

/// Whether these answers are refused before anything is computed.
pub(crate) fn refuses_before(plan: &Plan, service: &Service, encoded: &Encoded) -> bool {
    let mut all = Vec::new();
    before_computing(plan, service, encoded, day_of(service.deciding_day(), encoded), &mut all);
    !all.is_empty()
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
        let mut message = constraint.text.en.clone();
        let mut between = ": ";
        for name in &constraint.facts {
            if let Some(reg) = reader.input(name) {
                message.push_str(&[between, "`", name, "` = ", &reader.value(reg).text].concat());
                between = ", ";
            }
        }
        if between == ": " {
            message.push_str(between);
        }
        let mut problem = Diagnostic::fault("constraint", message, None, &constraint.text.zh);
        for name in &constraint.facts {
            match place(name) {
                Some(place) if problem.place.is_none() => problem.place = Some(place),
                Some(place) => problem = problem.also(place, ["`", name, "`"].concat()),
                None => {}
            }
        }
        problems.push(problem);
    }
    problems.or(())
}

/// Adds what is not there yet.
fn add<T: Clone + PartialEq>(all: &mut Vec<T>, more: &[T]) {
    for one in more {
        if !all.contains(one) {
            all.push(one.clone());
        }
    }
}

/// Adds the clauses of cites that are not there yet.
fn add_clauses(all: &mut Vec<String>, cites: &[CiteView]) {
    for cite in cites {
        add(all, std::slice::from_ref(&cite.clause));
    }
}

impl Reader<'_> {
    fn decision(&self, encoded: &Encoded, as_of: Option<Date>, mut refusals: Vec<Refusal>) -> Decision {
        let (plan, service) = (self.plan(), self.service);
        let header = &plan.pack;
        let roots = self.answered();
        self.refusals(&roots, &mut refusals);
        // Refused before computing: no figure is shown, nor the steps behind one.
        let early = ["not-in-force", "out-of-period", "crosses-year", "needs-split", "needs-lines"];
        let blank = refusals.iter().any(|r| early.contains(&r.code.as_str()));
        let mut open = missing(self, &roots);
        add(&mut open, &too_general(self, &roots));
        // Without the day that decides, a pack with a stated period cannot say whether it applies.
        if (header.from.is_some() || header.until.is_some())
            && as_of.is_none()
            && let Some(input) = service.deciding_day().and_then(|reg| service.program.inputs.get(reg as usize))
        {
            add(&mut open, std::slice::from_ref(&input.name));
        }
        let mut missing = Vec::new();
        if refusals.is_empty() {
            for name in &open {
                missing.push(self.missing_view(name));
            }
        }
        let verdict = self.verdict(&open);
        let confirmed = verdict.as_ref().is_some_and(|v| v.is == VerdictWord::MustBeConfirmed);
        let outcome = if !refusals.is_empty() {
            Outcome::Refused
        } else if open.is_empty() && self.is_settled(&roots) || confirmed && self.only_verdict_open(&roots) {
            Outcome::Computed
        } else {
            Outcome::Incomplete
        };
        let mut steps = self.steps();
        let mut layers = self.layers();
        let mut decision = Decision {
            outcome,
            service: ServiceRef { id: service.id.clone(), title: service.title.clone(), kind: service.kind },
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
            amounts: None,
            verdict: None,
            limit: None,
            allocations: Vec::new(),
            result: Vec::new(),
            documents: self.documents(),
            warnings: self.warnings(encoded, as_of, &open),
            assumptions: self.assumptions(&steps),
            caveats: header.caveats.clone(),
            clauses: self.clauses(&steps, &refusals, &layers),
            steps: Vec::new(),
            layers: Vec::new(),
            refusals,
            missing,
            receipt: Receipt {
                engine: crate::VERSION.into(),
                pack: header.id.clone(),
                revision: header.revision.clone(),
                digest: plan.digest.clone(),
                service: service.id.clone(),
                service_date: as_of,
                answers: answers_digest(service, encoded),
            },
        };
        if !blank {
            decision.amounts = self.amounts();
            decision.verdict = verdict;
            decision.limit = self.limit();
            decision.allocations = self.asked_payments(&service.outputs.allocations);
            decision.result = self.result();
            decision.steps.append(&mut steps);
            decision.layers.append(&mut layers);
        }
        decision
    }

    /// The register of an input.
    fn input(&self, name: &str) -> Option<Reg> {
        let at = self.service.program.inputs.iter().position(|i| i.name == name)?;
        Reg::try_from(at).ok()
    }

    /// The registers that the service answers with.
    fn answered(&self) -> Vec<Reg> {
        // An open local limit within a frame is answered by the frame.
        let framed = framed_limit(self.service).is_some_and(|reg| self.slot(reg).state == State::Unset);
        self.service.answered(framed)
    }

    /// Whether everything asked has a value. Not by what is missing: only a value is an answer.
    fn is_settled(&self, roots: &[Reg]) -> bool {
        roots.iter().all(|reg| self.slot(*reg).is_known())
    }

    /// Whether the verdict is the only thing asked that is not settled.
    fn only_verdict_open(&self, roots: &[Reg]) -> bool {
        roots.iter().all(|reg| self.slot(*reg).is_known() || Some(*reg) == self.service.outputs.verdict)
    }

    fn refusals(&self, roots: &[Reg], all: &mut Vec<Refusal>) {
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
            let Some(reason) = self.reason(slot) else { continue };
            let step = reason.step.and_then(|at| self.service.steps.get(at as usize)).map(|s| s.id.clone());
            all.push(Refusal { code: reason.code, text: reason.text, step, cites: self.cites(&reason.cites) });
        }
        all.extend(self.nothing_there(roots));
    }

    /// Refused where an answer has nothing to be worked out from: it is no answer, and nothing is missing.
    fn nothing_there(&self, roots: &[Reg]) -> Option<Refusal> {
        let is = |reg: Reg| self.slot(reg).state == State::NotApplicable;
        let mut open: Vec<Reg> = roots.iter().copied().filter(|reg| is(*reg)).collect();
        open.first()?;
        let mut seen = vec![false; self.run.registers.len()];
        while let Some(reg) = open.pop() {
            match seen.get_mut(reg as usize) {
                Some(seen) if is(reg) && !*seen => *seen = true,
                _ => continue,
            }
            self.service.program.reads(reg, &mut |reg| open.push(reg));
        }
        let from = |step: &&Step| step.block.is_none() && seen.get(step.register as usize) == Some(&true);
        let step = self.service.steps.iter().find(from);
        let (zh, en) = step.map_or(("结果", "the result"), |s| (s.label.zh.as_str(), s.label.en.as_str()));
        Some(Refusal {
            step: step.map(|s| s.id.clone()),
            cites: step.map(|s| self.cites(&s.cites)).unwrap_or_default(),
            ..Refusal::before(
                "not-applicable",
                format!("“{zh}”没有可以依据的数：没有上一次就诊，或者没有可数的记录"),
                format!("`{en}` has nothing to be worked out from: no stay before, or no record"),
            )
        })
    }

    fn missing_view(&self, name: &str) -> Missing {
        let plan = self.plan();
        Missing {
            fact: name.to_owned(),
            key: camel_case(name),
            label: input_label(plan, name).cloned().unwrap_or_else(|| Text { zh: name.into(), en: name.into() }),
            question: fact_of(plan, name).and_then(|f| f.question.clone()),
            confirmed_by: self.confirmed_by(name).map(str::to_owned),
        }
    }

    /// Who confirms a fact: its own field, or that of the fact it belongs to.
    fn confirmed_by(&self, name: &str) -> Option<&str> {
        let by = |name| fact_of(self.plan(), name)?.confirmed_by.as_deref();
        by(name).or_else(|| by(name.split_once('.')?.0))
    }

    fn verdict(&self, missing: &[String]) -> Option<Verdict> {
        let slot = self.slot(self.service.outputs.verdict?);
        let mut by: Vec<String> = Vec::new();
        let mut is = verdict_of(slot.state, slot.is_true());
        match slot.state {
            State::Unset => by.push("agency".into()),
            State::Unknown => {
                let mut all = !missing.is_empty();
                for name in missing {
                    match self.confirmed_by(name) {
                        Some(who) => insert_sorted(&mut by, who),
                        None => all = false,
                    }
                }
                if all {
                    is = VerdictWord::MustBeConfirmed;
                } else {
                    by.clear();
                }
            }
            _ => {}
        }
        let mut decided = Vec::new();
        for step in &self.service.steps {
            let value = self.slot(step.register);
            let decides = match is {
                VerdictWord::Meets => value.is_true(),
                VerdictWord::DoesNotMeet => value.is_false(),
                _ => !value.is_known(),
            };
            if decides && matches!(step.form, Form::Condition { .. }) {
                decided.push(step.id.clone());
            }
        }
        Some(Verdict { is, by, decided })
    }

    fn documents(&self) -> Vec<Document> {
        let mut all = Vec::new();
        for step in &self.service.steps {
            if let Form::Condition { document: Some(label), .. } = &step.form {
                let slot = self.slot(step.register);
                let held = if slot.is_known() { Some(slot.is_true()) } else { None };
                all.push(Document { step: step.id.clone(), label: label.clone(), held });
            }
        }
        all
    }

    fn warnings(&self, encoded: &Encoded, as_of: Option<Date>, missing: &[String]) -> Vec<Warning> {
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
                warn("comparison", "另一种制度，仅供比较".into(), "another system, for comparison only".into());
            }
            Status::Invented => {
                warn("invented", "虚构的数字，仅供测试".into(), "invented figures, for tests only".into());
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
        let day = self.service.deciding_day().and_then(|reg| self.service.program.inputs.get(reg as usize));
        if let (Some(day), None, Some(evidence)) = (day, as_of, header.evidence_date)
            && !missing.contains(&day.name)
        {
            warn(
                "no-service-day",
                format!("没有回答哪一天就医；依据的日期是{}，那一天是否适用不清楚", evidence.zh()),
                format!("the day is not answered; the text is of {evidence}, whether it applied then is not known"),
            );
        }
        for name in &encoded.tried {
            let (zh, en) = input_label(self.plan(), name).map_or(("", ""), |label| (&label.zh, &label.en));
            warn(
                "asker-figure",
                ["“", zh, "”是您自己填的，依据没有写明"].concat(),
                ["`", en, "` is your own figure, the text does not give it"].concat(),
            );
        }
        all
    }

    fn assumptions(&self, steps: &[StepView]) -> Vec<Text> {
        let mut all: Vec<Text> = Vec::new();
        for (step, view) in self.service.steps.iter().zip(steps) {
            let used = step.block.is_some() || self.slot(step.register).is_known();
            if !used || view.applied == Some(false) {
                continue;
            }
            add(&mut all, &view.assumes);
            add(&mut all, &view.readings);
            if let Form::Table { rows, .. } | Form::Bands { rows, .. } = &step.form {
                for (row, shown) in rows.iter().zip(&view.rows) {
                    if shown.chosen || !view.records.is_empty() {
                        add(&mut all, &row.readings);
                    }
                }
            }
        }
        all
    }

    /// Clauses that the decision rests on: of its steps, chosen rows, refusals and layers.
    fn clauses(&self, steps: &[StepView], refusals: &[Refusal], layers: &[Layer]) -> Vec<ClauseView> {
        let mut ids: Vec<String> = Vec::new();
        for (step, view) in self.service.steps.iter().zip(steps) {
            add_clauses(&mut ids, &view.cites);
            for row in &view.rows {
                // Records choose rows of their own: with any record, the table speaks as a whole.
                if row.chosen || !view.records.is_empty() {
                    add_clauses(&mut ids, &row.cites);
                }
            }
            if let Form::Table { otherwise, table, .. } = &step.form
                && self.slot(step.register).is_known()
                && self.rows_left(*table).contains(&OTHERWISE)
            {
                add_clauses(&mut ids, &self.cites(otherwise));
            }
        }
        for refusal in refusals {
            add_clauses(&mut ids, &refusal.cites);
        }
        for layer in layers {
            add_clauses(&mut ids, &layer.cites);
        }
        let mut all = Vec::new();
        for id in ids {
            if let Some(clause) = self.clause(id) {
                all.push(clause);
            }
        }
        all
    }

    fn clause(&self, id: String) -> Option<ClauseView> {
        let (source, clause) = id.rsplit_once('/')?;
        let source = self.plan().sources.iter().find(|s| s.id == source)?;
        let clause = source.clauses.iter().find(|c| c.id == clause)?;
        Some(ClauseView {
            id,
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

/// The register of a limit that a frame answers where the local text leaves it open.
pub(crate) fn framed_limit(service: &Service) -> Option<Reg> {
    let step = service.steps.get(service.outputs.limit? as usize)?;
    step.frame.as_ref().map(|_| step.register)
}

/// Adds a word to sorted words, once.
fn insert_sorted(all: &mut Vec<String>, word: &str) {
    let at = all.iter().position(|known| known.as_str() >= word).unwrap_or(all.len());
    if all.get(at).is_none_or(|known| known != word) {
        all.insert(at, word.to_owned());
    }
}

/// A register's run value, for those who keep going (the year).
pub(crate) fn posted(run: &Run, reg: Reg) -> crate::evaluate::Slot<Wide> {
    run.registers.get(reg as usize).copied().unwrap_or(crate::evaluate::Slot::without(State::Failed, 0))
}

/// Why a value of a run is unset or failed, as a later encounter may read it: the step was another's.
pub(crate) fn reason_in(engine: &Engine, index: usize, run: &Run, slot: crate::evaluate::Slot<Wide>) -> Option<Reason> {
    let service = engine.plan().services.get(index)?;
    let refused = matches!(slot.state, State::Unset | State::Failed);
    let reason = refused.then(|| Reader { engine, index, service, run }.reason(slot)).flatten()?;
    Some(Reason { step: None, ..reason })
}

/// A refusal as the reason of whatever it leaves open.
pub(crate) fn reason_of(engine: &Engine, refusal: &Refusal) -> Reason {
    let mut cites = Vec::new();
    for view in &refusal.cites {
        let Some((source, clause)) = view.clause.rsplit_once('/') else { continue };
        let all = &engine.plan().sources;
        if let Some(at) = all.iter().position(|s| s.id == source)
            && let Some(clause) = all.get(at).and_then(|s| s.clauses.iter().position(|c| c.id == clause))
            && let (Ok(source), Ok(clause)) = (u32::try_from(at), u32::try_from(clause))
        {
            cites.push(Cite { source, clause, mark: view.mark });
        }
    }
    Reason { code: refusal.code.clone(), text: refusal.text.clone(), step: None, cites }
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
    missing(&reader, &reader.answered())
}

/// Names of the unanswered facts on which these registers of a run depend.
#[cfg(feature = "authoring")]
pub(crate) fn missing_for(engine: &Engine, index: usize, run: &Run, registers: &[Reg]) -> Vec<String> {
    let Some(service) = engine.plan().services.get(index) else { return Vec::new() };
    missing(&Reader { engine, index, service, run }, registers)
}

/// A missing fact with its label and question.
pub(crate) fn missing_fact(engine: &Engine, index: usize, name: &str) -> Missing {
    let answers = crate::evaluate::Answers { inputs: Vec::new(), lists: Vec::new() };
    let run = Run { registers: Vec::new(), answers, carried: Vec::new() };
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
        State::Known => VerdictWord::DoesNotMeet,
        State::Unset => VerdictWord::MustBeConfirmed,
        State::Unknown | State::NotApplicable | State::Failed => VerdictWord::CannotTell,
    }
}
