//! Columns of cases against deciding them one by one: every case of every pack, and many more.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what is wrong by stopping there"
)]

mod analyse_kit;
mod common;

use analyse_kit::{Seed, packs};
use std::sync::Arc;
use yibao_rules::batch::{Batch, BatchError, Column, ListColumn, Outcome, Values};
use yibao_rules::case::{Encoded, encode};
use yibao_rules::decision::{self, Engine, decide_encoded};
use yibao_rules::plan::{Input, Kind, Reg, State};

/// Number columns hold instead of an answer.
const UNANSWERED: i64 = i64::MIN;
const NOT_APPLICABLE: i64 = i64::MIN + 1;

fn cell(value: Result<i64, State>) -> i64 {
    match value {
        Ok(n) => n,
        Err(State::NotApplicable) => NOT_APPLICABLE,
        Err(_) => UNANSWERED,
    }
}

/// Columns of cases, as a caller would have them.
struct Columns {
    inputs: Vec<Vec<i64>>,
    lists: Vec<(Vec<u32>, Vec<Vec<i64>>)>,
}

impl Columns {
    fn of(inputs: usize, fields: &[usize], cases: &[Encoded]) -> Self {
        let inputs = (0..inputs).map(|i| cases.iter().map(|case| cell(case.inputs[i])).collect()).collect();
        let list = |(at, fields): (usize, &usize)| {
            let mut starts = vec![0];
            let mut columns = vec![Vec::new(); *fields];
            for case in cases {
                for record in case.lists[at].iter().flatten() {
                    for (column, value) in columns.iter_mut().zip(record) {
                        column.push(cell(*value));
                    }
                }
                starts.push(u32::try_from(columns.first().map_or(0, Vec::len)).unwrap());
            }
            (starts, columns)
        };
        Self { inputs, lists: fields.iter().enumerate().map(list).collect() }
    }
}

/// What a step gives in one case: its number, if the decision shows one.
fn direct(engine: &Engine, index: usize, encoded: &Encoded, reg: Reg) -> Option<i64> {
    let slot = engine.run(index, encoded).registers[reg as usize];
    slot.is_known().then(|| i64::try_from(slot.num).unwrap())
}

/// Holds a batch of cases against deciding each; how many values were known.
fn check(name: &str, engine: &Arc<Engine>, service: &str, cases: &[Encoded], answered: &[bool]) -> usize {
    let (index, found) = engine.service(service).unwrap();
    let steps: Vec<(&str, Reg)> =
        found.steps.iter().filter(|s| s.block.is_none()).map(|s| (s.id.as_str(), s.register)).collect();
    let names: Vec<&str> = steps.iter().map(|(id, _)| *id).collect();
    let mut batch = Batch::open(Arc::clone(engine), service, &names).unwrap();
    let fields: Vec<usize> = batch.lists().iter().map(|list| list.fields.len()).collect();
    let columns = Columns::of(batch.inputs().len(), &fields, cases);
    let inputs: Vec<Column> = columns.inputs.iter().map(|column| Column::I64(column)).collect();
    let list_fields: Vec<Vec<Column>> =
        columns.lists.iter().map(|(_, fields)| fields.iter().map(|f| Column::I64(f)).collect()).collect();
    let lists: Vec<Option<ListColumn>> = columns
        .lists
        .iter()
        .zip(&list_fields)
        .zip(answered)
        .map(|(((starts, _), fields), answered)| answered.then_some(ListColumn { starts, fields }))
        .collect();
    let mut outcomes = vec![Outcome::Invalid; cases.len()];
    let mut values = vec![vec![0_i64; cases.len()]; names.len()];
    let mut out: Vec<Values> = values.iter_mut().map(|v| Values::I64(v)).collect();
    batch.run(&inputs, &lists, &mut outcomes, &mut out).unwrap();
    let mut known = 0;
    for (at, case) in cases.iter().enumerate() {
        let decided = decide_encoded(engine, service, case);
        let outcome = match decided.map(|decision| decision.outcome) {
            Ok(decision::Outcome::Computed) => Outcome::Computed,
            Ok(decision::Outcome::Incomplete) => Outcome::Incomplete,
            Ok(decision::Outcome::Refused) => Outcome::Refused,
            Err(_) => Outcome::Invalid,
        };
        // No value of a case that is not computed.
        let shown = outcome == Outcome::Computed;
        assert_eq!(outcomes[at], outcome, "{name} {service} {case:?}");
        for ((id, reg), values) in steps.iter().zip(&values) {
            let expected = if shown { direct(engine, index, case, *reg) } else { None };
            let found = (values[at] != UNANSWERED).then_some(values[at]);
            assert_eq!(found, expected, "{name} {service} {id} {case:?}");
            known += usize::from(found.is_some());
        }
    }
    known
}

