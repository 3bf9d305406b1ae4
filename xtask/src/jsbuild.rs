//! The engine in JavaScript, for pages whose content policy refuses WebAssembly and for browsers that lack it.
//!
//! ```text
//! what cargo built ─► lowered to the first WebAssembly ─► glue ─► shortened ─► wasm2js ─► one minified module
//! ```
//!
//! It is the build with the analyses, which pages load, so there is one engine. `wasm2js` knows no feature that came
//! after the first WebAssembly: copies, fills, sign extensions and conversions are lowered, and the glue is told of no
//! reference types or several results, and passes objects and results as it did before there were any.

use std::fs;
use std::iter;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{paths, process};

/// Folder of `www/dist`; the module in it is called as the glue of the other builds.
pub const FOLDER: &str = "portal-js";
const MODULE: &str = "yibao.js";

/// `wasm` is what cargo made of the build with the analyses, before any glue.
pub fn build(glue: &Path, wasm: &Path) -> Result<()> {
    let work = paths::target().join(FOLDER);
    fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    let (made, stamp) = (work.join(MODULE), work.join("made-from"));
    let from = fingerprint(wasm)?;
    if made.is_file() && fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == from) {
        println!("made before from this wasm");
    } else {
        fs::remove_file(&stamp).ok();
        make(glue, wasm, &work)?;
        fs::write(&stamp, from)?;
    }
    let out = paths::dist().join(FOLDER);
    fs::create_dir_all(&out)?;
    fs::copy(&made, out.join(MODULE)).with_context(|| format!("cannot write into {}", out.display()))?;
    Ok(())
}

fn make(glue: &Path, wasm: &Path, work: &Path) -> Result<()> {
    let unlinked = work.join("unlinked.wasm");
    process::run(process::command(glue).arg("unlink").args([wasm, &unlinked]))?;
    let lowered = work.join("lowered.wasm");
    let first = work.join("first.wasm");
    process::run(
        binaryen("wasm-opt")
            .args(["--llvm-memory-copy-fill-lowering", "--signext-lowering", "--llvm-nontrapping-fptoint-lowering"])
            // What a file says of its own features wins over every flag: said anew in a second run.
            .args(["--strip-target-features", "-o"])
            .args([&lowered, &unlinked]),
    )?;
    process::run(
        binaryen("wasm-opt")
            .args(["--mvp-features", "--enable-mutable-globals", "--emit-target-features", "-o"])
            .args([&first, &lowered]),
    )?;
    process::run(
        process::command(glue)
            .args(["bindgen", "--target", "web", "--out-name", "yibao", "--no-typescript"])
            .args(["--remove-name-section", "--remove-producers-section", "--experimental-reset-state-function"])
            .arg("--out-dir")
            .args([&work.join("glue"), &first]),
    )?;
    let short = shorten(&work.join("glue/yibao_bg.wasm"), work)?;
    let translated = work.join("translated.js");
    process::run(
        binaryen("wasm2js")
            .args(["-Oz", "--ignore-implicit-traps", "--low-memory-unused", "-o"])
            .args([&translated, &short]),
    )?;
    process::run(script("engine.mjs").args([&translated, &work.join("glue/yibao.js"), &work.join(MODULE)]))
}

/// Copies of structures as calls: see `www/bundle/copies.mjs`.
fn shorten(wasm: &Path, work: &Path) -> Result<PathBuf> {
    let [small, text, fewer, short] =
        ["small.wasm", "small.wat", "short.wat", "short.wasm"].map(|name| work.join(name));
    process::run(binaryen("wasm-opt").args(["-Oz", "-o"]).args([&small, wasm]))?;
    process::run(binaryen("wasm-dis").arg(&small).arg("-o").arg(&text))?;
    process::run(script("copies.mjs").args([&text, &fewer]))?;
    process::run(binaryen("wasm-as").arg(&fewer).arg("-o").arg(&short))?;
    Ok(short)
}

fn script(name: &str) -> Command {
    let mut command = process::command("node");
    command.arg(paths::www().join("bundle").join(name));
    command
}

fn binaryen(tool: &str) -> Command {
    let mut command = process::command("node");
    command.arg(paths::www().join("node_modules/binaryen/bin").join(tool));
    command
}

/// Of everything the module is made from: the wasm, the packages' versions, the two steps here.
fn fingerprint(wasm: &Path) -> Result<String> {
    let mut all = Sha256::new();
    let made_by = ["package-lock.json", "bundle/engine.mjs", "bundle/copies.mjs"].map(|file| paths::www().join(file));
    for file in iter::once(wasm).chain(made_by.iter().map(PathBuf::as_path)) {
        all.update(fs::read(file).with_context(|| format!("cannot read {}", file.display()))?);
    }
    all.update(include_bytes!("jsbuild.rs"));
    Ok(all.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
