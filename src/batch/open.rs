//! Opening a batch, and running it.

use std::sync::Arc;

use super::assemble::{Assembly, assemble};
#[cfg(feature = "compiled")]
use super::block::slot;
use super::block::{Asked, Work};
#[cfg(feature = "compiled")]
use super::column::checked;
use super::column::{Column, ListColumn};
#[cfg(feature = "compiled")]
use super::emit::{Compiled, Layout, Place, Source, compile};
use super::lane::{Lane, MOST_DOUBLE};
use super::{Outcome, Values};
use crate::decision::{Engine, Machine};
use crate::diagnostic::{Diagnostic, Diagnostics, clipped, joined, nearest};
use crate::number::narrow;
#[cfg(feature = "compiled")]
use crate::plan::State;
use crate::plan::{Input, Kind, List, Reg, Service};

/// A step, or an amount, whose values are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its name: a step's id, or `total`, `patient`, `cash`, `net`, `verdict`; where a step has such a name,
    /// `amounts.net` and so on.
    pub name: String,
    /// Unit.
    pub kind: Kind,
    /// Values are × this: amounts of money are in fen × `den`.
    pub den: i64,
    /// Whether a double holds every value.
    pub fits_double: bool,
    pub(super) register: Reg,
}

/// A service, ready to decide columns of cases.
///
/// ```
/// use std::sync::Arc;
/// use yibao_rules::batch::{Batch, Column, Outcome, Values};
/// use yibao_rules::compile::{Library, Pack};
/// use yibao_rules::decision::Engine;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut library = Library::new();
/// library.add_vocabulary("packs/vocabulary.yaml", &std::fs::read("packs/vocabulary.yaml")?)?;
/// let file = "packs/anhui-suzhou-resident/pack.yaml";
/// let pack = Pack::parse(file, &std::fs::read(file)?, &library)?;
/// let mut batch = Batch::open(Arc::new(Engine::load(pack.into_plan())?), "inpatient", &["patient"])?;
///
/// // Two stays in a level 3 hospital of the city: 20,000 and 500 yuan. The fund pays (20000 - 700) * 75%.
/// let columns: Vec<Column> = batch.inputs().iter().map(|input| match input.name.as_str() {
///     "total" => Column::I64(&[2_000_000, 50_000]),
///     "scheme" => Column::Same(Ok(0)),
///     "level" => Column::Same(Ok(2)),
///     "admission_date" => Column::Same(Ok(19_528)),
///     _ => Column::Same(Ok(0)),
/// }).collect();
/// let (mut outcomes, mut patient) = ([Outcome::Invalid; 2], [0; 2]);
/// batch.run(&columns, &[], &mut outcomes, &mut [Values::I64(&mut patient)])?;
/// assert_eq!(outcomes, [Outcome::Computed; 2]);
/// assert_eq!(patient, [552_500, 50_000]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Batch {
    engine: Arc<Engine>,
    index: usize,
    outputs: Vec<Output>,
    asked: Asked,
    lanes: Lanes,
}

#[derive(Debug)]
enum Lanes {
    Doubles(Assembly<f64>),
    Integers(Assembly<i64>),
}

/// Columns that do not fit the batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Not one column an input.
    #[error("there are {found} columns for {expected} answers")]
    Columns {
        /// Columns given.
        found: usize,
        /// Inputs of the service.
        expected: usize,
    },
    /// A column of another length.
    #[error("the column of `{name}` holds {found} cases, {expected} are asked for")]
    Length {
        /// Input, list or output.
        name: String,
        /// Its cases.
        found: usize,
        /// Cases asked for.
        expected: usize,
    },
    /// Records of a case that begin before those of the case before it.
    #[error("the records of `{name}` begin out of order")]
    Records {
        /// List.
        name: String,
    },
    /// Values past 2⁵³ asked for as doubles.
    #[error("values of `{name}` may pass 2^53: take them as 64-bit integers")]
    Doubles {
        /// Output.
        name: String,
    },
}

