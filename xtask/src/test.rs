//! Everything that must hold, in one go, and what the runners counted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::counts::{self, Counts};
use crate::serve::Server;
use crate::steps::Steps;
use crate::{build, locks, oracle, packs, paths, process, release, setup};

const FAST: &str = "--fast";
/// The crates that are linted and tested.
const CRATES: [&str; 8] = ["-p", "yibao-rules", "-p", "yibao-signatures", "-p", "yibao-batch", "-p", "xtask"];
/// For one runner with what it compiles. Far more than it needs: a test that hangs fails and does not hang the check.
const LIMIT: Duration = Duration::from_secs(16 * 60);

/// The runners' counts, in the order they ran.
#[derive(Default)]
struct Tally {
    runners: Vec<(&'static str, Counts)>,
}

pub fn run(fast: bool) -> ExitCode {
    let mut steps = Steps::default();
    let mut tally = Tally::default();

    steps.run("lock files", "2 s", locks::check);
    let components = steps.run("rustfmt and clippy", "at once", setup::rust_components).is_some();
    let node = steps.run("Node", "at once", setup::node).is_some();
    let npm = if node {
        steps.run("npm packages", "5 to 20 s the first time", setup::npm_packages).is_some()
    } else {
        steps.blocked("npm packages", &[("Node", node)]);
        false
    };
    let browser = if fast {
        steps.leave_out("browser", FAST);
        None
    } else {
        steps.run("browser", "10 to 80 s where it must be installed", || setup::browser(npm))
    };

    if components {
        steps.run("format", "2 s", || process::run(process::cargo().args(["fmt", "--all", "--check"])));
        steps.run("clippy", "20 to 50 s the first time", || {
            process::run(
                process::cargo()
                    .args(["clippy", "--locked", "--all-targets"])
                    .args(CRATES)
                    .args(["--", "-D", "warnings"]),
            )
        });
    } else {
        steps.blocked("format", &[("rustfmt", components)]);
        steps.blocked("clippy", &[("clippy", components)]);
    }
    steps.run("cargo test", "30 to 70 s the first time", || {
        // Every binary runs even where one fails: the counts are of everything.
        tally.test(
            "cargo test",
            process::cargo().args(["test", "--locked", "--no-fail-fast"]).args(CRATES),
            counts::from_cargo,
        )
    });

    let built = build::all(&mut steps, npm);
    if fast {
        steps.leave_out("clippy for wasm32", FAST);
    } else if components {
        steps.run("clippy for wasm32", "20 s the first time", clippy_for_wasm);
    } else {
        steps.blocked("clippy for wasm32", &[("clippy", components)]);
    }

    steps.run("minisign and openssl", "5 s where they must be installed", setup::signers);
    if node && built.portal {
        steps.run("node --test", "a few seconds", || {
            let mut files = test_files("tests/node", ".test.mjs")?;
            files.extend(test_files("tests/node/cli", ".test.mjs")?);
            let mut command = process::command("node");
            // Node would leave one core to itself; its runner needs none while the files run.
            let files_at_once = std::thread::available_parallelism().map_or(1, usize::from);
            command.args(["--test", "--test-reporter=spec", "--test-timeout=240000"]);
            command.arg(format!("--test-concurrency={files_at_once}")).args(files);
            tally.test("node --test", &mut command, counts::from_node)
        });
    } else {
        steps.blocked("node --test", &[("Node", node), ("the portal wasm", built.portal)]);
    }

    let python = steps.run("Python", "at once, or 10 s the first time", oracle::python);
    match python {
        Some(python) if node && built.portal => {
            steps.run("second reader", "1 to 2 minutes", || {
                let decisions = paths::target().join("oracle");
                fs::create_dir_all(&decisions)?;
                packs::write_decisions(&decisions)?;
                tally.test("second reader", &mut oracle::compare(&python, &decisions), counts::from_oracle)?;
                process::run(&mut oracle::conformance(&python, &decisions))
            });
        }
        python => steps.blocked(
            "second reader",
            &[("Python", python.is_some()), ("Node", node), ("the portal wasm", built.portal)],
        ),
    }

    let release = if built.site {
        steps.run("release", "a second", release::write)
    } else {
        steps.blocked("release", &[("the site", built.site)]);
        None
    };

    let tools = !fast && node && steps.run("package tools", "5 to 20 s the first time", setup::package_tools).is_some();
    match &browser {
        _ if fast => steps.leave_out("package tests", FAST),
        Some(browser) if tools && npm && built.site => {
            steps.run("package tests", "30 to 90 s", || {
                let files = test_files("tests/package", ".test.mjs")?;
                let mut command = process::command("node");
                command.args(["--test", "--test-reporter=spec", "--test-timeout=300000"]).args(files);
                tally.test("package tests", command.env("CHROMIUM_PATH", browser), counts::from_node)
            });
        }
        _ => steps.blocked(
            "package tests",
            &[
                ("a browser", browser.is_some()),
                ("the tools", tools),
                ("the npm packages", npm),
                ("the site", built.site),
            ],
        ),
    }
    let chromium = browser.clone();
    match browser {
        _ if fast => steps.leave_out("browser tests", FAST),
        Some(browser) if npm && release.is_some() => {
            steps.run("browser tests", "2 to 4 minutes", || {
                test_files("tests/browser", ".spec.mjs")?;
                let url = Server::bind(&paths::site(), Some(0))?.spawn();
                let mut command = playwright(&browser, &url);
                command.envs(release.map(|archive| ("YIBAO_RELEASE", archive)));
                tally.test("playwright", &mut command, counts::from_playwright)
            });
        }
        browser => steps.blocked(
            "browser tests",
            &[("a browser", browser.is_some()), ("the npm packages", npm), ("the release", release.is_some())],
        ),
    }

    let engines = !fast && npm && steps.run("engines", "60 s the first time", setup::engines).is_some();
    if fast {
        steps.leave_out("engine tests", FAST);
    } else if engines && built.site {
        steps.run("engine tests", "2 to 4 minutes", || {
            let files = test_files("tests/engines", ".test.mjs")?;
            let mut command = process::command("node");
            command.args(["--test", "--test-reporter=spec", "--test-timeout=900000"]).args(files);
            command.envs(chromium.map(|program| ("CHROMIUM_PATH", program)));
            tally.test("engine tests", &mut command, counts::from_node)
        });
    } else {
        steps.blocked("engine tests", &[("the engines", engines), ("the site", built.site)]);
    }

    steps.print_summary();
    tally.print(&steps);
    steps.exit_code()
}

/// The product's lints where the bindings are compiled in: neither feature set is seen by the native lint.
fn clippy_for_wasm() -> Result<()> {
    for (package, features) in
        [("yibao-rules", "wasm"), ("yibao-rules", "wasm,authoring"), ("yibao-signatures", "wasm"), ("yibao-batch", "")]
    {
        process::run(process::cargo().args(["clippy", "--locked", "-p", package, "--target", setup::TARGET]).args([
            "--no-default-features",
            "--features",
            features,
            "--",
            "-D",
            "warnings",
        ]))?;
    }
    Ok(())
}

fn playwright(browser: &Path, url: &str) -> Command {
    let mut command = process::command("node");
    command
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .current_dir(paths::www())
        .env("CHROMIUM_PATH", browser)
        .env("YIBAO_BASE_URL", url);
    command
}

/// The test files of a folder, sorted. None at all is an error: an empty run proves nothing.
fn test_files(folder: &str, ending: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(paths::root().join(folder)).with_context(|| format!("{folder} is unreadable"))? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(ending)) {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("{folder} has no *{ending} file");
    }
    files.sort();
    Ok(files)
}

