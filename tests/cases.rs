//! Every case of every pack: run, recalculated, counted.
#![cfg(feature = "authoring")]
#![expect(clippy::panic, clippy::arithmetic_side_effects, reason = "tests and their helpers may fail loudly")]

mod common;

use common::calculator::{calculate, expected};
use common::{Folder, folders, library};
use num_rational::BigRational;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use yibao_rules::compile::Pack;
use yibao_rules::decision::{Decision, Engine, StepView};
use yibao_rules::plan::{Form, ServiceKind, Status};
use yibao_rules::runner::{Expected, Origin, Report, Scenario, TestCase, coverage, run};

/// A pack that ran.
struct Ran {
    folder: Folder,
    engine: Engine,
    reports: Vec<Report>,
}

fn ran(parent: &str) -> Vec<Ran> {
    let library = library();
    folders(parent)
        .into_iter()
        .map(|folder| {
            let pack = Pack::parse(&folder.file, folder.text.as_bytes(), &library).unwrap_or_else(|e| panic!("{e}"));
            let engine = Engine::load(pack.into_plan()).unwrap_or_else(|e| panic!("{}: {e}", folder.file));
            let reports = run(&engine, &folder.cases);
            Ran { folder, engine, reports }
        })
        .collect()
}

/// Fails with all lines, if there are any.
fn none(what: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{} {what}:\n{}", wrong.len(), wrong.join("\n"));
}

fn failures(parent: &str) {
    let mut wrong = Vec::new();
    for pack in ran(parent) {
        assert!(!pack.reports.is_empty(), "{} has no cases", pack.folder.name);
        for report in &pack.reports {
            wrong.extend(report.failures.iter().map(|f| format!("{} / {}: {f}", pack.folder.name, report.id)));
        }
    }
    none("failures", &wrong);
}

#[test]
fn every_case_of_the_shipped_packs() {
    failures("packs");
}

/// The portal build carries no numbers past 64 bits and refuses a plan that needs them.
#[test]
fn every_shipped_pack_runs_over_64_bits() {
    let mut wide = Vec::new();
    for pack in ran("packs") {
        for (index, service) in pack.engine.plan().services.iter().enumerate() {
            if !pack.engine.is_narrow(index) {
                wide.push(format!("{}: {}", pack.folder.name, service.id));
            }
        }
    }
    none("services past 64 bits: narrow the bounds of their facts", &wide);
}

#[test]
fn every_case_of_the_test_packs() {
    failures("tests/packs");
}

/// The expected value that a working's path names: an amount, a step, a credit, a balance or the
/// limit; of an encounter where the path begins with one.
fn named<'a>(expect: &'a Expected, path: &str) -> Option<&'a str> {
    if let Some((first, rest)) = path.split_once('.')
        && let Some((_, encounter)) = expect.encounters.iter().find(|(id, _)| id == first)
    {
        return named(encounter, rest);
    }
    let of = |pairs: &'a [(String, String)], name: &str| {
        pairs.iter().find(|(id, _)| id == name).map(|(_, value)| value.as_str())
    };
    let path = path.strip_prefix("amounts.").or_else(|| path.strip_prefix("steps.")).unwrap_or(path);
    match path {
        "credit" => expect.credit.as_deref(),
        "limit" => expect.limit.as_ref().map(|(_, to)| to.as_str()),
        _ => of(&expect.amounts, path)
            .or_else(|| of(&expect.steps, path))
            .or_else(|| of(&expect.after, path.strip_prefix("after.")?)),
    }
}

fn recalculated(case: &TestCase, wrong: &mut Vec<String>) {
    for (path, sum) in &case.working {
        let Some(value) = named(&case.expect, path) else {
            wrong.push(format!("{}: working `{path}` names nothing expected", case.id));
            continue;
        };
        match (calculate(sum), expected(value)) {
            (Ok(ours), Ok(theirs)) if ours == theirs => {}
            (Ok(ours), Ok(_)) => wrong.push(format!("{}: {path}: {sum} is {ours}, expected {value}", case.id)),
            (Err(e), _) | (_, Err(e)) => wrong.push(format!("{}: {path}: {e}", case.id)),
        }
    }
}

