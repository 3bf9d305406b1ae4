//! Whatever is thrown at the engine, it answers: with a result, or with named problems that have a place. Never a
//! panic, never without end, never with more memory than its limits allow.
//!
//! # Limits
//!
//! | What | Most | Said by |
//! |---|---|---|
//! | bytes of a text | 1 MiB | `text-too-long` |
//! | nesting of collections | 32 | `too-deep` |
//! | nodes of a text | 200,000 | `too-many-nodes` |
//! | characters of one text | 20,000 | `scalar-too-long` |
//! | characters of an id | 60 | `bad-id` |
//! | characters of a quote | 1,200 | `quote-too-long` |
//! | entries of a section (`src/pack/limits.rs`) | 20 to 5,000 | `too-many` |
//! | inputs: facts, fields, balances | 2,000 | `too-many` |
//! | steps of a service, others' taken in | 1,000 | `too-many` |
//! | characters of a formula | 2,000 | `formula-too-long` |
//! | nesting of a formula; operations on each other's results; steps per record on each other | 40; 120; 32 | `formula-too-deep` |
//! | combinations of a table's keys; of all tables | 65,536; 1,048,576 | `table-too-large` |
//! | operations of a service; of all; for full lists | 20,000; 100,000; 20,000,000 | `program-too-large` |
//! | figures past 53 bits | | `figure-too-large` |
//! | intermediate values past 128 bits | | `overflow` |
//! | records of a list | its `max`, 10,000 | `too-many-records`, `bad-number` |
//! | encounters of a year | 1,000 | `too-many-encounters` |
//! | problems told | 200 | `too-many-problems` |
//!
//! `tests/faults` holds a text past each of them, and the report on it.
#![cfg(feature = "authoring")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests stop at what they did not expect"
)]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use yibao_rules::analyse::{bounds, curve};
use yibao_rules::case::{Answer, AnswerKind, Case, Earlier, Named, case_of};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::{Decision, Engine, decide};
use yibao_rules::diagnostic::Diagnostics;
use yibao_rules::plan::{Fact, Kind, Plan, State};
use yibao_rules::runner::{parse_cases, run};
use yibao_rules::text;
use yibao_rules::year::{Encounter, YearCase, year};

/// The same numbers on every host.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

/// Words that mean something to some reader, and should mean nothing where they do not belong.
const GARBAGE: [&str; 64] = [
    "",
    "~",
    "null",
    "true",
    "0",
    "-0",
    "-1",
    "1e999",
    "99999999999999999999999999",
    "0.0000000000000000001",
    "NaN",
    "0x7f",
    "1_000",
    "１２３",
    "200元",
    "-200元",
    "85%",
    "5 points",
    "28 days",
    "2 months",
    "2023-02-30",
    "9999-12-31",
    "0000-00-00",
    "total",
    "total + total",
    "total / total",
    "total - 1元 / 0",
    "if true then 1元 else 2%",
    "min(total)",
    "sum(total: total)",
    "count(lines)",
    "cost_for(rate, 1元)",
    "left(share)",
    "((((((((((1))))))))))",
    "not not not true",
    "a.b.c.d",
    "ledger.paid",
    "previous.x",
    "in in in",
    "{a, b}",
    "[1, 2)",
    "(, )",
    ">= ",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    ": :",
    "- -",
    "#",
    "&a",
    "*a",
    "!t",
    "|",
    ">",
    "%",
    "@",
    "`",
    "\u{200B}",
    "\u{FFFD}",
    "总费用",
    "x/y#z",
];

fn library() -> Library {
    let mut library = Library::new();
    library.add_vocabulary("packs/vocabulary.yaml", &file("packs/vocabulary.yaml")).unwrap();
    for (_, text) in packs().iter().filter(|(_, text)| text.contains("\nframe:")) {
        let frame = Pack::parse("frame.yaml", text.as_bytes(), &library).unwrap_or_else(|e| panic!("{e}"));
        library.add_frame(&frame);
    }
    library
}

fn file(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn packs() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for of in ["packs", "tests/packs"] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(of)).unwrap() {
            if let Ok(text) = fs::read_to_string(entry.unwrap().path().join("pack.yaml")) {
                all.push(text);
            }
        }
    }
    // Small ones first: what breaks them breaks the large ones too, sooner.
    all.sort_by_key(|text| (text.len(), text.clone()));
    all.into_iter().map(|text| (text.lines().next().unwrap_or_default().to_owned(), text)).collect()
}

