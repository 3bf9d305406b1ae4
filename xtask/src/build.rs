//! From the crate to `www/dist`: three Wasm builds with their glue, the plans, the npm package, the demo site.
//!
//! ```text
//! www/dist/portal/      yibao.js, yibao_bg.wasm, types: loads plans; the same Wasm in two parts, for pages
//! www/dist/analysis/    as portal: curves, bounds and comparisons too; what a page loads
//! www/dist/portal-js/   yibao.js: that engine without WebAssembly
//! www/dist/authoring/   as analysis: also reads and checks packs
//! www/dist/signatures/  the same names: verifies signatures, and is loaded only by those who do
//! www/dist/batch/       yibao_batch.wasm: columns of cases, without glue or imports
//! www/dist/plans/       the compiled packs
//! www/dist/shared/      what a pack elsewhere leans on: the vocabulary, packs with bounds, schemas for editors
//! www/dist/*.js         the package's entries over `core.js`, and their types
//! www/dist/site/        www/site as it is
//! www/dist/site/yibao/  what a portal serves: see `portal.rs`
//! ```

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::steps::Steps;
use crate::{index, jsbuild, packs, paths, portal, process, setup};

/// The module for batches.
const BATCH: &str = "batch";

/// What is made here in `www/dist` and may not be shadowed by something hand-written.
const MADE: [&str; 10] =
    ["portal", "analysis", jsbuild::FOLDER, "authoring", "signatures", BATCH, "plans", "shared", "element", "site"];

/// What the glue calls later than the first decision, or never: a page fetches it behind the rest. See `xtask-glue split`.
/// `decide` reads the answers that JavaScript does not: lists, institutions by name, and what is wrong.
const LATER: [&str; 4] = ["handle_decide", "handle_year", "handle_explain", "handle_replay"];
const LATER_ANALYSES: [&str; 6] =
    ["handle_curve", "handle_bounds", "handle_solve", "handle_counterfactual", "paths_*", "question_*"];

pub struct Built {
    pub portal: bool,
    pub site: bool,
}

pub fn run() -> ExitCode {
    let mut steps = Steps::default();
    let npm = npm(&mut steps);
    all(&mut steps, npm);
    steps.print_summary();
    steps.exit_code()
}

/// The packages that the build needs: binaryen for the engine in JavaScript, a bundler.
pub fn npm(steps: &mut Steps) -> bool {
    let node = steps.run("Node", "at once", setup::node).is_some();
    if !node {
        steps.blocked("npm packages", &[("Node", node)]);
        return false;
    }
    steps.run("npm packages", "5 to 20 s the first time", setup::npm_packages).is_some()
}

/// Every step of the build, with the set-up it needs. `npm`: whether the npm packages are there.
pub fn all(steps: &mut Steps, npm: bool) -> Built {
    let target = steps.run("wasm target", "5 s, nothing where it is there", setup::wasm_target).is_some();
    let glue = steps.run("glue", "60 to 90 s the first time", setup::glue);
    let mut wasm = |name: &'static str, folder: &str, package: &str, features: &str, later: &[&str]| match &glue {
        Some(glue) if target => {
            let build = || build_wasm(glue, folder, package, features, later);
            steps.run(name, "20 to 50 s the first time", build).is_some()
        }
        _ => {
            steps.blocked(name, &[("the wasm target", target), ("the glue", glue.is_some())]);
            false
        }
    };
    let portal = wasm("portal wasm", "portal", "yibao-rules", "wasm", &LATER);
    let analysis =
        wasm("analysis wasm", "analysis", "yibao-rules", "analysis", &[&LATER[..], &LATER_ANALYSES].concat());
    let authoring = wasm("authoring wasm", "authoring", "yibao-rules", "analysis,authoring", &[]);
    let signatures = wasm("signatures wasm", "signatures", "yibao-signatures", "wasm", &[]);
    let batch = if target {
        steps.run("batch wasm", "20 to 60 s the first time", build_batch).is_some()
    } else {
        steps.blocked("batch wasm", &[("the wasm target", target)]);
        false
    };
    let script = match &glue {
        Some(glue) if analysis && npm => steps
            .run("engine in JavaScript", "30 to 60 s where the wasm changed", || {
                jsbuild::build(glue, &built("analysis", "yibao-rules"))
            })
            .is_some(),
        _ => {
            steps.blocked("engine in JavaScript", &[("the analysis wasm", analysis), ("the npm packages", npm)]);
            false
        }
    };
    steps.run("packs", "a second", || {
        let plans = paths::dist().join("plans");
        empty(&plans)?;
        index::write(&plans)?;
        let shared = paths::dist().join("shared");
        empty(&shared)?;
        copy_tree(&paths::root().join("packs/schema"), &shared.join("schema"))?;
        packs::share(&shared)
    });
    let element = if npm {
        steps.run("element", "a second", build_element).is_some()
    } else {
        steps.blocked("element", &[("the npm packages", npm)]);
        false
    };
    let site = if portal && analysis && signatures && batch && script && element {
        steps.run("package and site", "a second", assemble).is_some()
    } else {
        let needs = [
            ("the portal wasm", portal),
            ("the signatures wasm", signatures),
            ("the batch wasm", batch),
            ("the engine in JavaScript", script),
            ("the element", element),
        ];
        steps.blocked("package and site", &needs);
        false
    };
    if portal || analysis || authoring {
        steps.run("sizes", "a second", print_sizes);
    }
    Built { portal, site }
}

