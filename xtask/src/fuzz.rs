//! Coverage-guided fuzzing of everything that reads what a stranger sends, on the stable compiler: LLVM's fuzzer, with
//! the instrumentation that `cargo fuzz` asks for.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::{paths, process};

const FOLDER: &str = "fuzz";
/// What the fuzzer is led by: counters at edges, and what is compared with what.
const COVERAGE: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];

/// Runs these targets, or all, for so many seconds in all. What is found is kept under `target`, never in the corpus.
pub fn run(wanted: &[String], seconds: u32) -> Result<ExitCode> {
    let home = paths::root().join(FOLDER);
    let mut targets: Vec<String> = fs::read_dir(home.join("corpus"))
        .context("fuzz/corpus is unreadable")?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    targets.sort();
    if let Some(unknown) = wanted.iter().find(|one| !targets.contains(one)) {
        bail!("there is no target `{unknown}`; targets are {}", targets.join(" "));
    }
    targets.retain(|target| wanted.is_empty() || wanted.contains(target));
    let about = process::read(process::command("rustc").arg("-vV"))?;
    let machine = about.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    build(&home, machine)?;
    let programs = paths::target().join("fuzz").join(machine).join("release");
    let each = (seconds / u32::try_from(targets.len())?).max(1);
    let mut crashed = Vec::new();
    for target in targets {
        println!("\n── {target} ({each} s)");
        if fuzz(&programs, &home, &target, each).is_err() {
            crashed.push(target);
        }
    }
    if crashed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!("\nfound something: {}; the inputs lie in {}", crashed.join(", "), found().display());
    Ok(ExitCode::FAILURE)
}

fn found() -> std::path::PathBuf {
    paths::target().join("fuzz-found")
}

/// With the machine named, so that what cargo runs while it builds is not led by anything.
fn build(home: &Path, machine: &str) -> Result<()> {
    process::run(
        process::cargo()
            .args(["build", "--release", "--locked", "--target", machine, "--manifest-path"])
            .arg(home.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(paths::target().join("fuzz"))
            .env("RUSTFLAGS", COVERAGE.join(" ")),
    )
}

fn fuzz(programs: &Path, home: &Path, target: &str, seconds: u32) -> Result<()> {
    let found = found().join(target);
    let grown = found.join("corpus");
    fs::create_dir_all(&grown)?;
    process::run(
        process::command(programs.join(paths::executable(target)))
            .arg(format!("-max_total_time={seconds}"))
            .args(["-rss_limit_mb=2048", "-timeout=20", "-print_final_stats=1"])
            .arg(format!("-artifact_prefix={}/", found.display()))
            // New finds go into the first folder.
            .args([&grown, &home.join("corpus").join(target)]),
    )
}