/// Problems have places; a pack without one could not be read at all.
fn placed(found: &Diagnostics) {
    assert!(!found.is_empty() && found.has_errors());
    assert!(found.len() <= 201, "{}", found.len());
    for d in found.iter() {
        assert!(d.place.is_some() || d.code == "too-many-problems", "without a place: {d}");
        assert_ne!(d.code, "internal", "{d}");
    }
}

// ── Bytes.

#[test]
fn any_bytes_are_answered() {
    let dice = &mut Dice(1);
    let library = library();
    let base = file("tests/packs/account-last/pack.yaml");
    for i in 0..3_000 {
        let mut bytes: Vec<u8> = match i % 3 {
            0 => (0..dice.below(200)).map(|_| dice.next() as u8).collect(),
            1 => (0..dice.below(60))
                .flat_map(|_| {
                    format!("{}{}", dice.pick(&GARBAGE), dice.pick(&["\n", " ", ": ", "\n  ", "\n- ", ", "]))
                        .into_bytes()
                })
                .collect(),
            _ => base.iter().copied().take(dice.below(base.len())).collect(),
        };
        for _ in 0..dice.below(4) {
            if !bytes.is_empty() {
                let at = dice.below(bytes.len());
                bytes[at] = dice.next() as u8;
            }
        }
        if let Err(found) = Pack::parse("pack.yaml", &bytes, &library) {
            placed(&found);
        }
        if let Err(found) = Library::new().add_vocabulary("vocabulary.yaml", &bytes) {
            placed(&found);
        }
        if let Err(found) = parse_cases("cases.yaml", &bytes) {
            placed(&found);
        }
    }
}

// ── Packs.

/// A pack with a few lines deleted, doubled, exchanged, or given another value.
fn mutant(dice: &mut Dice, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..1 + dice.below(3) {
        let at = dice.below(lines.len());
        match dice.below(8) {
            0 => {
                lines.remove(at);
            }
            1 => {
                let line = lines[at].clone();
                lines.insert(at, line);
            }
            2 => {
                let other = dice.below(lines.len());
                lines.swap(at, other);
            }
            3 => {
                // The lines of one step stand where those of another stood.
                let length = dice.below(6);
                let block: Vec<String> = lines.iter().skip(at).take(length).cloned().collect();
                let to = dice.below(lines.len());
                for (i, line) in block.into_iter().enumerate() {
                    lines.insert((to + i).min(lines.len()), line);
                }
            }
            4 => {
                let garbage = dice.pick(&GARBAGE);
                if let Some((key, _)) = lines[at].clone().rsplit_once(": ") {
                    lines[at] = format!("{key}: {garbage}");
                }
            }
            5 => {
                // Another figure or word in the middle of a line.
                let words: Vec<&str> = lines[at].split(' ').collect();
                let change = dice.below(words.len());
                let garbage = dice.pick(&GARBAGE);
                lines[at] = words
                    .iter()
                    .enumerate()
                    .map(|(i, word)| if i == change { garbage } else { word })
                    .collect::<Vec<_>>()
                    .join(" ");
            }
            6 => {
                let swapped = lines[at].replace("元", "%");
                lines[at] = if swapped == lines[at] { lines[at].replace("%", "元") } else { swapped };
            }
            _ => {
                let depth = 1 + dice.below(60);
                lines[at] = format!(
                    "{}{}x{}",
                    " ".repeat(lines[at].len() - lines[at].trim_start().len()),
                    "k: [".repeat(depth.min(1)) + &"[".repeat(depth),
                    "]".repeat(depth + 1)
                );
            }
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
    }
    lines.join("\n")
}

#[test]
fn damaged_packs_are_compiled_or_explained() {
    let library = library();
    let all = packs();
    let (mut whole, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        let run = |part: usize| {
            let (library, all) = (&library, &all);
            scope.spawn(move || {
                let dice = &mut Dice(100 + part as u64);
                let (mut whole, mut refused) = (0, 0);
                for (i, (_, text)) in all.iter().enumerate() {
                    // The larger a pack, the fewer of its mutants.
                    for _ in 0..(200_000 / text.len()).clamp(4, 40) / 2 {
                        if i % 2 != part {
                            continue;
                        }
                        let mutant = mutant(dice, text);
                        match Pack::parse("pack.yaml", mutant.as_bytes(), library) {
                            Err(found) => {
                                placed(&found);
                                refused += 1;
                            }
                            Ok(pack) => {
                                whole += 1;
                                let engine = Engine::load(pack.into_plan())
                                    .unwrap_or_else(|e| panic!("compiled, but does not load: {e}\n{mutant}"));
                                ask_everything(dice, &engine, 1);
                            }
                        }
                    }
                }
                (whole, refused)
            })
        };
        for thread in [run(0), run(1)] {
            let (a, b) = thread.join().unwrap_or_else(|e| std::panic::resume_unwind(e));
            whole += a;
            refused += b;
        }
    });
    println!("{whole} damaged packs compile, {refused} are refused");
    assert!(whole > 20 && refused > 100);
}

