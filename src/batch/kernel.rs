//! Operations over 64 cases at once.
//!
//! A kernel computes the plain case: every operand known. For each case where that does not hold, or where the plain
//! answer is none, it returns a bit, and the evaluator's own definition of the operation decides that case. So there
//! is one meaning, and a fast path for most of it.

use super::bank::{Bank, Row, any, lanes, mask};
use super::lane::{LANES, Lane, Lanes};
use crate::date::Date;
use crate::number::Rounding;
use crate::plan::{Comparison, Two};

/// A row, brought to a denominator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Operand<L> {
    pub(super) row: usize,
    pub(super) by: L,
}

/// How a key of a table is cut.
#[derive(Debug, Clone)]
pub(super) enum Cut<L> {
    /// The number is the stretch.
    Option { most: L },
    /// The stretch is counted off at the cuts.
    Cuts { factor: L, cuts: Vec<L> },
}

/// A key of a table.
#[derive(Debug, Clone)]
pub(super) struct Key<L> {
    pub(super) row: usize,
    pub(super) cut: Cut<L>,
    /// Places in the dense array from one stretch to the next.
    pub(super) stride: L,
}

/// An operation, its operands found.
#[derive(Debug, Clone)]
pub(super) enum Kernel<L> {
    /// Of two numbers.
    Two { how: Two, a: Operand<L>, b: Operand<L>, by: L, unit: L },
    /// Rounded.
    Round { a: Operand<L>, down: L, mode: Rounding, unit: L },
    /// Both.
    And(usize, usize),
    /// One of them.
    Or(usize, usize),
    /// The opposite.
    Not(usize),
    /// One of two, by a condition.
    If(usize, Operand<L>, Operand<L>),
    /// A truth value by number.
    Member(usize, Vec<L>),
    /// A figure of a dense array; [`Lane::NONE`] where the definition has to be asked.
    Figures { keys: Vec<Key<L>>, figures: Vec<L> },
    /// A row of operands chosen by a dense array.
    Chosen { keys: Vec<Key<L>>, choice: Vec<Option<Operand<L>>> },
    /// Sum over bands.
    Bands {
        of: Operand<L>,
        from: Option<Operand<L>>,
        edges: Vec<Operand<L>>,
        rates: Vec<Operand<L>>,
        totals: Option<(Rounding, L)>,
    },
    /// The base, or the one alternative whose condition holds.
    Exceptions { base: Operand<L>, alternatives: Vec<(usize, Operand<L>)> },
    /// The first operand, where the second holds.
    Require(usize, usize),
    /// No kernel: each case by the definition.
    Each,
}

/// Room for operands that are brought to another denominator.
pub(super) struct Room<L> {
    operands: [Lanes<L>; 2],
    bands: [Lanes<L>; 3],
    edges: [Lanes<L>; 3],
}

impl<L: Lane> Room<L> {
    pub(super) fn new() -> Self {
        let lanes = [L::ZERO; LANES];
        Self { operands: [lanes; 2], bands: [lanes; 3], edges: [lanes; 3] }
    }
}

/// The numbers of an operand.
#[inline(always)]
fn scaled<'a, L: Lane>(bank: &'a Bank<L>, operand: &Operand<L>, room: &'a mut Lanes<L>) -> &'a Lanes<L> {
    let nums = &bank.row(operand.row).nums;
    if operand.by == L::ONE {
        return nums;
    }
    for (to, n) in room.iter_mut().zip(nums) {
        *to = n.times(operand.by);
    }
    room
}

/// `out[i] = f(a[i], b[i])`. One call an operation, so that each loop is compiled by itself; eight at a time, for
/// engines of WebAssembly unroll nothing.
#[inline(never)]
fn zip<L: Lane>(out: &mut Lanes<L>, a: &Lanes<L>, b: &Lanes<L>, f: impl Fn(L, L) -> L) {
    for ((out, a), b) in eights_mut(out).zip(eights(a)).zip(eights(b)) {
        for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
            *out = f(*a, *b);
        }
    }
}

#[inline(never)]
fn map<L: Lane>(out: &mut Lanes<L>, a: &Lanes<L>, f: impl Fn(L) -> L) {
    for (out, a) in eights_mut(out).zip(eights(a)) {
        for (out, a) in out.iter_mut().zip(a) {
            *out = f(*a);
        }
    }
}

