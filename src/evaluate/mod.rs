//! The evaluator: runs a linked program over one number type and keeps every value.
//!
//! Every instruction runs; nothing is skipped and nothing loops but the records of a list. What a
//! register holds besides its number is a state: arithmetic takes the worst state of its operands;
//! only `and`, `or`, `if`, exceptions and tables absorb one, where the outcome cannot depend on it.

mod bands;
mod op;
mod table;

pub use op::run_op;
pub use table::possible_rows;

use crate::number::Number;
use crate::plan::{Group, LOCAL, Linked, Op, Reg, Scaled, State};

/// What a register holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot<N> {
    /// The number, at the register's denominator; zero unless known.
    pub num: N,
    /// State.
    pub state: State,
    /// Why it is unset or failed: index into the service's reasons.
    pub reason: u32,
}

impl<N: Number> Slot<N> {
    /// A known value.
    #[inline(always)]
    #[must_use]
    pub fn known(num: N) -> Self {
        Self { num, state: State::Known, reason: 0 }
    }

    /// A truth value.
    #[must_use]
    pub fn truth(yes: bool) -> Self {
        Self::known(if yes { N::ONE } else { N::ZERO })
    }

    /// No value, and why.
    #[must_use]
    pub fn without(state: State, reason: u32) -> Self {
        Self { num: N::ZERO, state, reason }
    }

    /// Whether there is a value.
    #[inline(always)]
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.state == State::Known
    }

    /// Whether it is known and true.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.is_known() && self.num != N::ZERO
    }

    /// Whether it is known and false.
    #[must_use]
    pub fn is_false(&self) -> bool {
        self.is_known() && self.num == N::ZERO
    }

    /// Whether both are one outcome, as `watch` sees it: the same value, or the same state for the same reason.
    pub(super) fn agrees(&self, other: &Self, watch: &N::Watch) -> bool {
        match (self.state, other.state) {
            (State::Known, State::Known) => self.num.cmp(other.num, watch) == core::cmp::Ordering::Equal,
            (State::NotApplicable, State::NotApplicable) => true,
            (State::Unset, State::Unset) | (State::Failed, State::Failed) => self.reason == other.reason,
            _ => false,
        }
    }

    /// Of two open conditions the one to be asked first: an unknown one, for with its answer the other may not matter;
    /// else the worse.
    pub(super) fn first_asked(&self, other: &Self) -> Self {
        match (self.state, other.state) {
            (State::Unknown, _) => *self,
            (_, State::Unknown) => *other,
            _ => self.worse(other).unwrap_or(*self),
        }
    }

    /// The worse of two states, the first where they are equally bad; `None` if both are known.
    #[must_use]
    pub fn worse(&self, other: &Self) -> Option<Self> {
        let worst = if other.state > self.state { other } else { self };
        (!worst.is_known()).then(|| Self::without(worst.state, worst.reason))
    }
}

/// Answers of a list: records of fields.
pub type Records<N> = Vec<Vec<Slot<N>>>;

/// What a program reads.
#[derive(Debug, Clone)]
pub struct Answers<N> {
    /// One slot an input.
    pub inputs: Vec<Slot<N>>,
    /// Records of each list; `None` where the list is not answered.
    pub lists: Vec<Option<Records<N>>>,
}

/// Runs a program: every register, in order. `registers` is cleared and filled, so that it can be
/// used again without allocating.
pub fn evaluate<N: Number>(
    program: &Linked<N>,
    groups: &[Group],
    answers: &Answers<N>,
    registers: &mut Vec<Slot<N>>,
    watch: &N::Watch,
) {
    registers.clear();
    registers.extend_from_slice(&answers.inputs);
    registers.extend(blank(program, 0));
    run(program, groups, answers, registers, watch);
}

/// The registers of a program before anything is known: those of so many inputs and of the operations read as refused.
pub fn blank<N: Number>(program: &Linked<N>, inputs: usize) -> impl Iterator<Item = Slot<N>> {
    let refused = Slot::without(State::Failed, 0);
    let constants =
        program.constants.iter().map(|(num, state, reason)| Slot { num: *num, state: *state, reason: *reason });
    core::iter::repeat_n(refused, inputs).chain(constants).chain(core::iter::repeat_n(refused, program.ops.len()))
}

