//! One estimate, natively: the first thing a newcomer sees, before any Wasm is built.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use yibao_rules::case::case_of;
use yibao_rules::decision::{Engine, decide};
use yibao_rules::render::{Lang, Register, decision_text};
use yibao_rules::text::{Limits, Node, parse};

use crate::{packs, paths};

/// Prints the estimate that `cargo xtask demo` opens with.
pub fn demo_estimate() -> Result<()> {
    estimate_file(&paths::root().join("packs/anhui-suzhou-resident/demo.yaml"))
}

/// Prints the estimate for the claim in `file`: `pack`, `service`, and the answers under `facts`.
pub fn estimate_file(file: &Path) -> Result<()> {
    let (name, bytes) = packs::read(file)?;
    let claim =
        parse(&name, &bytes, &Limits::default()).map_err(|problems| packs::rendered(&problems, &name, &bytes))?;
    let pack = word(&claim, "pack")
        .with_context(|| format!("`{name}` does not say which pack: `pack: anhui-suzhou-resident`"))?;
    let all = packs::compile(&["packs"])?;
    let Some(found) = all.iter().find(|one| one.plan.pack.id == pack) else {
        let ids: Vec<&str> = all.iter().map(|one| one.plan.pack.id.as_str()).collect();
        bail!("there is no pack `{pack}`; packs are {}", ids.join(" "));
    };
    let engine = Engine::load(found.plan.clone()).context("a compiled plan does not load")?;
    let service = match (word(&claim, "service"), engine.plan().services.as_slice()) {
        (Some(service), _) => service.to_owned(),
        (None, [only]) => only.id.clone(),
        (None, _) => bail!("`{name}` does not say which service"),
    };
    let case = case_of(&name, "", &claim).map_err(|problems| packs::rendered(&problems, &name, &bytes))?;
    let decision = decide(&engine, &service, &case)
        .map_err(|problems| anyhow!("{}", packs::rendered(&problems, &name, &bytes)))?;
    println!("{}", decision_text(&decision, Register::Patient, Lang::Zh).trim_end());
    println!("\n{}", decision_text(&decision, Register::Patient, Lang::En).trim_end());
    Ok(())
}

fn word<'a>(claim: &'a Node, key: &str) -> Option<&'a str> {
    claim.get(key).and_then(Node::as_text)
}
