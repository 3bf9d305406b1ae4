//! One estimate at once, then the whole thing in the browser.

use std::process::ExitCode;

use anyhow::Result;

use crate::serve::Server;
use crate::steps::Steps;
use crate::{build, estimate, paths};

pub fn run(port: Option<u16>, serve: bool) -> Result<ExitCode> {
    let mut steps = Steps::default();
    steps.run("first estimate", "under a second", estimate::demo_estimate);
    let npm = build::npm(&mut steps);
    let built = build::all(&mut steps, npm);
    steps.print_summary();
    if !serve {
        return Ok(steps.exit_code());
    }
    if !built.site {
        println!("\nthe site is not served: it was not built");
        return Ok(ExitCode::FAILURE);
    }
    let server = Server::bind(&paths::site(), port)?;
    println!("\nthe demo is at {}  (Ctrl-C ends it)", server.url());
    server.run()
}
