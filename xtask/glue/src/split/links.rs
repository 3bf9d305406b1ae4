//! What each function and each piece of data refers to, as the linker noted it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};
use wasmparser::{
    DataKind, KnownCustom, Linking, LinkingSectionReader, Name, Parser, Payload, RelocSectionReader, RelocationType,
    SymbolInfo,
};

use super::bound::{address, functions};

/// Numbers of sections.
const CODE: u8 = 10;
const DATA: u8 = 11;

/// What is referred to without a call: functions by address, and data.
#[derive(Debug, Default, Clone)]
pub struct Refs {
    /// By name.
    pub functions: BTreeSet<String>,
    /// By index into [`Links::data`].
    pub data: BTreeSet<usize>,
}

impl Refs {
    fn add(&mut self, other: Refs) {
        self.functions.extend(other.functions);
        self.data.extend(other.data);
    }
}

/// A piece of static data.
#[derive(Debug)]
pub struct Data {
    /// Addresses in memory.
    pub at: Range<u32>,
    pub refs: Refs,
}

#[derive(Debug, Default)]
pub struct Links {
    /// Of each function, by name; functions of one name share theirs.
    functions: BTreeMap<String, Refs>,
    pub data: Vec<Data>,
}

/// What stands at a place of the file, as the linker noted it.
struct Reloc {
    at: usize,
    in_code: bool,
    what: Target,
}

#[derive(Debug, Clone, Copy)]
enum Target {
    Function(u32),
    /// Index into [`Links::data`].
    Data(usize),
}

/// The sections, as far as they are wanted.
#[derive(Default)]
struct Sections<'a> {
    /// Where the contents of the code and of the data begin.
    code: usize,
    data: usize,
    bodies: Vec<Range<usize>>,
    /// Address and contents of each segment.
    segments: Vec<(u32, Range<usize>)>,
    names: BTreeMap<u32, String>,
    /// Functions by their place in the table.
    elements: BTreeMap<u32, u32>,
    imported: u32,
    linking: Option<LinkingSectionReader<'a>>,
    relocs: Vec<(String, RelocSectionReader<'a>)>,
}

impl Links {
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let sections = Sections::read(bytes)?;
        let symbols = sections.symbols()?;
        let places = places(&symbols, &sections);
        let mut links = Self::default();
        links.functions.extend(sections.names.values().map(|name| (name.clone(), Refs::default())));
        for place in &places.all {
            links.data.push(Data { at: place.addresses.clone(), refs: Refs::default() });
        }
        for reloc in relocs(bytes, &sections, &symbols, &places)? {
            links.note(&reloc, &sections, &places)?;
        }
        Ok(links)
    }

    /// What a function refers to, by the name that it has after wasm-bindgen.
    pub fn of(&self, name: &str) -> Result<Option<&Refs>> {
        if let Some(refs) = self.functions.get(name) {
            return Ok(Some(refs));
        }
        // An export's name had a hash at its end before.
        let start = format!("{name}_");
        let mut hashed = self.functions.range(start.clone()..).take_while(|(found, _)| found.starts_with(&start));
        let is_hash = |end: &str| end.len() == 16 && end.bytes().all(|byte| byte.is_ascii_hexdigit());
        if let Some((_, refs)) = hashed.find(|(found, _)| found.strip_prefix(&start).is_some_and(is_hash)) {
            return Ok(Some(refs));
        }
        // What wasm-bindgen adds has names of several words, and does nothing but call.
        ensure!(name.contains(' '), "`{name}` was never linked: are both modules of one build?");
        Ok(None)
    }

    fn note(&mut self, reloc: &Reloc, sections: &Sections<'_>, places: &Places) -> Result<()> {
        let mut refs = Refs::default();
        match reloc.what {
            Target::Function(index) => refs.functions.extend([sections.name(index)?]),
            Target::Data(index) => refs.data.extend([index]),
        }
        if reloc.in_code {
            let body = sections.bodies.partition_point(|body| body.end <= reloc.at);
            let name = sections.name(sections.imported + u32::try_from(body)?)?;
            self.functions.entry(name).or_default().add(refs);
            return Ok(());
        }
        let homes = self.data.iter_mut().zip(&places.all).filter(|(_, place)| place.file.contains(&reloc.at));
        let mut found = false;
        for (data, _) in homes {
            data.refs.add(refs.clone());
            found = true;
        }
        ensure!(found, "a reference in data that is of no symbol");
        Ok(())
    }
}

/// Where a piece of data stands, in memory and in the file.
struct Place {
    addresses: Range<u32>,
    file: Range<usize>,
}

struct Places {
    all: Vec<Place>,
    /// Of each symbol, its place among them.
    of_symbol: BTreeMap<usize, usize>,
}