impl Tally {
    /// Runs one runner and keeps its count. No count, nothing passed, a failed test or a bad exit is an error.
    fn test(
        &mut self,
        name: &'static str,
        command: &mut Command,
        read: impl FnOnce(&str) -> Option<Counts>,
    ) -> Result<()> {
        let (status, output) = process::run_and_keep(command, LIMIT)?;
        let Some(counts) = read(&output) else {
            bail!("{name} printed no count ({status})");
        };
        let (passed, failed) = (counts.passed, counts.failed);
        self.runners.push((name, counts));
        if failed > 0 {
            bail!("{failed} failed");
        }
        if passed == 0 {
            bail!("{name} passed no test at all");
        }
        process::demand_success(command, status)
    }

    /// The runners' own lines, then the total. The last line is `N passed, N failed`.
    fn print(&self, steps: &Steps) {
        println!("\n── counts, as the runners printed them");
        for (name, counts) in &self.runners {
            for line in &counts.lines {
                println!("  {name:<12} {line}");
            }
        }
        let sum = |figure: fn(&Counts) -> u64| self.runners.iter().map(|(_, counts)| figure(counts)).sum::<u64>();
        let (passed, failed, not_run) =
            (sum(|counts| counts.passed), sum(|counts| counts.failed), sum(|counts| counts.not_run));
        if not_run > 0 {
            println!("  neither passed nor failed: {not_run} (ignored or skipped)");
        }
        // A step that failed without a failing test (the lints, a build, a runner that never got to count) must not
        // hide behind a line that says nothing failed.
        let uncounted: Vec<&str> = steps.failures().into_iter().filter(|step| !self.has_failures(step)).collect();
        if !uncounted.is_empty() {
            println!("  failed steps with no failing test, counted as one each: {}", uncounted.join(", "));
        }
        println!("{passed} passed, {} failed", failed + uncounted.len() as u64);
    }

    fn has_failures(&self, step: &str) -> bool {
        let runner = if step == "browser tests" { "playwright" } else { step };
        self.runners.iter().any(|(name, counts)| *name == runner && counts.failed > 0)
    }
}
