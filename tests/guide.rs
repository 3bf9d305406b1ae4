//! The guide's examples: every marked block of `docs/packs.md` and `docs/schedules.md` is made a pack, compiled, and
//! its cases are run and recalculated. The marks stand after ```` ```yaml ````:
//!
//! - `pack=ID`: a whole pack; `cases=ID`: a `cases.yaml` for it.
//! - `kit=NAME` alone: what the blocks of a part share. `kit=header` is the top of every pack.
//! - `example=NAME kit=KIT`: a part of a pack, put together with the header and a kit (`none`: it needs none).
#![cfg(feature = "authoring")]
#![expect(clippy::panic, clippy::arithmetic_side_effects, reason = "tests and their helpers may fail loudly")]

#[expect(dead_code, reason = "the folders of packs are for other tests")]
mod common;

use common::calculator::{calculate, expected};
use common::{library, read};
use std::collections::BTreeSet;
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::Engine;
use yibao_rules::runner::{Expected, TestCase, parse_cases, run};

const PAGES: [&str; 2] = ["docs/packs.md", "docs/schedules.md"];
/// Where the steps of a block stand among those of its kit.
const PLACE: &str = "  # the steps of the block stand here\n";
/// Keys that stand at the top of a pack; others stand in the service.
const TOP: [&str; 17] = [
    "pack",
    "revision",
    "title",
    "region",
    "publisher",
    "status",
    "evidence_date",
    "period",
    "caveats",
    "assumptions",
    "payers",
    "facts",
    "parameters",
    "constraints",
    "institutions",
    "groups",
    "ledger",
];

/// A marked block.
#[derive(Clone)]
struct Block {
    page: &'static str,
    marks: Vec<(String, String)>,
    text: String,
}

impl Block {
    fn mark(&self, key: &str) -> Option<&str> {
        self.marks.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// What it is called in a message.
    fn name(&self) -> String {
        let mark = ["example", "pack", "cases", "kit"].iter().find_map(|k| self.mark(k)).unwrap_or("?");
        format!("{}, {mark}", self.page)
    }
}

fn blocks_of(page: &'static str, text: &str) -> Vec<Block> {
    let mut all = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                let marks = info
                    .split_whitespace()
                    .filter_map(|word| word.split_once('='))
                    .map(|(k, v)| (k.to_owned(), v.to_owned()))
                    .collect();
                open = Some(Block { page, marks, text: String::new() });
            }
            (Some(_), Some(_)) => all.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{page}: a block is not closed");
    all.retain(|block| !block.marks.is_empty());
    all
}

fn blocks() -> Vec<Block> {
    PAGES.iter().flat_map(|page| blocks_of(page, &read(page))).collect()
}

fn kit<'b>(all: &'b [Block], name: &str) -> &'b Block {
    all.iter()
        .find(|b| b.mark("example").is_none() && b.mark("kit") == Some(name))
        .unwrap_or_else(|| panic!("there is no kit `{name}`"))
}

/// Top-level keys of a block, each with its lines.
type Sections = Vec<(String, String)>;

fn sections(text: &str) -> Sections {
    let mut all = Sections::new();
    for line in text.lines() {
        let key =
            line.split_once(':').map(|(key, _)| key).filter(|key| !key.is_empty() && !key.starts_with([' ', '#', '-']));
        match (key, all.last_mut()) {
            (Some(key), _) => all.push((key.to_owned(), format!("{line}\n"))),
            (None, Some((_, lines))) => {
                lines.push_str(line);
                lines.push('\n');
            }
            (None, None) => panic!("`{line}` stands under no key"),
        }
    }
    all
}

/// The lines of a section without its key.
fn inner(lines: &str) -> &str {
    lines.split_once('\n').map_or("", |(_, rest)| rest)
}

fn indented(text: &str, by: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{by}{line}\n") }).collect()
}

/// A block put together with the header and its kit.
fn assembled(all: &[Block], block: &Block, body: &str) -> String {
    let header = sections(&kit(all, "header").text);
    let base = match block.mark("kit") {
        None | Some("none") => Sections::new(),
        Some(name) => sections(&kit(all, name).text),
    };
    let (mut top, mut service, mut quotes, mut steps) =
        (header, Sections::new(), String::new(), "steps:\n".to_owned() + PLACE);
    for (key, lines) in base.into_iter().chain(sections(body)) {
        match key.as_str() {
            "quotes" => quotes.push_str(inner(&lines)),
            "steps" => steps = steps.replace(PLACE, inner(&lines)),
            // `previous` is a key of the pack too.
            key if TOP.contains(&key) || key == "previous" => match top.iter_mut().find(|(k, _)| k == key) {
                // Facts and payers of the block come after those of the header.
                Some((_, before)) => before.push_str(inner(&lines)),
                None => top.push((key.to_owned(), lines)),
            },
            _ => service.push((key, lines)),
        }
    }
    let mut pack: String = top.into_iter().map(|(_, lines)| lines).collect();
    pack.push_str("sources:\n  text:\n    title: 示例\n    grade: press\n    clauses:\n");
    for line in quotes.lines() {
        let Some((id, quote)) = line.trim_start().split_once(": ") else {
            panic!("{}: `{line}` is no quote", block.name())
        };
        pack.push_str(&format!("      {id}: {{ quote: {quote} }}\n"));
    }
    pack.push_str("services:\n  stay:\n    title: { zh: 示例, en: Example }\n");
    for (_, lines) in &service {
        pack.push_str(&indented(lines, "    "));
    }
    pack.push_str(&indented(&steps, "    "));
    pack
}

