//! One service: names, steps in reading order, and what is answered.

use super::apply::Nothing;
use super::builder::{Builder, number};
use super::context::Context;
use super::quote::resolve_cites;
use super::usage::Met;
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Place};
use crate::figure::Motion;
use crate::pack::{RawForm, RawService, RawStep, Spot};
use crate::plan::{
    Cite, CrossesYear, Form, Instr, Kind, LOCAL, Outputs, Part, Program, Reason, Reg, Service, Step, Text,
};
use core::mem::take;
use std::collections::{BTreeMap, BTreeSet};

/// Per-record steps that may build on each other: each is computed inside the one that reads it.
const MOST_EACH: usize = 32;
/// Steps of a service, those it takes in from others included.
const MOST_STEPS: usize = 1_000;
/// Operations of all services of a pack.
const MOST_OPERATIONS: usize = 100_000;

/// The bill while payments draw from it.
pub(super) struct BillState {
    pub(super) total: Reg,
    /// The total, refused where the parts do not add up to it.
    pub(super) due: Reg,
    pub(super) parts: Vec<Part>,
}

/// A service under construction.
pub(super) struct Build<'c, 's, 'a> {
    pub(super) cx: &'c Context<'s, 'a>,
    pub(super) library: &'c super::Library,
    pub(super) builder: Builder,
    pub(super) steps: Vec<Step>,
    pub(super) reasons: Vec<Reason>,
    /// Registers of steps and figures by name.
    pub(super) names: BTreeMap<String, Reg>,
    /// Registers of band instructions by step name.
    pub(super) bands: BTreeMap<String, Reg>,
    /// Names of the formula at hand and where they stand.
    pub(super) pieces: Vec<((usize, usize), Reg)>,
    /// Figures and days met since they were last proved.
    pub(super) figures: Vec<Met>,
    /// The step at hand.
    pub(super) at_step: String,
    /// Problems that a step below may settle, with the step they concern; and the steps that are added or taken.
    pub(super) doubts: Vec<(String, Diagnostic)>,
    pub(super) summed: BTreeSet<String>,
    /// Which way the words move by the points of the step at hand, figure by figure; and of steps that only hold such.
    pub(super) motions: Vec<Option<Motion>>,
    pub(super) moving: BTreeMap<String, Motion>,
    pub(super) dates: Vec<(Date, Place)>,
    /// Ids of all steps, to tell "further down" from "nowhere".
    pub(super) raw_order: Vec<String>,
    /// Per-record steps: list, full name, step.
    each: Vec<(u32, String, RawStep<'a>)>,
    /// Names of the record at hand.
    locals: BTreeMap<String, Reg>,
    list: Option<u32>,
    /// How many per-record steps are being computed inside each other.
    each_depth: usize,
    /// Steps, facts and parameters that could not be read or compiled, full names: what names them is no news.
    pub(super) broken: BTreeSet<String>,
    /// Steps so far, those of other services included.
    steps_read: usize,
    /// Table combinations so far.
    pub(super) cells: usize,
    /// The combinations of each table.
    pub(super) block_cells: Vec<usize>,
    pub(super) bill: Option<BillState>,
    pub(super) out: Outputs,
    /// `service.` while the steps of another service are taken in.
    pub(super) prefix: String,
    pub(super) as_of: Option<Reg>,
    /// The day that decides, which is the last day where the year of that day bears the stay; and its name.
    pub(super) decides: Option<(Reg, String)>,
    /// Sources of frames, added to the plan after it was shared out.
    pub(super) frame_sources: Vec<crate::plan::Source>,
}

