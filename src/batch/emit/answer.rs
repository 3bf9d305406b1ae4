//! What a service is asked: which cases are certainly computed, and their values.

use super::code::{BITS, LEFT, SPARE, Width, at, twice};
use super::value::{Mask, Num, Value};
use super::{Cells, Maker, Place, Source};
use crate::batch::Outcome;
use crate::batch::lane::Lane;
use crate::batch::open::Output;
use crate::date::Date;
use crate::plan::{Plan, Reg, Service, State};

/// Days of a cycle of four years, one of which has a day more. It holds from 1901 to 2099.
const CYCLE: f64 = 1461.0;

/// What becomes of cases.
#[derive(Clone, Copy)]
pub(super) struct Fate {
    /// Where everything that is asked is certainly computed.
    pub(super) computed: Mask,
    /// Where the case is certainly refused.
    pub(super) refused: Mask,
}

impl Maker<'_> {
    /// `answered`: where all answers are certainly answers.
    pub(super) fn fate(&mut self, source: &Source<'_>, answered: Mask) -> Fate {
        let fair = self.fair(source);
        let fair = self.code.and(answered, fair);
        let (mut computed, mut refused) = (fair, Mask::None);
        for reg in source.asked.answers.iter().chain(&source.asked.framed) {
            let known = self.of(*reg).known;
            computed = self.code.and(computed, known);
        }
        for output in source.outputs {
            let Value { known, open, .. } = self.of(output.register);
            let certain = self.code.or(known, open);
            computed = self.code.and(computed, certain);
        }
        if self.is_all_asked(source) && !source.asked.has_verdict {
            for reg in &source.asked.answers {
                let open = self.of(*reg).open;
                refused = self.code.or(refused, open);
            }
            refused = self.code.and(refused, fair);
        }
        Fate { computed, refused }
    }

    /// Whether nothing can be missing where all answers are answers: what has no value then is refused.
    fn is_all_asked(&self, source: &Source<'_>) -> bool {
        let is_refusal = |state: State| !matches!(state, State::Unknown | State::NotApplicable);
        let is_unread = |at: usize| self.bank.row_of.get(at).is_none_or(|row| *row == usize::MAX);
        let inputs = source.service.program.inputs.iter().zip(&source.given).enumerate();
        !source.assembly.lists
            && inputs.into_iter().all(|(at, (input, given))| *given || is_unread(at) || is_refusal(input.absent))
            && source.program.constants.iter().all(|(_, state, _)| is_refusal(*state))
    }

    /// Where the answers certainly do not contradict each other, and the case is one of this plan's, in one piece.
    fn fair(&mut self, source: &Source<'_>) -> Mask {
        let (plan, asked) = (source.engine.plan(), source.asked);
        let mut all = Mask::All;
        for reg in &asked.constraints {
            let row = self.bank.place(*reg);
            let (holds, known) = self.truth_of(row);
            let open = self.value(row).open;
            // One that is open contradicts nothing.
            let fine = self.code.and(holds, known);
            let fine = self.code.or(fine, open);
            all = self.code.and(all, fine);
        }
        let (Some(first), Some(day)) = (asked.as_of, asked.decides) else { return all };
        if asked.has_period {
            let known = self.of(day).known;
            all = self.code.and(all, known);
            let inside = self.in_period(day, plan);
            all = self.code.and(all, inside);
        }
        match asked.ends {
            Some(last) if self.of(first).open != Mask::All && self.of(last).open != Mask::All => {
                let piece = self.one_piece(first, last, plan, source.service);
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

    /// Writes the outcomes: computed, refused, or for the evaluator to decide.
    pub(super) fn outcomes(&mut self, fate: Fate, outcomes: u32) {
        let certain = self.code.or(fate.computed, fate.refused);
        self.bits(certain);
        self.code.sink().i32_const(0b11).i32_xor().local_set(BITS);
        self.code.sink().local_get(LEFT).local_get(BITS).i32_popcnt().i32_add().local_set(LEFT);
        self.code.case(Width::One);
        self.code.sink().local_get(BITS);
        self.bytes(Outcome::Invalid);
        if fate.refused != Mask::None {
            self.bits(fate.refused);
            self.bytes(Outcome::Refused);
            self.code.sink().i32_or();
        }
        self.code.sink().i32_store16(at(u64::from(outcomes)));
    }

    /// A bit for each of the two cases.
    fn bits(&mut self, mask: Mask) {
        self.code.mask(mask);
        self.code.sink().i64x2_bitmask();
    }

    /// Two bits as an outcome each, a byte; nought is computed.
    fn bytes(&mut self, outcome: Outcome) {
        let [bits, _] = SPARE;
        let mut sink = self.code.sink();
        sink.local_tee(bits).local_get(bits).i32_const(7).i32_shl().i32_or().i32_const(0x101).i32_and();
        sink.i32_const(i32::from(outcome as u8)).i32_mul();
    }

    /// Writes the values of an output. Where it is for the evaluator to decide, that writes over them.
    pub(super) fn store(&mut self, output: &Output, place: Place, fate: Fate) {
        let value = self.of(output.register);
        let none = self.code.or(value.open, fate.refused);
        let n = self.number_of(value);
        let nothing = match place.cells {
            Cells::I64 => {
                self.code.number(n);
                self.code.sink().f64x2_extract_lane(0).i64_trunc_sat_f64_s().i64x2_splat();
                self.code.number(n);
                self.code.sink().f64x2_extract_lane(1).i64_trunc_sat_f64_s().i64x2_replace_lane(1);
                i64::MIN.cast_unsigned()
            }
            _ => {
                // Nought has no sign.
                self.code.number(n);
                self.code.number(Num::Figure(0.0));
                self.code.sink().f64x2_add();
                f64::NONE.to_bits()
            }
        };
        let n = self.code.keep();
        self.code.case(Width::Eight);
        self.code.sink().local_get(n);
        if none != Mask::None {
            self.code.sink().v128_const(twice(nothing));
            self.code.mask(none);
            // The other way round: the value stands first, and is kept where the mask is not set.
            self.code.push(|s| s.v128_not().v128_bitselect());
        }
        self.code.sink().v128_store(at(u64::from(place.at)));
    }
}
