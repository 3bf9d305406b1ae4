//! Operations for which the interpreter has no kernel.

use super::Maker;
use super::value::{Mask, Num, Value};
use crate::batch::kernel::Operand;
use crate::batch::lane::Lane;
use crate::date::Date;
use crate::plan::{Bands, Group, Op, Reg, Scaled};

impl Maker<'_> {
    pub(super) fn seldom(&mut self, op: &Op<i64>, groups: &[Group]) -> Value {
        match op {
            Op::InGroup(a, group, Some(day)) => match groups.get(*group as usize) {
                Some(group) => self.in_group(*a, group, *day),
                None => Value::UNSURE,
            },
            Op::CostFor { bands, share, least } => self.cost_for(bands, f64::of(*share), f64::of(*least)),
            _ => Value::UNSURE,
        }
    }

    /// Members on a day; where the day is open, the evaluator asks whether membership ever changes.
    fn in_group(&mut self, a: Reg, group: &Group, day: Reg) -> Value {
        let (a, day) = (self.of(a), self.of(day));
        let (institution, on) = (self.number_of(a), self.number_of(day));
        let figure = |day: Date| Num::Figure(f64::of(i64::from(day.days())));
        // What is no day of the calendar is no day to be a member on.
        let first = self.code.compare(on, figure(Date::MIN), |s| s.f64x2_ge());
        let last = self.code.compare(on, figure(Date::MAX), |s| s.f64x2_le());
        let mut known = self.code.and(a.known, day.known);
        for mask in [first, last] {
            known = self.code.and(known, mask);
        }
        let mut is = Mask::None;
        for member in &group.members {
            let code = Num::Figure(f64::of(i64::from(member.institution)));
            let mut one = self.code.compare(institution, code, |s| s.f64x2_eq());
            if let Some(from) = member.from {
                let begun = self.code.compare(on, figure(from), |s| s.f64x2_ge());
                one = self.code.and(one, begun);
            }
            if let Some(until) = member.until {
                let over = self.code.compare(on, figure(until), |s| s.f64x2_ge());
                one = self.code.but(one, over);
            }
            is = self.code.or(is, one);
        }
        Value::truth(is, known)
    }

    fn scaled(&mut self, scaled: &Scaled<i64>) -> (Num, Mask) {
        let operand = Operand { row: self.bank.place(scaled.reg), by: f64::of(scaled.by) };
        self.operand(&operand)
    }

    /// The cost that a payment used up: band after band, until one gives what is left of the payment.
    fn cost_for(&mut self, bands: &Bands<i64>, share: f64, least: f64) -> Value {
        let nought = Num::Figure(0.0);
        let ((of, mut known), (from, from_known)) = (self.scaled(&bands.of), self.scaled(&bands.from));
        known = self.code.and(known, from_known);
        let mut position = self.code.greater(from, nought);
        let payment = self.code.greater(of, nought);
        let mut left = self.code.times(payment, Num::Figure(share));
        let (mut cost, mut found, mut done) = (nought, nought, Mask::None);
        for (i, rate) in bands.rates.iter().enumerate() {
            let (rate, rate_known) = self.scaled(rate);
            let gives_anything = match rate {
                Num::Figure(rate) if rate.holds() => Mask::All,
                rate => self.code.compare(rate, nought, |s| s.f64x2_ne()),
            };
            for mask in [rate_known, gives_anything] {
                known = self.code.and(known, mask);
            }
            let multiple = self.code.exact_quotient(Num::Figure(least), rate);
            let whole = self.code.times(left, multiple);
            let whole = self.code.plus(cost, whole);
            let edge = bands.edges.get(i).map(|edge| self.scaled(edge));
            let Some((edge, edge_known)) = edge else {
                found = self.code.select(done, found, whole);
                done = Mask::All;
                break;
            };
            known = self.code.and(known, edge_known);
            let width = self.code.minus(edge, position);
            let width = self.code.greater(width, nought);
            let gives = self.code.times(width, rate);
            let stops = self.code.compare(gives, left, |s| s.f64x2_ge());
            let stops = self.code.but(stops, done);
            found = self.code.select(stops, whole, found);
            done = self.code.or(done, stops);
            let taken = self.code.times(width, Num::Figure(least));
            cost = self.code.plus(cost, taken);
            left = self.code.minus(left, gives);
            position = self.code.greater(position, edge);
        }
        Value::number(self.code.select(done, found, cost), known)
    }
}
