//! How much may be done for one question: the one budget of every analysis and of a year.
//!
//! Work is counted in instructions and never timed, so that a question ends at the same point on every machine, in
//! every build and on every day.

use super::engine::Engine;
use crate::case::Encoded;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::plan::{Instr, Reg};
use core::cell::Cell;
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::{Context, Poll, Waker};

/// Most instructions for one question of a reader, who waits at a page: more than ten times what the longest of the
/// shipped packs takes with nothing answered.
pub const MOST_WORK: u64 = 3_000_000;
/// Most instructions for one proof or one comparison of revisions: an author waits longer than a page may.
pub const MOST_WORK_OF_AUTHORS: u64 = 5_000_000_000;
/// Most instructions for a year, with every piece of its stays and every time that it is folded again.
pub const MOST_WORK_OF_A_YEAR: u64 = 200_000_000;
/// What the writing of a decision counts for, in instructions.
pub(crate) const WRITING: u64 = 20_000;
/// What an instruction over a function counts for: it calculates with ten coefficients where another has one number.
pub(crate) const FUNCTION: u64 = 10;

/// What was done for one question, and how much may be.
#[derive(Debug)]
pub struct Work {
    most: u64,
    done: Cell<u64>,
    turn: u64,
    until: Cell<u64>,
}

impl Default for Work {
    fn default() -> Self {
        Self::of(MOST_WORK)
    }
}

impl Work {
    /// So many instructions at most, in one turn.
    #[must_use]
    pub fn of(most: u64) -> Self {
        Self { most, done: Cell::new(0), turn: u64::MAX, until: Cell::new(u64::MAX) }
    }

    /// The same, in turns of so many instructions: whoever follows the question has a say after each.
    #[must_use]
    pub fn in_turns(self, turn: u64) -> Self {
        Self { turn, until: Cell::new(turn), ..self }
    }

    /// Instructions that were done.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.get()
    }

    /// Counts instructions that are about to be done, or that were.
    ///
    /// # Errors
    /// `too-much-work`: all of them together are more than the question may take.
    pub(crate) fn take(&self, instructions: u64) -> Result<(), Diagnostics> {
        self.count(instructions);
        if self.is_left() { Ok(()) } else { Err(self.too_much()) }
    }

    /// Counts instructions that were done where nothing can be refused; what comes next is.
    pub(crate) fn count(&self, instructions: u64) {
        self.done.set(self.done.get().saturating_add(instructions));
    }

    /// Whether the question may still take any.
    pub(crate) fn is_left(&self) -> bool {
        self.done.get() <= self.most
    }

    fn too_much(&self) -> Diagnostics {
        let message = format!("more than {} instructions would have to be evaluated for this", self.most);
        let help = "ask for less at once: answer some of the facts first, or take a narrower range, fewer people or shorter stays";
        Diagnostics::from(Diagnostic::error("too-much-work", message).help(help))
    }

    /// Where a question in turns may be interrupted: ready at once within a turn, pending once after it.
    pub(crate) fn pause(&self) -> impl Future<Output = ()> {
        poll_fn(|_| {
            if self.done.get() < self.until.get() {
                return Poll::Ready(());
            }
            self.until.set(self.done.get().saturating_add(self.turn));
            Poll::Pending
        })
    }
}

/// Instructions of a run: an aggregate counts with its block for every record, and a table with all its combinations
/// where a key is open, for then each of them is looked at.
pub(crate) fn instructions(engine: &Engine, service: usize, encoded: &Encoded, known: &dyn Fn(Reg) -> bool) -> u64 {
    let Some(found) = engine.plan().services.get(service) else { return 0 };
    let program = &found.program;
    let cells = |table: u32| engine.cover(service, table).map_or(1, |cover| cover.dense.len());
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let mut sum = count(program.code.len());
    for instr in &program.code {
        let more = match instr {
            Instr::Table(at) => {
                let open = program.tables.get(*at as usize).is_some_and(|t| t.keys.iter().any(|key| !known(*key)));
                if open { cells(*at) } else { 0 }
            }
            Instr::Aggregate(aggregate) => {
                let block = program.blocks.get(aggregate.block as usize);
                let records = block.and_then(|b| encoded.lists.get(b.list as usize)?.as_ref());
                let (Some(block), Some(records)) = (block, records) else { continue };
                let open = encoded.inputs.iter().chain(records.iter().flatten()).any(Result::is_err);
                let tables = block.code.iter().map(|i| if let Instr::Table(at) = i { cells(*at) } else { 0 });
                let each = if open { tables.fold(0, usize::saturating_add) } else { 0 };
                records.len().saturating_mul(block.code.len().saturating_add(each))
            }
            _ => 0,
        };
        sum = sum.saturating_add(count(more));
    }
    sum
}

/// Follows a question to its end, whatever turns it takes.
pub fn finish<F: Future>(question: F) -> F::Output {
    let mut question = pin!(question);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(answer) = question.as_mut().poll(&mut context) {
            return answer;
        }
    }
}
