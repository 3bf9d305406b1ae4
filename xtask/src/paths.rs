//! Where things are. Everything is relative to the repository, wherever the command was started.

use std::env;
use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    // `cargo run` says where the crate is now; a binary started by hand knows where it was built.
    let own =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent().map_or_else(|| own.clone(), Path::to_path_buf)
}

/// Cargo's target directory, as the caller may have moved it.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(moved) if !moved.is_empty() => std::path::absolute(&moved).unwrap_or_else(|_| PathBuf::from(moved)),
        _ => root().join("target"),
    }
}

pub fn www() -> PathBuf {
    root().join("www")
}

pub fn dist() -> PathBuf {
    www().join("dist")
}

/// The directory that `demo`, `serve` and the browser tests serve.
pub fn site() -> PathBuf {
    dist().join("site")
}

/// The program called `name` with this system's ending.
pub fn executable(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

/// The first file called `name` on the PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let name = executable(name);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&name)).find(|file| file.is_file())
}