/// `later`: the exports of the second part, where the build is cut in two.
fn build_wasm(glue: &Path, folder: &str, package: &str, features: &str, later: &[&str]) -> Result<()> {
    process::run(
        process::cargo()
            // As a library for Rust too, the crate would not be optimised as a whole: 6 KB more, packed.
            .args(["rustc", "--lib", "--crate-type", "cdylib", "--profile", "wasm", "--locked", "-p", package])
            .args(["--target", setup::TARGET, "--no-default-features", "--features", features])
            .arg("--config")
            // The linker's notes tell what needs what.
            .arg(rustflags(if later.is_empty() { &[] } else { &["-Clink-arg=--emit-relocs"] }))
            .arg("--target-dir")
            .arg(target_of(folder)),
    )?;
    let out = paths::dist().join(folder);
    empty(&out)?;
    let mut bindgen = process::command(glue);
    bindgen
        .args(["bindgen", "--target", "web", "--out-name", "yibao", "--remove-producers-section"])
        // The package starts a new instance where one trapped.
        .args(["--experimental-reset-state-function", "--out-dir"])
        .arg(&out)
        .arg(built(folder, package));
    if later.is_empty() {
        process::run(bindgen.arg("--remove-name-section"))?;
        return renewable(&out.join("yibao.js"));
    }
    process::run(bindgen.arg("--no-demangle"))?;
    renewable(&out.join("yibao.js"))?;
    process::run(
        process::command(glue)
            .arg("split")
            .arg(built(folder, package))
            .args([&out.join("yibao_bg.wasm"), &out])
            .args(later),
    )
}

/// The glue can reset itself to a new instance only at once, which a page may not do before Chromium 115. So an instance
/// that was made asynchronously may be handed in.
fn renewable(glue: &Path) -> Result<()> {
    const RESET: &str = "export function __wbg_reset_state () {";
    const MADE: &str = "wasmInstance = new WebAssembly.Instance(wasmModule, __wbg_get_imports());";
    const RENEWABLE: &str = "export const __wbg_new_instance = () => WebAssembly.instantiate(wasmModule, \
                             __wbg_get_imports());\n\nexport function __wbg_reset_state(instance) {";
    const GIVEN: &str = "wasmInstance = instance ?? new WebAssembly.Instance(wasmModule, __wbg_get_imports());";
    let text = fs::read_to_string(glue)?;
    for known in [RESET, MADE] {
        if text.matches(known).count() != 1 {
            bail!("wasm-bindgen now writes otherwise: `{known}` is not found once in {}", glue.display());
        }
    }
    Ok(fs::write(glue, text.replace(RESET, RENEWABLE).replace(MADE, GIVEN))?)
}

/// Vectors of 128 bits: every engine of the last years has them, and a batch is all loops over numbers.
fn build_batch() -> Result<()> {
    process::run(
        process::cargo()
            .args(["rustc", "--lib", "--crate-type", "cdylib", "--profile", "batch", "--locked", "-p", "yibao-batch"])
            .args(["--target", setup::TARGET, "--config"])
            .arg(rustflags(&["-Ctarget-feature=+simd128"]))
            .arg("--target-dir")
            .arg(target_of(BATCH)),
    )?;
    let out = paths::dist().join(BATCH);
    empty(&out)?;
    let file = "yibao_batch.wasm";
    let made = target_of(BATCH).join(setup::TARGET).join("batch").join(file);
    fs::copy(&made, out.join(file)).with_context(|| format!("cannot copy {}", made.display()))?;
    Ok(())
}

fn build_element() -> Result<()> {
    process::run(
        process::command("node").arg(paths::www().join("element/build.mjs")).arg(paths::dist().join("element")),
    )
}