/// Cases of a service, as numbers.
fn encoded(engine: &Engine, service: &str, cases: &[(String, yibao_rules::case::Case)]) -> Vec<Encoded> {
    let (_, found) = engine.service(service).unwrap();
    let own = cases.iter().filter(|(of, _)| of == service);
    own.filter_map(|(_, case)| encode(engine.plan(), found, case).ok()).collect()
}

#[test]
fn every_case_of_every_pack() {
    let (mut cases_seen, mut known) = (0, 0);
    for (name, engine, cases) in packs() {
        let engine = Arc::new(engine);
        let services: Vec<String> = engine.plan().services.iter().map(|s| s.id.clone()).collect();
        for service in services {
            let all = encoded(&engine, &service, &cases);
            let lists = engine.service(&service).unwrap().1.program.lists.len();
            if !engine.is_narrow(engine.service(&service).unwrap().0) {
                continue;
            }
            // Lists answered and lists not answered take turns of their own.
            let (with, without): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|case| case.lists.iter().all(Option::is_some));
            let none: Vec<Encoded> =
                without.into_iter().filter(|case| case.lists.iter().all(Option::is_none)).collect();
            cases_seen += with.len() + none.len();
            known += check(&name, &engine, &service, &with, &vec![true; lists]);
            known += check(&name, &engine, &service, &none, &vec![false; lists]);
        }
    }
    println!("{cases_seen} cases, {known} values");
    assert!(cases_seen > 2_500 && known > 10_000, "{cases_seen} cases, {known} values");
}

/// Another answer to an input: anything that it can be, its bounds, or none.
fn any_answer(input: &Input, seed: &mut Seed) -> Result<i64, State> {
    let below = |seed: &mut Seed, n: i64| i64::try_from(seed.below(u64::try_from(n).unwrap())).unwrap();
    if !input.only.is_empty() {
        return Ok(input.only[below(seed, i64::try_from(input.only.len()).unwrap()).unsigned_abs() as usize]);
    }
    let span = input.max - input.min;
    match seed.below(16) {
        0 => Err(input.absent),
        1 if input.name.starts_with("previous.") => Err(State::NotApplicable),
        2 => Ok(input.min),
        3 => Ok(input.max),
        // Days near the turn of the years that packs speak of, amounts of a usual size.
        4..=11 if input.kind == Kind::Date => Ok((18_000 + below(seed, 2_600)).clamp(input.min, input.max)),
        4..=11 => Ok(input.min + below(seed, span.min(8_000_000) + 1)),
        _ if span == i64::MAX => Ok(input.min),
        _ => Ok(input.min + below(seed, span + 1)),
    }
}