/// Compiles one service; problems go to the scope.
pub(super) fn service<'a>(
    cx: &Context<'_, 'a>,
    library: &super::Library,
    raw: &RawService<'a>,
) -> Option<(Service, Vec<crate::plan::Source>)> {
    if cx.spent.get().1 > MOST_OPERATIONS {
        return None;
    }
    let program = Program { inputs: cx.inputs.clone(), lists: cx.lists.clone(), ..Program::default() };
    let mut build = Build {
        cx,
        library,
        builder: Builder::new(program),
        steps: Vec::new(),
        reasons: Vec::new(),
        names: BTreeMap::new(),
        bands: BTreeMap::new(),
        pieces: Vec::new(),
        figures: Vec::new(),
        at_step: String::new(),
        doubts: Vec::new(),
        summed: BTreeSet::new(),
        motions: Vec::new(),
        moving: BTreeMap::new(),
        dates: Vec::new(),
        raw_order: raw.steps.iter().map(|s| s.id.clone()).collect(),
        each: Vec::new(),
        locals: BTreeMap::new(),
        list: None,
        each_depth: 0,
        broken: cx.broken(),
        steps_read: 0,
        cells: 0,
        block_cells: Vec::new(),
        bill: None,
        out: Outputs::default(),
        prefix: String::new(),
        as_of: None,
        decides: None,
        frame_sources: Vec::new(),
    };
    build.start();
    build.service_date(raw);
    for other in &raw.after {
        build.take_in(other, raw);
    }
    build.broken.extend(raw.broken.iter().cloned());
    build.all_steps(&raw.steps);
    build.settle_doubts();
    build.answers(raw);
    let ends = raw.ends.as_ref().and_then(|spot| build.date_input(spot));
    let split_lines = build.split_lines(raw);
    let mut service = Service {
        id: raw.id.clone(),
        title: raw.title.clone(),
        kind: raw.kind,
        topic: raw.topic.clone(),
        officer: raw.officer,
        as_of: build.as_of,
        ends,
        crosses_year: raw.crosses_year,
        split_days: raw.split_days,
        split_lines,
        program: Program::default(),
        reasons: Vec::new(),
        steps: std::mem::take(&mut build.steps),
        outputs: std::mem::take(&mut build.out),
    };
    build.constraints(&mut service);
    service.reasons = std::mem::take(&mut build.reasons);
    // What a verdict, a posting or a constraint refuses belongs to no step.
    let steps = service.steps.len();
    for reason in &mut service.reasons {
        reason.step = reason.step.filter(|at| (*at as usize) < steps);
    }
    build.spend(raw);
    service.program = build.builder.program;
    super::layout::lay_out(&mut service);
    warn_of_nothing(cx, raw, &service);
    Some((service, build.frame_sources))
}

/// Says where an answer may have nothing to be worked out from.
fn warn_of_nothing(cx: &Context<'_, '_>, raw: &RawService<'_>, service: &Service) {
    let Some((at, why)) = super::apply::may_not_apply(service, cx.plan.ledger.as_ref()) else { return };
    let step = service.steps.get(at).map_or("", |step| &step.id);
    let why = match why {
        Nothing::Previous => "there is no stay before",
        Nothing::Posted(_) => "nothing was posted yet",
        Nothing::Record(_) => "no record is counted",
    };
    let message = format!("where {why}, `{step}` is not applicable, and `{}` refuses", raw.id);
    let place = raw.steps.iter().find(|s| s.id == step).map_or_else(|| raw.at.clone(), |s| s.at.place());
    let help = "write `if applies(…) then … else …` where the text says what holds then";
    cx.scope.report(Diagnostic::warning("may-not-apply", message).at(place).help(help));
}

impl<'a> Build<'_, '_, 'a> {
    /// Reason 0, the open parameters' reasons, and the parameters' figures.
    pub(super) fn start(&mut self) {
        self.reason(
            "month-length",
            "原文没有说明一个月按多少天计算",
            "the text does not say how many days a month has",
            Vec::new(),
        );
        for (name, at) in &self.cx.open_parameters {
            let Some(parameter) = self.cx.plan.parameters.get(*at) else { continue };
            let reason = Reason {
                code: "unset".into(),
                text: parameter.why.clone(),
                step: None,
                cites: parameter.cites.clone(),
            };
            let index = number(self.reasons.len());
            self.reasons.push(reason);
            if let Some(input) = self.builder.program.inputs.iter_mut().find(|i| i.name == *name) {
                input.reason = index;
            }
        }
        for parameter in &self.cx.raw.parameters {
            let Some((figure, spot)) = &parameter.is else { continue };
            let value = super::units::register_value(*figure).and_then(super::units::parts);
            match value.map(|(num, den)| self.builder.constant(super::units::kind_of(figure.unit), num, den)) {
                Some(Ok(reg)) => {
                    self.names.insert(parameter.id.clone(), reg);
                }
                _ => self
                    .cx
                    .scope
                    .report(Diagnostic::error("figure-too-large", "the figure is too large").at(spot.place())),
            }
        }
    }

    pub(super) fn reason(&mut self, code: &str, zh: &str, en: &str, cites: Vec<Cite>) -> u32 {
        self.reason_text(code, &Text { zh: zh.into(), en: en.into() }, cites)
    }

