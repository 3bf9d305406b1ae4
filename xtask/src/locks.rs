//! Lock files that are out of date are refused where they are used, minutes into a build. Here they are all held to what
//! they lock, at once: every Cargo workspace of the tree, every npm package, every list of Python packages.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{paths, process};

/// Names of folders that hold nothing of ours.
const FOREIGN: [&str; 5] = ["target", "node_modules", "dist", ".git", ".venv"];

/// Checks all of them; the error names every one that is not in step.
pub fn check() -> Result<()> {
    let mut files = Vec::new();
    find(&paths::root(), &mut files)?;
    files.sort();
    let mut faults = Vec::new();
    for file in &files {
        let shown = file.strip_prefix(paths::root()).unwrap_or(file).display();
        match check_one(file) {
            Ok(()) => println!("{shown}"),
            Err(error) => faults.push(format!("{shown}: {error:#}")),
        }
    }
    if faults.is_empty() { Ok(()) } else { bail!("{}", faults.join("; ")) }
}

fn find(folder: &Path, out: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_dir() {
            if !FOREIGN.iter().any(|foreign| name == *foreign) {
                find(&entry.path(), out)?;
            }
        } else if ["Cargo.lock", "package-lock.json", "requirements.txt"].iter().any(|lock| name == *lock) {
            out.push(entry.path());
        }
    }
    Ok(())
}

fn check_one(file: &Path) -> Result<()> {
    match file.file_name().and_then(|name| name.to_str()) {
        Some("Cargo.lock") => cargo(&file.with_file_name("Cargo.toml")),
        Some("package-lock.json") => npm(&fs::read(file.with_file_name("package.json"))?, &fs::read(file)?),
        _ => python(&fs::read_to_string(file)?),
    }
}

fn cargo(manifest: &Path) -> Result<()> {
    let mut metadata = process::cargo();
    metadata.args(["metadata", "--locked", "--format-version", "1", "--manifest-path"]).arg(manifest);
    let output = metadata.stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    bail!("{}", said.lines().find(|line| line.starts_with("error")).unwrap_or("cargo metadata --locked fails"))
}

#[derive(Deserialize)]
struct Lock {
    packages: BTreeMap<String, Locked>,
}

/// A package's own `package.json`, and each entry of the lock.
#[derive(Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Locked {
    dependencies: BTreeMap<String, String>,
    dev_dependencies: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved: Option<String>,
}

/// `npm ci` says the same and asks the registry; and it refuses a lock whose packages for other systems are not there.
fn npm(package: &[u8], lock: &[u8]) -> Result<()> {
    let wanted: Locked = serde_json::from_slice(package)?;
    let mut lock: Lock = serde_json::from_slice(lock)?;
    let root = lock.packages.remove("").unwrap_or_default();
    if root != wanted {
        bail!("does not name the packages of package.json; run `npm install --package-lock-only` there");
    }
    for name in wanted.dependencies.keys().chain(wanted.dev_dependencies.keys()) {
        if !lock.packages.contains_key(&format!("node_modules/{name}")) {
            bail!("has no version of `{name}`");
        }
    }
    match lock.packages.iter().find(|(_, locked)| locked.resolved.is_some()) {
        Some((name, _)) => bail!("names the address of a registry at `{name}`; npm finds packages by name"),
        None => Ok(()),
    }
}

fn python(requirements: &str) -> Result<()> {
    let lines = requirements.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        if line.split_once("==").is_none_or(|(name, version)| name.is_empty() || version.is_empty()) {
            bail!("`{line}` is not pinned; write NAME==VERSION");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: &str = r#"{ "dependencies": { "lit": "3.3.3" }, "devDependencies": { "uqr": "0.1.3" } }"#;

    fn lock(root: &str, rest: &str) -> String {
        format!(r#"{{ "packages": {{ "": {root}, "node_modules/lit": {{}}{rest} }} }}"#)
    }

    #[test]
    fn a_package_is_locked() {
        npm(PACKAGE.as_bytes(), lock(PACKAGE, r#", "node_modules/uqr": {}"#).as_bytes()).unwrap();
    }

    #[test]
    fn a_lock_of_other_packages_is_refused() {
        let error = npm(PACKAGE.as_bytes(), lock(r#"{ "dependencies": { "lit": "3.3.2" } }"#, "").as_bytes());
        assert!(error.unwrap_err().to_string().starts_with("does not name the packages"));
        let error = npm(PACKAGE.as_bytes(), lock(PACKAGE, "").as_bytes());
        assert_eq!(error.unwrap_err().to_string(), "has no version of `uqr`");
    }

    #[test]
    fn a_lock_names_no_registry() {
        let addressed = lock(PACKAGE, r#", "node_modules/uqr": { "resolved": "https://registry.example/uqr.tgz" }"#);
        let error = npm(PACKAGE.as_bytes(), addressed.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("node_modules/uqr"));
    }

    #[test]
    fn python_packages_are_pinned() {
        python("# why\nnumpy==2.4.6\n").unwrap();
        assert!(python("numpy>=2").is_err());
    }
}