/// `to[i] = f(to[i], nums[i])`.
#[inline(never)]
fn zip_into<L: Lane>(to: &mut Lanes<L>, nums: &Lanes<L>, f: impl Fn(L, L) -> L) {
    for (to, nums) in eights_mut(to).zip(eights(nums)) {
        for (to, n) in to.iter_mut().zip(nums) {
            *to = f(*to, *n);
        }
    }
}

#[inline(always)]
fn eights<L>(lanes: &Lanes<L>) -> impl Iterator<Item = &[L; 8]> {
    lanes.as_chunks::<8>().0.iter()
}

#[inline(always)]
fn eights_mut<L>(lanes: &mut Lanes<L>) -> impl Iterator<Item = &mut [L; 8]> {
    lanes.as_chunks_mut::<8>().0.iter_mut()
}

/// Runs a kernel; a bit for each case that the definition has to decide, besides those whose operands are open.
pub(super) fn run<L: Lane>(kernel: &Kernel<L>, bank: &Bank<L>, out: &mut Row<L>, room: &mut Room<L>) -> u64 {
    let Room { operands: [one, other], bands: places, edges: room } = room;
    let nums = &mut out.nums;
    match kernel {
        Kernel::Two { how, a, b, by, unit } => {
            let (a, b) = (scaled(bank, a, one), scaled(bank, b, other));
            return of_two(*how, nums, a, b, *by, *unit);
        }
        Kernel::Round { a, down, mode, unit } => rounded(*mode, nums, scaled(bank, a, one), *down, *unit),
        Kernel::And(a, b) => zip(nums, &bank.row(*a).nums, &bank.row(*b).nums, L::lesser),
        Kernel::Or(a, b) => zip(nums, &bank.row(*a).nums, &bank.row(*b).nums, L::greater),
        Kernel::Not(a) => map(nums, &bank.row(*a).nums, |a| L::ONE.minus(a)),
        Kernel::If(c, if_yes, if_no) => {
            let (a, b) = (scaled(bank, if_yes, one), scaled(bank, if_no, other));
            for (((out, c), a), b) in nums.iter_mut().zip(&bank.row(*c).nums).zip(a).zip(b) {
                // A condition is one or nought: arithmetic in place of a branch.
                *out = b.plus(c.times(a.minus(*b)));
            }
            let no = || bank.row(*c).noughts();
            return match (bank.row(if_yes.row).open, bank.row(if_no.row).open) {
                (0, 0) => 0,
                (yes_open, no_open) => (yes_open & !no()) | (no_open & no()),
            };
        }
        Kernel::Member(a, truths) => {
            for (out, n) in nums.iter_mut().zip(&bank.row(*a).nums) {
                *out = truths.get(n.place()).copied().unwrap_or(L::ZERO);
            }
        }
        Kernel::Figures { keys, figures } => return look_up(keys, figures, bank, nums, one),
        Kernel::Chosen { keys, choice } => return choose(keys, choice, bank, out, one),
        Kernel::Bands { of, from, edges, rates, totals } => {
            let from = from.as_ref().map(|from| scaled(bank, from, other));
            Bands { edges, rates, totals: *totals, bank }.sum(scaled(bank, of, one), from, nums, places, room);
        }
        Kernel::Exceptions { base, alternatives } => return exceptions(base, alternatives, bank, nums, one),
        Kernel::Require(a, b) => {
            *nums = bank.row(*a).nums;
            return bank.row(*b).noughts();
        }
        Kernel::Each => return u64::MAX,
    }
    0
}

