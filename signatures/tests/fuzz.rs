//! The corpus of the fuzzer, replayed: no file of it is taken for a signature.

use std::fs;
use std::path::Path;

#[path = "../../fuzz/signature.rs"]
mod target;

#[test]
fn every_file_of_the_corpus_is_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/signature");
    let files: Vec<_> = fs::read_dir(folder).unwrap().collect();
    assert!(files.len() >= 5, "{} files", files.len());
    for file in files {
        target::signature(&fs::read(file.unwrap().path()).unwrap());
    }
}
