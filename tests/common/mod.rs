//! What the tests over packs share: the library, and every pack with its cases.

pub mod calculator;

use std::path::{Path, PathBuf};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::runner::{CaseFile, parse_cases};

/// A folder with a pack and its cases.
pub struct Folder {
    /// Name of the folder.
    pub name: String,
    /// `pack.yaml`, from the crate's root.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Its cases.
    pub cases: CaseFile,
}

/// A path from the crate's root.
pub fn at_root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of the crate.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(at_root(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The library that packs compile against: the vocabulary, and the bounds of the packs that have a
/// `frame`. Those compile first.
pub fn library() -> Library {
    let mut library = Library::new();
    let vocabulary = "packs/vocabulary.yaml";
    library.add_vocabulary(vocabulary, read(vocabulary).as_bytes()).unwrap_or_else(|e| panic!("{e}"));
    for name in names("packs") {
        let file = format!("packs/{name}/pack.yaml");
        let text = read(&file);
        if text.lines().any(|line| line.starts_with("frame:")) {
            let pack = Pack::parse(&file, text.as_bytes(), &library).unwrap_or_else(|e| panic!("{e}"));
            library.add_frame(&pack);
        }
    }
    library
}

/// Names of the folders with a pack, in order.
fn names(parent: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(at_root(parent))
        .unwrap_or_else(|e| panic!("{parent}: {e}"))
        .filter_map(|entry| entry.ok().filter(|e| e.path().join("pack.yaml").is_file()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Every pack below a folder (`packs` or `tests/packs`), by name.
pub fn folders(parent: &str) -> Vec<Folder> {
    names(parent)
        .into_iter()
        .map(|name| {
            let (file, cases) = (format!("{parent}/{name}/pack.yaml"), format!("{parent}/{name}/cases.yaml"));
            let parsed = parse_cases(&cases, read(&cases).as_bytes()).unwrap_or_else(|e| panic!("{e}"));
            Folder { text: read(&file), file, name, cases: parsed }
        })
        .collect()
}
