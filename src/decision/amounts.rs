//! Registers as values: money, verdict, limit, layers.

use super::engine::{Engine, Run};
use super::view::{Amounts, CiteView, Draw, Layer, Limit, NamedValue, PartView, Payment, Value};
use crate::case::value_of;
use crate::evaluate::Slot;
use crate::plan::{Amount, Cite, Form, Kind, LOCAL, Plan, Reg, Service, Shape, State, Text};

/// Reads registers of one run.
pub(super) struct Reader<'a> {
    pub(super) engine: &'a Engine,
    pub(super) index: usize,
    pub(super) service: &'a Service,
    pub(super) run: &'a Run,
}

impl<'a> Reader<'a> {
    pub(super) fn plan(&self) -> &'a Plan {
        self.engine.plan()
    }

    pub(super) fn slot(&self, reg: Reg) -> Slot<i128> {
        self.run.registers.get(reg as usize).copied().unwrap_or(Slot::without(State::Failed, 0))
    }

    pub(super) fn shape(&self, block: Option<u32>, reg: Reg) -> Option<&'a Shape> {
        self.engine.shapes(self.index)?.read(block, reg).ok()
    }

    pub(super) fn value(&self, reg: Reg) -> Value {
        self.value_as(self.slot(reg), self.shape(None, reg))
    }

    pub(super) fn value_as(&self, slot: Slot<i128>, shape: Option<&Shape>) -> Value {
        let (kind, den) = shape.map_or((Kind::Number, 1), |s| (s.kind, s.den));
        let mut label = None;
        let mut text = String::new();
        if slot.is_known() {
            text = value_of(kind, den, slot.num);
            if let Kind::Choice(set) = kind {
                let option =
                    self.plan().choices.get(set as usize).and_then(|s| s.options.get(usize::try_from(slot.num).ok()?));
                text = option.map(|o| o.id.clone()).unwrap_or_default();
                label = option.map(|o| o.label.clone());
            }
        }
        Value { state: slot.state, text, unit: unit_word(kind), label }
    }

    pub(super) fn cites(&self, cites: &[Cite]) -> Vec<CiteView> {
        cites.iter().filter_map(|cite| Some(CiteView { clause: self.clause_id(cite)?, mark: cite.mark })).collect()
    }

    pub(super) fn clause_id(&self, cite: &Cite) -> Option<String> {
        let source = self.plan().sources.get(cite.source as usize)?;
        let clause = source.clauses.get(cite.clause as usize)?;
        Some(format!("{}/{}", source.id, clause.id))
    }

    fn step_of(&self, at: u32) -> (String, Text) {
        self.service.steps.get(at as usize).map(|s| (s.id.clone(), s.label.clone())).unwrap_or_default()
    }

    fn payer_of(&self, at: u32) -> (String, Text, bool) {
        self.plan().payers.get(at as usize).map(|p| (p.id.clone(), p.label.clone(), p.own)).unwrap_or_default()
    }

    pub(super) fn plain_payment(&self, amount: &Amount) -> Payment {
        let ((step, label), (payer, payer_label, own)) = (self.step_of(amount.step), self.payer_of(amount.payer));
        Payment {
            step,
            label,
            payer,
            payer_label,
            own,
            amount: self.value(amount.amount),
            from: Vec::new(),
            bound: "asked",
        }
    }

    pub(super) fn amounts(&self) -> Option<Amounts> {
        let out = &self.service.outputs;
        let bill = out.bill.as_ref()?;
        let part = |i: u32| bill.parts.get(i as usize).map(|p| p.id.clone()).unwrap_or_default();
        let payments = out
            .payments
            .iter()
            .map(|p| {
                let ((step, label), (payer, payer_label, own)) = (self.step_of(p.step), self.payer_of(p.payer));
                let from = p.draws.iter().map(|(i, reg)| Draw { part: part(*i), amount: self.value(*reg) }).collect();
                let bound = if self.slot(p.paid) == self.slot(p.asked) { "asked" } else { "limit" };
                Payment { step, label, payer, payer_label, own, amount: self.value(p.paid), from, bound }
            })
            .collect();
        Some(Amounts {
            total: self.value(bill.total),
            payments,
            patient: self.value(bill.patient),
            cash: self.value(bill.cash),
            net: self.value(bill.net),
            benefits: out.benefits.iter().map(|b| self.plain_payment(b)).collect(),
            parts: bill
                .parts
                .iter()
                .map(|p| PartView {
                    id: p.id.clone(),
                    label: p.label.clone(),
                    amount: self.value(p.amount),
                    left: self.value(p.left),
                })
                .collect(),
        })
    }

    /// The limit; where the local text leaves it open and a frame speaks, the frame's bound.
    pub(super) fn limit(&self) -> Option<Limit> {
        let step = self.service.steps.get(self.service.outputs.limit? as usize)?;
        let Form::Limit { from } = &step.form else { return None };
        let own = self.value(step.register);
        let to = match &step.frame {
            Some(frame) if own.state == State::Unset => self.value(frame.register),
            _ => own,
        };
        Some(Limit { step: step.id.clone(), from: from.map(|reg| self.value(reg)), to })
    }

    /// For each step that a frame bounds: which of the two governs.
    pub(super) fn layers(&self) -> Vec<Layer> {
        let here = self.plan().pack.id.clone();
        self.service
            .steps
            .iter()
            .filter_map(|step| {
                let frame = step.frame.as_ref()?;
                let local = self.slot(step.register);
                let (governs, yields) = match local.state {
                    State::Known => (here.clone(), frame.pack.clone()),
                    State::Unset => (frame.pack.clone(), here.clone()),
                    _ => return None,
                };
                let (bound, cites) = (self.value(frame.register), self.cites(&frame.cites));
                Some(Layer {
                    step: step.id.clone(),
                    governs,
                    yields,
                    bound,
                    at_most: frame.at_most,
                    label: frame.label.clone(),
                    cites,
                })
            })
            .collect()
    }

    pub(super) fn result(&self) -> Vec<NamedValue> {
        let steps = self.service.outputs.result.iter().filter_map(|at| self.service.steps.get(*at as usize));
        steps.map(|s| NamedValue { id: s.id.clone(), label: s.label.clone(), value: self.value(s.register) }).collect()
    }

    /// Label of a name in a formula: a fact, a step, a balance.
    pub(super) fn label_of(&self, name: &str, reg: Reg) -> Text {
        if let Some(step) = self.service.steps.iter().find(|s| s.register == reg && s.block.is_none()) {
            return step.label.clone();
        }
        let plan = self.plan();
        let input = self.service.program.inputs.get(reg as usize).map_or(name, |i| i.name.as_str());
        input_label(plan, input).unwrap_or_else(|| Text { zh: name.into(), en: name.into() })
    }
}

