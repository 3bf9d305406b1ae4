//! Building a program: one place where instructions are added, checked and shared.

use crate::plan::{Block, Constant, Instr, Kind, LOCAL, MOST_REGISTERS, Problem, Program, Reg, Shape, Shapes, State};
use std::collections::BTreeMap;

/// A program under construction. Figures stand among the code until [`layout`](super::layout).
#[derive(Debug)]
pub struct Builder {
    pub(super) program: Program,
    pub(super) shapes: Shapes,
    /// The block that instructions go to; the main code otherwise.
    pub(super) block: Option<u32>,
    /// Where each instruction stands already: by block (the main code: none) and index there.
    known: BTreeMap<(Option<u32>, Instr), usize>,
    /// Whether it was told that there are too many instructions.
    full: bool,
}

impl Builder {
    pub(super) fn new(program: Program) -> Self {
        let shapes = Shapes::start(&program);
        Self { program, shapes, block: None, known: BTreeMap::new(), full: false }
    }

    pub(super) fn shape(&self, reg: Reg) -> Option<&Shape> {
        self.shapes.read(self.block, reg).ok()
    }

    pub(super) fn kind(&self, reg: Reg) -> Option<Kind> {
        self.shape(reg).map(|s| s.kind)
    }

    /// How many instructions there are, those of blocks included.
    pub(super) fn size(&self) -> usize {
        self.known.len()
    }

    /// Whether it was told before that there are too many instructions; once is enough.
    pub(super) fn told(&mut self) -> bool {
        core::mem::replace(&mut self.full, true)
    }

    /// Adds an instruction, or finds the register that already holds its value.
    pub(super) fn push(&mut self, instr: Instr) -> Result<Reg, Problem> {
        if self.size() >= MOST_REGISTERS {
            return Err(Problem::TooMany(MOST_REGISTERS));
        }
        match self.block {
            Some(block) if !matches!(instr, Instr::Figure(_)) => self.push_local(block, instr),
            _ => self.push_main(instr),
        }
    }

    fn push_main(&mut self, instr: Instr) -> Result<Reg, Problem> {
        let first = self.program.first_code();
        let key = (None, instr);
        if let Some(at) = self.known.get(&key) {
            return Ok(first.saturating_add(number(*at)));
        }
        let at = self.program.code.len();
        self.shapes.push(&self.program, &key.1)?;
        self.program.code.push(key.1.clone());
        self.known.insert(key, at);
        Ok(first.saturating_add(number(at)))
    }

    fn push_local(&mut self, block: u32, instr: Instr) -> Result<Reg, Problem> {
        let fields = self.fields(block);
        let key = (Some(block), instr);
        if let Some(at) = self.known.get(&key) {
            return Ok(LOCAL.saturating_add(number(fields.saturating_add(*at))));
        }
        let at = self.program.blocks.get(block as usize).ok_or(Problem::Missing("the block"))?.code.len();
        self.shapes.push_local(&self.program, block, &key.1)?;
        if let Some(block) = self.program.blocks.get_mut(block as usize) {
            block.code.push(key.1.clone());
        }
        self.known.insert(key, at);
        Ok(LOCAL.saturating_add(number(fields.saturating_add(at))))
    }

    fn fields(&self, block: u32) -> usize {
        let list = self.program.blocks.get(block as usize).and_then(|b| self.program.lists.get(b.list as usize));
        list.map_or(0, |list| list.fields.len())
    }

    /// Opens a block over a list; instructions go there until [`close`](Self::close).
    pub(super) fn open(&mut self, list: u32) -> Result<u32, Problem> {
        let index = number(self.program.blocks.len());
        self.program.blocks.push(Block { list, code: Vec::new() });
        self.shapes.open_block(&self.program, index)?;
        self.block = Some(index);
        Ok(index)
    }

    pub(super) fn close(&mut self) {
        self.block = None;
    }

    pub(super) fn constant(&mut self, kind: Kind, num: i64, den: i64) -> Result<Reg, Problem> {
        self.push(Instr::Figure(Constant { kind, num, den, state: State::Known, reason: 0 }))
    }

    pub(super) fn truth(&mut self, yes: bool) -> Result<Reg, Problem> {
        self.constant(Kind::Bool, i64::from(yes), 1)
    }

    /// A register that refuses with a reason; shaped like `like`, so that it widens no range.
    pub(super) fn refusal(&mut self, state: State, reason: u32, like: Reg) -> Result<Reg, Problem> {
        let shape = self.shape(like).ok_or(Problem::Register(like))?;
        let num = match &shape.finite {
            Some(all) => all.first().copied().unwrap_or(shape.lo),
            None => shape.lo,
        };
        let fits = |n: i128| i64::try_from(n).ok().filter(|n| n.saturating_abs() <= crate::plan::MOST);
        let (num, den) = match (fits(num), fits(shape.den)) {
            (Some(num), Some(den)) => (num, den),
            _ => (0, 1),
        };
        let kind = shape.kind;
        self.push(Instr::Figure(Constant { kind, num, den, state, reason }))
    }
}

/// A count as a register number; programs are far smaller than `u32` can count.
pub(super) fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