// ── Answers.

fn random_answer(dice: &mut Dice, fact: &Fact) -> Answer {
    if dice.one_in(12) {
        return Answer::text(dice.pick(&GARBAGE));
    }
    let number = |dice: &mut Dice, fact: &Fact| {
        let side = |text: &Option<String>| {
            text.clone()
                .unwrap_or_else(|| "0".into())
                .replace("万元", "0000")
                .replace('元', "")
                .replace(" points", "")
                .replace(" days", "")
                .replace(" months", "")
        };
        match dice.below(4) {
            0 => side(&fact.min),
            1 => side(&fact.max),
            2 => format!("{}", dice.below(100_000)),
            _ => format!("{}", dice.below(100)),
        }
    };
    match fact.form.as_str() {
        "bool" => Answer::truth(dice.one_in(2)),
        "date" => {
            Answer::text(format!("20{:02}-{:02}-{:02}", 10 + dice.below(20), 1 + dice.below(12), 1 + dice.below(29)))
        }
        "option" | "code" => Answer::text(["first", "third", "yes", "other"][dice.below(4)]),
        "institution" => {
            let named: Named = fact.fields.iter().map(|f| (f.id.clone(), random_answer(dice, f))).collect();
            if dice.one_in(2) { Answer { kind: AnswerKind::Map(named), place: None } } else { Answer::text("other") }
        }
        "list" => {
            let records = (0..dice.below(4))
                .map(|_| {
                    let named =
                        fact.fields.iter().filter(|_| !dice.clone_one_in(6)).map(|f| f.id.clone()).collect::<Vec<_>>();
                    let named = named
                        .into_iter()
                        .filter_map(|id| {
                            Some((id.clone(), random_answer(dice, fact.fields.iter().find(|f| f.id == id)?)))
                        })
                        .collect();
                    Answer { kind: AnswerKind::Map(named), place: None }
                })
                .collect();
            Answer { kind: AnswerKind::List(records), place: None }
        }
        "rate" => Answer::text(format!("{}%", number(dice, fact).replace('%', ""))),
        _ => {
            let text = number(dice, fact);
            Answer::text(text)
        }
    }
}

impl Dice {
    /// As `one_in`, for closures that only lend.
    fn clone_one_in(&self, n: usize) -> bool {
        Dice(self.0 ^ n as u64).one_in(n)
    }
}

fn random_case(dice: &mut Dice, plan: &Plan, service: usize) -> Case {
    let mut case = Case::default();
    for fact in &plan.facts {
        if dice.one_in(5) {
            continue;
        }
        let mut answer = random_answer(dice, fact);
        // Options by their own names, so that cases get past the door.
        if let (Some(set), "option" | "code", false) = (fact.choices, fact.form.as_str(), dice.one_in(12))
            && let Some(set) = plan.choices.get(set as usize).filter(|s| !s.options.is_empty())
        {
            answer = Answer::text(set.options[dice.below(set.options.len())].id.clone());
        }
        case.facts.push((fact.id.clone(), answer));
    }
    let inputs = plan.services.get(service).map(|s| s.program.inputs.as_slice()).unwrap_or_default();
    for input in inputs {
        if let Some(name) = input.name.strip_prefix("ledger.").filter(|_| dice.clone_one_in(2)) {
            case.ledger.push((name.to_owned(), Answer::text(format!("{}", dice.below(5_000)))));
        }
    }
    case.previous = match dice.below(3) {
        0 => Earlier::Unknown,
        1 => Earlier::None,
        _ => Earlier::Known(
            plan.previous.iter().map(|p| (p.id.clone(), Answer::text(format!("{}", dice.below(1_000))))).collect(),
        ),
    };
    case
}