/// The body of an example and its cases, as the text of a `cases.yaml`.
fn split_cases(block: &Block) -> (String, String) {
    let (mut body, mut cases, mut inside) = (String::new(), "cases:\n".to_owned(), false);
    for line in block.text.lines() {
        if let Some(name) = line.strip_prefix("# case") {
            inside = true;
            let id = if name.trim().is_empty() { "case" } else { name.trim() };
            cases.push_str(&format!("  - id: {id}\n    service: stay\n    origin: derived\n"));
        } else if inside {
            let Some(rest) = line.strip_prefix("# ") else {
                panic!("{}: after `# case` there are comments only: `{line}`", block.name())
            };
            cases.push_str(&format!("  {rest}\n"));
        } else {
            body.push_str(line);
            body.push('\n');
        }
    }
    (body, cases)
}

/// The expected value that a working's path names.
fn named<'a>(expect: &'a Expected, path: &str) -> Option<&'a str> {
    if let Some((first, rest)) = path.split_once('.') {
        return expect.encounters.iter().find(|(id, _)| id == first).and_then(|(_, inside)| named(inside, rest));
    }
    let credit = expect.credit.as_deref().filter(|_| path == "credit");
    credit.or_else(|| {
        expect.amounts.iter().chain(&expect.steps).find(|(id, _)| id == path).map(|(_, value)| value.as_str())
    })
}

fn is_empty(expect: &Expected) -> bool {
    expect.amounts.is_empty()
        && expect.steps.is_empty()
        && expect.refusal.is_none()
        && expect.missing.is_none()
        && expect.verdict.is_none()
        && expect.limit.is_none()
        && expect.error.is_none()
        && expect.encounters.iter().all(|(_, inside)| is_empty(inside))
}

/// What is wrong with one case's hand calculation.
fn recalculated(case: &TestCase) -> Vec<String> {
    let mut wrong = Vec::new();
    if is_empty(&case.expect) {
        wrong.push("nothing is expected".to_owned());
    }
    let refused = case.expect.refusal.is_some()
        || case.expect.missing.is_some()
        || case.expect.verdict.is_some()
        || case.expect.error.is_some();
    if case.working.is_empty() && !refused {
        wrong.push("there is no working".to_owned());
    }
    for (path, sum) in &case.working {
        let Some(value) = named(&case.expect, path) else {
            wrong.push(format!("working `{path}` names nothing expected"));
            continue;
        };
        match (calculate(sum), expected(value)) {
            (Ok(ours), Ok(theirs)) if ours == theirs => {}
            (Ok(ours), Ok(_)) => wrong.push(format!("{path}: {sum} is {ours}, expected {value}")),
            (Err(e), _) | (_, Err(e)) => wrong.push(format!("{path}: {e}")),
        }
    }
    wrong
}

/// Compiles a pack, runs cases, recalculates them: what is wrong, in words.
fn tried(library: &Library, name: &str, pack: &str, cases: &str) -> Vec<String> {
    let engine = match Pack::parse(name, pack.as_bytes(), library) {
        Ok(compiled) => Engine::load(compiled.into_plan()).unwrap_or_else(|e| panic!("{name}: {e}")),
        Err(e) => return vec![format!("{name}: {e}")],
    };
    let file = match parse_cases(name, cases.as_bytes()) {
        Ok(file) => file,
        Err(e) => return vec![format!("{name}: {e}")],
    };
    let runs = run(&engine, &file)
        .into_iter()
        .flat_map(|report| report.failures.into_iter().map(move |f| format!("{}: {f}", report.id)));
    let sums = file.cases.iter().flat_map(|case| recalculated(case).into_iter().map(|w| format!("{}: {w}", case.id)));
    runs.chain(sums).map(|w| format!("{name}: {w}")).collect()
}

fn tried_block(library: &Library, all: &[Block], block: &Block) -> Vec<String> {
    let (body, cases) = split_cases(block);
    tried(library, &block.name(), &assembled(all, block, &body), &cases)
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} problems:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_example_compiles_and_gives_its_sum() {
    let (all, library) = (blocks(), library());
    let wrong: Vec<String> = all
        .iter()
        .filter(|b| b.mark("example").is_some())
        .flat_map(|block| tried_block(&library, &all, block))
        .collect();
    none(&wrong);
}

