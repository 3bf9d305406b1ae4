//! The registers of 64 cases at once.

use super::lane::{LANES, Lane, Lanes};
use crate::evaluate::{Registers, Slot};
use crate::plan::{Reg, State};

/// A register of 64 cases.
#[derive(Debug, Clone)]
pub(super) struct Row<L> {
    /// The numbers; nought where there is none.
    pub(super) nums: Lanes<L>,
    /// A bit for each case without a number.
    pub(super) open: u64,
    /// State and reason, where `open` has a bit.
    pub(super) why: [(State, u32); LANES],
}

impl<L: Lane> Row<L> {
    pub(super) fn new(slot: Slot<i64>) -> Self {
        let open = if slot.is_known() { 0 } else { u64::MAX };
        Self { nums: [L::of(slot.num); LANES], open, why: [(slot.state, slot.reason); LANES] }
    }

    pub(super) fn slot(&self, lane: usize) -> Slot<i64> {
        match (self.nums.get(lane), self.why.get(lane)) {
            (_, Some((state, reason))) if self.is_open(lane) => Slot::without(*state, *reason),
            (Some(num), _) => Slot::known(num.whole()),
            _ => Slot::without(State::Failed, 0),
        }
    }

    pub(super) fn set(&mut self, lane: usize, slot: Slot<i64>) {
        if let Some(num) = self.nums.get_mut(lane) {
            *num = L::of(slot.num);
        }
        if slot.is_known() {
            self.open &= !bit(lane);
        } else {
            self.open |= bit(lane);
            if let Some(why) = self.why.get_mut(lane) {
                *why = (slot.state, slot.reason);
            }
        }
    }

    pub(super) fn is_open(&self, lane: usize) -> bool {
        self.open & bit(lane) != 0
    }

    /// A bit for each case whose number is nought or none.
    pub(super) fn noughts(&self) -> u64 {
        let nought = |n: L| !n.holds();
        if any(&self.nums, nought) { mask(&self.nums, nought) } else { 0 }
    }
}

/// Whether something holds of any number; quick, for it seldom does.
#[inline(always)]
pub(super) fn any<L: Lane>(nums: &Lanes<L>, holds: impl Fn(L) -> bool) -> bool {
    nums.iter().fold(false, |any, n| any | holds(*n))
}

/// A bit for each case of whose number something holds.
pub(super) fn mask<L: Lane>(nums: &Lanes<L>, holds: impl Fn(L) -> bool) -> u64 {
    nums.iter().enumerate().fold(0, |mask, (lane, n)| mask | (u64::from(holds(*n)) << (lane & 63)))
}

/// The bit of a case.
pub(super) fn bit(lane: usize) -> u64 {
    1 << (lane & 63)
}

/// The cases of a mask.
pub(super) fn lanes(mut mask: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let lane = mask.trailing_zeros();
        mask &= mask.wrapping_sub(1);
        (lane < 64).then_some(lane as usize)
    })
}

/// The rows in use, and which of them holds which register.
#[derive(Debug)]
pub(super) struct Bank<L> {
    /// Boxed, so that a result takes its place by exchanging two pointers.
    pub(super) rows: Vec<Box<Row<L>>>,
    /// The row of each register; past the last where it is not computed.
    pub(super) row_of: Vec<usize>,
    /// Whether any row of this block may have an open case.
    pub(super) any_open: bool,
    nothing: Box<Row<L>>,
}

impl<L: Lane> Bank<L> {
    pub(super) fn new(registers: usize) -> Self {
        let nothing = Box::new(Row::new(Slot::without(State::Failed, 0)));
        Self { rows: Vec::new(), row_of: vec![usize::MAX; registers], any_open: true, nothing }
    }

    /// A new row, the same for every case until something is written.
    pub(super) fn add(&mut self, slot: Slot<i64>) -> usize {
        self.rows.push(Box::new(Row::new(slot)));
        self.rows.len().wrapping_sub(1)
    }

    #[inline(always)]
    pub(super) fn row(&self, at: usize) -> &Row<L> {
        self.rows.get(at).unwrap_or(&self.nothing)
    }

    pub(super) fn place(&self, reg: Reg) -> usize {
        self.row_of.get(reg as usize).copied().unwrap_or(usize::MAX)
    }

    pub(super) fn of(&self, reg: Reg) -> &Row<L> {
        self.row(self.place(reg))
    }
}

/// One case of a bank.
pub(super) struct OneCase<'a, L> {
    pub(super) bank: &'a Bank<L>,
    pub(super) lane: usize,
}

impl<L: Lane> Registers<i64> for OneCase<'_, L> {
    fn get(&self, reg: Reg) -> Slot<i64> {
        self.bank.of(reg).slot(self.lane)
    }
}
