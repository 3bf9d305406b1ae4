//! Cases that the compiled service left: brought together, decided, and put back where they belong.

use crate::columns::{Filled, Given};
use crate::host::{Open, bad};
use yibao_rules::batch::Outcome;
use yibao_rules::diagnostic::Diagnostics;

impl Filled {
    /// These cases, one after the other.
    fn gathered(&self, cases: &[usize]) -> Self {
        fn of<T: Copy>(all: &[T], cases: &[usize]) -> Vec<T> {
            cases.iter().filter_map(|case| all.get(*case).copied()).collect()
        }
        match self {
            Self::Absent => Self::Absent,
            Self::F64(all) => Self::F64(of(all, cases)),
            Self::I64(all) => Self::I64(of(all, cases)),
            Self::I32(all) => Self::I32(of(all, cases)),
            Self::U8(all) => Self::U8(of(all, cases)),
        }
    }
}

fn scatter<T: Copy>(from: &[T], to: &mut [T], cases: &[usize]) {
    for (value, case) in from.iter().zip(cases) {
        if let Some(to) = to.get_mut(*case) {
            *to = *value;
        }
    }
}

impl Given {
    fn room(&self, cases: usize) -> Self {
        match self {
            Self::F64(_) => Self::F64(vec![f64::NAN; cases]),
            Self::I64(_) => Self::I64(vec![i64::MIN; cases]),
        }
    }

    /// Puts values where their cases are.
    fn put(&mut self, values: &Self, cases: &[usize]) {
        match (self, values) {
            (Self::F64(to), Self::F64(from)) => scatter(from, to, cases),
            (Self::I64(to), Self::I64(from)) => scatter(from, to, cases),
            _ => {}
        }
    }
}

impl Open {
    /// Decides those of the first cases that are left.
    pub(crate) fn rest(&mut self, cases: usize) -> Result<(), Diagnostics> {
        let outcomes = self.outcomes.iter().take(cases).enumerate();
        let left: Vec<usize> = outcomes.filter(|(_, is)| **is == Outcome::Invalid).map(|(case, _)| case).collect();
        if left.len() == cases || !self.is_compiled() {
            return self.run(cases);
        }
        let columns: Vec<Filled> = self.inputs.iter().map(|column| column.gathered(&left)).collect();
        let columns: Vec<_> = columns.iter().map(|column| column.column(left.len())).collect();
        let mut outcomes = vec![Outcome::Invalid; left.len()];
        let mut given: Vec<Given> = self.outputs.iter().map(|given| given.room(left.len())).collect();
        let mut values: Vec<_> = given.iter_mut().map(|given| given.values(left.len())).collect();
        self.batch.run(&columns, &[], &mut outcomes, &mut values).map_err(|e| bad(e.to_string()))?;
        scatter(&outcomes, &mut self.outcomes, &left);
        for (to, from) in self.outputs.iter_mut().zip(&given) {
            to.put(from, &left);
        }
        Ok(())
    }
}
