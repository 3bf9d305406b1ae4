//! The folder that a portal serves, as the demo site and the release have it.
//!
//! ```text
//! index.js              the package as one module, for browsers that are some years old
//! analysis/             the engine as WebAssembly, with its analyses, in two parts
//! portal-js/            the same engine as JavaScript, fetched only where WebAssembly is refused
//! element/              yibao-check.js and what it fetches
//! signatures.js         verifies signed packs; it and signatures/ are fetched only where a page names a root
//! packs/                plans with their cases, public.json and demo.json
//! …                     www/portal as it is: loader, iframe page, embed page, self-test, guide
//! ```

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use crate::build::copy_tree;
use crate::{index, jsbuild, paths, process, release};

/// The crate and the npm package have one version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Builds that pages fetch in two parts.
pub const PARTED: [&str; 2] = ["portal", "analysis"];

/// What decides, and what is fetched behind it.
const PARTS: [(&str, &str); 2] = [("First", "yibao_first.wasm"), ("Rest", "yibao_rest.wasm")];

/// A module that says what the engine's files in `dist` have to be.
pub fn write_integrity(dist: &Path, out: &Path) -> Result<()> {
    let mut text = String::from("// Made by the build: an engine's file is fetched as this and nothing else.\n");
    let parts = PARTED.iter().flat_map(|build| PARTS.map(|(part, file)| (format!("{build}{part}"), *build, file)));
    for (name, build, file) in parts.chain([("batch".to_owned(), "batch", "yibao_batch.wasm")]) {
        let wasm = dist.join(build).join(file);
        let bytes = fs::read(&wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
        text.push_str(&format!("export const {name} = '{}'\n", index::integrity(&bytes)));
    }
    fs::write(out, text).with_context(|| format!("cannot write {}", out.display()))
}

pub fn assemble(out: &Path) -> Result<()> {
    let dist = paths::dist();
    copy_tree(&paths::www().join("portal"), out)?;
    fs::create_dir_all(out.join("analysis"))?;
    for (_, file) in PARTS {
        fs::copy(dist.join("analysis").join(file), out.join("analysis").join(file))?;
    }
    fs::create_dir_all(out.join("signatures"))?;
    fs::copy(dist.join("signatures/yibao_bg.wasm"), out.join("signatures/yibao_bg.wasm"))?;
    copy_tree(&dist.join(jsbuild::FOLDER), &out.join(jsbuild::FOLDER))?;
    copy_tree(&dist.join("plans"), &out.join("packs"))?;
    copy_tree(&dist.join("element"), &out.join("element"))?;
    process::run(process::command("node").arg(paths::www().join("bundle/portal.mjs")).args([&dist, out]))?;
    describe(out)
}

/// The version, and what each file has to be, for the code that a webmaster copies.
fn describe(out: &Path) -> Result<()> {
    let write = |name: &str, value: serde_json::Value| {
        fs::write(out.join(name), format!("{value:#}\n")).with_context(|| format!("cannot write {name}"))
    };
    write("release.json", json!({ "name": "yibao-rules", "version": VERSION }))?;
    let hashes: serde_json::Map<_, _> = release::collect(out)?
        .iter()
        // What is meant to be changed without a new release.
        .filter(|(path, _)| *path != "pause.json")
        .map(|(path, bytes)| (path.clone(), json!(index::integrity(bytes))))
        .collect();
    write("integrity.json", hashes.into())
}
