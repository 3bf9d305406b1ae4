//! The floors of the engine: a module uses only modules below it, and each part of the outside world is known to one
//! module at most.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests stop at what they did not expect")]

use std::fs;
use std::path::{Path, PathBuf};

/// Every module of the crate, low to high. A new module finds its floor here.
const FLOORS: [&str; 19] = [
    "number",
    "date",
    "json",
    "diagnostic",
    "figure",
    "text",
    "plan",
    "formula",
    "pack",
    "case",
    "compile",
    "evaluate",
    "decision",
    "year",
    "batch",
    "analyse",
    "runner",
    "render",
    "wasm",
];

/// Words of the outside world, and the only modules that may say them.
const OWNERS: [(&str, &str, &str); 19] = [
    ("chrono", "date", "dates are one module's business"),
    ("saphyr_parser", "text", "only the reader knows the parser"),
    ("wasm_bindgen", "wasm", "only the border knows JavaScript"),
    ("wasm_encoder", "batch", "only columns are compiled"),
    ("js_sys", "wasm", "only the border knows JavaScript"),
    ("serde_wasm_bindgen", "wasm", "only the border knows JavaScript"),
    ("f32", "wasm", "no binary fractions in the engine"),
    ("f64", "batch wasm", "no binary fractions in the engine; where there are doubles, they hold whole numbers"),
    ("std::time", "", "the same answer at every hour"),
    ("Instant", "", "the same answer at every hour"),
    ("SystemTime", "", "the same answer at every hour"),
    ("std::env", "", "the same answer on every host"),
    ("std::fs", "", "the world is handed in"),
    ("std::io", "", "the world is handed in"),
    ("std::net", "", "the world is handed in"),
    ("std::thread", "", "one path, in order"),
    ("HashMap", "", "no order left to chance"),
    ("HashSet", "", "no order left to chance"),
    ("rand", "", "nothing left to chance"),
];

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Module, path from `src`, and the text without comments and quoted words.
fn files() -> Vec<(String, String, String)> {
    fn walk(at: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    walk(&src(), &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(src()).unwrap().to_str().unwrap().replace('\\', "/");
            let module = inside.split(['/', '.']).next().unwrap().to_owned();
            (module, inside, bare(&fs::read_to_string(&path).unwrap()))
        })
        .collect()
}

/// Rust text without comments, texts and characters.
fn bare(text: &str) -> String {
    // A quotation mark as a character begins no text.
    let text = text.replace("'\"'", "' '").replace("'\\\"'", "' '");
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => while chars.next_if(|c| *c != '\n').is_some() {},
            '/' if chars.peek() == Some(&'*') => {
                let mut before = ' ';
                for c in chars.by_ref() {
                    if before == '*' && c == '/' {
                        break;
                    }
                    before = c;
                }
            }
            '"' if last == 'r' || last == '#' => {
                // A raw text ends at a quote and as many signs as it began with.
                let signs = out.chars().rev().take_while(|c| *c == '#').count();
                let end: String = std::iter::once('"').chain(std::iter::repeat_n('#', signs)).collect();
                let mut tail = String::new();
                for c in chars.by_ref() {
                    tail.push(c);
                    if tail.ends_with(&end) {
                        break;
                    }
                }
            }
            '"' => {
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => {
                            chars.next();
                        }
                        '"' => break,
                        _ => {}
                    }
                }
            }
            c => out.push(c),
        }
        last = c;
    }
    out
}

fn words(text: &str, wanted: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(wanted).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at.saturating_add(wanted.len())..).and_then(|t| t.chars().next());
        !part(before) && !part(after)
    })
}

fn floor(module: &str) -> usize {
    FLOORS
        .iter()
        .position(|m| *m == module)
        .unwrap_or_else(|| panic!("module `{module}` has no floor: give it one in tests/layers.rs"))
}

#[test]
fn modules_use_only_modules_below_them() {
    let mut wrong = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (module, path, text) in files() {
        if module == "lib" {
            continue;
        }
        let own = floor(&module);
        assert!(
            !text.contains("crate::{") && !text.contains("crate::*"),
            "{path}: name each module of `crate::` on a line of its own"
        );
        for (at, _) in text.match_indices("crate::") {
            let used: String = text
                .get(at.saturating_add(7)..)
                .unwrap()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if !used.starts_with(char::is_lowercase) || used == module {
                continue;
            }
            if floor(&used) >= own {
                wrong.push(format!("{path} uses `{used}`, which stands above `{module}`"));
            }
        }
        seen.push(module);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unused: Vec<&&str> = FLOORS.iter().filter(|floor| !seen.iter().any(|m| m == *floor)).collect();
    assert!(unused.is_empty(), "floors without a module: {unused:?}");
}

#[test]
fn the_outside_world_is_known_to_one_module() {
    let mut wrong = Vec::new();
    for (module, path, text) in files() {
        for (word, owner, why) in OWNERS {
            if !owner.split(' ').any(|owner| owner == module) && words(&text, word) {
                wrong.push(format!("src/{path} says `{word}`: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_panics_by_name() {
    // Lints deny these; here they are denied even to those who allow the lint.
    for (_, path, text) in files() {
        for word in [".unwrap()", ".expect(", "panic!", "unreachable!", "todo!", "unimplemented!", "assert!(", "unsafe"]
        {
            let found = text.match_indices(word).any(|(at, _)| !text.get(..at).is_some_and(|t| t.ends_with("debug_")));
            assert!(!found || path.starts_with("wasm/"), "src/{path} says `{word}`");
        }
    }
}

#[test]
fn the_reader_of_this_test_reads_rust() {
    assert_eq!(bare("a // b\n\"c\\\"d\" /* e */ r#\"f\"# 'g'"), "a \n  r# 'g'");
    assert!(words("use std::fs;", "std::fs") && !words("use std::fsx;", "std::fs") && !words("operand", "rand"));
}
