//! A service as a WebAssembly module of its own.
//!
//! The interpreter passes over 64 cases once an operation; a module keeps the two cases that it computes at a time in
//! registers from the first answer to the last value. It is made of the same kernels, when a service is opened for
//! columns that stand in a memory. It decides cases of which it is certain: every answer given and within its bounds,
//! every value that is asked for known, or the case refused. Any other it marks and leaves to the interpreter, which
//! stays the reference; so where a module is not sure, nothing is lost but time.

mod answer;
mod code;
mod function;
mod input;
mod kernel;
mod round;
mod seldom;
mod table;
mod value;

use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, FunctionSection, ImportSection, MemoryType, Module,
    TypeSection, ValType,
};

use super::assemble::Assembly;
use super::bank::Bank;
use super::block::Asked;
use super::kernel::Kernel;
use super::lane::Lane;
use super::open::Output;
use crate::decision::Engine;
use crate::number::narrow;
use crate::plan::{Linked, Reg, Service};
use code::Code;
use function::function;
use value::{Mask, Num, Value, What};

/// How the cells of a column are written; meanings as in [`Column`](super::Column).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cells {
    /// Doubles.
    F64,
    /// 64-bit integers.
    I64,
    /// 32-bit integers.
    I32,
    /// Bytes.
    U8,
}

/// Where a column stands.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Address of its first cell.
    pub at: u32,
    /// Its cells.
    pub cells: Cells,
}

/// Where the columns of a service stand.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// One an input; nothing for one that is not given.
    pub inputs: Vec<Option<Place>>,
    /// One an output, of doubles or 64-bit integers.
    pub outputs: Vec<Place>,
    /// Address of the outcomes, a byte each.
    pub outcomes: u32,
}

/// A service, compiled for columns at fixed places.
#[derive(Debug, Clone)]
pub struct Compiled {
    code: Code,
    figures: Vec<f64>,
}

impl Compiled {
    /// Figures that the module looks up.
    #[must_use]
    pub fn figures(&self) -> &[f64] {
        &self.figures
    }

    /// The bytes of the module, where its figures stand at this address.
    ///
    /// It imports the memory `batch` `memory` and exports `run`, which takes how many of the first cases are to be
    /// decided, two at least, and returns how many it left, of an odd number the last but one perhaps counted twice.
    /// The outcome of a case that it left is [`Outcome::Invalid`](super::Outcome), and its values mean nothing.
    #[must_use]
    pub fn module(&self, figures: u32) -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([ValType::I32], [ValType::I32]);
        module.section(&types);
        let mut imports = ImportSection::new();
        let memory = MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
        imports.import("batch", "memory", EntityType::Memory(memory));
        module.section(&imports);
        let mut functions = FunctionSection::new();
        functions.function(0);
        module.section(&functions);
        let mut exports = ExportSection::new();
        exports.export("run", ExportKind::Func, 0);
        module.section(&exports);
        let mut code = CodeSection::new();
        code.function(&function(&self.code, figures));
        module.section(&code);
        module.finish()
    }
}

/// What is compiled: a service with only the inputs that are given.
pub(super) struct Source<'a> {
    pub(super) assembly: Assembly<f64>,
    pub(super) engine: &'a Engine,
    pub(super) index: usize,
    pub(super) service: &'a Service,
    pub(super) program: &'a Linked<i64>,
    pub(super) asked: &'a Asked,
    pub(super) outputs: &'a [Output],
    /// Which inputs are given.
    pub(super) given: Vec<bool>,
}

struct Maker<'a> {
    code: Code,
    bank: &'a Bank<f64>,
    /// What each row of the bank holds by now.
    rows: Vec<Value>,
    figures: Vec<f64>,
}

impl Maker<'_> {
    fn value(&self, row: usize) -> Value {
        self.rows.get(row).copied().unwrap_or(Value::UNSURE)
    }

    fn of(&self, reg: Reg) -> Value {
        self.value(self.bank.place(reg))
    }

    fn put(&mut self, row: usize, value: Value) {
        if let Some(place) = self.rows.get_mut(row) {
            *place = value;
        }
    }
}

/// Compiles a service; nothing where no case of it would be certain.
pub(super) fn compile(source: &Source<'_>, layout: &Layout) -> Option<Compiled> {
    if source.asked.is_proposal {
        return None;
    }
    let bank = &source.assembly.bank;
    let rows = bank.rows.iter().map(|row| match (row.open, row.nums.first()) {
        (0, Some(n)) => Value { range: Some((n.whole(), n.whole())), ..Value::number(Num::Figure(*n), Mask::All) },
        _ => Value::OPEN,
    });
    let mut maker = Maker { code: Code::default(), bank, rows: rows.collect(), figures: Vec::new() };
    let mut answered = Mask::All;
    for (at, (input, place)) in source.service.program.inputs.iter().zip(&layout.inputs).enumerate() {
        let Some(place) = place else { continue };
        let (value, is) = input::read(&mut maker.code, input, *place);
        answered = maker.code.and(answered, is);
        maker.put(bank.row_of.get(at).copied().unwrap_or(usize::MAX), value);
    }
    let ranges = ranges(source);
    for step in &source.assembly.steps {
        let mut value = match (&step.kernel, source.program.ops.get(step.op)) {
            (Kernel::Each, Some(op)) => maker.seldom(op, &source.engine.plan().groups),
            (kernel, _) => maker.kernel(kernel),
        };
        let open = maker.open(&step.kernel);
        value.open = maker.code.or(value.open, open);
        if !matches!(value.what, What::Truth(_)) {
            value.range = ranges.get(step.op).copied().flatten();
        }
        maker.put(step.row, value);
    }
    let fate = maker.fate(source, answered);
    if fate.computed == Mask::None {
        return None;
    }
    maker.outcomes(fate, layout.outcomes);
    for (output, place) in source.outputs.iter().zip(&layout.outputs) {
        maker.store(output, *place, fate);
    }
    Some(Compiled { code: maker.code, figures: maker.figures })
}

/// Of each operation, the range that was inferred when the plan was loaded, where it holds: a day may lie outside the
/// range of its question, and nothing that is computed of it is then known to keep within its own.
fn ranges(source: &Source<'_>) -> Vec<Option<(i64, i64)>> {
    let shapes = source.engine.shapes(source.index);
    let inputs = &source.service.program.inputs;
    let mut sure: Vec<bool> =
        inputs.iter().map(|input| super::column::bounds(input) == (input.min, input.max)).collect();
    sure.extend(source.program.constants.iter().map(|_| true));
    let mut all = Vec::new();
    for op in &source.program.ops {
        let mut is_sure = true;
        super::assemble::reads(op, source.program, &mut |reg| {
            is_sure &= sure.get(reg as usize).copied().unwrap_or(false);
        });
        let shape = Reg::try_from(sure.len()).ok().and_then(|reg| shapes?.get(reg).ok());
        let range = shape.and_then(|shape| Some((narrow(shape.lo)?, narrow(shape.hi)?)));
        all.push(range.filter(|_| is_sure));
        sure.push(is_sure);
    }
    all
}