#[test]
fn every_working_gives_the_expected_value() {
    let mut wrong = Vec::new();
    let mut sums = 0;
    for parent in ["packs", "tests/packs"] {
        for folder in folders(parent) {
            let mut here = Vec::new();
            for case in &folder.cases.cases {
                sums += case.working.len();
                recalculated(case, &mut here);
            }
            wrong.extend(here.into_iter().map(|w| format!("{} / {w}", folder.name)));
        }
    }
    none("workings differ", &wrong);
    println!("{sums} workings recalculated");
    assert!(sums > 600, "{sums}");
}

/// Expected amounts of a derived case without a working. A year's case names its encounters.
fn without_working(expect: &Expected, case: &TestCase, prefix: &str, out: &mut Vec<String>) {
    for (name, value) in &expect.amounts {
        let path = format!("{prefix}{name}");
        // Nothing is paid where nothing is to be paid; an amount taken over as answered needs no sum.
        let given = match &case.scenario {
            Scenario::One(_, c) => c.facts.iter().any(|(_, a)| {
                expected(&a.word().replace('`', "")).is_ok_and(|f| expected(value).is_ok_and(|v| v == f))
            }),
            Scenario::Year(_) => false,
        };
        if !given && expected(value).is_ok() && !case.working.iter().any(|(p, _)| *p == path) {
            out.push(path);
        }
    }
    for (id, inner) in &expect.encounters {
        without_working(inner, case, &format!("{id}."), out);
    }
}

#[test]
fn every_derived_settlement_shows_its_working() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for pack in ran("packs") {
        for (case, report) in pack.folder.cases.cases.iter().zip(&pack.reports) {
            let kind = pack.engine.plan().services.iter().find(|s| s.id == report.service).map(|s| s.kind);
            let computed =
                report.answer.decisions().iter().any(|d| d.outcome == yibao_rules::decision::Outcome::Computed);
            if case.origin != Origin::Derived || kind != Some(ServiceKind::Settlement) || !computed {
                continue;
            }
            seen += 1;
            let mut missing = Vec::new();
            without_working(&case.expect, case, "", &mut missing);
            if case.working.is_empty() {
                missing.push("no working at all".into());
            }
            wrong.extend(missing.into_iter().map(|m| format!("{} / {}: {m}", pack.folder.name, case.id)));
        }
    }
    none("amounts without a working", &wrong);
    println!("{seen} derived settlements with workings");
    assert!(seen > 40, "{seen}");
}

#[test]
fn cases_reach_every_rule_of_the_shipped_packs() {
    let mut table = String::from("| pack | cases | rules | reached |\n| --- | ---: | ---: | ---: |\n");
    let mut wrong = Vec::new();
    for pack in ran("packs") {
        let covered = coverage(pack.engine.plan(), &pack.reports);
        let rules = covered.rules.len();
        let reached = rules - covered.unreached().count();
        writeln!(table, "| {} | {} | {rules} | {reached} |", pack.folder.name, pack.reports.len()).unwrap_or_default();
        assert!(rules > 0, "{}", pack.folder.name);
        // A proposal computes nothing, so nothing of it is reached.
        if pack.engine.plan().pack.status == Status::Proposal {
            continue;
        }
        wrong.extend(covered.unreached().map(|rule| format!("{}: {rule}", pack.folder.name)));
    }
    println!("{table}");
    none("rules without a case", &wrong);
}

#[test]
fn origins_are_counted() {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for parent in ["packs", "tests/packs"] {
        for folder in folders(parent) {
            for case in &folder.cases.cases {
                let origin = match case.origin {
                    Origin::Published => "published",
                    Origin::Derived => "derived",
                    Origin::Invented => "invented",
                };
                *counts.entry((parent, origin)).or_default() += 1;
            }
        }
    }
    for ((parent, origin), n) in &counts {
        println!("{parent}: {n} {origin}");
    }
    assert!(counts.get(&("packs", "published")).is_some_and(|n| *n > 0));
}

fn fen(n: i64) -> BigRational {
    BigRational::new(n.into(), 100.into())
}

fn money(value: Option<&yibao_rules::decision::Value>) -> Option<BigRational> {
    let value = value.filter(|v| v.unit == "yuan")?;
    expected(&value.text).ok()
}

