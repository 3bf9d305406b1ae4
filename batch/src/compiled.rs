//! A service as a module of its own, for columns at fixed places.

use crate::columns::{Filled, Given};
use crate::host::Open;
use crate::request::Bytes;
use yibao_rules::batch::{Cells, Layout, Place};

/// The bytes of a module, and the figures that it looks up.
#[derive(Debug)]
pub(crate) struct Module {
    bytes: Vec<u8>,
    #[expect(dead_code, reason = "the module reads it, at its address")]
    figures: Vec<f64>,
}

fn address<T>(all: &[T]) -> Option<u32> {
    u32::try_from(all.as_ptr() as usize).ok()
}

fn input(filled: &Filled) -> Option<Option<Place>> {
    let (at, cells) = match filled {
        Filled::Absent => return Some(None),
        Filled::F64(all) => (address(all)?, Cells::F64),
        Filled::I64(all) => (address(all)?, Cells::I64),
        Filled::I32(all) => (address(all)?, Cells::I32),
        Filled::U8(all) => (address(all)?, Cells::U8),
    };
    Some(Some(Place { at, cells }))
}

fn output(given: &Given) -> Option<Place> {
    let (at, cells) = match given {
        Given::F64(all) => (address(all)?, Cells::F64),
        Given::I64(all) => (address(all)?, Cells::I64),
    };
    Some(Place { at, cells })
}

impl Module {
    /// Nothing where the service is none that is compiled, or where addresses have more than 32 bits.
    pub(crate) fn of(open: &Open) -> Option<Self> {
        let layout = Layout {
            inputs: open.inputs.iter().map(input).collect::<Option<_>>()?,
            outputs: open.outputs.iter().map(output).collect::<Option<_>>()?,
            outcomes: address(&open.outcomes)?,
        };
        let compiled = open.batch.compiled(&layout)?;
        let figures = compiled.figures().to_vec();
        Some(Self { bytes: compiled.module(address(&figures)?), figures })
    }

    pub(crate) fn place(&self) -> Bytes {
        Bytes { at: self.bytes.as_ptr() as usize, length: self.bytes.len() }
    }
}
