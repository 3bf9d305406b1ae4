//! That the amounts of a bill add up, whatever is answered: proved when a pack compiles by the way its code is made, and
//! here from the code of a plan, for which nothing vouches.
//!
//! Every amount is written as a sum of registers that no addition made: total, payments, benefits. What has to be equal
//! is equal as such a sum, so it is equal in every run.

use super::program::{Comparison, Instr, Program, Reg};
use super::service::{Bill, Service};
use super::texts::Plan;

/// Longest sum that is followed. No bill has so many parts and payments; a longer one stands for itself and proves
/// nothing.
const MOST_TERMS: usize = 1_000;
/// Terms of all sums together.
const MOST_IN_ALL: usize = 1_000_000;

/// Registers with how often each counts, in the order of registers.
type Sum = Vec<(Reg, i64)>;

/// # Errors
/// What does not add up.
pub(super) fn check(plan: &Plan, service: &Service) -> Result<(), &'static str> {
    let Some(bill) = &service.outputs.bill else {
        let none = service.outputs.payments.is_empty();
        return if none { Ok(()) } else { Err("a payment without a bill") };
    };
    let sums = Sums::of(service, bill);
    let (mut patient, mut cash) = (sums.get(bill.total), sums.get(bill.total));
    for payment in &service.outputs.payments {
        let paid = sums.get(payment.paid);
        let drawn = payment.draws.iter().fold(Sum::new(), |sum, (_, reg)| added(&sum, &sums.get(*reg), 1));
        if drawn != paid {
            return Err("a payment that is not what it draws from the parts");
        }
        cash = added(&cash, &paid, -1);
        if !plan.payers.get(payment.payer as usize).is_some_and(|payer| payer.own) {
            patient = added(&patient, &paid, -1);
        }
    }
    let mut net = patient.clone();
    for benefit in &service.outputs.benefits {
        net = added(&net, &sums.get(benefit.amount), -1);
    }
    if sums.get(bill.patient) != patient || sums.get(bill.cash) != cash || sums.get(bill.net) != net {
        return Err("a bill whose total is not its payments and the person's share");
    }
    parts(service, bill, &sums)
}

fn parts(service: &Service, bill: &Bill, sums: &Sums) -> Result<(), &'static str> {
    let mut rest = sums.get(bill.total);
    for (at, part) in (0..).zip(&bill.parts) {
        let amount = sums.get(part.amount);
        rest = added(&rest, &amount, -1);
        let draws = service.outputs.payments.iter().flat_map(|payment| &payment.draws);
        let mine = draws.filter(|(part, _)| *part == at);
        let left = mine.fold(amount, |left, (_, reg)| added(&left, &sums.get(*reg), -1));
        if left != sums.get(part.left) {
            return Err("a part of a bill that is not what was drawn from it and what is left");
        }
    }
    let required = |reg: &Reg| is_zero_by_requirement(&service.program, sums, *reg, &rest);
    if rest.is_empty() || service.outputs.requires.iter().any(required) {
        return Ok(());
    }
    Err("a bill whose parts are not its total")
}

/// Whether a register is refused unless this sum is zero.
fn is_zero_by_requirement(program: &Program, sums: &Sums, reg: Reg, sum: &Sum) -> bool {
    let Some(Instr::Require(_, holds, _)) = program.writer(reg) else { return false };
    let Some(Instr::Cmp(Comparison::Eq, a, b)) = program.writer(*holds) else { return false };
    let zero = |reg: Reg| {
        let first = program.inputs.len();
        let constant = (reg as usize).checked_sub(first).and_then(|at| program.constants.get(at));
        constant.is_some_and(|constant| constant.num == 0 && constant.state == super::State::Known)
    };
    zero(*b) && sums.get(*a) == *sum
}

/// The sums of the registers that a bill's amounts are made of; none where a register stands for itself.
struct Sums(Vec<Option<Sum>>);

impl Sums {
    fn of(service: &Service, bill: &Bill) -> Self {
        let program = &service.program;
        let count = program.inputs.len().saturating_add(program.constants.len()).saturating_add(program.code.len());
        let mut wanted = vec![false; count];
        let out = &service.outputs;
        let mut open: Vec<Reg> = vec![bill.total, bill.patient, bill.cash, bill.net];
        open.extend(bill.parts.iter().flat_map(|part| [part.amount, part.left]));
        open.extend(out.payments.iter().flat_map(|p| p.draws.iter().map(|(_, reg)| *reg).chain([p.paid])));
        open.extend(out.benefits.iter().map(|benefit| benefit.amount));
        open.extend(out.requires.iter().filter_map(|reg| compared(program, *reg)));
        while let Some(reg) = open.pop() {
            let Some(seen @ false) = wanted.get_mut(reg as usize) else { continue };
            *seen = true;
            match program.writer(reg) {
                Some(Instr::Add(a, b) | Instr::Sub(a, b)) => open.extend([*a, *b]),
                Some(Instr::Require(value, ..)) => open.push(*value),
                _ => {}
            }
        }
        let mut sums = Self(vec![None; count]);
        let mut room = MOST_IN_ALL;
        // What a register reads was written before it.
        for (reg, _) in (0..).zip(&wanted).filter(|(_, wanted)| **wanted) {
            let sum = match program.writer(reg) {
                Some(Instr::Add(a, b)) => added(&sums.get(*a), &sums.get(*b), 1),
                Some(Instr::Sub(a, b)) => added(&sums.get(*a), &sums.get(*b), -1),
                // Its value, or the bill is refused.
                Some(Instr::Require(value, ..)) => sums.get(*value),
                _ => continue,
            };
            room = room.saturating_sub(sum.len());
            if sum.len() <= MOST_TERMS
                && room > 0
                && let Some(slot) = sums.0.get_mut(reg as usize)
            {
                *slot = Some(sum);
            }
        }
        sums
    }

    fn get(&self, reg: Reg) -> Sum {
        match self.0.get(reg as usize) {
            Some(Some(sum)) => sum.clone(),
            _ => vec![(reg, 1)],
        }
    }
}

/// What a requirement holds against zero.
fn compared(program: &Program, reg: Reg) -> Option<Reg> {
    let Some(Instr::Require(_, holds, _)) = program.writer(reg) else { return None };
    match program.writer(*holds) {
        Some(Instr::Cmp(Comparison::Eq, a, _)) => Some(*a),
        _ => None,
    }
}

/// `a` plus so many times `b`, without terms of zero.
fn added(a: &Sum, b: &Sum, times: i64) -> Sum {
    let mut sum = Sum::with_capacity(a.len().saturating_add(b.len()));
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let (reg, count) = match (a.peek(), b.peek()) {
            (Some((left, n)), Some((right, m))) if left == right => {
                a.next();
                b.next();
                (*left, n.saturating_add(m.saturating_mul(times)))
            }
            (Some((left, n)), Some((right, _))) if left < right => {
                a.next();
                (*left, *n)
            }
            (Some((left, n)), None) => {
                a.next();
                (*left, *n)
            }
            (_, Some((right, m))) => {
                b.next();
                (*right, m.saturating_mul(times))
            }
            (None, None) => return sum,
        };
        if count != 0 {
            sum.push((reg, count));
        }
    }
}
