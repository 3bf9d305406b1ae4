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
        let over = ("over-bill", "账单各部分之和超过总费用", "the parts of the bill add up to more than the total");
        let mut rest = self.not_negative(rest, over.0, over.1, over.2, &raw.at)?;
        if amounts.iter().all(Option::is_some) {
            let zero = self.builder.constant(Kind::Money, 0, 1).ok()?;
            let all = self.add(Instr::Cmp(Comparison::Eq, rest, zero), &raw.at)?;
            let reason = self.reason(
                "over-bill",
                "账单各部分之和不等于总费用",
                "the parts of the bill do not add up to the total",
                Vec::new(),
            );
            rest = self.add(Instr::Require(rest, all, reason), &raw.at)?;
        }
        self.out.requires.push(rest);
        let parts: Vec<Part> = parts
            .iter()
            .zip(amounts)
            .map(|(part, amount)| {
                let amount = amount.unwrap_or(rest);
                Part { id: part.id.clone(), label: part.label.clone(), amount, left: amount }
            })
            .collect();
        self.bill = Some(BillState { total: total_reg, parts });
        Some((total_reg, Form::Bill, formulas))
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
        let mut asked =
            self.not_negative(reg, "negative-payment", "支付金额小于零", "the payment is below zero", &amount.spot)?;
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

    pub(super) fn close_parts(&mut self, bill: BillState) -> Result<(), Problem> {
        let mut cash = match bill.parts.first() {
            Some(part) => part.left,
            None => bill.total,
        };
        for part in bill.parts.iter().skip(1) {
            cash = self.builder.push(Instr::Add(cash, part.left))?;
        }
        let mut patient = cash;
        for payment in &self.out.payments {
            if self.cx.plan.payers.get(payment.payer as usize).is_some_and(|p| p.own) {
                patient = self.builder.push(Instr::Add(patient, payment.paid))?;
            }
        }
        let mut net = patient;
        for benefit in &self.out.benefits {
            net = self.builder.push(Instr::Sub(net, benefit.amount))?;
        }
        self.out.bill = Some(Bill { total: bill.total, parts: bill.parts, patient, cash, net });
        Ok(())
    }
}