#[inline(never)]
fn of_two<L: Lane>(how: Two, out: &mut Lanes<L>, a: &Lanes<L>, b: &Lanes<L>, by: L, unit: L) -> u64 {
    match how {
        Two::Add => zip(out, a, b, L::plus),
        Two::Sub => zip(out, a, b, L::minus),
        Two::Later | Two::Earlier => {
            zip(out, a, b, if how == Two::Later { L::plus } else { L::minus });
            let [first, last] = [Date::MIN, Date::MAX].map(|day| L::of(i64::from(day.days())));
            let is_beyond = |day: L| (day < first) | (day > last);
            return if any(out, is_beyond) { mask(out, is_beyond) } else { 0 };
        }
        Two::Mul => zip(out, a, b, L::times),
        Two::MulShrunk => zip(out, a, b, |x, y| x.times(y).over(by)),
        Two::Div => zip(out, a, b, |x, y| x.times(unit.times(by.over(y)))),
        Two::Min => zip(out, a, b, L::lesser),
        Two::Max => zip(out, a, b, L::greater),
        Two::Cmp(Comparison::Eq) => zip(out, a, b, |x, y| L::truth(x == y)),
        Two::Cmp(Comparison::Ne) => zip(out, a, b, |x, y| L::truth(x != y)),
        Two::Cmp(Comparison::Lt) => zip(out, a, b, |x, y| L::truth(x < y)),
        Two::Cmp(Comparison::Le) => zip(out, a, b, |x, y| L::truth(x <= y)),
        Two::Cmp(Comparison::Gt) => zip(out, a, b, |x, y| L::truth(x > y)),
        Two::Cmp(Comparison::Ge) => zip(out, a, b, |x, y| L::truth(x >= y)),
        Two::DivRound(_) | Two::CmpSpan(_) | Two::MonthsBetween | Two::YearsBetween => return u64::MAX,
    }
    0
}

/// Rounded to whole numbers, times `unit`.
#[inline(never)]
fn rounded<L: Lane>(mode: Rounding, out: &mut Lanes<L>, a: &Lanes<L>, down: L, unit: L) {
    // Of the size without the sign: how far the quotient is cut, and whether it takes one more step from nought.
    match mode {
        Rounding::HalfUp => steps(out, a, down, unit, |_, _, rest, left| rest >= left),
        Rounding::HalfEven => {
            steps(out, a, down, unit, |_, cut, rest, left| rest > left || (rest == left && cut.is_odd()))
        }
        Rounding::Floor => steps(out, a, down, unit, |negative, _, rest, _| negative && rest.holds()),
        Rounding::Ceiling => steps(out, a, down, unit, |negative, _, rest, _| !negative && rest.holds()),
        Rounding::TowardZero => steps(out, a, down, unit, |_, _, _, _| false),
    }
}

#[inline(never)]
fn steps<L: Lane>(out: &mut Lanes<L>, a: &Lanes<L>, down: L, unit: L, more: impl Fn(bool, L, L, L) -> bool) {
    for (out, n) in out.iter_mut().zip(a) {
        let negative = *n < L::ZERO;
        let size = if negative { L::ZERO.minus(*n) } else { *n };
        let cut = size.cut(down);
        let rest = size.minus(cut.times(down));
        let cut = cut.plus(L::truth(more(negative, cut, rest, down.minus(rest))));
        *out = (if negative { L::ZERO.minus(cut) } else { cut }).times(unit);
    }
}

/// Places in the dense array of a table.
#[inline(never)]
fn places<L: Lane>(keys: &[Key<L>], bank: &Bank<L>, at: &mut Lanes<L>) {
    *at = [L::ZERO; LANES];
    for key in keys {
        let nums = &bank.row(key.row).nums;
        match &key.cut {
            Cut::Option { most } => {
                // A number that is no option leads beyond the array.
                let beyond = L::of(1 << 40);
                zip_into(at, nums, |at, n| {
                    let out = L::truth(n > *most).plus(L::truth(n < L::ZERO));
                    at.plus(n.times(key.stride)).plus(out.times(beyond))
                });
            }
            Cut::Cuts { factor, cuts } if cuts.len() <= 8 => {
                for cut in cuts {
                    zip_into(at, nums, |at, n| {
                        let n = n.times(*factor);
                        at.plus(L::truth(n >= *cut).plus(L::truth(n > *cut)).times(key.stride))
                    });
                }
            }
            Cut::Cuts { factor, cuts } => {
                zip_into(at, nums, |at, n| at.plus(stretch(n.times(*factor), cuts).times(key.stride)));
            }
        }
    }
}

/// Where a number stands among many cuts.
fn stretch<L: Lane>(n: L, cuts: &[L]) -> L {
    let below = cuts.partition_point(|cut| *cut < n);
    let on = cuts.get(below).is_some_and(|cut| *cut == n);
    L::of(i64::try_from(below.wrapping_mul(2).wrapping_add(usize::from(on))).unwrap_or(i64::MAX))
}

