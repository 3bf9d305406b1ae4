//! The cases of `cases.py` through the engine as a native program: what a machine does without Wasm and Python.
//!
//! `cargo run --release --example spark_native -- ROWS SEED` prints the sums that `alone.Sums` holds, and the seconds
//! that deciding took.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "remainders stay below a prime of 31 bits, and there is a column for every input"
)]

use std::error::Error;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};
use yibao_rules::batch::{Batch, Column, Outcome, Values};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::Engine;

// As in `cases.py`.
const PRIME: i64 = (1 << 31) - 1;
const STEP: i64 = 1_103_515_245;
const STREAM: i64 = 433_494_437;
const SEED: i64 = 805_306_457;
const STREAMS: i64 = 8;

/// Cases at a time.
const BLOCK: i64 = 8192;
/// The number of an answer or a value that there is not.
const NONE: i64 = i64::MIN;

fn drawn(case: i64, seed: i64, stream: i64) -> i64 {
    let x = (case * STEP + (seed * SEED + stream * STREAM) % PRIME) % PRIME;
    (x * x + stream) % PRIME
}

/// Any number from `least` to `most`; one case in `blank` has none.
fn between(cases: Range<i64>, seed: i64, stream: i64, least: i64, most: i64, blank: i64) -> Vec<i64> {
    let one = |case| match blank {
        n if n > 0 && drawn(case, seed, stream + STREAMS) % n == 0 => NONE,
        _ => least + drawn(case, seed, stream) % (most - least + 1),
    };
    cases.map(one).collect()
}

/// Options; `upto` says how many of so many cases have at most each.
fn weighted(cases: Range<i64>, seed: i64, stream: i64, upto: &[i64]) -> Vec<i64> {
    let all = upto.last().copied().unwrap_or(1);
    let one = |case| upto.iter().filter(|end| drawn(case, seed, stream) % all >= **end).count();
    cases.map(|case| i64::try_from(one(case)).unwrap_or(NONE)).collect()
}

fn column(name: &str, cases: Range<i64>, seed: i64) -> Vec<i64> {
    match name {
        "total" => between(cases, seed, 0, 20_000, 8_000_000, 50),
        "out_of_scope" => between(cases, seed, 1, 0, 50_000, 0),
        "over_limit" => between(cases, seed, 2, 0, 20_000, 0),
        "first_pay" => between(cases, seed, 3, 0, 40_000, 0),
        "admission_date" => between(cases, seed, 4, 18_993, 20_088, 100),
        "scheme" => weighted(cases, seed, 5, &[49, 50]),
        "place" => weighted(cases, seed, 6, &[36, 39, 40]),
        _ => weighted(cases, seed, 7, &[1, 2, 3, 4]),
    }
}

fn opened() -> Result<Batch, Box<dyn Error>> {
    let mut library = Library::new();
    library.add_vocabulary("packs/vocabulary.yaml", &std::fs::read("packs/vocabulary.yaml")?)?;
    let file = "packs/anhui-suzhou-resident/pack.yaml";
    let pack = Pack::parse(file, &std::fs::read(file)?, &library)?;
    Ok(Batch::open(Arc::new(Engine::load(pack.into_plan())?), "inpatient", &["patient", "basic"])?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<i64> = std::env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let [rows, seed] = arguments.as_slice() else { return Err("usage: spark_native ROWS SEED".into()) };
    let mut batch = opened()?;
    let names: Vec<String> = batch.inputs().iter().map(|input| input.name.clone()).collect();
    let (mut counts, mut sums, mut took) = ([0_u64; 4], [0_i64; 2], Duration::ZERO);
    let mut start = 0;
    while start < *rows {
        let cases = start..(start + BLOCK).min(*rows);
        start = cases.end;
        let made: Vec<Vec<i64>> = names.iter().map(|name| column(name, cases.clone(), *seed)).collect();
        let inputs: Vec<Column> = made.iter().map(|numbers| Column::I64(numbers)).collect();
        let mut outcomes = vec![Outcome::Incomplete; made[0].len()];
        let (mut patient, mut basic) = (vec![NONE; made[0].len()], vec![NONE; made[0].len()]);
        let begun = Instant::now();
        batch.run(&inputs, &[], &mut outcomes, &mut [Values::I64(&mut patient), Values::I64(&mut basic)])?;
        took += begun.elapsed();
        for (at, outcome) in outcomes.iter().enumerate() {
            counts[*outcome as usize] += 1;
            if *outcome == Outcome::Computed {
                sums[0] += patient[at];
                sums[1] += basic[at];
            }
        }
    }
    let [computed, incomplete, refused, invalid] = counts;
    println!(
        r#"{{"patient":{},"basic":{},"computed":{computed},"incomplete":{incomplete},"refused":{refused},"invalid":{invalid},"seconds":{}}}"#,
        sums[0],
        sums[1],
        took.as_secs_f64()
    );
    Ok(())
}