/// One target directory each: the two feature sets would otherwise rebuild each other's dependencies for ever.
fn target_of(folder: &str) -> PathBuf {
    paths::target().join(format!("wasm-{folder}"))
}

/// What cargo makes of a build, before any glue.
fn built(folder: &str, package: &str) -> PathBuf {
    target_of(folder).join(setup::TARGET).join("wasm").join(package.replace('-', "_")).with_extension("wasm")
}

/// Panic messages name source files. With the builder's own folders taken out, the same sources give the same bytes
/// wherever they are built, and nobody's home is published.
fn rustflags(more: &[&str]) -> String {
    let cargo_home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
        .unwrap_or_else(|| PathBuf::from(".cargo"));
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let mut all = vec![remap(&cargo_home, "cargo"), remap(&paths::root(), "yibao-rules")];
    all.extend(more.iter().map(|flag| String::from(*flag)));
    format!("target.{}.rustflags={all:?}", setup::TARGET)
}

fn assemble() -> Result<()> {
    let dist = paths::dist();
    for entry in fs::read_dir(&dist)? {
        let entry = entry?;
        let kept = entry.file_name().to_str().is_some_and(|name| MADE.contains(&name) && name != "site");
        if !kept {
            remove(&entry.path())?;
        }
    }
    bundle(&dist)?;
    let site = paths::site();
    fs::create_dir_all(&site)?;
    copy_or_say(&paths::www().join("site"), &site)?;
    let package = site.join("yibao");
    if package.exists() {
        bail!("www/site/yibao would be hidden by the package; call it something else");
    }
    portal::assemble(&package)
}

/// The package's modules and their types.
fn bundle(dist: &Path) -> Result<()> {
    let sources = paths::www().join("src");
    for entry in fs::read_dir(&sources)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if path.to_string_lossy().ends_with(".d.ts") {
            fs::copy(&path, dist.join(name)).with_context(|| format!("cannot write {}", name.display()))?;
        }
    }
    let integrity = paths::target().join("integrity.js");
    portal::write_integrity(dist, &integrity)?;
    let script = paths::www().join("bundle/package.mjs");
    process::run(process::command("node").arg(script).args([&sources, dist, &integrity]))
}

fn copy_or_say(from: &Path, to: &Path) -> Result<()> {
    let shown = from.strip_prefix(paths::root()).unwrap_or(from).display();
    if !from.is_dir() {
        println!("there is no {shown}: nothing copied from it");
        return Ok(());
    }
    let files = copy_tree(from, to)?;
    println!("{shown}: {} copied", crate::steps::plural(files, "file"));
    Ok(())
}

/// Copies every file but hidden ones, and returns how many.
pub fn copy_tree(from: &Path, to: &Path) -> Result<usize> {
    fs::create_dir_all(to)?;
    let mut files = 0;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            files += copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| format!("cannot write {}", target.display()))?;
            files += 1;
        }
    }
    Ok(files)
}

fn empty(folder: &Path) -> Result<()> {
    remove(folder)?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else if path.exists() {
        fs::remove_file(path)
    } else {
        Ok(())
    };
    removed.with_context(|| format!("cannot remove {}", path.display()))
}

fn print_sizes() -> Result<()> {
    println!("{:<28} {:>10} {:>10}", "", "bytes", "gzip -9");
    let whole = ["portal", "analysis", jsbuild::FOLDER, "authoring", "signatures", BATCH];
    for folder in whole {
        print_sum(folder, folder, &["yibao_bg.wasm", "yibao.js", "yibao_batch.wasm"])?;
    }
    for folder in portal::PARTED {
        print_sum(&format!("{folder}, to decide"), folder, &["yibao_first.wasm", "yibao.js"])?;
        print_sum(&format!("{folder}, later"), folder, &["yibao_rest.wasm"])?;
    }
    Ok(())
}

fn print_sum(title: &str, folder: &str, files: &[&str]) -> Result<()> {
    let mut sums = (0, 0);
    for file in files {
        let path = paths::dist().join(folder).join(file);
        if path.is_file() {
            let bytes = fs::read(&path)?;
            let packed = gzip_length(&bytes)?;
            println!("{:<28} {:>10} {:>10}", format!("{folder}/{file}"), bytes.len(), packed);
            sums = (sums.0 + bytes.len(), sums.1 + packed);
        }
    }
    println!("{:<28} {:>10} {:>10}", format!("{title}: together"), sums.0, sums.1);
    Ok(())
}

fn gzip_length(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}
