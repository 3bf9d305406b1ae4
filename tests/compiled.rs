//! Services as modules of their own: valid WebAssembly, the same bytes each time. That they give what the interpreter
//! gives is tested where they run, `tests/node/compiled.test.mjs`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what is wrong by stopping there"
)]

mod analyse_kit;
mod common;

use analyse_kit::packs;
use std::sync::Arc;
use wasmparser::{Validator, WasmFeatures};
use yibao_rules::batch::{Batch, Cells, Layout, Place};

/// Columns one after the other from 1 MB on, of each kind in turn, so many cases each.
fn layout(batch: &Batch, first: usize, whole: bool) -> Layout {
    const CASES: u32 = 4096;
    let kinds = [Cells::F64, Cells::I32, Cells::U8, Cells::I64];
    let mut at = 1 << 20;
    let mut place = |cells| {
        at += CASES * 8;
        Place { at, cells }
    };
    Layout {
        inputs: (first..first + batch.inputs().len()).map(|i| Some(place(kinds[i % 4]))).collect(),
        outputs: batch.outputs().iter().map(|_| place(if whole { Cells::I64 } else { Cells::F64 })).collect(),
        outcomes: place(Cells::U8).at,
    }
}

#[test]
fn every_service_that_is_compiled_is_valid_and_the_same_each_time() {
    let (mut all, mut compiled) = (0, 0);
    for (name, engine, _) in packs() {
        let engine = Arc::new(engine);
        for index in 0..engine.plan().services.len() {
            let service = &engine.plan().services[index];
            if !engine.is_narrow(index) {
                continue;
            }
            let names: Vec<&str> = service.steps.iter().filter(|s| s.block.is_none()).map(|s| s.id.as_str()).collect();
            let open = || Batch::open(Arc::clone(&engine), &service.id, &names).unwrap();
            let batch = open();
            all += 1;
            for first in 0..4 {
                let layout = layout(&batch, first, first % 2 == 0);
                let Some(made) = batch.compiled(&layout) else { continue };
                let bytes = made.module(1 << 24);
                let features = WasmFeatures::WASM2;
                let valid = Validator::new_with_features(features).validate_all(&bytes);
                valid.map_or_else(|e| panic!("{name} {}: {e}", service.id), |_| ());
                assert_eq!(open().compiled(&layout).unwrap().module(1 << 24), bytes, "{name} {}", service.id);
                compiled += usize::from(first == 0);
            }
        }
    }
    println!("{compiled} of {all} services");
    assert!(compiled * 100 > all * 85, "{compiled} of {all} services are compiled");
}

#[test]
fn a_service_of_which_nothing_is_given_is_not_compiled() {
    let (_, engine, _) = packs().into_iter().find(|(name, ..)| name == "anhui-suzhou-resident").unwrap();
    let batch = Batch::open(Arc::new(engine), "inpatient", &["patient"]).unwrap();
    let mut layout = layout(&batch, 0, false);
    assert!(batch.compiled(&layout).is_some());
    // The bill is nowhere: no case is certain.
    let total = batch.inputs().iter().position(|input| input.name == "total").unwrap();
    layout.inputs[total] = None;
    assert!(batch.compiled(&layout).is_none());
}

#[test]
fn columns_elsewhere_are_other_bytes() {
    let (_, engine, _) = packs().into_iter().find(|(name, ..)| name == "anhui-suzhou-resident").unwrap();
    let batch = Batch::open(Arc::new(engine), "inpatient", &["patient"]).unwrap();
    let made = batch.compiled(&layout(&batch, 0, false)).unwrap();
    assert!(!made.figures().is_empty());
    assert_ne!(made.module(1 << 20), made.module(1 << 21));
}
