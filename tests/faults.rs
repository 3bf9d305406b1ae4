//! One faulty pack per code: each folder of `tests/faults` is named after a code (what follows a dot tells variants
//! apart) and holds what an author wrote and the whole report on it.
//!
//! `BLESS=1 cargo test --test faults` writes the reports anew: read them before they are kept.
#![cfg(feature = "authoring")]
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests stop at what they did not expect"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use yibao_rules::compile::{Library, Pack};
use yibao_rules::date::Date;
use yibao_rules::decision::Engine;
use yibao_rules::diagnostic::{Diagnostic, Diagnostics, render_human};
use yibao_rules::runner::{Answered, parse_cases, run};

/// Folders of `src` whose codes are tested with their own callers: views of a decision, and the border to JavaScript.
const ELSEWHERE: [&str; 3] = ["analyse", "batch", "wasm"];
/// A fault of the engine itself, which no input reaches.
const UNREACHABLE: [&str; 1] = ["internal"];
/// What a pack compiles with all the same, by code or by folder.
const WARNINGS: [&str; 3] = ["may-not-apply", "reading-contradicts", "figure-edge.usage"];

/// What an author wrote: file name and bytes.
type Files = BTreeMap<&'static str, Vec<u8>>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults")
}

fn names() -> Vec<String> {
    let mut all: Vec<String> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    all.sort();
    all
}

fn code_of(name: &str) -> &str {
    name.split('.').next().unwrap()
}

fn files(name: &str) -> Files {
    if let Some(made) = generated(name) {
        return made;
    }
    ["vocabulary.yaml", "frame.yaml", "pack.yaml", "cases.yaml"]
        .into_iter()
        .filter_map(|file| Some((file, fs::read(folder().join(name).join(file)).ok()?)))
        .collect()
}

/// All problems of a fault, by the one path that a pack and its cases take.
fn problems(files: &Files) -> Diagnostics {
    let mut library = Library::new();
    if let Some(bytes) = files.get("vocabulary.yaml")
        && let Err(found) = library.add_vocabulary("vocabulary.yaml", bytes)
    {
        return found;
    }
    if let Some(bytes) = files.get("frame.yaml") {
        match Pack::parse("frame.yaml", bytes, &library) {
            Ok(frame) => library.add_frame(&frame),
            Err(found) => return found,
        }
    }
    let pack = match Pack::parse("pack.yaml", &files["pack.yaml"], &library) {
        Ok(pack) => pack,
        Err(found) => return found,
    };
    let Some(cases) = files.get("cases.yaml") else { return pack.warnings().clone() };
    let file = match parse_cases("cases.yaml", cases) {
        Ok(file) => file,
        Err(found) => return found,
    };
    let engine = Engine::load(pack.into_plan()).unwrap();
    match run(&engine, &file).remove(0).answer {
        Answered::Error(found) => found,
        answer => panic!("the case has no fault: {answer:?}"),
    }
}

/// Every fault with its problems, worked out once.
static FAULTS: LazyLock<BTreeMap<String, (Files, Diagnostics)>> = LazyLock::new(|| {
    let of = |name: String| {
        let files = files(&name);
        let found = problems(&files);
        (name, (files, found))
    };
    names().into_iter().map(of).collect()
});

fn report(name: &str, files: &Files, found: &Diagnostics) -> String {
    let shown: Vec<&Diagnostic> = match code_of(name) {
        // Two hundred others stand before it.
        "too-many-problems" => found.iter().skip(199).collect(),
        _ => found.iter().collect(),
    };
    let mut out = String::new();
    for diagnostic in shown {
        let file = diagnostic.place.as_ref().map(|place| place.file.as_str());
        let bytes = file.and_then(|file| files.iter().find(|(name, _)| **name == file)).map(|(_, bytes)| bytes);
        let source = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&render_human(diagnostic, source));
        out.push('\n');
    }
    out
}

