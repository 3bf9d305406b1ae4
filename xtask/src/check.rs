//! `check`: compiles packs, runs their cases, says which rules no case reaches and, on request, what is proved.

use std::path::Path;

use anyhow::{Result, bail};
use yibao_rules::analyse::{Proved, prove};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::Engine;
use yibao_rules::diagnostic::render_human;
use yibao_rules::runner::{coverage, parse_cases, run};

use crate::packs::{library, read, rendered};

/// Checks each of these `pack.yaml` files (all shipped packs if none is named).
pub fn check(files: &[String], proofs: bool) -> Result<()> {
    let library = library()?;
    let files = if files.is_empty() { crate::packs::shipped()? } else { files.to_vec() };
    let mut failed = 0;
    for file in &files {
        if let Err(error) = check_one(Path::new(file), &library, proofs) {
            eprintln!("{error:#}");
            failed += 1;
        }
    }
    if failed > 0 {
        bail!("{failed} of {} packs failed", files.len());
    }
    Ok(())
}

fn check_one(path: &Path, library: &Library, proofs: bool) -> Result<()> {
    let (file, bytes) = read(path)?;
    let pack = Pack::parse(&file, &bytes, library).map_err(|e| rendered(&e, &file, &bytes))?;
    for warning in pack.warnings().iter() {
        println!("{}", render_human(warning, std::str::from_utf8(&bytes).ok()));
    }
    let figures = pack.figures();
    let engine = Engine::load(pack.into_plan())?;
    let (cases_file, cases_bytes) = read(&path.with_file_name("cases.yaml"))?;
    let cases = parse_cases(&cases_file, &cases_bytes).map_err(|e| rendered(&e, &cases_file, &cases_bytes))?;
    let reports = run(&engine, &cases);
    let covered = coverage(engine.plan(), &reports);
    let wrong: Vec<_> = reports.iter().filter(|report| !report.failures.is_empty()).collect();
    let (all, reached) = (covered.rules.len(), covered.rules.len() - covered.unreached().count());
    println!("{file}: {} cases, {} failed, {reached}/{all} rules reached", reports.len(), wrong.len());
    println!("  {} figures, {} of them by a reading and not as printed", figures.proved, figures.read_in);
    for report in &wrong {
        let failures: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
        println!("  {}: {}", report.id, failures.join("; "));
    }
    for rule in covered.unreached() {
        println!("  no case reaches {rule}");
    }
    if proofs {
        show_proofs(&engine)?;
    }
    if wrong.is_empty() { Ok(()) } else { bail!("{file}: {} cases failed", wrong.len()) }
}

fn show_proofs(engine: &Engine) -> Result<()> {
    for service in &engine.plan().services {
        let proof = prove(engine, &service.id).map_err(|e| anyhow::anyhow!("{e}"))?;
        for property in &proof.properties {
            let word = match &property.result {
                Proved::Proved => "proved".to_owned(),
                Proved::Exempt { why, .. } => format!("exempt: {}", why.en),
                Proved::Open { why } => format!("open: {}", why.en),
                Proved::Refuted { counter } => format!(
                    "REFUTED by {}{}",
                    counter
                        .answers
                        .iter()
                        .map(|(name, value)| format!("{name} {value}"))
                        .collect::<Vec<_>>()
                        .join(", "),
                    counter
                        .against
                        .as_ref()
                        .map(|(name, value)| format!(" against {name} {value}: {}", counter.amounts.join(" → ")))
                        .unwrap_or_default()
                ),
            };
            println!("  {} {}: {word}", service.id, property.id);
        }
        if !proof.properties.is_empty() {
            println!(
                "  {}: {} combinations of facts, {} regions of amounts, {} of them refused",
                service.id, proof.combinations, proof.regions, proof.refused
            );
        }
        for gap in &proof.uncovered {
            println!("  {} not covered: {}", service.id, gap.en);
        }
    }
    Ok(())
}