#[test]
fn a_hundred_thousand_random_cases() {
    let mut seed = Seed(7);
    let (mut done, mut known) = (0, 0);
    let ready: Vec<_> = packs().into_iter().map(|(name, engine, cases)| (name, Arc::new(engine), cases)).collect();
    while done < 100_000 {
        for (name, engine, cases) in &ready {
            for index in 0..engine.plan().services.len() {
                let service = engine.plan().services[index].id.clone();
                let program = &engine.plan().services[index].program;
                let base = encoded(engine, &service, cases);
                if base.is_empty() || !engine.is_narrow(index) {
                    continue;
                }
                let mutated = |seed: &mut Seed| {
                    let mut case = base[seed.below(base.len() as u64) as usize].clone();
                    for (at, input) in program.inputs.iter().enumerate() {
                        if seed.below(3) == 0 {
                            case.inputs[at] = any_answer(input, seed);
                        }
                    }
                    for (list, own) in program.lists.iter().zip(&mut case.lists) {
                        let records = own.get_or_insert_default();
                        if seed.below(4) == 0 {
                            records.truncate(seed.below(3) as usize);
                        }
                        for record in records {
                            for (field, value) in list.fields.iter().zip(record) {
                                if seed.below(4) == 0 {
                                    *value = any_answer(field, seed);
                                }
                            }
                        }
                    }
                    case
                };
                // Not a whole number of blocks.
                let all: Vec<Encoded> = (0..77).map(|_| mutated(&mut seed)).collect();
                done += all.len();
                known += check(name, engine, &service, &all, &vec![true; program.lists.len()]);
            }
        }
    }
    println!("{done} cases, {known} values");
    assert!(known > done, "{known} values of {done} cases");
}

/// 宿州, its stays in the city.
fn suzhou(outputs: &[&str]) -> Batch {
    let (_, engine, _) = packs().into_iter().find(|(name, ..)| name == "anhui-suzhou-resident").unwrap();
    Batch::open(Arc::new(engine), "inpatient", outputs).unwrap()
}

#[test]
fn every_kind_of_column_says_the_same() {
    // Level 3 of the city: (20,000 − 700) × 75 % = 14,475 paid; 700 and less: nothing; one fen more: 0.0075, half up 0.01.
    let fen = [2_000_000_i64, 70_000, 70_001, 69_999];
    let expected = [552_500_i64, 70_000, 70_000, 69_999];
    let doubles: Vec<f64> = fen.iter().map(|n| *n as f64).collect();
    let small: Vec<i32> = fen.iter().map(|n| i32::try_from(*n).unwrap()).collect();
    let level = [2_u8; 4];
    for total in [Column::I64(&fen), Column::F64(&doubles), Column::I32(&small)] {
        let mut batch = suzhou(&["patient", "basic"]);
        let columns: Vec<Column> = batch
            .inputs()
            .iter()
            .map(|input| match input.name.as_str() {
                "total" => total,
                "level" => Column::U8(&level),
                "scheme" => Column::Same(Ok(0)),
                "admission_date" => Column::Same(Ok(19_528)),
                _ => Column::Same(Ok(0)),
            })
            .collect();
        let (mut outcomes, mut patient, mut basic) = ([Outcome::Invalid; 4], [0.0; 4], [0; 4]);
        batch.run(&columns, &[], &mut outcomes, &mut [Values::F64(&mut patient), Values::I64(&mut basic)]).unwrap();
        assert_eq!(outcomes, [Outcome::Computed; 4]);
        assert_eq!(patient.map(|n| n as i64), expected);
        assert_eq!(basic, [1_447_500, 0, 1, 0]);
    }
}

#[test]
fn what_is_no_answer_leaves_the_others_alone() {
    let mut batch = suzhou(&["patient"]);
    // Half a fen, below nought, past the bound, no number; not answered; and two that are.
    let total = [0.5, -1.0, 1e300, f64::NEG_INFINITY, f64::NAN, 0.0, 2_000_000.0];
    let columns: Vec<Column> = batch
        .inputs()
        .iter()
        .map(|input| match input.name.as_str() {
            "total" => Column::F64(&total),
            "scheme" => Column::Same(Ok(0)),
            "level" => Column::Same(Ok(2)),
            "admission_date" => Column::Same(Ok(19_528)),
            _ => Column::Same(Ok(0)),
        })
        .collect();
    let (mut outcomes, mut patient) = ([Outcome::Computed; 7], [0; 7]);
    batch.run(&columns, &[], &mut outcomes, &mut [Values::I64(&mut patient)]).unwrap();
    let [bad, missing, fine] = [Outcome::Invalid, Outcome::Incomplete, Outcome::Computed];
    assert_eq!(outcomes, [bad, bad, bad, bad, missing, fine, fine]);
    assert_eq!(patient, [i64::MIN, i64::MIN, i64::MIN, i64::MIN, i64::MIN, 0, 552_500]);
}