/// Where all amounts of a bill are known, they are the bill: read as texts, to the fen.
fn adds_up(decision: &Decision) {
    let Some(amounts) = &decision.amounts else { return };
    let fen = |value: &yibao_rules::decision::Value| -> Option<i128> {
        let text = Some(value.text.as_str()).filter(|_| value.state == State::Known)?;
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (yuan, fen) = digits.split_once('.').unwrap_or((digits, "00"));
        Some(sign * (yuan.parse::<i128>().ok()? * 100 + fen.parse::<i128>().ok()?))
    };
    let all: Option<Vec<(bool, i128)>> = amounts.payments.iter().map(|p| Some((p.own, fen(&p.amount)?))).collect();
    let (Some(total), Some(patient), Some(cash), Some(all)) =
        (fen(&amounts.total), fen(&amounts.patient), fen(&amounts.cash), all)
    else {
        return;
    };
    let paid = |own: bool| all.iter().filter(|(is_own, _)| *is_own == own).map(|(_, paid)| paid).sum::<i128>();
    assert_eq!(total, paid(false) + patient, "total, payments and the person's share");
    assert_eq!(patient, paid(true) + cash, "the share, own money and cash");
}

/// Asks every service a few times, and folds a year of the same answers.
fn ask_everything(dice: &mut Dice, engine: &Engine, times: usize) {
    let plan = engine.plan();
    for (index, service) in plan.services.iter().enumerate().take(4) {
        let mut encounters = Vec::new();
        for i in 0..times {
            let case = random_case(dice, plan, index);
            match decide(engine, &service.id, &case) {
                Ok(decision) => {
                    assert!(!yibao_rules::json::to_string(&decision).is_empty());
                    adds_up(&decision);
                }
                Err(found) => assert!(found.has_errors()),
            }
            let follows = (i > 0 && dice.one_in(2)).then(|| format!("e{}", i - 1));
            encounters.push(Encounter { id: format!("e{i}"), service: service.id.clone(), follows, case, place: None });
        }
        let opening = dice.one_in(2).then(|| {
            vec![("as_of".to_owned(), Answer::text(dice.pick(&GARBAGE))), ("paid".to_owned(), Answer::text("100"))]
        });
        let _ = year(engine, &YearCase { opening, encounters, parameters: Vec::new() });
    }
}

/// Bounds and curves of a service: an answer, or named problems.
fn analyse(dice: &mut Dice, engine: &Engine) {
    let Some(service) = engine.plan().services.first() else { return };
    let case = random_case(dice, engine.plan(), 0);
    if let Err(found) = bounds(engine, &service.id, &case) {
        assert!(found.has_errors());
    }
    let money = service.program.inputs.iter().find(|input| input.kind == Kind::Money);
    if let Some(Err(found)) = money.map(|input| curve(engine, &service.id, &case, &input.name, None)) {
        assert!(found.has_errors());
    }
}

// ── Plans.

/// Every path of a JSON tree, leaves and branches.
fn paths(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Array(all) => all.iter().enumerate().for_each(|(i, v)| paths(v, &format!("{at}/{i}"), out)),
        Value::Object(all) => {
            all.iter().for_each(|(k, v)| paths(v, &format!("{at}/{}", k.replace('~', "~0").replace('/', "~1")), out))
        }
        _ => {}
    }
}