    pub(super) fn reason_text(&mut self, code: &str, text: &Text, cites: Vec<Cite>) -> u32 {
        let step = if self.reasons.is_empty() { None } else { Some(number(self.steps.len())) };
        let reason = Reason { code: code.into(), text: text.clone(), step, cites };
        if let Some(at) = self.reasons.iter().position(|known| *known == reason) {
            return number(at);
        }
        self.reasons.push(reason);
        number(self.reasons.len().saturating_sub(1))
    }

    pub(super) fn cites(&self, raw: &[crate::pack::RawCite<'a>]) -> Vec<Cite> {
        resolve_cites(&self.cx.found, self.cx.scope, &self.cx.plan.sources, raw)
    }

    pub(super) fn full_name(&self, id: &str) -> String {
        format!("{}{id}", self.prefix)
    }

    pub(super) fn look_up(&self, name: &str) -> Option<Reg> {
        if let Some(local) = self.locals.get(name) {
            return Some(*local);
        }
        if let Some(reg) = self.names.get(&self.full_name(name)).or_else(|| self.names.get(name)) {
            return Some(*reg);
        }
        self.cx.input_at.get(name).copied()
    }

    /// Whether a name stands for something whose own problem was told.
    pub(super) fn is_broken(&self, name: &str) -> bool {
        self.broken.contains(name) || self.broken.contains(&self.full_name(name))
    }

    /// Whether anything of this service could not be compiled.
    pub(super) fn has_broken(&self) -> bool {
        !self.broken.is_empty()
    }

    pub(super) fn known_names(&self) -> Vec<String> {
        let inputs = self.builder.program.inputs.iter().map(|i| i.name.clone());
        let locals = self.locals.keys().cloned();
        self.names
            .keys()
            .cloned()
            .chain(inputs)
            .chain(locals)
            .chain(self.each.iter().map(|(_, name, _)| name.clone()))
            .collect()
    }

    // Lists.

    pub(super) fn open_list(&mut self, list: u32) -> Option<u32> {
        let block = self.builder.open(list).ok()?;
        self.list = Some(list);
        let fields = self.cx.lists.get(list as usize).map(|l| l.fields.as_slice()).unwrap_or_default();
        self.locals =
            fields.iter().enumerate().map(|(i, f)| (f.name.clone(), LOCAL.saturating_add(number(i)))).collect();
        Some(block)
    }

    pub(super) fn close_list(&mut self) {
        self.builder.close();
        self.list = None;
        self.locals.clear();
    }

    pub(super) fn is_each_step(&self, name: &str) -> bool {
        self.each
            .iter()
            .any(|(list, full, _)| Some(*list) == self.list && (*full == self.full_name(name) || full == name))
    }

    /// A per-record step, computed in the block at hand. `None`: there is none of that name.
    pub(super) fn each_step(&mut self, name: &str) -> Option<Option<Reg>> {
        let found = self
            .each
            .iter()
            .find(|(list, full, _)| Some(*list) == self.list && (*full == self.full_name(name) || full == name));
        let (_, _, raw) = found.cloned()?;
        if self.each_depth >= MOST_EACH {
            let message = format!("`{name}` builds on more than {MOST_EACH} other steps per record");
            self.cx.scope.report(
                Diagnostic::error("formula-too-deep", message).at(raw.at.place()).help("compute more in one step"),
            );
            return Some(None);
        }
        self.each_depth = self.each_depth.saturating_add(1);
        // Its figures are proved where it stands, and its names are not those of this formula: neither meets the other's.
        let kept = (take(&mut self.figures), take(&mut self.dates), take(&mut self.pieces));
        let reg = self.record_value(&raw).map(|(reg, ..)| reg);
        (self.figures, self.dates, self.pieces) = kept;
        self.each_depth = self.each_depth.saturating_sub(1);
        if let Some(reg) = reg {
            self.locals.insert(name.to_owned(), reg);
        }
        Some(reg)
    }

    pub(super) fn remember_each(&mut self, list: u32, raw: &RawStep<'a>) {
        self.each.push((list, self.full_name(&raw.id), raw.clone()));
    }

    /// Counts what this service came to: all services of a pack share one allowance.
    pub(super) fn spend(&self, raw: &RawService<'a>) {
        let (cells, operations) = self.cx.spent.get();
        let (cells, operations) = (cells.saturating_add(self.cells), operations.saturating_add(self.builder.size()));
        self.cx.spent.set((cells, operations));
        let split = "split the pack, or put what services share into one of its own";
        if operations > MOST_OPERATIONS {
            self.cx.scope.report(
                Diagnostic::error(
                    "program-too-large",
                    format!("the services so far have more than {MOST_OPERATIONS} operations"),
                )
                .at(raw.at.clone())
                .help(split),
            );
        }
        let most = crate::plan::MOST_WORK;
        if crate::plan::most_work(&self.builder.program, &self.block_cells) > most {
            let message = format!("with full lists this service takes more than {most} operations");
            self.cx.scope.report(
                Diagnostic::error("program-too-large", message)
                    .at(raw.at.clone())
                    .help("lower `max` of its lists, or compute less for each record"),
            );
        }
    }

    // Dates.

    pub(super) fn date_input(&self, spot: &Spot<'a>) -> Option<Reg> {
        let found = self.builder.program.inputs.iter().position(|i| i.name == spot.text() && i.kind == Kind::Date);
        if found.is_none() {
            self.cx.scope.report(
                Diagnostic::error("unknown-name", format!("`{}` is not a fact of type date", spot.text()))
                    .at(spot.place()),
            );
        }
        found.map(number)
    }

    pub(super) fn service_date(&mut self, raw: &RawService<'a>) {
        let Some(spot) = &raw.as_of else { return };
        self.as_of = self.date_input(spot);
        let last = raw.ends.as_ref().filter(|_| raw.crosses_year == CrossesYear::Discharge);
        self.decides = match last {
            Some(last) => self.date_input(last).map(|reg| (reg, last.text().to_owned())),
            None => self.as_of.map(|reg| (reg, spot.text().to_owned())),
        };
        // Outside the stated period the engine refuses before it evaluates, so rows need not reach there.
        let header = &self.cx.plan.pack;
        let bounds = (header.from, header.until.and_then(|day| day.add_days(-1)));
        if let Some((reg, _)) = &self.decides {
            if let Some(input) = self.builder.program.inputs.get_mut(*reg as usize) {
                input.min = bounds.0.map_or(input.min, |day| i64::from(day.days()));
                input.max = bounds.1.map_or(input.max, |day| i64::from(day.days()));
            }
            self.builder.shapes = crate::plan::Shapes::start(&self.builder.program);
            let code = self.builder.program.code.clone();
            for instr in &code {
                let _ = self.builder.shapes.push(&self.builder.program, instr);
            }
        }
    }

    // Steps.

    /// Takes in the steps of another service under `service.step`.
    pub(super) fn take_in(&mut self, other: &Spot<'a>, reader: &RawService<'a>) {
        let Some(raw) = self.cx.raw.services.iter().find(|s| s.id == other.text() && s.id != reader.id) else {
            self.cx.scope.report(
                Diagnostic::error("unknown-name", format!("there is no other service `{}`", other.text()))
                    .at(other.place())
                    .meant(
                        other.text(),
                        self.cx.raw.services.iter().map(|s| s.id.as_str()).filter(|id| *id != reader.id),
                    ),
            );
            return;
        };
        let own = std::mem::replace(&mut self.raw_order, raw.steps.iter().map(|s| s.id.clone()).collect());
        self.prefix = format!("{}.", raw.id);
        self.broken.extend(raw.broken.iter().map(|id| format!("{}.{id}", raw.id)));
        for step in &raw.steps {
            if matches!(
                step.form,
                RawForm::Bill { .. } | RawForm::Pay { .. } | RawForm::Benefit { .. } | RawForm::Allocate { .. }
            ) {
                self.cx.scope.report(
                    Diagnostic::error(
                        "after",
                        format!("`{}` settles a bill of its own, it cannot be read by another service", raw.id),
                    )
                    .at(other.place()),
                );
                break;
            }
        }
        self.all_steps(&raw.steps);
        self.prefix.clear();
        self.raw_order = own;
    }

    pub(super) fn all_steps(&mut self, raw: &[RawStep<'a>]) {
        self.steps_read = self.steps_read.saturating_add(raw.len());
        if let Some(first) = raw.first().filter(|_| self.steps_read > MOST_STEPS) {
            let message = format!(
                "the service has {} steps with those it takes in, at most {MOST_STEPS} are read",
                self.steps_read
            );
            self.cx.scope.report(
                Diagnostic::error("too-many", message)
                    .at(first.at.place())
                    .help("put what several services share into a service of its own"),
            );
            let names: Vec<String> = raw.iter().map(|step| self.full_name(&step.id)).collect();
            self.broken.extend(names);
            return;
        }
        let mut seen: BTreeMap<&str, Place> = BTreeMap::new();
        for step in raw {
            match seen.get(step.id.as_str()) {
                Some(first) => {
                    let problem = Diagnostic::error("duplicate-id", format!("there is another step `{}`", step.id))
                        .at(step.at.place());
                    self.cx.scope.report(problem.also(first.clone(), "the other step"));
                }
                None => {
                    seen.insert(&step.id, step.at.place());
                }
            }
            let input = self.cx.input_at.contains_key(&step.id);
            if input
                || self.cx.lists.iter().any(|l| l.name == step.id)
                || self.cx.raw.parameters.iter().any(|p| p.id == step.id)
            {
                self.cx.scope.report(
                    Diagnostic::error("duplicate-id", format!("`{}` is already a fact or parameter", step.id))
                        .at(step.at.place()),
                );
            }
        }
        let exceptions = |id: &str| {
            raw.iter()
                .enumerate()
                .filter(|(_, s)| matches!(&s.form, RawForm::Exception { to, .. } if to.text() == id))
                .map(|(i, _)| i)
                .collect::<Vec<_>>()
        };
        for (i, step) in raw.iter().enumerate() {
            if let RawForm::Exception { to, .. } = &step.form {
                match raw.iter().position(|s| s.id == to.text() && !matches!(s.form, RawForm::Exception { .. })) {
                    Some(base) => {
                        let last = exceptions(to.text()).into_iter().max().unwrap_or(i).max(base);
                        if last == i {
                            self.replace(raw, base, &exceptions(to.text()));
                        }
                    }
                    None => self.cx.scope.report(
                        Diagnostic::error("unknown-name", format!("there is no step `{}` to replace", to.text()))
                            .at(to.place()),
                    ),
                }
                continue;
            }
            self.step(step);
            let all = exceptions(&step.id);
            match all.iter().max() {
                Some(last) if *last > i => {
                    // Not to be read before its exceptions are known.
                    if let Some(reg) = self.names.remove(&self.full_name(&step.id)) {
                        self.names.insert(format!("{}{} ", self.prefix, step.id), reg);
                    }
                }
                Some(_) => self.replace(raw, i, &all),
                None => {}
            }
        }
    }

    /// Combines a step with its exceptions.
    pub(super) fn replace(&mut self, raw: &[RawStep<'a>], base: usize, exceptions: &[usize]) {
        let Some(base_raw) = raw.get(base) else { return };
        let full = self.full_name(&base_raw.id);
        let parked = self.names.remove(&format!("{full} "));
        let Some(base_reg) = parked.or_else(|| self.names.get(&full).copied()) else { return };
        self.names.insert(full.clone(), base_reg);
        let Some(base_step) = self.steps.iter().position(|s| s.id == full).map(number) else { return };
        let mut alternatives = Vec::new();
        for at in exceptions {
            if let Some(found) = raw.get(*at).and_then(|step| self.exception(step, base_step)) {
                alternatives.push(found);
            }
        }
        let reason = self.conflict(base_step);
        match self.builder.push(Instr::Exceptions(base_reg, alternatives, reason)) {
            Ok(reg) => {
                self.names.insert(full, reg);
                if let Some(step) = self.steps.get_mut(base_step as usize) {
                    step.register = reg;
                }
            }
            Err(problem) => self.cx.scope.report(
                Diagnostic::error(super::expr::problem_code(&problem), problem.to_string()).at(base_raw.at.place()),
            ),
        }
    }

    /// Why a step with two exceptions that apply at once is refused: the clauses of all of them.
    pub(super) fn conflict(&mut self, base: u32) -> u32 {
        let exceptions = self.steps.iter().filter(|s| matches!(s.form, Form::Exception { to, .. } if to == base));
        let mut cites: Vec<Cite> = Vec::new();
        for cite in exceptions.flat_map(|s| &s.cites) {
            if !cites.contains(cite) {
                cites.push(cite.clone());
            }
        }
        let text = Text { zh: "两个例外同时适用".into(), en: "two exceptions apply at once".into() };
        self.reasons.push(Reason { code: "conflict".into(), text, step: Some(base), cites });
        number(self.reasons.len().saturating_sub(1))
    }

    pub(super) fn push_step(&mut self, step: Step) {
        if step.block.is_none() && !matches!(step.form, Form::Exception { .. }) {
            self.names.insert(step.id.clone(), step.register);
        }
        self.steps.push(step);
    }
}
