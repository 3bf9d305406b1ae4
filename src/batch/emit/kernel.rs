//! Operations for two cases: what `batch::kernel` computes, and where it certainly holds.

use super::Maker;
use super::code::How;
use super::round::Round;
use super::value::{Mask, Num, Value, What};
use crate::batch::kernel::{Kernel, Operand};
use crate::batch::lane::Lane;
use crate::date::{Date, month_span};
use crate::number::Rounding;
use crate::plan::{Comparison, Two};

/// Options or institutions that a number is held against one by one, at most.
const MOST_MEMBERS: usize = 64;

impl Maker<'_> {
    /// The number of an operand at its denominator, and where it is known.
    pub(super) fn operand(&mut self, operand: &Operand<f64>) -> (Num, Mask) {
        let value = self.value(operand.row);
        let n = self.number_of(value);
        (self.code.times(n, Num::Figure(operand.by)), value.known)
    }

    fn is_never_negative(&self, operand: &Operand<f64>) -> bool {
        operand.by >= f64::ZERO && self.value(operand.row).is_never_negative()
    }

    /// A value as a number.
    pub(super) fn number_of(&mut self, value: Value) -> Num {
        match value.what {
            What::Number(n) => n,
            What::Truth(mask) => self.code.select(mask, Num::Figure(1.0), Num::Figure(0.0)),
        }
    }

    /// Where a value says yes, and where it is known.
    pub(super) fn truth_of(&mut self, row: usize) -> (Mask, Mask) {
        let value = self.value(row);
        let mask = match value.what {
            What::Truth(mask) => mask,
            What::Number(Num::Figure(n)) => {
                if n.holds() {
                    Mask::All
                } else {
                    Mask::None
                }
            }
            What::Number(n) => self.code.compare(n, Num::Figure(0.0), |s| s.f64x2_ne()),
        };
        (mask, value.known)
    }

    /// What a kernel gives.
    pub(super) fn kernel(&mut self, kernel: &Kernel<f64>) -> Value {
        match kernel {
            Kernel::Two { how, a, b, by, unit } => self.of_two(*how, a, b, *by, *unit),
            Kernel::Round { a, down, mode, unit } => {
                let (n, known) = self.operand(a);
                let is_never_negative = self.is_never_negative(a);
                let how = Round { mode: *mode, down: Num::Figure(*down), is_never_negative };
                let rounded = self.code.rounded(n, how);
                Value::number(self.code.times(rounded, Num::Figure(*unit)), known)
            }
            Kernel::And(a, b) => self.and(*a, *b),
            Kernel::Or(a, b) => self.or(*a, *b),
            Kernel::Not(a) => {
                let (is, known) = self.truth_of(*a);
                Value::truth(self.code.not(is), known)
            }
            Kernel::If(c, a, b) => self.choose_one(*c, a, b),
            Kernel::Member(a, truths) => self.member(*a, truths),
            Kernel::Figures { keys, figures } => self.look_up(keys, figures),
            Kernel::Chosen { keys, choice } => self.choose(keys, choice),
            Kernel::Bands { of, from, edges, rates, totals } => {
                let bands = Bands { edges: self.all(edges), rates: self.all(rates), totals: *totals };
                self.bands(of, from.as_ref(), &bands)
            }
            Kernel::Exceptions { base, alternatives } => self.exceptions(base, alternatives),
            Kernel::Require(a, b) => {
                let (holds, decided) = self.truth_of(*b);
                let value = self.value(*a);
                let met = self.code.and(holds, decided);
                let open = self.code.but(decided, holds);
                Value { known: self.code.and(value.known, met), open, ..value }
            }
            Kernel::Each => Value::UNSURE,
        }
    }

    /// Where a kernel certainly gives no value for want of an operand that it always needs.
    pub(super) fn open(&mut self, kernel: &Kernel<f64>) -> Mask {
        let rows = match kernel {
            Kernel::Two { a, b, .. } => vec![a.row, b.row],
            Kernel::Round { a, .. } => vec![a.row],
            // A requirement that is open takes nothing away.
            Kernel::Not(a) | Kernel::Member(a, _) | Kernel::Require(a, _) => vec![*a],
            Kernel::Bands { of, from, edges, rates, .. } => {
                [of].into_iter().chain(from).chain(edges).chain(rates).map(|operand| operand.row).collect()
            }
            _ => Vec::new(),
        };
        rows.into_iter().fold(Mask::None, |open, row| {
            let own = self.value(row).open;
            self.code.or(open, own)
        })
    }

    fn of_two(&mut self, how: Two, a: &Operand<f64>, b: &Operand<f64>, by: f64, unit: f64) -> Value {
        let ((x, x_known), (y, y_known)) = (self.operand(a), self.operand(b));
        let known = self.code.and(x_known, y_known);
        let number = |n| Value::number(n, known);
        match how {
            Two::Add => number(self.code.plus(x, y)),
            Two::Sub => number(self.code.minus(x, y)),
            Two::Later | Two::Earlier => {
                let day = if how == Two::Later { self.code.plus(x, y) } else { self.code.minus(x, y) };
                let [first, last] = [Date::MIN, Date::MAX].map(|day| Num::Figure(f64::of(i64::from(day.days()))));
                let (begun, over) = (self.compare(Comparison::Ge, day, first), self.compare(Comparison::Gt, day, last));
                let inside = self.code.but(begun, over);
                Value::number(day, self.code.and(known, inside))
            }
            Two::Mul => number(self.code.times(x, y)),
            Two::MulShrunk => {
                let product = self.code.times(x, y);
                number(self.code.exact_quotient(product, Num::Figure(by)))
            }
            Two::Div => {
                let share = self.code.exact_quotient(Num::Figure(by), y);
                let factor = self.code.times(Num::Figure(unit), share);
                number(self.code.times(x, factor))
            }
            Two::Min => number(self.code.lesser(x, y)),
            Two::Max => number(self.code.greater(x, y)),
            Two::Cmp(how) => Value::truth(self.compare(how, x, y), known),
            Two::DivRound(mode) => {
                // A divisor below nought turns the sign; the evaluator decides that case.
                let above = self.code.compare(y, Num::Figure(0.0), |s| s.f64x2_gt());
                let how = Round { mode, down: y, is_never_negative: self.is_never_negative(a) };
                let rounded = self.code.rounded(x, how);
                let result = self.code.times(rounded, Num::Figure(unit));
                Value::number(result, self.code.and(known, above))
            }
            Two::CmpSpan(how) => self.span(how, x, y, by, known),
            Two::MonthsBetween | Two::YearsBetween => Value::UNSURE,
        }
    }

    fn compare(&mut self, how: Comparison, x: Num, y: Num) -> Mask {
        let how: How = match how {
            Comparison::Eq => |s| s.f64x2_eq(),
            Comparison::Ne => |s| s.f64x2_ne(),
            Comparison::Lt => |s| s.f64x2_lt(),
            Comparison::Le => |s| s.f64x2_le(),
            Comparison::Gt => |s| s.f64x2_gt(),
            Comparison::Ge => |s| s.f64x2_ge(),
        };
        self.code.compare(x, y, how)
    }

    /// Days against a figure of months: known where every length that the months can have says the same.
    fn span(&mut self, how: Comparison, days: Num, months: Num, den: f64, known: Mask) -> Value {
        let Num::Figure(months) = months else { return Value::UNSURE };
        let Some((least, most)) = month_span(months.whole()) else { return Value::UNSURE };
        let [least, most] = [least, most].map(|days| Num::Figure(f64::of(days).times(den)));
        let (low, high) = (self.compare(how, days, least), self.compare(how, days, most));
        let (both, either) = (self.code.and(low, high), self.code.or(low, high));
        let mut split = self.code.but(either, both);
        if matches!(how, Comparison::Eq | Comparison::Ne) {
            let from = self.compare(Comparison::Ge, days, least);
            let to = self.compare(Comparison::Le, days, most);
            let inside = self.code.and(from, to);
            split = self.code.or(split, inside);
        }
        Value::truth(low, self.code.but(known, split))
    }

    /// `false and x` is false whatever x is.
    fn and(&mut self, a: usize, b: usize) -> Value {
        let ((a, a_known), (b, b_known)) = (self.truth_of(a), self.truth_of(b));
        let (no_a, no_b) = (self.no(a, a_known, b_known), self.no(b, b_known, a_known));
        let (left, right) = (self.code.or(a_known, no_b), self.code.or(b_known, no_a));
        Value::truth(self.code.and(a, b), self.code.and(left, right))
    }

    /// Where a value is known to say no, if that matters: where the other may be open.
    fn no(&mut self, is: Mask, known: Mask, other: Mask) -> Mask {
        if other == Mask::All { Mask::None } else { self.code.but(known, is) }
    }

    /// `true or x` is true whatever x is.
    fn or(&mut self, a: usize, b: usize) -> Value {
        let ((a, a_known), (b, b_known)) = (self.truth_of(a), self.truth_of(b));
        let yes_a = if b_known == Mask::All { Mask::None } else { self.code.and(a, a_known) };
        let yes_b = if a_known == Mask::All { Mask::None } else { self.code.and(b, b_known) };
        let (left, right) = (self.code.or(a_known, yes_b), self.code.or(b_known, yes_a));
        Value::truth(self.code.or(a, b), self.code.and(left, right))
    }

    fn choose_one(&mut self, c: usize, if_yes: &Operand<f64>, if_no: &Operand<f64>) -> Value {
        let (c, decided) = self.truth_of(c);
        let (yes, no) = (self.value(if_yes.row), self.value(if_no.row));
        let taken = self.code.select_mask(c, yes.known, no.known);
        let known = self.code.and(decided, taken);
        // Where neither branch has a value, it does not matter which is taken.
        let lacking = self.code.select_mask(c, yes.open, no.open);
        let (lacking, both) = (self.code.and(decided, lacking), self.code.and(yes.open, no.open));
        let open = self.code.or(lacking, both);
        if let (What::Truth(yes), What::Truth(no)) = (yes.what, no.what) {
            return Value { open, ..Value::truth(self.code.select_mask(c, yes, no), known) };
        }
        let ((yes, _), (no, _)) = (self.operand(if_yes), self.operand(if_no));
        Value { open, ..Value::number(self.code.select(c, yes, no), known) }
    }

    fn member(&mut self, a: usize, truths: &[f64]) -> Value {
        let value = self.value(a);
        let n = self.number_of(value);
        let members: Vec<i64> = (0..).zip(truths).filter(|(_, is)| is.holds()).map(|(at, _)| at).collect();
        if members.len() > MOST_MEMBERS {
            return Value::UNSURE;
        }
        let mut is = Mask::None;
        for member in members {
            let equal = self.code.compare(n, Num::Figure(f64::of(member)), |s| s.f64x2_eq());
            is = self.code.or(is, equal);
        }
        Value::truth(is, value.known)
    }

    /// The base, or the one alternative whose condition holds.
    fn exceptions(&mut self, base: &Operand<f64>, alternatives: &[(usize, Operand<f64>)]) -> Value {
        let (mut n, mut known) = self.operand(base);
        let mut open = self.value(base.row).open;
        let (mut taken, mut twice, mut decided) = (Mask::None, Mask::None, Mask::All);
        for (when, value) in alternatives {
            let (holds, is_decided) = self.truth_of(*when);
            decided = self.code.and(decided, is_decided);
            let again = self.code.and(taken, holds);
            twice = self.code.or(twice, again);
            taken = self.code.or(taken, holds);
            let own = self.value(value.row).open;
            let (value, value_known) = self.operand(value);
            n = self.code.select(holds, value, n);
            known = self.code.select_mask(holds, value_known, known);
            open = self.code.select_mask(holds, own, open);
        }
        known = self.code.and(known, decided);
        open = self.code.or(open, twice);
        Value { open: self.code.and(open, decided), ..Value::number(n, self.code.but(known, twice)) }
    }

    fn all(&mut self, operands: &[Operand<f64>]) -> Vec<(Num, Mask)> {
        operands.iter().map(|operand| self.operand(operand)).collect()
    }

    fn bands(&mut self, of: &Operand<f64>, from: Option<&Operand<f64>>, bands: &Bands) -> Value {
        let (amount, mut known) = self.operand(of);
        for (_, operand) in bands.edges.iter().chain(&bands.rates) {
            known = self.code.and(known, *operand);
        }
        let mut end = self.raised(amount, self.is_never_negative(of));
        let Some(from) = from else { return Value::number(self.up_to(end, bands), known) };
        let (start, start_known) = self.operand(from);
        known = self.code.and(known, start_known);
        let start = self.raised(start, self.is_never_negative(from));
        end = self.code.plus(end, start);
        let (before, upto) = (self.up_to(start, bands), self.up_to(end, bands));
        Value::number(self.code.minus(upto, before), known)
    }

    /// A number, or nought where it is below.
    fn raised(&mut self, n: Num, is_never_negative: bool) -> Num {
        if is_never_negative { n } else { self.code.greater(n, Num::Figure(0.0)) }
    }

    /// What the bands give for the stretch from nought to a position.
    fn up_to(&mut self, position: Num, bands: &Bands) -> Num {
        let (mut below, mut sum) = (Num::Figure(0.0), Num::Figure(0.0));
        for (i, (rate, _)) in bands.rates.iter().enumerate() {
            let edge = bands.edges.get(i).map(|(edge, _)| *edge);
            let top = edge.map_or(position, |edge| self.code.lesser(position, edge));
            let width = self.code.minus(top, below);
            // The first stretch of all is from nought; its edge may still be below it.
            let is_first = below == Num::Figure(0.0) && !matches!(edge, Some(Num::Held(_)));
            let is_positive = is_first && !matches!(edge, Some(Num::Figure(edge)) if edge < f64::ZERO);
            let width = self.raised(width, is_positive);
            let share = self.code.times(width, *rate);
            sum = self.code.plus(sum, share);
            below = edge.unwrap_or(below);
        }
        match bands.totals {
            None => sum,
            Some((mode, den)) => {
                let is_positive = |(rate, _): &(Num, Mask)| matches!(rate, Num::Figure(rate) if *rate >= f64::ZERO);
                let is_never_negative = bands.rates.iter().all(is_positive);
                self.code.rounded(sum, Round { mode, down: Num::Figure(den), is_never_negative })
            }
        }
    }
}

/// Operands of bands at one denominator.
struct Bands {
    edges: Vec<(Num, Mask)>,
    rates: Vec<(Num, Mask)>,
    totals: Option<(Rounding, f64)>,
}