impl Batch {
    /// Opens a service for columns; `outputs` are what values are wanted of.
    ///
    /// # Errors
    /// `unknown-service`; `unknown-step` where an output is none or a value a record; `batch-wide` where the service's
    /// numbers need more than 64 bits.
    pub fn open(engine: Arc<Engine>, service: &str, outputs: &[&str]) -> Result<Self, Diagnostics> {
        let (index, found) = engine.service(service)?;
        let Some(Machine::Narrow(program)) = engine.machine(index) else {
            let message = format!("the numbers of `{service}` need more than 64 bits");
            return Err(Diagnostic::error("batch-wide", message).help("narrow the bounds of its facts").into());
        };
        let mut all = Vec::new();
        for name in outputs {
            all.push(output(&engine, index, found, name)?);
        }
        let asked = Asked::of(engine.plan(), found);
        let mut roots = asked.roots();
        roots.extend(all.iter().map(|output| output.register));
        let (groups, inputs) = (&engine.plan().groups, vec![None; found.program.inputs.len()]);
        let lanes = if engine.widest(index).is_some_and(|widest| widest < MOST_DOUBLE) {
            Lanes::Doubles(assemble(program, groups, &inputs, &roots))
        } else {
            Lanes::Integers(assemble(program, groups, &inputs, &roots))
        };
        Ok(Self { index, outputs: all, asked, lanes, engine })
    }

    fn service(&self) -> Option<&Service> {
        self.engine.plan().services.get(self.index)
    }

