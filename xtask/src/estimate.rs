//! One estimate, natively: the first thing a newcomer sees, before any Wasm is built.

use std::path::Path;

use anyhow::{Result, bail};

/// Prints the estimate that `cargo xtask demo` opens with.
pub fn demo_estimate() -> Result<()> {
    println!("the engine's first estimate appears here");
    Ok(())
}

/// Prints the estimate for the claim in `file`.
pub fn estimate_file(file: &Path) -> Result<()> {
    bail!(
        "cannot estimate `{}`: the engine is not connected to `cargo xtask estimate`",
        file.display()
    )
}
