//! The meaning of each instruction: one definition, for every number type and every view.

use super::bands::{band_sum, cost_for};
use super::table::look_up;
use super::{Registers, Slot};
use crate::date::{Date, age_on, month_span, whole_months_between};
use crate::number::{Number, narrow, wide};
use crate::plan::{Comparison, Fold, Group, LinkedTable, Op, Reg, Scaled, State, Two};
use core::cmp::Ordering;

/// Runs one operation. `frame` holds the registers, `watch` looks on at comparisons.
pub fn run_op<N: Number>(
    op: &Op<N>,
    tables: &[LinkedTable<N>],
    groups: &[Group],
    frame: &impl Registers<N>,
    watch: &N::Watch,
) -> Slot<N> {
    match op {
        Op::Two { how, a, b, by, unit } => {
            let (a, b) = (scaled(frame, *a), scaled(frame, *b));
            match a.worse(&b) {
                Some(worse) => worse,
                None => of_two(*how, a.num, b.num, *by, *unit, watch),
            }
        }
        Op::Round { a, down, mode, unit } => {
            let slot = scaled(frame, *a);
            if slot.is_known() { Slot::known(slot.num.round_at(*down, *mode, watch).mul(*unit)) } else { slot }
        }
        Op::And(a, b) => and(frame.get(*a), frame.get(*b)),
        Op::Or(a, b) => not(and(not(frame.get(*a)), not(frame.get(*b)))),
        Op::Not(a) => not(frame.get(*a)),
        Op::If(c, a, b) => choose(frame.get(*c), scaled(frame, *a), scaled(frame, *b), watch),
        Op::Applies(a) => match frame.get(*a) {
            slot if slot.state == State::NotApplicable => Slot::truth(false),
            slot if slot.is_known() => Slot::truth(true),
            slot => slot,
        },
        Op::InSet(a, all) => {
            let slot = frame.get(*a);
            if !slot.is_known() {
                return slot;
            }
            let code = slot.num.to_wide();
            Slot::truth(all.iter().any(|option| wide(*option) == code))
        }
        Op::InGroup(a, group, on) => in_group(frame.get(*a), on.map(|reg| frame.get(reg)), groups.get(*group as usize)),
        Op::Table(index) => match tables.get(*index as usize) {
            Some(table) => look_up(table, frame, watch),
            None => Slot::without(State::Failed, 0),
        },
        Op::Bands(bands, totals) => band_sum(bands, *totals, frame, watch),
        Op::CostFor { bands, share, least } => cost_for(bands, *share, *least, frame, watch),
        Op::Exceptions { base, alternatives, reason } => {
            exceptions(scaled(frame, *base), alternatives, *reason, frame, watch)
        }
        Op::YearOf(a) => {
            let slot = frame.get(*a);
            if !slot.is_known() {
                return slot;
            }
            date(slot.num).map_or(Slot::without(State::Failed, 0), |day| whole(day.ymd().0))
        }
        Op::AddMonths(a, b, end, reason) => add_months(frame.get(*a), frame.get(*b), *end, *reason),
        Op::Require(a, b, reason) => require(frame.get(*a), frame.get(*b), *reason),
        // Aggregates are run by `evaluate`, which has the records.
        Op::Aggregate { .. } => Slot::without(State::Failed, 0),
    }
}

/// What two numbers give; `by` and `unit` as in [`Op::Two`].
#[inline(always)]
pub(super) fn of_two<N: Number>(how: Two, x: N, y: N, by: N, unit: N, watch: &N::Watch) -> Slot<N> {
    Slot::known(match how {
        Two::Add => x.add(y),
        Two::Sub => x.sub(y),
        Two::Later => return in_calendar(x.add(y), watch),
        Two::Earlier => return in_calendar(x.sub(y), watch),
        Two::Mul => x.mul(y),
        Two::MulShrunk => x.mul(y).div_exact(by),
        Two::Div => x.mul(unit.mul(by.div_exact(y))),
        Two::DivRound(mode) => x.round_at(y, mode, watch).mul(unit),
        Two::Min => x.min(y, watch),
        Two::Max => x.max(y, watch),
        Two::Cmp(how) => return Slot::truth(compare(how, x, y, watch)),
        Two::CmpSpan(how) => return compare_span(how, x, y, by, watch),
        Two::MonthsBetween => return on_dates(x, y, whole_months_between),
        Two::YearsBetween => return on_dates(x, y, age_on),
    })
}

