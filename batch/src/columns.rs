//! Columns that a host fills.

use crate::request::{ListPlace, Numbers, Place};
use yibao_rules::batch::{Column, ListColumn, Output, Values};
use yibao_rules::plan::{Input, List};

/// A column of one of four kinds.
#[derive(Debug)]
pub(crate) enum Filled {
    Absent,
    F64(Vec<f64>),
    I64(Vec<i64>),
    I32(Vec<i32>),
    U8(Vec<u8>),
}

impl Filled {
    pub(crate) fn new(numbers: Option<Numbers>, cases: usize) -> Self {
        match numbers {
            None => Self::Absent,
            Some(Numbers::F64) => Self::F64(vec![f64::NAN; cases]),
            Some(Numbers::I64) => Self::I64(vec![i64::MIN; cases]),
            Some(Numbers::I32) => Self::I32(vec![i32::MIN; cases]),
            Some(Numbers::U8) => Self::U8(vec![u8::MAX; cases]),
        }
    }

    /// The first cases.
    pub(crate) fn column(&self, cases: usize) -> Column<'_> {
        match self {
            Self::Absent => Column::Absent,
            Self::F64(all) => Column::F64(all.get(..cases).unwrap_or_default()),
            Self::I64(all) => Column::I64(all.get(..cases).unwrap_or_default()),
            Self::I32(all) => Column::I32(all.get(..cases).unwrap_or_default()),
            Self::U8(all) => Column::U8(all.get(..cases).unwrap_or_default()),
        }
    }

    /// Where it stands; nothing for a column that is not given.
    pub(crate) fn place(&self, input: &Input) -> Option<Place> {
        let (at, numbers) = match self {
            Self::Absent => return None,
            Self::F64(all) => (all.as_ptr() as usize, Numbers::F64),
            Self::I64(all) => (all.as_ptr() as usize, Numbers::I64),
            Self::I32(all) => (all.as_ptr() as usize, Numbers::I32),
            Self::U8(all) => (all.as_ptr() as usize, Numbers::U8),
        };
        Some(Place { name: input.name.clone(), at, numbers, kind: input.kind, den: input.den })
    }
}

/// The records of all cases.
#[derive(Debug)]
pub(crate) struct FilledList {
    pub(crate) starts: Vec<u32>,
    pub(crate) fields: Vec<Filled>,
    /// Room for records.
    pub(crate) records: usize,
}

impl FilledList {
    /// Records of the first cases; `None` where more are named than there is room for.
    pub(crate) fn fields(&self, cases: usize) -> Option<(&[u32], Vec<Column<'_>>)> {
        let starts = self.starts.get(..=cases)?;
        let end = *starts.last()? as usize;
        (end <= self.records).then(|| (starts, self.fields.iter().map(|field| field.column(end)).collect()))
    }

    pub(crate) fn place(&self, list: &List) -> ListPlace {
        let fields = list.fields.iter().zip(&self.fields).filter_map(|(input, field)| field.place(input)).collect();
        ListPlace { name: list.name.clone(), starts: self.starts.as_ptr() as usize, fields }
    }
}

/// What a batch borrows of the lists that are given.
pub(crate) fn lent<'a>(lists: &'a [Option<(&'a [u32], Vec<Column<'a>>)>]) -> Vec<Option<ListColumn<'a>>> {
    lists.iter().map(|list| list.as_ref().map(|(starts, fields)| ListColumn { starts, fields })).collect()
}

/// Values that a host reads.
#[derive(Debug)]
pub(crate) enum Given {
    F64(Vec<f64>),
    I64(Vec<i64>),
}

impl Given {
    pub(crate) fn new(output: &Output, whole: bool, cases: usize) -> Self {
        if output.fits_double && !whole { Self::F64(vec![f64::NAN; cases]) } else { Self::I64(vec![i64::MIN; cases]) }
    }

    pub(crate) fn values(&mut self, cases: usize) -> Values<'_> {
        match self {
            Self::F64(all) => Values::F64(all.get_mut(..cases).unwrap_or_default()),
            Self::I64(all) => Values::I64(all.get_mut(..cases).unwrap_or_default()),
        }
    }

    pub(crate) fn place(&self, output: &Output) -> Place {
        let (at, numbers) = match self {
            Self::F64(all) => (all.as_ptr() as usize, Numbers::F64),
            Self::I64(all) => (all.as_ptr() as usize, Numbers::I64),
        };
        Place { name: output.name.clone(), at, numbers, kind: output.kind, den: output.den }
    }
}
