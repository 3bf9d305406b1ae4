//! The corpus of the fuzzer, replayed: every file of every target, without the fuzzer.
#![cfg(feature = "authoring")]
#![expect(clippy::expect_used, clippy::arithmetic_side_effects, reason = "tests and their helpers may fail loudly")]

use std::fs;
use std::path::Path;

#[path = "../fuzz/targets.rs"]
mod targets;

#[test]
fn every_file_of_every_corpus_is_taken_or_refused() {
    for (name, target) in targets::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let files = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let mut count = 0;
        for file in files {
            target(&fs::read(file.unwrap().path()).unwrap());
            count += 1;
        }
        assert!(count >= 5, "{name}: {count} files");
    }
}