/// All steps of all decisions of a service, under their ids.
fn views<'a>(reports: &'a [Report], service: &str) -> Vec<(&'a Decision, &'a StepView)> {
    let decisions = reports.iter().flat_map(|r| r.answer.decisions()).filter(|d| d.service.id == service);
    decisions.flat_map(|d| d.steps.iter().map(move |s| (d, s))).collect()
}

/// Whether values one fen apart stand on both sides of, and at, `edge`.
fn beside(values: &BTreeSet<BigRational>, edge: &BigRational) -> bool {
    [-1, 0, 1].iter().all(|n| values.contains(&(edge + fen(*n))))
}

/// Band edges without a case one fen below, at and one fen above. A case is at an edge when one fen
/// less fills the lower band by one fen less, and one fen more puts one fen into the next band.
fn bands(pack: &Ran, service: &str, step: &str, edges: usize, wrong: &mut Vec<String>) {
    let portions: Vec<Vec<Option<BigRational>>> = views(&pack.reports, service)
        .iter()
        .filter(|(_, s)| s.id == step)
        .map(|(_, s)| s.rows.iter().map(|r| money(r.portion.as_ref())).collect())
        .collect();
    let pairs = |i: usize| -> BTreeSet<(BigRational, BigRational)> {
        portions.iter().filter_map(|p| Some((p.get(i)?.clone()?, p.get(i + 1)?.clone()?))).collect()
    };
    for i in 0..edges {
        let found = pairs(i);
        let at = found.iter().any(|(full, over)| {
            *over == fen(1) && found.contains(&(full.clone(), fen(0))) && found.contains(&(full - fen(1), fen(0)))
        });
        if !at {
            wrong.push(format!("{}: {service}.{step}: edge {i} of the bands", pack.folder.name));
        }
    }
}

/// Money edges of a table's cells without cases beside and at them.
fn cells(pack: &Ran, service: &str, step: &str, wrong: &mut Vec<String>) -> usize {
    let mut edges: BTreeMap<String, BTreeSet<BigRational>> = BTreeMap::new();
    let mut keys: BTreeMap<String, BTreeSet<BigRational>> = BTreeMap::new();
    for (_, view) in views(&pack.reports, service).into_iter().filter(|(_, s)| s.id == step) {
        for (i, key) in view.keys.iter().enumerate() {
            let of_rows = view
                .rows
                .iter()
                .filter_map(|r| r.cells.get(i))
                .flat_map(|c| c.split(['[', ']', '(', ')', ',', '<', '>', '=', ' ']));
            let amounts =
                of_rows.filter_map(|end| end.strip_suffix('元')).filter_map(|yuan| match yuan.strip_suffix('万') {
                    Some(wan) => calculate(&format!("{wan} * 10000")).ok(),
                    None => calculate(yuan).ok(),
                });
            edges.entry(key.clone()).or_default().extend(amounts);
            let read = view.formulas.iter().filter(|f| f.role == "key" && f.text == *key).flat_map(|f| &f.reads);
            keys.entry(key.clone()).or_default().extend(read.filter_map(|r| money(Some(&r.value))));
        }
    }
    let all: Vec<(&String, &BigRational)> =
        edges.iter().flat_map(|(key, ends)| ends.iter().map(move |e| (key, e))).collect();
    for (key, edge) in &all {
        if !keys.get(*key).is_some_and(|values| beside(values, edge)) {
            wrong.push(format!("{}: {service}.{step}: {key} at {edge}", pack.folder.name));
        }
    }
    all.len()
}

/// Figures that the rows of a table give.
fn figures_of(rows: &[yibao_rules::plan::RowText]) -> BTreeSet<BigRational> {
    rows.iter().filter_map(|row| calculate(row.is.strip_suffix('元')?).ok()).collect()
}

