//! Cuts an engine in two: what a page needs to decide, and what is asked for later.
//!
//! ```text
//! linked (cargo, with relocations) ─► links ─┐
//!                                            ├─► parts ─► encode ─► whole, first, rest
//! bound (wasm-bindgen, with names) ─► bound ─┘
//! ```
//!
//! `first` has everything that its own exports reach; of every other export it has a stub that calls through a slot of
//! its table. `rest` imports the memory, the table and the functions of `first` that it calls, and fills those slots
//! and its own data when it is instantiated. Then both together are `whole`, function for function.

mod bound;
mod encode;
mod links;
mod parts;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use bound::Bound;
use links::Links;
use parts::Parts;

/// `LINKED BOUND FOLDER EXPORT…`: writes `yibao_bg.wasm`, `yibao_first.wasm` and `yibao_rest.wasm` into the folder. The
/// exports named, or beginning with what ends in `*`, are those of the rest.
pub fn run(arguments: impl Iterator<Item = OsString>) -> Result<()> {
    let all: Vec<OsString> = arguments.collect();
    let [linked, bound, folder, later @ ..] = all.as_slice() else {
        bail!("expected LINKED BOUND FOLDER EXPORT…");
    };
    let later: Vec<&str> = later.iter().filter_map(|name| name.to_str()).collect();
    let read = |path: &OsString| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let (linked, bytes) = (read(linked)?, read(bound)?);
    let links = Links::read(&linked).context("the linked module")?;
    let bound = Bound::read(&bytes).context("the bound module")?;
    for name in &later {
        ensure!(bound.exports.iter().any(|export| is_named(export.name, &[name])), "there is no export `{name}`");
    }
    let parts = Parts::of(&bound, &links, |name| is_named(name, &later))?;
    let folder = PathBuf::from(folder);
    let files = [
        ("yibao_bg.wasm", encode::whole(&bytes)?),
        ("yibao_first.wasm", encode::first(&bound, &parts)?),
        ("yibao_rest.wasm", encode::rest(&bound, &parts)?),
    ];
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).with_context(|| format!("cannot write {name}"))?;
    }
    Ok(())
}

/// `LINKED OUT`: the module without the linker's notes.
pub fn unlink(arguments: impl Iterator<Item = OsString>) -> Result<()> {
    let all: Vec<OsString> = arguments.collect();
    let [linked, out] = all.as_slice() else {
        bail!("expected LINKED OUT");
    };
    let bytes = fs::read(linked).with_context(|| format!("cannot read {}", linked.display()))?;
    fs::write(out, encode::unlinked(&bytes)?).with_context(|| format!("cannot write {}", out.display()))
}

fn is_named(export: &str, names: &[&str]) -> bool {
    names.iter().any(|name| match name.strip_suffix('*') {
        Some(start) => export.starts_with(start),
        None => export == *name,
    })
}
