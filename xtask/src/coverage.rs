//! What the tests reach of the modules that everything rests on, and whether they notice a change there.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{paths, process};

/// The evaluator, its numbers, and the inference that proves them.
const MODULES: [&str; 3] = ["src/evaluate/", "src/number/", "src/plan/infer.rs"];
/// The tests that hold them.
const TESTS: [&str; 7] = ["instructions", "evaluate", "number", "plans", "faults", "cases", "batch"];
/// The least share of their lines, and of their regions (a region ends at every branch), in per cent.
const LEAST: f64 = 95.0;
/// Versions that are known to work with this compiler.
const LLVM_COV: &str = "0.9.1";
const MUTANTS: &str = "27.1.0";

/// Runs the tests instrumented and prints what they reach, file by file.
pub fn run() -> Result<()> {
    installed("llvm-cov", LLVM_COV)?;
    let out = paths::target().join("coverage.json");
    let mut command = process::cargo();
    command.args(["llvm-cov", "--locked", "-p", "yibao-rules", "--json", "--summary-only", "--output-path"]).arg(&out);
    command.args(TESTS.iter().flat_map(|test| ["--test", test]));
    if let Some(tools) = llvm_tools()? {
        command.env("LLVM_COV", tools.join("llvm-cov")).env("LLVM_PROFDATA", tools.join("llvm-profdata"));
    }
    process::run(&mut command)?;
    let report: Value = serde_json::from_slice(&fs::read(&out).context("no report was written")?)?;
    let mut all = [[0, 0]; 2];
    println!("\n{:<28} {:>14} {:>16}", "file", "lines", "regions");
    for file in report["data"][0]["files"].as_array().context("the report names no files")? {
        let name = Path::new(file["filename"].as_str().unwrap_or_default());
        let name = name.strip_prefix(paths::root()).unwrap_or(name).to_string_lossy().replace('\\', "/");
        if !MODULES.iter().any(|module| name.starts_with(module)) {
            continue;
        }
        let counts = ["lines", "regions"].map(|what| {
            let summary = &file["summary"][what];
            [&summary["covered"], &summary["count"]].map(|n| n.as_u64().unwrap_or_default())
        });
        for (sum, own) in all.iter_mut().zip(&counts) {
            *sum = [sum[0] + own[0], sum[1] + own[1]];
        }
        print(&name, &counts);
    }
    print("in all", &all);
    if all.iter().any(|counts| share(counts) < LEAST) {
        bail!("less than {LEAST} % are reached");
    }
    Ok(())
}

fn share([covered, count]: &[u64; 2]) -> f64 {
    if *count == 0 { 0.0 } else { *covered as f64 * 100.0 / *count as f64 }
}

fn print(name: &str, [lines, regions]: &[[u64; 2]; 2]) {
    let shown = |counts: &[u64; 2]| format!("{}/{} {:5.1} %", counts[0], counts[1], share(counts));
    println!("{name:<28} {:>14} {:>16}", shown(lines), shown(regions));
}

/// Changes the same modules in one place after another and says which changes no test notices. `.cargo/mutants.toml`
/// says which files, which tests, and which changes are none.
pub fn mutants(more: &[String]) -> Result<()> {
    installed("mutants", MUTANTS)?;
    process::run(process::cargo().arg("mutants").args(more))
}

fn installed(command: &str, version: &str) -> Result<()> {
    let found = process::read(process::cargo().args([command, "--version"]));
    if found.is_ok() {
        return Ok(());
    }
    bail!("cargo-{command} is needed: cargo install --locked cargo-{command}@{version}");
}

/// Where `llvm-cov` of the compiler's own LLVM is, if it is not rustup's: in a variable, or where Debian puts it.
fn llvm_tools() -> Result<Option<PathBuf>> {
    if env::var_os("LLVM_COV").is_some() {
        return Ok(None);
    }
    let rustc = |arguments: &[&str]| process::read(process::command("rustc").args(arguments));
    let (about, libraries) = (rustc(&["-vV"])?, rustc(&["--print", "target-libdir"])?);
    if Path::new(&libraries).with_file_name("bin").join("llvm-cov").is_file() {
        return Ok(None);
    }
    let major = about.lines().find_map(|line| line.strip_prefix("LLVM version: ")?.split('.').next());
    let major = major.context("`rustc -vV` names no LLVM version")?;
    let debian = PathBuf::from(format!("/usr/lib/llvm-{major}/bin"));
    if debian.join("llvm-cov").is_file() {
        return Ok(Some(debian));
    }
    let added = process::run(process::command("rustup").args(["component", "add", "llvm-tools"]));
    added.with_context(|| format!("llvm-cov is needed: apt-get install llvm-{major}, or name it in LLVM_COV"))?;
    Ok(None)
}
