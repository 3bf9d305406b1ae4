//! The engine in JavaScript, for pages whose content policy refuses WebAssembly and for browsers that lack it.
//!
//! ```text
//! what cargo built ─► lowered to the first WebAssembly ─► glue ─► wasm2js ─► one minified module
//! ```
//!
//! It is the portal build itself, so there is one engine. `wasm2js` knows no feature that came after the first
//! WebAssembly: copies, fills, sign extensions and conversions are lowered, and the glue is told of no reference types
//! or several results, and passes objects and results as it did before there were any.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{paths, process};

/// Folder of `www/dist`; the module in it is called as the glue of the other builds.
pub const FOLDER: &str = "portal-js";
const MODULE: &str = "yibao.js";

/// `wasm` is what cargo made of the portal build, before any glue.
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
    let lowered = work.join("lowered.wasm");
    let first = work.join("first.wasm");
    process::run(
        binaryen("wasm-opt")
            .args(["--llvm-memory-copy-fill-lowering", "--signext-lowering", "--llvm-nontrapping-fptoint-lowering"])
            // What a file says of its own features wins over every flag: said anew in a second run.
            .args(["--strip-target-features", "-o"])
            .args([&lowered, wasm]),
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
    let translated = work.join("translated.js");
    process::run(
        binaryen("wasm2js")
            .args(["-Oz", "--ignore-implicit-traps", "--low-memory-unused", "-o"])
            .args([&translated, &work.join("glue/yibao_bg.wasm")]),
    )?;
    process::run(process::command("node").arg(paths::www().join("bundle/engine.mjs")).args([
        &translated,
        &work.join("glue/yibao.js"),
        &work.join(MODULE),
    ]))
}

fn binaryen(tool: &str) -> Command {
    let mut command = process::command("node");
    command.arg(paths::www().join("node_modules/binaryen/bin").join(tool));
    command
}

/// Of everything the module is made from: the wasm, the packages' versions, the two steps here.
fn fingerprint(wasm: &Path) -> Result<String> {
    let mut all = Sha256::new();
    for file in [wasm, &paths::www().join("package-lock.json"), &paths::www().join("bundle/engine.mjs")] {
        all.update(fs::read(file).with_context(|| format!("cannot read {}", file.display()))?);
    }
    all.update(include_bytes!("jsbuild.rs"));
    Ok(all.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
