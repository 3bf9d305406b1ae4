//! Every row of the source documents is encoded, or it is said why not: `packs/coverage.yaml`, from
//! which `docs/seed-coverage.md` is written (`BLESS=1 cargo test --test seed_coverage`).
#![cfg(feature = "authoring")]
#![expect(clippy::panic, clippy::arithmetic_side_effects, reason = "tests and their helpers may fail loudly")]

mod common;

use common::{Folder, at_root, folders, library, read};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use yibao_rules::compile::Pack;
use yibao_rules::decision::Engine;
use yibao_rules::figure::normalise;
use yibao_rules::plan::{Plan, Status};
use yibao_rules::runner::{Scenario, run};
use yibao_rules::text::{Limits, Node, parse};

const FILE: &str = "packs/coverage.yaml";
const PAGE: &str = "docs/seed-coverage.md";

/// Kinds, in the order of the page's summary, and what they mean.
const KINDS: [(&str, &str); 5] = [
    ("rule", "a step computes or checks it"),
    ("redacted", "a step is there, its figure is hidden in the text and has no default"),
    ("proposal", "asked for or announced, not in force; every question is refused"),
    ("statistic", "a result that was reached; it decides nothing"),
    ("not-benefit", "identity, governance or bookkeeping with nothing to compute"),
];

/// Where a row is encoded.
struct Place {
    pack: String,
    service: String,
    step: String,
    case: String,
}

/// A row of the source documents.
struct Row {
    id: String,
    seed: String,
    place: String,
    quote: String,
    kind: String,
    reason: Option<(String, String)>,
    at: Vec<Place>,
}

fn word(node: &Node, key: &str) -> String {
    node.get(key).and_then(Node::as_text).unwrap_or_else(|| panic!("{FILE}: `{key}` is missing in {node:?}")).to_owned()
}

fn rows(tree: &Node) -> Vec<Row> {
    let all = tree.get("rows").and_then(Node::as_sequence).unwrap_or_default();
    all.iter()
        .map(|row| {
            for entry in row.as_mapping().unwrap_or_default() {
                let key = entry.key.value.as_str();
                assert!(
                    ["id", "seed", "place", "quote", "kind", "reason", "at"].contains(&key),
                    "{FILE}: `{key}` is not a key of a row"
                );
            }
            let places = row.get("at").and_then(Node::as_sequence).unwrap_or_default();
            let at = places.iter().map(|p| Place {
                pack: word(p, "pack"),
                service: word(p, "service"),
                step: word(p, "step"),
                case: word(p, "case"),
            });
            let place = row.get("place").unwrap_or_else(|| panic!("{FILE}: a row without `place`"));
            assert!(!word(place, "zh").is_empty());
            Row {
                id: word(row, "id"),
                seed: word(row, "seed"),
                place: word(place, "en"),
                quote: word(row, "quote"),
                kind: word(row, "kind"),
                reason: row.get("reason").map(|r| (word(r, "zh"), word(r, "en"))),
                at: at.collect(),
            }
        })
        .collect()
}

fn tree() -> Node {
    parse(FILE, read(FILE).as_bytes(), &Limits::default()).unwrap_or_else(|e| panic!("{e}"))
}