#[test]
fn every_fault_has_its_report() {
    let bless = std::env::var_os("BLESS").is_some();
    assert!(!(bless && std::env::var_os("CI").is_some_and(|ci| !ci.is_empty())), "reports are not written anew in CI");
    let mut wrong = String::new();
    for (name, (files, found)) in &*FAULTS {
        let found = report(name, files, found);
        if !name.starts_with('_') && !found.contains(&format!("[{}]", code_of(name))) {
            wrong.push_str(&format!("── {name}: the code is not in its report:\n{found}\n"));
        }
        let at = folder().join(name).join("report.txt");
        if bless {
            fs::write(&at, &found).unwrap();
        } else if fs::read_to_string(&at).unwrap_or_default() != found {
            wrong.push_str(&format!("── {name}: the report is now:\n{found}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_fault_is_told_alone() {
    for (name, (_, found)) in FAULTS.iter().filter(|(name, _)| !name.starts_with('_')) {
        if code_of(name) == "too-many-problems" {
            continue;
        }
        let codes: Vec<&str> = found.iter().map(|d| d.code.as_ref()).collect();
        assert!(codes.iter().all(|code| *code == code_of(name)), "{name}: {codes:?}");
        let warns = WARNINGS.contains(&code_of(name)) || WARNINGS.contains(&name.as_str());
        assert!(!found.is_empty() && found.iter().all(|d| d.is_error() != warns), "{name}");
    }
}

#[test]
fn every_code_of_the_sources_has_a_fault() {
    let faults: BTreeSet<String> = names().iter().map(|name| code_of(name).to_owned()).collect();
    let codes: BTreeSet<String> = codes(|folder| !ELSEWHERE.contains(&folder))
        .into_iter()
        .filter(|code| !UNREACHABLE.contains(&code.as_str()))
        .collect();
    let missing: Vec<&String> = codes.difference(&faults).collect();
    assert!(missing.is_empty(), "codes without a folder in tests/faults: {missing:?}");
    let stale: Vec<&String> = faults.iter().filter(|code| !code.starts_with('_') && !codes.contains(*code)).collect();
    assert!(stale.is_empty(), "folders in tests/faults of codes that are gone: {stale:?}");
}

#[test]
fn many_problems_come_at_once_and_sorted() {
    let (_, found) = &FAULTS["_many"];
    let codes: BTreeSet<&str> = found.iter().map(|d| d.code.as_ref()).collect();
    assert!(codes.len() >= 10, "{} different problems: {codes:?}", codes.len());
    let places: Vec<(u32, u32)> = found.iter().map(|d| d.place.as_ref().map(|p| (p.line, p.column)).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn every_problem_has_a_place_and_speaks_to_its_author() {
    for (name, (_, found)) in &*FAULTS {
        // The one line that stands for others has no place.
        let placeless = code_of(name) == "too-many-problems";
        for d in found.iter() {
            let text = format!("{name}: {d}");
            assert!(placeless || d.place.is_some(), "{text}");
            let first = d.message.chars().next().unwrap();
            assert!(!first.is_uppercase() || d.message.starts_with("U+"), "starts in lower case: {text}");
            assert!(
                !d.message.ends_with('.') && !d.help.as_ref().is_some_and(|h| h.ends_with('.')),
                "ends without a full stop: {text}"
            );
            assert!(d.message.chars().count() <= 320, "is read at a glance: {text}");
        }
    }
}

#[test]
fn the_page_of_codes_is_complete() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors.md")).unwrap();
    let mut listed: Vec<String> = Vec::new();
    for line in page.lines().filter_map(|line| line.strip_prefix("| `")) {
        let (code, rest) = line.split_once("` | ").unwrap_or_else(|| panic!("a row without meaning: {line}"));
        assert!(rest.trim_end_matches('|').split(" | ").all(|cell| cell.trim().len() > 5), "an empty cell: {line}");
        listed.push(code.to_owned());
    }
    let mut known: BTreeSet<String> = codes(|_| true);
    known.extend(reasons());
    let twice: Vec<&String> =
        listed.iter().enumerate().filter(|(i, code)| listed[..*i].contains(code)).map(|(_, code)| code).collect();
    assert!(twice.is_empty(), "listed twice: {twice:?}");
    let listed: BTreeSet<String> = listed.into_iter().collect();
    let missing: Vec<&String> = known.difference(&listed).collect();
    assert!(missing.is_empty(), "not in docs/errors.md: {missing:?}");
    let stale: Vec<&String> = listed.difference(&known).collect();
    assert!(stale.is_empty(), "in docs/errors.md, but not in src: {stale:?}");
}

// ── The codes that the sources name.

fn sources() -> Vec<(String, String)> {
    fn walk(at: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push(path);
            }
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&src, &mut files);
    files.sort();
    let folder = |path: &Path| {
        path.strip_prefix(&src).unwrap().components().next().unwrap().as_os_str().to_str().unwrap().to_owned()
    };
    let code = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    };
    files.iter().map(|path| (folder(path), code(path))).collect()
}

/// The kebab-case text that is the first argument after each `opener`, `skip` other texts passed over.
fn first_arguments(text: &str, opener: &str, skip: usize) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(opener) {
        let before = text[..at].chars().next_back();
        if opener.starts_with(char::is_alphabetic) && before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let mut rest = text[at + opener.len()..].trim_start();
        for _ in 0..skip {
            rest = rest.split_once("\",").map_or("", |(_, rest)| rest.trim_start());
        }
        let Some(code) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(code, _)| code) else {
            continue;
        };
        let kebab = !code.is_empty() && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if kebab {
            found.push(code.to_owned());
        }
    }
    found
}

fn codes(wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (folder, text) in sources() {
        if !wanted(&folder) {
            continue;
        }
        for opener in [
            "error(",
            "warning(",
            "wrong(",
            "report(",
            "FormulaError::new(",
            "Objection::new(",
            "make(",
            "one_problem(",
            "read_or(",
            "fault(",
            "const TOO_MANY_PROBLEMS: &str =",
        ] {
            all.extend(first_arguments(&text, opener, 0));
        }
        all.extend(first_arguments(&text, "unknown(", 1));
        if let Some((_, rest)) = text.split_once("fn problem_code(") {
            all.extend(first_arguments(rest.split_once("\n}").unwrap().0, "=>", 0));
        }
    }
    all
}

/// Codes of refusals and warnings, which stand in a decision.
fn reasons() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (_, text) in sources() {
        for opener in ["before(", "reason(", "reason_text(", "warn(", "code:", "let over = ("] {
            all.extend(first_arguments(&text, opener, 0));
        }
        // `not_negative(register, code, …)`.
        for (at, _) in text.match_indices("not_negative(") {
            let arguments = text[at..].lines().next().unwrap();
            all.extend(arguments.split('"').nth(1).filter(|code| code.contains('-')).map(str::to_owned));
        }
    }
    all
}

