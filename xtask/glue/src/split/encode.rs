//! The parts as modules.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, ImportSection, Instruction, MemorySection, Module,
    RawSection, StartSection, TableSection, TypeSection,
};
use wasmparser::{ExternalKind, Parser, Payload};

use super::bound::{Bound, address};
use super::parts::Parts;

/// What the rest imports everything from.
const FIRST: &str = "first";

/// The module as it is, without what only tools read.
pub fn whole(bytes: &[u8]) -> Result<Vec<u8>> {
    copy(bytes, |custom| custom == "target_features")
}

/// The module without the linker's notes, which other tools take for a module that is not linked yet.
pub fn unlinked(bytes: &[u8]) -> Result<Vec<u8>> {
    copy(bytes, |custom| custom != "linking" && !custom.starts_with("reloc."))
}

fn copy(bytes: &[u8], keeps: impl Fn(&str) -> bool) -> Result<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        if let Payload::CustomSection(custom) = &payload {
            if keeps(custom.name()) {
                module.section(&CustomSection { name: custom.name().into(), data: custom.data().into() });
            }
        } else if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: bytes.get(range).context("a section past the end")? });
        }
    }
    Ok(module.finish())
}

/// What decides.
pub fn first(bound: &Bound<'_>, parts: &Parts) -> Result<Vec<u8>> {
    let mut numbers = Numbers::default();
    let mut imports = ImportSection::new();
    for (at, import) in (0..).zip(&bound.imports) {
        imports.import(import.module, import.name, EntityType::Function(bound.type_of(at)?));
        numbers.next(at);
    }
    let mut functions = FunctionSection::new();
    // After its own functions a stub for each that comes later, under the number that the exports look for.
    for function in parts.first.iter().chain(parts.slots.keys()) {
        functions.function(bound.type_of(*function)?);
        numbers.next(*function);
    }
    let mut module = Module::new();
    module.section(&types(bound, &mut numbers)?);
    module.section(&imports);
    module.section(&functions);
    module.section(&tables(bound, &mut numbers, parts.slots.len())?);
    module.section(&memory(bound, &mut numbers)?);
    module.section(&globals(bound, &mut numbers)?);
    module.section(&exports(bound, parts, &mut numbers)?);
    if let Some(start) = bound.start {
        module.section(&StartSection { function_index: numbers.of(start)? });
    }
    let elements = bound.elements.iter().filter(|(_, function)| parts.first.contains(function));
    module.section(&table_of(elements.map(|(at, function)| (*at, *function)), &numbers)?);
    let mut code = CodeSection::new();
    for function in &parts.first {
        numbers.parse_function_body(&mut code, bound.body(*function)?)?;
    }
    for (function, slot) in &parts.slots {
        code.function(&stub(bound, *function, *slot)?);
    }
    module.section(&code);
    module.section(&first_data(bound, parts)?);
    Ok(module.finish())
}

/// What is asked for later.
pub fn rest(bound: &Bound<'_>, parts: &Parts) -> Result<Vec<u8>> {
    let mut numbers = Numbers::default();
    let mut imports = ImportSection::new();
    for (name, function) in (0..).map(short).zip(&parts.shared) {
        imports.import(FIRST, &name, EntityType::Function(bound.type_of(*function)?));
        numbers.next(*function);
    }
    for (at, table) in bound.tables.iter().enumerate() {
        let mut table = numbers.table_type(*table)?;
        table.minimum += if at == 0 { u64::try_from(parts.slots.len())? } else { 0 };
        table.maximum = None;
        imports.import(FIRST, &format!("table{at}"), table);
    }
    for memory in &bound.memory {
        imports.import(FIRST, "memory", numbers.memory_type(*memory)?);
    }
    for (at, (ty, _)) in bound.globals.iter().enumerate() {
        imports.import(FIRST, &format!("global{at}"), numbers.global_type(*ty)?);
    }
    let mut functions = FunctionSection::new();
    for function in &parts.rest {
        functions.function(bound.type_of(*function)?);
        numbers.next(*function);
    }
    let mut module = Module::new();
    module.section(&types(bound, &mut numbers)?);
    module.section(&imports);
    module.section(&functions);
    let elements = bound.elements.iter().map(|(at, function)| (*at, *function));
    let slots = parts.slots.iter().map(|(function, slot)| (*slot, *function));
    module.section(&table_of(elements.filter(|(_, function)| parts.rest.contains(function)).chain(slots), &numbers)?);
    let mut code = CodeSection::new();
    for function in &parts.rest {
        numbers.parse_function_body(&mut code, bound.body(*function)?)?;
    }
    module.section(&code);
    module.section(&rest_data(bound, parts)?);
    Ok(module.finish())
}

/// Functions by their new numbers.
#[derive(Default)]
struct Numbers(BTreeMap<u32, u32>);

/// A function that a part neither has nor imports.
#[derive(Debug, thiserror::Error)]
#[error("function {0} is in neither part")]
struct Nowhere(u32);

impl Numbers {
    /// Gives a function the next number.
    fn next(&mut self, function: u32) {
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(function, number);
    }

    fn of(&self, function: u32) -> Result<u32, Nowhere> {
        self.0.get(&function).copied().ok_or(Nowhere(function))
    }
}

impl Reencode for Numbers {
    type Error = Nowhere;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error<Nowhere>> {
        self.of(function).map_err(reencode::Error::UserError)
    }

