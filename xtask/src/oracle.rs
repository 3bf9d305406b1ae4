//! The second reader of the rules, `tests/oracle/`: Python, and what it is held against.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{paths, process, setup};

const FOLDER: &str = "tests/oracle";

/// A Python 3.11 or later that reads YAML: the machine's own, else one in `target` with the package that is pinned.
pub fn python() -> Result<PathBuf> {
    let own = PathBuf::from("python3");
    if !is_new_enough(&own) {
        bail!("the second reader needs python3, version 3.11 or later");
    }
    if reads_yaml(&own) {
        return Ok(own);
    }
    let home = paths::target().join("oracle-python");
    let python = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python3" });
    if !reads_yaml(&python) && with_pip(&own, &home, &python).is_err() {
        setup::apt(&["python3-yaml"]).context("PyYAML could not be had, neither by pip nor by apt-get")?;
        if reads_yaml(&own) {
            return Ok(own);
        }
        bail!("python3 has no PyYAML; install it with pip (version in {FOLDER}/requirements.txt)");
    }
    Ok(python)
}

/// What it is asked to compare, over the folder that [`crate::packs::decisions`] wrote.
pub fn compare(python: &Path, decisions: &Path) -> Command {
    let mut command = process::command(python);
    command.args([&paths::root().join(FOLDER).join("main.py"), decisions]);
    command
}

/// Whether the conformance suite is as it would be written from there.
pub fn conformance(python: &Path, decisions: &Path) -> Command {
    let mut command = process::command(python);
    command.args([&paths::root().join(FOLDER).join("conformance.py"), decisions]).arg("--check");
    command
}

fn is_new_enough(python: &Path) -> bool {
    succeeds(process::command(python).args(["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]))
}

fn reads_yaml(python: &Path) -> bool {
    succeeds(process::command(python).args(["-c", "import yaml"]))
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn with_pip(own: &Path, home: &Path, python: &Path) -> Result<()> {
    process::run(process::command(own).args(["-m", "venv"]).arg(home))?;
    process::run(
        process::command(python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(paths::root().join(FOLDER).join("requirements.txt")),
    )
}