#[test]
fn columns_that_do_not_fit_are_refused_before_anything_is_written() {
    let mut batch = suzhou(&["patient"]);
    let inputs = batch.inputs().len();
    let (mut outcomes, mut patient) = ([Outcome::Computed; 2], [7; 2]);
    let mut columns = vec![Column::Absent; inputs];
    let found = batch.run(&columns[1..], &[], &mut outcomes, &mut [Values::I64(&mut patient)]);
    assert_eq!(found, Err(BatchError::Columns { found: inputs - 1, expected: inputs }));
    columns[0] = Column::I64(&[1, 2, 3]);
    let name = batch.inputs()[0].name.clone();
    let found = batch.run(&columns, &[], &mut outcomes, &mut [Values::I64(&mut patient)]);
    assert_eq!(found, Err(BatchError::Length { name, found: 3, expected: 2 }));
    columns[0] = Column::Absent;
    let found = batch.run(&columns, &[], &mut outcomes, &mut [Values::I64(&mut patient[..1])]);
    assert_eq!(found, Err(BatchError::Length { name: "patient".into(), found: 1, expected: 2 }));
    assert_eq!((outcomes, patient), ([Outcome::Computed; 2], [7; 2]));
}

#[test]
fn names_that_are_none_are_refused_with_those_there_are() {
    let (_, engine, _) = packs().into_iter().find(|(name, ..)| name == "anhui-suzhou-resident").unwrap();
    let engine = Arc::new(engine);
    let problem = |service: &str, output: &str| {
        Batch::open(Arc::clone(&engine), service, &[output]).unwrap_err().iter().next().unwrap().to_string()
    };
    assert!(problem("inpatients", "patient").contains("unknown-service"), "{}", problem("inpatients", "patient"));
    assert!(problem("inpatient", "patiant").contains("did you mean `patient`?"), "{}", problem("inpatient", "patiant"));
}

#[test]
fn an_amount_is_had_where_a_step_has_its_name() {
    let (_, engine, cases) = packs().into_iter().find(|(name, ..)| name == "example-we-19").unwrap();
    let engine = Arc::new(engine);
    let (_, found) = engine.service("critical_illness").unwrap();
    let step = found.steps.iter().find(|step| step.id == "net").unwrap().register;
    let amount = found.outputs.bill.as_ref().unwrap().net;
    assert_ne!(step, amount);
    let case = encoded(&engine, "critical_illness", &cases).remove(0);
    let decision = decide_encoded(&engine, "critical_illness", &case).unwrap();
    let expected = decision.amounts.unwrap().net.text.replace('.', "");
    let mut batch = Batch::open(Arc::clone(&engine), "critical_illness", &["amounts.net"]).unwrap();
    let column = [cell(case.inputs[0])];
    let (mut outcomes, mut net) = ([Outcome::Invalid], [0]);
    batch.run(&[Column::I64(&column)], &[], &mut outcomes, &mut [Values::I64(&mut net)]).unwrap();
    assert_eq!((outcomes, net[0].to_string()), ([Outcome::Computed], expected));
}

#[test]
fn records_out_of_order_are_refused() {
    let (_, engine, _) = packs().into_iter().find(|(name, ..)| name == "county-community").unwrap();
    let mut batch = Batch::open(Arc::new(engine), "eight_unified", &[]).unwrap();
    let fields = [Column::I64(&[0, 1])];
    let mut outcomes = [Outcome::Invalid; 2];
    let list = |starts| Some(ListColumn { starts, fields: &fields });
    assert_eq!(batch.run(&[], &[list(&[0, 1, 2])], &mut outcomes, &mut []), Ok(()));
    let name = batch.lists()[0].name.clone();
    assert_eq!(batch.run(&[], &[list(&[2, 1, 2])], &mut outcomes, &mut []), Err(BatchError::Records { name }));
}
