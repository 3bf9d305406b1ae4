//! The bill, its parts, and payments that draw from them.

use super::builder::number;
use super::service::{BillState, Build};
use super::usage::Use;
use crate::diagnostic::Diagnostic;
use crate::number::Rounding;
use crate::pack::{Formula, RawForm, RawPart, RawStep, Spot};
use crate::plan::{Bill, Comparison, Form, Formula as Shown, Instr, Kind, Part, Payment, Problem, Reg};

/// A value with its form and formulas.
type Made = (Reg, Form, Vec<Shown>);

impl<'a> Build<'_, '_, 'a> {
    pub(super) fn make_bill(&mut self, raw: &RawStep<'a>, total: &Formula<'a>, parts: &[RawPart<'a>]) -> Option<Made> {
        if self.bill.is_some() {
            return self.report(Diagnostic::error("step-form", "a service has one bill").at(raw.at.place()));
        }
        let (total_reg, shown) = self.shown("bill", total, None)?;
        let total_reg = self.whole_fen(total_reg, raw, &total.spot)?;
        let mut formulas = vec![shown];
        let mut amounts: Vec<Option<Reg>> = Vec::new();
        for part in parts {
            let Some(formula) = &part.amount else {
                amounts.push(None);
                continue;
            };
            let (reg, shown) = self.shown(&part.id, formula, None)?;
            let shape = self.builder.shape(reg)?;
            if shape.kind != Kind::Money {
                return self.report(Diagnostic::error("units", "a part of the bill is money").at(formula.spot.place()));
            }
            if shape.den != 1 {
                return self.report(
                    Diagnostic::error("part-not-whole", format!("part `{}` may have fractions of a fen", part.id))
                        .at(formula.spot.place())
                        .help("round it in a step of its own"),
                );
            }
            let reg = self.not_negative(
                reg,
                "over-bill",
                "账单的一部分小于零",
                "a part of the bill is below zero",
                &formula.spot,
            )?;
            formulas.push(shown);
            amounts.push(Some(reg));
        }
        if amounts.iter().filter(|a| a.is_none()).count() > 1 {
            let mut rests = parts.iter().filter(|part| part.amount.is_none()).map(|part| part.at.clone());
            let (first, second) =
                (rests.next().unwrap_or_else(|| raw.at.place()), rests.next().unwrap_or_else(|| raw.at.place()));
            return self.report(
                Diagnostic::error("bill-rest", "only one part can be `rest`")
                    .at(second)
                    .also(first, "the other one")
                    .help("write a formula for one of them"),
            );
        }
        let mut rest = total_reg;
        for reg in amounts.iter().flatten() {
            rest = self.add(Instr::Sub(rest, *reg), &raw.at)?;
        }
        let (rest, adds_up) = self.adds_up(rest, &amounts, &raw.at)?;
        self.out.requires.push(rest);
        // Of a bill that does not add up nothing is known but its total: what is paid from a part of it would be a sum
        // of no bill.
        let mut sound = |reg: Reg| match adds_up {
            Some((holds, reason)) => self.add(Instr::Require(reg, holds, reason), &raw.at),
            None => Some(reg),
        };
        let due = sound(total_reg)?;
        let mut whole = Vec::with_capacity(parts.len());
        for (part, amount) in parts.iter().zip(amounts) {
            let amount = match amount {
                Some(amount) => sound(amount)?,
                None => rest,
            };
            whole.push(Part { id: part.id.clone(), label: part.label.clone(), amount, left: amount });
        }
        self.bill = Some(BillState { total: total_reg, due, parts: whole });
        Some((total_reg, Form::Bill, formulas))
    }

    /// What is left of the total, refused where the parts do not come to it; and what has to hold for that, with the
    /// reason, unless it always does.
    fn adds_up(&mut self, rest: Reg, parts: &[Option<Reg>], at: &Spot<'a>) -> Option<(Reg, Option<(Reg, u32)>)> {
        let over = ("over-bill", "账单各部分之和超过总费用", "the parts of the bill add up to more than the total");
        let zero = self.builder.constant(Kind::Money, 0, 1).ok()?;
        let guarded = |reg: &Reg| matches!(self.builder.program.writer(*reg), Some(Instr::Require(..)));
        let may_fail = self.builder.shape(rest)?.lo < 0 || parts.iter().flatten().any(guarded);
        let mut adds_up = None;
        let mut rest = rest;
        if may_fail {
            let reason = self.reason(over.0, over.1, over.2, Vec::new());
            let holds = self.add(Instr::Cmp(Comparison::Ge, rest, zero), at)?;
            rest = self.add(Instr::Require(rest, holds, reason), at)?;
            adds_up = Some((holds, reason));
        }
        if parts.iter().all(Option::is_some) {
            let holds = self.add(Instr::Cmp(Comparison::Eq, rest, zero), at)?;
            let not_all = ("账单各部分之和不等于总费用", "the parts of the bill do not add up to the total");
            let reason = self.reason("over-bill", not_all.0, not_all.1, Vec::new());
            rest = self.add(Instr::Require(rest, holds, reason), at)?;
            adds_up = Some((holds, reason));
        }
        Some((rest, adds_up))
    }

    pub(super) fn pay(&mut self, raw: &RawStep<'a>) -> Option<Made> {
        let RawForm::Pay { payer, from, amount, cap, at_least, leaves } = &raw.form else { return None };
        let payer = self.payer(payer)?;
        if self.bill.is_none() {
            if self.has_broken() {
                return None;
            }
            return self.report(
                Diagnostic::error("no-bill", "there is no bill above this payment")
                    .at(raw.at.place())
                    .help("write the `bill` step first: payments draw from its parts"),
            );
        }
        let mut formulas = Vec::new();
        let (reg, shown) = self.shown("amount", amount, None)?;
        formulas.push(shown);
        let reg = self.whole_fen(reg, raw, &amount.spot)?;
        let mut asked = self.never_negative(reg, &amount.spot)?;
        if let Some(floor) = at_least {
            let (reg, shown) = self.shown("at_least", floor, None)?;
            self.used(&floor.expr, Use::Floor);
            formulas.push(shown);
            let reg = self.whole_fen(reg, raw, &floor.spot)?;
            asked = self.add(Instr::Max(asked, reg), &floor.spot)?;
        }
        let parts = self.parts_of(from)?;
        let mut room = self.sum_left(&parts, &raw.at)?;
        if let Some(cap) = cap {
            let (reg, shown) = self.shown("cap", cap, None)?;
            self.used(&cap.expr, Use::Cap);
            formulas.push(shown);
            let reg = self.limit_in_fen(reg, &cap.spot)?;
            room = self.add(Instr::Min(room, reg), &cap.spot)?;
        }
        if let Some(share) = leaves {
            let (reg, shown) = self.shown("leaves", share, None)?;
            formulas.push(shown);
            let all: Vec<usize> = (0..self.bill.as_ref().map_or(0, |b| b.parts.len())).collect();
            let left = self.sum_left(&all, &share.spot)?;
            let above = self.add(Instr::Sub(left, reg), &share.spot)?;
            let reg = self.limit_in_fen(above, &share.spot)?;
            room = self.add(Instr::Min(room, reg), &share.spot)?;
        }
        let paid = self.add(Instr::Min(asked, room), &raw.at)?;
        let draws = self.draw(&parts, paid, &raw.at)?;
        let index = number(self.out.payments.len());
        self.out.payments.push(Payment { step: number(self.steps.len()), payer, paid, asked, draws });
        Some((paid, Form::Pay { payment: index }, formulas))
    }

    /// A limit on a payment: never below zero, cut (not rounded up) to whole fen.
    pub(super) fn limit_in_fen(&mut self, reg: Reg, spot: &Spot<'a>) -> Option<Reg> {
        let zero = self.builder.constant(Kind::Money, 0, 1).ok()?;
        let reg = self.add(Instr::Max(reg, zero), spot)?;
        if self.builder.shape(reg).is_some_and(|s| s.den == 1) {
            Some(reg)
        } else {
            self.add(Instr::Round(reg, Rounding::Floor, 1, 1), spot)
        }
    }

    pub(super) fn parts_of(&self, from: &[Spot<'a>]) -> Option<Vec<usize>> {
        let mut all = Vec::new();
        for spot in from {
            let found = self.bill.as_ref().and_then(|bill| bill.parts.iter().position(|p| p.id == spot.text()));
            match found {
                Some(at) if !all.contains(&at) => all.push(at),
                Some(_) => {
                    return self.report(
                        Diagnostic::error("duplicate-id", format!("`{}` is named twice", spot.text())).at(spot.place()),
                    );
                }
                None => {
                    let parts = self.bill.iter().flat_map(|bill| &bill.parts).map(|p| p.id.as_str());
                    return self.report(
                        Diagnostic::error("unknown-part", format!("the bill has no part `{}`", spot.text()))
                            .at(spot.place())
                            .meant(spot.text(), parts),
                    );
                }
            }
        }
        Some(all)
    }

    pub(super) fn sum_left(&mut self, parts: &[usize], spot: &Spot<'a>) -> Option<Reg> {
        let regs: Vec<Reg> = self
            .bill
            .as_ref()?
            .parts
            .iter()
            .enumerate()
            .filter(|(i, _)| parts.contains(i))
            .map(|(_, p)| p.left)
            .collect();
        let mut sum: Option<Reg> = None;
        for reg in regs {
            sum = Some(match sum {
                None => reg,
                Some(so_far) => self.add(Instr::Add(so_far, reg), spot)?,
            });
        }
        sum
    }

    /// Takes a payment from the parts in the order named.
    pub(super) fn draw(&mut self, parts: &[usize], paid: Reg, spot: &Spot<'a>) -> Option<Vec<(u32, Reg)>> {
        let mut draws = Vec::new();
        let mut remaining = paid;
        for (i, part) in parts.iter().enumerate() {
            let left = self.bill.as_ref()?.parts.get(*part)?.left;
            let last = i.saturating_add(1) == parts.len();
            let taken = if last { remaining } else { self.add(Instr::Min(left, remaining), spot)? };
            let after = self.add(Instr::Sub(left, taken), spot)?;
            if !last {
                remaining = self.add(Instr::Sub(remaining, taken), spot)?;
            }
            if let Some(part) = self.bill.as_mut()?.parts.get_mut(*part) {
                part.left = after;
            }
            draws.push((number(*part), taken));
        }
        Some(draws)
    }

    /// The person's share, the cash and the net amount, after the last payment.
    pub(super) fn close_bill(&mut self) {
        let Some(bill) = self.bill.take() else { return };
        let _ = self.close_parts(bill);
    }

    /// By taking away, not by adding up what is left: the share is known where the payments are, though a part that
    /// nobody pays from, or the balance of the person's own account, is not.
    pub(super) fn close_parts(&mut self, bill: BillState) -> Result<(), Problem> {
        let payers = &self.cx.plan.payers;
        let is_own = |payment: &&Payment| payers.get(payment.payer as usize).is_some_and(|p| p.own);
        let mut patient = bill.due;
        for payment in self.out.payments.iter().filter(|payment| !is_own(payment)) {
            patient = self.builder.push(Instr::Sub(patient, payment.paid))?;
        }
        let mut cash = patient;
        for payment in self.out.payments.iter().filter(is_own) {
            cash = self.builder.push(Instr::Sub(cash, payment.paid))?;
        }
        let mut net = patient;
        for benefit in &self.out.benefits {
            net = self.builder.push(Instr::Sub(net, benefit.amount))?;
        }
        self.out.bill = Some(Bill { total: bill.total, parts: bill.parts, patient, cash, net });
        Ok(())
    }
}