#[test]
fn every_schedule_and_algorithm_has_an_example() {
    let all = blocks();
    let names: Vec<&str> = all.iter().filter_map(|b| b.mark("example")).collect();
    let found: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), found.len(), "two examples have one name: {names:?}");
    let schedules = [
        "fixed-by-level",
        "once-a-year",
        "half-from-second",
        "zero-from-third",
        "share-from-second",
        "less-each-time",
        "seventy-then-fifty",
        "yearly-ceiling",
        "top-up-in-a-year",
        "highest-once",
        "share-of-bill",
        "share-of-wage",
        "by-group",
        "by-disease",
        "every-ninety-days",
    ];
    let referral =
        ["referral-difference", "referral-waived", "referral-halved", "referral-separate", "referral-subsidised"];
    let away = [
        "points-off",
        "first-pay",
        "own-row",
        "multiplied",
        "points-off-reduced",
        "away-share-of-bill",
        "nothing-paid",
    ];
    let missing: Vec<&str> =
        schedules.iter().chain(&referral).chain(&away).copied().filter(|name| !found.contains(name)).collect();
    assert!(missing.is_empty(), "no example: {missing:?}");
}

/// Section 1 and section 12 of the guide: the whole pack, and the cases written for it.
#[test]
fn the_whole_pack_of_the_guide() {
    let (all, library) = (blocks(), library());
    let whole: Vec<&Block> = all.iter().filter(|b| b.mark("pack").is_some()).collect();
    assert!(!whole.is_empty(), "no block is a whole pack");
    let mut wrong = Vec::new();
    for pack in whole {
        let id = pack.mark("pack").unwrap_or_default();
        let cases: Vec<&Block> = all.iter().filter(|b| b.mark("cases") == Some(id)).collect();
        assert!(!cases.is_empty(), "no cases for {id}");
        for block in cases {
            wrong.extend(tried(&library, &block.name(), &pack.text, &block.text));
        }
    }
    // By hand, apart from the guide: level 1, (1,000 − 200) × 85% = 680; a bill below the deductible; the same to a fen
    // above it, 0.01 × 75% = 0.0075, half up 0.01.
    let city = all
        .iter()
        .find(|b| b.mark("pack") == Some("example-city-resident"))
        .unwrap_or_else(|| panic!("section 1 is not marked"));
    let by_hand = r#"
cases:
  - { id: first_level, service: inpatient, origin: derived, facts: { total: "1000", level: first, admission_date: 2023-07-01 }, expect: { amounts: { fund: "680.00", patient: "320.00" } }, working: { fund: (1000 - 200) * 85%, patient: 1000 - 680 } }
  - { id: below, service: inpatient, origin: derived, facts: { total: "699.99", level: third, admission_date: 2023-07-01 }, expect: { amounts: { fund: "0.00", patient: "699.99" } }, working: { fund: 0 * 75%, patient: 699.99 - 0 } }
  - { id: a_fen_above, service: inpatient, origin: derived, facts: { total: "700.01", level: third, admission_date: 2023-07-01 }, expect: { amounts: { fund: "0.01", patient: "700.00" } }, working: { fund: round2((700.01 - 700) * 75%), patient: 700.01 - 0.01 } }
"#;
    wrong.extend(tried(&library, "section 1", &city.text, by_hand));
    none(&wrong);
}

/// The checks above can fail: each is given something wrong.
#[test]
fn a_wrong_example_is_noticed() {
    let (all, library) = (blocks(), library());
    let block = all
        .iter()
        .find(|b| b.mark("example") == Some("fixed-by-level"))
        .unwrap_or_else(|| panic!("the example is gone"));
    assert_eq!(tried_block(&library, &all, block), Vec::<String>::new());
    let faults = [
        // A sum that the engine does not give, nor the working.
        ("fund: \"3760.00\"", "fund: \"3761.00\"", "expected 3761.00, found 3760.00"),
        // A working of another sum.
        ("(5000 - 300) * 80%", "(5000 - 200) * 80%", "is 3840, expected 3760.00"),
        // A figure that the sentence does not print.
        ("is: 300元", "is: 400元", "figure-not-quoted"),
        // A row too few.
        ("        - { hospital_level: second, is: 100元, cite: \"text/levels#二級醫療機構100元\" }\n", "", "table-gap"),
        // A case without an expectation.
        ("#   expect:", "#   note:", "missing-key"),
    ];
    for (from, to, message) in faults {
        assert!(block.text.contains(from), "`{from}` is gone");
        let broken = Block { text: block.text.replace(from, to), ..block.clone() };
        let wrong = tried_block(&library, &all, &broken).join("\n");
        assert!(wrong.contains(message), "{from} → {to}: {wrong}");
    }
}

/// What the guide links is there.
#[test]
fn links_of_the_guide_lead_somewhere() {
    let mut wrong = Vec::new();
    for page in PAGES {
        for part in read(page).split("](").skip(1) {
            let Some((target, _)) = part.split_once(')') else { continue };
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains("://") && !common::at_root("docs").join(file).exists() {
                wrong.push(format!("{page}: {target}"));
            }
        }
    }
    none(&wrong);
}
