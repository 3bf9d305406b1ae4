//! `xtask-glue bindgen …` and `xtask-glue test-runner …` take the arguments of `wasm-bindgen` and
//! `wasm-bindgen-test-runner`; `xtask-glue split …` cuts what they made in two ([`split::run`]), `xtask-glue unlink …`
//! takes the linker's notes out. Being built from the workspace's lockfile, they cannot drift from the library.

mod split;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask-glue: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = env::args_os();
    let own_name = arguments.next().unwrap_or_default();
    let command = arguments.next().unwrap_or_default();
    if command == "split" {
        return split::run(arguments);
    }
    if command == "unlink" {
        return split::unlink(arguments);
    }
    // Both entry points expect the program's name in front, as in `std::env::args_os`.
    let rest = std::iter::once(own_name).chain(arguments);
    match command.to_str() {
        Some("bindgen") => wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(rest),
        Some("test-runner") => wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(rest),
        _ => bail!("expected `bindgen`, `split`, `unlink` or `test-runner`, found `{}`", command.display()),
    }
}
