//! The engine over columns, from the pack as it is written.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use yibao_rules::batch::{Batch, Column, Outcome, Values};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::Engine;

use crate::columns::Columns;

const WANTED: [&str; 3] = ["basic", "critical", "patient"];

pub struct Rule {
    batch: Batch,
    outcomes: Vec<Outcome>,
    values: [Vec<f64>; 3],
}

impl Rule {
    pub fn new(columns: &Columns, folder: &Path) -> Result<Self, Box<dyn Error>> {
        let pack = Pack::parse("rich.pack.yaml", &std::fs::read(folder.join("rich.pack.yaml"))?, &Library::new())?;
        let batch = Batch::open(Arc::new(Engine::load(pack.into_plan())?), "inpatient", &WANTED)?;
        if let Some(other) = batch.outputs().iter().find(|output| output.den != 1) {
            return Err(format!("`{}` is in fen × {}", other.name, other.den).into());
        }
        Ok(Self {
            batch,
            outcomes: vec![Outcome::Invalid; columns.len()],
            values: [(); 3].map(|()| vec![0.0; columns.len()]),
        })
    }

    pub fn run(&mut self, columns: &Columns) -> Result<(), Box<dyn Error>> {
        let given = self.batch.inputs().iter().map(|input| {
            Ok(match input.name.as_str() {
                "total" => Column::F64(&columns.total),
                "out_of_scope" => Column::F64(&columns.out_of_scope),
                "ledger.paid" => Column::F64(&columns.paid),
                "admission_date" => Column::I32(&columns.day),
                "scheme" => Column::U8(&columns.scheme),
                "level" => Column::U8(&columns.level),
                "referred" => Column::U8(&columns.referred),
                "away" => Column::U8(&columns.away),
                other => return Err(format!("nobody gives `{other}`")),
            })
        });
        let given = given.collect::<Result<Vec<_>, _>>()?;
        let mut values = self.values.each_mut().map(|all| Values::F64(all));
        self.batch.run(&given, &[], &mut self.outcomes, &mut values)?;
        Ok(())
    }

    /// A case that was not computed has no amounts, and is wrong.
    pub fn answers(&self) -> impl Iterator<Item = [f64; 2]> {
        let [basic, critical, _] = &self.values;
        basic.iter().zip(critical).map(|(basic, critical)| [*basic, *critical])
    }
}