    /// How an address is aligned is a hint that engines pass over; without it the same accesses are the same bytes.
    fn mem_arg(&mut self, arg: wasmparser::MemArg) -> Result<wasm_encoder::MemArg, reencode::Error<Nowhere>> {
        let mut arg = reencode::utils::mem_arg(self, arg)?;
        arg.align = 0;
        Ok(arg)
    }
}

fn types(bound: &Bound<'_>, numbers: &mut Numbers) -> Result<TypeSection> {
    let mut all = TypeSection::new();
    for group in &bound.types {
        numbers.parse_recursive_type_group(all.ty(), group.clone())?;
    }
    Ok(all)
}

fn tables(bound: &Bound<'_>, numbers: &mut Numbers, slots: usize) -> Result<TableSection> {
    let mut all = TableSection::new();
    for (at, table) in bound.tables.iter().enumerate() {
        let mut table = numbers.table_type(*table)?;
        if at == 0 {
            table.minimum += u64::try_from(slots)?;
            table.maximum = Some(table.minimum);
        }
        all.table(table);
    }
    Ok(all)
}

fn memory(bound: &Bound<'_>, numbers: &mut Numbers) -> Result<MemorySection> {
    let mut all = MemorySection::new();
    for memory in &bound.memory {
        all.memory(numbers.memory_type(*memory)?);
    }
    Ok(all)
}

fn globals(bound: &Bound<'_>, numbers: &mut Numbers) -> Result<GlobalSection> {
    let mut all = GlobalSection::new();
    for (ty, start) in &bound.globals {
        all.global(numbers.global_type(*ty)?, &numbers.const_expr(start.clone())?);
    }
    Ok(all)
}

/// The module's own exports, then what the rest imports.
fn exports(bound: &Bound<'_>, parts: &Parts, numbers: &mut Numbers) -> Result<ExportSection> {
    let mut all = ExportSection::new();
    for export in &bound.exports {
        let index = match export.kind {
            ExternalKind::Func => numbers.of(export.index)?,
            _ => export.index,
        };
        all.export(export.name, numbers.export_kind(export.kind)?, index);
    }
    for (name, function) in (0..).map(short).zip(&parts.shared) {
        all.export(&name, ExportKind::Func, numbers.of(*function)?);
    }
    for at in 0..u32::try_from(bound.tables.len())? {
        all.export(&format!("table{at}"), ExportKind::Table, at);
    }
    for at in 0..u32::try_from(bound.globals.len())? {
        all.export(&format!("global{at}"), ExportKind::Global, at);
    }
    Ok(all)
}

/// A name of one or two letters, for what nobody reads.
fn short(number: u32) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut name = String::new();
    let mut left = number;
    loop {
        name.push(char::from(LETTERS[left as usize % LETTERS.len()]));
        left /= 52;
        if left == 0 {
            return name;
        }
    }
}

/// Functions into the table, those that stand side by side at once.
fn table_of(functions: impl Iterator<Item = (u32, u32)>, numbers: &Numbers) -> Result<ElementSection> {
    let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
    for (at, function) in functions {
        let number = numbers.of(function)?;
        match runs.last_mut() {
            Some((start, run)) if *start + u32::try_from(run.len())? == at => run.push(number),
            _ => runs.push((at, vec![number])),
        }
    }
    let mut all = ElementSection::new();
    for (start, run) in runs {
        all.active(None, &place(start), Elements::Functions(run.into()));
    }
    Ok(all)
}

fn place(at: u32) -> ConstExpr {
    ConstExpr::i32_const(at.cast_signed())
}

/// Calls what the rest puts into a slot.
fn stub(bound: &Bound<'_>, function: u32, slot: u32) -> Result<Function> {
    let type_index = bound.type_of(function)?;
    let ty = bound.func_type(type_index).context("a function whose type is none")?;
    let mut stub = Function::new([]);
    for parameter in 0..u32::try_from(ty.params().len())? {
        stub.instruction(&Instruction::LocalGet(parameter));
    }
    stub.instruction(&Instruction::I32Const(slot.cast_signed()));
    stub.instruction(&Instruction::CallIndirect { type_index, table_index: 0 });
    stub.instruction(&Instruction::End);
    Ok(stub)
}

/// All data, noughts where it is the rest's.
fn first_data(bound: &Bound<'_>, parts: &Parts) -> Result<DataSection> {
    let mut all = DataSection::new();
    for (start, mut bytes) in segments(bound)? {
        for run in &parts.data {
            for at in run.clone() {
                if let Some(byte) = at.checked_sub(start).and_then(|at| bytes.get_mut(at as usize)) {
                    *byte = 0;
                }
            }
        }
        all.active(0, &place(start), bytes);
    }
    Ok(all)
}

/// The rest's own data, and not a byte beside it: the first part may have written there since.
fn rest_data(bound: &Bound<'_>, parts: &Parts) -> Result<DataSection> {
    let mut all = DataSection::new();
    for (start, bytes) in segments(bound)? {
        let end = start + u32::try_from(bytes.len())?;
        for run in parts.data.iter().filter(|run| run.start >= start && run.end <= end) {
            let own = bytes.get((run.start - start) as usize..(run.end - start) as usize).unwrap_or(&[]);
            all.active(0, &place(run.start), own.iter().copied());
        }
    }
    Ok(all)
}

fn segments(bound: &Bound<'_>) -> Result<Vec<(u32, Vec<u8>)>> {
    let mut all = Vec::new();
    for data in &bound.data {
        let wasmparser::DataKind::Active { offset_expr, .. } = &data.kind else {
            anyhow::bail!("a segment that is written when asked for");
        };
        all.push((address(offset_expr)?, data.data.to_vec()));
    }
    Ok(all)
}