fn places(symbols: &[SymbolInfo<'_>], sections: &Sections<'_>) -> Places {
    let mut places = Places { all: Vec::new(), of_symbol: BTreeMap::new() };
    for (symbol, info) in symbols.iter().enumerate() {
        let SymbolInfo::Data { symbol: Some(found), .. } = info else { continue };
        let Some((address, file)) = sections.segments.get(found.index as usize) else { continue };
        let (first, byte, size) = (address + found.offset, file.start + found.offset as usize, found.size);
        places.of_symbol.insert(symbol, places.all.len());
        places.all.push(Place { addresses: first..first + size, file: byte..byte + size as usize });
    }
    places
}

/// References by address. Each is held to what stands there: a note that was misread would cut off what is needed.
fn relocs(bytes: &[u8], sections: &Sections<'_>, symbols: &[SymbolInfo<'_>], places: &Places) -> Result<Vec<Reloc>> {
    use RelocationType as Kind;
    let mut all = Vec::new();
    for (section, reader) in &sections.relocs {
        let in_code = section == "reloc.CODE";
        if !in_code && section != "reloc.DATA" {
            continue;
        }
        for entry in reader.entries() {
            let entry = entry?;
            let symbol = entry.index as usize;
            let at = entry.offset as usize + if in_code { sections.code } else { sections.data };
            let found = || number(bytes, at, matches!(entry.ty, Kind::TableIndexI32 | Kind::MemoryAddrI32));
            let what = match (entry.ty, symbols.get(symbol)) {
                (Kind::TableIndexSleb | Kind::TableIndexI32, Some(SymbolInfo::Func { index, .. })) => {
                    let there = sections.elements.get(&found()?);
                    ensure!(there == Some(index), "function {index} is noted where {there:?} stands");
                    Target::Function(*index)
                }
                (Kind::MemoryAddrLeb | Kind::MemoryAddrSleb | Kind::MemoryAddrI32, Some(SymbolInfo::Data { .. })) => {
                    // The linker's own, such as the heap's base, are no data.
                    let Some(index) = places.of_symbol.get(&symbol).copied() else { continue };
                    let place = places.all.get(index).context("a symbol without a place")?;
                    let (noted, there) = (i64::from(place.addresses.start) + entry.addend, found()?);
                    ensure!(noted == i64::from(there), "address {noted} is noted where {there} stands");
                    Target::Data(index)
                }
                (Kind::FunctionIndexLeb | Kind::TypeIndexLeb | Kind::GlobalIndexLeb | Kind::TableNumberLeb, _) => {
                    continue;
                }
                (other, _) => bail!("a reference of a kind not met before: {other:?}"),
            };
            all.push(Reloc { at, in_code, what });
        }
    }
    Ok(all)
}

/// The number at a place: four bytes, or five of seven bits.
fn number(bytes: &[u8], at: usize, plain: bool) -> Result<u32> {
    let field = bytes.get(at..at + if plain { 4 } else { 5 }).context("a reference past the end")?;
    let (bits, mask) = if plain { (8, 0xff) } else { (7, 0x7f) };
    let sum = field.iter().rev().fold(0_u64, |sum, byte| (sum << bits) | u64::from(byte & mask));
    Ok(u32::try_from(sum & u64::from(u32::MAX))?)
}

impl<'a> Sections<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self> {
        let mut all = Self::default();
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            match payload.as_section() {
                Some((CODE, range)) => all.code = range.start,
                Some((DATA, range)) => all.data = range.start,
                _ => {}
            }
            match payload {
                Payload::ImportSection(reader) => {
                    for import in reader.into_imports() {
                        all.imported += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => all.bodies.push(body.range()),
                Payload::ElementSection(reader) => {
                    for element in reader {
                        all.elements.extend(functions(element?)?);
                    }
                }
                Payload::DataSection(reader) => {
                    for data in reader {
                        let data = data?;
                        let DataKind::Active { offset_expr, .. } = data.kind else {
                            bail!("a segment that is written when asked for")
                        };
                        all.segments.push((address(&offset_expr)?, data.range.end - data.data.len()..data.range.end));
                    }
                }
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Name(names) => {
                        for name in names {
                            let Name::Function(map) = name? else { continue };
                            for naming in map {
                                let naming = naming?;
                                all.names.insert(naming.index, naming.name.to_owned());
                            }
                        }
                    }
                    KnownCustom::Linking(reader) => all.linking = Some(reader),
                    KnownCustom::Reloc(reader) => all.relocs.push((custom.name().to_owned(), reader)),
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(all)
    }

    fn symbols(&self) -> Result<Vec<SymbolInfo<'a>>> {
        let reader = self.linking.clone().context("it was linked without `--emit-relocs`")?;
        let mut all = Vec::new();
        for subsection in reader.subsections() {
            if let Linking::SymbolTable(table) = subsection? {
                for symbol in table {
                    all.push(symbol?);
                }
            }
        }
        Ok(all)
    }

    fn name(&self, function: u32) -> Result<String> {
        self.names.get(&function).cloned().with_context(|| format!("function {function} has no name"))
    }
}