/// Runs a program over registers whose inputs and constants are there already; of the answers it reads the lists.
pub fn run<N: Number>(
    program: &Linked<N>,
    groups: &[Group],
    answers: &Answers<N>,
    registers: &mut [Slot<N>],
    watch: &N::Watch,
) {
    let first = registers.len().saturating_sub(program.ops.len());
    for (at, op) in (first..).zip(&program.ops) {
        N::enter(watch, u32::try_from(at).unwrap_or(LOCAL));
        let value = match op {
            Op::Two { how, a, b, by, unit } if let Some((a, b)) = known(registers, *a, *b) => {
                of_two(*how, a, b, *by, *unit, watch)
            }
            Op::Aggregate { .. } => aggregate(op, program, groups, answers, registers, watch),
            op => run_op(op, &program.tables, groups, &Frame { outer: registers, local: &[] }, watch),
        };
        if let Some(slot) = registers.get_mut(at) {
            // Part by part, as it is read: a copy of the whole would wait for its parts.
            slot.num = value.num;
            slot.state = value.state;
            slot.reason = value.reason;
        }
    }
}

/// Both numbers where both are known, as nearly all are.
#[inline(always)]
fn known<N: Number>(registers: &[Slot<N>], a: Scaled<N>, b: Scaled<N>) -> Option<(N, N)> {
    let (x, y) = (registers.get(a.reg as usize)?, registers.get(b.reg as usize)?);
    (x.is_known() && y.is_known()).then(|| (x.num.mul(a.by), y.num.mul(b.by)))
}

/// Folds the values of a list's records; refused where the operation is no aggregate.
pub(crate) fn aggregate<N: Number>(
    op: &Op<N>,
    program: &Linked<N>,
    groups: &[Group],
    answers: &Answers<N>,
    outer: &[Slot<N>],
    watch: &N::Watch,
) -> Slot<N> {
    let Op::Aggregate { fold, block, value, filter } = op else { return Slot::without(State::Failed, 0) };
    let mut records = Folding::new(*fold);
    run_block(
        program,
        groups,
        answers,
        outer,
        *block,
        &mut |frame| {
            let holds = filter.map_or(Slot::truth(true), |reg| frame.get(reg));
            records.take(holds, frame.get(*value), watch);
        },
        watch,
    )
    .map_or_else(|| Slot::without(State::Unknown, 0), |()| records.finish())
}

/// Where an operation reads its registers: those of one run, or of one case among many.
pub trait Registers<N> {
    /// What a register holds.
    fn get(&self, reg: Reg) -> Slot<N>;
}

/// A record's own registers above those of the service; outside a list there are none.
#[derive(Debug)]
pub struct Frame<'a, N> {
    outer: &'a [Slot<N>],
    local: &'a [Slot<N>],
}

impl<N: Number> Registers<N> for Frame<'_, N> {
    #[inline(always)]
    fn get(&self, reg: Reg) -> Slot<N> {
        match reg.checked_sub(LOCAL) {
            Some(local) => read(self.local, local),
            None => read(self.outer, reg),
        }
    }
}

impl<N: Number> Registers<N> for &[Slot<N>] {
    fn get(&self, reg: Reg) -> Slot<N> {
        read(self, reg)
    }
}

/// Runs a block for each record and hands over its registers; `None` if the list is not answered.
pub fn run_block<N: Number>(
    program: &Linked<N>,
    groups: &[Group],
    answers: &Answers<N>,
    outer: &[Slot<N>],
    block: u32,
    each: &mut dyn FnMut(&Frame<'_, N>),
    watch: &N::Watch,
) -> Option<()> {
    let block = program.blocks.get(block as usize)?;
    let records = answers.lists.get(block.list as usize)?.as_ref()?;
    let mut local: Vec<Slot<N>> = Vec::new();
    for record in records {
        local.clear();
        local.extend_from_slice(record);
        for op in &block.ops {
            let value = run_op(op, &program.tables, groups, &Frame { outer, local: &local }, watch);
            local.push(value);
        }
        each(&Frame { outer, local: &local });
    }
    Some(())
}

// INVARIANT: a verified plan reads only registers already written; a slot that is not there would
// be a fault of the engine, and then the value is refused rather than guessed.
#[inline(always)]
fn read<N: Number>(registers: &[Slot<N>], reg: Reg) -> Slot<N> {
    match registers.get(reg as usize) {
        Some(slot) => Slot { num: slot.num, state: slot.state, reason: slot.reason },
        None => Slot::without(State::Failed, 0),
    }
}

use op::{Folding, of_two};