/// `min(threshold, amount)`: for every figure that a table gives the threshold, the amount takes
/// it, one fen less and one fen more.
fn thresholds(
    pack: &Ran,
    service: &str,
    step: &str,
    tables: &BTreeMap<&str, BTreeSet<BigRational>>,
    wrong: &mut Vec<String>,
) -> usize {
    let mut amounts: BTreeMap<BigRational, BTreeSet<BigRational>> = BTreeMap::new();
    for (_, view) in views(&pack.reports, service).into_iter().filter(|(_, s)| s.id == step) {
        let Some(formula) = view.formulas.first().filter(|f| f.text.starts_with("min(")) else { continue };
        if let [a, b] = formula.reads.as_slice() {
            let (table, amount) = if tables.contains_key(a.id.as_str()) { (a, b) } else { (b, a) };
            let Some(figures) = tables.get(table.id.as_str()) else { continue };
            if let (Some(threshold), Some(value)) =
                (money(Some(&table.value)).filter(|t| figures.contains(t)), money(Some(&amount.value)))
            {
                amounts.entry(threshold).or_default().insert(value);
            }
        }
    }
    for (threshold, values) in &amounts {
        if !beside(values, threshold) {
            wrong.push(format!("{}: {service}.{step}: threshold {threshold}", pack.folder.name));
        }
    }
    amounts.len()
}

#[test]
fn money_edges_have_cases_one_fen_to_each_side() {
    let (mut wrong, mut edges) = (Vec::new(), 0);
    for pack in ran("packs") {
        for service in &pack.engine.plan().services {
            let table = |step: &'_ yibao_rules::plan::Step| match &step.form {
                Form::Table { rows, .. } => Some(figures_of(rows)),
                _ => None,
            };
            let tables: BTreeMap<&str, BTreeSet<BigRational>> =
                service.steps.iter().filter_map(|s| Some((s.id.as_str(), table(s)?))).collect();
            for step in &service.steps {
                match &step.form {
                    Form::Bands { rows, .. } => {
                        edges += rows.len() - 1;
                        bands(&pack, &service.id, &step.id, rows.len() - 1, &mut wrong);
                    }
                    Form::Table { .. } => edges += cells(&pack, &service.id, &step.id, &mut wrong),
                    Form::Value => edges += thresholds(&pack, &service.id, &step.id, &tables, &mut wrong),
                    _ => {}
                }
            }
        }
    }
    none("money edges without cases", &wrong);
    println!("{edges} money edges with cases at −1 fen, 0 and +1 fen");
    assert!(edges >= 5, "{edges}");
}

/// What a case can expect is used somewhere, so that the runner's own comparisons are exercised.
#[test]
fn every_kind_of_expectation_is_used() {
    let mut refusals: BTreeSet<String> = BTreeSet::new();
    let mut warnings: BTreeSet<String> = BTreeSet::new();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<Expected> = Vec::new();
    for parent in ["packs", "tests/packs"] {
        open.extend(folders(parent).into_iter().flat_map(|f| f.cases.cases).map(|c| c.expect));
    }
    while let Some(expect) = open.pop() {
        refusals.extend(expect.refusal.clone());
        warnings.extend(expect.warnings.iter().cloned());
        let uses = [
            ("credit", expect.credit.is_some()),
            ("after", !expect.after.is_empty()),
            ("missing", expect.missing.is_some()),
            ("governs", expect.governs.is_some()),
            ("clauses", !expect.clauses.is_empty()),
            ("documents", expect.documents.is_some()),
            ("limit", expect.limit.is_some()),
            ("error", expect.error.is_some()),
            ("bounds", !expect.bounds.is_empty()),
        ];
        used.extend(uses.iter().filter(|(_, yes)| *yes).map(|(name, _)| *name));
        open.extend(expect.encounters.into_iter().map(|(_, e)| e));
    }
    let codes = [
        "conflict",
        "crosses-year",
        "impossible",
        "month-length",
        "needs-lines",
        "needs-split",
        "negative-payment",
        "no-such-day",
        "not-applicable",
        "not-covered",
        "not-in-force",
        "out-of-period",
        "over-bill",
        "too-many-pieces",
        "unset",
    ];
    let missing: Vec<String> = codes.iter().filter(|c| !refusals.contains(**c)).map(|c| (*c).to_owned()).collect();
    none("refusals without a case", &missing);
    let missing: Vec<String> = ["after-evidence", "asker-figure", "before-evidence", "historical", "no-service-day"]
        .iter()
        .filter(|c| !warnings.contains(**c))
        .map(|c| (*c).to_owned())
        .collect();
    none("warnings without a case", &missing);
    assert_eq!(used.len(), 9, "{used:?}");
}