fn spoil(dice: &mut Dice, plan: &mut Value, paths: &[String]) {
    let path = &paths[dice.below(paths.len())];
    let Some(value) = plan.pointer_mut(path) else { return };
    let number = |dice: &mut Dice, old: i64| -> Value {
        json!(match dice.below(9) {
            0 => 0,
            1 => -1,
            2 => i64::MAX,
            3 => i64::MIN,
            4 => (1 << 53) - 1,
            5 => 1 << 24,
            6 => old.wrapping_add(1),
            7 => old.wrapping_sub(1),
            _ => dice.below(40) as i64,
        })
    };
    *value = match value.take() {
        Value::Number(n) => number(dice, n.as_i64().unwrap_or(0)),
        Value::String(s) => match dice.below(3) {
            0 => json!(dice.pick(&GARBAGE)),
            1 => json!(s.repeat(2)),
            _ => Value::Null,
        },
        Value::Bool(b) => json!(!b),
        Value::Null => number(dice, 0),
        Value::Array(mut all) => {
            match dice.below(5) {
                0 => all.clear(),
                1 => all.reverse(),
                2 if !all.is_empty() => {
                    let i = dice.below(all.len());
                    all.remove(i);
                }
                3 if !all.is_empty() => {
                    let item = all[dice.below(all.len())].clone();
                    let i = dice.below(all.len());
                    all.insert(i, item);
                }
                _ if all.len() > 1 => {
                    let (i, j) = (dice.below(all.len()), dice.below(all.len()));
                    all.swap(i, j);
                }
                _ => {}
            }
            Value::Array(all)
        }
        Value::Object(mut all) => {
            let keys: Vec<String> = all.keys().cloned().collect();
            if let Some(key) = keys.get(dice.below(keys.len())) {
                let gone = all.remove(key);
                if dice.one_in(2) {
                    let other = dice.pick(&[
                        "add", "sub", "mul", "div", "min", "max", "table", "if", "and", "or", "not", "applies",
                        "cost_for", "require",
                    ]);
                    all.insert(other.to_owned(), gone.unwrap_or(Value::Null));
                }
            }
            Value::Object(all)
        }
    };
}

#[test]
fn damaged_plans_load_or_are_refused() {
    let library = library();
    let (mut loaded, mut refused, mut unread) = (0, 0, 0);
    let results: Vec<(i32, i32, i32)> = std::thread::scope(|scope| {
        let run = |part: usize| {
            let library = &library;
            scope.spawn(move || {
                let dice = &mut Dice(500 + part as u64);
                let (mut loaded, mut refused, mut unread) = (0, 0, 0);
                for (i, (_, text)) in packs().iter().enumerate().filter(|(i, _)| i % 2 == part) {
                    if text.len() > 30_000 && i % 5 != 0 {
                        continue;
                    }
                    let plan = Pack::parse("pack.yaml", text.as_bytes(), library).unwrap().into_plan();
                    let whole = serde_json::to_value(&plan).unwrap();
                    let mut all = Vec::new();
                    paths(&whole, "", &mut all);
                    // The code more often than the texts.
                    let code: Vec<String> = all
                        .iter()
                        .filter(|p| p.contains("/program") || p.contains("/outputs") || p.contains("/register"))
                        .cloned()
                        .collect();
                    for round in 0..(300_000 / all.len()).clamp(12, 50) {
                        let mut plan = whole.clone();
                        for _ in 0..1 + dice.below(2) {
                            spoil(dice, &mut plan, if round % 4 == 0 { &all } else { &code });
                        }
                        let Ok(plan) = serde_json::from_value::<Plan>(plan) else {
                            unread += 1;
                            continue;
                        };
                        match Engine::load(plan) {
                            Err(e) => {
                                assert!(!e.to_string().is_empty());
                                refused += 1;
                            }
                            Ok(engine) => {
                                loaded += 1;
                                ask_everything(dice, &engine, 2);
                                if round % 8 == 0 {
                                    analyse(dice, &engine);
                                }
                            }
                        }
                    }
                }
                (loaded, refused, unread)
            })
        };
        let threads = [run(0), run(1)];
        threads.into_iter().map(|t| t.join().unwrap_or_else(|e| std::panic::resume_unwind(e))).collect()
    });
    for (a, b, c) in results {
        loaded += a;
        refused += b;
        unread += c;
    }
    println!("of the damaged plans {loaded} load, {refused} are refused, {unread} are no plans");
    assert!(loaded > 200 && refused > 200, "{loaded} {refused}");
}

// ── Cases.

#[test]
fn damaged_case_files_are_read_or_explained() {
    let library = library();
    let dice = &mut Dice(900);
    for name in ["account-last", "referral-link", "bill-lines", "year-crossing"] {
        let pack = Pack::parse("pack.yaml", &file(&format!("tests/packs/{name}/pack.yaml")), &library).unwrap();
        let engine = Engine::load(pack.into_plan()).unwrap();
        let text = String::from_utf8(file(&format!("tests/packs/{name}/cases.yaml"))).unwrap();
        // A few cases are enough to be damaged.
        let short: String = text.lines().take(60).map(|l| format!("{l}\n")).collect();
        for _ in 0..60 {
            match parse_cases("cases.yaml", mutant(dice, &short).as_bytes()) {
                Err(found) => placed(&found),
                Ok(cases) => {
                    let reports = run(&engine, &cases);
                    assert_eq!(reports.len(), cases.cases.len());
                }
            }
        }
    }
}