fn whole<N: Number>(n: i32) -> Slot<N> {
    Slot::known(N::from_i64(i64::from(n)))
}

#[inline(always)]
pub(super) fn scaled<N: Number>(frame: &impl Registers<N>, operand: Scaled<N>) -> Slot<N> {
    let slot = frame.get(operand.reg);
    Slot { num: slot.num.mul(operand.by), ..slot }
}

#[inline]
fn compare<N: Number>(how: Comparison, x: N, y: N, watch: &N::Watch) -> bool {
    match how {
        Comparison::Eq => x.cmp(y, watch) == Ordering::Equal,
        Comparison::Ne => x.cmp(y, watch) != Ordering::Equal,
        Comparison::Lt => x.less(y, watch),
        Comparison::Le => !y.less(x, watch),
        Comparison::Gt => y.less(x, watch),
        Comparison::Ge => !x.less(y, watch),
    }
}

/// `false and x` is false whatever x is. Where nothing decides yet and an answer is missing, it is
/// missing: with the answer, `false` may still decide, whatever the text leaves open elsewhere.
fn and<N: Number>(a: Slot<N>, b: Slot<N>) -> Slot<N> {
    if a.is_false() || b.is_false() {
        return Slot::truth(false);
    }
    if a.state == State::Unknown {
        return a;
    }
    if b.state == State::Unknown {
        return b;
    }
    a.worse(&b).unwrap_or(Slot::truth(true))
}

fn not<N: Number>(a: Slot<N>) -> Slot<N> {
    if a.is_known() { Slot::truth(a.num == N::ZERO) } else { a }
}

/// `if`: an undecided condition does not matter where both branches agree.
fn choose<N: Number>(c: Slot<N>, a: Slot<N>, b: Slot<N>, watch: &N::Watch) -> Slot<N> {
    if c.is_known() {
        return if c.num == N::ZERO { b } else { a };
    }
    if a.agrees(&b, watch) { a } else { c }
}

/// Days against calendar months, which have no fixed length: certain only outside the span that so
/// many months can have. Between, the text would have to say how long its month is.
fn compare_span<N: Number>(how: Comparison, days: N, months: N, den: N, watch: &N::Watch) -> Slot<N> {
    let span = narrow(months.to_wide()).and_then(month_span);
    let Some((least, most)) = span else { return Slot::without(State::Failed, 0) };
    let against = |n: i64| compare(how, days, N::from_i64(n).mul(den), watch);
    // The comparison is certain where it comes out the same for every possible length.
    let (low, high) = (against(least), against(most));
    let inside = days.cmp(N::from_i64(least).mul(den), watch) != Ordering::Less
        && days.cmp(N::from_i64(most).mul(den), watch) != Ordering::Greater;
    let equality = matches!(how, Comparison::Eq | Comparison::Ne);
    if low == high && !(equality && inside && least != most) {
        Slot::truth(low)
    } else {
        Slot::without(State::Unset, 0)
    }
}

fn date<N: Number>(n: N) -> Option<Date> {
    i32::try_from(n.to_wide()).ok().and_then(Date::from_days)
}

/// A day that was moved; there are none beyond the calendar.
fn in_calendar<N: Number>(day: N, watch: &N::Watch) -> Slot<N> {
    let [first, last] = [Date::MIN, Date::MAX].map(|day| N::from_i64(i64::from(day.days())));
    if day.less(first, watch) || last.less(day, watch) {
        return Slot::without(State::Failed, 0);
    }
    Slot::known(day)
}

fn on_dates<N: Number>(a: N, b: N, f: fn(Date, Date) -> i32) -> Slot<N> {
    match (date(a), date(b)) {
        (Some(a), Some(b)) => whole(f(a, b)),
        _ => Slot::without(State::Failed, 0),
    }
}

fn add_months<N: Number>(a: Slot<N>, b: Slot<N>, end: crate::date::MonthEnd, reason: u32) -> Slot<N> {
    if let Some(worse) = a.worse(&b) {
        return worse;
    }
    let months = i32::try_from(b.num.to_wide()).ok();
    match (date(a.num), months) {
        (Some(day), Some(months)) => match day.add_months(months, end) {
            Some(day) => Slot::known(N::from_i64(i64::from(day.days()))),
            None => Slot::without(State::Failed, reason),
        },
        _ => Slot::without(State::Failed, reason),
    }
}

