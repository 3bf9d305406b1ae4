//! Random cases of every pack, and what the native engine makes of them: columns that the other builds are held to.
//!
//! ```text
//! columns.json   one entry a service: pack, service, how many cases, values asked for, in the order of the columns
//! columns.bin    for each entry: a column an input, the outcomes, a column a value; 64 bits a number, little-endian
//! ```

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde_json::json;
use yibao_rules::batch::{Batch, Column, Outcome, Values};
use yibao_rules::case::{Encoded, encode};
use yibao_rules::decision::Engine;
use yibao_rules::plan::{Input, Kind, Service, State};
use yibao_rules::runner::{Scenario, parse_cases};

use crate::packs::{Compiled, compile, read};

/// Cases in all.
const CASES: usize = 100_000;

/// What a column holds instead of an answer.
const UNANSWERED: i64 = i64::MIN;
const NOT_APPLICABLE: i64 = i64::MIN + 1;

/// A service with cases to start from.
struct Start {
    engine: Arc<Engine>,
    index: usize,
    cases: Vec<Encoded>,
}

impl Start {
    fn service(&self) -> &Service {
        &self.engine.plan().services[self.index]
    }
}

/// Writes the columns of 100,000 cases.
pub fn write(out: &Path) -> Result<()> {
    fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let starts = starts()?;
    if starts.is_empty() {
        bail!("no service has a case to start from");
    }
    let each = CASES.div_ceil(starts.len());
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let (mut entries, mut bytes) = (Vec::new(), Vec::new());
    for start in &starts {
        let outputs = block(start, each, &mut random, &mut bytes)?;
        let (pack, service) = (&start.engine.plan().pack.id, &start.service().id);
        entries.push(json!({ "pack": pack, "service": service, "cases": each, "outputs": outputs }));
    }
    let file = out.join("columns.bin");
    fs::File::create(&file)?.write_all(&bytes).with_context(|| format!("cannot write {}", file.display()))?;
    fs::write(out.join("columns.json"), json!(entries).to_string()).context("cannot write columns.json")?;
    println!("{} cases of {} services in {}", each * starts.len(), starts.len(), file.display());
    Ok(())
}

/// Every service without lists that has a case.
fn starts() -> Result<Vec<Start>> {
    let mut all = Vec::new();
    for Compiled { folder, plan } in compile(&["packs", "tests/packs"])? {
        let (name, text) = read(&folder.join("cases.yaml"))?;
        let cases = parse_cases(&name, &text).map_err(|problems| anyhow::anyhow!("{name}: {problems:?}"))?.cases;
        let engine = Arc::new(Engine::load(plan)?);
        for (index, service) in engine.plan().services.iter().enumerate() {
            if !service.program.lists.is_empty() || !engine.is_narrow(index) {
                continue;
            }
            let own = cases.iter().flat_map(|case| match &case.scenario {
                Scenario::One(of, case) => vec![(of, case)],
                Scenario::Year(year) => year.encounters.iter().map(|e| (&e.service, &e.case)).collect(),
            });
            let own = own.filter(|(of, _)| **of == service.id);
            let cases: Vec<Encoded> = own.filter_map(|(_, case)| encode(engine.plan(), service, case).ok()).collect();
            if !cases.is_empty() {
                all.push(Start { engine: Arc::clone(&engine), index, cases });
            }
        }
    }
    Ok(all)
}

/// Adds the columns of a service; the names of its values.
fn block(start: &Start, cases: usize, random: &mut Random, bytes: &mut Vec<u8>) -> Result<Vec<String>> {
    let service = start.service();
    let inputs = &service.program.inputs;
    let mut columns = vec![Vec::with_capacity(cases); inputs.len()];
    for _ in 0..cases {
        let case = mutated(&start.cases[random.below(start.cases.len() as u64) as usize], inputs, random);
        for (column, value) in columns.iter_mut().zip(case) {
            column.push(value);
        }
    }
    let mut names: Vec<&str> = service.steps.iter().filter(|s| s.block.is_none()).map(|s| s.id.as_str()).collect();
    for amount in ["total", "patient", "cash", "net"] {
        if service.outputs.bill.is_some() && !names.contains(&amount) {
            names.push(amount);
        }
    }
    let opened = Batch::open(Arc::clone(&start.engine), &service.id, &names);
    let mut batch = opened.map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    let given: Vec<Column> = columns.iter().map(|column| Column::I64(column)).collect();
    let mut outcomes = vec![Outcome::Invalid; cases];
    let mut values = vec![vec![0_i64; cases]; names.len()];
    let mut out: Vec<Values> = values.iter_mut().map(|all| Values::I64(all)).collect();
    batch.run(&given, &[], &mut outcomes, &mut out)?;
    let outcomes: Vec<i64> = outcomes.iter().map(|outcome| *outcome as i64).collect();
    for column in columns.iter().chain([&outcomes]).chain(&values) {
        for n in column {
            bytes.extend_from_slice(&n.to_le_bytes());
        }
    }
    Ok(names.into_iter().map(str::to_owned).collect())
}

/// A case with a third of its answers changed to anything that they can be, their bounds, or nothing.
fn mutated(case: &Encoded, inputs: &[Input], random: &mut Random) -> Vec<i64> {
    let no_stay_before = random.below(8) == 0;
    let mut all = Vec::new();
    for (input, value) in inputs.iter().zip(&case.inputs) {
        let known = match value {
            Ok(n) => *n,
            Err(State::NotApplicable) => NOT_APPLICABLE,
            Err(_) => UNANSWERED,
        };
        all.push(match (input.name.starts_with("previous."), random.below(3)) {
            (true, _) if no_stay_before => NOT_APPLICABLE,
            (true, _) if known == NOT_APPLICABLE => any(input, random),
            (_, 0) => any(input, random),
            _ => known,
        });
    }
    all
}

fn any(input: &Input, random: &mut Random) -> i64 {
    if !input.only.is_empty() {
        return input.only[random.below(input.only.len() as u64) as usize];
    }
    let upto = |random: &mut Random, most: i64| random.below(most.unsigned_abs().saturating_add(1)) as i64;
    match random.below(16) {
        0 => UNANSWERED,
        1 => input.min,
        2 => input.max,
        // Days of the years that packs speak of; amounts of a usual size.
        3..=11 if input.kind == Kind::Date => (18_000 + upto(random, 2_600)).clamp(input.min, input.max),
        3..=11 => input.min + upto(random, (input.max - input.min).min(8_000_000)),
        _ => input.min + upto(random, input.max - input.min),
    }
}

/// The same numbers in the same order, every time.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 20) % most.max(1)
    }
}