#[inline(never)]
fn look_up<L: Lane>(keys: &[Key<L>], figures: &[L], bank: &Bank<L>, out: &mut Lanes<L>, room: &mut Lanes<L>) -> u64 {
    places(keys, bank, room);
    for (out, at) in out.iter_mut().zip(room.iter()) {
        *out = figures.get(at.place()).copied().unwrap_or(L::NONE);
    }
    if !any(out, L::is_none) {
        return 0;
    }
    let redo = mask(out, L::is_none);
    for lane in lanes(redo) {
        if let Some(out) = out.get_mut(lane) {
            *out = L::ZERO;
        }
    }
    redo
}

#[inline(never)]
fn choose<L: Lane>(
    keys: &[Key<L>],
    choice: &[Option<Operand<L>>],
    bank: &Bank<L>,
    out: &mut Row<L>,
    room: &mut Lanes<L>,
) -> u64 {
    places(keys, bank, room);
    let mut redo = 0_u64;
    for (lane, (out, at)) in out.nums.iter_mut().zip(room.iter()).enumerate() {
        let operand = choice.get(at.place()).copied().flatten();
        match operand.map(|operand| (operand.by, bank.row(operand.row))) {
            Some((by, row)) if !row.is_open(lane) => {
                *out = row.nums.get(lane).map_or(L::ZERO, |n| n.times(by));
            }
            _ => {
                *out = L::ZERO;
                redo |= 1 << (lane & 63);
            }
        }
    }
    redo
}

struct Bands<'a, L> {
    edges: &'a [Operand<L>],
    rates: &'a [Operand<L>],
    totals: Option<(Rounding, L)>,
    bank: &'a Bank<L>,
}

impl<L: Lane> Bands<'_, L> {
    fn sum(
        &self,
        of: &Lanes<L>,
        from: Option<&Lanes<L>>,
        out: &mut Lanes<L>,
        [start, end, before]: &mut [Lanes<L>; 3],
        room: &mut [Lanes<L>; 3],
    ) {
        map(end, of, |n| n.greater(L::ZERO));
        let Some(from) = from else { return self.up_to(end, out, room) };
        map(start, from, |n| n.greater(L::ZERO));
        zip_into(end, start, L::plus);
        self.up_to(start, before, room);
        self.up_to(end, out, room);
        zip_into(out, before, L::minus);
    }

    /// What the bands give for the stretch from nought to a position.
    #[inline(never)]
    fn up_to(&self, position: &Lanes<L>, out: &mut Lanes<L>, [below, edge, rate]: &mut [Lanes<L>; 3]) {
        *below = [L::ZERO; LANES];
        *out = [L::ZERO; LANES];
        for (i, share) in self.rates.iter().enumerate() {
            let share = scaled(self.bank, share, rate);
            let Some(top) = self.edges.get(i).map(|operand| scaled(self.bank, operand, edge)) else {
                for (((out, position), below), share) in out.iter_mut().zip(position).zip(below.iter()).zip(share) {
                    *out = out.plus(position.minus(*below).greater(L::ZERO).times(*share));
                }
                break;
            };
            for ((((out, position), below), share), top) in
                out.iter_mut().zip(position).zip(below.iter_mut()).zip(share).zip(top)
            {
                *out = out.plus(position.lesser(*top).minus(*below).greater(L::ZERO).times(*share));
                *below = *top;
            }
        }
        if let Some((mode, den)) = self.totals {
            rounded(mode, below, out, den, L::ONE);
            *out = *below;
        }
    }
}

#[inline(never)]
fn exceptions<L: Lane>(
    base: &Operand<L>,
    alternatives: &[(usize, Operand<L>)],
    bank: &Bank<L>,
    out: &mut Lanes<L>,
    room: &mut Lanes<L>,
) -> u64 {
    *out = *scaled(bank, base, room);
    let (mut taken, mut redo) = (0_u64, 0_u64);
    for (when, value) in alternatives {
        let holds = !bank.row(*when).noughts();
        redo |= taken & holds;
        taken |= holds;
        let nums = scaled(bank, value, room);
        for lane in lanes(holds) {
            if let (Some(out), Some(n)) = (out.get_mut(lane), nums.get(lane)) {
                *out = *n;
            }
        }
    }
    redo
}
