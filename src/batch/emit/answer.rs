//! What a service is asked: which cases are certainly computed, and their values.

use super::code::{BITS, LEFT, Width, at, twice};
use super::value::{Mask, Num};
use super::{Cells, Maker, Place};
use crate::batch::Outcome;
use crate::batch::block::Asked;
use crate::batch::lane::Lane;
use crate::date::Date;
use crate::plan::{Plan, Reg, Service};

/// Days of a cycle of four years, one of which has a day more. It holds from 1901 to 2099.
const CYCLE: f64 = 1461.0;

impl Maker<'_> {
    /// Where everything that is asked is certainly computed.
    pub(super) fn computed(&mut self, plan: &Plan, service: &Service, asked: &Asked) -> Mask {
        let mut all = Mask::All;
        for reg in &asked.constraints {
            let (holds, known) = self.truth_of(self.bank.place(*reg));
            // One that is open contradicts nothing.
            let fine = self.code.not(known);
            let fine = self.code.or(holds, fine);
            all = self.code.and(all, fine);
        }
        for reg in asked.answers.iter().chain(&asked.framed) {
            let known = self.of(*reg).known;
            all = self.code.and(all, known);
        }
        let Some(day) = asked.as_of else { return all };
        let value = self.of(day);
        if asked.has_period {
            all = self.code.and(all, value.known);
            let inside = self.in_period(day, plan);
            all = self.code.and(all, inside);
        }
        match asked.ends {
            Some(last) if value.known != Mask::None && self.of(last).known != Mask::None => {
                let piece = self.one_piece(day, last, plan, service);
                self.code.and(all, piece)
            }
            _ => all,
        }
    }

    fn day(&mut self, reg: Reg) -> Num {
        let value = self.of(reg);
        self.number_of(value)
    }

    fn in_period(&mut self, day: Reg, plan: &Plan) -> Mask {
        let day = self.day(day);
        let figure = |day: Date| Num::Figure(f64::of(i64::from(day.days())));
        let begun = plan.pack.from.map_or(Mask::All, |from| self.code.compare(day, figure(from), |s| s.f64x2_ge()));
        let over = plan.pack.until.map_or(Mask::None, |end| self.code.compare(day, figure(end), |s| s.f64x2_ge()));
        self.code.but(begun, over)
    }

    /// Where a stay is certainly one piece.
    fn one_piece(&mut self, first: Reg, last: Reg, plan: &Plan, service: &Service) -> Mask {
        let (first, last) = (self.day(first), self.day(last));
        let mut is = Mask::All;
        if let Some(days) = service.split_days {
            let length = self.code.minus(last, first);
            is = self.code.compare(length, Num::Figure(f64::of(i64::from(days))), |s| s.f64x2_lt());
        }
        let Some(ledger) = &plan.ledger else { return is };
        // The first of four settlement years of which the last has the day more.
        let start = |year: i32| Date::from_ymd(year, 12, 31).map(|day| ledger.year.year_start(day));
        let long = |start: Date| ledger.year.next_start(start).days().wrapping_sub(start.days()) == 366;
        let cycle = (1903..1905).filter_map(start).find(|start| long(*start)).and_then(|long| {
            let year = long.ymd().0;
            Some((start(year.wrapping_sub(3))?, start(year.wrapping_add(193))?))
        });
        let Some((cycle, end)) = cycle else { return Mask::None };
        let years = [first, last].map(|day| {
            let since = self.code.minus(day, Num::Figure(f64::of(i64::from(cycle.days()))));
            let four = self.code.times(since, Num::Figure(4.0));
            let four = self.code.plus(four, Num::Figure(3.0));
            let years = self.code.quotient(four, Num::Figure(CYCLE));
            let floor = self.code.of_one(years, |s| s.f64x2_floor());
            let begun = self.code.compare(since, Num::Figure(0.0), |s| s.f64x2_ge());
            let beyond = self.code.compare(day, Num::Figure(f64::of(i64::from(end.days()))), |s| s.f64x2_ge());
            (floor, self.code.but(begun, beyond))
        });
        let [(one, one_fits), (other, other_fits)] = years;
        let same = self.code.compare(one, other, |s| s.f64x2_eq());
        for fits in [one_fits, other_fits, same] {
            is = self.code.and(is, fits);
        }
        is
    }

    /// Writes the outcomes: computed, or for the evaluator to decide.
    pub(super) fn outcomes(&mut self, computed: Mask, outcomes: u32) {
        self.code.mask(computed);
        self.code.sink().i64x2_bitmask().i32_const(0b11).i32_xor().local_set(BITS);
        self.code.sink().local_get(LEFT).local_get(BITS).i32_popcnt().i32_add().local_set(LEFT);
        self.code.case(Width::One);
        // Two bits, a byte each.
        let mut sink = self.code.sink();
        sink.local_get(BITS).local_get(BITS).i32_const(7).i32_shl().i32_or().i32_const(0x101).i32_and();
        sink.i32_const(i32::from(Outcome::Invalid as u8)).i32_mul().i32_store16(at(u64::from(outcomes)));
    }

    /// Writes the values of an output. Where they are not computed, the evaluator writes over them.
    pub(super) fn store(&mut self, reg: Reg, place: Place) {
        let value = self.of(reg);
        self.code.case(Width::Eight);
        match place.cells {
            Cells::I64 if value.is_open => {
                self.code.sink().v128_const(twice(i64::MIN.cast_unsigned()));
            }
            Cells::I64 => {
                let n = self.number_of(value);
                self.code.number(n);
                self.code.sink().f64x2_extract_lane(0).i64_trunc_sat_f64_s().i64x2_splat();
                self.code.number(n);
                self.code.sink().f64x2_extract_lane(1).i64_trunc_sat_f64_s().i64x2_replace_lane(1);
            }
            _ if value.is_open => self.code.number(Num::Figure(f64::NONE)),
            _ => {
                // Nought has no sign.
                let n = self.number_of(value);
                let n = self.code.of_two(n, Num::Figure(0.0), |s| s.f64x2_add());
                self.code.number(n);
            }
        }
        self.code.sink().v128_store(at(u64::from(place.at)));
    }
}
