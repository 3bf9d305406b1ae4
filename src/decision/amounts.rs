//! Registers as values: money, verdict, limit, layers.

use super::engine::{Engine, Run};
use super::view::{Amounts, CiteView, Draw, Layer, Limit, NamedValue, PartView, Payment, Value};
use crate::case::value_of;
use crate::evaluate::{Slot, possible_rows};
use crate::number::Wide;
use crate::plan::{Amount, Cite, Form, Kind, LOCAL, Plan, Reason, Reg, Service, Shape, State, Text};

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

    pub(super) fn slot(&self, reg: Reg) -> Slot<Wide> {
        self.run.registers.get(reg as usize).copied().unwrap_or(Slot::without(State::Failed, 0))
    }

    /// Why a register has no value. A failure without a reason of its own is that of a day beyond the calendar.
    pub(crate) fn reason(&self, slot: Slot<Wide>) -> Option<Reason> {
        if slot.state == State::Failed && slot.reason == 0 {
            return Some(beyond_the_calendar());
        }
        let at = slot.reason as usize;
        let carried = at.checked_sub(self.service.reasons.len()).and_then(|at| self.run.carried.get(at));
        self.service.reasons.get(at).or(carried).cloned()
    }

    /// The rows, or `otherwise`, of a table that its known keys leave possible.
    pub(super) fn rows_left(&self, at: u32) -> Vec<u16> {
        let table = self.service.program.tables.get(at as usize);
        let (Some(table), Some(cover)) = (table, self.engine.cover(self.index, at)) else { return Vec::new() };
        possible_rows(&table.keys, &cover.columns, &cover.dense, &self.run.registers.as_slice(), &())
    }

    pub(super) fn shape(&self, block: Option<u32>, reg: Reg) -> Option<&'a Shape> {
        self.engine.shapes(self.index)?.read(block, reg).ok()
    }

    pub(super) fn value(&self, reg: Reg) -> Value {
        self.value_as(self.slot(reg), self.shape(None, reg))
    }

    pub(super) fn value_as(&self, slot: Slot<Wide>, shape: Option<&Shape>) -> Value {
        let (kind, den) = shape.map_or((Kind::Number, 1), |s| (s.kind, s.den));
        let mut value = Value { state: slot.state, text: String::new(), unit: unit_word(kind), label: None };
        match kind {
            _ if !slot.is_known() => {}
            Kind::Choice(set) => {
                let set = self.plan().choices.get(set as usize);
                let at = usize::try_from(slot.num).unwrap_or(usize::MAX);
                if let Some(option) = set.and_then(|set| set.options.get(at)) {
                    value.text.clone_from(&option.id);
                    value.label = Some(option.label.clone());
                }
            }
            _ => value.text = value_of(kind, den, slot.num),
        }
        value
    }

    pub(super) fn cites(&self, cites: &[Cite]) -> Vec<CiteView> {
        let mut all = Vec::new();
        for cite in cites {
            if let Some(source) = self.plan().sources.get(cite.source as usize)
                && let Some(clause) = source.clauses.get(cite.clause as usize)
            {
                all.push(CiteView { clause: [&source.id, "/", &clause.id].concat(), mark: cite.mark });
            }
        }
        all
    }

    fn payment(&self, step: u32, payer: u32, amount: Reg) -> Payment {
        let (step, label) = self.service.steps.get(step as usize).map(|s| (&s.id, &s.label)).unzip();
        let payer = self.plan().payers.get(payer as usize);
        Payment {
            step: step.cloned().unwrap_or_default(),
            label: label.cloned().unwrap_or_default(),
            payer: payer.map(|p| p.id.clone()).unwrap_or_default(),
            payer_label: payer.map(|p| p.label.clone()).unwrap_or_default(),
            own: payer.is_some_and(|p| p.own),
            amount: self.value(amount),
            from: Vec::new(),
            bound: "asked",
        }
    }

    /// Payments that nothing can reduce.
    pub(super) fn asked_payments(&self, amounts: &[Amount]) -> Vec<Payment> {
        let mut all = Vec::new();
        for amount in amounts {
            all.push(self.payment(amount.step, amount.payer, amount.amount));
        }
        all
    }

    pub(super) fn amounts(&self) -> Option<Amounts> {
        let out = &self.service.outputs;
        let bill = out.bill.as_ref()?;
        let mut payments = Vec::new();
        for paid in &out.payments {
            let mut payment = self.payment(paid.step, paid.payer, paid.paid);
            for (part, reg) in &paid.draws {
                let part = bill.parts.get(*part as usize).map(|p| p.id.clone()).unwrap_or_default();
                payment.from.push(Draw { part, amount: self.value(*reg) });
            }
            if self.slot(paid.paid) != self.slot(paid.asked) {
                payment.bound = "limit";
            }
            payments.push(payment);
        }
        let mut parts = Vec::new();
        for part in &bill.parts {
            parts.push(PartView {
                id: part.id.clone(),
                label: part.label.clone(),
                amount: self.value(part.amount),
                left: self.value(part.left),
            });
        }
        Some(Amounts {
            total: self.value(bill.total),
            payments,
            patient: self.value(bill.patient),
            cash: self.value(bill.cash),
            net: self.value(bill.net),
            benefits: self.asked_payments(&out.benefits),
            parts,
        })
    }

    /// The limit; where the local text leaves it open and a frame speaks, the frame's bound.
    pub(super) fn limit(&self) -> Option<Limit> {
        let step = self.service.steps.get(self.service.outputs.limit? as usize)?;
        let Form::Limit { from } = &step.form else { return None };
        let governs = match &step.frame {
            Some(frame) if self.slot(step.register).state == State::Unset => frame.register,
            _ => step.register,
        };
        Some(Limit { step: step.id.clone(), from: from.map(|reg| self.value(reg)), to: self.value(governs) })
    }

    /// For each step that a frame bounds: which of the two governs.
    pub(super) fn layers(&self) -> Vec<Layer> {
        let here = &self.plan().pack.id;
        let mut all = Vec::new();
        for step in &self.service.steps {
            let Some(frame) = &step.frame else { continue };
            let (governs, yields) = match self.slot(step.register).state {
                State::Known => (here, &frame.pack),
                State::Unset => (&frame.pack, here),
                _ => continue,
            };
            all.push(Layer {
                step: step.id.clone(),
                governs: governs.clone(),
                yields: yields.clone(),
                bound: self.value(frame.register),
                at_most: frame.at_most,
                label: frame.label.clone(),
                cites: self.cites(&frame.cites),
            });
        }
        all
    }

    pub(super) fn result(&self) -> Vec<NamedValue> {
        let mut all = Vec::new();
        for at in &self.service.outputs.result {
            if let Some(step) = self.service.steps.get(*at as usize) {
                let value = self.value(step.register);
                all.push(NamedValue { id: step.id.clone(), label: step.label.clone(), value });
            }
        }
        all
    }

    /// Label of a name in a formula: a fact, a step, a balance.
    pub(super) fn label_of(&self, name: &str, reg: Reg) -> Text {
        if let Some(step) = self.service.steps.iter().find(|s| s.register == reg && s.block.is_none()) {
            return step.label.clone();
        }
        let input = self.service.program.inputs.get(reg as usize).map_or(name, |i| i.name.as_str());
        input_label(self.plan(), input).cloned().unwrap_or_else(|| Text { zh: name.into(), en: name.into() })
    }
}

fn beyond_the_calendar() -> Reason {
    let text = Text {
        zh: "日期超出了1900年至2199年".into(), en: "a day that is not in the years 1900 to 2199".into()
    };
    Reason { code: "no-such-day".into(), text, step: None, cites: Vec::new() }
}

/// Label of an input by its full name.
pub(super) fn input_label<'a>(plan: &'a Plan, name: &str) -> Option<&'a Text> {
    if let Some(rest) = name.strip_prefix("ledger.") {
        return plan.ledger.as_ref()?.entries.iter().find(|e| e.id == rest).map(|e| &e.label);
    }
    if let Some(rest) = name.strip_prefix("previous.") {
        return plan.previous.iter().find(|p| p.id == rest).map(|p| &p.label);
    }
    if let Some(parameter) = plan.parameters.iter().find(|p| p.id == name) {
        return Some(&parameter.label);
    }
    fact_of(plan, name).map(|f| &f.label)
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