#[test]
fn answers_past_every_limit_are_refused_by_name() {
    let library = library();
    let pack = Pack::parse("pack.yaml", &file("tests/packs/bill-lines/pack.yaml"), &library).unwrap();
    let engine = Engine::load(pack.into_plan()).unwrap();
    let service = engine.plan().services[0].id.clone();
    let list = engine.plan().facts.iter().find(|f| f.form == "list").unwrap().id.clone();
    let codes = |case: &Case| -> Vec<String> {
        decide(&engine, &service, case).unwrap_err().iter().map(|d| d.code.to_string()).collect()
    };
    let record = Answer { kind: AnswerKind::Map(Vec::new()), place: None };
    let many = Answer { kind: AnswerKind::List(vec![record; 20_000]), place: None };
    assert_eq!(codes(&Case { facts: vec![(list.clone(), many)], ..Case::default() }), ["too-many-records"]);
    let nonsense = (0..5_000).map(|i| (format!("fact_that_is_not_there_{i}"), Answer::text("1"))).collect();
    assert_eq!(
        codes(&Case { facts: nonsense, ..Case::default() }).last().map(String::as_str),
        Some("too-many-problems")
    );
    // An answer inside an answer inside an answer: no recursion follows it.
    let mut deep = Answer::text("1");
    for _ in 0..500 {
        deep = Answer { kind: AnswerKind::List(vec![deep]), place: None };
    }
    assert_eq!(codes(&Case { facts: vec![(list, deep)], ..Case::default() }), ["wrong-type"]);
}

#[test]
fn a_long_name_above_many_answers_is_not_written_out_for_each_of_them() {
    // 15,000 characters above 100,000 answers: their paths would be 1.5 GB, and are a few MB.
    let long = "x".repeat(15_000);
    let text = format!("facts: {{ {long}: [{}] }}", "1,".repeat(100_000));
    let node = text::parse("case.yaml", text.as_bytes(), &text::Limits::default()).unwrap_or_else(|e| panic!("{e}"));
    let case = case_of("case.yaml", "", &node).unwrap_or_else(|e| panic!("{e}"));
    let (name, answer) = &case.facts[0];
    assert_eq!(*name, long);
    let AnswerKind::List(all) = &answer.kind else { panic!("{name}") };
    let paths = all.iter().map(|a| a.place.as_ref().map_or(0, |p| p.path.len())).sum::<usize>();
    assert_eq!(all.len(), 100_000);
    assert!(paths < 10_000_000, "{paths} bytes of paths");
}

#[test]
fn the_longest_chain_of_steps_is_walked_without_recursion() {
    // Thousands of registers, each reading the one before, and the first of them unanswered.
    let head = "pack: chain\nrevision: '1'\ntitle: { zh: 链, en: chain }\nregion: { code: '0', zh: 虚设, en: nowhere }\npublisher: { zh: 测试, en: tests }\nstatus: invented\nfacts:\n  n: { type: number, min: 0, max: 9, label: { zh: 数, en: number } }\nservices:\n  s:\n    title: { zh: 链, en: chain }\n    kind: indicator\n    result: [s149]\n    steps:\n";
    let links: String = (0..150)
        .map(|i| {
            let before = if i == 0 { "n".to_owned() } else { format!("s{}", i - 1) };
            let formula = (0..50).fold(before, |inner, j| format!("{inner} - {j} + n"));
            format!("      - {{ id: s{i}, label: {{ zh: 步, en: step }}, value: \"min(9, max(0, {}))\" }}\n", formula)
        })
        .collect();
    let pack = Pack::parse("pack.yaml", format!("{head}{links}").as_bytes(), &Library::new())
        .unwrap_or_else(|e| panic!("{e}"));
    let engine = Engine::load(pack.into_plan()).unwrap();
    assert!(engine.plan().services[0].program.code.len() > 10_000, "{}", engine.plan().services[0].program.code.len());
    let decision = decide(&engine, "s", &Case::default()).unwrap();
    assert_eq!(decision.missing.iter().map(|m| m.fact.as_str()).collect::<Vec<_>>(), ["n"]);
}