fn none(what: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{} {what}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_row_is_there_once() {
    let found: Vec<String> = rows(&tree()).into_iter().map(|row| row.id).collect();
    let all: Vec<String> = (1..=99).map(|n| format!("A{n:02}")).collect();
    assert_eq!(found, all);
}

#[test]
fn every_row_says_what_it_is() {
    let mut wrong = Vec::new();
    let tree = tree();
    for row in rows(&tree) {
        let known = KINDS.iter().any(|(kind, _)| *kind == row.kind);
        let reasons = row.reason.as_ref().is_some_and(|(zh, en)| !zh.is_empty() && !en.is_empty());
        let places = !row.at.is_empty();
        let fits = match row.kind.as_str() {
            "rule" => places && row.reason.is_none(),
            "redacted" | "proposal" => places && reasons,
            _ => reasons,
        };
        let seed = tree.get("seeds").is_some_and(|seeds| seeds.get(&row.seed).is_some());
        if !(known && fits && seed && !row.quote.is_empty()) {
            wrong.push(format!("{}: {}", row.id, row.kind));
        }
    }
    none("rows that are not complete", &wrong);
}

/// A pack that rows name.
struct Named {
    plan: Plan,
    folder: Folder,
    /// Cases that fail.
    failing: BTreeSet<String>,
}

fn named() -> BTreeMap<String, Named> {
    let library = library();
    let wanted: BTreeSet<String> = rows(&tree()).into_iter().flat_map(|row| row.at).map(|place| place.pack).collect();
    let found: BTreeMap<String, Named> = folders("packs")
        .into_iter()
        .filter(|folder| wanted.contains(&folder.name))
        .map(|folder| {
            let pack = Pack::parse(&folder.file, folder.text.as_bytes(), &library).unwrap_or_else(|e| panic!("{e}"));
            let plan = pack.plan().clone();
            let engine = Engine::load(pack.into_plan()).unwrap_or_else(|e| panic!("{}: {e}", folder.file));
            let failing =
                run(&engine, &folder.cases).into_iter().filter(|r| !r.failures.is_empty()).map(|r| r.id).collect();
            (folder.name.clone(), Named { plan, folder, failing })
        })
        .collect();
    none("packs that are not there", &wanted.into_iter().filter(|name| !found.contains_key(name)).collect::<Vec<_>>());
    found
}

#[test]
fn every_reference_is_there() {
    let packs = named();
    let mut wrong = Vec::new();
    for row in rows(&tree()) {
        for place in &row.at {
            let Some(pack) = packs.get(&place.pack) else { continue };
            let at = format!("{}: {} {}.{} {}", row.id, place.pack, place.service, place.step, place.case);
            let service = pack.plan.services.iter().find(|s| s.id == place.service);
            if !service.is_some_and(|s| s.steps.iter().any(|step| step.id == place.step)) {
                wrong.push(format!("{at}: there is no such step"));
            }
            let case = pack.folder.cases.cases.iter().find(|c| c.id == place.case);
            if !case.is_some_and(|c| matches!(&c.scenario, Scenario::One(service, _) if *service == place.service)) {
                wrong.push(format!("{at}: there is no such case of the service"));
            }
            if pack.failing.contains(&place.case) {
                wrong.push(format!("{at}: the case fails"));
            }
            if (row.kind == "proposal") != (pack.plan.pack.status == Status::Proposal) {
                wrong.push(format!("{at}: a proposal is encoded as one, and nothing else is"));
            }
        }
    }
    none("references that lead nowhere", &wrong);
}

/// The sentence of a row stands in the sources of every pack that encodes it; ` … ` joins sentences
/// that stand apart.
#[test]
fn every_quote_stands_in_the_sources() {
    let packs = named();
    let mut wrong = Vec::new();
    for row in rows(&tree()) {
        let names: BTreeSet<&String> = row.at.iter().map(|place| &place.pack).collect();
        for pack in names.into_iter().filter_map(|name| packs.get(name)) {
            let clauses: Vec<String> =
                pack.plan.sources.iter().flat_map(|s| &s.clauses).map(|c| normalise(&c.quote)).collect();
            for piece in row.quote.split(" … ") {
                let piece = normalise(piece);
                if !clauses.iter().any(|clause| clause.contains(&piece)) {
                    wrong.push(format!("{}: {}: {piece}", row.id, pack.folder.name));
                }
            }
        }
    }
    none("sentences that do not stand in the sources", &wrong);
}

/// The page: a summary by kind, and one line per row.
fn page(tree: &Node) -> String {
    let rows = rows(tree);
    let mut out = String::from("# What became of every row of the source documents\n\n");
    out.push_str(
        "Written from [`packs/coverage.yaml`](../packs/coverage.yaml) by `BLESS=1 cargo test --test seed_coverage`. ",
    );
    out.push_str("A row that is a rule names the step that computes or checks it and a case that shows it.\n\n");
    out.push_str("| kind | rows | meaning |\n| --- | ---: | --- |\n");
    for (kind, meaning) in KINDS {
        let count = rows.iter().filter(|row| row.kind == kind).count();
        writeln!(out, "| {kind} | {count} | {meaning} |").unwrap_or_default();
    }
    for entry in tree.get("seeds").and_then(Node::as_mapping).unwrap_or_default() {
        let seed = entry.key.value.as_str();
        writeln!(out, "\n## {seed}: {}\n\n{}\n", word(&entry.value, "zh"), word(&entry.value, "en"))
            .unwrap_or_default();
        out.push_str("| row | place | sentence | kind | where, or why not |\n| --- | --- | --- | --- | --- |\n");
        for row in rows.iter().filter(|row| row.seed == seed) {
            let places = row.at.iter().map(|p| {
                format!("[{0}](../packs/{0}/pack.yaml) `{1}.{2}`, case `{3}`", p.pack, p.service, p.step, p.case)
            });
            let reason = row.reason.iter().map(|(zh, en)| format!("{en}（{zh}）"));
            let cell = reason.chain(places).collect::<Vec<_>>().join("<br>");
            writeln!(out, "| {} | {} | {} | {} | {cell} |", row.id, row.place, row.quote.replace('|', "\\|"), row.kind)
                .unwrap_or_default();
        }
    }
    out
}

#[test]
fn the_page_is_written_from_the_rows() {
    let text = page(&tree());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(at_root(PAGE), &text).unwrap_or_else(|e| panic!("{PAGE}: {e}"));
    }
    assert!(read(PAGE) == text, "{PAGE} is not what `{FILE}` says: run `BLESS=1 cargo test --test seed_coverage`");
}
