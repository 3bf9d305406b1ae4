//! The module as wasm-bindgen left it, taken apart.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use wasmparser::{
    ConstExpr, Data, Element, ElementItems, ElementKind, Export, ExternalKind, FuncType, FunctionBody, GlobalType,
    Import, KnownCustom, Name, Operator, Parser, Payload, RecGroup, TableType, TypeRef,
};

/// Everything that the parts are made of.
#[derive(Default)]
pub struct Bound<'a> {
    pub types: Vec<RecGroup>,
    pub imports: Vec<Import<'a>>,
    /// How many of the imports are functions; those come first among the functions.
    pub imported: u32,
    /// The type of each function, imported ones first.
    pub types_of: Vec<u32>,
    pub tables: Vec<TableType>,
    pub memory: Vec<wasmparser::MemoryType>,
    pub globals: Vec<(GlobalType, ConstExpr<'a>)>,
    pub exports: Vec<Export<'a>>,
    pub start: Option<u32>,
    /// Functions by their place in the first table.
    pub elements: BTreeMap<u32, u32>,
    pub bodies: Vec<FunctionBody<'a>>,
    pub data: Vec<Data<'a>>,
    pub names: BTreeMap<u32, &'a str>,
    /// Of each function that is not imported, the functions that it calls.
    pub calls: Vec<Vec<u32>>,
}

impl<'a> Bound<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let mut all = Self::default();
        for payload in Parser::new(0).parse_all(bytes) {
            all.section(payload?)?;
        }
        ensure!(all.memory.len() == 1, "expected one memory");
        Ok(all)
    }

    fn section(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(reader) => self.types = reader.into_iter().collect::<Result<_, _>>()?,
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    let import = import?;
                    let TypeRef::Func(ty) = import.ty else { bail!("it imports more than functions") };
                    self.types_of.push(ty);
                    self.imported += 1;
                    self.imports.push(import);
                }
            }
            Payload::FunctionSection(reader) => {
                for ty in reader {
                    self.types_of.push(ty?);
                }
            }
            Payload::TableSection(reader) => {
                for table in reader {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(reader) => self.memory = reader.into_iter().collect::<Result<_, _>>()?,
            Payload::GlobalSection(reader) => {
                for global in reader {
                    let global = global?;
                    self.globals.push((global.ty, global.init_expr));
                }
            }
            Payload::ExportSection(reader) => self.exports = reader.into_iter().collect::<Result<_, _>>()?,
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(reader) => {
                for element in reader {
                    self.elements.extend(functions(element?)?);
                }
            }
            Payload::CodeSectionEntry(body) => {
                self.calls.push(calls(&body)?);
                self.bodies.push(body);
            }
            Payload::DataSection(reader) => self.data = reader.into_iter().collect::<Result<_, _>>()?,
            Payload::CustomSection(custom) => {
                if let KnownCustom::Name(names) = custom.as_known() {
                    for name in names {
                        let Name::Function(map) = name? else { continue };
                        for naming in map {
                            let naming = naming?;
                            self.names.insert(naming.index, naming.name);
                        }
                    }
                }
            }
            Payload::Version { .. }
            | Payload::CodeSectionStart { .. }
            | Payload::DataCountSection { .. }
            | Payload::End(_) => {}
            other => bail!("a section not met before: {other:?}"),
        }
        Ok(())
    }

    pub fn type_of(&self, function: u32) -> Result<u32> {
        self.types_of.get(function as usize).copied().with_context(|| format!("there is no function {function}"))
    }

    pub fn body(&self, function: u32) -> Result<FunctionBody<'a>> {
        let own = function.checked_sub(self.imported).and_then(|at| self.bodies.get(at as usize));
        own.cloned().with_context(|| format!("function {function} has no body"))
    }

    /// The functions' types, by index.
    pub fn func_type(&self, index: u32) -> Option<&FuncType> {
        let mut types = self.types.iter().flat_map(|group| group.types());
        match &types.nth(index as usize)?.composite_type.inner {
            wasmparser::CompositeInnerType::Func(ty) => Some(ty),
            _ => None,
        }
    }

    /// The exported functions.
    pub fn exported(&self) -> impl Iterator<Item = (&'a str, u32)> {
        self.exports.iter().filter(|export| export.kind == ExternalKind::Func).map(|export| (export.name, export.index))
    }
}

/// Functions by their place in the first table.
pub fn functions(element: Element<'_>) -> Result<Vec<(u32, u32)>> {
    let (ElementKind::Active { table_index, offset_expr }, ElementItems::Functions(items)) =
        (element.kind, element.items)
    else {
        bail!("elements that are no functions in a table")
    };
    ensure!(table_index.unwrap_or(0) == 0, "functions in a second table");
    let mut all = Vec::new();
    for (at, function) in (address(&offset_expr)?..).zip(items) {
        all.push((at, function?));
    }
    Ok(all)
}

/// A constant expression that is an address or a place.
pub fn address(expr: &ConstExpr<'_>) -> Result<u32> {
    match expr.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(value.cast_unsigned()),
        _ => bail!("a place that is no constant"),
    }
}

fn calls(body: &FunctionBody<'_>) -> Result<Vec<u32>> {
    let mut all = Vec::new();
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Call { function_index } | Operator::RefFunc { function_index } => all.push(function_index),
            Operator::CallIndirect { table_index, .. } => ensure!(table_index == 0, "a call through a second table"),
            _ => {}
        }
    }
    Ok(all)
}