// ── Faults too large, or too dull, to be kept as files.

fn generated(name: &str) -> Option<Files> {
    let base = String::from_utf8(fs::read(folder().join("missing-key.cases/pack.yaml")).unwrap()).unwrap();
    let head = base.split("\nfacts:").next().unwrap();
    let number = "facts:\n  n: { type: number, min: 0, max: 100, label: { zh: 数, en: number } }\n";
    let list = "facts:\n  lines: { type: list, max: 10000, label: { zh: 明细, en: lines }, of: { n: { type: number, min: 0, max: 100, label: { zh: 数, en: number } } } }\n";
    let label = "label: { zh: 步骤, en: step }";
    let title = "title: { zh: 测算, en: Estimate }";
    let service = |id: &str, result: &str, steps: &str| {
        format!("  {id}:\n    {title}\n    kind: indicator\n    result: [{result}]\n    steps:\n{steps}")
    };
    let step = |id: &str, body: &str| format!("      - {{ id: {id}, {label}, {body} }}\n");
    let steps = |count: usize, body: &dyn Fn(usize) -> String| {
        (0..count).map(|i| step(&format!("s{i}"), &body(i))).collect::<String>()
    };
    let pack = |facts: &str, services: &str| format!("{head}\n{facts}services:\n{services}");
    let plain = |formula: &str| pack(number, &service("sum", "s0", &step("s0", &format!("value: \"{formula}\""))));
    let text = match name {
        "text-too-long" => format!("{base}# {}\n", "长".repeat(350_000)),
        "too-many-nodes" => format!("{base}extra: [{}]\n", "1,".repeat(200_000)),
        "scalar-too-long" => format!("{base}caveats:\n  - {{ zh: {}, en: long }}\n", "长".repeat(20_001)),
        "too-many-problems" => format!("{base}{}", (0..250).map(|i| format!("unknown_{i}: 1\n")).collect::<String>()),
        "formula-too-long" => plain(&format!("n{}", " + n".repeat(500))),
        "formula-too-deep.chain" => plain(&format!("n{}", " + n".repeat(120))),
        "quote-too-long" => format!(
            "{base}sources:\n  answer:\n    title: 答复\n    grade: press\n    clauses:\n      all: {{ quote: \"{}\" }}\n",
            "起付线二百元。".repeat(172)
        ),
        "too-many" => format!(
            "{base}payers:\n{}",
            (0..51).map(|i| format!("  fund_{i}: {{ zh: 基金, en: fund }}\n")).collect::<String>()
        ),
        "too-many.inputs" => {
            let attributes: String = (0..90)
                .map(|i| format!("      a{i}: {{ type: bool, label: {{ zh: 属性, en: attribute }} }}\n"))
                .collect();
            let copies: String = (0..25).map(|i| format!("  hospital_{i}: {{ type: institution, label: {{ zh: 医院, en: hospital }}, attributes: hospital }}\n")).collect();
            let first = format!(
                "facts:\n  hospital:\n    type: institution\n    label: {{ zh: 医院, en: hospital }}\n    attributes:\n{attributes}"
            );
            pack(&format!("{first}{copies}"), &service("sum", "s0", &step("s0", "value: 1")))
        }
        "too-many.steps" => {
            let of = |id: &str, after: &str| {
                format!("{}    after: [{after}]\n", service(id, "s0", &steps(400, &|i| format!("value: {i}"))))
            };
            pack(
                number,
                &["a", "b", "c"]
                    .map(|id| {
                        of(
                            id,
                            ["a", "b", "c"]
                                .into_iter()
                                .filter(|other| *other != id)
                                .collect::<Vec<_>>()
                                .join(", ")
                                .as_str(),
                        )
                    })
                    .concat(),
            )
        }
        "program-too-large" => {
            let formula = |i: usize| {
                format!(
                    "value: \"{}\"",
                    (0..60).map(|j| format!("n * {}", i * 60 + j + 2)).collect::<Vec<_>>().join(" + ")
                )
            };
            pack(number, &service("sum", "s0", &steps(300, &formula)))
        }
        "program-too-large.records" => {
            let formula = |i: usize| {
                format!(
                    "value: \"sum(lines: {})\"",
                    (0..60).map(|j| format!("n * {}", i * 60 + j + 2)).collect::<Vec<_>>().join(" + ")
                )
            };
            pack(list, &service("sum", "s0", &steps(20, &formula)))
        }
        "formula-too-deep.records" => {
            let formula = |i: usize| {
                if i == 0 {
                    "each: lines, value: n + 1".to_owned()
                } else {
                    format!("each: lines, value: s{} + 1", i - 1)
                }
            };
            pack(
                list,
                &service(
                    "sum",
                    "total",
                    &format!("{}{}", steps(34, &formula), step("total", "value: \"sum(lines: s33)\"")),
                ),
            )
        }
        "table-too-large.all" => {
            let facts: String =
                (0..16).map(|i| format!("  c{i}: {{ type: bool, label: {{ zh: 条件, en: condition }} }}\n")).collect();
            let by = (0..16).map(|i| format!("c{i}")).collect::<Vec<_>>().join(", ");
            let table = |i: usize| format!("table: {{ by: [{by}], rows: [{{ c0: true, is: {i} }}], otherwise: 0 }}");
            pack(&format!("facts:\n{facts}"), &service("sum", "s0", &steps(17, &table)))
        }
        "too-much-work" => {
            // Eleven stays of 999 days, each day settled by itself.
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs/ninety-days/pack.yaml");
            let pack = fs::read_to_string(folder).unwrap();
            assert!(pack.contains("split_every: 90 days"));
            let stay = |i: i32| {
                let first = Date::parse("2000-01-01").unwrap().add_days(i * 1_000).unwrap();
                let last = first.add_days(998).unwrap();
                format!(
                    "        - {{ id: e{i}, service: by_lines, facts: {{ admission_date: {first}, discharge_date: {last}, lines: [] }} }}\n"
                )
            };
            let encounters: String = (0..11).map(stay).collect();
            let cases = format!(
                "cases:\n  - id: years\n    origin: invented\n    year:\n      encounters:\n{encounters}    expect: {{ outcome: computed }}\n"
            );
            let pack = pack.replace("split_every: 90 days", "split_every: 1 days");
            return Some(Files::from([("pack.yaml", pack.into_bytes()), ("cases.yaml", cases.into_bytes())]));
        }
        "too-many-encounters" => {
            let year = files("overlap");
            let encounters: String =
                (0..1_001).map(|i| format!("        - {{ id: e{i}, service: inpatient, facts: {{}} }}\n")).collect();
            let cases = format!(
                "cases:\n  - id: a_year\n    origin: invented\n    year:\n      encounters:\n{encounters}    expect: {{ outcome: computed }}\n"
            );
            return Some(Files::from([("pack.yaml", year["pack.yaml"].clone()), ("cases.yaml", cases.into_bytes())]));
        }
        _ => return None,
    };
    Some(Files::from([("pack.yaml", text.into_bytes())]))
}