    /// The answers that a case may have; one column each.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        self.service().map_or(&[], |service| &service.program.inputs)
    }

    /// The lists that a case may have.
    #[must_use]
    pub fn lists(&self) -> &[List] {
        self.service().map_or(&[], |service| &service.program.lists)
    }

    /// What values are given of.
    #[must_use]
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// Compiles the service for columns that stand in the memory of a WebAssembly module; no list is given. Nothing
    /// where no case would be certain, or where numbers may pass 2⁵².
    #[cfg(feature = "compiled")]
    #[must_use]
    pub fn compiled(&self, layout: &Layout) -> Option<Compiled> {
        let (Lanes::Doubles(_), Some(service), Some(Machine::Narrow(program))) =
            (&self.lanes, self.service(), self.engine.machine(self.index))
        else {
            return None;
        };
        let inputs = self.inputs().iter().zip(&layout.inputs);
        // What nobody is asked is open in every case, and so is what rests on it.
        let absent = |(input, place): (&Input, &Option<Place>)| match place {
            Some(_) => None,
            None => checked(input, Ok(Err(State::Unknown))).ok().map(|value| slot(input, value)),
        };
        let inputs: Vec<_> = inputs.map(absent).collect();
        let mut roots = self.asked.roots();
        roots.extend(self.outputs.iter().map(|output| output.register));
        let assembly = assemble(program, &self.engine.plan().groups, &inputs, &roots);
        let (engine, asked, outputs) = (&self.engine, &self.asked, &self.outputs);
        let given = layout.inputs.iter().map(Option::is_some).collect();
        compile(&Source { assembly, engine, index: self.index, service, program, asked, outputs, given }, layout)
    }

    /// Decides as many cases as `outcomes` has room for.
    ///
    /// `columns` has one an input, `lists` one a list (none where nobody was asked), `values` one an output. Only a case
    /// that is computed has values: a column is made to be added up. One whose answers are none is
    /// [`Outcome::Invalid`] and leaves the others alone.
    ///
    /// # Errors
    /// Columns of another number or length; then nothing is written.
    pub fn run(
        &mut self,
        columns: &[Column<'_>],
        lists: &[Option<ListColumn<'_>>],
        outcomes: &mut [Outcome],
        values: &mut [Values<'_>],
    ) -> Result<(), BatchError> {
        self.check(columns, lists, outcomes.len(), values)?;
        let engine = Arc::clone(&self.engine);
        match &mut self.lanes {
            Lanes::Doubles(assembly) => {
                run_lanes(assembly, &engine, self.index, &self.asked, &self.outputs, columns, lists, outcomes, values);
            }
            Lanes::Integers(assembly) => {
                run_lanes(assembly, &engine, self.index, &self.asked, &self.outputs, columns, lists, outcomes, values);
            }
        }
        Ok(())
    }

    fn check(
        &self,
        columns: &[Column<'_>],
        lists: &[Option<ListColumn<'_>>],
        cases: usize,
        values: &[Values<'_>],
    ) -> Result<(), BatchError> {
        let number = |found: usize, expected: usize| {
            if found == expected { Ok(()) } else { Err(BatchError::Columns { found, expected }) }
        };
        let length = |name: &str, found: usize, expected: usize| {
            if found == expected { Ok(()) } else { Err(BatchError::Length { name: name.to_owned(), found, expected }) }
        };
        number(columns.len(), self.inputs().len())?;
        number(values.len(), self.outputs.len())?;
        // Lists may be left out as a whole.
        number(lists.len(), if lists.is_empty() { 0 } else { self.lists().len() })?;
        for (input, column) in self.inputs().iter().zip(columns) {
            length(&input.name, column.cases().unwrap_or(cases), cases)?;
        }
        for (list, column) in self.lists().iter().zip(lists) {
            let Some(column) = column else { continue };
            length(&list.name, column.starts.len(), cases.saturating_add(1))?;
            if !column.starts.is_sorted() {
                return Err(BatchError::Records { name: list.name.clone() });
            }
            number(column.fields.len(), list.fields.len())?;
            let records = column.starts.last().map_or(0, |end| *end as usize);
            for (field, column) in list.fields.iter().zip(column.fields) {
                length(&field.name, column.cases().unwrap_or(records), records)?;
            }
        }
        for (output, values) in self.outputs.iter().zip(values) {
            match values {
                Values::F64(_) if !output.fits_double => return Err(BatchError::Doubles { name: output.name.clone() }),
                Values::F64(all) => length(&output.name, all.len(), cases)?,
                Values::I64(all) => length(&output.name, all.len(), cases)?,
            }
        }
        Ok(())
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of a batch, lent one by one")]
fn run_lanes<L: Lane>(
    assembly: &mut Assembly<L>,
    engine: &Engine,
    index: usize,
    asked: &Asked,
    outputs: &[Output],
    columns: &[Column<'_>],
    lists: &[Option<ListColumn<'_>>],
    outcomes: &mut [Outcome],
    values: &mut [Values<'_>],
) {
    let (Some(service), Some(Machine::Narrow(program))) = (engine.plan().services.get(index), engine.machine(index))
    else {
        return;
    };
    Work { assembly, engine, service, program, asked, columns, lists }.run(outputs, outcomes, values);
}

/// The register that a name stands for.
fn output(engine: &Engine, index: usize, service: &Service, name: &str) -> Result<Output, Diagnostics> {
    let bill = service.outputs.bill.as_ref();
    let amounts = [("total", bill.map(|b| b.total)), ("patient", bill.map(|b| b.patient))].into_iter().chain([
        ("cash", bill.map(|b| b.cash)),
        ("net", bill.map(|b| b.net)),
        ("verdict", service.outputs.verdict),
    ]);
    let steps = service.steps.iter().filter(|step| step.block.is_none());
    let named = steps.map(|step| (step.id.as_str(), Some(step.register)));
    // A step by that name comes first.
    let all: Vec<(&str, Reg)> =
        named.chain(amounts.clone()).filter_map(|(known, register)| Some((known, register?))).collect();
    let found = match name.strip_prefix("amounts.") {
        Some(amount) => amounts.clone().find(|(known, _)| *known == amount).and_then(|(_, register)| register),
        None => all.iter().find(|(known, _)| *known == name).map(|(_, register)| *register),
    };
    let shape = found.and_then(|register| engine.shapes(index)?.get(register).ok());
    match (found, shape) {
        (Some(register), Some(shape)) => Ok(Output {
            name: name.to_owned(),
            kind: shape.kind,
            den: narrow(shape.den).unwrap_or(i64::MAX),
            fits_double: shape.widest < MOST_DOUBLE,
            register,
        }),
        _ => {
            let help = match nearest(name, &mut all.iter().map(|(known, _)| *known)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", joined(&mut all.iter().map(|(known, _)| *known), " ")),
            };
            let message = format!("there is no step or amount `{}` of one value a case", clipped(name));
            Err(Diagnostic::error("unknown-step", message).help(help).into())
        }
    }
}
