//! What a portal is given: `yibao-rules-<version>.zip` with everything it serves, and what each file has to be.
//!
//! The same sources give the same bytes: files in order, one date for all, one compressor from the lockfile.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::portal::VERSION;
use crate::steps::Steps;
use crate::{build, paths};

/// From the repository's root, beside the files that a portal serves.
const PAPERS: [&str; 4] = ["LICENSE-MIT", "LICENSE-APACHE", "LICENSE-PACKS", "CHANGELOG.md"];

pub fn run() -> ExitCode {
    let mut steps = Steps::default();
    let npm = build::npm(&mut steps);
    let built = build::all(&mut steps, npm);
    if built.site {
        steps.run("release", "a second", write);
    } else {
        steps.blocked("release", &[("the site", built.site)]);
    }
    steps.print_summary();
    steps.exit_code()
}

/// From the site as it was built; returns where the archive is.
pub fn write() -> Result<PathBuf> {
    let mut files = collect(&paths::site().join("yibao"))?;
    if !files.contains_key("element/yibao-check.js") {
        bail!("the element was not built, so there is nothing that a portal could show");
    }
    for paper in PAPERS {
        let bytes = fs::read(paths::root().join(paper)).with_context(|| format!("cannot read {paper}"))?;
        files.insert(paper.to_owned(), bytes);
    }
    let name = format!("yibao-rules-{VERSION}");
    let bytes = archive(&name, files)?;
    let path = paths::target().join(format!("{name}.zip"));
    fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{}: {} bytes, sha256 {}", path.display(), bytes.len(), hex(&Sha256::digest(&bytes)));
    Ok(path)
}

/// Files by their path from `folder`, in order.
pub fn collect(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut all = BTreeMap::new();
    let mut open = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                bail!("a file in {} has no name that an archive could carry", folder.display())
            };
            let path = format!("{prefix}{name}");
            if entry.path().is_dir() {
                open.push((entry.path(), format!("{path}/")));
            } else {
                all.insert(path, fs::read(entry.path())?);
            }
        }
    }
    Ok(all)
}

fn archive(name: &str, mut files: BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>> {
    let sums: String = files.iter().map(|(path, bytes)| format!("{}  {path}\n", hex(&Sha256::digest(bytes)))).collect();
    files.insert("SHA256SUMS".to_owned(), sums.into_bytes());

    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(format!("{name}/{path}"), options)?;
        zip.write_all(&bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::{Cursor, Read};

    use zip::ZipArchive;

    use super::archive;

    fn files() -> BTreeMap<String, Vec<u8>> {
        [("b/x.js", "export {}"), ("a.txt", "医保")]
            .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
            .into()
    }

    #[test]
    fn the_same_files_give_the_same_bytes() {
        assert_eq!(archive("n", files()).unwrap(), archive("n", files()).unwrap());
    }

    #[test]
    fn everything_is_in_it_with_its_sums() {
        let mut zip = ZipArchive::new(Cursor::new(archive("n", files()).unwrap())).unwrap();
        let names: Vec<String> = zip.file_names().map(str::to_owned).collect();
        assert_eq!(names, ["n/SHA256SUMS", "n/a.txt", "n/b/x.js"]);
        let mut text = |name: &str| {
            let mut text = String::new();
            zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        assert_eq!(text("n/a.txt"), "医保");
        // `printf 'export {}' | sha256sum`
        let sum = "f4c5cf9bb78e85f15dc27180260637cf24b2a24bc39e0788783a3accc4dde614";
        assert!(text("n/SHA256SUMS").contains(&format!("{sum}  b/x.js\n")));
    }
}