/// Label of an input by its full name.
pub(super) fn input_label(plan: &Plan, name: &str) -> Option<Text> {
    if let Some(rest) = name.strip_prefix("ledger.") {
        return plan.ledger.iter().flat_map(|l| &l.entries).find(|e| e.id == rest).map(|e| e.label.clone());
    }
    if let Some(rest) = name.strip_prefix("previous.") {
        return plan.previous.iter().find(|p| p.id == rest).map(|p| p.label.clone());
    }
    if let Some(parameter) = plan.parameters.iter().find(|p| p.id == name) {
        return Some(parameter.label.clone());
    }
    fact_of(plan, name).map(|f| f.label.clone())
}

/// The fact (or institution attribute) of an input's name.
pub(super) fn fact_of<'a>(plan: &'a Plan, name: &str) -> Option<&'a crate::plan::Fact> {
    if let Some(fact) = plan.facts.iter().find(|f| f.id == name) {
        return Some(fact);
    }
    let (fact, attribute) = name.split_once('.')?;
    plan.facts.iter().find(|f| f.id == fact)?.fields.iter().find(|f| f.id == attribute)
}

/// The word for a unit in decisions.
pub(crate) fn unit_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Money => "yuan",
        Kind::Rate => "rate",
        Kind::Number => "number",
        Kind::Points => "points",
        Kind::Days => "days",
        Kind::Months => "months",
        Kind::Date => "date",
        Kind::Bool => "bool",
        Kind::Choice(_) => "option",
    }
}

/// Whether a register belongs to a record.
pub(super) fn is_local(reg: Reg) -> bool {
    reg >= LOCAL
}
