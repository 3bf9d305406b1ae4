//! `docs/semantics.md` and the tests of meaning name each other's numbers.
#![cfg(feature = "authoring")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests stop at what they did not expect")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use yibao_rules::case::{Answer, Case};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::{Engine, decide};
use yibao_rules::runner::{parse_cases, run};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The numbers of the statements, in the order of the page.
fn statements() -> Vec<u32> {
    let page = fs::read_to_string(root().join("docs/semantics.md")).unwrap();
    let starts = page.lines().filter_map(|line| line.strip_prefix("- **S"));
    starts.map(|rest| rest.split_once("** ").unwrap().0.parse().unwrap_or_else(|_| panic!("{rest}"))).collect()
}

/// Numbers that comments of a file name: in code after `//`, in packs and cases after `#`.
fn named(text: &str, sign: &str) -> BTreeSet<u32> {
    let comments = text.lines().filter_map(|line| line.split_once(sign).map(|(_, comment)| comment));
    let words = comments.flat_map(|comment| comment.split(|c: char| !c.is_ascii_alphanumeric()));
    words.filter_map(|word| word.strip_prefix('S')?.parse().ok()).collect()
}

fn files(at: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}

/// Of each number that tests name the files that do.
fn tests() -> BTreeMap<u32, BTreeSet<String>> {
    let mut all = Vec::new();
    files(&root().join("tests"), &mut all);
    let mut found: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for path in all {
        let sign = match path.extension().and_then(|e| e.to_str()) {
            Some("rs" | "mjs") => "//",
            Some("yaml" | "py") => "#",
            _ => continue,
        };
        // Some are faulty on purpose.
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for number in named(&text, sign) {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap();
            found.entry(number).or_default().insert(name.to_owned());
        }
    }
    found
}

#[test]
fn statements_are_numbered_once_and_in_order() {
    let all = statements();
    assert!(all.len() > 50, "{all:?}");
    assert!(all.is_sorted_by(|a, b| a < b), "{all:?}");
}

#[test]
fn tests_name_statements_that_there_are_and_every_statement_has_a_test() {
    let (known, tests) = (statements(), tests());
    let unknown: Vec<_> = tests.iter().filter(|(number, _)| !known.contains(number)).collect();
    assert!(unknown.is_empty(), "no such statement in docs/semantics.md: {unknown:?}");
    let without: Vec<_> = known.iter().filter(|number| !tests.contains_key(number)).collect();
    assert!(without.is_empty(), "statements that no test names: {without:?}");
}

#[test]
fn numbers_are_read_from_comments_alone() {
    assert_eq!(named("let S1 = 2; // S2, (S30): and S40's", "//"), BTreeSet::from([2, 30, 40]));
    assert_eq!(named("S5: { a: S6 } # S7", "#"), BTreeSet::from([7]));
}

#[test]
fn no_shipped_pack_has_an_answer_that_may_not_apply() {
    let mut all = Vec::new();
    files(&root().join("packs"), &mut all);
    let mut library = Library::new();
    library.add_vocabulary("vocabulary.yaml", &fs::read(root().join("packs/vocabulary.yaml")).unwrap()).unwrap();
    let mut packs: Vec<_> = all.iter().filter(|path| path.ends_with("pack.yaml")).collect();
    // What others lean on comes first: a pack that compiles without any frame may be one.
    let mut warned = Vec::new();
    for _ in 0..3 {
        packs.retain(|path| match Pack::parse(path.to_str().unwrap(), &fs::read(path).unwrap(), &library) {
            Ok(pack) => {
                warned.extend(pack.warnings().iter().map(|d| format!("{}: {d}", path.display())));
                library.add_frame(&pack);
                false
            }
            Err(_) => true,
        });
    }
    assert!(packs.is_empty(), "{packs:?}");
    assert!(warned.is_empty(), "{warned:#?}");
}

/// S61: what the vocabulary says of its facts it does not say of one that a pack declares itself.
#[test]
fn constraints_of_the_vocabulary_hold_for_its_own_facts() {
    let vocabulary = "facts:\n  first: { type: date, label: { zh: 始, en: first } }\n  last: { type: date, label: { zh: 止, en: last } }\nconstraints:\n  - { must: last >= first, zh: 止不早于始, en: it ends before it begins }\n";
    let mut library = Library::new();
    library.add_vocabulary("vocabulary.yaml", vocabulary.as_bytes()).unwrap();
    let asked = |facts: &str, value: &str| {
        let text = format!(
            "pack: a\nrevision: '1'\ntitle: {{ zh: 甲, en: a }}\nregion: {{ code: '0', zh: 虚设, en: nowhere }}\npublisher: {{ zh: 测试, en: tests }}\nstatus: invented\nfacts:\n{facts}services:\n  s: {{ title: {{ zh: 甲, en: a }}, kind: indicator, result: [x], steps: [{{ id: x, label: {{ zh: 甲, en: a }}, value: \"{value}\" }}] }}\n"
        );
        let pack = Pack::parse("pack.yaml", text.as_bytes(), &library).unwrap_or_else(|e| panic!("{e}"));
        let engine = Engine::load(pack.into_plan()).unwrap();
        let facts =
            [("first", "2024-01-02"), ("last", "2024-01-01")].map(|(fact, day)| (fact.into(), Answer::text(day)));
        decide(&engine, "s", &Case { facts: facts.to_vec(), ..Case::default() })
    };
    let own = "  first: shared\n  last: { type: date, label: { zh: 止, en: last } }\n";
    let both = "  first: shared\n  last: shared\n";
    let broken = asked(both, "days_between(first, last)").unwrap_err();
    assert_eq!(broken.iter().map(|d| d.code.as_ref()).collect::<Vec<_>>(), ["constraint"]);
    assert!(asked(own, "days_between(first, last)").is_ok());
    // A service that does not read both checks nothing.
    assert!(asked(both, "days_between(first, 2024-01-05)").is_ok());
}

/// S64: what is refused before any computing shows no figure.
#[test]
fn nothing_is_shown_of_what_is_refused_before_computing() {
    let early = ["not-in-force", "out-of-period", "crosses-year", "needs-split", "needs-lines"];
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for name in ["proposal", "year-crossing", "ninety-days", "over-time"] {
        let folder = root().join("tests/packs").join(name);
        let read = |file: &str| fs::read(folder.join(file)).unwrap();
        let pack = Pack::parse("pack.yaml", &read("pack.yaml"), &Library::new()).unwrap_or_else(|e| panic!("{e}"));
        let engine = Engine::load(pack.into_plan()).unwrap();
        let cases = parse_cases("cases.yaml", &read("cases.yaml")).unwrap();
        for report in run(&engine, &cases) {
            for decision in report.answer.decisions() {
                let codes = decision.refusals.iter().map(|r| r.code.as_str());
                let found: Vec<&str> = codes.filter(|code| early.contains(code)).collect();
                if !found.is_empty() {
                    assert!(decision.amounts.is_none() && decision.steps.is_empty(), "{name}: {found:?}");
                    seen.extend(early.iter().filter(|code| found.contains(code)));
                }
            }
        }
    }
    assert_eq!(seen.len(), early.len(), "{seen:?}");
}
