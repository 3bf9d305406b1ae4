//! What a fresh machine lacks. Each function is quick where there is nothing to do.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{paths, process};

pub const TARGET: &str = "wasm32-unknown-unknown";
const OLDEST_NODE: (u32, u32) = (20, 19);

/// Adds the wasm32 target. The toolchain file names it, yet that is not acted on where automatic installation is off.
pub fn wasm_target() -> Result<()> {
    let libraries = process::read(process::command("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    if Path::new(&libraries).is_dir() {
        println!("{TARGET} is there");
        return Ok(());
    }
    process::run(process::command("rustup").args(["target", "add", TARGET])).with_context(|| {
        format!("the Rust target {TARGET} is missing and could not be added; install it and try again")
    })
}

/// Adds rustfmt and clippy, for the same reason.
pub fn rust_components() -> Result<()> {
    for (command, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        match process::read(process::cargo().args([command, "--version"])) {
            Ok(version) => println!("{version}"),
            Err(_) => process::run(process::command("rustup").args(["component", "add", component]))?,
        }
    }
    Ok(())
}

/// Builds `xtask-glue` and returns where it is.
pub fn glue() -> Result<PathBuf> {
    process::run(process::cargo().args(["build", "--locked", "-p", "xtask-glue"]))?;
    let glue = paths::target().join("debug").join(paths::executable("xtask-glue"));
    if !glue.is_file() {
        bail!("cargo built xtask-glue, yet there is no {}", glue.display());
    }
    Ok(glue)
}

/// Refuses a Node that is missing or too old for the package's own `engines`.
pub fn node() -> Result<()> {
    let version = process::read(process::command("node").arg("--version"))
        .context("Node is needed: install version 20.19 or later from https://nodejs.org")?;
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    let (Some(major), Some(minor)) = (numbers.next(), numbers.next()) else {
        bail!("`node --version` printed `{version}`, expected a version such as `v20.19.0`");
    };
    if (major, minor) < OLDEST_NODE {
        bail!("Node {version} is too old, expected {}.{} or later", OLDEST_NODE.0, OLDEST_NODE.1);
    }
    println!("Node {version}");
    Ok(())
}

/// Installs exactly what `www/package-lock.json` names, unless that was done before.
pub fn npm_packages() -> Result<()> {
    install(&paths::www())
}

/// The same for the tools of `tests/package`.
pub fn package_tools() -> Result<()> {
    install(&paths::root().join("tests/package"))
}

/// The browsers that pages are tried in beside Chromium: old ones from npm, Firefox and WebKit from Debian, with a display
/// for the last. What cannot be had is no failure here: its tests fail, by its name.
pub fn engines() -> Result<()> {
    install(&paths::root().join("tests/engines"))?;
    let lacking: Vec<&str> = ENGINES
        .into_iter()
        .filter(|(programs, _)| !programs.iter().any(|program| paths::on_path(program).is_some()))
        .map(|(_, package)| package)
        .collect();
    if lacking.is_empty() {
        println!("Firefox, WebKit and a display are there");
    } else if may_use_apt()? {
        install_with_apt(&lacking)?;
    } else {
        println!("not installed, and apt-get cannot be used: {}", lacking.join(", "));
    }
    Ok(())
}

/// Programs, one of which is enough, and the Debian package that has it. The driver of WebKit brings its small browser.
const ENGINES: [(&[&str], &str); 3] =
    [(&["firefox-esr", "firefox"], "firefox-esr"), (&["WebKitWebDriver"], "webkit2gtk-driver"), (&["Xvfb"], "xvfb")];

fn install(folder: &Path) -> Result<()> {
    let shown = folder.strip_prefix(paths::root()).unwrap_or(folder).display();
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{shown}/package-lock.json is unreadable"))?;
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        println!("installed before from {shown}/package-lock.json");
        return Ok(());
    }
    process::run(
        process::npm()
            .current_dir(folder)
            .args(["ci", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            // Packages of browsers would fetch more than they hold.
            .env("PUPPETEER_SKIP_DOWNLOAD", "1"),
    )?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// Finds a Chromium that starts, or installs one.
pub fn browser(npm_packages: bool) -> Result<PathBuf> {
    if let Some(given) = env::var_os("CHROMIUM_PATH").filter(|path| !path.is_empty()) {
        let given = PathBuf::from(given);
        return if starts(&given) {
            Ok(given)
        } else {
            bail!("CHROMIUM_PATH names `{}`, which does not start", given.display())
        };
    }
    if let Some(found) = installed_browser() {
        return Ok(found);
    }
    let mut tried = vec!["nothing that starts on the PATH".to_owned()];
    if may_use_apt()? {
        // The font is what Chinese text in screenshots is drawn with; without it there are only boxes.
        match install_with_apt(&["chromium", "fonts-wqy-microhei"]) {
            Ok(()) => match installed_browser() {
                Some(found) => return Ok(found),
                None => tried.push("apt-get installed no browser that starts".to_owned()),
            },
            Err(error) => tried.push(format!("{error:#}")),
        }
    } else {
        tried.push("apt-get is not used (not there, or not root)".to_owned());
    }
    if npm_packages {
        match playwrights_own() {
            Ok(found) => return Ok(found),
            Err(error) => tried.push(format!("{error:#}")),
        }
    }
    bail!("no browser: {}; install Chromium or set CHROMIUM_PATH", tried.join("; "))
}

fn installed_browser() -> Option<PathBuf> {
    ["chromium", "google-chrome", "chromium-browser", "google-chrome-stable"]
        .into_iter()
        .filter_map(paths::on_path)
        .chain(["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome".into()])
        .find(|browser| starts(browser))
}

/// Some systems put a stub on the PATH that only says how to install a browser.
fn starts(browser: &Path) -> bool {
    let version = browser.is_file().then(|| process::read(process::command(browser).arg("--version")));
    match version {
        Some(Ok(version)) => {
            println!("{} ({version})", browser.display());
            true
        }
        _ => false,
    }
}

fn may_use_apt() -> Result<bool> {
    Ok(paths::on_path("apt-get").is_some() && process::read(process::command("id").arg("-u"))? == "0")
}

/// Installs Debian packages where that works as root, and says so where it does not.
pub fn apt(packages: &[&str]) -> Result<()> {
    if !may_use_apt()? {
        bail!("apt-get is not used (not there, or not root)");
    }
    install_with_apt(packages)
}

fn install_with_apt(packages: &[&str]) -> Result<()> {
    let apt = |arguments: &[&str]| {
        process::run(process::command("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    if let Err(error) = apt(&["update", "-q"]) {
        println!("{error:#}; trying with the package lists there are");
    }
    apt(&[&["install", "-y", "-q", "--no-install-recommends"], packages].concat())
}

/// What the tests of signatures are held to: minisign, and OpenSSL for SM2.
pub fn signers() -> Result<()> {
    for program in ["minisign", "openssl"] {
        let found = || paths::on_path(program);
        if found().is_none() && may_use_apt()? {
            install_with_apt(&[program])?;
        }
        match found() {
            Some(path) => println!("{}", path.display()),
            None => bail!(
                "{program} is not installed, and apt-get cannot be used; install it (Debian, Homebrew: `{program}`)"
            ),
        }
    }
    Ok(())
}

fn playwrights_own() -> Result<PathBuf> {
    let www = paths::www();
    let find = || -> Result<PathBuf> {
        let script = "process.stdout.write(require('@playwright/test').chromium.executablePath())";
        let node = &mut process::command("node");
        Ok(process::read(node.args(["--input-type=commonjs", "-e", script]).current_dir(&www))?.into())
    };
    let path = find()?;
    if !starts(&path) {
        process::run(
            process::command("node")
                .args(["node_modules/@playwright/test/cli.js", "install", "chromium"])
                .current_dir(&www),
        )
        .context("Playwright's own browser could not be had")?;
    }
    if !starts(&path) {
        bail!("Playwright's own browser does not start");
    }
    Ok(path)
}