/// The value, unless the requirement is broken, or was refused itself. One that is merely open takes nothing away: what
/// it is asked of is open as well, or does not depend on it.
fn require<N: Number>(value: Slot<N>, holds: Slot<N>, reason: u32) -> Slot<N> {
    if holds.is_false() {
        Slot::without(State::Failed, reason)
    } else if holds.state == State::Failed {
        holds
    } else {
        value
    }
}

fn in_group<N: Number>(institution: Slot<N>, on: Option<Slot<N>>, group: Option<&Group>) -> Slot<N> {
    let Some(group) = group else { return Slot::without(State::Failed, 0) };
    if !institution.is_known() {
        return institution;
    }
    let code = institution.num.to_wide();
    let mut ours = group.members.iter().filter(|m| wide(m.institution) == code).peekable();
    if ours.peek().is_none() {
        return Slot::truth(false);
    }
    let dated = |m: &crate::plan::Member| m.from.is_some() || m.until.is_some();
    match on {
        Some(day) if day.is_known() => {
            let Some(day) = date(day.num) else { return Slot::without(State::Failed, 0) };
            Slot::truth(ours.any(|m| m.from.is_none_or(|from| day >= from) && m.until.is_none_or(|until| day < until)))
        }
        // The day is open: certain only if membership never changes.
        Some(day) => {
            if ours.any(|m| !dated(m)) {
                Slot::truth(true)
            } else {
                day
            }
        }
        None => Slot::truth(true),
    }
}

/// The base value unless exactly one exception applies. An undecided condition does not matter where it is the only one
/// that could apply and its value and the base agree; else it is asked first, whatever the base or a value is.
fn exceptions<N: Number>(
    base: Slot<N>,
    all: &[(Reg, Scaled<N>)],
    reason: u32,
    frame: &impl Registers<N>,
    watch: &N::Watch,
) -> Slot<N> {
    let mut only: Option<Slot<N>> = None;
    let mut open: Option<(Slot<N>, Slot<N>)> = None;
    let (mut several, mut several_open) = (false, false);
    for (when, value) in all {
        let (when, value) = (frame.get(*when), scaled(frame, *value));
        if when.is_true() {
            several |= only.is_some();
            only = Some(value);
        } else if !when.is_known() {
            several_open |= open.is_some();
            open = Some((open.map_or(when, |(asked, _)| asked.first_asked(&when)), value));
        }
    }
    if several {
        return Slot::without(State::Failed, reason);
    }
    let Some((asked, value)) = open else { return only.unwrap_or(base) };
    let agrees = only.is_none() && !several_open && value.agrees(&base, watch);
    if agrees { base } else { asked }
}

fn folded<N: Number>(a: Slot<N>, b: Slot<N>, how: Two, watch: &N::Watch) -> Slot<N> {
    a.worse(&b).unwrap_or_else(|| of_two(how, a.num, b.num, N::ONE, N::ONE, watch))
}

/// Folds the values of a list's records.
pub(super) struct Folding<N> {
    fold: Fold,
    so_far: Option<Slot<N>>,
}

impl<N: Number> Folding<N> {
    pub(super) fn new(fold: Fold) -> Self {
        let start = match fold {
            Fold::Sum | Fold::Count => Some(Slot::known(N::ZERO)),
            Fold::Any => Some(Slot::truth(false)),
            Fold::All => Some(Slot::truth(true)),
            Fold::Min | Fold::Max => None,
        };
        Self { fold, so_far: start }
    }

    pub(super) fn take(&mut self, holds: Slot<N>, value: Slot<N>, watch: &N::Watch) {
        let counted = match self.fold {
            Fold::Any => and(holds, value),
            Fold::All => not(and(holds, not(value))),
            _ if holds.is_false() => return,
            Fold::Count => {
                if holds.is_known() {
                    Slot::known(N::ONE)
                } else {
                    holds
                }
            }
            _ => {
                if holds.is_known() {
                    value
                } else {
                    holds
                }
            }
        };
        self.so_far = Some(match (self.so_far, self.fold) {
            (None, _) => counted,
            (Some(a), Fold::Sum | Fold::Count) => folded(a, counted, Two::Add, watch),
            (Some(a), Fold::Any) => not(and(not(a), not(counted))),
            (Some(a), Fold::All) => and(a, counted),
            (Some(a), Fold::Min) => folded(a, counted, Two::Min, watch),
            (Some(a), Fold::Max) => folded(a, counted, Two::Max, watch),
        });
    }

    pub(super) fn finish(self) -> Slot<N> {
        self.so_far.unwrap_or(Slot::without(State::NotApplicable, 0))
    }
}
